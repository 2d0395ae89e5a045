"""Cases that use several cores, and are measured on one: they carry a warning, and no others do."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from comparisons import verdict
from small_races import Heard, against_itself, ground, places, small_suite

from paceline.race.contenders import Contender, Race
from paceline.race.cores import probe, said
from paceline.race.driver import Effort, Run
from paceline.race.tally import Terms
from paceline.report import comparison, race_document, race_notes
from paceline.report.races import Outcome

SUITE = """
import hashlib
import threading

DATA = bytes(1 << 19)

def work():
    hashlib.sha256(DATA).digest()  # lets go of the interpreter's lock

class Work:
    params, param_names = [[1, 2]], ["n"]
    def time_several(self, n):
        started = [threading.Thread(target=work) for _ in range(n - 1)]
        for one in started:
            one.start()
        work()
        for one in started:
            one.join()

def time_alone():
    work()
"""


@pytest.mark.parametrize(
    ("wall", "cpu", "own", "told"),
    [
        (1.0, 3.8, 1.0, "uses 3.8 cores, measured on 1"),
        (1.0, 1.0, 0.5, "works in several threads, measured on 1 core"),  # a busy computer, or one core
        (1.0, 1.0, 0.99, ""),
        (1.0, 0.2, 0.2, ""),
        (0.0, 0.0, 0.0, ""),
    ],
)
def test_what_is_warned_of(wall: float, cpu: float, own: float, told: str) -> None:
    assert said({"wall": wall, "cpu": cpu, "own": own}) == told


def raced(races: list[Race], folder: Path, cores: bool = True) -> tuple[Run, Heard]:
    heard = Heard()
    effort = Effort(seconds=0.005, cores=cores)
    run = Run(races, Terms((2,), confirms=False), effort, ground(folder), heard.write, heard)
    run.measure()
    return run, heard


def test_a_case_of_several_threads_carries_a_warning_and_others_do_not(tmp_path: Path) -> None:
    where = places(small_suite(tmp_path / "suite", SUITE))
    races = against_itself("bench.Work.time_several", where, (("1", "2"),))
    races += against_itself("bench.time_alone", where)  # one crew of two benchmarks, as in a screening
    run, heard = raced(races, tmp_path / "work")
    warned = {name: known.cores for name, known in run.known.items() if known.cores}
    assert set(warned) == {"bench.Work.time_several(2)"}
    (text,) = warned["bench.Work.time_several(2)"].values()
    assert "measured on 1" in text
    again = Run(races, run.terms, Effort(), ground(tmp_path / "work"), heard.write, heard)
    again.replay(heard.records)
    assert again.known["bench.Work.time_several(2)"].cores == warned["bench.Work.time_several(2)"]


SPINNING = """
import threading
import time

def spin():
    end = time.monotonic() + 30
    while time.monotonic() < end:
        pass

def setup_pool():
    threading.Thread(target=spin, daemon=True).start()

def time_spinner():
    pass

time_spinner.setup = setup_pool

def time_quiet():
    for _ in range(1000):
        pass
"""


LATE = """
import threading
import time

CALLED = []

def spin():
    while len(CALLED) < 2:  # at rest, as far as anybody can see
        time.sleep(0.001)
    end = time.thread_time() + 0.01
    while time.thread_time() < end:
        pass

threading.Thread(target=spin, daemon=True).start()

def time_quiet():
    if len(CALLED) < 3:
        CALLED.append(time.sleep(0.005))
    for _ in range(1000):
        pass
"""


def test_what_is_left_of_an_import_is_not_the_case_s(tmp_path: Path) -> None:
    base, _ = places(small_suite(tmp_path / "suite", LATE))
    case = {("time_quiet", "base"): Contender("base", base, "bench.time_quiet", 0, ())}
    assert probe(ground(tmp_path / "work"), case) == {}


def test_threads_that_one_case_leaves_behind_are_not_blamed_on_the_next(tmp_path: Path) -> None:
    base, _ = places(small_suite(tmp_path / "suite", SPINNING))
    cases = {
        (name, "base"): Contender("base", base, f"bench.{name}", 0, ())
        for name in ("time_spinner", "time_quiet")
    }
    assert ("time_quiet", "base") not in probe(ground(tmp_path / "work"), cases)


STARTING = """
import threading
import time

def spin():
    end = time.monotonic() + 0.2
    while time.monotonic() < end:
        pass

threading.Thread(target=spin, daemon=True).start()  # as a library that is imported

def time_quiet():
    for _ in range(1000):
        pass
"""


def test_threads_that_an_import_leaves_spinning_for_a_moment_are_waited_for(tmp_path: Path) -> None:
    base, _ = places(small_suite(tmp_path / "suite", STARTING))
    case = Contender("base", base, "bench.time_quiet", 0, ())
    assert probe(ground(tmp_path / "work"), {("time_quiet", "base"): case}) == {}


def test_a_case_with_a_parameter_of_threads_is_not_asked(tmp_path: Path) -> None:
    where = places(small_suite(tmp_path / "suite", SUITE))
    races = [
        replace(race, axes={"threads": 1})
        for race in against_itself("bench.Work.time_several", where, (("2",),))
    ]
    _, heard = raced(races, tmp_path / "work")
    assert not [one for one in heard.records if one["kind"] == "cores"]


def test_with_threads_of_its_own_a_case_is_not_asked(tmp_path: Path) -> None:
    where = places(small_suite(tmp_path / "suite", SUITE))
    run, heard = raced(against_itself("bench.Work.time_several", where, (("2",),), threads=2), tmp_path / "w")
    assert not [one for one in heard.records if one["kind"] == "cores"]
    assert not any(known.cores for known in run.known.values())


def test_a_warning_is_shown_even_of_what_is_the_same() -> None:
    one = verdict("same", ratio=1.0, low=0.99, high=1.01, warning="uses 3.8 cores, measured on 1")
    assert comparison.notes(one) == "uses 3.8 cores, measured on 1"
    assert comparison.table([one], 120) is not None
    assert comparison.document(one)["warning"] == "uses 3.8 cores, measured on 1"
    assert "[compare] threads" in list(comparison.lines([one], 0.005))[-1]
    assert comparison.table([verdict("same", ratio=1.0)], 120) is None


def test_a_race_tells_who_carries_a_warning(tmp_path: Path) -> None:
    (race,) = against_itself("m.time_x", places(tmp_path))
    outcome = Outcome(race, (), 0.005, warnings={"head": "uses 2.0 cores, measured on 1"})
    assert race_notes.notes([outcome]) == ["m.time_x: head: uses 2.0 cores, measured on 1"]
    assert race_document.races([outcome])[0]["baseline_warning"] == ""
