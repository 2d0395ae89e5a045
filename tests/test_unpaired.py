"""Memory and tracked numbers: fresh processes, compared without statistics."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_races import NOWHERE, against_itself, ground, small_suite

from paceline.race import unpaired
from paceline.race.contenders import Absence, Contender, Place
from paceline.race.unpaired import BYTES, PROCESSES, Compared, _memory, _tracked, compare

SUITE = """
import os
HEAD = os.environ["SIDE"] == "head"

class Memory:
    params = [0, 30]
    def peakmem_more(self, megabytes):
        return bytearray(megabytes * (1 << 20) * HEAD + 1)
    def peakmem_raises(self, megabytes):
        raise MemoryError("no more")

class Prepared:
    def setup(self):
        self.more = bytearray(50 << 20) if HEAD else b""
    def peakmem_prepared(self):
        pass

class Cached:
    def setup_cache(self):
        return 7
    def track_cached(self, cache):
        return cache

class BadCache:
    def setup_cache(self):
        raise OSError("no data")
    def track_never(self, cache):
        return 1

def track_same():
    return 3
def track_nan():
    return float("nan")
def track_changed():
    return 3 + HEAD
def track_worse():
    return 3 + HEAD
track_worse.better, track_worse.repeatable = "lower", True
def track_better():
    return 3 + HEAD
track_better.better, track_better.repeatable = "higher", True
def track_text():
    return "many"
def track_hangs():
    import time
    time.sleep(600)
track_hangs.timeout = 0.5
def track_dies():
    os._exit(3)

if HEAD:
    def track_new():
        return 1
