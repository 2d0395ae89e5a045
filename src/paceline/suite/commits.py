"""What a repository tells of many commits at once: subject, author and date, for people to read."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from paceline.suite.git import answer

_FORMAT = "%H%x00%s%x00%an%x00%aI"


def told(folder: Path, hashes: Collection[str]) -> dict[str, tuple[str, str, str]]:
    """Return (subject, author, date by ISO 8601) of those that git has, by full hash; none without git."""
    found: dict[str, tuple[str, str, str]] = {}
    if not hashes:
        return found
    for line in answer(folder, "log", "--all", "HEAD", f"--format={_FORMAT}", "--").split("\n"):
        hash, *rest = line.split("\0")
        if hash in hashes and len(rest) == 3:
            found[hash] = (rest[0], rest[1], rest[2])
    return found
