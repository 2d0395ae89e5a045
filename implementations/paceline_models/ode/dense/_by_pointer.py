"""The dense model on the extension's solver of C functions."""

from __future__ import annotations

from typing import Any

from paceline_models._rust import ode_pointer_dense
from paceline_models.ode._drop_in.dense import DenseSolution
from paceline_models.ode._right_hand_sides import cfunc_of
from paceline_models.ode.dense._sampled import Sampled, checked


def sampled(*arguments: Any, due: bool = False, copied: bool = False) -> Sampled:
    """Return the states from the interpolants of all steps, or of those that are ``due``."""
    (t0, t1, start, rtol, atol), p, times = checked(*arguments)
    problem, method = arguments[:2]
    address = cfunc_of(problem, start.size).address
    asked = (address, method, (t0, t1), start, p, rtol, atol, times if due else None, copied)
    rows, grid, segments, counts, status = ode_pointer_dense(*asked)
    if due:
        return Sampled(rows.T, counts[0], counts[3], status)
    solution = DenseSolution(grid, segments, start.size, alt_segment=method == "BDF")
    return Sampled(solution(times), counts[0], counts[3], status)
