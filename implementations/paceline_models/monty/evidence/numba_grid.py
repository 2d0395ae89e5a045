"""The matcher in Numba with a grid: the same text as ``rust_grid``, nodes out of range passed by, exact."""

from __future__ import annotations

from paceline_models.monty.evidence._checks import Array, Index
from paceline_models.monty.evidence._grid import gridded
from paceline_models.monty.evidence._model import Nodes, matcher
from paceline_models.monty.evidence._numba_episode import finds, searching
from paceline_models.monty.evidence._numba_grid import Grid, insert_any, span, within

prepare = gridded


@finds(Grid)
def nearest(
    search: Grid, nodes: Nodes, o: int, loc: Array, h: int, k: int, near_d: Array, near: Index
) -> int:
    """Fill the k nodes of an object in range that are nearest to a hypothesis; return how many there are."""
    order, coordinates, cells, shape, place, reach, limit = search
    x, y, z = loc[h, 0], loc[h, 1], loc[h, 2]
    nx, ny = shape[o, 0], shape[o, 1]
    x0, x1 = span(x, place[o, 0], place[o, 3], reach, nx)
    y0, y1 = span(y, place[o, 1], place[o, 3], reach, ny)
    z0, z1 = span(z, place[o, 2], place[o, 3], reach, shape[o, 2])
    found = 0
    if x0 > x1:
        return found
    for c in range(z0, z1 + 1):
        for b in range(y0, y1 + 1):
            row = shape[o, 3] + (c * ny + b) * nx
            for i in range(cells[row + x0], cells[row + x1 + 1]):
                dx, dy, dz = coordinates[0, i] - x, coordinates[1, i] - y, coordinates[2, i] - z
                d = dx * dx + dy * dy + dz * dz
                if d <= limit:
                    found = insert_any(d, order[i], found, k, near_d, near)
    return found


run = matcher(searching(within), prepare, index="grid")
run_steps = matcher(searching(within), prepare, index="grid", by_step=True)
