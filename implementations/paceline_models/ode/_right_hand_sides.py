"""The problems of the compiled regime by name: right-hand sides, analytic Jacobians, C functions."""

from __future__ import annotations

from functools import cache
from types import FunctionType
from typing import Any

from numba import carray, types  # type: ignore[attr-defined]

from paceline_models._numba import cfunc
from paceline_models.ode import _equations
from paceline_models.ode._catalogue import SIZES, WITH_JACOBIAN

RIGHT_HAND_SIDES: dict[str, Any] = {name: getattr(_equations, name) for name in SIZES}
JACOBIANS: dict[str, Any] = {name: getattr(_equations, f"{name}_jac") for name in WITH_JACOBIAN}

DOUBLES = types.CPointer(types.float64)  # type: ignore[no-untyped-call]
SIGNATURE = types.void(types.float64, DOUBLES, DOUBLES, DOUBLES)


def _through_pointers(t: float, y: Any, out: Any, p: Any) -> None:
    call(t, carray(y, (N,)), carray(out, SHAPE), carray(p, (P,)))  # type: ignore[name-defined]  # noqa: F821


def named_copy(function: Any, name: str, **names: Any) -> FunctionType:
    """Return a copy of a Python function that sees ``names`` as globals.

    Numba's cache tells functions apart by their qualified name, and does not know closures over compiled
    functions, or compiled functions as arguments, again in another process: so each copy has its name.
    """
    copied = FunctionType(function.__code__, {**function.__globals__, **names}, name)
    copied.__qualname__ = name
    copied.__module__ = function.__module__
    return copied


@cache
def cfunc_of(problem: str, n: int | None = None, *, jac: bool = False) -> Any:
    """Return the problem as ``void f(double t, const double *y, double *dy, const double *p)``, compiled.

    It is compiled once, and its ``address`` is what compiled solvers take; ``n`` is needed where the problem
    leaves it open. With ``jac`` it is the analytic Jacobian, which writes n rows of n.
    """
    own, parameters = SIZES[problem]
    size = own or n
    if not size or size != (n or size):
        raise ValueError(f"n is {n}, but {problem} has {own or 'as many equations as are asked for'}")
    kind, shape = (JACOBIANS, (size, size)) if jac else (RIGHT_HAND_SIDES, (size,))
    told = {"call": kind[problem], "N": size, "P": parameters, "SHAPE": shape}
    name = f"{problem}_{size}{'_jac' if jac else ''}"
    return cfunc(SIGNATURE, cache=True)(named_copy(_through_pointers, name, **told))
