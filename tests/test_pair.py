"""One pair in real workers: setup, caches, probing, turns, answers, and what the workers are told."""

from __future__ import annotations

import os
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path

import psutil
import pytest
from pair_suite import SUITE
from small_races import Heard, against_itself, driven, ground, measured, places, small_suite

from paceline.race.answers import compare
from paceline.race.contenders import HASH_SEED, THREAD_VARIABLES, Pair, Place, Race
from paceline.race.pair import Known, _spaced

NAMES = (
    "time_tiny", "time_slow", "Sorts.time_sort", "Drains.time_pop", "Pops.time_pop", "Once.time_once",
    "OnceSaysSetup.time_once", "Noted.time_noted", "Thunked.time_thunk", "Files.time_read",
    "Stopped.time_stopped", "Still.time_still", "Backwards.time_backwards", "SlowOnce.time_once",
    "Waits.time_wait", "Cold.time_cold", "Talks.time_talk", "timeraw_statement", "time_place", "time_gone",
    "Results.time_result",
)  # fmt: skip
SIZED = {
    "Cached.time_cached": ("1", "2"),
    "Cached.time_other": ("1", "2"),
    "Sized.time_sized": ("1", "2", "3", "4"),
    "Answers.time_answer": ("'same'", "'close'", "'other'", "'object'", "'none'"),
    "Swapped.time_swapped": ("'a'", "'b'"),
}
Found = dict[str, tuple[Pair, Known]]


@pytest.fixture(scope="module")
def notes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("notes")


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory, notes: Path) -> Found:
    """Measure one pair of everything in one crew."""
    folder = tmp_path_factory.mktemp("pairs")
    benchmarks = small_suite(folder, SUITE)
    where = tuple(
        Place(side, sys.executable, benchmarks, {"SIDE": side, "NOTES": str(notes), "PYTHONPATH": None})
        for side in ("base", "head")
    )
    races: list[Race] = []
    for name in NAMES:
        races += against_itself(f"bench.{name}", where)
    for name, values in SIZED.items():
        races += against_itself(f"bench.{name}", where, [values])
    threads = against_itself("bench.time_place", where, threads=3)
    work = ground(folder / "work")
    here = measured(races, work)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", "/nowhere")
        here |= {"threads": measured(threads, work, threads=3)["bench.time_place"]}
    left = [path for path in (folder / "work").rglob("*") if path.name.startswith("work-")]
    assert left == [], "folders of workers are left"
    assert psutil.Process().children(recursive=True) == []
    return here


def of(found: Found, name: str) -> Pair:
    return found[f"bench.{name}"][0]


@pytest.mark.parametrize("name", [name for name in NAMES if name != "time_gone"])
def test_whatever_it_does_it_is_timed(found: Found, name: str) -> None:
    pair = of(found, name)
    assert pair.absent == {}
    assert set(pair.sides) == {"base", "head"}
    assert pair.sides["base"].log_ratio is None
    assert pair.sides["head"].log_ratio is not None
    assert {pair.sides["base"].order, pair.sides["head"].order} == {0, 1}


def test_tiny_calls_are_looped_and_slow_ones_stand_alone(found: Found) -> None:
    tiny, slow = of(found, "time_tiny").sides["head"], of(found, "time_slow").sides["head"]
    assert tiny.calls / tiny.batches > 1000
    assert tiny.seconds < 1e-5
    assert (slow.calls, slow.batches) == (3, 3)
    assert slow.seconds >= 0.06
    assert of(found, "Waits.time_wait").sides["head"].calls == 3, "looped by a clock that stands still"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("Sorts.time_sort", "calls without setup take 0."),
        ("Drains.time_pop", "a later call without setup raises KeyError: 'only'"),
        ("Pops.time_pop", "a later call without setup raises IndexError: pop from empty list"),
        ("Once.time_once", "the benchmark says number = 1"),
        ("OnceSaysSetup.time_once", "the benchmark says number = 1"),
        ("Noted.time_noted", ""),
        ("Cold.time_cold", ""),
        ("time_tiny", ""),
    ],
)
def test_what_needs_setup_before_every_call_is_recognised(found: Found, name: str, reason: str) -> None:
    _, known = found[f"bench.{name}"]
    assert known.each.startswith(reason)
    assert bool(known.each) == bool(reason)


def test_a_sort_is_timed_on_what_is_not_sorted(found: Found) -> None:
    assert of(found, "Sorts.time_sort").sides["head"].seconds > 5e-4


@pytest.mark.parametrize("side", ["base", "head"])
def test_setup_runs_once_a_batch_and_teardown_as_often(found: Found, notes: Path, side: str) -> None:
    words = Counter((notes / side).read_text().split())
    batches = of(found, "Noted.time_noted").sides[side].batches
    loading, answering, probing = 1, 1, 8 + 7  # its twin's seven
    assert words["setup"] == words["teardown"] == loading + answering + probing + batches - 1


