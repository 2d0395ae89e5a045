"""Work that needs no order among its parts, on all processors."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any, TypeVar

from paceline.outcome import Exit, PacelineError

Item = TypeVar("Item")
Made = TypeVar("Made")
_FEW = 6  # parts: as many are done without further processes
_AT_ONCE = 4  # parts a process takes at a time
_work: Callable[[Any], Any] | None = None  # what forked processes find: it may be what cannot be pickled
_items: Sequence[Any] = ()


def each(work: Callable[[Item], Made], items: Sequence[Item], few: int = _FEW) -> Iterator[Made]:
    """Yield what ``work`` makes of each item, in their order; more than ``few`` of them in several processes.

    Processes are forked: nothing but a number goes in, and nothing but what was made comes out. Where forking
    is not safe (macOS), or within such a process, everything is done here. They are told to end, and never
    killed: one that has only just been forked would run our handler of the signal, and wait for ever.
    Raises PacelineError where the system ends one.
    """
    processes = min(processors(), len(items))
    if processes < 2 or len(items) <= few or sys.platform != "linux" or _work is not None:
        yield from map(work, items)
        return
    _take(work, items)
    try:
        fork = multiprocessing.get_context("fork")
        with ProcessPoolExecutor(processes, fork, initializer=_deaf) as pool:
            yield from pool.map(_made, range(len(items)), chunksize=_AT_ONCE)
    except BrokenProcessPool as error:
        told = "a process that did part of the work was ended by the system: is there too little memory?"
        raise PacelineError(told, Exit.FAILED) from error
    finally:
        _take(None, ())


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _deaf() -> None:
    """Leave Ctrl-C to the process that has forked us, which tells us to end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _take(work: Callable[[Any], Any] | None, items: Sequence[Any]) -> None:
    global _work, _items
    _work, _items = work, items


def _made(place: int) -> Any:
    assert _work
    return _work(_items[place])
