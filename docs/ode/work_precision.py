"""Time against error over tolerances, of the problems of `WorkPrecisionNonstiff` and `WorkPrecisionStiff`.

Prints a row for each method and tolerance. Times are medians of processor time, taken in turns; errors and
calls are Rust's.

    .venv/bin/python docs/ode/work_precision.py
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from benchmarks import ode

IMPLEMENTATIONS = ("scipy_driver", "numba_jit", "rust_pyo3", "rust_pointer")
SECONDS = 0.5
ROUNDS = 7


def medians(calls: dict[str, Callable[[], Any]]) -> dict[str, float]:
    """Return the median times in milliseconds; slow ones are given up after some rounds."""
    times: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(ROUNDS):
        for name, call in calls.items():
            if sum(times[name]) < SECONDS * 1e9:
                start = time.thread_time_ns()
                call()
                times[name].append(time.thread_time_ns() - start)
    return {name: float(np.median(values)) / 1e6 for name, values in times.items()}


def row(kind: type[ode.WorkPrecisionNonstiff], method: str, rtol: float) -> str:
    """Return one row of the table."""
    given = kind().inputs(np.random.default_rng(0), rtol, method)
    run = {name: import_module(f"{ode.COMPILED}.{name}").run for name in IMPLEMENTATIONS}
    solved = {name: run[name](*given) for name in IMPLEMENTATIONS}  # compiles, too
    error = kind().case(rtol, method)[2].error(solved["rust_pyo3"].y[:, -1])
    calls: dict[str, Callable[[], Any]] = {name: partial(call, *given) for name, call in run.items()}
    times = "".join(f" {milliseconds:.3g} |" for milliseconds in medians(calls).values())
    return f"| {method} | {rtol:.0e} | {error:.1e} | {solved['rust_pyo3'].nfev:,} |{times}"


def main() -> None:
    """Print both tables."""
    for kind in (ode.WorkPrecisionNonstiff, ode.WorkPrecisionStiff):
        print(f"\n{kind.problem}\n\n| method | rtol | error | nfev | {' | '.join(IMPLEMENTATIONS)} |")
        print("|---|--:|--:|--:|" + "--:|" * len(IMPLEMENTATIONS))
        for method in kind.axes["method"]:
            for rtol in ode.TOLERANCES:
                print(row(kind, method, rtol), flush=True)


if __name__ == "__main__":
    main()
