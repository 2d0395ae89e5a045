"""Objects made of cylinders, spheres and tori, and the path of a sensor over one of them.

An object is (pos (M, 3) [m], frame (M, 9), pose_defined (M,), hsv (M, 3), log curvature (M, 2)); the frame's
rows are the unit normal n and the principal directions d1, d2 = n x d1. Every shape stands at the origin. All
arrays come from the seed and the object's number alone.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Object = tuple[Array, Array, Array, Array, Array]

MUG = 2  # its place in the cycle of shapes
VOXEL = 0.003  # m
MOST_NODES = 2000
JITTER = 1e-6  # m: so that no two nodes are equally far from anywhere
NEAREST, FARTHEST = 0.005, 0.020  # m: between two points of the path
TURN = 0.7  # rad about z: how the path is turned
NOISE = {"location": 0.002, "normal": np.deg2rad(2.0), "curvature": 0.1, "hue": 0.1}
SIZES = {"S": (1, 500), "sparse": (10, 500), "M": (4, 2000), "L": (10, 2000), "XL": (77, 2000)}
STEPS = 12


class Surface(NamedTuple):
    """Points of a surface: position, normal, first principal direction, curvatures [1/m], added hue."""

    pos: Array
    n: Array
    d1: Array
    curvature: Array
    hue: Array


class Path(NamedTuple):
    """What a sensor felt: observations (S + 1, 15), displacements (S + 1, 3), the turn of the path (3, 3)."""

    sensed: Array
    displacement: Array
    rotation: Array


def generator(*key: int) -> np.random.Generator:
    """Return the generator of a seed and an object's number."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(key)))


def cylinder(rng: np.random.Generator, n: int, radius: float, height: float) -> Surface:
    """Return points on the side of a cylinder about z."""
    a, z = rng.uniform(0.0, 2.0 * np.pi, n), rng.uniform(-height / 2.0, height / 2.0, n)
    normal = np.stack((np.cos(a), np.sin(a), np.zeros(n)), axis=1)
    d1 = np.stack((-np.sin(a), np.cos(a), np.zeros(n)), axis=1)
    pos = radius * normal + z[:, None] * np.array([0.0, 0.0, 1.0])
    return Surface(pos, normal, d1, _curvatures(1.0 / radius, np.zeros(n)), np.where(z > 0.0, 0.1, 0.0))


def sphere(rng: np.random.Generator, n: int, radius: float) -> Surface:
    """Return points on a sphere; the first direction lies across a fixed vector."""
    a, height = rng.uniform(0.0, 2.0 * np.pi, n), rng.uniform(-1.0, 1.0, n)
    across = np.sqrt(1.0 - height**2)
    normal = np.stack((across * np.cos(a), across * np.sin(a), height), axis=1)
    d1 = np.cross(np.array([0.3, 0.5, np.sqrt(0.66)]), normal)
    d1 /= np.linalg.norm(d1, axis=1, keepdims=True)
    bend = _curvatures(1.0 / radius, np.full(n, 1.0 / radius))
    return Surface(radius * normal, normal, d1, bend, np.where(height > 0.0, 0.1, 0.0))


def torus(
    rng: np.random.Generator,
    n: int,
    wide: float,
    radius: float,
    span: tuple[float, float] = (0.0, 2.0 * np.pi),
) -> Surface:
    """Return points on a torus about y: ``wide`` is the radius of the circle that the tube follows."""
    u, v = rng.uniform(*span, n), rng.uniform(0.0, 2.0 * np.pi, n)
    out = wide + radius * np.cos(v)
    pos = np.stack((out * np.cos(u), radius * np.sin(v), out * np.sin(u)), axis=1)
    normal = np.stack((np.cos(v) * np.cos(u), np.sin(v), np.cos(v) * np.sin(u)), axis=1)
    d1 = np.stack((-np.sin(v) * np.cos(u), np.cos(v), -np.sin(v) * np.sin(u)), axis=1)
    return Surface(pos, normal, d1, _curvatures(1.0 / radius, np.cos(v) / out), np.zeros(n))


