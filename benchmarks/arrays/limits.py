"""What the machine can do at most, measured beside the workloads: so a row can tell its share of that.

Bandwidths count the bytes that a kernel asks for: 8 an element read, 8 an element written. Lines that the
processor reads before it writes them are not counted, here as in the catalogue.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from .._agreement import load
from ._workload import SWEEP

KERNELS = ("copy", "read", "triad", "quad")
BYTES = {"copy": 16, "read": 8, "triad": 24, "quad": 32}
LEAST_SECONDS = 0.02
BATCHES = 15


class Bandwidth:
    """Bytes a second of copying, reading, a + 3 b and a + b c, in arrays of n elements, on one thread."""

    param_names = ("kernel", "n")
    params = (KERNELS, SWEEP)
    timeout = 120.0
    version = "1"
    unit = "bytes/s"

    def setup(self, kernel: str, n: int) -> None:
        rust = load("paceline_models._rust")
        x, y, z, out = np.ones(n), np.ones(n), np.ones(n), np.empty(n)
        calls: dict[str, Callable[[], object]] = {
            "copy": lambda: rust.arrays_copy(x, out),
            "read": lambda: rust.arrays_sum(x),
            "triad": lambda: rust.arrays_triad(x, y, out),
            "quad": lambda: rust.arrays_quad(x, y, z, out),
        }
        self.call = calls[kernel]

    def track_bandwidth(self, kernel: str, n: int) -> float:
        return BYTES[kernel] * n / _seconds(self.call)


class Peak:
    """Floating-point operations a second of multiply-adds in registers, on one thread."""

    timeout = 120.0
    version = "1"
    unit = "flop/s"

    def setup(self) -> None:
        self.rust = load("paceline_models._rust")

    def track_flops(self) -> float:
        steps = 20_000
        return float(self.rust.arrays_fma_peak(steps)) / _seconds(lambda: self.rust.arrays_fma_peak(steps))


def _seconds(call: Callable[[], object]) -> float:
    """Return the time of a call: the best of some batches, as a limit asks for."""
    call()
    calls = 1
    while (taken := _batch(call, calls)) < LEAST_SECONDS / BATCHES:
        calls *= 2
    return min(taken, *(_batch(call, calls) for _ in range(BATCHES))) / calls


def _batch(call: Callable[[], object], calls: int) -> float:
    start = time.perf_counter()
    for _ in range(calls):
        call()
    return time.perf_counter() - start
