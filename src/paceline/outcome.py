"""How a command ends: the exit codes, which of several wins, and the error that carries one."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum


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
