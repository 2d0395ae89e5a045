"""The ODE models' implementations and what they are asked: shared by the tests of these models."""

import importlib
from functools import cache

import numpy as np

from benchmarks._problems import PROBLEMS, linear

LINEAR = {f"linear_n{n}": linear(n) for n in (10, 100, 1000)}
NONSTIFF = {
    name: PROBLEMS[name]
    for name in ("vdp_mu1", "lotka_volterra", "brusselator", "lorenz_t20", "arenstorf", "pleiades")
} | LINEAR


@cache
def implementation(model, name):
    return importlib.import_module(f"paceline_models.ode.{model}.{name}")


def solve(name, problem, method, /, *, backwards=False, **changed):
    """Solve a problem by a compiled implementation; ``changed`` are other values of its arguments."""
    span = problem.t_span[::-1] if backwards else problem.t_span
    given = {
        "problem": problem.rhs,
        "method": method,
        "t_span": span,
        "y0": np.array(problem.end if backwards else problem.y0),
        "params": np.array(problem.params),
        "rtol": problem.rtol,
        "atol": problem.atol,
    } | changed
    return implementation("compiled", name).run(**given)


def apart(got, want):
    """Return how far two end points are apart, relative to max(|y|, 1)."""
    off = np.abs(got.y[:, -1] - want.y[:, -1])
    return float((off / np.maximum(np.abs(want.y[:, -1]), 1.0)).max())


def counts(solution):
    return solution.nfev, solution.njev, solution.nlu, solution.nsteps
