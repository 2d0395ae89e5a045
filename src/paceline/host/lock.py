"""One measuring process a host: two at once would measure each other.

The lock is ``flock`` on a file in /tmp, which all users and clones of a host share whatever their TMPDIR
says; ``PACELINE_LOCK`` names another file. A holder that dies holds nothing: the kernel lets go. What is
not seen: paceline in a container or with a private /tmp (give all of them one file through
``PACELINE_LOCK``), on another virtual machine of the same hardware, and measurements without paceline.
"""

from __future__ import annotations

import fcntl
import getpass
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from paceline.host.lock_file import open_shared, same, told_in
from paceline.outcome import Exit, PacelineError

NAME = "paceline-host.lock"
LOOK_SECONDS = 0.25  # how often one who waits looks again
SAY_SECONDS = 60.0
_ATTEMPTS = 10

Say = Callable[[str], None]


@dataclass
class _Held:
    """What this process holds: the file, and how many ``hold`` are open one inside the other."""

    file: int = -1
    depth: int = 0


_held = _Held()


@contextmanager
def hold(command: str, wait: float | None, say: Say) -> Iterator[None]:
    """Hold this host for a measurement; inside another ``hold`` of the same process, do nothing.

    ``command`` is what others are told, such as ``paceline race gr6j``. ``wait`` is in seconds: None
    waits as long as it takes, 0 refuses at once. Raises PacelineError (FAILED) when somebody else holds it
    for longer. Where there can be no lock, that is said, and the measurement goes on.
    """
    if _held.depth == 0:
        _held.file = _acquire(lock_path(), wait, say)
        _introduce(_held.file, command)
    _held.depth += 1
    try:
        yield
    finally:
        _held.depth -= 1
        if _held.depth == 0:
            _release()


def lock_path() -> Path:
    """Return the file that stands for this host."""
    named = os.environ.get("PACELINE_LOCK")
    folder = Path("/tmp")  # noqa: S108 - TMPDIR differs between users and jobs; this must not
    return Path(named) if named else (folder if folder.is_dir() else Path(tempfile.gettempdir())) / NAME


def _acquire(path: Path, wait: float | None, say: Say) -> int:
    """Return the locked file; -1 where there can be no lock."""
    begun = time.monotonic()
    told = None
    while True:
        try:
            file = _locked(path)
        except OSError as error:
            say(
                f"cannot lock {path} ({error.strerror or error}): going on, but another paceline could "
                "measure at the same time; PACELINE_LOCK names another file"
            )
            return -1
        if file is not None:
            return file
        now = time.monotonic()
        if wait is not None and now - begun >= wait:
            raise PacelineError(_refusal(path, wait), Exit.FAILED)
        if told is None or now - told >= SAY_SECONDS:
            say(f"waiting: {_holder(path)}; Ctrl-C to give up")
            told = now
        time.sleep(LOOK_SECONDS if wait is None else min(LOOK_SECONDS, max(0.0, begun + wait - now)))


def _locked(path: Path) -> int | None:
    """Try once; None when somebody else has it. OSError when there can be no lock."""
    for _ in range(_ATTEMPTS):
        file = open_shared(path)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if same(file, path):
                return file
        except BlockingIOError:
            os.close(file)
            return None
        except BaseException:
            os.close(file)
            raise
        os.close(file)  # whoever cleans /tmp deleted it: what we hold is no longer the file of that name
    raise OSError(None, "it is replaced all the time")


def _introduce(file: int, command: str) -> None:
    """Write who we are for those who will wait; the lock holds without it."""
    since = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    told = {"pid": os.getpid(), "command": command[:200], "since": since, "user": _user()}
    with suppress(OSError):
        os.ftruncate(file, 0)
        os.pwrite(file, json.dumps(told).encode() + b"\n", 0)


def _release() -> None:
    file, _held.file = _held.file, -1
    if file >= 0:
        with suppress(OSError):
            os.ftruncate(file, 0)
        os.close(file)


def _forget() -> None:
    """In a forked child: the lock is the parent's, and must not outlive it here."""
    if _held.file >= 0:
        os.close(_held.file)
    _held.file, _held.depth = -1, 0


os.register_at_fork(after_in_child=_forget)


def _refusal(path: Path, wait: float) -> str:
    waited = f" and did not end within {wait:g} s" if wait else ""
    return (
        f"{_holder(path)}{waited}; two at once would disturb each other: "
        "wait for it with --wait SECONDS, or without --no-wait as long as it takes"
    )


def _holder(path: Path) -> str:
    """Return who holds the lock and since when, as far as the holder has told."""
    told = told_in(path)
    if not told:
        time.sleep(0.05)  # it has the lock, but may not have written its name yet
        told = told_in(path)
    command, pid, user = (_text(told.get(key)) for key in ("command", "pid", "user"))
    if not command or not pid:
        return f"another process (it holds {path}) measures on this host"
    whose = f", user {user}" if user and user != _user() else ""
    return f"`{command}` (pid {pid}{whose}) has measured on this host{_since(told.get('since'))}"


def _text(value: Any) -> str:
    """Return what somebody else wrote as one short line without control characters."""
    return "".join(letter for letter in str(value or "")[:200] if letter.isprintable())


def _since(value: Any) -> str:
    try:
        begun = datetime.fromisoformat(str(value)).astimezone()
    except (ValueError, OverflowError):
        return ""
    today = begun.date() == datetime.now().astimezone().date()
    return f" since {begun:%H:%M:%S}" if today else f" since {begun:%Y-%m-%d %H:%M:%S}"


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # a container's user without a name
        return str(os.getuid())
