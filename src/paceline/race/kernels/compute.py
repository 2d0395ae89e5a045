"""Compute-bound code."""

from __future__ import annotations

import hashlib
from typing import Any, ClassVar

from ._slowdowns import BLOCK, SLOWDOWNS, loops


class Compute:
    """Compute-bound: SHA-256 of bytes that stay in the caches, block after block in C."""

    params: ClassVar = [SLOWDOWNS]
    param_names: ClassVar = ["slowdown"]

    def setup(self, slowdown: Any) -> None:
        self.data = bytes(BLOCK * loops(slowdown))

    def time_run(self, slowdown: Any) -> bytes:
        return hashlib.sha256(self.data).digest()
