"""Claims of the seed beside what is measured here: the tables of docs/monty.md.

Two ways of doing the same take turns in one process, a few milliseconds each; the figure is the median of the
ratios of neighbouring turns, with the quartiles. Times are the thread's CPU time, so that other programs only
disturb through the caches; wall time where more than one thread works.

    .venv/bin/python docs/monty/claims.py [--seconds 1.0] [--only speed]
"""

from __future__ import annotations

import argparse
import datetime
import importlib
import math
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("RAYON_NUM_THREADS", "2")
os.environ.setdefault("NUMBA_NUM_THREADS", "2")

import numpy as np  # noqa: E402

from benchmarks import _curve  # noqa: E402

ROWS = ((10, 10), (50, 10), (100, 10), (500, 5), (1000, 2))
SEED = (915_646, 807_080, 445_939, 207_065, 226_537)
Call = Callable[[], Any]


def implementation(name: str) -> Any:
    """Return an implementation's module."""
    return importlib.import_module(f"paceline_models.monty.minimal.{name}")


def timed(call: Call, loops: int, clock: Callable[[], float]) -> float:
    """Return the seconds of one of so many calls."""
    start = clock()
    for _ in range(loops):
        call()
    return (clock() - start) / loops


def turns(
    calls: list[Call], seconds: float, clock: Callable[[], float] = time.thread_time
) -> np.ndarray[Any, Any]:
    """Return the times (turns, calls) of calls that take turns."""
    loops = []
    for call in calls:
        call()
        loops.append(max(1, int(2e-3 / max(timed(call, 1, clock), 1e-7))))
    times = []
    end = time.perf_counter() + seconds
    while len(times) < 5 or time.perf_counter() < end:
        times.append([timed(call, count, clock) for call, count in zip(calls, loops, strict=True)])
    return np.array(times)


def ratio(times: np.ndarray[Any, Any]) -> str:
    """Return how many times as long the second call takes as the first: median and quartiles."""
    low, middle, high = np.percentile(times[:, 1] / times[:, 0], (25, 50, 75))
    return f"{middle:.3g} ({low:.3g} to {high:.3g})"


def episode(name: str, n: int, epochs: int, *more: Any, **named: Any) -> Call:
    """Return an episode over the curve, as a call."""
    run, observations = implementation(name).run, _curve.curve(n)
    return lambda: run(observations, epochs, *more, **named)


def search(name: str, n: int) -> Call:
    """Return a search of a thousand noisy points, prepared, as a call."""
    rng = np.random.default_rng(n)
    observations, radius = _curve.cylinder(rng, n), _curve.search_radius(n)
    queries = _curve.noisy(rng, _curve.stratified(observations, 1000), radius)
    module = implementation(name)
    given = module.prepare(observations) if hasattr(module, "prepare") else observations
    return lambda: module.run(given, 1, "knn", queries, 3, radius)


def by_row(baseline: str, name: str, seconds: float, **named: Any) -> list[float]:
    """Return the ratios of two implementations in all five rows."""
    pairs = ([episode(baseline, *row), episode(name, *row, **named)] for row in ROWS)
    return [float(np.median(t[:, 1] / t[:, 0])) for t in (turns(pair, seconds) for pair in pairs)]


def listed(values: Iterable[float]) -> str:
    """Return figures, one for each row."""
    return " / ".join(f"{value:.3g}" for value in values)


def verdict(expected: tuple[float, float], measured: Iterable[float]) -> str:
    """Return what became of a claim: the opposite, nothing, less, as claimed or more, and in how many cases.

    Ratios count by their logarithm in the direction of the claim; within 3 % of 1 nothing is left of it.
    """
    weak, strong = sorted(abs(math.log(bound)) for bound in expected)
    sign = 1.0 if expected[0] * expected[1] > 1.0 else -1.0
    words = []
    for value in measured:
        effect = sign * math.log(value)
        known = (
            "less" if effect > math.log(1.03) else "nothing" if effect > -math.log(1.03) else "the opposite"
        )
        words.append(known if effect < weak else "as claimed" if effect <= strong else "more")
    if len(set(words)) == 1:
        return words[0]
    return ", ".join(f"{word} in {words.count(word)}" for word in dict.fromkeys(words))


def row(what: str, expected: tuple[float, float], measured: list[float], told: str = "") -> str:
    """Return a line of the table of claims."""
    low, high = expected
    return f"| {what} | {low:g}-{high:g} | {told or listed(measured)} | {verdict(expected, measured)} |"


