"""``asv run`` as a child process: started with what it must not be without, watched, and ended cleanly."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from paceline.outcome import Exit, PacelineError
from paceline.suite.config import Suite

PERCENT = re.compile(r"^\s*\[\s*(\d+\.\d+)%\]")
GAVE_UP = re.compile(r"·· Skipping |Failed to build the project")
COMPLAINT = "Error running "
LAST_LINES = 25
STOP_SECONDS = 20.0


@dataclass(frozen=True)
class Order:
    """What asv is to run: a range of commits, benchmarks, attributes, and where the results go."""

    commits: str
    machine: str
    results: Path
    bench: Sequence[str] = ()
    attributes: Mapping[str, Any] | None = None
    launch: str = "forkserver"
    more: Sequence[str] = ()


@dataclass(frozen=True)
class Ended:
    """How asv ended: its exit code, and the last lines that it printed.

    ``unbuilt`` holds the last lines of the command that failed, where a commit could not be built: asv then
    goes on, and calls every case of that commit failed.
    """

    code: int
    tail: tuple[str, ...]
    unbuilt: tuple[str, ...] = ()


def run(suite: Suite, order: Order, log: Path, progress: Callable[[float, str], None]) -> Ended:
    """Run asv to its end; its whole output goes to ``log``, its percentages to ``progress``."""
    tail: deque[str] = deque(maxlen=LAST_LINES)
    complaint: deque[str] = deque(maxlen=LAST_LINES)
    complaining = False
    unbuilt: tuple[str, ...] = ()
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        file = log.open("w", encoding="utf-8")
    except OSError as error:
        raise PacelineError(f"cannot write {log}: {error.strerror}", Exit.FAILED) from error
    with file, _child(suite, order) as child:
        assert child.stdout is not None
        for line in child.stdout:
            file.write(line)
            tail.append(line.rstrip())
            complaining = COMPLAINT in line or (complaining and line[0].isspace())
            if complaining:
                complaint.append(line.rstrip())
            if GAVE_UP.search(line):
                unbuilt = tuple(complaint)
            seen = PERCENT.match(line)
            if seen:
                progress(float(seen[1]), line[seen.end() :].strip(" ·\n"))
        return Ended(child.wait(), tuple(tail), unbuilt)


def command(suite: Suite, order: Order) -> list[str]:
    """Return the command line that runs asv as ordered."""
    words = [sys.executable, "-m", "paceline.suite.asv_main", str(order.results), "run", order.commits]
    words += ["--config", str(suite.config), "--machine", order.machine, "--launch-method", order.launch]
    words.append("--interleave-rounds")  # a noisy minute then hits all implementations, not one
    for pattern in order.bench:
        words += ["--bench", pattern]
    for name, value in (order.attributes or {}).items():
        words += ["--attribute", f"{name}={_attribute(value)}"]
    return [*words, *order.more]


def _attribute(value: Any) -> str:
    return f"({','.join(map(str, value))})" if isinstance(value, list) else str(value)


@contextmanager
def _child(suite: Suite, order: Order) -> Iterator[subprocess.Popen[str]]:
    """Start asv in a process group of its own; whatever happens, leave none of it behind."""
    child = subprocess.Popen(
        command(suite, order),
        cwd=suite.root,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
    )
    try:
        yield child
    finally:
        _end(child)


def _end(child: subprocess.Popen[str]) -> None:
    for sign in (signal.SIGINT, signal.SIGKILL):
        try:
            os.killpg(child.pid, sign)
            child.wait(timeout=STOP_SECONDS)
        except ProcessLookupError:
            break
        except subprocess.TimeoutExpired:
            continue
    child.wait()
