"""HBV-Light in all its implementations: what comes in and goes out, and how bad input fails."""

import math

import numpy as np
import pytest
from hbv_runs import IMPLEMENTATIONS, arguments, each_implementation, parameters, weather


@each_implementation
def test_arguments_are_left_alone_and_results_are_new(model, implementation):
    run = IMPLEMENTATIONS[model][implementation].run_states
    args = arguments(model, weather(50), parameters())
    _, initial = run(*args)
    before = [arg.copy() for arg in (*args, initial)]
    fields, final = run(*args, initial)
    for arg, kept in zip((*args, initial), before, strict=True):
        assert arg.tobytes() == kept.tobytes()
        assert not np.shares_memory(arg, fields)
        assert not np.shares_memory(arg, final)
    for result in (fields, final):
        assert result.dtype == np.float64
        assert result.flags.c_contiguous
        assert result.flags.writeable


@each_implementation
def test_layout_of_the_arguments_does_not_matter(model, implementation):
    run = IMPLEMENTATIONS[model][implementation].run_states
    args = arguments(model, weather(50), parameters())
    want, initial = run(*args)
    again, _ = run(*args, initial)
    strange = []
    for arg in (*args, initial):
        spread = np.repeat(arg, 2, axis=0)[::2]
        spread.flags.writeable = False
        strange.append(spread)
        arg.flags.writeable = False
    assert run(*strange[:-1])[0].tobytes() == want.tobytes()
    assert run(*args, initial)[0].tobytes() == again.tobytes()
    assert run(*strange)[0].tobytes() == again.tobytes()


@each_implementation
@pytest.mark.parametrize("MAXBAS", [1.0, 1.5, 400.0])
def test_no_step_and_one(model, implementation, MAXBAS):
    run = IMPLEMENTATIONS[model][implementation].run_states
    zones, width = (3, 53) if model == "hbv_light_zones" else (1, 20)
    start = [0.0] * 2 * zones + [125.0] * zones + [0.0, 10.0] + [0.0] * (math.ceil(MAXBAS) - 1)
    fields, final = run(*arguments(model, weather(0), parameters(MAXBAS=MAXBAS)))
    assert fields.shape == (0, width)
    assert final.tolist() == start
    fields, final = run(*arguments(model, weather(1), parameters(MAXBAS=MAXBAS)))
    assert fields.shape == (1, width)
    assert final[3 * zones : 3 * zones + 2].tolist() == fields[0, 12:14].tolist()
    assert final[3 * zones + 2 :][:1].tolist() == fields[0, 18:19].tolist()[: math.ceil(MAXBAS) - 1]


def replaced(index, value):
    """Return what puts a value into an argument at ``index``."""

    def change(arg):
        arg = arg.copy()
        arg[index] = value
        return arg

    return change


PRECIP, TEMP, PET, PARAMS, ZONE_TABLE = range(5)
BAD = {
    "nan rain": (PRECIP, replaced(3, np.nan), ValueError, "precip[3] is nan, but must be finite"),
    "negative rain": (PRECIP, replaced(3, -0.5), ValueError, "precip[3] is -0.5, but must be >= 0"),
    "infinite": (TEMP, replaced(2, np.inf), ValueError, "temp[2] is inf, but must be finite"),
    "negative pet": (PET, replaced(9, -1.0), ValueError, "pet[9] is -1.0, but must be >= 0"),
    "short": (TEMP, lambda a: a[:-1], ValueError, "temp has 9 steps, but the series before it 10"),
    "long": (PET, lambda a: np.append(a, 0.0), ValueError, "pet has 11 steps, but the series before it 10"),
    "float32": (PRECIP, lambda a: a.astype("f4"), TypeError, "precip must have dtype float64, not float32"),
    "integers": (PET, lambda a: a.astype("i8"), TypeError, "pet must have dtype float64, not int64"),
    "a list": (TEMP, list, TypeError, "temp must be a NumPy array of float64, not list"),
    "two dimensions": (PRECIP, lambda a: a[:, None], ValueError, "precip must have 1 dimension(s)"),
    "few parameters": (PARAMS, lambda a: a[:-1], ValueError, "params has"),
    "MAXBAS": (PARAMS, replaced(13, 0.5), ValueError, "params[13] (MAXBAS) is 0.5, but must be >= 1"),
    "MAXBAS long": (PARAMS, replaced(13, 1e7), ValueError, "params[13] (MAXBAS) is 10000000.0, but must be"),
    "FC": (PARAMS, replaced(5, 0.0), ValueError, "params[5] (FC) is 0.0, but must be > 0"),
    "nan BETA": (PARAMS, replaced(7, np.nan), ValueError, "params[7] (BETA) is nan, but must be >= 0"),
    "K0": (PARAMS, replaced(10, 1.5), ValueError, "params[10] (K0) is 1.5, but must be >= 0 and <= 1"),
    "K0 + K1": (PARAMS, replaced(11, 0.9), ValueError, "params[11] (K1) is 0.9, but K0 + K1 must be <= 1"),
    "LP FC": (
        PARAMS,
        replaced([5, 6], 1e-200),
        ValueError,
        "params[6] (LP) is 1e-200, but LP FC must",
    ),
    "shares": (ZONE_TABLE, replaced((2, 1), 0.4), ValueError, "zones[2, 1] is 0.4, which makes the shares"),
    "a share": (ZONE_TABLE, replaced((1, 1), -0.5), ValueError, "zones[1, 1] is -0.5, but must be >= 0"),
    "an altitude": (
        ZONE_TABLE,
        replaced((1, 0), np.nan),
        ValueError,
        "zones[1, 0] is nan, but must be",
    ),
    "no zones": (
        ZONE_TABLE,
        lambda a: a[:0],
        ValueError,
        "zones has shape (0, 2): at least one row",
    ),
    "columns": (
        ZONE_TABLE,
        lambda a: a[:, :1],
        ValueError,
        "zones has shape (3, 1), expected (at least",
    ),
}


