"""The GR models' implementations among themselves: agreement, restarts, balances, purity, bad input."""

import re

import numpy as np
import pytest
from gr_runs import HAS_RUST, IMPLEMENTATIONS, MODELS, PARAMS, arguments, forcing, implementation
from hypothesis import given, settings
from hypothesis import strategies as st

EACH = [(model, name) for model in MODELS for name in IMPLEMENTATIONS[model]]
each = pytest.mark.parametrize(("model", "name"), EACH)
each_model = pytest.mark.parametrize("model", MODELS)
KINDS = ("ordinary", "dry", "storm", "equal", "tiny")

gr6j_params = st.tuples(
    st.floats(0.01, 3000.0), st.floats(-6.0, 6.0), st.floats(0.01, 600.0),
    st.floats(0.5, 25.0) | st.sampled_from([0.5, 1.0, 19.5, 20.0, 1e6]),
    st.floats(-2.0, 4.0), st.floats(0.01, 60.0),
)  # fmt: skip
snow_params = st.tuples(st.floats(0.0, 1.0), st.floats(0.0, 12.0))
hysteresis_params = st.tuples(st.floats(1.0, 100.0), st.floats(0.0, 1.0))
STRATEGIES = {
    "gr2m": st.tuples(st.floats(0.01, 5000.0), st.floats(0.01, 2.0)),
    "gr6j": gr6j_params,
    "gr6j_cemaneige": st.builds(
        lambda gr6j, snow, more: gr6j + snow + more, gr6j_params, snow_params, hysteresis_params | st.just(())
    ),
}


def test_rust_is_tested_where_it_is_built():
    assert ("rust_pyo3" in IMPLEMENTATIONS["gr6j"]) is HAS_RUST


@each_model
@settings(max_examples=120, deadline=None)
@given(data=st.data())
def test_implementations_agree(model, data):
    params = data.draw(STRATEGIES[model])
    kind, steps = data.draw(st.sampled_from(KINDS)), data.draw(st.sampled_from((0, 1, 2, 45, 400)))
    layers = data.draw(st.integers(1, 10))
    series = forcing(model, kind, steps, data.draw(st.integers(0, 2**32 - 1)), layers)
    args = arguments(model, series, params, mean=data.draw(st.floats(0.0, 900.0)))
    want, want_state = implementation(model, "pure_numpy").run_states(*args)
    for name in IMPLEMENTATIONS[model]:
        got, state = implementation(model, name).run_states(*args)
        assert got.dtype == np.float64
        np.testing.assert_allclose(got, want, rtol=0.0, atol=1e-9, err_msg=name)
        np.testing.assert_allclose(state, want_state, rtol=0.0, atol=1e-9, err_msg=name)


def halves(model, name, series, params, mean, cut, more=lambda fields: ()):
    """Run in two halves and return both results, joined, and the last state."""
    module = implementation(model, name)
    first, state = module.run_states(*arguments(model, [x[:cut] for x in series], params, mean))
    initial = np.concatenate((state, *more(first)))
    second, last = module.run_states(*arguments(model, [x[cut:] for x in series], params, mean), initial)
    return np.concatenate((first, second)), last


@each
@pytest.mark.parametrize("cut", [0, 1, 7, 200, 399, 400])
def test_two_halves_are_the_whole_bit_for_bit(model, name, cut):
    series = forcing(model, "ordinary", 400, seed=3)
    whole, last = implementation(model, name).run_states(*arguments(model, series, PARAMS[model]))
    joined, state = halves(model, name, series, PARAMS[model], 150.0, cut)
    np.testing.assert_array_equal(joined, whole)
    np.testing.assert_array_equal(state, last)


@pytest.mark.parametrize("name", IMPLEMENTATIONS["gr6j_cemaneige"])
def test_hysteresis_goes_on_exactly_with_the_snow_cover_appended(name):
    model = "gr6j_cemaneige"
    series = forcing(model, "ordinary", 400, seed=4)
    params = (*PARAMS[model], 40.0, 0.6)
    whole, last = implementation(model, name).run_states(*arguments(model, series, params))
    joined, state = halves(model, name, series, params, 150.0, 203, more=lambda fields: (fields[-1, 24::11],))
    np.testing.assert_array_equal(joined, whole)
    np.testing.assert_array_equal(state, last)


