"""Targets and claims beside what races have measured: the tables of docs/arrays.md, out of ledgers.

    .venv/bin/python docs/arrays/targets.py --limits limits.jsonl
    .venv/bin/python docs/arrays/targets.py --read limits.jsonl LEDGER... [--into docs/arrays.md]

The first form measures what the machine can do at most and adds it to the file: before a race and after it.
The second prints the tables, or puts them between two marks of a document. Ratios of any two implementations
are those of the same pairs of a race, with their 98 % interval; "by" says how many times faster Rust is. A
row's limit is the time that its passes over memory take at the bandwidth of their kind.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean, median
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from paceline.stats.verdict import Estimate, estimate  # noqa: E402

BEGIN, END = "<!-- tables of targets.py -->\n", "<!-- end of the tables -->\n"
SIZES = (10_000, 100_000, 1_000_000)
LOSSES = (
    "Diff", "Gradient", "Norm", "Var", "Std", "ReluScaleBias", "Zscore", "SumAxis0", "SumAxis1", "VarAxis0",
    "StdAxis1", "VectorMagnitude",
)  # fmt: skip
PASSES = {  # bytes an element of each pass, by the kernel of the same kind
    "Exp": {"copy": 16},
    "ReluScaleBias": {"copy": 16},
    "Sum": {"read": 8},
    "Norm": {"read": 8},
    "Diff": {"copy": 16},
    "Cumsum": {"copy": 16},
    "VectorMagnitude": {"triad": 24},
    "Laplacian": {"copy": 16},
    "LayerNorm": {"read": 8, "quad": 32},
    "Zscore": {"read": 8, "copy": 16},
}
WHAT_LIMITS = {  # besides bandwidth; the numbers of a Zen 4 processor at 3.7 GHz
    "Exp": "11 multiplications and multiply-adds for 8 elements, one a cycle: 0.37 ns",
    "Cumsum": "within four elements 2 shuffles and 2 additions, between fours 2 and 2: some 0.22 ns",
    "VectorMagnitude": "square roots, 0.55 ns by their unit alone: half of them are worked out beside it",
    "Laplacian": "loads: 14 for 4 vectors of the answer, most of them across two cache lines: 0.25 ns",
    "LayerNorm": "four arrays of 8 MB fill the last cache (32 MB): memory",
    "Zscore": "the first reading takes 0.12 ns, not 0.08: mean and deviations of a block in the first cache",
}
FIRST = {"Var": "normal", "Std": "normal", "Median": "random"}  # of classes with several kinds of data
Limits = Mapping[tuple[str, int], float]


@dataclass
class Case:
    """What was raced at one size: the seconds of every contender in every pair, and the A/A log ratios."""

    axes: Mapping[str, Any]
    floor: float
    pairs: list[dict[str, float]] = field(default_factory=list)
    nulls: list[float] = field(default_factory=list)

    def ratio(self, one: str, other: str) -> Estimate | None:
        """Return the time of one contender by another's; None where they were not in two pairs together."""
        both = [pair for pair in self.pairs if one in pair and other in pair]
        logs = [math.log(pair[one] / pair[other]) for pair in both]
        return estimate(logs, self.nulls, self.floor, looks=1) if len(logs) > 1 else None

    def nanoseconds(self, name: str, elements: int) -> float:
        """Return the time of an element."""
        return median(pair[name] for pair in self.pairs if name in pair) / elements * 1e9


def cases(ledgers: Iterable[Path]) -> dict[str, list[Case]]:
    """Return what ledgers hold by class; of the same case, the last counts."""
    found: dict[tuple[str, str], Case] = {}
    for path in ledgers:
        records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        for record in records:
            if record["kind"] != "race":
                continue
            case = Case(record["axes"], record["floor"])
            for pair in records:
                if pair["kind"] == "pair" and pair["race"] == record["race"]:
                    case.pairs.append({name: side["seconds"] for name, side in pair["sides"].items()})
                    null = (pair.get("null") or {}).get("log_ratio")
                    case.nulls += [] if null is None else [null]
            found[record["benchmark"].split(".")[2], record["race"]] = case
    by_class: dict[str, list[Case]] = {}
    for (name, _), case in found.items():
        by_class.setdefault(name, []).append(case)
    return by_class


