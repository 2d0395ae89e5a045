"""What the evidence matchers are given: bad input, odd input that has an answer, terminal conditions."""

import re

import numpy as np
import pytest
from evidence_runs import HAS_RUST, NAMES, implementation, same, small
from paceline_models.monty.evidence import rotation_error

from benchmarks import _objects

FASTEST = "rust_pyo3" if HAS_RUST else "numba_jit"
each = pytest.mark.parametrize("name", NAMES)


def part(position, change):
    def changed(objects, *rest):
        parts = list(objects[1])
        parts[position] = change(parts[position].copy())
        return [objects[0], tuple(parts), *objects[2:]], *rest

    return changed


def argument(position, change):
    def changed(*args):
        args = list(args)
        args[position] = change(args[position].copy() if position else args[position])
        return tuple(args)

    return changed


def put(index, value):
    def change(array):
        array[index] = value
        return array

    return change


def bad_k(k):
    return lambda objects, sensed, displacement, _: (objects, sensed, displacement, k)


BAD = [
    (argument(0, lambda _: []), ValueError, "objects is empty"),
    (argument(0, lambda _: 3), TypeError, "objects must be a list of tuples of arrays, not int"),
    (
        argument(0, lambda objects: [objects[0][:4]]),
        ValueError,
        "objects[0] has 4 parts, expected 5: pos, frame",
    ),
    (argument(0, lambda objects: [7]), TypeError, "objects[0] must be a tuple of arrays, not int"),
    (argument(0, lambda objects: [tuple(p[:0] for p in objects[0])]), ValueError, "objects[0] has no nodes"),
    (part(0, put((3, 1), np.nan)), ValueError, "objects[1].pos[3, 1] is nan, but must be finite"),
    (part(0, put((3, 1), np.inf)), ValueError, "objects[1].pos[3, 1] is inf, but must be finite"),
    (part(0, put((3, 1), 2e18)), ValueError, "objects[1].pos[3, 1] is 2e+18, but must be within 1e+18"),
    (part(0, lambda x: x[:, :2]), ValueError, "objects[1].pos has shape (60, 2), expected (N, 3)"),
    (part(0, lambda x: x.tolist()), TypeError, "objects[1].pos must be a NumPy array of float64, not list"),
    (
        part(0, lambda x: x.astype(np.float32)),
        TypeError,
        "objects[1].pos must have dtype float64, not float32",
    ),
    (part(1, put((5, slice(0, 3)), 0.0)), ValueError, "objects[1].frame[5, 0:3] is a normal of length 0"),
    (part(1, lambda x: x.reshape(-1, 3, 3)), ValueError, "objects[1].frame has shape (60, 3, 3)"),
    (part(2, put(4, 0.5)), ValueError, "objects[1].pose_defined[4] is 0.5, but must be 0 or 1"),
    (part(3, lambda x: x[:-1]), ValueError, "objects[1].hsv has 59 nodes, but objects[1].pos 60"),
    (part(4, np.ma.masked_array), TypeError, "objects[1].curv must be a NumPy array"),
    (argument(1, lambda x: x[:0]), ValueError, "at least one observation"),
    (argument(1, lambda x: x[:, :14]), ValueError, "sensed has shape (7, 14), expected (N, 15)"),
    (argument(1, put((2, 10), np.nan)), ValueError, "sensed[2, 10] is nan"),
    (argument(1, put((2, slice(0, 3)), 0.0)), ValueError, "sensed[2, 0:3] is a normal of length 0"),
    (argument(1, put((2, 9), 2.0)), ValueError, "sensed[2, 9] is 2.0, but must be 0 or 1"),
    (argument(2, lambda x: x[:-1]), ValueError, "displacement has 6 steps, but sensed 7"),
    (argument(2, put((2, 0), np.inf)), ValueError, "displacement[2, 0] is inf"),
    (bad_k(0), ValueError, "k is 0, but must be >= 1"),
    (bad_k(-2), ValueError, "k is -2, but must be >= 1"),
    (bad_k(2.0), TypeError, "k must be an int, not float"),
    (bad_k(True), TypeError, "k must be an int, not bool"),
]

