"""What every implementation of the ODE models returns."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class Solution(NamedTuple):
    """All accepted steps of a solution, and what they cost.

    SciPy does not count in ``nfev`` what a finite-difference Jacobian calls; ``nrhs_total`` does, so that the
    time of one call is the time of a solution over ``nrhs_total``. A peer that does not tell a count has -1.
    """

    t: Array
    """Times (m,): t0 and the end of every accepted step."""
    y: Array
    """States (n, m) at these times."""
    nfev: int
    """Calls of the right-hand side, as SciPy counts them."""
    njev: int
    """Jacobians, analytic or by finite differences."""
    nlu: int
    """LU decompositions; Radau has two to a step size, one real and one complex."""
    nsteps: int
    """Accepted steps: m - 1."""
    nrejected: int
    """Attempted steps that were not accepted, by the error test or because Newton did not converge."""
    nrhs_total: int
    """``nfev`` and the calls for finite-difference Jacobians."""
    status: int
    """0: the end was reached; -1: the step became too small."""
