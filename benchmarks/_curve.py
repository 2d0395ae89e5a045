"""Observations for the minimal Monty loop: a curve, noisy points on a cylinder, the matcher's objects."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from ._objects import object_of

Points = NDArray[np.float32]

RADIUS, HEIGHT = 0.04, 0.1  # of the cylinder, in metres
SHAPES = ("cylinder", "sphere", "mug", "torus")  # the evidence matcher's first objects, in their order


def curve(n: int) -> Points:
    """Return n observations (n, 4) along a helix: sin t, cos t, t/2, and the feature sin t + cos t."""
    t = 0.1 * np.arange(n)
    columns = np.sin(t), np.cos(t), t / 2.0, np.sin(t) + np.cos(t)
    return np.stack(columns, axis=1).astype(np.float32)


def cylinder(rng: np.random.Generator, n: int) -> Points:
    """Return n points (n, 4) spread evenly over the side of a cylinder; the feature is a hue."""
    angle, height = rng.uniform(0.0, 2.0 * math.pi, n), rng.uniform(-HEIGHT / 2.0, HEIGHT / 2.0, n)
    hue = 0.13 + np.where(height > 0.0, 0.1, 0.0)
    columns = RADIUS * np.cos(angle), RADIUS * np.sin(angle), height, hue
    return np.stack(columns, axis=1).astype(np.float32)


def shaped(shape: str, n: int) -> Points:
    """Return n points (n, 4) on an object of the evidence matcher; the feature is their hue."""
    pos, _, _, hsv, _ = object_of(SHAPES.index(shape), n)
    return np.concatenate((pos, hsv[:, :1]), axis=1).astype(np.float32)


def search_radius(n: int) -> float:
    """Return the radius in which about six of n points on the cylinder lie."""
    area = 2.0 * math.pi * RADIUS * HEIGHT
    return math.sqrt(6.0 * area / (n * math.pi))


def noisy(rng: np.random.Generator, points: Points, radius: float) -> Points:
    """Return the points moved by a tenth of the radius, normal in each coordinate; features stay."""
    moved = points.astype(np.float64)
    moved[:, :3] += rng.normal(0.0, radius / 10.0, (len(points), 3))
    return moved.astype(np.float32)


def stratified(points: Points, most: int) -> Points:
    """Return at most so many of the points, evenly spaced by index."""
    if len(points) <= most:
        return points
    return np.ascontiguousarray(points[np.linspace(0, len(points) - 1, most).astype(np.int64)])
