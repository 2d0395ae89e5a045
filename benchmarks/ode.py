"""Initial-value problems with SciPy's steps: Python right-hand sides, and compiled ones, never in one ratio.

The rows of the seed first, the linear system by its size, then the problems that the field compares solvers
with, and time against error over tolerances. ``docs/ode.md`` tells how to read them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

import numpy as np

from ._callbacks import first_is_half
from ._ode import EXPLICIT, IMPLICIT, Between, Counted, Solved, Tracked
from ._problems import PROBLEMS, Problem, linear
from .model import Model

CALLBACK = "paceline_models.ode.callback"
COMPILED = "paceline_models.ode.compiled"
DENSE = "paceline_models.ode.dense"
EVENTS = "paceline_models.ode.events"

ROWS = {
    "vdp_mu1-DOP853": ("vdp_mu1", "DOP853"),
    "vdp_mu1-RK45": ("vdp_mu1", "RK45"),
    "vdp_mu1000-BDF": ("vdp_mu1000_t3000", "BDF"),
}
"""The seed's rows of Van der Pol's oscillator."""

SIZES = (10, 100, 1_000, 10_000)
NONSTIFF = ("lotka_volterra", "brusselator", "lorenz_t20", "arenstorf", "pleiades")
STIFF = ("vdp_mu1000_t2000", "robertson_t1e5", "hires", "orego", "pollution")
TOLERANCES = (1e-9, 1e-7, 1e-5, 1e-3)
ATOL_SHARE = 1e-2  # atol of rtol
SHARE_OF_ERROR = 1e-3  # SciPy's own end moves by 4e-4 of rtol when the start changes in its last bit


class SeedCallback(Counted):
    """The seed's table: Van der Pol's oscillator, its right-hand side in Python."""

    package = CALLBACK
    baseline = "scipy_driver"
    axes: ClassVar[dict[str, tuple[Any, ...]]] = {"problem": tuple(ROWS)}
    version = "1"

    def case(self, problem: str) -> tuple[str, str, Problem]:
        """Return the problem and the method of a row."""
        name, method = ROWS[problem]
        return name, method, PROBLEMS[name]


class SeedCompiled(SeedCallback):
    """The same rows with the right-hand side compiled."""

    package = COMPILED
    baseline = "numba_jit"


class LinearCallback(Solved):
    """The seed's linear system by RK45, its right-hand side in Python: what arrays cost."""

    package = CALLBACK
    baseline = "scipy_driver"
    axes: ClassVar[dict[str, tuple[Any, ...]]] = {"n": SIZES}
    version = "1"
    peakmem_run = Model.peakmem_run
    peakmem_baseline = Model.peakmem_baseline

    def case(self, n: int) -> tuple[str, str, Problem]:
        """Return the linear system of n equations."""
        return f"linear_n{n}", "RK45", linear(n)


class LinearCompiled(LinearCallback):
    """The same with the right-hand side compiled."""

    package = COMPILED
    baseline = "numba_jit"


class NonstiffCallback(Solved):
    """Non-stiff problems by the explicit methods, right-hand sides in Python."""

    package = CALLBACK
    baseline = "scipy_driver"
    axes: ClassVar[dict[str, tuple[Any, ...]]] = {"problem": NONSTIFF, "method": EXPLICIT}
    version = "1"

    def case(self, problem: str, method: str) -> tuple[str, str, Problem]:
        """Return a problem and a method."""
        return problem, method, PROBLEMS[problem]


class NonstiffCompiled(NonstiffCallback, Tracked):
    """The same with right-hand sides compiled."""

    package = COMPILED
    baseline = "numba_jit"


class StiffCallback(NonstiffCallback):
    """Stiff problems by the implicit methods, right-hand sides in Python, Jacobians by differences."""

    axes: ClassVar[dict[str, tuple[Any, ...]]] = {"problem": STIFF, "method": IMPLICIT}


class StiffCompiled(StiffCallback, Tracked):
    """The same with right-hand sides compiled."""

    package = COMPILED
    baseline = "numba_jit"


class WorkPrecisionNonstiff(Tracked):
    """Time against error over tolerances, compiled: the seven stars by the explicit methods."""

    package = COMPILED
    baseline = "numba_jit"
    axes: ClassVar[dict[str, tuple[Any, ...]]] = {"rtol": TOLERANCES, "method": EXPLICIT}
    version = "1"
    problem = "pleiades"

    def case(self, rtol: float, method: str) -> tuple[str, str, Problem]:
        """Return the problem with a tolerance, and a method."""
        return self.problem, method, replace(PROBLEMS[self.problem], rtol=rtol, atol=ATOL_SHARE * rtol)

    @staticmethod
    def bound(name: str, method: str, problem: Problem) -> float:
        """Return how far an end point may be: rounding moves steps, and that a share of their error."""
        return max(Solved.bound(name, method, problem), SHARE_OF_ERROR * problem.rtol)


class WorkPrecisionStiff(WorkPrecisionNonstiff):
    """Time against error over tolerances, compiled: a plant's light response by the implicit methods."""

    axes: ClassVar[dict[str, tuple[Any, ...]]] = {"rtol": TOLERANCES, "method": IMPLICIT}
    problem = "hires"


class DenseCompiled(Between):
    """Interpolants of all steps, looked up at some times, compiled: what keeping and copying them costs."""

    package = DENSE
    baseline = "rust_pointer"
    axes: ClassVar[dict[str, tuple[Any, ...]]] = {"method": ("RK45", "DOP853", "BDF"), "times": (10, 1_000)}
    version = "1"

    def case(self, method: str, times: int) -> tuple[str, str, Problem]:
        """Return the oscillator for the explicit methods, a plant's light response for BDF."""
        name = "hires" if method in IMPLICIT else "vdp_mu1"
        return name, method, PROBLEMS[name]

    def inputs(self, rng: np.random.Generator, method: str, times: int) -> tuple[Any, ...]:
        """Return the arguments of ``run``, the last of them times all over the interval."""
        problem = self.case(method, times)[2]
        return *self.arguments_of(problem, method), np.linspace(*problem.t_span, times)


class EventsCallback(Between):
    """Zeros of a function on the way, both functions in Python: what the events' buffers cost."""

    package = EVENTS
    baseline = "rust_pyo3"
    axes: ClassVar[dict[str, tuple[Any, ...]]] = {"problem": ("vdp_mu1", "linear_n1000")}
    version = "1"

    def case(self, problem: str) -> tuple[str, str, Problem]:
        """Return a problem, which is solved by RK45."""
        return problem, "RK45", linear(1_000) if problem == "linear_n1000" else PROBLEMS[problem]

    def inputs(self, rng: np.random.Generator, problem: str) -> tuple[Any, ...]:
        """Return the arguments of ``run``: the right-hand side, the event, and the rest."""
        _, method, given = self.case(problem)
        y0 = np.array(given.y0)
        return given.fun, first_is_half, method, given.t_span, y0, given.rtol, given.atol
