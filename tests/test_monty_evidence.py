"""The evidence matchers against runs of the real Monty, against one another, and the laws that they keep."""

import copy

import numpy as np
import pytest
from evidence_runs import HAS_RUST, NAMES, REFERENCE, RUNS, arguments, implementation, same, small
from hypothesis import given, settings
from hypothesis import strategies as st
from paceline_models.monty.evidence import rotation_error

from benchmarks import _objects

each = pytest.mark.parametrize("name", NAMES)
seeds = st.integers(0, 2**31)
FASTEST = "rust_pyo3" if HAS_RUST else "numba_jit"


def test_rust_is_tested_where_it_is_built():
    assert ("rust_pyo3" in NAMES) is HAS_RUST


@each
@pytest.mark.parametrize("run", RUNS)
def test_runs_of_the_real_monty_are_reproduced(name, run):
    answer = implementation(name).run(*arguments(run), history=True, rule=str(REFERENCE[f"{run}.threshold"]))
    for o, evidence in enumerate(answer.evidence):
        np.testing.assert_allclose(evidence, REFERENCE[f"{run}.o{o}.evidence"], rtol=0.0, atol=1e-6)
    np.testing.assert_array_equal(answer.mlh_object, REFERENCE[f"{run}.mlh_object"])
    np.testing.assert_allclose(answer.mlh_evidence, REFERENCE[f"{run}.mlh_evidence"], rtol=0.0, atol=1e-6)
    names = [" ".join(f"o{one}" for one in possible) for possible in answer.possible]
    assert names == REFERENCE[f"{run}.possible_matches"].tolist()


@pytest.mark.parametrize("run", RUNS)
def test_hypotheses_start_as_the_real_montys(run):
    from paceline_models.monty.evidence._model import candidates

    objects, sensed, *_ = arguments(run)
    frames = candidates(sensed[0]).reshape(-1, 3, 3)
    for o, (pos, frame, *_) in enumerate(objects):
        rot = np.einsum("jia,fib->fjab", frame.reshape(-1, 3, 3), frames).reshape(-1, 9)
        np.testing.assert_allclose(rot, REFERENCE[f"{run}.o{o}.rot0"], rtol=0.0, atol=1e-12)
        np.testing.assert_array_equal(np.tile(pos, (len(frames), 1)), REFERENCE[f"{run}.o{o}.loc0"])


@settings(max_examples=25, deadline=None)
@given(
    seed=seeds, samples=st.integers(30, 120), count=st.integers(1, 4), k=st.integers(1, 40),
    rule=st.sampled_from(["all", "0%", "20%", "80%", "100%"]), noisy=st.booleans(),
    radius=st.sampled_from([0.002, 0.01, 0.03, 0.3]), weights=st.sampled_from([(1.0, 1.0), (0.5, 0.5)]),
    target=st.integers(0, 3),
)  # fmt: skip
def test_all_agree_bit_for_bit(seed, samples, count, k, rule, noisy, radius, weights, target):
    objects, path = small(samples, count, seed, target % count, 5, noisy=noisy)
    options = {"rule": rule, "radius": radius, "past": weights[0], "present": weights[1], "history": True}
    want = implementation("pure_numpy").run(objects, path.sensed, path.displacement, k, **options)
    for name in NAMES:
        same(implementation(name).run(objects, path.sensed, path.displacement, k, **options), want)


@each
def test_steps_are_the_episode_and_prepared_objects_the_objects(name):
    module = implementation(name)
    objects, path = small()
    before = copy.deepcopy((objects, path))
    want = module.run(objects, path.sensed, path.displacement, 5, history=True)
    prepared = module.prepare(objects)
    for _ in range(2):  # nothing is left over from one run to the next
        same(module.run(prepared, path.sensed, path.displacement, 5, history=True), want)
        same(module.run_steps(prepared, path.sensed, path.displacement, 5, history=True), want)
    np.testing.assert_equal((objects, path), before)
    last = module.run(prepared, path.sensed, path.displacement, 5)
    for whole, end in zip(want.evidence, last.evidence, strict=True):
        np.testing.assert_array_equal(whole[-1], end)


