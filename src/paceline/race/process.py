"""A worker process as the driver sees it: started, asked, given limits, and always ended."""

from __future__ import annotations

import json
import os
import select
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Collection, Mapping
from contextlib import suppress
from pathlib import Path
from threading import Event
from types import TracebackType
from typing import Any

import psutil

from paceline.race.worker import PROTOCOL
from paceline.suite.interpreter import surroundings

SCRIPT = Path(__file__).with_name("worker.py")
START_SECONDS = 120.0
MARK = "PACELINE_WORKER"  # in the environment of a worker, and of whatever it starts
AHEAD = -10  # the priority of workers that are timed, where the system grants it: decision 12
LOOK_SECONDS = 0.1  # how often a waiting driver looks whether it is to stop


class WorkerLostError(Exception):
    """The worker died, hung, grew too large or answered nonsense; the text says which."""


class Worker:
    """One worker process; a context manager that leaves no process behind.

    ``variables`` are set in its environment, those that are None are taken out of it. ``memory`` is the
    number of bytes beyond which it is ended. With ``scratch`` it runs in a new folder in ``folder``, which
    is removed with all that the benchmark has left there.
    """

    def __init__(
        self,
        python: str,
        benchmarks: Path,
        folder: Path,
        stop: Event | None = None,
        variables: Mapping[str, str | None] | None = None,
        memory: float | None = None,
        greet: bool = True,
        scratch: bool = False,
    ) -> None:
        """Start a worker; once ``stop`` is set, whoever waits for its answer loses it."""
        self._stop = stop or Event()
        self._memory, self._weighed = memory, 0.0
        self._buffer = b""
        self._mark = uuid.uuid4().hex
        self._scratch: Path | None = None
        try:
            self._complaints = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the worker
        except OSError as error:
            raise WorkerLostError(f"cannot be started: {error}") from error
        try:
            self._scratch = Path(tempfile.mkdtemp(prefix="work-", dir=folder)) if scratch else None
            self._process = subprocess.Popen(
                [python, str(SCRIPT), str(benchmarks)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._complaints,
                cwd=self._scratch or folder,
                env=surroundings(python, {"PYTHONSAFEPATH": None, **(variables or {}), MARK: self._mark}),
                start_new_session=True,  # Ctrl-C is ours to hand on, and its children are ours to end
            )
        except OSError as error:
            self._tidy()
            raise WorkerLostError(f"cannot be started: {error}") from error
        if greet:
            self.greet()

    def greet(self) -> None:
        """Ask for the protocol; a worker that speaks another is ended."""
        try:
            told = self.ask({"do": "hello"}, START_SECONDS).get("protocol")
        except BaseException:
            self.close()
            raise
        if told != PROTOCOL:
            self.close()
            raise WorkerLostError(f"speaks protocol {told}, not {PROTOCOL}")

    def ask(self, command: Mapping[str, Any], seconds: float) -> dict[str, Any]:
        """Send one command and return its answer; a worker that does not give one is lost."""
        self.send(command)
        return self.receive(seconds)

    def send(self, command: Mapping[str, Any]) -> None:
        """Send one command, whose answer is to be received."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(command).encode() + b"\n")
            self._process.stdin.flush()
        except OSError as error:
            raise WorkerLostError(self._last_words()) from error

    def receive(self, seconds: float) -> dict[str, Any]:
        """Return the answer to what was sent."""
        line = self._line(time.monotonic() + seconds, seconds)
        if time.monotonic() - self._weighed > LOOK_SECONDS:
            self._weigh()  # one that answers quickly may grow, too
        try:
            answer = json.loads(line)
        except ValueError as error:
            raise WorkerLostError("wrote something else than an answer to its pipe") from error
        if not isinstance(answer, dict):
            raise WorkerLostError("wrote something else than an answer to its pipe")
        return answer

    def pin(self, cpus: Collection[int], ahead: bool = False) -> None:
        """Let it run on these processors only, and ``ahead`` of other programs, where the system can do that.

        Whoever runs us at a low priority wants it low: then it stays.
        """
        if cpus and hasattr(os, "sched_setaffinity"):
            with suppress(OSError):
                os.sched_setaffinity(self._process.pid, cpus)
        own = os.getpriority(os.PRIO_PROCESS, 0)
        if own <= 0:
            with suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, self._process.pid, min(own, AHEAD) if ahead else own)

    def close(self, orphans: bool = False) -> None:
        """End the worker and whatever it started, in its session or in one of their own.

        ``orphans``: also what has left it, as daemons do. They are looked for among all processes.
        """
        lost = orphans or self._process.poll() is not None
        strangers = _marked(self._mark) if lost else _descendants(self._process.pid)
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        for process in strangers:
            with suppress(psutil.Error):
                process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):  # a command that it never read
                    pipe.close()
        self._process.wait()
        self._tidy()

    def _tidy(self) -> None:
        self._complaints.close()
        if self._scratch:
            shutil.rmtree(self._scratch, ignore_errors=True)

    def _line(self, deadline: float, seconds: float) -> bytes:
        assert self._process.stdout is not None
        handle = self._process.stdout.fileno()
        while b"\n" not in self._buffer:
            left = max(0.0, deadline - time.monotonic())
            ready, _, _ = select.select([handle], [], [], min(left, LOOK_SECONDS))
            if self._stop.is_set():
                raise WorkerLostError("was stopped")
            if not ready:
                if self._process.poll() is not None:  # what it has forked may hold the pipe open
                    raise WorkerLostError(self._last_words())
                if not left:
                    raise WorkerLostError(f"gave no answer within {seconds:g} s")
                self._weigh()
                continue
            piece = os.read(handle, 65536)
            if not piece:
                raise WorkerLostError(self._last_words())
            self._buffer += piece
        line, _, self._buffer = self._buffer.partition(b"\n")
        return line

    def _weigh(self) -> None:
        """End a worker that has grown beyond its limit, before the system ends something else."""
        self._weighed = time.monotonic()
        if self._memory is None:
            return
        with suppress(psutil.Error):
            used = psutil.Process(self._process.pid).memory_info().rss
            if used > self._memory:
                gigabytes = f"{used / 1e9:.2g} GB of memory, and may have {self._memory / 1e9:.2g} GB"
                raise WorkerLostError(f"grew to {gigabytes}")

    def _last_words(self) -> str:
        """Return how a worker that is gone has ended, with the last line that it wrote."""
        try:
            code = self._process.wait(timeout=5.0)
        except subprocess.TimeoutExpired:
            return "closed its pipe"
        self._complaints.seek(0)
        lines = self._complaints.read().decode(errors="replace").strip().splitlines()
        last = f": {lines[-1]}" if lines else ""
        if code < 0:
            return f"was killed by {_signal(-code)}{last}"
        return f"ended with exit code {code}{last}"

    def __enter__(self) -> Worker:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _descendants(pid: int) -> list[psutil.Process]:
    """Return the processes that one has started and that live, with theirs."""
    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.Error:
        return []


def _marked(mark: str) -> list[psutil.Process]:
    """Return the processes that live in the environment of a worker: those that it left as orphans."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            if process.environ().get(MARK) == mark:
                found.append(process)
    return found


def _signal(number: int) -> str:
    """Return a signal's name; real-time signals have none."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
