"""Exploring: the buffer, averages over voxels, and bad input, alike in all implementations."""

import re
from importlib import import_module

import numpy as np
import pytest
from evidence_runs import HAS_RUST
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import _objects

NAMES = ("pure_numpy", "numba_jit") + (("rust_pyo3",) if HAS_RUST else ())
GOOD = _objects.rows_of(_objects.object_of(0, 12))


def implementation(name):
    return import_module(f"paceline_models.monty.nodes.{name}")


def spoiled(row, column, value):
    array = GOOD.copy()
    array[row, column] = value
    return array


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 2**31), n=st.integers(1, 200), most=st.sampled_from([1, 2, 7, 2000]),
    spread=st.sampled_from([1e-4, 0.003, 0.01, 1.0, 1e9]), twice=st.booleans(),
)  # fmt: skip
def test_all_are_equal_bit_for_bit_and_means_of_all_that_is_in_a_voxel(seed, n, most, spread, twice):
    rng = np.random.default_rng(seed)
    rows = rng.normal(0.0, spread, (n, 18))
    rows = np.concatenate((rows, rows[::-1])) if twice else rows
    before = rows.copy()
    want = implementation("pure_numpy").run(rows, 0.003, most)
    for name in NAMES:
        np.testing.assert_array_equal(implementation(name).run(rows, 0.003, most), want, err_msg=name)
        np.testing.assert_array_equal(implementation(name).append(rows), rows, err_msg=name)
    np.testing.assert_array_equal(rows, before)
    cells = np.floor(rows[:, :3] / 0.003)
    voxels, first, counts = np.unique(cells, axis=0, return_index=True, return_counts=True)
    order = np.argsort(first)
    kept = np.sort(np.argsort(-counts[order], kind="stable")[:most])
    means = [rows[(cells == voxel).all(axis=1)].mean(axis=0) for voxel in voxels[order][kept]]
    np.testing.assert_allclose(want, means, rtol=1e-9, atol=1e-12 * spread)


@pytest.mark.parametrize("number", range(4))
def test_nodes_are_those_of_the_matchers_objects(number):
    rows = _objects.rows_of(_objects.object_of(number, 1500))
    want = _objects.rows_of(_objects.object_of(number, 1500, "voxel"))
    got = implementation("numba_jit").run(rows)
    assert got.shape == want.shape
    np.testing.assert_allclose(got[np.lexsort(got.T)], want[np.lexsort(want.T)], rtol=1e-12)


BAD = [
    ((GOOD.tolist(),), TypeError, "observations must be a NumPy array of float64, not list"),
    ((GOOD[:0],), ValueError, "observations is empty: at least one observation is needed"),
    ((GOOD[:, :17],), ValueError, "observations has shape (12, 17), expected (N, 18)"),
    ((GOOD.astype(np.float32),), TypeError, "observations must have dtype float64, not float32"),
    ((spoiled(3, 1, np.nan),), ValueError, "observations[3, 1] is nan, but must be finite"),
    ((spoiled(3, 1, 1e15),), ValueError, "observations[3, 1] is 1000000000000000.0, but must be within 1.3"),
    ((GOOD, 0.0), ValueError, "voxel is 0.0, but must lie between 1e-09 and 1e+18"),
    ((GOOD, np.nan), ValueError, "voxel is nan"),
    ((GOOD, "3 mm"), TypeError, "voxel must be a float, not str"),
    ((GOOD, 0.003, 0), ValueError, "most is 0, but must be >= 1"),
    ((GOOD, 0.003, 2.0), TypeError, "most must be an int, not float"),
]


@pytest.mark.parametrize(("arguments", "kind", "text"), BAD, ids=[text for *_, text in BAD])
def test_bad_input_is_one_clear_error_everywhere(arguments, kind, text):
    for name in NAMES:
        with pytest.raises(kind, match=re.escape(text)):
            implementation(name).run(*arguments)
        if len(arguments) == 1 and "within" not in text:
            with pytest.raises(kind, match=re.escape(text)):
                implementation(name).append(*arguments)
