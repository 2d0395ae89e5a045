"""What all implementations of HBV-Light share: checked arguments, the start, and the arrays of the answer."""

from __future__ import annotations

from collections.abc import Callable

from paceline_models.hydrology._checks import Array
from paceline_models.hydrology._hbv import simulation

Kernel = Callable[[Array, Array, Array, Array, Array, Array, Array, Array], object]


def simulate(
    kernel: Kernel, precip: Array, temp: Array, pet: Array, params: Array, initial: Array | None
) -> tuple[Array, Array]:
    """Check the arguments, then let ``kernel`` fill the stores, the generated discharges and the fields."""
    fields, state, _ = simulation.one_zone(kernel, precip, temp, pet, params, initial)
    return fields, state
