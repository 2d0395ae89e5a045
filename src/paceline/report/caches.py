"""The sizes at which a row's data no longer fit into a cache of the host: its bytes / bytes an element.

The bytes an element are those of ``[limit.rows]`` in ``claims.toml``: what must be read or written once.
The caches are those of the host that raced, as its fingerprint has them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from paceline.report import places
from paceline.report.claims import Limit
from paceline.report.contents import Section, Table

_LEVELS = (("L1", "l1d"), ("L2", "l2"), ("L3", "l3"))


@dataclass(frozen=True)
class Edge:
    """A cache's name, the size from which on a row's data are larger than it, and the bytes an element."""

    cache: str
    size: float
    bytes: float


def edges(table: Table, section: Section, limit: Limit | None) -> tuple[Edge, ...]:
    """Return where a row leaves the caches, between its smallest and its largest size."""
    row = limit.rows.get(table.benchmark.rpartition(".")[0]) if limit else None
    if dict(table.fixed).get("memory") == "inplace":
        return ()  # what is written lies where it was read: the data are fewer than the bytes that move
    usable = zip(table.columns, places.sizes(table), strict=True)
    sizes = [float(column) for column, fine in usable if fine]  # type: ignore[arg-type]
    if row is None or not sizes:
        return ()
    found = (Edge(name, size / row.bytes, row.bytes) for name, size in _caches(section))
    return tuple(edge for edge in found if min(sizes) < edge.size < max(sizes))


def told(found: tuple[Edge, ...]) -> list[str]:
    """Say what the dotted verticals of a figure are."""
    if not found:
        return []
    names = ", ".join(edge.cache for edge in found)
    return [f"dotted: {found[0].bytes:g} bytes an element fill {names}"]


def _caches(section: Section) -> Iterator[tuple[str, int]]:
    """Yield the caches of the host that raced last and told them."""
    known = next((run.host for run in section.races if run.host.get("l2")), {})
    for name, key in _LEVELS:
        size = known.get(key, "")
        if size.isascii() and size.isdecimal() and 0 < len(size) < 16 and int(size) > 0:
            yield name, int(size)
