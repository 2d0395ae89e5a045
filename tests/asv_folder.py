"""Makes small results folders as asv 0.6.6 writes them: flat lists, repr, NaN, dropped columns."""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

COLUMNS = [
    "result", "params", "version", "started_at", "duration", "stats_ci_99_a", "stats_ci_99_b",
    "stats_q_25", "stats_q_75", "stats_number", "stats_repeat", "samples", "profile",
]  # fmt: skip
NAN = math.nan
DATE = 1_762_500_000_000  # 2025-11-07, as JavaScript counts
Value = tuple[float | None, float | None, float | None]


@dataclass(frozen=True)
class Bench:
    """One benchmark: ``value(**params)`` gives (median, low, high), a number alone, None or NaN."""

    name: str
    axes: Mapping[str, Sequence[Any]]
    value: Callable[..., Any]
    kind: str = "time"
    unit: str = "seconds"
    version: str = "1"
    recorded_version: str | None = field(default="1")


def declare(root: Path, benches: Sequence[Bench]) -> None:
    document: dict[str, Any] = {"version": 2}
    for bench in benches:
        document[bench.name] = {
            "name": bench.name,
            "type": bench.kind,
            "unit": bench.unit,
            "version": bench.version,
            "param_names": list(bench.axes),
            "params": [[repr(value) for value in axis] for axis in bench.axes.values()],
            "code": "def ...",
        }
    root.mkdir(parents=True, exist_ok=True)
    (root / "benchmarks.json").write_text(json.dumps(document, indent=4))


def machine(root: Path, name: str = "sample", folder: str | None = None, **fields: str) -> Path:
    known = {
        "arch": "x86_64", "cpu": "Example CPU @ 3.00GHz", "machine": name, "num_cpu": "4",
        "os": "Linux 6.8", "ram": "16777216000", "version": 1,
    }  # fmt: skip
    path = root / (folder or name)
    path.mkdir(parents=True, exist_ok=True)
    (path / "machine.json").write_text(json.dumps(known | fields))
    return path


def run(
    folder: Path,
    benches: Sequence[Bench],
    commit: str = "0123456789abcdef0123456789abcdef01234567",
    date: int = DATE,
    environment: str = "virtualenv-py3.11-numpy2.4",
    requirements: Mapping[str, str] | None = None,
    machine_name: str = "sample",
) -> Path:
    document = {
        "commit_hash": commit,
        "env_name": environment,
        "date": date,
        "params": {"machine": machine_name, "python": "3.11"},
        "python": "3.11",
        "requirements": dict(requirements or {"numpy": "2.4", "numba": "0.68"}),
        "env_vars": {},
        "result_columns": COLUMNS,
        "results": {bench.name: row(bench, date) for bench in benches},
        "durations": {},
        "version": 2,
    }
    path = folder / f"{commit[:8]}-{environment.replace('/', '_')}.json"
    path.write_text(json.dumps(document))
    return path


def row(bench: Bench, date: int = DATE) -> list[Any]:
    cases = [
        case(bench.value(**dict(zip(bench.axes, values, strict=True))))
        for values in itertools.product(*bench.axes.values())
    ]
    results, low, high = (list(column) for column in zip(*cases, strict=True))
    params = [[repr(value) for value in axis] for axis in bench.axes.values()]
    cells: list[Any] = [
        squeezed(results), params, bench.recorded_version, date + 3_600_000, 1.25,
        squeezed(low), squeezed(high),
    ]  # fmt: skip
    while cells and cells[-1] is None:
        cells.pop()
    return cells


def case(value: Any) -> Value:
    return value if isinstance(value, tuple) else (value, None, None)


def squeezed(column: list[Any]) -> list[Any] | None:
    return None if all(item is None for item in column) else column


def around(value: float, share: float = 0.02) -> Value:
    return value, value * (1 - share), value * (1 + share)


IMPLEMENTATIONS = ("pure_numpy", "numba_jit", "rust_pyo3", "rust_tuned", "hydrogr")
SPEED = {"pure_numpy": 4e-6, "numba_jit": 3.3e-8, "rust_pyo3": 3.27e-8, "rust_tuned": 1.7e-8, "hydrogr": 6e-8}


def gr6j(implementation: str, n: int) -> Any:
    if implementation == "hydrogr" and n > 10_000:
        return None
    if implementation == "pure_numpy" and n > 10_000:
        return NAN
    return around(4e-7 + SPEED[implementation] * n, 0.02 if n > 1000 else 0.05)


def snowy(implementation: str, n: int, snow: str) -> Any:
    return around((2.0 if snow == "hysteresis" else 1.0) * 1.6e-7 * n * SPEED[implementation] / 3.3e-8)


SAMPLE = (
    Bench("hydrology.GR6J.time_run", {"implementation": IMPLEMENTATIONS, "n": (365, 3_650, 36_500)}, gr6j),
    Bench(
        "hydrology.GR6J.peakmem_run",
        {"implementation": IMPLEMENTATIONS[:4], "n": (365, 3_650, 36_500)},
        lambda implementation, n: 158_000_000 + 8 * 20 * n,
        "peakmemory", "bytes",
    ),
    Bench(
        "hydrology.GR6J.peakmem_baseline",
        {"implementation": IMPLEMENTATIONS[:4], "n": (365, 3_650, 36_500)},
        lambda implementation, n: 158_000_000,
        "peakmemory", "bytes",
    ),
    Bench(
        "hydrology.GR6JCemaNeige.time_run",
        {"implementation": IMPLEMENTATIONS[1:4], "n": (365, 3_650, 36_500), "snow": ("plain", "hysteresis")},
        snowy,
    ),
    Bench(
        "arrays.elementwise.Sigmoid.time_run",
        {"implementation": ("numpy", "numba_jit", "rust_pyo3"), "n": (100, 10_000, 1_000_000)},
        lambda implementation, n: around(
            {"numpy": 6e-7, "numba_jit": 3e-7, "rust_pyo3": 3.2e-7}[implementation] + 1.1e-9 * n, 0.04
        ),
    ),
    Bench(
        "startup.Startup.track_size",
        {"implementation": ("numba_jit", "rust_pyo3"), "model": ("gr6j", "sigmoid")},
        lambda implementation, model: {"numba_jit": 21_000.0, "rust_pyo3": 480_000.0}[implementation],
        "track", "bytes",
    ),
    Bench(
        "startup.Startup.track_first_call",
        {"implementation": ("numba_jit", "rust_pyo3"), "model": ("gr6j", "sigmoid")},
        lambda implementation, model: NAN if implementation == "rust_pyo3" else 1.73,
        "track", "seconds",
    ),
)  # fmt: skip


def sample(root: Path) -> Path:
    """The folder most tests read: one machine, one commit, everything that a report shows."""
    declare(root, SAMPLE)
    run(machine(root), SAMPLE)
    return root
