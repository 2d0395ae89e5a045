"""What all kinds share: the parameter ``slowdown``, per mille of more iterations of the same loop."""

from __future__ import annotations

from typing import Any

SLOWDOWNS: list[Any] = [0, "again", 10, 30, 50]  # 0 and "again" are the same code twice
LOOPS = 1000
BLOCK = 512  # bytes or numbers of one iteration


def loops(slowdown: Any) -> int:
    """Return how many iterations a slow-down makes."""
    return LOOPS + (0 if slowdown == "again" else int(slowdown))