def mug(rng: np.random.Generator, n: int, scale: float) -> Surface:
    """Return points on a mug: three quarters on its body, the others on its handle."""
    body = cylinder(rng, n - n // 4, 0.04 * scale, 0.09 * scale)
    handle = torus(rng, n // 4, 0.028 * scale, 0.006 * scale, (-np.pi / 2.0, np.pi / 2.0))
    moved = handle._replace(
        pos=handle.pos + np.array([0.04 * scale, 0.0, 0.0]), hue=np.full(handle.hue.shape, 0.2)
    )
    return Surface(*(np.concatenate(parts) for parts in zip(body, moved, strict=True)))


def surface(number: int, samples: int, seed: int = 1) -> Surface:
    """Return points on the surface of an object; every fourth has the same shape, 15 % larger each time."""
    rng = generator(seed, number)
    scale = 1.0 + 0.15 * (number // 4)
    shapes = (
        lambda: cylinder(rng, samples, 0.033 * scale, 0.10 * scale),
        lambda: sphere(rng, samples, 0.04 * scale),
        lambda: mug(rng, samples, scale),
        lambda: torus(rng, samples, 0.05 * scale, 0.015 * scale),
    )
    made = shapes[number % 4]()
    return made._replace(pos=made.pos + rng.normal(0.0, JITTER, made.pos.shape))


def object_of(number: int, samples: int, graph: str = "raw", seed: int = 1) -> Object:
    """Return an object: its samples (``raw``), or their averages over voxels of 3 mm (``voxel``)."""
    made = surface(number, samples, seed)
    frame = np.concatenate((made.n, made.d1, np.cross(made.n, made.d1)), axis=1)
    defined = np.full(samples, 0.0 if number % 4 == 1 else 1.0)
    hue = (0.13 * number + made.hue) % 1.0
    hsv = np.stack((hue, np.full(samples, 0.8), np.full(samples, 0.6)), axis=1)
    curv = np.sign(made.curvature) * np.log(np.abs(made.curvature) + 1.0)
    nodes = (made.pos, frame, defined, hsv, curv)
    if graph not in ("raw", "voxel"):
        raise ValueError(f'graph is "{graph}", but must be "raw" or "voxel"')
    return nodes if graph == "raw" else _averaged(nodes)


def objects_of(size: str, graph: str = "raw", seed: int = 1) -> list[Object]:
    """Return the objects of a size: S, sparse, M, L or XL."""
    count, samples = SIZES[size]
    return [object_of(number, samples, graph, seed) for number in range(count)]


def rows_of(one: Object) -> Array:
    """Return an object's nodes as observations (M, 18) side by side."""
    pos, frame, defined, hsv, curv = one
    return np.concatenate((pos, frame, defined[:, None], hsv, curv), axis=1)


def target_of(objects: list[Object]) -> int:
    """Return the object that a sensor feels unless another one is asked for: the mug where there is one."""
    return MUG if len(objects) > MUG else 0


def sensor_path(
    objects: list[Object],
    target: int | None = None,
    steps: int = STEPS,
    turn: float = TURN,
    noisy: bool = False,
    seed: int = 1,
) -> Path:
    """Return a path over the nodes of one of the objects, turned about z by ``turn`` [rad]."""
    target = target_of(objects) if target is None else target
    if not 0 <= target < len(objects):
        raise ValueError(f"target is {target}, but there are {len(objects)} objects, counted from 0")
    rng = generator(seed, 1_000_000 + target)
    pos, frame, defined, hsv, curv = objects[target]
    places = _walk(rng, pos, steps)
    points, frames, hsv, curv = pos[places], frame[places].reshape(-1, 3, 3), hsv[places], curv[places]
    if noisy:
        points = points + rng.normal(0.0, NOISE["location"], points.shape)
        frames = _tilted(rng, frames, NOISE["normal"])
        curv = curv + rng.normal(0.0, NOISE["curvature"], curv.shape)
        hsv = hsv + rng.normal(0.0, NOISE["hue"], hsv.shape) * np.array([1.0, 0.0, 0.0])
        hsv[:, 0] %= 1.0
    rotation = about_z(turn)
    rows = (frames @ rotation.T).reshape(-1, 9)
    sensed = np.concatenate((rows, defined[places, None], hsv, curv), axis=1)
    moves = np.diff(points, axis=0, prepend=points[:1]) @ rotation.T
    return Path(sensed, moves, rotation)


def about_z(angle: float) -> Array:
    """Return the rotation by an angle [rad] about z."""
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]])


def _curvatures(first: float, second: Array) -> Array:
    return np.stack((np.full(second.shape, first), second), axis=1)


def _averaged(nodes: Object) -> Object:
    """Return the averages over voxels; where there are too many, those of the most samples."""
    cells = np.floor(nodes[0] / VOXEL).astype(np.int64)
    _, member, counts = np.unique(cells, axis=0, return_inverse=True, return_counts=True)
    kept = np.sort(np.argsort(-counts, kind="stable")[:MOST_NODES])

    def mean(values: Array) -> Array:
        sums = np.zeros((counts.size, *values.shape[1:]))
        np.add.at(sums, member.reshape(-1), values)
        averages: Array = sums[kept] / counts[kept].reshape(-1, *(1,) * (values.ndim - 1))
        return averages

    pos, frame, defined, hsv, curv = (mean(values) for values in nodes)
    return pos, frame, defined, hsv, curv


def _walk(rng: np.random.Generator, pos: Array, steps: int) -> list[int]:
    places = [int(rng.integers(pos.shape[0]))]
    for _ in range(steps):
        far = np.sqrt(((pos - pos[places[-1]]) ** 2).sum(axis=1))
        reachable: NDArray[Any] = np.flatnonzero((far > NEAREST) & (far < FARTHEST))
        if reachable.size == 0:
            raise ValueError(f"node {places[-1]} has no other node 5 to 20 mm away: the object is too sparse")
        places.append(int(rng.choice(reachable)))
    return places


def _tilted(rng: np.random.Generator, frames: Array, spread: float) -> Array:
    """Return frames (S, 3, 3) turned by small random angles about random axes."""
    from scipy.spatial.transform import Rotation

    turns = Rotation.from_rotvec(rng.normal(0.0, spread, (frames.shape[0], 3)))
    turned: Array = np.stack([frame @ turn.T for frame, turn in zip(frames, turns.as_matrix(), strict=True)])
    return turned
