"""Bad input of the minimal Monty loop: one clear error, the same in every implementation."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from monty_runs import NAMES, PREPARED, STEPPED, curve, implementation

GOOD = curve(6)


def spoiled(row, column, value):
    array = GOOD.copy()
    array[row, column] = value
    return array


BAD = [
    ((GOOD.tolist(), 1), TypeError, "observations must be a NumPy array of float32, not list"),
    (
        (np.ma.masked_array(GOOD), 1),
        TypeError,
        "observations must be a NumPy array of float32, not MaskedArray",
    ),
    ((GOOD.astype(np.float64), 1), TypeError, "observations must have dtype float32, not float64"),
    (
        (GOOD[:, :3], 1),
        ValueError,
        "observations must have shape (N, 4): x, y, z and a feature, but has (6, 3)",
    ),
    ((GOOD[0], 1), ValueError, "observations must have shape (N, 4): x, y, z and a feature, but has (4,)"),
    ((GOOD[:0], 1), ValueError, "observations is empty: at least one observation is needed"),
    ((spoiled(2, 1, np.nan), 1), ValueError, "observations[2, 1] is nan, but must be finite"),
    ((spoiled(5, 3, np.inf), 1), ValueError, "observations[5, 3] is inf, but must be finite"),
    (
        (spoiled(0, 0, 2.0**62), 1),
        ValueError,
        "observations[0, 0] is 4.611686018427388e+18, but must be within 1e+18 of zero",
    ),
    ((GOOD, 0), ValueError, "epochs is 0, but must be at least 1"),
    ((GOOD, -3), ValueError, "epochs is -3, but must be at least 1"),
    ((GOOD, 10**12), ValueError, "epochs is 1000000000000, but must be at most 16666666"),
    ((GOOD, 10**30, "knn"), ValueError, f"epochs is {10**30}, but must be at most 100000000"),
    ((GOOD, 1.0), TypeError, "epochs must be a whole number, not float"),
    ((GOOD, True), TypeError, "epochs must be a whole number, not bool"),
    ((GOOD, 1, "sed"), ValueError, "mode is 'sed', but must be one of seed, fixed, knn, terminate"),
    ((GOOD, 1, "fixed", GOOD[:0]), ValueError, "queries is empty: at least one observation is needed"),
    ((GOOD, 1, "fixed", spoiled(1, 0, -np.inf)), ValueError, "queries[1, 0] is -inf, but must be finite"),
    ((GOOD, 1, "knn", None, 0), ValueError, "k is 0, but must be at least 1"),
    ((GOOD, 1, "knn", None, 2.0), TypeError, "k must be a whole number, not float"),
    ((GOOD, 1, "knn", None, 2, -0.1), ValueError, "radius is -0.1, but must be 0 or more"),
    ((GOOD, 1, "knn", None, 2, np.nan), ValueError, "radius is nan, but must be 0 or more"),
    ((GOOD, 1, "knn", None, 2, "far"), TypeError, "radius must be a number, not str"),
    ((GOOD, 1, "terminate", None, 3, None, np.nan), ValueError, "theta is nan, but must be 0 or more"),
    (
        (GOOD, 1, "terminate", None, 3, None, 0.6, "terminate"),
        ValueError,
        "of is 'terminate', but must be one of",
    ),
]


@pytest.mark.parametrize(("arguments", "kind", "message"), BAD, ids=[message for *_, message in BAD])
def test_bad_input_is_one_clear_error_everywhere(arguments, kind, message):
    for name in NAMES:
        with pytest.raises(kind, match=f"^{re.escape(message)}"):
            implementation(name).run(*arguments)


@pytest.mark.parametrize("name", PREPARED)
def test_preparing_asks_the_same_of_observations(name):
    for (observations, *_), kind, message in BAD[:9]:
        with pytest.raises(kind, match=re.escape(message)):
            implementation(name).prepare(observations)


@pytest.mark.parametrize("name", STEPPED)
def test_calling_step_by_step_asks_the_same(name):
    for (observations, epochs, *rest), kind, message in BAD[:15]:
        if rest:
            continue
        with pytest.raises(kind, match=re.escape(message)):
            implementation(name).run_steps(observations, epochs)


@pytest.mark.parametrize("name", NAMES)
def test_an_option_that_there_is_not_is_named(name):
    for observations in (GOOD, GOOD[:0]):
        with pytest.raises(TypeError, match="neighbours"):
            implementation(name).run(observations, 1, "knn", neighbours=3)


@pytest.mark.parametrize("name", PREPARED)
def test_an_index_of_another_implementation_is_refused(name):
    other = next(one for one in PREPARED if one != name)
    mode = "fixed" if name == "rust_mmap" else "knn"
    with pytest.raises(ValueError, match=f"prepared by {other}: give {name} one of its own prepare"):
        implementation(name).run(implementation(other).prepare(GOOD), 1, mode)


def test_k_larger_than_the_store_is_the_whole_store():
    for name in NAMES:
        many, all_ = (implementation(name).run(GOOD, 1, "knn", None, k, 1e3) for k in (1000, 6))
        np.testing.assert_array_equal(many.evidence, all_.evidence)
        endless = implementation(name).run(observations=GOOD, epochs=1, mode="knn", k=6, radius=10**400)
        np.testing.assert_array_equal(endless.evidence, all_.evidence)


@settings(max_examples=20, deadline=None)
@given(value=st.sampled_from([1e18, -1e18, 1e10, 1e-30, 1e-45, 0.0]), column=st.integers(0, 3))
def test_the_largest_and_smallest_values_are_answered_with_finite_evidence(value, column):
    store = spoiled(3, column, value)
    want = implementation("pure_numpy").run(store, 1)
    for name in NAMES:
        for mode in ("fixed", "knn"):
            assert np.isfinite(implementation(name).run(store, 1, mode).evidence).all(), name
        got = implementation(name).run(store, 1)
        if name != "rust_f16":
            np.testing.assert_allclose(got.evidence, want.evidence, rtol=5e-6, atol=1e-12, err_msg=name)


@pytest.mark.parametrize("name", NAMES)
def test_other_layouts_give_the_same_answer(name):
    wide = np.full((6, 8), np.nan, np.float32)
    wide[:, ::2] = GOOD
    readonly = GOOD.copy()
    readonly.flags.writeable = False
    for mode in ("seed", "knn"):
        want = implementation(name).run(GOOD, 2, mode)
        for other in (wide[:, ::2], np.asfortranarray(GOOD), readonly):
            np.testing.assert_array_equal(implementation(name).run(other, 2, mode).evidence, want.evidence)
