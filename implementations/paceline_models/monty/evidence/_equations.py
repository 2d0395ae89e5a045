"""The equations of the evidence matcher over arrays, each sum in the order that all implementations keep."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from paceline_models.monty.evidence._checks import Array
from paceline_models.monty.evidence._model import Run

TOLERANCES = (0.1, 0.2, 0.2, 1.0, 1.0)
WEIGHTS = (2.0, 0.5, 0.5, 1.0, 1.0)
WEIGHT = 5.0


def features(seen: Array, hsv: Array, curv: Array) -> Array:
    """Return the feature evidence (M,) in [0, 1] of nodes with colours (M, 3) and log curvatures (M, 2)."""
    stored = (*hsv.T, *curv.T)
    total = np.zeros(hsv.shape[0])
    for column, (tolerance, weight) in enumerate(zip(TOLERANCES, WEIGHTS, strict=True)):
        off = np.abs(stored[column] - seen[10 + column])
        if column == 0:  # hues lie on a circle
            off = off - np.floor(off)
            off = np.minimum(off, 1.0 - off)
        total = total + weight * (np.maximum(0.0, tolerance - off) / tolerance)
    return total / WEIGHT


def hypotheses(run: Run, own: slice, nodes: tuple[Array, ...], candidates: Array, seen: Array) -> None:
    """Start an object's hypotheses: every candidate frame at every node."""
    pos, frame, _, hsv, curv = nodes
    frames = candidates.shape[0]
    run.loc[own] = np.tile(pos, (frames, 1))
    run.ev[own] = np.tile(features(seen, hsv, curv), frames)
    N, F = frame.reshape(-1, 3, 3), candidates.reshape(-1, 3, 3)
    rot = run.rot[own].reshape(frames, pos.shape[0], 3, 3)
    for a in range(3):
        for b in range(3):
            rot[:, :, a, b] = (
                N[:, 0, a] * F[:, 0, b, None] + N[:, 1, a] * F[:, 1, b, None] + N[:, 2, a] * F[:, 2, b, None]
            )


def rotate(rot: Array, v: Array) -> tuple[Array, Array, Array]:
    """Return the components of a vector (3,) turned by rotations (H, 9)."""
    x, y, z = (rot[:, 3 * a] * v[0] + rot[:, 3 * a + 1] * v[1] + rot[:, 3 * a + 2] * v[2] for a in range(3))
    return x, y, z


def move(loc: Array, rot: Array, v: Array) -> None:
    """Move locations (H, 3) by a displacement (3,) of the sensor."""
    for axis, moved in enumerate(rotate(rot, v)):
        loc[:, axis] += moved


def judged(
    loc: Array,
    normals: tuple[Array, Array, Array],
    directions: tuple[Array, Array, Array],
    near: NDArray[np.int64],
    pos: Array,
    frame: Array,
    defined: Array,
    phi: Array,
    seen: Array,
    radius: float,
) -> Array:
    """Return the evidence (H, k) of each hypothesis' nearest nodes ``near`` (H, k); -1 out of range."""
    dx, dy, dz = (pos[near, axis] - loc[:, axis, None] for axis in range(3))
    nx, ny, nz = (part[:, None] for part in normals)
    ux, uy, uz = (part[:, None] for part in directions)
    kappa = max(abs(float(seen[13])), abs(float(seen[14])))
    distance = np.sqrt(dx * dx + dy * dy + dz * dz) + np.abs(dx * nx + dy * ny + dz * nz) / (kappa + 0.5)
    c = clipped(frame[near, 0] * nx + frame[near, 1] * ny + frame[near, 2] * nz)
    pose = 0.5 - np.sqrt((1.0 - c) / 2.0)
    if seen[9] != 0.0:
        c = clipped(frame[near, 3] * ux + frame[near, 4] * uy + frame[near, 5] * uz)
        pose = np.where(defined[near] != 0.0, pose + (0.5 - np.sqrt(1.0 - c * c)), pose)
    return np.where(distance < radius, pose + phi[near], -1.0)


def clipped(c: Array) -> Array:
    """Return dot products within [-1, 1]."""
    return np.minimum(np.maximum(c, -1.0), 1.0)
