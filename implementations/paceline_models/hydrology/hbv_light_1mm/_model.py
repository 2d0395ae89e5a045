"""What all implementations of HBV-Light in 1 mm steps share: HBV-Light's frame, a bound on soil input."""

from __future__ import annotations

from collections.abc import Callable

from paceline_models.hydrology._checks import Array
from paceline_models.hydrology._hbv import FIELDS, simulation
from paceline_models.hydrology.hbv_light_1mm import LARGEST_SOIL_INPUT

SOIL_INPUT = FIELDS.index("soil_input")

Kernel = Callable[[Array, Array, Array, Array, Array, Array, Array, Array], int]


def simulate(
    kernel: Kernel, precip: Array, temp: Array, pet: Array, params: Array, initial: Array | None
) -> tuple[Array, Array]:
    """Check the arguments, then let ``kernel`` fill its last three, as in ``hbv_light``.

    The kernel returns the number of steps done: fewer than N where the soil input of the next step is too
    large; that value is then in its place among the fields, and nothing after it.
    """
    fields, state, done = simulation.one_zone(kernel, precip, temp, pet, params, initial)
    if done < fields.shape[0]:
        raise ValueError(
            f"precip[{done}] makes a soil input of {fields[done, SOIL_INPUT]} mm, "
            f"but it must be <= {LARGEST_SOIL_INPUT:g} mm a day"
        )
    return fields, state