def chosen(by_class: Mapping[str, list[Case]], name: str, **axes: Any) -> Case | None:
    """Return the case of these axes; with ``out=`` where there is a choice."""
    fitting = [one for one in by_class.get(name, ()) if all(one.axes.get(key) == axes[key] for key in axes)]
    return min(fitting, key=lambda one: one.axes.get("memory") != "out", default=None)


def told(found: Estimate | None, target: float = 0.0) -> str:
    """Return a ratio with its interval, and whether it misses a target."""
    if found is None:
        return "not raced"
    text = f"{found.ratio:.3g} ({found.low:.3g}-{found.high:.3g})"
    if found.ratio >= target:
        return text
    return f"{text}, {'misses' if found.high < target else 'undecided'}"


def times(
    by_class: Mapping[str, list[Case]], name: str, both: tuple[str, str], target: float = 0.0, **axes: Any
) -> str:
    """Return how many times the first contender takes as long as the second in a case, and its interval."""
    case = chosen(by_class, name, **axes)
    return told(case.ratio(*both) if case else None, target)


def limit(name: str, n: int, limits: Limits) -> float | None:
    """Return the nanoseconds an element that the passes of a workload take at least."""
    passes = PASSES.get(name)
    if passes is None or any((kernel, n) not in limits for kernel in passes):
        return None
    return sum(size / limits[kernel, n] for kernel, size in passes.items()) * 1e9


def rows(by_class: Mapping[str, list[Case]], limits: Limits) -> Iterator[str]:
    """Yield the table of rows that the notes list as losses, and of those that bandwidth limits."""
    titles = (
        "by NumPy (1) | by NumPy at its best | by Numba (0.95) | ns an element | share of the limit (0.9)"
    )
    yield f"| row | n | {titles} |"
    yield "|---|--:|--:|--:|--:|--:|--:|"
    for name in dict.fromkeys((*LOSSES, *PASSES)):
        for n in SIZES:
            case = chosen(by_class, name, n=n, **({"data": FIRST[name]} if name in FIRST else {}))
            if case is None:
                continue
            raced = case.pairs[0]
            by_numpy = told(case.ratio("pure_numpy", "rust_pyo3"), 1.0 if name in LOSSES else 0.0)
            best = told(case.ratio("numpy_best", "rust_pyo3")) if "numpy_best" in raced else "-"
            numba = "numba_fastmath" if "numba_fastmath" in raced else "numba_jit"
            by_numba = told(case.ratio(numba, "rust_pyo3"), 0.95)
            own, least = case.nanoseconds("rust_pyo3", n), limit(name, n, limits)
            share = f"{least / own:.2f}" if least and n == SIZES[-1] else "-"
            yield f"| {name} | {n:,} | {by_numpy} | {best} | {by_numba} | {own:.2f} | {share} |"


def bounds(by_class: Mapping[str, list[Case]], limits: Limits) -> Iterator[str]:
    """Yield the table of what rows move at a million elements, how fast, and what else limits them."""
    titles = "bytes an element, by pass | at the machine's bandwidth, ns | measured, ns | share (0.9)"
    yield f"| row | {titles} | what limits it besides |"
    yield "|---|---|--:|--:|--:|---|"
    n = SIZES[-1]
    for name, passes in PASSES.items():
        case, least = chosen(by_class, name, n=n), limit(name, n, limits)
        if case is None or least is None:
            continue
        own = case.nanoseconds("rust_pyo3", n)
        moved = " + ".join(f"{size} ({kernel})" for kernel, size in passes.items())
        why = WHAT_LIMITS.get(name, "nothing")
        yield f"| {name} | {moved} | {least:.2f} | {own:.2f} | {least / own:.2f} | {why} |"


