"""The repository that a suite lies in: which commit is checked out, and whether the tree has changes."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Checkout:
    """The commit that is checked out (empty without git), and whether files differ from it or are new."""

    commit: str
    dirty: bool

    @property
    def label(self) -> str:
        """The commit as people read it: eight digits, and ``+dirty``."""
        return (self.commit[:8] or "no-commit") + ("+dirty" if self.dirty else "")


def checkout(folder: Path) -> Checkout:
    """Read the checkout that a folder lies in; what measuring itself writes there is no change."""
    commit = _git(folder, "rev-parse", "--verify", "--quiet", "HEAD")
    written = (":(exclude)results", ":(exclude)reports")
    changes = _git(folder, "status", "--porcelain", "--", ".", *written) if commit else ""
    return Checkout(commit, bool(changes))


def has_commits(folder: Path, commits: str) -> bool:
    """Tell whether git knows the commits; asv's own words for ranges are taken on trust."""
    if commits in ("NEW", "ALL", "EXISTING", "TAGS") or commits.startswith("HASHFILE:"):
        return True
    return bool(_git(folder, "rev-list", "--max-count=1", *commits.split(), "--"))


def _git(folder: Path, *words: str) -> str:
    try:
        command = ["git", "-C", str(folder), *words]
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60).stdout.strip()
    except (OSError, subprocess.TimeoutExpired):
        return ""
