"""What ends a run before its time: signals, a full disk, another run. What was measured is kept."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from conftest import Paceline, write_suite
from small_races import Heard, against_itself, alive, driven, ground, places, small_suite

from paceline.outcome import Exit, PacelineError
from paceline.race.contenders import Contender, Place
from paceline.race.crew import Crew
from paceline.race.process import Worker
from paceline.results.ledger import Ledger, read


def fill(ledger: Ledger) -> int:
    """Write until the disk is full, then smaller things; return how many were kept."""
    kept = 0
    for size in (500, 10):
        try:
            while kept < 5000:
                ledger.write({"kind": "filler", "long": "x" * size})
                kept += 1
        except PacelineError:
            continue
    return kept


def test_a_full_disk_ends_the_run_and_keeps_what_was_before(small_disk: Path, tmp_path: Path) -> None:
    benchmarks = small_suite(tmp_path, "def time_it():\n    sum(range(100))\n")
    base, head = (Place(side, sys.executable, benchmarks) for side in ("base", "head"))
    heard = Heard()
    with Ledger(small_disk, "lab", "abc") as ledger:
        kept = fill(ledger)
        heard.write = ledger.write  # type: ignore[method-assign]
        races = against_itself("bench.time_it", (base, head))
        with pytest.raises(PacelineError, match=r"this record \(pair\) is lost.*make room") as lost:
            driven(races, ground(tmp_path / "work"), heard)
    assert lost.value.code == Exit.FAILED
    found = read(ledger.path)
    assert [one["kind"] for one in found.records[:kept]] == ["filler"] * kept
    assert found.warnings == ()
    assert psutil.Process().children(recursive=True) == []


QUICK = """
class Sums:
    params = (["plain", "again"], [10, 20])
    param_names = ("implementation", "n")
    def time_sum(self, implementation, n):
        sum(range(n))
"""
RACE = ("race", "--preset", "quick", "--machine", "box", "--seed", "1")
Started = Callable[..., "tuple[subprocess.Popen[str], Path]"]


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Started]:
    """Return a function that starts a command, and returns once so many pairs are in its ledger."""
    running: list[subprocess.Popen[str]] = []

    def start(*words: str, pairs: int) -> tuple[subprocess.Popen[str], Path]:
        process = subprocess.Popen(
            [sys.executable, "-m", "paceline", *words],
            cwd=tmp_path,
            env={**os.environ, "HOME": str(tmp_path)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        running.append(process)
        while process.poll() is None:
            (*_, path) = [Path(), *tmp_path.rglob("races/*.jsonl")]
            if path.is_file() and count(path, "pair") >= pairs:
                return process, path
            time.sleep(0.02)
        raise AssertionError(process.communicate())

    yield start
    for process in running:
        process.kill()
        process.communicate()


def count(path: Path, kind: str) -> int:
    return path.read_text().count(f'"kind": "{kind}"')


def whole(path: Path) -> list[dict[str, object]]:
    """Read a ledger that must have nothing torn or foreign."""
    found = read(path)
    assert found.warnings == ()
    return list(found.records)


def its_workers(pid: int) -> list[psutil.Process]:
    """Return a command's workers; between two pairs it has none for a moment."""
    for _ in range(200):
        children = psutil.Process(pid).children(recursive=True)
        if children:
            return children
        time.sleep(0.02)
    pytest.fail("it has no workers")


def is_busy_loop(process: psutil.Process) -> bool:
    try:
        return "while True: pass" in process.cmdline()
    except psutil.NoSuchProcess:  # a worker that has ended since
        return False