def other_targets(by_class: Mapping[str, list[Case]]) -> Iterator[str]:
    """Yield the table of the targets that are no bandwidth."""
    yield "| target | n | at least | measured |\n|---|--:|--:|--:|"
    for name in ("Exp", "Sin", "Sigmoid", "Gelu"):
        found = times(by_class, name, ("numba_libm", "rust_pyo3"), 5, n=100_000)
        yield f"| {name} by Numba with the C library's | 100,000 | 5 | {found} |"
    found = times(by_class, "Sin", NUMPY, 10, n=100_000)
    yield f"| Sin by NumPy | 100,000 | 10 | {found} |"
    case = chosen(by_class, "Exp", n=100_000)
    took = f"{case.nanoseconds('rust_pyo3', 100_000):.2f}" if case else "not raced"
    yield f"| Exp, ns an element | 100,000 | at most 0.45 | {took} |"
    for n in (128, 256, 512):
        yield f"| Matmul by NumPy's OpenBLAS | {n} | 0.9 | {times(by_class, 'Matmul', NUMPY, 0.9, n=n)} |"
    for k in (2, 3, 4):
        found = times(by_class, "MatmulSmallBatch", NUMPY, 1, n=6250, k=k)
        yield f"| 6,250 products of {k} x {k} by NumPy | 6,250 | 1 | {found} |"
    for name, n in THREADS:
        for who, least in (("rust_rayon", 1.7), ("numba_parallel", 0.0)):
            found = times(by_class, f"{name}Threads", ("1", "2"), least, n=n, implementation=who)
            yield f"| {name}, `{who}`: one thread by two | {n:,} | 1.7 | {found} |"


LIBM = ("rust_libm", "rust_pyo3")
NAIVE = ("rust_naive", "rust_pyo3")
MEMORY = ("alloc", "inplace")
NUMPY = ("pure_numpy", "rust_pyo3")
AT: dict[str, Any] = {"n": 100_000}
RUST, POOL = {"implementation": "rust_pyo3"}, {"implementation": "rust_rayon"}
THREADS = (
    ("Exp", 1_000_000), ("Sin", 1_000_000), ("Sigmoid", 1_000_000), ("Gelu", 1_000_000), ("McPi", 1_000_000),
    ("Image", 1_000_000), ("Matmul", 512),
)  # fmt: skip
CLAIMS: tuple[tuple[str, str, str, dict[str, Any], tuple[str, str]], ...] = (
    # the claim, what the notes expect, the class, its axes, the slower contender and the faster
    ("vector instructions, by the C library's functions", "2-4x", "Exp", AT, LIBM),
    ("", "", "Sin", AT, LIBM),
    ("two threads by one (rayon)", "2-8x", "ExpThreads", POOL, ("1", "2")),
    ("", "", "SinThreads", POOL, ("1", "2")),
    ("in place by a new array", "1.5-2x", "ReluScaleBias", RUST, MEMORY),
    ("", "", "Sigmoid", RUST, MEMORY),
    ("", "", "Sigmoid", {"implementation": "pure_numpy"}, MEMORY),
    ("selection by sorting, for a median", "3-5x", "Median", AT, ("rust_sort_median", "rust_pyo3")),
    ("Welford's update by NumPy's two passes", "1.5-2x", "Var", AT, ("pure_numpy", "rust_welford")),
    ("Welford's update by two passes in blocks", "", "Var", AT, ("rust_pyo3", "rust_welford")),
    ("small matrices unrolled, by NumPy", "5-10x", "MatmulSmallBatch", {"k": 2}, NUMPY),
    ("", "", "MatmulSmallBatch", {"k": 3}, NUMPY),
    ("", "", "MatmulSmallBatch", {"k": 4}, NUMPY),
    ("fusion by an array for every operation", "2-5x", "Sigmoid", AT, NAIVE),
    *(
        ("", "", name, AT, NAIVE)
        for name in ("Gelu", "ReluScaleBias", "Zscore", "Laplacian", "Image", "Signal")
    ),
)