@each_implementation
@pytest.mark.parametrize("bad", BAD)
def test_bad_input_fails_alike(model, implementation, bad):
    position, change, error, text = BAD[bad]
    args = list(arguments(model, weather(10), parameters()))
    if position == len(args):
        return  # only models with zones have zones
    args[position] = change(args[position])
    with pytest.raises(error) as caught:
        IMPLEMENTATIONS[model][implementation].run(*args)
    assert type(caught.value) is error
    assert str(caught.value).startswith(text)
    with pytest.raises(error) as expected:
        IMPLEMENTATIONS[model]["pure_numpy"].run(*args)
    assert str(caught.value) == str(expected.value)


@each_implementation
def test_arguments_are_judged_in_order(model, implementation):
    args = [np.full(3, np.nan) for _ in range(3)] + [np.full(14, np.nan), np.full((1, 2), np.nan)]
    good = list(arguments(model, weather(3), parameters()))
    for i, name in enumerate(("precip", "temp", "pet", "params", "zones")[: len(good)]):
        width = {PARAMS: good[PARAMS].shape}.get(i)
        bad = [np.full(width, np.nan) if width and j == i else arg for j, arg in enumerate(args)]
        with pytest.raises(ValueError, match=name):
            IMPLEMENTATIONS[model][implementation].run(*good[:i], *bad[i : len(good)])


@each_implementation
def test_bad_states(model, implementation):
    run = IMPLEMENTATIONS[model][implementation].run_states
    args = arguments(model, weather(3), parameters())
    _, state = run(*args)
    negative, infinite = state.copy(), state.copy()
    negative[1], infinite[-1] = -1e-9, np.inf
    for bad, error, text in (
        (negative, ValueError, "initial[1] is -1e-09, but must be >= 0"),
        (infinite, ValueError, f"initial[{len(state) - 1}] is inf, but must be finite"),
        (state[1:], ValueError, f"initial has {len(state) - 1} values, expected {len(state)}"),
        (state.astype("f4"), TypeError, "initial must have dtype float64, not float32"),
    ):
        with pytest.raises(error) as caught:
            run(*args, bad)
        assert str(caught.value) == text


@pytest.mark.parametrize("implementation", IMPLEMENTATIONS["hbv_light_1mm"])
def test_soil_input_of_a_day_is_bounded_in_1mm_steps(implementation):
    run = IMPLEMENTATIONS["hbv_light_1mm"][implementation].run
    precip, temp, pet = (np.full(4, value) for value in (0.0, 10.0, 1.0))
    precip[2] = 10_000.0
    assert np.isfinite(run(precip, temp, pet, parameters())).all()
    precip[2] = 10_000.5
    kept = precip.copy()
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the whole text is compared
        run(precip, temp, pet, parameters())
    assert str(caught.value) == (
        "precip[2] makes a soil input of 10000.5 mm, but it must be <= 10000 mm a day"
    )
    assert precip.tobytes() == kept.tobytes()
    temp[2], precip[3] = -5.0, 0.5  # the snow of one day melts the next
    with pytest.raises(ValueError, match=r"^precip\[3\] makes a soil input of 1\d{4}\.\d* mm"):
        run(precip, temp, pet, parameters(CFMAX=2000.0, SFCF=1.5))
