"""Writes ledgers as ``paceline race`` leaves them, with what tests need to choose."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

COMMIT = "0123456789abcdef0123456789abcdef01234567"
GR6J = "hydrology.GR6J.time_run"


def contender(name: str, ratio: float = 0.5, verdict: str = "faster", **more: Any) -> dict[str, Any]:
    """Return a contender of a race; its baseline takes a millisecond."""
    told = {
        "name": name, "benchmark": "", "params": [repr(name)], "status": "ok", "verdict": verdict,
        "ratio": ratio, "low": ratio * 0.98, "high": ratio * 1.02, "pairs": 4, "confirmed": False,
        "suspected": None, "spread": 0.005, "detectable": 0.031, "seconds": ratio * 1e-3,
        "baseline_seconds": 1e-3, "reason": "",
    }  # fmt: skip
    return told | more


def absent(name: str, status: str, reason: str = "") -> dict[str, Any]:
    """Return a contender that has no ratio."""
    none = dict.fromkeys(("ratio", "low", "high", "spread", "detectable", "seconds", "baseline_seconds"))
    return contender(name) | none | {"status": status, "verdict": status, "pairs": 0, "reason": reason}


def race(
    contenders: Sequence[Mapping[str, Any]],
    axes: Mapping[str, Any],
    benchmark: str = GR6J,
    baseline: str = "numba_jit",
    version: str = "1",
) -> dict[str, Any]:
    """Return one race's record."""
    name = f"{benchmark}({', '.join(f'{key}={value!r}' for key, value in axes.items())})"
    return {
        "kind": "race", "race": name, "model": "any", "benchmark": benchmark, "version": version,
        "axes": dict(axes), "threshold": 0.025, "baseline": {"name": baseline, "params": []},
        "contenders": list(contenders), "floor": 0.005, "setup_before_every_call": "",
    }  # fmt: skip


def ledger(
    results: Path,
    races: Sequence[Mapping[str, Any]],
    utc: str = "2025-11-08T10:00:00Z",
    commit: str = COMMIT,
    machine: str = "sample",
    **more: Any,
) -> Path:
    """Write a run of races; ``more``: dirty, across, what, infra, and whole records as ``others``."""
    stem = f"{utc.replace('-', '').replace(':', '')}-{commit[:8] or 'no-commit'}-7"
    packages = {"numpy": "2.4.6", "numba": "0.68.1"}
    here = {"commit": commit, "dirty": more.get("dirty", False), "python": "3.11.7 (main)"}
    head = {
        "kind": "run", "what": more.get("what", "race"), "utc": utc, "machine": machine,
        "host": {"host": "box", "cpu": "Example CPU", "os": "Linux", "ram": 8_000_000_000, "governor": None},
        "settings": {"across": more.get("across", "implementation"), "preset": "full"},
        "sides": {"here": {**here, "packages": packages}},
    }  # fmt: skip
    gate = {"kind": "gate", "baselines": {}, "answers": {one["race"]: _agrees(one) for one in races}}
    end = {"kind": "end", "how": "whole", "infra": more.get("infra", "")}
    path = results / machine / "races" / f"{stem}.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    records = (head, gate, *more.get("others", ()), *races, end)
    lines = (json.dumps({"schema": 1, "run": stem, **record}) for record in records)
    path.write_text("".join(f"{line}\n" for line in lines))
    return path


def _agrees(race: Mapping[str, Any]) -> dict[str, str]:
    return {one["name"]: "agrees" for one in race["contenders"]}
