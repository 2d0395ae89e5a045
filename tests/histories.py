"""Makes long histories as asv leaves them: steps, drifts, outliers, gaps and missing cases, by a seed."""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from asv_folder import COLUMNS, machine

IMPLEMENTATIONS = ("pure_numpy", "numba_jit", "rust_pyo3", "rust_tuned", "hydrogr")
SPEED = (90.0, 1.0, 0.98, 0.55, 1.8)
FIRST = 1_700_000_000_000  # 2023-11-14, as JavaScript counts
HOUR = 3_600_000
KINDS = ("steady", "step", "drift", "outliers", "gap", "late", "failing")


@dataclass(frozen=True)
class Plan:
    """How long and how wide a history is; a model has one benchmark with implementations by sizes."""

    commits: int = 60
    models: int = 4
    implementations: int = 3
    sizes: tuple[int, ...] = (100, 10_000)
    machines: tuple[str, ...] = ("alpha",)
    seed: int = 7
    noise: float = 0.01
    environment: str = "virtualenv-py3.11-numpy2.4"
    alerts: int = 0

    @property
    def cases(self) -> int:
        return self.models * self.implementations * len(self.sizes)


@dataclass(frozen=True)
class Made:
    """What was made: the commits, and by (machine, case number) what is wrong with it, and from where."""

    folder: Path
    commits: tuple[str, ...]
    dates: tuple[int, ...]
    events: dict[tuple[str, int], tuple[str, int]] = field(default_factory=dict)


def benchmark(plan: Plan, model: int) -> str:
    return f"family{model % 3}.Model{model:04d}.time_run"


def write(root: Path, plan: Plan) -> Made:
    """Write results of every machine, the declaration, hosts, and as many alerts and notes as planned."""
    root.mkdir(parents=True, exist_ok=True)
    hashes = tuple(hashlib.sha1(f"{plan.seed}-{one}".encode()).hexdigest() for one in range(plan.commits))
    dates = tuple(FIRST + 6 * HOUR * one for one in range(plan.commits))
    made = Made(root, hashes, dates)
    axes = [[repr(name) for name in IMPLEMENTATIONS[: plan.implementations]], [str(n) for n in plan.sizes]]
    _declare(root, plan, axes)
    for name in plan.machines:
        folder = machine(root, name)
        values = _values(plan, name, made)
        _hosts(folder, name, dates)
        for row, document in enumerate(_documents(plan, name, made, axes, values)):
            path = folder / f"{hashes[row][:8]}-{plan.environment}.json"
            path.write_text(json.dumps(document))
    _alerts(root, plan, made)
    return made


