"""How a command ends: the exit codes, which of several wins, and the error that carries one."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from enum import IntEnum
from typing import TextIO


class Exit(IntEnum):
    """What an exit code means; the same in every command."""

    OK = 0
    SLOWER = 1
    USAGE = 2
    FAILED = 3
    WRONG_ANSWERS = 4
    HOST_NOT_FIT = 5
    SELFTEST_MISSED = 6
    BUG = 70
    INTERRUPTED = 130
    TERMINATED = 143


_FIRST_TO_LAST = (
    Exit.INTERRUPTED,
    Exit.TERMINATED,
    Exit.USAGE,
    Exit.BUG,
    Exit.WRONG_ANSWERS,
    Exit.SLOWER,
    Exit.FAILED,
    Exit.HOST_NOT_FIT,
    Exit.SELFTEST_MISSED,
)


def worst(exits: Iterable[Exit]) -> Exit:
    """The one code that a process leaves with when several hold."""
    seen = set(exits)
    return next((code for code in _FIRST_TO_LAST if code in seen), Exit.OK)


class PacelineError(Exception):
    """An error the user can mend: its text says what, where and how; it carries its exit code."""

    def __init__(self, message: str, code: Exit = Exit.USAGE) -> None:
        super().__init__(message)
        self.code = code


_REFUSED = {
    number
    for name in (
        "ENOSPC",
        "EDQUOT",
        "EROFS",
        "EACCES",
        "EPERM",
        "EMFILE",
        "ENFILE",
        "ENOMEM",
        "EAGAIN",
        "EIO",
    )
    if (number := getattr(errno, name, None))
}


@contextmanager
def what_the_system_refuses() -> Iterator[None]:
    """Turn what the user can mend (a full disk, no right to write, no memory) into a PacelineError."""
    try:
        yield
    except OSError as error:
        if error.errno not in _REFUSED:
            raise
        where = f": {os.fspath(error.filename)}" if isinstance(error.filename, str | os.PathLike) else ""
        raise PacelineError(f"{error.strerror}{where}", Exit.FAILED) from error


def discard(*streams: TextIO) -> None:
    """Let what is written and what is still to be flushed go nowhere: whoever read it has gone."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in streams:
        os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def complain(error: object) -> None:
    """Say on standard error what went wrong."""
    print(f"paceline: {error}", file=sys.stderr)
