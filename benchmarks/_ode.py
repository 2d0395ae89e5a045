"""How answers to initial-value problems are compared and counted: the parts behind the models in ``ode``."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, ClassVar

import numpy as np

from ._problems import Problem
from .model import Model

EXPLICIT = ("RK45", "DOP853")
IMPLICIT = ("BDF", "Radau")
NOISY = {
    ("vdp_mu1000_t3000", "BDF"), ("robertson_t1e11", "BDF"), ("orego", "BDF"), ("orego", "Radau"),
}  # fmt: skip
"""Where SciPy's own counts change with the last bit of the start, by some finite-difference Jacobian."""

EXPLICIT_END = 1e-10
CLOSE_ENCOUNTERS = 1e-9  # Arenstorf's orbit by DOP853 enlarges differences in the last place
IMPLICIT_END = 100.0  # times rtol
BETWEEN = 1e-8  # inside the interval the times of the steps are less alike than at its end
NOISY_COUNT = 0.02


class Solved(Model):
    """Solutions of initial-value problems; the same steps are asked of every implementation but peers."""

    package = ""
    axes: ClassVar[dict[str, tuple[Any, ...]]] = {}
    reference = "scipy_driver"
    timeout = 300.0
    rounds = 1
    repeat = (5, 100, 0.25)
    peakmem_run: Any = None  # all steps are kept, by all: only the linear systems say how much that is
    peakmem_baseline: Any = None

    @abstractmethod
    def case(self, *axes: Any, **named: Any) -> tuple[str, str, Problem]:
        """Return the name of the problem, the method, and the problem itself, for one value of each axis."""

    def inputs(self, rng: np.random.Generator, *axes: Any, **named: Any) -> tuple[Any, ...]:
        """Return the arguments of ``run``: nothing about these problems is random."""
        _, method, problem = self.case(*axes)
        return self.arguments_of(problem, method)

    def arguments_of(self, problem: Problem, method: str) -> tuple[Any, ...]:
        y0 = np.array(problem.y0)
        if self.package.endswith("callback"):
            return problem.fun, method, problem.t_span, y0, problem.rtol, problem.atol
        params = np.array(problem.params)
        return problem.rhs, method, problem.t_span, y0, params, problem.rtol, problem.atol

    def agreement(self, implementation: str, *axes: Any) -> dict[str, Any]:
        """Compare with the reference."""
        self.asked = axes
        return super().agreement(implementation, *axes)

    def compare(self, got: Any, want: Any, rtol: float, atol: float) -> tuple[float, float, str]:
        """Compare the end points, and of all but peers the numbers of calls and steps."""
        name, method, problem = self.case(*self.asked)
        off = np.abs(got.y[:, -1] - want.y[:, -1])
        size = np.maximum(np.abs(want.y[:, -1]), 1.0)
        furthest, relative = float(off.max()), float((off / size).max())
        reason = "" if got.status == 0 else f"ends with status {got.status}"
        if hasattr(self.module, "TOLERANCE"):  # it takes other steps
            allowed = float((off - atol - rtol * np.abs(want.y[:, -1])).max())
            reason = reason or ("" if allowed <= 0.0 else f"ends {furthest:.2g} from the reference")
        else:
            reason = reason or _other_steps(got, want, (name, method) in NOISY)
            bound = self.bound(name, method, problem)
            reason = reason or (
                "" if relative <= bound else f"ends {relative:.2g} off, more than {bound:.2g}"
            )
        return furthest, relative, reason

    @staticmethod
    def bound(name: str, method: str, problem: Problem) -> float:
        """Return how far an end point may be from SciPy's, relative to max(|y|, 1)."""
        if method in IMPLICIT:
            return IMPLICIT_END * problem.rtol
        return CLOSE_ENCOUNTERS if (name, method) == ("arenstorf", "DOP853") else EXPLICIT_END


class Tracked(Solved):
    """A class whose calls and error asv keeps, too: a faster row with fewer calls is another algorithm."""

    def solved(self) -> Any:
        """Return the solution of the case that was set up."""
        return self.call(*self.arguments)

    def track_nfev(self, implementation: str, *axes: Any) -> int:
        """Calls of the right-hand side, as SciPy counts them."""
        return int(self.solved().nfev)

    def track_error(self, implementation: str, *axes: Any) -> float:
        """Error of the end point against the published digits."""
        return self.case(*axes)[2].error(self.solved().y[:, -1])


class Counted(Tracked):
    """The same with everything that is counted."""

    def track_njev(self, implementation: str, *axes: Any) -> int:
        """Jacobians."""
        return int(self.solved().njev)

    def track_nlu(self, implementation: str, *axes: Any) -> int:
        """LU decompositions."""
        return int(self.solved().nlu)

    def track_steps(self, implementation: str, *axes: Any) -> int:
        """Accepted steps."""
        return int(self.solved().nsteps)


class Between(Solved):
    """What is asked of a solution between its steps: as many states as SciPy finds, where it finds them."""

    def compare(self, got: Any, want: Any, rtol: float, atol: float) -> tuple[float, float, str]:
        """Compare states, the times of events, and steps; calls may be fewer than the reference's."""
        if got.y.shape != want.y.shape:
            return np.inf, np.inf, f"has states {got.y.shape}, expected {want.y.shape}"
        _, method, problem = self.case(*self.asked)
        bound = IMPLICIT_END * problem.rtol if method in IMPLICIT else BETWEEN
        off = np.abs(got.y - want.y)
        relative = float((off / np.maximum(np.abs(want.y), 1.0)).max())
        if hasattr(want, "t"):
            relative = max(relative, float((np.abs(got.t - want.t) / np.maximum(want.t, 1.0)).max()))
        reason = "" if got.status == 0 else f"ends with status {got.status}"
        if not relative <= bound:
            reason = reason or f"is {relative:.2g} off, more than {bound:.2g}"
        if got.nsteps != want.nsteps or got.nfev > want.nfev:
            steps = f"{got.nsteps} steps and {got.nfev} calls, expected {want.nsteps} and {want.nfev}"
            reason = reason or f"has {steps}: it takes other steps"
        return float(off.max()), relative, reason


def _other_steps(got: Any, want: Any, noisy: bool) -> str:
    """Say where the counts are not the reference's: equal, or within 2 % where it is noisy itself."""
    for name in ("nfev", "nsteps") if noisy else ("nfev", "njev", "nlu", "nsteps"):
        mine, reference = getattr(got, name), getattr(want, name)
        allowed = NOISY_COUNT * reference if noisy else 0.0
        if abs(mine - reference) > allowed:
            return f"has {name} {mine}, expected {reference}: it takes other steps"
    return ""