@settings(max_examples=25, deadline=None)
@given(seed=seeds, k=st.integers(1, 12), noisy=st.booleans(), target=st.integers(0, 3))
def test_new_evidence_lies_within_its_bounds(seed, k, noisy, target):
    objects, path = small(80, 4, seed, target, noisy=noisy)
    answer = implementation(FASTEST).run(objects, path.sensed, path.displacement, k, history=True)
    for evidence in answer.evidence:
        assert (evidence[0] >= 0.0).all()
        assert (evidence[0] <= 1.0).all()
        new = np.diff(evidence, axis=0)
        assert new.min() >= -1.0 - 1e-9
        assert new.max() <= 2.0 + 1e-9
    np.testing.assert_allclose(answer.checksum, [evidence[-1].sum() for evidence in answer.evidence])
    bounded = implementation(FASTEST).run(
        objects, path.sensed, path.displacement, k, history=True, past=0.5, present=0.5
    )
    for evidence in bounded.evidence:
        assert evidence.min() >= -1.0
        assert evidence.max() <= 2.0


@pytest.mark.parametrize("target", [0, 2, 3])
def test_without_noise_the_target_is_found_and_its_rotation(target):
    objects = [_objects.object_of(number, 500) for number in range(4)]
    path = _objects.sensor_path(objects, target)
    for name in NAMES:
        if name != "pure_numpy":  # equal bit for bit, and slow
            answer = implementation(name).run(objects, path.sensed, path.displacement, 10)
            assert answer.mlh_object[-1] == target
            assert answer.possible[-1] == [target]
            if target == 2:  # the others look alike from many sides
                assert rotation_error(answer, path.rotation) < 1e-6


@settings(max_examples=15, deadline=None)
@given(seed=seeds, turn=st.floats(-3.0, 3.0), target=st.sampled_from([0, 2, 3]))
def test_turning_the_path_leaves_the_evidence_alone(seed, turn, target):
    objects, path = small(70, 4, seed, target, turn=0.0)
    _, turned = small(70, 4, seed, target, turn=turn)
    module = implementation(FASTEST)
    want = module.run(objects, path.sensed, path.displacement, 7, history=True)
    got = module.run(objects, turned.sensed, turned.displacement, 7, history=True)
    for one, other in zip(got.evidence, want.evidence, strict=True):
        np.testing.assert_allclose(one, other, rtol=0.0, atol=1e-6)


@settings(max_examples=15, deadline=None)
@given(seed=seeds, order=st.permutations(range(4)), rule=st.sampled_from(["all", "50%"]))
def test_permuting_the_objects_permutes_the_answer(seed, order, rule):
    objects, path = small(50, 4, seed)
    for name in NAMES:
        module = implementation(name)
        want = module.run(objects, path.sensed, path.displacement, 5, rule=rule)
        got = module.run([objects[i] for i in order], path.sensed, path.displacement, 5, rule=rule)
        for place, i in enumerate(order):
            np.testing.assert_array_equal(got.evidence[place], want.evidence[i])
        np.testing.assert_array_equal(got.object_best, want.object_best[:, order])
        np.testing.assert_array_equal(got.mlh_evidence, want.mlh_evidence)
        assert [sorted(order[i] for i in possible) for possible in got.possible] == want.possible


@each
def test_locations_follow_the_displacements(name):
    from paceline_models.monty.evidence import _model

    module = implementation(name)
    objects, path = small(40, 2, target=0)
    made = []
    arrays = _model._arrays

    def kept(*args):
        made.append(arrays(*args))
        return made[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_model, "_arrays", kept)
        module.run(objects, path.sensed, path.displacement, 5, rule="50%")  # untested ones move as well
    starts = np.concatenate([np.tile(pos, (2, 1)) for pos, *_ in objects])
    moved = np.einsum("hab,b->ha", made[0].rot.reshape(-1, 3, 3), path.displacement[1:].sum(axis=0))
    np.testing.assert_allclose(made[0].loc, starts + moved, rtol=0.0, atol=1e-12)
