"""A measuring session: the ledger, the ground for workers, and the canary's song before and after."""

from __future__ import annotations

import random
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import Any

import psutil

from paceline import __version__
from paceline.host.fingerprint import read_fingerprint
from paceline.host.steal import read_ticks, steal_share
from paceline.race.canary import infra, recall, remember, sing
from paceline.race.crew import Ground, Limits
from paceline.results.hosts import record_host
from paceline.results.ledger import Ledger
from paceline.suite.machine import ensure_machine

MEMORY_SHARE = 0.8  # of what is free when the session starts: a worker may not have more


@dataclass(frozen=True)
class Plan:
    """What a session is about, as its ledger's first line tells it.

    ``what`` is race, compare, selftest or bisect; ``commit`` names the file; ``sides`` describes the places
    (commit, environment, python, packages, build); ``settings`` is all that a repetition needs.
    """

    what: str
    commit: str
    settings: Mapping[str, Any]
    sides: Mapping[str, Mapping[str, Any]]
    seed: int | None = None


@dataclass
class Session:
    """An open session."""

    ledger: Ledger
    ground: Ground
    machine: str
    host: Mapping[str, Any]
    before: Sequence[Mapping[str, Any]] = ()  # the ledger's records, when it goes on
    infra: str = ""  # once it has ended: why its unpaired results are not to be believed


@contextmanager
def session(
    results: Path,
    machine: str | None,
    plan: Plan,
    limits: Limits,
    resume: Path | None = None,
) -> Iterator[Session]:
    """Open the ledger and sing; whatever happens, write how it ended, and leave no folder behind."""
    fingerprint = read_fingerprint(machine=machine)
    name = ensure_machine(machine, fingerprint.document())
    host = replace(fingerprint, machine=name).document()
    record_host(results, name, host)
    ledger, before = Ledger.resume(resume) if resume else (Ledger(results, name, plan.commit), [])
    folder = Path(tempfile.mkdtemp(prefix="paceline-"))
    seed = plan.seed if plan.seed is not None else random.randrange(1 << 32)  # noqa: S311 - no secret
    ticks, first = read_ticks(), sing()
    try:
        with ledger:
            if not before:
                ledger.write({"kind": "run", **_header(plan, name, host), "seed": seed})
            rng = random.Random(seed + len(before))  # noqa: S311 - no secret
            opened = Session(ledger, Ground(limits, folder, Event(), rng), name, host, before)
            how = "interrupted"
            try:
                yield opened
                how = "whole"
            finally:
                last, epoch = sing(), str(host.get("epoch", ""))
                steal = steal_share(ticks, read_ticks())
                opened.infra = infra(first, last, recall(results, name, epoch), steal)
                songs = {"first": asdict(first), "last": asdict(last)}
                ledger.write(
                    {"kind": "end", "how": how, "canary": songs, "steal": steal, "infra": opened.infra}
                )
                remember(results, name, epoch, first, last)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def free_memory() -> float:
    """Return how many bytes a worker may use when nothing is said about it."""
    return MEMORY_SHARE * float(psutil.virtual_memory().available)


def _header(plan: Plan, machine: str, host: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "what": plan.what,
        "utc": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "paceline": __version__,
        "machine": machine,
        "host": host,
        "epoch": host.get("epoch"),
        "command": ["paceline", *sys.argv[1:]],
        "folder": str(Path.cwd().name),
        "settings": dict(plan.settings),
        "sides": {name: dict(side) for name, side in plan.sides.items()},
    }
