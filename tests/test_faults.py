"""What benchmarks and machines do to a run: each fault costs its own case, and no process is left behind."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

import psutil
import pytest
from conftest import Paceline, write_suite
from small_races import Heard, against_itself, driven, ground, places, small_suite

from paceline.outcome import Exit, PacelineError
from paceline.race.contenders import Contender, Place
from paceline.race.crew import Crew, Ground, Limits
from paceline.race.process import Worker
from paceline.race.tally import Result
from paceline.results.ledger import Ledger, read

MEMORY = 300e6
SUITE = """
import ctypes
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

HEAD = os.environ["SIDE"] == "head"
KEPT = []

def left_behind(pid):
    Path(os.environ["NOTES"], str(pid)).touch()

def time_before():
    sum(range(100))

class Faults:
    timeout = 30.0
    def time_kills_itself(self):
        if HEAD:
            os.kill(os.getpid(), signal.SIGKILL)
    def time_segfaults(self):
        if HEAD:
            ctypes.string_at(0)
    def time_grows_at_once(self):
        if HEAD:
            KEPT.append(b"x" * (400 << 20))
            time.sleep(20)
    def time_grows_quickly(self):
        if HEAD:
            KEPT.append(b"x" * (16 << 20))
            time.sleep(0.004)
    def time_prints_garbage(self):
        print("[1, 2]")
        os.write(1, b'{"status": "ready"}\\n\\xff\\xfe\\n')
    def time_scribbles(self):
        for handle in range(3, 10) if HEAD else ():
            try:
                os.write(handle, b"no answer\\n")
            except OSError:
                pass
    def time_closes_pipes(self):
        if HEAD:
            os.closerange(3, 256)
    def time_exits(self):
        if HEAD:
            sys.exit("enough")
    def time_exits_at_once(self):
        if HEAD:
            os._exit(0)
    def time_has_no_memory(self):
        if HEAD:
            raise MemoryError("no more of it")
    def time_interrupts(self):
        if HEAD:
            raise KeyboardInterrupt

def time_hangs():
    if HEAD:
        time.sleep(600)
time_hangs.timeout = 1.0

class Late:
    calls = 0
    def time_late(self):
        self.calls += 1
        if HEAD and self.calls == 1000:
            raise ValueError("the 1000th")

def fork():
    pid = os.fork()
    if pid == 0:
        time.sleep(600)
    left_behind(pid)

class Forks:
    forked = False
    def setup(self):
        if HEAD and not self.forked:
            self.forked = True
            fork()
            left_behind(subprocess.Popen(["sleep", "600"], start_new_session=True).pid)
    def time_forks(self):
        pass

def time_forks_and_dies():
    if HEAD:
        fork()
        os._exit(7)

class TearsDownBadly:
    def setup(self):
        pass
    def teardown(self):
        if HEAD:
            raise OSError("cannot be removed")
    def time_it(self):
        pass

class BadCache:
    def setup_cache(self):
        if HEAD:
            raise OSError("no data")
    def time_cached(self):
        pass

class StrayCache:
    def setup_cache(self):
        os.chdir("/")
        return 3
    def time_cached(self, cache):
        assert cache == 3

class LosingCache:
    def setup_cache(self):
        import pickle  # what was made is lost as soon as it is written
        pickle.dump = lambda value, file: os.unlink(file.name)
    def time_cached(self):
        pass

class Complains:
    def time_long(self):
        raise ValueError("line\\n" * 1000)
    def time_odd(self):
        raise ValueError("no file \\udcff")

class DeadlyCache:
    def setup_cache(self):
        os.kill(os.getpid(), signal.SIGKILL)
    def time_cached(self):
        pass

class BaseDies:
    def time_it(self):
        if not HEAD:
            os.abort()

def time_after():
    sum(range(100))
"""
BROKEN = """
import os
if os.environ["SIDE"] == "head":
    raise ImportError("no such library")
def time_broken():
    pass
