"""Work that needs no order among its parts, on all processors."""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

Item = TypeVar("Item")
Made = TypeVar("Made")
_FEW = 6  # parts: as many are done without further processes
_AT_ONCE = 4  # parts a process takes at a time
_work: Callable[[Any], Any] | None = None  # what forked processes find: it may be what cannot be pickled
_items: Sequence[Any] = ()


def each(work: Callable[[Item], Made], items: Sequence[Item], few: int = _FEW) -> Iterator[Made]:
    """Yield what ``work`` makes of each item, in their order; more than ``few`` of them in several processes.

    Processes are forked: nothing but a number goes in, and nothing but what was made comes out. Where forking
    is not safe (macOS), or within such a process, everything is done here.
    """
    processes = min(processors(), len(items))
    if processes < 2 or len(items) <= few or sys.platform != "linux" or _work is not None:
        yield from map(work, items)
        return
    _take(work, items)
    try:
        with multiprocessing.get_context("fork").Pool(processes) as pool:
            yield from pool.imap(_made, range(len(items)), chunksize=_AT_ONCE)
    finally:
        _take(None, ())


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _take(work: Callable[[Any], Any] | None, items: Sequence[Any]) -> None:
    global _work, _items
    _work, _items = work, items


def _made(place: int) -> Any:
    assert _work
    return _work(_items[place])
