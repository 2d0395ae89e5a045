"""Memory-bound code."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from ._slowdowns import BLOCK, LOOPS, SLOWDOWNS, loops


class Memory:
    """Memory-bound: NumPy walks through more numbers than the caches hold."""

    params: ClassVar = [SLOWDOWNS]
    param_names: ClassVar = ["slowdown"]

    def setup(self, slowdown: Any) -> None:
        self.rows = np.ones((LOOPS + max(SLOWDOWNS[2:]), 8 * BLOCK))  # 34 MB
        self.part = self.rows[: loops(slowdown)]

    def time_run(self, slowdown: Any) -> float:
        return float(self.part.sum())
