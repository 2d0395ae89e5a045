"""SciPy's ``solve_ivp`` as both models call it, and the counts that it does not tell."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from scipy.integrate import BDF, OdeSolver, Radau, solve_ivp

from paceline_models.ode._checks import Checked
from paceline_models.ode._solution import Solution

STAGES = {"RK45": 6, "DOP853": 12}
UNTOLD = -1


class Told(OdeSolver):  # type: ignore[misc]
    """Counts the calls of the right-hand side for finite differences: SciPy leaves them out of ``nfev``.

    SciPy's Jacobians, and nothing else, call ``fun_vectorized``, with as many columns as there are calls.
    """

    calls: list[int]

    @property
    def fun_vectorized(self) -> Callable[..., Any]:
        return self._counted

    @fun_vectorized.setter
    def fun_vectorized(self, function: Callable[..., Any]) -> None:
        def counted(t: float, y: Any) -> Any:
            self.calls.append(y.shape[1])
            return function(t, y)

        self._counted = counted


IMPLICIT: dict[str, type[OdeSolver]] = {"BDF": BDF, "Radau": Radau}


def solve(fun: Any, method: str, given: Checked, jac: Any) -> Solution:
    """Return SciPy's solution; it does not tell rejected steps of the implicit methods."""
    calls: list[int] = []
    kind: Any = method
    options: dict[str, Any] = {}
    if method in IMPLICIT:
        options["jac"] = jac
        kind = type(method, (Told, IMPLICIT[method]), {"calls": calls}) if jac is None else method
    span = (given.t0, given.t1)
    got = solve_ivp(fun, span, given.y0, method=kind, rtol=given.rtol, atol=given.atol, **options)
    steps = got.t.size - 1
    rejected = UNTOLD
    if method in STAGES:
        rejected = (got.nfev - 2) // STAGES[method] - steps if given.t0 != given.t1 else 0
    singles = got.njev if method == "BDF" and jac is None else 0  # BDF calls once more for each Jacobian
    total = got.nfev + sum(calls) + singles
    return Solution(got.t, got.y, got.nfev, got.njev, got.nlu, steps, rejected, total, got.status)
