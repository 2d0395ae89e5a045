"""What the extension is asked for: a problem whose options have been checked."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import LinAlgWarning

Array = NDArray[np.float64]
as_floats = partial(np.asarray, dtype=float)


def warn_singular(pivot: int) -> None:
    """Warn as ``scipy.linalg.lu_factor`` does of a matrix that has no inverse."""
    message = f"Diagonal number {pivot} is exactly zero. Singular matrix."
    warnings.warn(message, LinAlgWarning, stacklevel=2)


@dataclass(slots=True)
class Request:
    """A problem for ``paceline_models._rust.ode_solve``, which reads it attribute by attribute.

    Arrays are contiguous float64; ``rtol`` and ``atol`` have one value for each of the n components.
    """

    fun: Callable[..., Any]
    args: tuple[Any, ...]
    method: str
    t0: float
    t_bound: float
    y0: Array
    y0_given: Any
    """The start as the caller gave it: this is what events see first."""
    rtol: Array
    atol: Array
    max_step: float
    first_step: float | None
    newton_tol: float
    vectorized: bool
    jac: Callable[..., Any] | None = None
    constant: Array | None = None
    """A dense Jacobian column by column: the one and only, or with ``jac`` its value at the start."""
    sparse: Any = None
    events: list[tuple[Callable[..., Any], float, float]] | None = None
    """Functions, the number of occurrences that ends the solve, directions."""
    t_eval: Array | None = None
    """Output times in the direction of integration."""
    dense_output: bool = False
    as_floats: Callable[[Any], Array] = as_floats
    warn_singular: Callable[[int], None] = warn_singular
    ablation: str | None = None
