"""Calling the extension: arguments in groups."""

from __future__ import annotations

from collections.abc import Callable

from paceline_models.monty.evidence._checks import Array, Settings
from paceline_models.monty.evidence._model import Kernel, Prepared, Run


def grouped(function: Callable[..., None], *, indexed: bool = False) -> Kernel:
    """Return a kernel over a function of the extension; an indexed one is given the index as well."""

    def kernel(
        prepared: Prepared, settings: Settings, candidates: Array, sensed: Array, displacement: Array,
        first: int, run: Run,
    ) -> None:  # fmt: skip
        observed = (candidates, sensed, displacement, first)
        filled = (run.loc, run.rot, run.ev, run.best, run.arg, run.history)
        index = (prepared.index,) if indexed else ()
        function(prepared.nodes, observed, settings[:5], filled, *index)

    return kernel
