"""A worker process as the driver sees it: started, asked, given a time limit, and always ended."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from threading import Event
from types import TracebackType
from typing import Any

from paceline.race.worker import PROTOCOL

SCRIPT = Path(__file__).with_name("worker.py")
START_SECONDS = 120.0
LOOK_SECONDS = 0.1  # how often a waiting driver looks whether it is to stop


class WorkerLostError(Exception):
    """The worker died, hung or answered nonsense; the text says which."""


class Worker:
    """One worker process; a context manager that leaves no process behind."""

    def __init__(self, python: str, benchmarks: Path, folder: Path, stop: Event | None = None) -> None:
        """Start a worker; once ``stop`` is set, whoever waits for its answer loses it."""
        self._stop = stop or Event()
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the worker
        self._buffer = b""
        self._process = subprocess.Popen(
            [python, str(SCRIPT), str(benchmarks)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._complaints,
            cwd=folder,
            start_new_session=True,  # Ctrl-C is ours to hand on, and its children are ours to end
        )
        try:
            self._greet()
        except BaseException:
            self.close()
            raise

    def ask(self, command: dict[str, Any], seconds: float) -> dict[str, Any]:
        """Send one command and return its answer; a worker that does not give one is lost."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(command).encode() + b"\n")
            self._process.stdin.flush()
        except OSError as error:
            raise WorkerLostError(self._last_words()) from error
        line = self._line(time.monotonic() + seconds, seconds)
        try:
            answer = json.loads(line)
        except ValueError as error:
            raise WorkerLostError("wrote something else than an answer to its pipe") from error
        if not isinstance(answer, dict):
            raise WorkerLostError("wrote something else than an answer to its pipe")
        return answer

    def close(self) -> None:
        """End the worker and whatever it started."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):  # a command that it never read
                    pipe.close()
        self._process.wait()
        self._complaints.close()

    def _greet(self) -> None:
        protocol = self.ask({"do": "hello"}, START_SECONDS).get("protocol")
        if protocol != PROTOCOL:
            raise WorkerLostError(f"speaks protocol {protocol}, not {PROTOCOL}")

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
                continue
            piece = os.read(handle, 65536)
            if not piece:
                raise WorkerLostError(self._last_words())
            self._buffer += piece
        line, _, self._buffer = self._buffer.partition(b"\n")
        return line

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


def _signal(number: int) -> str:
    """Return a signal's name; real-time signals have none."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