@each
def test_run_is_the_first_half_of_run_states_and_leaves_its_arguments_alone(model, name):
    module = implementation(model, name)
    args = arguments(model, forcing(model, "ordinary", 100, seed=5), PARAMS[model])
    before = [np.copy(argument) for argument in args]
    fields, state = module.run_states(*args)
    state_before = state.copy()
    np.testing.assert_array_equal(module.run(*args), fields)
    module.run_states(*args, state)
    np.testing.assert_array_equal(state, state_before)
    for old, new in zip(before, args, strict=True):
        np.testing.assert_array_equal(old, new)
    assert not np.shares_memory(fields, module.run(*args))
    assert fields.flags.c_contiguous


@each
def test_gr_water_balance_closes(model, name):
    series = forcing(model, "storm", 1000, seed=6)
    fields, _ = implementation(model, name).run_states(*arguments(model, series, PARAMS[model]))
    if model == "gr2m":
        water, ae, aexch, q = fields[:, 1], fields[:, 5], fields[:, 9], fields[:, 10]
        stored = fields[:, 2] + fields[:, 8]
        start = 0.3 * PARAMS[model][0] + 0.5 * PARAMS[model][1]
    else:
        # The hydrographs hold what is not yet routed: what has gone in less what has come out.
        water = series[0] if model == "gr6j" else fields[:, 27::11].mean(axis=1)
        ae, aexch, q = fields[:, 5], fields[:, 14], fields[:, 19]
        routed = fields[:, 8] + fields[:, 9]
        stored = fields[:, 2] + fields[:, 10] + fields[:, 17] + np.cumsum(fields[:, 7] - routed)
        start = 0.3 * PARAMS[model][0] + 0.5 * PARAMS[model][2]
    balance = start + np.cumsum(water - ae + aexch - q) - stored
    assert np.abs(balance).max() <= 1e-9


@pytest.mark.parametrize("name", IMPLEMENTATIONS["gr6j_cemaneige"])
@pytest.mark.parametrize("more", [(), (40.0, 0.6)])
def test_snow_balance_closes(name, more):
    model = "gr6j_cemaneige"
    series = forcing(model, "storm", 1000, seed=7)
    fields, _ = implementation(model, name).run_states(*arguments(model, series, (*PARAMS[model], *more)))
    for layer in range(3):
        columns = fields[:, 20 + 11 * layer :]
        out = np.cumsum(columns[:, 7]) + columns[:, 2]
        assert np.abs(np.cumsum(series[2][:, layer]) - out).max() <= 1e-9


@each
def test_other_layouts_give_the_same_answer(model, name):
    module = implementation(model, name)
    args = arguments(model, forcing(model, "ordinary", 60, seed=8), PARAMS[model])
    want = module.run(*args)

    def strided(value):
        if not isinstance(value, np.ndarray):
            return value
        wide = np.full((*value.shape[:-1], 2 * value.shape[-1]), np.nan)
        wide[..., ::2] = value
        return wide[..., ::2]

    def readonly(value):
        copy = np.copy(value) if isinstance(value, np.ndarray) else value
        if isinstance(copy, np.ndarray):
            copy.flags.writeable = False
        return copy

    def misaligned(value):
        if not isinstance(value, np.ndarray):
            return value
        raw = np.zeros(value.nbytes + 1, dtype=np.uint8)[1:].view(np.float64).reshape(value.shape)
        raw[...] = value
        return raw

    def reversed_twice(value):
        return value[::-1].copy()[::-1] if isinstance(value, np.ndarray) else value

    def fortran(value):
        return np.asfortranarray(value) if isinstance(value, np.ndarray) else value

    for change in (strided, readonly, misaligned, reversed_twice, fortran):
        np.testing.assert_array_equal(module.run(*map(change, args)), want, err_msg=change.__name__)


# Bad input: the same error for every implementation, with the argument, the index and the value.


def broken(model, position, change):
    args = list(arguments(model, forcing(model, "ordinary", 12, seed=9), PARAMS[model]))
    args[position] = change(args[position])
    return args


def put(*place_and_value):
    *index, value = place_and_value

    def change(array):
        array = array.copy()
        array[tuple(index)] = value
        return array

    return change