def claims(by_class: Mapping[str, list[Case]]) -> Iterator[str]:
    """Yield the table of what the notes claim; above 1, it is as they say."""
    yield "| claim | expected | workload | measured, times faster |\n|---|--:|---|--:|"
    for claim, expected, name, axes, both in CLAIMS:
        data: dict[str, Any] = {"data": FIRST[name]} if name in FIRST else {}
        who = f", `{axes['implementation']}`" if "implementation" in axes else ""
        side = f", {axes['k']} x {axes['k']}" if "k" in axes else ""
        yield f"| {claim} | {expected} | {name}{who}{side} | {times(by_class, name, both, **axes, **data)} |"


def measured_limits() -> Iterator[dict[str, Any]]:
    """Yield what the machine can do at most, now."""
    from benchmarks.arrays.limits import KERNELS, Bandwidth, Peak

    for kernel in KERNELS:
        for n in SIZES:
            one = Bandwidth()
            one.setup(kernel, n)
            yield {"kernel": kernel, "n": n, "bytes_per_second": one.track_bandwidth(kernel, n)}
    peak = Peak()
    peak.setup()
    yield {"kernel": "fma", "n": 0, "flops_per_second": peak.track_flops()}


def read_limits(path: Path) -> dict[tuple[str, int], float]:
    """Return the mean of what was measured of each kind and size: before, between and after races."""
    found: dict[tuple[str, int], list[float]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        one = json.loads(line)
        rate = one.get("bytes_per_second") or one["flops_per_second"]
        found.setdefault((one["kernel"], one["n"]), []).append(rate)
    return {key: mean(values) for key, values in found.items()}


def document(by_class: Mapping[str, list[Case]], limits: Limits) -> str:
    """Return all tables."""
    bandwidth = [f"{kernel} {rate / 1e9:.0f} GB/s" for (kernel, n), rate in limits.items() if n == SIZES[-1]]
    peak = f"; {limits['fma', 0] / 1e9:.0f} Gflop/s of multiply-adds" if ("fma", 0) in limits else ""
    lines = [f"*Limits at a million elements: {', '.join(bandwidth)}{peak}.*", ""] if bandwidth else []
    lines += [
        *rows(by_class, limits),
        "",
        *bounds(by_class, limits),
        "",
        *other_targets(by_class),
        "",
        *claims(by_class),
    ]
    return "\n".join(lines) + "\n"


def placed(text: str, tables: str) -> str:
    """Return a document with the tables between its marks."""
    before, _, rest = text.partition(BEGIN)
    _, found, after = rest.partition(END)
    if not found:
        raise SystemExit(f"the document has no lines {BEGIN.strip()!r} and {END.strip()!r}")
    return f"{before}{BEGIN}\n{tables}\n{END}{after}"


def main() -> None:
    """Measure limits, or print or place the tables."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("ledgers", type=Path, nargs="*", help="files of results/<machine>/races")
    parser.add_argument("--limits", type=Path, help="measure the machine's limits, and add them to this file")
    parser.add_argument("--read", type=Path, help="limits that were measured beside the races")
    parser.add_argument("--into", type=Path, help="a document with the marks of the tables")
    options = parser.parse_args()
    if options.limits:
        with options.limits.open("a", encoding="utf-8") as file:
            file.writelines(json.dumps(one) + "\n" for one in measured_limits())
        return
    tables = document(cases(options.ledgers), read_limits(options.read) if options.read else {})
    if options.into:
        options.into.write_text(placed(options.into.read_text(encoding="utf-8"), tables), encoding="utf-8")
    else:
        print(tables)


if __name__ == "__main__":
    main()
