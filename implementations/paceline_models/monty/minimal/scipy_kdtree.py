"""SciPy's cKDTree, all queries of an epoch at once (knn, float64); else ``pure_numpy``."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from paceline_models.monty.minimal import MAX_STEPS, _checks
from paceline_models.monty.minimal._checks import Points
from paceline_models.monty.minimal._episode import Index, run_with
from paceline_models.monty.minimal._evaluate import evaluate
from paceline_models.monty.minimal.pure_numpy import _mean, best

Wide = NDArray[np.float64]
SLACK = 1.0 + 1e-9  # the tree's distances may be rounded otherwise than ours


def prepare(observations: Points) -> Index:
    """Return the observations with a tree of their positions."""
    stored = _checks.points("observations", observations)
    tree = cKDTree(stored[:, :3].astype(np.float64))
    # SciPy tells no size: positions and indices, and nodes of 80 bytes for at most 16 points each.
    nodes = 80 * (2 * (tree.n // tree.leafsize) + 1)
    return Index(stored, __name__, tree, stored.nbytes + tree.data.nbytes + tree.indices.nbytes + nodes)


def _nearest(
    source: Index, queries: Points, epochs: int, theta: float, k: int, radius: float, evidence: Points
) -> tuple[float, int]:
    store = source.observations.astype(np.float64)

    def bests(block: Points) -> Wide:
        return _bests(source.index, store, block, k, radius)

    return evaluate(bests, queries, epochs, theta, evidence, MAX_STEPS)


def _bests(tree: cKDTree, store: Wide, queries: Points, k: int, radius: float) -> Wide:
    """One neighbour more than wanted tells where a tie, or the radius, has to be decided exactly."""
    wide = queries.astype(np.float64)
    bound = min(max(radius * SLACK, 1e-60), 1e60)  # the tree squares it, and asks for less than that
    told, index = tree.query(wide[:, :3], k=range(1, k + 2), distance_upper_bound=bound)
    found = index < tree.n
    dx, dy, dz, df = np.moveaxis(store[np.where(found, index, 0)] - wide[:, None], -1, 0)
    near = np.sqrt(dx * dx + dy * dy + dz * dz)
    counts = found[:, :k] & (near[:, :k] <= radius)
    similarity = np.where(counts, 1.0 / (1.0 + near[:, :k] + np.abs(df[:, :k])), 0.0).max(axis=1)
    for i in np.flatnonzero(found[:, k] & (told[:, k] <= told[:, k - 1] * SLACK)):
        similarity[i] = best(store, queries[i : i + 1], k, radius)[0]
    answer: Wide = similarity
    return answer


run = run_with(_mean, _nearest, prepare)