BAD = [
    ("gr2m", 0, put(3, -1.0), ValueError, "precip[3] is -1.0, but must be >= 0"),
    ("gr2m", 0, put(4, np.nan), ValueError, "precip[4] is nan, but must be finite"),
    ("gr2m", 1, put(5, np.inf), ValueError, "pet[5] is inf, but must be finite"),
    ("gr2m", 1, lambda x: x[:-1], ValueError, "pet has 11 steps"),
    ("gr2m", 0, lambda x: x.astype(np.float32), TypeError, "precip must have dtype float64, not float32"),
    ("gr2m", 0, lambda x: x.astype(int), TypeError, "precip must have dtype float64, not int64"),
    ("gr2m", 0, lambda x: x.tolist(), TypeError, "precip must be a NumPy array of float64, not list"),
    ("gr2m", 0, lambda x: np.ma.masked_equal(x, 0.0), TypeError, "not MaskedArray"),
    ("gr2m", 0, lambda x: x[:, None], ValueError, "precip must have 1 dimension(s), but has shape (12, 1)"),
    ("gr2m", 2, lambda x: x[:1], ValueError, "params has 1 values, expected 2"),
    ("gr2m", 2, put(0, 0.0), ValueError, "params[0] (X1) is 0.0, but must be >= 0.01"),
    ("gr6j", 2, put(0, 0.0), ValueError, "params[0] (X1) is 0.0, but must be >= 0.01"),
    ("gr6j", 2, put(3, 0.4), ValueError, "params[3] (X4) is 0.4, but must be >= 0.5"),
    ("gr6j", 2, put(1, np.nan), ValueError, "params[1] (X2) is nan"),
    ("gr6j_cemaneige", 2, put(3, 2, -0.5), ValueError, "layer_precip[3, 2] is -0.5, but must be >= 0"),
    ("gr6j_cemaneige", 3, put(3, 1, np.nan), ValueError, "layer_temp[3, 1] is nan, but must be finite"),
    ("gr6j_cemaneige", 4, put(0, 0, 1.5), ValueError, "layer_solid[0, 0] is 1.5, but must be in [0, 1]"),
    ("gr6j_cemaneige", 2, lambda x: x[:, :0], ValueError, "at least one column"),
    ("gr6j_cemaneige", 3, lambda x: x[:, :2], ValueError, "layer_temp has shape (12, 2)"),
    ("gr6j_cemaneige", 5, lambda x: np.append(x, 1.0), ValueError, "params has 9 values, expected 8 or 10"),
    ("gr6j_cemaneige", 5, put(6, 1.5), ValueError, "params[6] (CTG) is 1.5, but must be >= 0 and <= 1"),
    ("gr6j_cemaneige", 6, lambda _: -1.0, ValueError, "mean_annual_solid is -1.0"),
    ("gr6j_cemaneige", 6, lambda _: np.nan, ValueError, "mean_annual_solid is nan"),
    ("gr6j_cemaneige", 6, lambda _: "150", TypeError, "mean_annual_solid must be a float, not str"),
]


@pytest.mark.parametrize(("model", "position", "change", "kind", "text"), BAD)
def test_bad_input_is_named_alike_by_all(model, position, change, kind, text):
    told = set()
    for name in IMPLEMENTATIONS[model]:
        with pytest.raises(kind, match=re.escape(text)) as caught:
            implementation(model, name).run(*broken(model, position, change))
        told.add(str(caught.value))
    assert len(told) == 1


@each
def test_arguments_are_judged_in_order(model, name):
    args = broken(model, 0, put(2, -1.0))
    args[1] = args[1].astype(np.float32)
    with pytest.raises(ValueError, match=r"precip\[2\]"):
        implementation(model, name).run(*args)


@each
def test_initial_states_are_checked(model, name):
    module = implementation(model, name)
    args = arguments(model, forcing(model, "ordinary", 5, seed=1), PARAMS[model])
    state = module.run_states(*args)[1]
    with pytest.raises(ValueError, match="initial has"):
        module.run_states(*args, state[:-1])
    state[1] = np.nan
    with pytest.raises(ValueError, match=re.escape("initial[1] is nan")):
        module.run_states(*args, state)


@each
def test_no_steps_and_one_step(model, name):
    module = implementation(model, name)
    for steps in (0, 1):
        series = forcing(model, "ordinary", steps, seed=1)
        fields, state = module.run_states(*arguments(model, series, PARAMS[model]))
        assert fields.shape == (steps, {"gr2m": 11, "gr6j": 20, "gr6j_cemaneige": 53}[model])
        assert np.isfinite(state).all()


@pytest.mark.parametrize("name", IMPLEMENTATIONS["gr6j_cemaneige"])
def test_no_snow_at_all_is_full_cover(name):
    series = list(forcing("gr6j_cemaneige", "ordinary", 50, seed=2))
    series[4] = np.zeros_like(series[4])
    for more in ((), (40.0, 0.5)):
        args = arguments("gr6j_cemaneige", series, (*PARAMS["gr6j_cemaneige"], *more), mean=0.0)
        fields = implementation("gr6j_cemaneige", name).run(*args)
        assert (fields[:, 24::11] == 1.0).all()
        assert np.isfinite(fields[:, :30]).all()
