"""Calling equations by their address, and copies of a solver that have them inlined instead.

The solvers' text calls equations by ``call(f, t, y, out, p)``, where f is the address of a C function. In
a copy that ``specialised`` makes, f means nothing: ``call`` and ``call_jac`` are functions of one problem.
Passing these as arguments would do as well, but Numba's cache cannot keep what is compiled for an argument.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from paceline_models._numba import njit
from paceline_models.ode._right_hand_sides import JACOBIANS, RIGHT_HAND_SIDES, named_copy
from paceline_models.ode._solution import Array

compiled = njit(cache=True, error_model="numpy")
inner = njit(error_model="numpy")
"""For what is compiled with its callers, which are cached."""


@intrinsic
def _call_at(typing: Any, address: Any, t: Any, y: Any, out: Any, p: Any) -> Any:
    signature = types.void(types.intp, types.float64, y, out, p)

    def code(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        double, pointer = ir.DoubleType(), ir.DoubleType().as_pointer()
        kind = ir.FunctionType(ir.VoidType(), [double, pointer, pointer, pointer])
        function = builder.inttoptr(values[0], kind.as_pointer())
        arrays = [
            context.make_array(kind_of)(context, builder, value).data
            for kind_of, value in zip(signature.args[2:], values[2:], strict=True)
        ]
        builder.call(function, [values[1], *arrays])
        return context.get_dummy_value()

    return signature, code


@inner
def call(f: int, t: float, y: Array, out: Array, p: Array) -> None:
    """Let the right-hand side at address ``f`` write ``out`` (n,)."""
    _call_at(f, t, y, out, p)  # type: ignore[call-arg]


@inner
def call_jac(jac: int, t: float, y: Array, out: Array, p: Array) -> None:
    """Let the Jacobian at address ``jac`` write ``out`` (n, n)."""
    _call_at(jac, t, y, out, p)  # type: ignore[call-arg]


def _call_inlined(f: int, t: float, y: Array, out: Array, p: Array) -> None:
    EQUATIONS(t, y, out, p)  # type: ignore[name-defined]  # noqa: F821


@inner
def _no_jacobian(jac: int, t: float, y: Array, out: Array, p: Array) -> None:
    """Stand where a problem has no analytic Jacobian; never called."""


def specialised(solver: Any, problem: str) -> Any:
    """Return a copy of a solver, and of all parts of it that call equations, with one problem's inlined."""
    jacobian = _no_jacobian
    if problem in JACOBIANS:
        jacobian = inner(named_copy(_call_inlined, f"{problem}_jac", EQUATIONS=JACOBIANS[problem]))
    right_hand_side = inner(named_copy(_call_inlined, problem, EQUATIONS=RIGHT_HAND_SIDES[problem]))
    return _replaced(solver, {call: right_hand_side, call_jac: jacobian}, problem)


def _replaced(part: Any, known: dict[Any, Any], suffix: str) -> Any:
    """Return a copy of a compiled function whose callees are replaced, where they or theirs are ``known``."""
    if part not in known:
        text = part.py_func
        callees = {name: text.__globals__.get(name) for name in text.__code__.co_names}
        new = {
            name: _replaced(old, known, suffix) for name, old in callees.items() if hasattr(old, "py_func")
        }
        changed = any(new[name] is not callees[name] for name in new)
        known[part] = inner(named_copy(text, f"{text.__qualname__}_{suffix}", **new)) if changed else part
    return known[part]
