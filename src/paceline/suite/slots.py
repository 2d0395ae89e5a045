"""Two commits of a project, built and installed side by side: each in a slot of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from paceline.outcome import Exit, PacelineError
from paceline.suite.config import Suite
from paceline.suite.repository import Commit


@dataclass(frozen=True)
class Built:
    """A commit that is built and installed, and the interpreter that has it."""

    slot: str
    python: str  # absolute path of the environment's interpreter
    commit: Commit
    environment: str  # asv's name of it
    variables: Mapping[str, str]  # that asv's matrix sets for running
    packages: Mapping[str, str]  # name -> version of all but the project
    project: Mapping[str, str]  # name, version, files (a hash) of the project's distribution; may be empty
    build: Mapping[str, Any]  # command, flags, compilers, wheel ("cached" or "built")
    needs: Mapping[str, Sequence[str]] = field(default_factory=dict)  # name -> requirements as declared


class BuildFailedError(PacelineError):
    """A commit that cannot be built or installed; ``lines`` are the last of the command that failed."""

    def __init__(self, message: str, lines: Sequence[str]) -> None:
        super().__init__(message, Exit.FAILED)
        self.lines = tuple(lines)


def build(
    suite: Suite,
    commit: Commit,
    slot: str,
    say: Callable[[str], None],
    log: Path,
    constrain: Path | None = None,
) -> Built:
    """Build a commit and install it into a slot; nothing is done where it is there already."""
    raise NotImplementedError


def both(
    suite: Suite, base: Commit, head: Commit, say: Callable[[str], None], log: Path
) -> tuple[Built, Built]:
    """Build two commits into the slots ``base`` and ``head``, with the same frozen dependencies."""
    raise NotImplementedError