BAD_OPTIONS = [
    ({"rule": "half"}, ValueError, 'rule is "half", but must be "all" or a percentage up to 100'),
    ({"rule": "120%"}, ValueError, 'rule is "120%"'),
    ({"rule": 80}, TypeError, 'rule must be "all" or a percentage such as "80%", not int'),
    ({"radius": 0.0}, ValueError, "radius is 0.0"),
    ({"radius": np.nan}, ValueError, "radius is nan"),
    ({"radius": 10**400}, ValueError, "radius is 1000"),
    ({"past": -1.0}, ValueError, "past is -1.0, but must lie between 0 and 1e+18"),
    ({"time_out": 0}, ValueError, "time_out is 0"),
    ({"colour": 1}, TypeError, "colour"),
]


@pytest.mark.parametrize(("change", "kind", "text"), BAD, ids=[text for *_, text in BAD])
def test_bad_input_is_named_alike_by_all(change, kind, text):
    objects, path = small()
    told = set()
    for name in NAMES:
        with pytest.raises(kind, match=re.escape(text)) as caught:
            implementation(name).run(*change(objects, path.sensed, path.displacement, 5))
        told.add(str(caught.value))
    assert len(told) == 1


@pytest.mark.parametrize(("options", "kind", "text"), BAD_OPTIONS, ids=[text for *_, text in BAD_OPTIONS])
def test_bad_options_are_named_alike_by_all(options, kind, text):
    objects, path = small()
    for name in NAMES:
        with pytest.raises(kind, match=re.escape(text)):
            implementation(name).run(objects, path.sensed, path.displacement, 5, **options)


@each
def test_more_neighbours_than_nodes_are_all_nodes(name):
    objects, path = small(50)
    run = implementation(name).run
    want = run(objects, path.sensed, path.displacement, 50, history=True)
    same(run(objects, path.sensed, path.displacement, 10**9, history=True), want)


@pytest.mark.parametrize("k", [1, 2, 3, 5, 40])
def test_duplicate_nodes_go_by_their_index_in_all(k):
    objects, path = small(40)
    twice = [tuple(np.concatenate((one, one[::-1])) for one in parts) for parts in objects]
    for number, parts in enumerate(twice):  # the twins differ in colour, so that it shows which is taken
        parts[3][40:, 0] += 0.05 * (number + 1)
    want = implementation("pure_numpy").run(twice, path.sensed, path.displacement, k, history=True)
    for name in NAMES:
        same(implementation(name).run(twice, path.sensed, path.displacement, k, history=True), want)


def test_nodes_at_equal_distances_on_a_lattice_go_by_their_index_in_all():
    objects, path = small(64, 2)
    lattice = np.stack(np.meshgrid(*[np.arange(4.0)] * 3), axis=-1).reshape(-1, 3) * 2.0**-8
    objects = [(lattice, *parts[1:]) for parts in objects]
    still = np.zeros_like(path.displacement)  # every hypothesis stays at its node: many nodes are equally far
    for k in (2, 5, 8, 20):
        want = implementation("pure_numpy").run(objects, path.sensed, still, k, history=True)
        for name in NAMES:
            same(implementation(name).run(objects, path.sensed, still, k, history=True), want)


@each
def test_one_node_one_object_one_observation(name):
    objects, path = small(60, 1)
    one = [tuple(values[:1] for values in objects[0])]
    answer = implementation(name).run(one, path.sensed[:1], path.displacement[:1], 3)
    assert [evidence.shape for evidence in answer.evidence] == [(2,)]
    assert answer.mlh_object.tolist() == [0]
    assert answer.possible == [[0]]


@each
def test_objects_of_very_different_extent_and_far_hypotheses(name):
    objects, path = small(60, 3)
    wide = [(objects[0][0] * 1e4, *objects[0][1:]), (objects[1][0] * 1e-4, *objects[1][1:]), objects[2]]
    far = path.displacement * 1e6
    for displacement, radius in (
        (path.displacement, 0.01),
        (far, 0.01),
        (path.displacement, 1e18),
        (far * 1e11, 1.0),
    ):
        arguments = wide, path.sensed, displacement, 5, True
        got = implementation(name).run(*arguments, radius=radius)
        same(got, implementation("pure_numpy").run(*arguments, radius=radius))


