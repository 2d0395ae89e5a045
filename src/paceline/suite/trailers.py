"""What commits say of themselves in the last lines of their messages: ``Perf-accept: ...``."""

from __future__ import annotations

from pathlib import Path

from paceline.suite.git import asked

ACCEPT = "Perf-accept"


def accepted(folder: Path, base: str, head: str) -> list[tuple[str, str]]:
    """Return (short hash, text) of every ``Perf-accept:`` line of the commits in head that base has not."""
    lines = f"%(trailers:key={ACCEPT},valueonly,unfold,separator=%x01)"
    told = asked(folder, "log", "-z", f"--format=%h%x02{lines}", f"{base}..{head}", "--")
    found = (commit.strip().partition("\x02") for commit in told.split("\0"))
    return [(hash, text.strip()) for hash, _, texts in found for text in texts.split("\x01") if text.strip()]