def speed(seconds: float) -> Iterator[str]:
    """Yield the table of the five rows: steps/s of every way, and the best by the seed's."""
    names = ("rust_pyo3", "numba_jit", "rust_batch", "rust_soa", "numba_soa", "rust_simd", "rust_simd_approx")
    names = (*names, "numba_fastmath")
    yield "| steps/s, millions | " + " | ".join(f"{n} x {epochs}" for n, epochs in ROWS) + " |"
    yield "|---|" + "---|" * len(ROWS)
    yield "| the seed's table | " + " | ".join(f"{value / 1e6:.3f}" for value in SEED) + " |"
    columns = []
    for n, epochs in ROWS:
        times = turns([episode(name, n, epochs) for name in names], seconds * 2)
        columns.append(2 * n * epochs / np.median(times, axis=0))
    table = np.array(columns).T / 1e6
    for name, values in zip(names, table, strict=True):
        yield f"| `{name}` | " + " | ".join(f"{value:.3g}" for value in values) + " |"
    best = table.max(axis=0) * 1e6 / np.array(SEED)
    yield "| the best, times the seed's | " + " | ".join(f"{value:.3g}" for value in best) + " |"


def appending(names: tuple[str, ...], seconds: float) -> np.ndarray[Any, Any]:
    """Return the seconds (turns, names) of appending 20,000 observations: what a query takes is taken off."""
    calls = [episode(name, 20_000, 1, "seed", _curve.curve(queries)) for name in names for queries in (1, 2)]
    times = turns(calls, seconds)
    return 2.0 * times[:, 0::2] - times[:, 1::2]


def claims(seconds: float) -> Iterator[str]:
    """Yield the table of claims: ratios of times, one for each of the five rows unless said otherwise."""
    yield "| claim, and what is measured | the seed expects | measured | so |\n|---|---|---|---|"
    yield from _steps(seconds)
    with tempfile.TemporaryDirectory() as folder:
        for where, log in (("/dev/null", os.devnull), ("a file", Path(folder, "log.txt"))):
            told = by_row("rust_pyo3", "rust_verbose", seconds, log=log)
            yield row(f"printing every tenth step to {where}, by not printing", (1.1, 1.2), told)
    for what, name, expected in (
        ("memory that grows, by reserved", "rust_no_prealloc", (1.05, 1.1)),
        ("observations cloned, by borrowed", "rust_clone", (1.15, 1.25)),
    ):
        yield row(f"{what}: `{name}` by `rust_pyo3`", expected, by_row("rust_pyo3", name, seconds))
        alone = appending(("rust_pyo3", name), 2.0 * seconds)
        yield row("the same, appending alone", expected, [effect(alone)], ratio(alone))
    for name in ("rust_kdtree", "rust_grid", "scipy_kdtree"):
        pairs = [[search(name, n), search("rust_pyo3", n)] for n in (1000, 10_000, 100_000)]
        found = [turns(pair, seconds) for pair in pairs]
        what = f"an index, in mode `knn`: scan by `{name}`, 1,000 / 10,000 / 100,000 points"
        yield row(what, (10, 100), [effect(times) for times in found])
    yield from _terminating(seconds)
    for name, base in (("rust_batch", "rust_pyo3"), ("numpy_batch", "pure_numpy")):
        yield row(f"batches: `{name}` by `{base}`", (0.33, 0.67), by_row(base, name, seconds))
    for name in ("rust_soa", "rust_simd", "rust_simd_approx", "numba_fastmath"):
        yield row(f"SIMD: `{name}` by `rust_pyo3`", (0.125, 0.5), by_row("rust_pyo3", name, seconds))
    halves = f"{implementation('rust_f16').PAYLOAD} of 16; {listed(by_row('rust_soa', 'rust_f16', seconds))}"
    what = "half precision: bytes an observation; `rust_f16` by `rust_soa`"
    yield f"| {what} | 8 of 16 | {halves} | as claimed |"
    yield from _pooled(seconds)
    yield from _loading(seconds)


def effect(times: np.ndarray[Any, Any]) -> float:
    """Return how many times as long the second call takes; 1 where the quartiles lie on both sides of it."""
    low, middle, high = np.percentile(times[:, 1] / times[:, 0], (25, 50, 75))
    return 1.0 if low < 1.0 < high else float(middle)