@each
def test_objects_prepared_for_another_search_are_refused(name):
    objects, path = small()
    module = implementation(name)
    for other in NAMES:
        prepared = implementation(other).prepare(objects)
        if prepared.made_by == module.prepare(objects).made_by:
            module.run(prepared, path.sensed, path.displacement, 5)
        else:
            with pytest.raises(TypeError, match="prepare them anew"):
                module.run(prepared, path.sensed, path.displacement, 5)


@each
def test_other_layouts_give_the_same_answer(name):
    objects, path = small()
    run = implementation(name).run
    want = run(objects, path.sensed, path.displacement, 5, history=True)
    fortran = [tuple(np.asfortranarray(values) for values in parts) for parts in objects]
    wide = np.full((path.sensed.shape[0], 30), np.nan)
    wide[:, ::2] = path.sensed
    moves = path.displacement.copy()
    moves.flags.writeable = False
    same(run(fortran, wide[:, ::2], moves, 5, history=True), want)
    defined = [(*parts[:2], parts[2] != 0.0, *parts[3:]) for parts in objects]
    same(run(tuple(defined), path.sensed, path.displacement, 5, history=True), want)
    matrices = [
        tuple(part.view(np.matrix) if part.ndim == 2 else part for part in parts) for parts in objects
    ]
    same(run(matrices, path.sensed, moves.view(np.matrix), 5, history=True), want)


def test_an_unknown_target_is_refused():
    objects, path = small()
    with pytest.raises(ValueError, match="target is 3, but there are 3 objects"):
        _objects.sensor_path(objects, 3)
    answer = implementation(FASTEST).run(objects, path.sensed, path.displacement, 5)
    with pytest.raises(ValueError, match=re.escape("rotation has shape (3,), expected (3, 3)")):
        rotation_error(answer, np.zeros(3))


@each
def test_episodes_end_at_a_terminal_condition(name):
    objects = [_objects.object_of(number, 300) for number in range(3)]
    path = _objects.sensor_path(objects, 2, 12)
    module = implementation(name)
    whole = module.run(objects, path.sensed, path.displacement, 5, history=True)
    ended = module.run(objects, path.sensed, path.displacement, 5, history=True, terminate=True)
    steps = ended.mlh_object.shape[0]
    assert ended.terminal == "match"
    assert 1 <= steps < 13
    assert ended.possible == whole.possible[:steps]
    np.testing.assert_array_equal(ended.evidence[2], whole.evidence[2][:steps])
    out = module.run(objects, path.sensed, path.displacement, 5, terminate=True, time_out=1)
    assert (out.terminal, out.mlh_object.shape[0]) == ("time_out", 1)


@each
def test_what_fits_nowhere_is_no_match(name):
    objects, path = small(60, 2)
    sensed = path.sensed.copy()
    sensed[:, 10:13] = 50.0  # a colour and curvatures that no node has
    sensed[:, 13:] = 50.0
    answer = module_run(name)(objects, sensed, path.displacement + 10.0, 5, terminate=True)
    assert answer.terminal == "no_match"
    assert answer.possible[-1] == []


def module_run(name):
    return implementation(name).run


def test_symmetry_counts_steps_with_the_same_possible_hypotheses():
    from paceline_models.monty.evidence._terminal import Terminal

    terminal = Terminal(0.2, 500)
    loc = np.array([[0.0, 0.0, 0.0], [1.0, 0.0, 0.0]])  # two places, far apart: no unique pose
    rot = np.tile(np.eye(3).reshape(-1), (2, 1))
    two, none = np.array([3.0, 2.9]), np.array([0.5, 0.4])
    assert [terminal.after([0], 0, loc, rot, two) for _ in range(5)] == [""] * 5
    assert terminal.after([0], 0, loc, rot, two) == "match"
    again = Terminal(0.2, 500)
    told = [again.after([0], 0, loc, rot, evidence) for evidence in (two, two, none, two, two, two, two)]
    assert told == [""] * 7  # the empty set neither counted nor reset, nor did the step after it
    assert again.after([0], 0, loc, rot, two) == "match"
    assert Terminal(0.2, 500).after([0, 1], 0, loc, rot, two) == ""
    assert Terminal(0.2, 500).after([], 0, loc, rot, two) == "no_match"
