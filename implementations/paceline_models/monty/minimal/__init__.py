"""The minimal Monty loop: store observations, then match each against all that is stored.

An observation is a position p in space and a feature f, four float32 values. An episode has two halves:

- *train*: ``train`` epochs append all N observations to a store that is never cleared: M = N * train stored.
- *evaluate*: ``epochs`` epochs begin with confidence c = 0 and take the queries one by one, at most 10,000::

      s(q) = 1/M sum_j 1 / (1 + |p_j - p_q| + |f_j - f_q|)
      c    = (c + s) / 2

``run(observations, epochs, mode="seed", queries=None, k=3, radius=None, theta=0.6, of="seed")`` takes
observations (N, 4) and returns ``Minimal``. Queries (Q, 4) are the observations unless given. Modes:

- ``seed``: train = epochs, as in the benchmark that this loop is taken from: the stored points are there
  ``epochs`` times.
- ``fixed``: train = 1.
- ``knn``: train = 1, and a search instead of the mean: s(q) is the greatest 1 / (1 + d + |f_j - f_q|) of
  the at most ``k`` nearest stored points with d <= ``radius``, 0 where there is none. All of it in float64,
  ties by (distance, index), so that an index answers exactly as a scan does; a ``k`` larger than the store
  is the whole store. Radius: sqrt(6 A / (N pi)) unless given, with
  A = 2 pi 0.04 0.1 the area of the cylinder on which the benchmark's points lie.
- ``terminate``: mode ``of`` (one of the above), an epoch ending after the first step with c >= ``theta``.

Laws: 0 < s <= 1 (``knn``: 0 <= s <= 1), s = 1 only where all that is stored equals the query; 0 <= c <= 1;
neither the order of the store nor a second copy of it changes s but for rounding.

Float rules: ``pure_numpy`` computes in float64 and is the reference. ``numba_jit`` and ``rust_pyo3`` are the
seed's text in float32, one sequential sum, so that rounding grows with M (5e-6 up to 2,500 points, 5e-4 at
100,000). Structures of arrays add sixteen lanes side by side and stay within 5e-6. Indexes (``_grid``,
``_kdtree``) and ``rust_early_exit`` only concern ``knn``: where every stored point counts there is nothing to
skip, and they do there what ``rust_pyo3`` or ``numba_jit`` does.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

MODES = ("seed", "fixed", "knn", "terminate")
MAX_STEPS = 10_000
PAYLOAD = 16
"""Bytes of a stored observation, unless an implementation says otherwise."""


class Minimal(NamedTuple):
    """What an episode leaves behind.

    ``evidence`` (Q,) float32 is the last epoch's s, NaN for queries that were not reached; ``confidence`` the
    c at its end; ``steps`` the steps of evaluation in all epochs; ``stored`` the observations stored, M.
    """

    evidence: NDArray[np.float32]
    confidence: float
    steps: int
    stored: int