def _values(plan: Plan, name: str, made: Made) -> np.ndarray:
    """Return times by commit by case, NaN for skipped, infinite for failed."""
    rng = np.random.default_rng([plan.seed, *name.encode()])
    sizes = np.array(plan.sizes, float)
    speed = np.array(SPEED[: plan.implementations])
    base = (1e-6 + 3e-8 * speed[:, None] * sizes[None, :]).ravel()
    base = np.concatenate([base * rng.uniform(0.5, 2.0) for _ in range(plan.models)])
    values = base * np.exp(plan.noise * rng.standard_normal((plan.commits, plan.cases)))
    kinds = rng.choice(len(KINDS), plan.cases, p=[0.7, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05])
    for case, kind in enumerate(kinds):
        at = int(rng.integers(plan.commits // 3, max(plan.commits // 3 + 1, plan.commits - 8)))
        _happen(values[:, case], KINDS[kind], at, rng)
        if KINDS[kind] != "steady":
            made.events[name, case] = (KINDS[kind], at)
    return values


def _happen(series: np.ndarray, kind: str, at: int, rng: np.random.Generator) -> None:
    if kind == "step":
        series[at:] *= rng.choice([0.7, 1.3, 1.6])
    elif kind == "drift":
        series[at:] *= np.linspace(1.0, 1.3, len(series) - at)
    elif kind == "outliers":
        series[rng.random(len(series)) < 0.03] *= 4.0
    elif kind == "gap":
        series[at : at + len(series) // 8] = np.nan
    elif kind == "late":
        series[:at] = np.nan
    elif kind == "failing":
        series[at : at + 3] = np.inf


def _documents(plan: Plan, name: str, made: Made, axes: Any, values: np.ndarray) -> Iterator[dict[str, Any]]:
    per = plan.cases // plan.models
    rng = np.random.default_rng(plan.seed)
    for row, (commit, date) in enumerate(zip(made.commits, made.dates, strict=True)):
        results: dict[str, Any] = {}
        width = rng.lognormal(-4.5, 0.5, (2, plan.models, per))  # about 1 %
        spread = np.stack([1 - width[0], 1 + width[1]])
        for model in range(plan.models):
            own = [_cell(one) for one in values[row, model * per : (model + 1) * per]]
            low, high = (
                [_end(one, by) for one, by in zip(own, side, strict=True)] for side in spread[:, model]
            )
            results[benchmark(plan, model)] = [own, axes, "1", date + HOUR, 1.0, low, high]
        yield {
            "commit_hash": commit, "env_name": plan.environment, "date": date,
            "params": {"machine": name, "python": "3.11"}, "python": "3.11",
            "requirements": {"numpy": "2.4"}, "env_vars": {}, "result_columns": COLUMNS,
            "results": results, "durations": {}, "version": 2,
        }  # fmt: skip


def _cell(value: float) -> float | None:
    return None if np.isinf(value) else float(f"{value:.5g}")


def _end(value: float | None, by: float) -> float | None:
    return None if value is None or value != value else float(f"{value * by:.5g}")


def _declare(root: Path, plan: Plan, axes: Any) -> None:
    document: dict[str, Any] = {"version": 2}
    for model in range(plan.models):
        name = benchmark(plan, model)
        document[name] = {
            "name": name, "type": "time", "unit": "seconds", "version": "1",
            "param_names": ["implementation", "n"], "params": axes, "code": "",
        }  # fmt: skip
    (root / "benchmarks.json").write_text(json.dumps(document))


def _hosts(folder: Path, name: str, dates: tuple[int, ...]) -> None:
    """Write two fingerprints: the kernel changed half way."""
    lines = []
    for at, epoch, kernel in ((0, "aaaa", "6.8.0"), (len(dates) // 2, "bbbb", "6.18.1")):
        utc = np.datetime64(dates[at], "ms").astype("datetime64[s]").item().strftime("%Y-%m-%dT%H:%M:%SZ")
        host = {"host": name, "cpu": "Example CPU", "kernel": kernel, "microcode": "0x1", "governor": None}
        lines.append({"schema": 1, "utc": utc, "machine": name, "epoch": epoch, "host": host})
    (folder / "host.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines))


def _alerts(root: Path, plan: Plan, made: Made) -> None:
    """Write an alert for the first steps, and a note."""
    steps = [(key, at) for key, (kind, at) in made.events.items() if kind == "step"][: plan.alerts]
    per, sizes = plan.cases // plan.models, len(plan.sizes)
    for (name, case), at in steps:
        model, rest = divmod(case, per)
        implementation, size = divmod(rest, sizes)
        text = (
            f'schema = 1\nstate = "confirmed"\nbenchmark = "{benchmark(plan, model)}"\n'
            f'cases = ["{benchmark(plan, model)}(n={plan.sizes[size]})"]\n'
            f'ratio = 1.3\nlow = 1.28\nhigh = 1.32\nopened = "2026-01-31T12:00:00Z"\n'
            f'good = "{made.commits[at - 1]}"\nbad = "{made.commits[at]}"\n'
            f'[contender]\nimplementation = "{IMPLEMENTATIONS[implementation]}"\n'
        )
        (root / "alerts").mkdir(exist_ok=True)
        (root / "alerts" / f"{name}-{case}.toml").write_text(text)
    when = np.datetime64(made.dates[len(made.dates) // 3], "ms").astype("datetime64[D]")
    (root / "notes.toml").write_text(f'[[note]]\ndate = {when}\ntext = "NumPy 2.4"\n')


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    for option, default in (("commits", 2000), ("models", 50), ("implementations", 5), ("alerts", 5)):
        parser.add_argument(f"--{option}", type=int, default=default)
    parser.add_argument("--machines", nargs="+", default=["alpha", "beta"])
    asked = vars(parser.parse_args())
    write(asked.pop("folder"), Plan(**asked | {"machines": tuple(asked["machines"])}))