@pytest.mark.slow
@pytest.mark.parametrize(("sign", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_in_the_middle_leaves_a_whole_ledger_and_no_process(
    started: Started, tmp_path: Path, paceline: Paceline, sign: signal.Signals, code: int
) -> None:
    words = ("selftest", "--seconds", "0.05", "--machine", "box", "--results", "told", "--busy", "1")
    process, path = started(*words, "--trials", "2", pairs=3)
    children = its_workers(process.pid)
    assert any(is_busy_loop(child) for child in children)
    process.send_signal(sign)
    _, err = process.communicate(timeout=60)
    assert process.returncode == code, err
    assert not [child for child in children if alive(child.pid)]
    before = whole(path)
    assert before[-1]["kind"] == "end"
    assert before[-1]["how"] == "interrupted"
    if sign == signal.SIGTERM:
        return  # to go on with it is the same
    other = paceline(*words[:-1], "0", "--resume", cwd=tmp_path, HOME=str(tmp_path))
    assert other.returncode == 2
    assert "was another run (it differs in busy)" in other.stderr
    pairs = count(path, "pair")
    words += ("--trials", "2", "--hours", "0.001", "--resume", "--json", "told.json")
    again = paceline(*words, cwd=tmp_path, HOME=str(tmp_path))
    assert again.returncode in (0, 6), again.stderr
    assert json.loads((tmp_path / "told.json").read_text())["busy"] == 1
    after = whole(path)
    assert after[: len(before)] == before
    assert count(path, "pair") > pairs
    numbers = Counter((one["race"], one["number"]) for one in after if one["kind"] == "pair")
    assert set(numbers.values()) == {1}, "a pair was measured twice"
    assert [one["race"] for one in after if one["kind"] == "race"].count("trial 0") == 1


@pytest.mark.slow
def test_a_kill_loses_at_most_a_pair_and_its_workers_end_by_themselves(
    started: Started, tmp_path: Path, paceline: Paceline
) -> None:
    write_suite(tmp_path, {"quick.py": QUICK})
    process, path = started(*RACE, pairs=3)
    children = psutil.Process(process.pid).children(recursive=True)
    process.kill()
    process.communicate(timeout=60)
    _, left = psutil.wait_procs(children, timeout=30)
    assert left == [], "a worker whose driver is gone must end"
    with path.open("ab") as file:
        file.write(b'{"kind": "pair", "race": "quick.Su')
    told = paceline("race", "--resume", "--json", "-", cwd=tmp_path, HOME=str(tmp_path))
    assert told.returncode in (0, 1), told.stderr
    found = json.loads(told.stdout)["races"]
    assert {one["status"] for race in found for one in race["contenders"]} == {"ok"}
    assert {one["pairs"] for race in found for one in race["contenders"]} == {4}
    numbers = Counter((one["race"], one["number"]) for one in whole(path) if one["kind"] == "pair")
    assert len(numbers) == 2 * 4
    assert set(numbers.values()) == {1}


@pytest.mark.slow
def test_two_at_once_the_second_is_refused_and_told_by_whom(
    started: Started, tmp_path: Path, paceline: Paceline
) -> None:
    words = ("selftest", "--seconds", "0.05", "--machine", "box", "--results", "told", "--trials", "2")
    process, _ = started(*words, pairs=0)
    second = paceline(*words, "--no-wait", cwd=tmp_path, HOME=str(tmp_path))
    assert second.returncode == 3
    assert f"`paceline selftest --trials 2` (pid {process.pid})" in second.stderr
    assert len(list(tmp_path.rglob("races/*.jsonl"))) == 1


def test_results_that_cannot_be_written_are_said_before_anything_is_measured(
    tmp_path: Path, paceline: Paceline
) -> None:
    (tmp_path / "file").write_text("")
    told = paceline(
        "selftest", "--trials", "1", "--results", "file", "--machine", "box", cwd=tmp_path, HOME=str(tmp_path)
    )
    assert told.returncode == 3, told.stderr
    assert "paceline: cannot write" in told.stderr


@pytest.mark.slow
def test_a_disk_that_fills_up_ends_a_command_with_3(
    small_disk: Path, tmp_path: Path, paceline: Paceline
) -> None:
    write_suite(tmp_path, {"quick.py": QUICK})
    (small_disk / "ballast").write_bytes(b"x" * (44 << 10))
    told = paceline(*RACE, "--results", str(small_disk), cwd=tmp_path, HOME=str(tmp_path))
    assert told.returncode == 3, told.stderr
    assert "No space left on device" in told.stderr
    assert "Traceback" not in told.stderr
    (path,) = small_disk.rglob("races/*.jsonl")
    kept = whole(path)
    assert [one["kind"] for one in kept][:1] == ["run"]
    assert count(path, "pair") >= 1


def test_an_interrupt_while_workers_are_ended_leaves_none_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    suite = small_suite(tmp_path, "def time_it():\n    pass\n")
    (place, _) = places(suite)
    contender = Contender("base", place, "bench.time_it", 0, ())
    crew = Crew(ground(tmp_path))
    assert crew.start(dict.fromkeys(("a", "b", "c"), contender)) == {}
    pids = [worker._process.pid for worker in crew._workers.values()]
    close, interrupts = Worker.close, iter([True, False, True, False, False])

    def interrupted(worker: Worker, orphans: bool = False) -> None:
        if next(interrupts, False):
            raise KeyboardInterrupt
        close(worker, orphans)

    monkeypatch.setattr(Worker, "close", interrupted)
    with pytest.raises(KeyboardInterrupt):
        crew.close()
    assert not any(psutil.pid_exists(pid) for pid in pids)
