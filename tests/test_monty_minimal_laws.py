"""What the minimal Monty loop keeps whatever its input: bounds, order, copies, epochs, purity, twins."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from monty_runs import EXACT, HAS_RUST, NAMES, curve, implementation, points, scattered

from benchmarks import _curve

MODES = ("seed", "fixed", "knn")
each = pytest.mark.parametrize("name", NAMES)


@settings(max_examples=30, deadline=None)
@given(store=points, mode=st.sampled_from(MODES), epochs=st.integers(1, 2))
def test_evidence_and_confidence_stay_within_their_bounds(store, mode, epochs):
    for name in NAMES:
        answer = implementation(name).run(store, epochs, mode)
        assert (answer.evidence <= 1.0 + (2e-7 if name.endswith(("_approx", "_fastmath")) else 0.0)).all(), (
            name
        )
        assert (answer.evidence >= 0.0 if mode == "knn" else answer.evidence > 0.0).all(), name
        assert 0.0 <= answer.confidence <= 1.0
        assert answer.stored == len(store) * (epochs if mode == "seed" else 1)


@each
def test_evidence_is_one_only_where_all_that_is_stored_is_the_query(name):
    same = np.tile(np.float32([[0.5, -0.25, 2.0, 0.125]]), (37, 1))
    np.testing.assert_allclose(implementation(name).run(same, 2).evidence, 1.0, rtol=2e-7)
    other = same.copy()
    other[20, 1] += np.float32(0.25)
    assert (implementation(name).run(other, 2).evidence < 0.999).all()


@settings(max_examples=30, deadline=None)
@given(store=points, seed=st.integers(0, 99))
def test_neither_order_nor_a_second_copy_of_the_store_matters(store, seed):
    shuffled = np.random.default_rng(seed).permutation(store)
    for name in EXACT:
        run = implementation(name).run
        want = run(store, 1, "fixed").evidence
        np.testing.assert_allclose(run(shuffled, 1, "fixed", store).evidence, want, rtol=5e-6, err_msg=name)
        np.testing.assert_allclose(
            run(np.concatenate([store, store]), 1, "fixed", store).evidence, want, rtol=5e-6, err_msg=name
        )


@settings(max_examples=30, deadline=None)
@given(store=points, small=st.floats(0.0, 1.0), more=st.floats(0.0, 1.0))
def test_a_larger_radius_never_takes_evidence_away(store, small, more):
    for name in NAMES:
        run = implementation(name).run
        near, wide = (run(store, 1, "knn", None, 70, radius).evidence for radius in (small, small + more))
        assert (wide >= near).all(), name


@pytest.mark.skipif(not HAS_RUST, reason="twins are in Rust")
@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("rust_pyo3", "numba_jit"),
        ("rust_pyo3", "rust_batch"),
        ("rust_pyo3", "rust_clone"),
        ("rust_pyo3", "rust_no_prealloc"),
        ("rust_pyo3", "rust_verbose"),
        ("rust_pyo3", "rust_mmap"),
        ("rust_soa", "numba_soa"),
        ("rust_soa", "rust_simd"),
        ("rust_soa", "rust_rayon"),
        ("numba_soa", "numba_parallel"),
    ],
)
def test_those_that_state_the_same_rules_have_the_same_bits(first, second):
    for n, epochs in [(1, 1), (15, 1), (16, 1), (17, 3), (100, 10), (333, 2)]:
        one, two = (implementation(name).run(curve(n), epochs) for name in (first, second))
        np.testing.assert_array_equal(one.evidence, two.evidence)
        assert one[1:] == two[1:]


@each
@pytest.mark.parametrize("mode", MODES)
def test_epochs_end_alike_and_each_is_computed_anew(name, mode):
    one, three = (implementation(name).run(curve(40), epochs, mode) for epochs in (1, 3))
    assert three.steps == 3 * one.steps
    np.testing.assert_allclose(three.evidence, one.evidence, rtol=2e-6)


@each
def test_an_epoch_ends_after_ten_thousand_steps(name):
    store, queries = scattered(5, 3), scattered(6, 10_050)
    for mode in ("fixed", "knn"):
        answer = implementation(name).run(store, 2, mode, queries)
        assert answer.steps == 20_000
        assert np.isfinite(answer.evidence[:10_000]).all()
        assert np.isnan(answer.evidence[10_000:]).all()


@each
def test_arguments_stay_what_they_are_and_answers_are_new(name):
    store, queries = scattered(8, 50), scattered(9, 20)
    before = store.copy(), queries.copy()
    for mode in MODES:
        answers = [implementation(name).run(store, 2, mode, queries) for _ in range(2)]
        np.testing.assert_array_equal(answers[0].evidence, answers[1].evidence)
        assert not np.shares_memory(answers[0].evidence, answers[1].evidence)
    np.testing.assert_array_equal(store, before[0])
    np.testing.assert_array_equal(queries, before[1])


@pytest.mark.skipif(not HAS_RUST, reason="half precision is in Rust")
def test_half_precision_keeps_its_tolerance_where_coordinates_are_normalised():
    store = _curve.cylinder(np.random.default_rng(1), 5_000)
    store[:, :3] *= np.float32(10.0)
    queries = _curve.stratified(store, 50)
    got, want = (implementation(name).run(store, 1, "fixed", queries) for name in ("rust_f16", "pure_numpy"))
    np.testing.assert_allclose(got.evidence, want.evidence, rtol=5e-4)
    assert not np.array_equal(got.evidence, want.evidence)


@pytest.mark.skipif(not HAS_RUST, reason="it is in Rust")
def test_printing_goes_to_the_file_that_is_given_and_nowhere_else(tmp_path, capfd):
    log = tmp_path / "log.txt"
    implementation("rust_verbose").run(curve(25), 2, log=log)
    lines = log.read_text().splitlines()
    assert [line.split(":")[0] for line in lines] == [f"Step {step}" for step in (10, 20, 30, 40, 50)]
    assert capfd.readouterr() == ("", "")
    with pytest.raises(OSError, match="No such file"):
        implementation("rust_verbose").run(curve(5), 1, log=tmp_path / "missing" / "log.txt")
