"""From options to an order for races, or to the run of the ledger that is to be gone on with."""

from __future__ import annotations

import argparse
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from paceline.outcome import PacelineError
from paceline.race.order import QUICK, Order, order_of
from paceline.results import ledger
from paceline.suite.config import Suite
from paceline.suite.repository import Checkout
from paceline.suite.settings import racing
from paceline.suite.variants import is_variation

QUICK_RESULTS = Path(".paceline/quick")


@dataclass(frozen=True)
class Earlier:
    """A run of the ledger that is gone on with: its file, and its records."""

    path: Path
    records: tuple[dict[str, Any], ...]

    @property
    def header(self) -> Mapping[str, Any]:
        """The record that says what the run is about; PacelineError for a run of another command."""
        found = next((one for one in self.records if one.get("kind") == "run"), {})
        if found.get("what") != "race":
            what = found.get("what") or "something else"
            raise PacelineError(f"{self.path.stem} is a run of `paceline {what}`, not of `paceline race`")
        return found

    def kind(self, kind: str) -> list[dict[str, Any]]:
        """Return the records of a kind."""
        return [one for one in self.records if one.get("kind") == kind]


def ordered(options: argparse.Namespace, suite: Suite, earlier: Earlier | None) -> Order:
    """Return what is ordered: by an earlier run, else by the options and ``paceline.toml``."""
    if earlier:
        order = order_of(earlier.header.get("settings", {}))
        if options.models and tuple(options.models) != order.models:
            raise PacelineError(f"{earlier.path.stem} raced other models; leave them out to go on with it")
        return order
    set_ = racing(suite.root)
    everything = options.preset == QUICK and not options.models
    across = tuple(options.across or ())
    if len(across) > 1 and not all(map(is_variation, across)):
        raise PacelineError(f"--across {' '.join(across)}: name one parameter, or variables (env:NAME) only")
    for pattern in options.only:
        _compiles(pattern)
    return Order(
        models=tuple(options.models),
        across=shlex.join(across) if across and is_variation(across[0]) else next(iter(across), set_.across),
        baseline=options.baseline,
        sizes=tuple(size.replace(",", "").replace("_", "") for size in options.n),
        preset=options.preset,
        threshold=options.threshold or set_.threshold,
        thresholds={} if options.threshold else dict(set_.thresholds),
        only=tuple(options.only) or (set_.quick if everything else ()),
        machine=options.machine,
        with_project=options.with_project,
    )


def _compiles(pattern: str) -> None:
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        raise PacelineError(f"--only {pattern!r} is no regular expression: {error}") from error


def results_folder(options: argparse.Namespace, suite: Suite, order: Order) -> Path:
    """Return the results folder; that of quick runs is another than the suite's."""
    default = suite.root / QUICK_RESULTS if order.preset == QUICK else suite.results
    return Path(options.results or default).resolve()


def going_on(options: argparse.Namespace, suite: Suite) -> Earlier | None:
    """Return the run to go on with, full or quick, where one is asked for: the newest, or by name."""
    if not options.resume:
        return None
    places = [options.results] if options.results else [suite.results, suite.root / QUICK_RESULTS]
    if options.resume == "last":
        runs = sorted((path for place in places for path in ledger.runs(place)), key=lambda path: path.stem)
        known = (Earlier(path, ledger.read(path).records) for path in reversed(runs))
        found = next((one for one in known if any(r.get("what") == "race" for r in one.kind("run"))), None)
        if found is None:
            raise PacelineError(f"there is no race to go on with in {', '.join(map(str, places))}")
        return found
    having = [place for place in places if any(options.resume in path.stem for path in ledger.runs(place))]
    having = having or [place for place in places if ledger.runs(place)] or places
    path, _ = ledger.find(having[0], options.resume)
    return Earlier(path, ledger.read(path).records)


def same_code(earlier: Earlier, tree: Checkout, here: Mapping[str, Any]) -> None:
    """Raise PacelineError where a run has measured something else than ``here``: commit, files, packages."""
    then = earlier.header.get("sides", {}).get("here", {})
    measured = str(then.get("commit", ""))
    if measured != tree.commit:
        raise PacelineError(
            f"{earlier.path.stem} measured commit {measured[:8] or 'none'}, and {tree.label} is checked out: "
            "check that commit out to go on, or start a new run without --resume"
        )
    for key, told in (("tree", "files have"), ("packages", "installed packages have")):
        if then.get(key) and here.get(key) and then[key] != here[key]:
            raise PacelineError(
                f"since {earlier.path.stem} {told} changed, and its pairs would be of two versions: "
                "bring back what it measured, or start a new run without --resume"
            )
