"""``solve_ivp`` in Rust: SciPy's signature, result and steps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.integrate import OdeSolver
from scipy.integrate import solve_ivp as scipy_solve_ivp
from scipy.integrate._ivp.common import (
    EPS,
    validate_first_step,
    validate_max_step,
    validate_tol,
    warn_extraneous,
)
from scipy.integrate._ivp.ivp import MESSAGES, OdeResult, prepare_events
from scipy.sparse import csc_matrix, issparse

from paceline_models._rust import ode_solve
from paceline_models.ode._drop_in.dense import DenseSolution
from paceline_models.ode._drop_in.request import Request
from paceline_models.ode._drop_in.sparse import SparseJacobian, by_callable, by_differences

EXPLICIT = ("RK23", "RK45", "DOP853")
IMPLICIT = ("Radau", "BDF")
LARGE = 10_000


def solve_ivp(
    fun: Callable[..., Any],
    t_span: Any,
    y0: Any,
    method: Any = "RK45",
    t_eval: Any = None,
    dense_output: bool = False,
    events: Any = None,
    vectorized: bool = False,
    args: Any = None,
    **options: Any,
) -> OdeResult:
    """Solve an initial-value problem y' = fun(t, y), y(t0) = y0, as ``scipy.integrate.solve_ivp`` does.

    Arguments, result, errors and warnings are SciPy's (1.17), and so are the steps: the same times, and the
    same numbers of right-hand sides, Jacobians and decompositions. RK23, RK45, DOP853, Radau and BDF are done
    in Rust. LSODA, solver classes, complex states, empty states and empty intervals are handed to SciPy, as
    is what SciPy refuses. ``min_step``, ``lband`` and ``uband`` are LSODA's: the other methods warn that they
    have no effect.

    Differences to SciPy: ``fun`` sees times as ``float``, not ``numpy.float64``; what it writes into ``y``
    stays without effect; a first step that is not a number ends the solve with status -1 instead of never.
    States are float64 also where the start is a long double. Events return one real number each, or an array
    of one if there is no other event. Where numbers overflow or are NaN, NumPy's own warnings stay out.
    """
    given = (fun, t_span, y0, method, t_eval, dense_output, events, vectorized, args)
    y_start = np.asarray(y0)
    t0, t_bound = map(float, t_span)
    if not _is_ours(method, t0, t_bound, y_start, t_eval, args, options):
        return scipy_solve_ivp(*given, **options)
    y_start = np.ascontiguousarray(y_start, dtype=float)
    n = y_start.size
    more = () if args is None else tuple(args)
    request = _request(fun, more, method, (t0, t_bound), y_start, bool(vectorized), **options)
    request.y0_given = y0
    request.dense_output = bool(dense_output)
    if t_eval is not None:
        t_eval = np.asarray(t_eval)
        request.t_eval = np.ascontiguousarray(t_eval, dtype=float)
    if events is not None:
        functions, limits, directions = prepare_events(events)
        request.events = list(zip(functions, limits.tolist(), directions.tolist(), strict=True))
    return _result(request, t_eval, n)


def _is_ours(method: Any, t0: float, t_bound: float, y: Any, t_eval: Any, args: Any, options: Any) -> bool:
    """Tell whether the problem can be solved here: all else, also what is wrong, is left to SciPy."""
    if not isinstance(method, str) or method not in EXPLICIT + IMPLICIT or not t0 - t_bound:
        return False
    if y.ndim != 1 or y.size == 0 or y.dtype.kind not in "fiub" or not np.isfinite(y).all():
        return False
    if any(np.ndim(options.get(name)) for name in ("max_step", "first_step")):
        return False
    rtol = options.get("rtol", 0.0)
    if np.ndim(rtol) > 1 or np.size(rtol) not in (1, y.size):
        return False
    if args is not None and not hasattr(args, "__iter__"):
        return False
    return t_eval is None or _fits(np.asarray(t_eval), t0, t_bound)


def _fits(t_eval: Any, t0: float, t_bound: float) -> bool:
    """Tell whether output times are sorted and within the interval."""
    if t_eval.ndim != 1 or t_eval.dtype.kind not in "fiu":
        return False
    in_order = t_eval if t_bound > t0 else t_eval[::-1]
    within = (t_eval >= min(t0, t_bound)) & (t_eval <= max(t0, t_bound))
    return bool(within.all() and (np.diff(in_order) > 0).all())


def _request(
    fun: Callable[..., Any],
    args: tuple[Any, ...],
    method: str,
    t_span: tuple[float, float],
    y0: Any,
    vectorized: bool,
    *,
    max_step: Any = np.inf,
    rtol: Any = 1e-3,
    atol: Any = 1e-6,
    first_step: Any = None,
    **rest: Any,
) -> Request:
    """Check the options that all methods share, in SciPy's order."""
    n = y0.size
    jac, sparsity = None, None
    if method in IMPLICIT:
        jac, sparsity = rest.pop("jac", None), rest.pop("jac_sparsity", None)
    _warn_extraneous(rest)
    max_step = validate_max_step(max_step)
    given_rtol = rtol
    rtol, atol = validate_tol(rtol, atol, n)
    if first_step is not None:
        first_step = float(validate_first_step(first_step, *t_span))
    request = Request(
        fun=fun,
        args=args,
        method=method,
        t0=t_span[0],
        t_bound=t_span[1],
        y0=y0,
        y0_given=y0,
        rtol=np.array(np.broadcast_to(rtol, n), dtype=float),
        atol=np.array(np.broadcast_to(atol, n), dtype=float),
        max_step=float(max_step),
        first_step=first_step,
        newton_tol=0.0,
        vectorized=vectorized,
    )
    if method in IMPLICIT:
        # SciPy takes the tolerance as it is given here, also where it is too small.
        request.newton_tol = np.asarray(max(10 * EPS / given_rtol, min(0.03, given_rtol**0.5))).item()
        _take_jacobian(request, jac, sparsity)
    return request


