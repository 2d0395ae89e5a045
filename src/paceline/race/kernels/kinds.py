"""Three kinds of code, and known slow-downs of each: more iterations of the same loop.

Every class has the parameter ``slowdown``, per mille of more iterations; 0 and the text "again" are the same
code twice. A call takes 0.2 to 3 ms.
"""

from __future__ import annotations

import hashlib
from typing import Any, ClassVar

import numpy as np

SLOWDOWNS: list[Any] = [0, "again", 10, 30, 50]
LOOPS = 1000
BLOCK = 512  # bytes or numbers of one iteration


def _loops(slowdown: Any) -> int:
    return LOOPS + (0 if slowdown == "again" else int(slowdown))


class Compute:
    """Compute-bound: SHA-256 of bytes that stay in the caches, block after block in C."""

    params: ClassVar = [SLOWDOWNS]
    param_names: ClassVar = ["slowdown"]

    def setup(self, slowdown: Any) -> None:
        self.data = bytes(BLOCK * _loops(slowdown))

    def time_run(self, slowdown: Any) -> bytes:
        return hashlib.sha256(self.data).digest()


class Memory:
    """Memory-bound: NumPy walks through more numbers than the caches hold."""

    params: ClassVar = [SLOWDOWNS]
    param_names: ClassVar = ["slowdown"]

    def setup(self, slowdown: Any) -> None:
        self.rows = np.ones((LOOPS + max(SLOWDOWNS[2:]), 8 * BLOCK))  # 34 MB
        self.part = self.rows[: _loops(slowdown)]

    def time_run(self, slowdown: Any) -> float:
        return float(self.part.sum())


class Allocation:
    """Allocation-heavy: Python objects made and dropped."""

    params: ClassVar = [SLOWDOWNS]
    param_names: ClassVar = ["slowdown"]

    def setup(self, slowdown: Any) -> None:
        self.loops = _loops(slowdown)

    def time_run(self, slowdown: Any) -> list[Any]:
        return [{"index": index, "pair": (index, index + 1.5)} for index in range(self.loops)]