def test_setup_cache_runs_once_in_every_place(found: Found, notes: Path) -> None:
    assert of(found, "Cached.time_cached(1)").absent == of(found, "Cached.time_other(2)").absent == {}
    for side in ("base", "head"):
        assert Counter((notes / side).read_text().split())["cache"] == 1


def test_what_is_skipped_leaves_its_worker_to_the_next_case(found: Found) -> None:
    assert of(found, "Sized.time_sized(1)").absent == of(found, "Sized.time_sized(4)").absent == {}
    for value, reason in (("2", "skip_params of the suite"), ("3", "three is not here")):
        pair = of(found, f"Sized.time_sized({value})")
        assert {(one.status, one.reason) for one in pair.absent.values()} == {("skipped", reason)}
        assert (pair.sides, set(pair.absent)) == ({}, {"base", "head"})


def test_what_one_side_has_not_is_absent_there(found: Found) -> None:
    gone = of(found, "time_gone").absent
    assert set(gone) == {"head"}
    assert gone["head"].status == "absent"
    assert "bench.time_gone" in gone["head"].reason


def test_a_case_is_found_by_its_values_not_by_its_place_in_the_list(found: Found) -> None:
    for value in ("'a'", "'b'"):
        pair, known = found[f"bench.Swapped.time_swapped({value})"]
        assert pair.absent == {}
        assert compare(known.answers["base"], known.answers["head"]) == "identical"


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("same", "identical"), ("close", "max rel 1e-09"), ("other", "changed"),
        ("object", "unchecked"), ("none", "unchecked"),
    ],
)  # fmt: skip
def test_what_calls_return_is_compared(found: Found, kind: str, expected: str) -> None:
    _, known = found[f"bench.Answers.time_answer('{kind}')"]
    assert compare(known.answers["base"], known.answers["head"]) == expected


def test_a_class_may_say_what_its_result_is(found: Found) -> None:
    _, known = found["bench.Results.time_result"]
    assert compare(known.answers["base"], known.answers["head"]) == "max rel 1e-09"


@pytest.mark.parametrize(("name", "threads"), [("bench.time_place", 1), ("threads", 3)])
def test_workers_are_told_their_threads_and_pinned_where_they_have_one(
    found: Found, name: str, threads: int
) -> None:
    from paceline.race.answers import _numbers

    cpus = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
    pair, known = found[name]
    for side in ("base", "head"):
        told = _numbers(known.answers[side]["numbers"]).tolist()
        assert told == [1 if threads == 1 else cpus, threads, threads, int(HASH_SEED), 0.0]
    assert (pair.cpu is None) == (threads > 1 or not hasattr(os, "sched_getaffinity"))


def test_setup_cache_runs_once_for_all_pairs_and_cases_of_a_place(tmp_path: Path) -> None:
    benchmarks = small_suite(tmp_path, SUITE)
    base, head = (
        Place(side, sys.executable, benchmarks, {"SIDE": side, "NOTES": str(tmp_path)})
        for side in ("base", "head")
    )
    races = against_itself("bench.Cached.time_cached", (base, head), [("1", "2")])
    heard = Heard()
    found = driven(races, ground(tmp_path / "work"), heard)
    assert {result.status for result in found.values()} == {"ok"}
    assert len(heard.pairs) == 4
    assert [(tmp_path / side).read_text().split() for side in ("base", "head")] == [["cache"], ["cache"]]


def test_every_known_pool_of_threads_is_told() -> None:
    assert {"OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"} < set(
        THREAD_VARIABLES
    )


def test_the_a_a_arm_is_the_baseline_once_more(tmp_path: Path) -> None:
    where = places(small_suite(tmp_path, "def time_it():\n    sum(range(1000))\n"))
    races = against_itself("bench.time_it", where)
    for null in (True, False):
        (pair, _), *_ = measured(races, ground(tmp_path / "work"), null=null).values()
        assert set(pair.sides) == {"base", "head"}
        assert (pair.null is not None) == null
    assert psutil.Process().children(recursive=True) == []


@pytest.mark.parametrize(("few", "many"), [(1, 1), (1, 60), (3, 60), (7, 10), (60, 60)])
def test_turns_of_a_contender_are_spread_over_the_pair(few: int, many: int) -> None:
    turns = sorted(_spaced(few, many))
    assert (len(turns), turns[0]) == (few, 0)
    assert turns[-1] < many
    steps = [b - a for a, b in pairwise(turns)]
    assert max(steps, default=1) - min(steps, default=1) <= 1
