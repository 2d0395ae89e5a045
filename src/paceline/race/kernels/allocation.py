"""Allocation-heavy code."""

from __future__ import annotations

from typing import Any, ClassVar

from ._slowdowns import SLOWDOWNS, loops


class Allocation:
    """Allocation-heavy: Python objects made and dropped."""

    params: ClassVar = [SLOWDOWNS]
    param_names: ClassVar = ["slowdown"]

    def setup(self, slowdown: Any) -> None:
        self.count = loops(slowdown)

    def time_run(self, slowdown: Any) -> list[Any]:
        return [{"index": index, "pair": (index, index + 1.5)} for index in range(self.count)]