"""


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Compared]]:
    folder = tmp_path_factory.mktemp("numbers")
    benchmarks = small_suite(folder, SUITE)
    where = tuple(Place(side, sys.executable, benchmarks, {"SIDE": side}) for side in ("base", "head"))
    work = ground(folder / "work")

    def asked(name: str, kind: str = "track", *params: str) -> Compared:
        values = [("0", "30")] if params else []
        races = against_itself(f"bench.{name}", (where[0], where[1]), values)
        race = races[int(params == ("30",))]
        return compare(work, race.baseline, race.contenders[0], kind)

    yield asked
    assert psutil.Process().children(recursive=True) == []


@pytest.mark.parametrize(
    ("name", "verdict", "base", "head"),
    [
        ("track_same", "same", 3, 3),
        ("track_changed", "changed", 3, 4),
        ("track_worse", "worse", 3, 4),
        ("track_better", "better", 3, 4),
        ("Cached.track_cached", "same", 7, 7),
    ],
)
def test_tracked_numbers(
    ask: Callable[..., Compared], name: str, verdict: str, base: float, head: float
) -> None:
    found = ask(name)
    assert (found.base, found.head, found.verdict) == (base, head, verdict)
    assert found.ratio == pytest.approx(head / base)


def test_not_a_number_is_the_same_as_itself(ask: Callable[..., Compared]) -> None:
    assert ask("track_nan").verdict == "same"


@pytest.mark.parametrize(
    ("name", "status", "reason"),
    [
        ("track_text", "failed", "ValueError: could not convert"),
        ("track_dies", "failed", "the worker ended with exit code 3"),
        ("track_hangs", "failed", "the worker gave no answer within 0.5 s"),
        ("BadCache.track_never", "failed", "setup_cache: OSError: no data"),
    ],
)
def test_a_number_that_cannot_be_had_says_why(
    ask: Callable[..., Compared], name: str, status: str, reason: str
) -> None:
    found = ask(name)
    for side in (found.base, found.head):
        assert isinstance(side, Absence)
        assert side.status == status
        assert side.reason.startswith(reason)
    assert (found.verdict, found.ratio) == ("", None)


def test_what_one_side_lacks_is_absent_there(ask: Callable[..., Compared]) -> None:
    found = ask("track_new")
    assert isinstance(found.base, Absence)
    assert (found.base.status, found.head, found.ratio) == ("absent", 1.0, None)


def test_memory_is_compared_by_fresh_processes(ask: Callable[..., Compared]) -> None:
    same, worse = (
        ask("Memory.peakmem_more", "peakmemory", "0"),
        ask("Memory.peakmem_more", "peakmemory", "30"),
    )
    assert same.verdict == "same"
    assert (worse.verdict, worse.processes) == ("worse", PROCESSES)
    assert isinstance(worse.head, float)
    assert isinstance(worse.base, float)
    assert worse.head - worse.base == pytest.approx(30 << 20, rel=0.2)


def test_memory_of_setup_counts_and_a_benchmark_without_memory_fails(ask: Callable[..., Compared]) -> None:
    assert ask("Prepared.peakmem_prepared", "peakmemory").verdict == "worse"
    found = ask("Memory.peakmem_raises", "peakmemory", "0")
    assert found.base == found.head == Absence("failed", "MemoryError: no more")


def test_the_driver_s_memory_is_not_the_benchmark_s(ask: Callable[..., Compared]) -> None:
    ours = bytearray(b"x") * (300 << 20)
    found = ask("Memory.peakmem_more", "peakmemory", "0")
    assert isinstance(found.head, float)
    assert found.head < len(ours)


class Processes:
    """Stands in for real processes: tells the numbers that it was given, one after the other."""

    def __init__(self, *numbers: tuple[float, float], **words: Any) -> None:
        self.numbers, self.words, self.asked = list(numbers), words, 0

    def __call__(self, *_: object) -> list[Any]:
        self.asked += 1
        return [unpaired._Told(number, self.words) for number in self.numbers[self.asked - 1]]


ONE = Contender("one", NOWHERE, "m.track_x", 0, ())
MIB = float(1 << 20)


@pytest.mark.parametrize(
    ("numbers", "verdict", "asked"),
    [
        ([(100 * MIB, 100.1 * MIB)], "same", 1),  # far within the limits: not asked again
        ([(100 * MIB, 105 * MIB)] * 3, "worse", 3),
        ([(100 * MIB, 95 * MIB)] * 3, "better", 3),
        ([(100 * MIB, 105 * MIB), (100 * MIB, 105 * MIB), (104 * MIB, 100 * MIB)], "same", 3),  # the least
        ([(100 * MIB, 101.5 * MIB)] * 3, "same", 3),  # over 1 MiB, not over 2 %
        ([(10 * MIB, 10.9 * MIB)] * 3, "same", 3),  # over 2 %, not over 1 MiB
    ],
)
def test_the_least_of_three_processes_a_side_decides(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, numbers: list[Any], verdict: str, asked: int
) -> None:
    processes = Processes(*numbers)
    monkeypatch.setattr(unpaired, "_both", processes)
    found = compare(ground(tmp_path), ONE, ONE, "peakmemory")
    assert (found.verdict, processes.asked) == (verdict, asked)
    assert found.processes == asked


SIZES = st.floats(1.0, 1e12)


@given(SIZES, SIZES)
def test_memory_is_worse_from_one_side_only(before: float, after: float) -> None:
    forth, back = _memory(before, after), _memory(after, before)
    assert (forth, back) != ("worse", "worse")
    assert forth == "same" or abs(after - before) > BYTES
    assert _memory(before, before) == "same"


@given(st.floats(), st.floats(), st.sampled_from([None, "lower", "higher", "both", 3]), st.booleans())
def test_a_tracked_number_is_judged_only_where_its_class_says_how(
    before: float, after: float, better: object, repeatable: bool
) -> None:
    found = _tracked(before, after, {"better": better, "repeatable": repeatable})
    if before == after or (math.isnan(before) and math.isnan(after)):
        assert found == "same"
    elif repeatable and better in ("lower", "higher"):
        assert found in ("worse", "better") or math.isnan(before + after)
    else:
        assert found == "changed"
