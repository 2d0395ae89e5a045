"""The repository that a suite lies in: which commit is checked out, and whether the tree has changes."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Checkout:
    """The commit that is checked out (empty without git), and whether tracked files differ from it."""

    commit: str
    dirty: bool

    @property
    def label(self) -> str:
        """The commit as people read it: eight digits, and ``+dirty``."""
        return (self.commit[:8] or "no-commit") + ("+dirty" if self.dirty else "")


def checkout(folder: Path) -> Checkout:
    """Read the checkout that a folder lies in."""
    commit = _git(folder, "rev-parse", "--verify", "--quiet", "HEAD")
    changes = _git(folder, "status", "--porcelain", "--untracked-files=no") if commit else ""
    return Checkout(commit, bool(changes))


def _git(folder: Path, *words: str) -> str:
    try:
        command = ["git", "-C", str(folder), *words]
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60).stdout.strip()
    except (OSError, subprocess.TimeoutExpired):
        return ""
