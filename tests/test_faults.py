"""What benchmarks and machines do to a run: each fault costs its own case, and no process is left behind."""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from pathlib import Path
from threading import Event

import psutil
import pytest
from small_races import Heard, against_itself, alive, driven, ground, places, small_suite

from paceline.race.contenders import Place
from paceline.race.crew import Ground, Limits
from paceline.race.tally import Result

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
            KEPT.append(b"x" * (64 << 20))
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


def test_what_a_benchmark_forked_is_not_left_behind(
    faults: tuple[dict[str, Result], Heard], notes: Path
) -> None:
    pids = [int(path.name) for path in notes.iterdir()]
    assert len(pids) >= 5, "it forked nothing"
    ended = time.monotonic() + 10
    while (left := [pid for pid in pids if alive(pid)]) and time.monotonic() < ended:
        time.sleep(0.02)
    assert left == []


def test_a_daemon_of_a_case_that_fails_is_not_left_behind(tmp_path: Path) -> None:
    """Its setup starts one, in a session and with a parent of its own, and then nothing is torn down."""
    text = f"""
import subprocess
def setup():
    start = ["sh", "-c", "sleep 600 & echo $! >> {tmp_path}/pids"]
    subprocess.run(start, start_new_session=True, check=True)
    raise OSError("and now this")
def time_it():
    pass
"""
    where = places(small_suite(tmp_path / "suite", text))
    (result,) = driven(against_itself("bench.time_it", where), ground(tmp_path / "work"), Heard()).values()
    assert result.reason.endswith("and now this")
    pids = [int(pid) for pid in (tmp_path / "pids").read_text().split()]
    ended = time.monotonic() + 10
    while (left := [pid for pid in pids if alive(pid)]) and time.monotonic() < ended:
        time.sleep(0.02)
    assert len(pids) >= 2
    assert left == []


def test_a_run_that_is_stopped_asks_nobody_any_more(tmp_path: Path) -> None:
    benchmarks = small_suite(tmp_path, "import time\ndef time_hangs():\n    time.sleep(600)\n")
    both = [Place(side, sys.executable, benchmarks) for side in ("base", "head")]
    stop = Event()
    where = Ground(Limits(), tmp_path, stop, random.Random(1))
    stop.set()
    with pytest.raises(KeyboardInterrupt):
        driven(against_itself("bench.time_hangs", (both[0], both[1])), where, Heard())
    assert psutil.Process().children(recursive=True) == []