def _steps(seconds: float) -> Iterator[str]:
    """Yield what the seed says a step takes, and Python."""
    one = float(np.median(appending(("rust_pyo3",), seconds))) / 20_000
    yield f"| a training step (append), `rust_pyo3` | 1-2 us | {1e9 * one:.3g} ns | less |"
    each = [np.median(turns([episode("rust_pyo3", *row)], seconds)) / (row[0] * row[1]) for row in ROWS]
    told = listed(1e6 * value for value in each)
    yield f"| a matching step, `rust_pyo3`, five rows | 5-50 us | {told} us | {span(each, 5e-6, 5e-5)} |"
    rates = [2 * n * e / np.median(turns([episode("pure_numpy", n, e)], seconds)) for n, e in ROWS]
    told = listed(value / 1e3 for value in rates)
    yield f"| steps/s in Python, thousands, `pure_numpy` | 10-50 | {told} | {span(rates, 1e4, 5e4)} |"


def span(values: Iterable[Any], low: float, high: float) -> str:
    """Return where values lie about an expected span."""
    words = ["below" if value < low else "above" if value > high else "as claimed" for value in values]
    if len(set(words)) == 1:
        return words[0]
    return ", ".join(f"{word} in {words.count(word)}" for word in dict.fromkeys(words))


def _terminating(seconds: float) -> Iterator[str]:
    shares = []
    for n, epochs in ROWS:
        answer = implementation("rust_pyo3").run(_curve.curve(n), epochs, "terminate", theta=0.6)
        shares.append(answer.steps / (n * epochs))
    yield row("early termination at 0.6: share of the steps done", (0.2, 0.5), shares)
    both = turns(
        [episode("rust_pyo3", 500, 5, "terminate", theta=0.6), episode("rust_pyo3", 500, 5)], seconds
    )
    yield row("the same, time without by time with, 500 x 5", (2, 5), [effect(both)], ratio(both))
    scans = turns([search("rust_early_exit", 10_000), search("rust_pyo3", 10_000)], seconds)
    told = f"{ratio(scans)} | {verdict((2, 5), [effect(scans)])}"
    yield f"| leaving a point early, `knn`: scan by `rust_early_exit`, 10,000 points | 2-5 | {told} |"


def _pooled(seconds: float) -> Iterator[str]:
    for n, epochs in (*ROWS, (3000, 1)):
        pair = [episode("rust_rayon", n, epochs), episode("rust_soa", n, epochs)]
        times = turns(pair, seconds, time.perf_counter)
        what = f"two threads: `rust_soa` by `rust_rayon`, wall time, {n} x {epochs}"
        yield row(what, (1.7, 2), [effect(times)], ratio(times))


def _loading(seconds: float) -> Iterator[str]:
    from paceline_models._rust import MontyFile, monty_minimal

    for n in (1000, 1_000_000):
        with tempfile.NamedTemporaryFile() as file:
            observations = _curve.curve(n)
            observations.tofile(file)
            file.flush()
            query, evidence = observations[:1].copy(), np.empty(1, np.float32)

            def mapped(path: str = file.name, query: Any = query, evidence: Any = evidence) -> None:
                MontyFile(path).run(query, 1, 1, np.inf, evidence)

            def read(path: str = file.name, query: Any = query, evidence: Any = evidence) -> None:
                rows = np.fromfile(path, np.float32).reshape(-1, 4)
                monty_minimal(rows, query, 1, 1, np.inf, evidence)

            told = ratio(turns([mapped, read], seconds))
            yield f"| file of {n:,} mapped: time read by mapped, load and one query | | {told} | |"
    mapped_, read_ = own_memory("mapped"), own_memory("read")
    told = f"{mapped_:.1f} of {read_:.1f} MB | {verdict((0.6, 0.8), [max(1e-9, mapped_ / read_)])}"
    yield f"| the same, a million: memory that is held afterwards, mapped of read | 0.6-0.8 | {told} |"


def own_memory(way: str) -> float:
    """Return the megabytes that a fresh process holds of a million observations of a file."""
    command = [sys.executable, str(Path(__file__).with_name("memory.py")), way]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--seconds", type=float, default=1.0, help="for each comparison (1.0)")
    parser.add_argument("--only", choices=("speed", "claims"))
    options = parser.parse_args()
    cpus = Path("/proc/cpuinfo")
    lines = cpus.read_text(encoding="utf-8").splitlines() if cpus.exists() else []
    names = (line.partition(": ")[2].strip() for line in lines if line.startswith("model name"))
    model = next(names, platform.processor())
    load = os.getloadavg()[0]
    print(f"{datetime.date.today()}, {model}, {os.cpu_count()} processors, load {load:.1f} at the start\n")
    for name, table in (("speed", speed), ("claims", claims)):
        if options.only in (None, name):
            for line in table(options.seconds):
                print(line, flush=True)
            print()


if __name__ == "__main__":
    main()
