"""What the ODE models ask of their arguments: one validator, so that all implementations fail alike.

Everything that is wrong is a ``ValueError`` that names the argument and tells its value, in the order in
which the arguments are passed.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from paceline_models.ode._catalogue import SIZES, WITH_JACOBIAN
from paceline_models.ode._solution import Array

METHODS = ("RK45", "DOP853", "Radau", "BDF")
SMALLEST_RTOL = 100 * float(np.finfo(np.float64).eps)  # SciPy raises smaller ones to it, with a warning


class Checked(NamedTuple):
    """The arguments that both models have, as numbers and fresh arrays."""

    t0: float
    t1: float
    y0: Array
    rtol: float
    atol: Array


def callback(fun: Any, method: Any, t_span: Any, y0: Any, rtol: Any, atol: Any, jac: Any) -> Checked:
    """Return the checked arguments of the callback model."""
    if not callable(fun):
        raise ValueError(f"fun must be callable, not {type(fun).__name__}")  # noqa: TRY004
    checked = _problem(method, t_span, y0, rtol, atol)
    if jac is not None and not callable(jac):
        raise ValueError(f"jac must be callable or None, not {type(jac).__name__}")
    return checked


def compiled(
    problem: Any, method: Any, t_span: Any, y0: Any, params: Any, rtol: Any, atol: Any, jac: Any
) -> tuple[Checked, Array]:
    """Return the checked arguments of the compiled model, and the parameters."""
    if problem not in SIZES:
        raise ValueError(f"problem is {problem!r}, but must be one of {', '.join(SIZES)}")
    checked = _problem(method, t_span, y0, rtol, atol)
    equations, parameters = SIZES[problem]
    if equations and checked.y0.size != equations:
        raise ValueError(f"y0 has {checked.y0.size} values, but {problem} has {equations} equations")
    values = _vector("params", params)
    if values.size != parameters:
        raise ValueError(f"params has {values.size} values, but {problem} has {parameters} parameters")
    if jac and problem not in WITH_JACOBIAN:
        raise ValueError(f"jac is {jac!r}, but {problem} has no analytic Jacobian")
    return checked, values


def _problem(method: Any, t_span: Any, y0: Any, rtol: Any, atol: Any) -> Checked:
    if method not in METHODS:
        raise ValueError(f"method is {method!r}, but must be one of {', '.join(METHODS)}")
    t0, t1 = _span(t_span)
    start = _vector("y0", y0)
    if start.size == 0:
        raise ValueError("y0 is empty: at least one equation is needed")
    relative = _number("rtol", rtol)
    if not 0.0 <= relative < math.inf:
        raise ValueError(f"rtol is {relative}, but must be finite and >= 0")
    return Checked(t0, t1, start, max(relative, SMALLEST_RTOL), _tolerances(atol, start.size))


def _span(t_span: Any) -> tuple[float, float]:
    try:
        t0, t1 = map(float, t_span)
    except (TypeError, ValueError):
        raise ValueError(f"t_span is {t_span!r}, but must be two numbers") from None
    if not (math.isfinite(t0) and math.isfinite(t1)):
        raise ValueError(f"t_span is {t_span!r}, but must be finite")
    return t0, t1


def _number(name: str, value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        raise ValueError(f"{name} is {value!r}, but must be a number") from None


def _tolerances(atol: Any, n: int) -> Array:
    if isinstance(atol, float | int):
        if not 0.0 <= atol < math.inf:
            raise ValueError(f"atol is {atol}, but must be finite and >= 0")
        return np.full(n, float(atol))
    values = _vector("atol", np.atleast_1d(atol) if np.ndim(atol) == 0 else atol)
    if values.size == 1 and np.ndim(atol) == 0:
        return _tolerances(float(values[0]), n)
    if values.size != n:
        raise ValueError(f"atol has {values.size} values, but y0 {n}")
    if (values < 0.0).any():
        index = int(np.argmax(values < 0.0))
        raise ValueError(f"atol[{index}] is {values[index]}, but must be finite and >= 0")
    return values


def _vector(name: str, values: Any) -> Array:
    """Return a fresh one-dimensional array of finite numbers."""
    try:
        given = np.asarray(values)
        array = np.array(given, dtype=np.float64) if given.dtype.kind in "fiub" else None
    except (TypeError, ValueError):
        array = None
    if array is None:
        raise ValueError(f"{name} must be a sequence of real numbers, not {values!r}")
    if array.ndim != 1:
        raise ValueError(f"{name} must have 1 dimension, but has shape {array.shape}")
    if not np.isfinite(array).all():
        index = int(np.argmin(np.isfinite(array)))
        raise ValueError(f"{name}[{index}] is {array[index]}, but must be finite")
    return array