"""
TOLD = {
    "bench.time_before": ("ok", ""),
    "bench.Faults.time_kills_itself": ("failed", "the worker was killed by SIGKILL"),
    "bench.Faults.time_segfaults": ("failed", "the worker was killed by SIGSEGV"),
    "bench.Faults.time_grows_at_once": ("failed", "the worker grew to 0."),
    "bench.Faults.time_grows_quickly": ("failed", "the worker grew to 0."),
    "bench.Faults.time_prints_garbage": ("ok", ""),
    "bench.Faults.time_scribbles": ("failed", "the worker wrote something else than an answer to its pipe"),
    "bench.Faults.time_closes_pipes": ("failed", "the worker ended with exit code 1: OSError"),
    "bench.Faults.time_exits": ("failed", "SystemExit: enough"),
    "bench.Faults.time_exits_at_once": ("failed", "the worker ended with exit code 0"),
    "bench.Faults.time_has_no_memory": ("failed", "MemoryError: no more of it"),
    "bench.Faults.time_interrupts": ("failed", "KeyboardInterrupt"),
    "bench.time_hangs": ("failed", "the worker gave no answer within 1"),
    "bench.Late.time_late": ("failed", "ValueError: the 1000th"),
    "bench.Forks.time_forks": ("ok", ""),
    "bench.time_forks_and_dies": ("failed", "the worker ended with exit code 7"),
    "bench.TearsDownBadly.time_it": ("failed", "OSError: cannot be removed"),
    "bench.BadCache.time_cached": ("failed", "setup_cache: OSError: no data"),
    "bench.DeadlyCache.time_cached": ("failed", "setup_cache: the worker was killed by SIGKILL"),
    "bench.StrayCache.time_cached": ("ok", ""),
    "bench.LosingCache.time_cached": ("failed", "setup_cache: what it made cannot be found"),
    "bench.Complains.time_long": ("failed", "ValueError: line line line"),
    "bench.Complains.time_odd": ("failed", "ValueError: no file \\udcff"),
    "bench.BaseDies.time_it": ("unmeasured", "the baseline failed: the worker was killed by SIGABRT"),
    "broken.time_broken": ("failed", "ImportError: no such library"),
    "bench.time_after": ("ok", ""),
}  # fmt: skip


@pytest.fixture(scope="module")
def notes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("left")


@pytest.fixture(scope="module")
def faults(tmp_path_factory: pytest.TempPathFactory, notes: Path) -> tuple[dict[str, Result], Heard]:
    """Race everything in one crew, two pairs of each."""
    folder = tmp_path_factory.mktemp("faults")
    benchmarks = small_suite(folder, SUITE, broken=BROKEN)
    base, head = (
        Place(side, sys.executable, benchmarks, {"SIDE": side, "NOTES": str(notes)})
        for side in ("base", "head")
    )
    races = [race for name in TOLD for race in against_itself(name, (base, head))]
    heard = Heard()
    found = driven(races, ground(folder / "work", memory=MEMORY), heard)
    assert psutil.Process().children(recursive=True) == []
    assert not list((folder / "work").rglob("work-*"))
    return found, heard


@pytest.mark.parametrize("name", TOLD)
def test_a_fault_costs_its_own_case(faults: tuple[dict[str, Result], Heard], name: str) -> None:
    result = faults[0][name]
    status, reason = TOLD[name]
    assert (result.status, result.reason[: len(reason)]) == (status, reason), result.reason
    assert bool(result.verdict) == (status == "ok")


def test_every_pair_and_every_end_is_in_the_ledger(faults: tuple[dict[str, Result], Heard]) -> None:
    records = faults[1].records
    pairs = Counter(one["race"] for one in records if one["kind"] == "pair")
    assert pairs == {name: 2 if status == "ok" else 1 for name, (status, _) in TOLD.items()}
    ends = Counter(one["race"] for one in records if one["kind"] == "race")
    assert ends == dict.fromkeys(TOLD, 1)


def test_reasons_are_short_lines_that_can_be_written(faults: tuple[dict[str, Result], Heard]) -> None:
    for result in faults[0].values():
        assert len(result.reason) <= 500
        assert "\n" not in result.reason
        result.reason.encode()


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        (None, "the worker cannot be started: "),
        ('exec "{python}" -S -E "$@"', "the worker ended with exit code 1: ModuleNotFoundError: "),
        ("echo garbage; exec sleep 600", "the worker wrote something else than an answer"),
        ("exit 0", "the worker ended with exit code 0"),
    ],
)
def test_an_interpreter_that_cannot_run_workers_costs_its_own_side(
    tmp_path: Path, script: str | None, reason: str
) -> None:
    python = tmp_path / "python"
    if script:
        python.write_text("#!/bin/sh\n" + script.format(python=sys.executable) + "\n")
        python.chmod(0o755)
    benchmarks = small_suite(tmp_path, "def time_it():\n    sum(range(100))\n")
    base, head = Place("base", sys.executable, benchmarks), Place("head", str(python), benchmarks)
    heard = Heard()
    (result,) = driven(
        against_itself("bench.time_it", (base, head)), ground(tmp_path / "work"), heard
    ).values()
    assert result.status == "failed"
    assert result.reason.startswith(reason), result.reason
    assert set(heard.pairs[0][1].sides) == {"base"}
    assert psutil.Process().children(recursive=True) == []
    assert not list((tmp_path / "work").rglob("work-*"))


def alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_what_a_benchmark_forked_is_not_left_behind(
    faults: tuple[dict[str, Result], Heard], notes: Path
) -> None:
    pids = [int(path.name) for path in notes.iterdir()]
    assert len(pids) >= 5, "it forked nothing"
    ended = time.monotonic() + 10
    while (left := [pid for pid in pids if alive(pid)]) and time.monotonic() < ended:
        time.sleep(0.02)
    assert left == []


def test_a_run_that_is_stopped_asks_nobody_any_more(tmp_path: Path) -> None:
    benchmarks = small_suite(tmp_path, "import time\ndef time_hangs():\n    time.sleep(600)\n")
    places = [Place(side, sys.executable, benchmarks) for side in ("base", "head")]
    stop = Event()
    where = Ground(Limits(), tmp_path, stop, random.Random(1))
    stop.set()
    with pytest.raises(KeyboardInterrupt):
        driven(against_itself("bench.time_hangs", (places[0], places[1])), where, Heard())
    assert psutil.Process().children(recursive=True) == []


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 64 kilobytes, where this user may have one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)]
    try:
        mounted = subprocess.run(words, capture_output=True, check=False, timeout=30).returncode == 0
    except FileNotFoundError:
        mounted = False
    if not mounted:
        pytest.skip("this user may not mount a small disk")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True, timeout=30)


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


@pytest.mark.slow
@pytest.mark.parametrize(("sign", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_in_the_middle_leaves_a_whole_ledger_and_no_process(
    started: Started, tmp_path: Path, paceline: Paceline, sign: signal.Signals, code: int
) -> None:
    words = ("selftest", "--seconds", "0.05", "--machine", "box", "--results", "told")
    process, path = started(*words, "--trials", "2", pairs=3)
    children = its_workers(process.pid)
    process.send_signal(sign)
    _, err = process.communicate(timeout=60)
    assert process.returncode == code, err
    assert not [child for child in children if alive(child.pid)]
    before = whole(path)
    assert before[-1]["kind"] == "end"
    assert before[-1]["how"] == "interrupted"
    if sign == signal.SIGTERM:
        return  # to go on with it is the same
    pairs = count(path, "pair")
    again = paceline(
        *words, "--trials", "2", "--hours", "0.001", "--resume", cwd=tmp_path, HOME=str(tmp_path)
    )
    assert again.returncode in (0, 6), again.stderr
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

    def interrupted(worker: Worker) -> None:
        if next(interrupts, False):
            raise KeyboardInterrupt
        close(worker)

    monkeypatch.setattr(Worker, "close", interrupted)
    with pytest.raises(KeyboardInterrupt):
        crew.close()
    assert not any(psutil.pid_exists(pid) for pid in pids)
