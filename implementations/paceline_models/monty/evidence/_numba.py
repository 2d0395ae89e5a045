"""The parts of the matcher that all Numba implementations share, one node or hypothesis at a time."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np

from paceline_models._numba import njit
from paceline_models.monty.evidence._checks import Array, Index

compiled = njit(cache=True, error_model="numpy")
inlined = njit(inline="always", error_model="numpy")  # a call with ten arrays costs 50 ns
# What makes no arrays need not count who holds them: that is twenty atomic additions a hypothesis.
UNCOUNTED: Any = {"error_model": "numpy", "_nrt": False}
Function = TypeVar("Function", bound=Callable[..., Any])


def uncounted(function: Function) -> Function:
    """Compile what makes no arrays."""
    made: Function = njit(cache=True, **UNCOUNTED)(function)
    return made


@compiled
def column(stored: float, seen: float, tolerance: float) -> float:
    """Return how well a feature fits, from 1 (equal) to 0 (farther off than the tolerance)."""
    return max(0.0, tolerance - abs(stored - seen)) / tolerance


@compiled
def features(seen: Array, hsv: Array, curv: Array, phi: Array) -> None:
    """Fill the feature evidence of all nodes."""
    for j in range(phi.shape[0]):
        off = abs(hsv[j, 0] - seen[10])
        off = off - math.floor(off)
        off = min(off, 1.0 - off)
        total = 2.0 * (max(0.0, 0.1 - off) / 0.1)
        total += 0.5 * column(hsv[j, 1], seen[11], 0.2)
        total += 0.5 * column(hsv[j, 2], seen[12], 0.2)
        total += column(curv[j, 0], seen[13], 1.0)
        total += column(curv[j, 1], seen[14], 1.0)
        phi[j] = total / 5.0


@compiled
def start(pos: Array, frame: Array, starts: Index, candidates: Array, phi: Array, loc: Array, rot: Array,
          ev: Array) -> None:  # fmt: skip
    """Start the hypotheses of all objects: every candidate frame at every node."""
    frames = candidates.shape[0]
    h = 0
    for o in range(starts.shape[0] - 1):
        for f in range(frames):
            for j in range(starts[o], starts[o + 1]):
                for axis in range(3):
                    loc[h, axis] = pos[j, axis]
                for a in range(3):
                    for b in range(3):
                        rot[h, 3 * a + b] = (
                            frame[j, a] * candidates[f, b]
                            + frame[j, 3 + a] * candidates[f, 3 + b]
                            + frame[j, 6 + a] * candidates[f, 6 + b]
                        )
                ev[h] = phi[j]
                h += 1


@inlined
def rotate(rot: Array, h: int, x: float, y: float, z: float) -> tuple[float, float, float]:
    """Return a vector turned by the rotation of a hypothesis."""
    return (
        rot[h, 0] * x + rot[h, 1] * y + rot[h, 2] * z,
        rot[h, 3] * x + rot[h, 4] * y + rot[h, 5] * z,
        rot[h, 6] * x + rot[h, 7] * y + rot[h, 8] * z,
    )


@inlined
def move(loc: Array, rot: Array, h: int, v: Array) -> None:
    """Move a hypothesis by a displacement of the sensor."""
    x, y, z = rotate(rot, h, v[0], v[1], v[2])
    loc[h, 0] += x
    loc[h, 1] += y
    loc[h, 2] += z


@inlined
def clipped(c: float) -> float:
    """Return a dot product within [-1, 1]."""
    return min(max(c, -1.0), 1.0)


@inlined
def judge(
    dx: float, dy: float, dz: float, n: tuple[float, float, float], d: tuple[float, float, float],
    frame: Array, j: int, both: bool, phi: float, kappa: float, radius: float,
) -> float:  # fmt: skip
    """Return the evidence of a node that lies (dx, dy, dz) away from a hypothesis; -1 out of range.

    ``both``: is the pose defined, as sensed and as stored?
    """
    off = dx * n[0] + dy * n[1] + dz * n[2]
    if not math.sqrt(dx * dx + dy * dy + dz * dz) + abs(off) / (kappa + 0.5) < radius:
        return -1.0
    c = clipped(frame[j, 0] * n[0] + frame[j, 1] * n[1] + frame[j, 2] * n[2])
    pose = 0.5 - math.sqrt((1.0 - c) / 2.0)
    if both:
        c = clipped(frame[j, 3] * d[0] + frame[j, 4] * d[1] + frame[j, 5] * d[2])
        pose = pose + (0.5 - math.sqrt(1.0 - c * c))
    return pose + phi


@uncounted
def insert(d: float, j: int, found: int, k: int, near_d: Array, near: Index) -> int:
    """Keep node j at squared distance d if it is among the k nearest, in order; return how many there are."""
    if found < k:
        place = found
        found += 1
    elif d < near_d[k - 1]:
        place = k - 1
    else:
        return found
    while place > 0 and near_d[place - 1] > d:
        near_d[place] = near_d[place - 1]
        near[place] = near[place - 1]
        place -= 1
    near_d[place] = d
    near[place] = j
    return found


@inlined
def weigh(
    loc: Array, rot: Array, h: int, near: Index, found: int, pos: Array, frame: Array, defined: Array,
    phi: Array, seen: Array, kappa: float, radius: float,
) -> float:  # fmt: skip
    """Return the evidence of an observation for a hypothesis: the best of its nearest nodes."""
    n = rotate(rot, h, seen[0], seen[1], seen[2])
    d = rotate(rot, h, seen[3], seen[4], seen[5])
    best = -1.0
    for i in range(found):
        j = near[i]
        dx = pos[j, 0] - loc[h, 0]
        dy = pos[j, 1] - loc[h, 1]
        dz = pos[j, 2] - loc[h, 2]
        both = seen[9] != 0.0 and defined[j] != 0.0
        best = max(best, judge(dx, dy, dz, n, d, frame, j, both, phi[j], kappa, radius))
    return best


def limit_of(radius: float) -> float:
    """Return the squared distance beyond which no node can be in range, rounding included."""
    return radius * radius * (1.0 + 1e-12)


UNTESTED = -2.0  # below every evidence


@uncounted
def settle(ev: Array, new: Array, least: float, past: float, present: float) -> None:
    """Add the new evidence of an object's hypotheses to the old; ``least`` is that of the tested ones."""
    if least == np.inf:
        return
    untested = max(0.0, least)
    for h in range(ev.shape[0]):
        value = untested if new[h] == UNTESTED else new[h]
        ev[h] = past * ev[h] + present * value


@compiled
def summarise(ev: Array, starts: Index, frames: int, best: Array, arg: Index) -> None:
    """Fill the best evidence (O,) of every object and the first hypothesis that has it."""
    for o in range(starts.shape[0] - 1):
        low, high = frames * starts[o], frames * starts[o + 1]
        place = low
        for h in range(low + 1, high):
            if ev[h] > ev[place]:
                place = h
        best[o] = ev[place]
        arg[o] = place - low


@compiled
def bound(ev: Array, share: float) -> float:
    """Return the evidence from which on a hypothesis is tested; ``share`` is negative where all are."""
    if share < 0.0:
        return -np.inf
    highest: float = ev.max()
    return highest - share * highest


@compiled
def curvature(seen: Array) -> float:
    """Return the larger absolute value of the two log curvatures of an observation (15,)."""
    kappa: float = max(abs(seen[13]), abs(seen[14]))
    return kappa
