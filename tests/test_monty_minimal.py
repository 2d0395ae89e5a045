"""The minimal Monty loop: all implementations against the equations, in all modes; indexes against scans."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from monty_runs import EXACT, INDEXES, NAMES, PREPARED, STEPPED, curve, implementation, points, scattered

RTOL = 5e-6


def equations(store, query):
    """Return a query's evidence in float64, straight from the definition."""
    store, query = store.astype(np.float64), query.astype(np.float64)
    distance = np.linalg.norm(store[:, :3] - query[:3], axis=1)
    return (1.0 / (1.0 + distance + np.abs(store[:, 3] - query[3]))).mean()


def nearest(store, query, k, radius):
    """Return a query's evidence from the k nearest by (distance, index), one by one, in float64."""
    found = []
    for j, point in enumerate(store.astype(np.float64)):
        dx, dy, dz = point[:3] - query[:3].astype(np.float64)
        found.append((math.sqrt(dx * dx + dy * dy + dz * dz), j))
    wide = store.astype(np.float64)[:, 3], float(query[3])
    within = [(d, j) for d, j in sorted(found)[:k] if d <= radius]
    return max((1.0 / (1.0 + d + abs(wide[0][j] - wide[1])) for d, j in within), default=0.0)


def confidences(evidence):
    confidence = 0.0
    for similarity in evidence:
        confidence = (confidence + similarity) / 2.0
        yield confidence


@pytest.mark.parametrize(("n", "epochs"), [(10, 10), (50, 10), (100, 10), (500, 5), (1000, 2)])
@pytest.mark.parametrize("name", EXACT)
def test_every_row_of_the_seed_agrees_with_the_reference(name, n, epochs):
    got, want = (implementation(each).run(curve(n), epochs) for each in (name, "pure_numpy"))
    np.testing.assert_allclose(got.evidence, want.evidence, rtol=RTOL)
    assert got.confidence == pytest.approx(want.confidence, rel=RTOL)
    assert (got.steps, got.stored) == (n * epochs, n * epochs)
    assert got.evidence.dtype == np.float32


def test_the_final_confidences_of_the_seed_are_those_that_are_known():
    rows = [(10, 10), (50, 10), (100, 10), (500, 5), (1000, 2)]
    found = [implementation("pure_numpy").run(curve(n), epochs).confidence for n, epochs in rows]
    np.testing.assert_allclose(found, [0.689, 0.320, 0.233, 0.102, 0.065], atol=6e-4)


@settings(max_examples=40, deadline=None)
@given(store=points, epochs=st.integers(1, 3), mode=st.sampled_from(["seed", "fixed"]))
def test_means_are_those_of_the_equations(store, epochs, mode):
    want = np.array([equations(store, query) for query in store])
    for name in EXACT:
        got = implementation(name).run(store, epochs, mode)
        np.testing.assert_allclose(got.evidence, want, rtol=RTOL, err_msg=name)
        assert got.confidence == pytest.approx(list(confidences(want))[-1], rel=RTOL)
        assert got.stored == len(store) * (epochs if mode == "seed" else 1)


@settings(max_examples=40, deadline=None)
@given(
    store=points, seed=st.integers(0, 99), k=st.integers(1, 5), radius=st.floats(0.0, 2.0) | st.just(math.inf)
)
def test_searches_are_exact_in_float64_with_ties_by_index(store, seed, k, radius):
    queries = np.concatenate([store[::3], scattered(seed, 5, 1.5), store[-1:] + np.float32(1e-3)])
    queries[:, 3] = np.roll(queries[:, 3], 1)  # a query is not its own best match
    want = np.array([nearest(store, query, k, radius) for query in queries])
    for name in NAMES:
        got = implementation(name).run(store, 1, "knn", queries, k, radius)
        np.testing.assert_array_equal(got.evidence, want.astype(np.float32), err_msg=name)
        assert got.confidence == list(confidences(want))[-1], name
        assert (got.steps, got.stored) == (len(queries), len(store))


@pytest.mark.parametrize("name", INDEXES)
@pytest.mark.parametrize("arrangement", ["cylinder", "line", "one place", "far", "lattice"])
def test_indexes_equal_the_scan_wherever_points_lie(name, arrangement):
    store = scattered(7, 2000)
    if arrangement == "cylinder":
        angle = 40.0 * store[:, 0]
        store[:, 0], store[:, 1] = 0.04 * np.cos(angle), 0.04 * np.sin(angle)
        store[:, 2] *= 0.05
    if arrangement == "line":
        store[:, 1:3] = 0.0
    if arrangement == "one place":
        store[:, :3] = 0.25
    if arrangement == "far":
        store[:, :3] += 1e4
    if arrangement == "lattice":
        store[:, :3] = np.round(4.0 * store[:, :3]) / 4.0
    queries = np.ascontiguousarray(store[::20])
    queries[::3, 0] += np.float32(0.003)
    queries[:, 3] = np.roll(queries[:, 3], 7)  # a query is not its own best match
    scan = implementation("rust_pyo3" if "rust_pyo3" in NAMES else "numba_jit")
    # Features differ: with many neighbours the best may lie anywhere within the radius.
    for k, radius in ((3, None), (3, 0.25), (200, 0.25), (40, None), (2000, 0.5), (3, 1e6)):
        got, want = (
            module.run(store, 1, "knn", queries, k, radius) for module in (implementation(name), scan)
        )
        np.testing.assert_array_equal(got.evidence, want.evidence)
        assert got.confidence == want.confidence


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("of", ["seed", "fixed", "knn"])
def test_an_epoch_ends_after_the_first_step_that_reaches_theta(name, of):
    store = curve(40)
    store[:, :3] *= np.float32(0.01)
    whole = implementation("pure_numpy").run(store, 2, of)
    reached = list(confidences(whole.evidence.astype(np.float64)))
    theta = sorted(reached)[20] - 1e-4
    first = next(i for i, confidence in enumerate(reached) if confidence >= theta)
    got = implementation(name).run(store, 2, "terminate", theta=theta, of=of)
    assert got.steps == 2 * (first + 1)
    assert got.confidence == pytest.approx(reached[first], rel=1e-3)
    assert np.isfinite(got.evidence[: first + 1]).all()
    assert np.isnan(got.evidence[first + 1 :]).all()
    never = implementation(name).run(store, 2, "terminate", theta=1.5, of=of)
    np.testing.assert_array_equal(never.evidence, implementation(name).run(store, 2, of).evidence)


@pytest.mark.parametrize("name", PREPARED)
def test_what_is_prepared_answers_as_observations_do_and_only_its_maker(name):
    store, queries = scattered(3, 500), scattered(4, 60)
    module = implementation(name)
    prepared = module.prepare(store)
    assert prepared.nbytes >= store.nbytes
    for mode in ("knn", "fixed", "seed"):
        got, want = (module.run(given, 2, mode, queries) for given in (prepared, store))
        np.testing.assert_array_equal(got.evidence, want.evidence)
        assert got[1:] == want[1:]
    others = [implementation(other) for other in INDEXES if other != name]
    if name in INDEXES:
        for other in others:
            with pytest.raises(ValueError, match=f"prepared by {name}: give "):
                other.run(prepared, 1, "knn")


@pytest.mark.parametrize("name", STEPPED)
def test_calling_step_by_step_is_the_same_episode(name):
    got, want = implementation(name).run_steps(curve(60), 3), implementation(name).run(curve(60), 3)
    np.testing.assert_array_equal(got.evidence, want.evidence)
    assert got.confidence == pytest.approx(want.confidence, rel=1e-6)
    assert got[2:] == want[2:]