def _warn_extraneous(rest: dict[str, Any]) -> None:
    warn_extraneous(rest)


def _take_jacobian(request: Request, jac: Any, sparsity: Any) -> None:
    """Find out what kind of Jacobian there is: none, a function, a matrix; dense or sparse."""
    n, args = request.y0.size, request.args
    if jac is None:
        if sparsity is not None:

            def fun(t: float, y: Any) -> Any:
                return request.fun(t, y, *args)

            request.sparse = by_differences(fun, n, request.atol, sparsity, request.vectorized)
        elif n > LARGE:
            np.empty((n, n))  # a MemoryError here, rather than a process that ends in the extension
        return
    start = jac(request.t0, request.y0.copy(), *args) if callable(jac) else jac
    start = csc_matrix(start, dtype=float) if issparse(start) else np.asarray(start, dtype=float)
    if start.shape != (n, n):
        raise ValueError(f"`jac` is expected to have shape {(n, n)}, but actually has {start.shape}.")
    if not issparse(start):
        request.jac = jac if callable(jac) else None
        request.constant = start.ravel(order="F")
    elif callable(jac):
        request.sparse = by_callable(lambda t, y: jac(t, y, *args), n, start)
    else:
        request.sparse = SparseJacobian(n, None, start)


def _result(request: Request, t_eval: Any, n: int) -> OdeResult:
    """Solve, and put the answer into SciPy's words."""
    times, rows, found, grid, segments, counts, status = ode_solve(request)
    t: Any = times
    y: Any = rows.T if t_eval is not None or times.size > 1 else np.vstack([request.y0_given]).T
    if t_eval is not None:
        # SciPy returns lists where no output time was reached; only DOP853's states stand time by time.
        y = y if request.method == "DOP853" else np.ascontiguousarray(y)
        t, y = (t_eval[: t.size].copy(), y) if t.size else ([], [])
    sol = None
    if segments is not None:
        sol = DenseSolution(grid, segments, n, alt_segment=request.method == "BDF")
    return OdeResult(
        t=t,
        y=y,
        sol=sol,
        t_events=None if found is None else [np.asarray(times) for times, _ in found],
        y_events=None if found is None else [_states(states, n) for _, states in found],
        nfev=counts[0],
        njev=counts[1],
        nlu=counts[2],
        status=status,
        message=MESSAGES.get(status, OdeSolver.TOO_SMALL_STEP),
        success=status >= 0,
    )


def _states(states: list[float], n: int) -> Any:
    return np.asarray(states).reshape(-1, n) if states else np.asarray([])
