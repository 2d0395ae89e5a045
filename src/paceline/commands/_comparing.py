"""From options to what is to be compared, or to the run of the ledger that is to be gone on with."""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from paceline.outcome import PacelineError
from paceline.race import between
from paceline.results import ledger
from paceline.stats.verdict import THRESHOLD
from paceline.suite import repository
from paceline.suite.config import Suite
from paceline.suite.repository import Commit
from paceline.suite.settings import fitting, racing
from paceline.suite.slots import Built

SECONDS = 0.5
AS_MEASURED = ("environment", "python", "packages", "project")


@dataclass(frozen=True)
class Earlier:
    """A run of the ledger that is gone on with: its file, and what it was about."""

    path: Path
    settings: Mapping[str, Any]
    sides: Mapping[str, Mapping[str, Any]]

    @property
    def results(self) -> Path:
        """The results folder that the file lies in."""
        return self.path.parents[2]

    @property
    def machine(self) -> str:
        """The machine whose folder it is."""
        return self.path.parents[1].name


@dataclass(frozen=True)
class Order:
    """Which commits are compared, in which benchmarks, and how."""

    base: Commit
    head: Commit
    bench: tuple[str, ...] = ()
    threshold: float = THRESHOLD
    seconds: float = SECONDS
    thresholds: Mapping[str, float] = field(default_factory=dict)  # by expressions on cases' names
    environments: tuple[str, str] | None = None  # that were chosen, instead of commits
    more: tuple[Commit, ...] = ()  # heads beside the one

    @property
    def commits(self) -> tuple[Commit, ...]:
        """All commits, the base first."""
        return self.base, self.head, *self.more

    @property
    def titles(self) -> tuple[str, ...]:
        """Base and heads as people read them."""
        return self.environments or tuple(f"{one.label} {one.subject}" for one in self.commits)

    def threshold_of(self, case: str) -> float:
        """Return a case's threshold: of the first expression that fits its name, else the one for all."""
        return fitting(self.thresholds, case, self.threshold)

    @property
    def settings(self) -> dict[str, Any]:
        """All that a repetition needs."""
        return {
            "base": self.base.hash,
            "head": self.head.hash,
            "bench": list(self.bench),
            "threshold": self.threshold,
            "seconds": self.seconds,
            "thresholds": dict(self.thresholds),
            "environments": list(self.environments) if self.environments else None,
            "more": [one.hash for one in self.more],
        }


def ordered(options: argparse.Namespace, suite: Suite, earlier: Earlier | None) -> Order:
    """Return what is ordered: by an earlier run, else by the options."""
    folder = suite.repository or suite.root
    if earlier:
        return _again(options, folder, earlier)
    if options.base_env or options.head_env:
        return _of_environments(options, suite, folder)
    if options.base:
        base = repository.resolve(folder, options.base)
    else:
        base = repository.merge_base(folder, usual=suite.branch, written=suite.written)
    if options.head:
        head = repository.resolve(folder, options.head)
    else:
        head = repository.working_tree(folder, suite.written)
    if base.hash == head.hash:
        clean = "" if options.head else ", and no file has changed since"
        raise PacelineError(
            f"base and head are the same commit, {base.label} ({base.subject}){clean}: there is nothing to"
            f" compare; name an older base, such as {options.base or 'HEAD'}~1"
        )
    if options.more:
        return _of_several(options, suite, folder)
    return Order(base, head, tuple(options.bench), *_judging(options, suite))


def _of_several(options: argparse.Namespace, suite: Suite, folder: Path) -> Order:
    """Return a comparison of many commits, called as the user has called them."""
    words = (options.base, options.head, *options.more)
    named = [replace(repository.resolve(folder, word), label=word) for word in words]
    twice = [one.label for one in named if sum(other.hash == one.hash for other in named) > 1]
    if twice:
        raise PacelineError(f"{' and '.join(twice)} are the same commit: name each once")
    base, head, *more = named
    return Order(base, head, tuple(options.bench), *_judging(options, suite), more=tuple(more))


def _judging(options: argparse.Namespace, suite: Suite) -> tuple[float, float, Mapping[str, float]]:
    """Return the threshold, the seconds a side and pair, and thresholds by case."""
    set_ = racing(suite.root)
    thresholds = {} if options.threshold else set_.thresholds  # what is asked for holds for all
    return options.threshold or set_.threshold, options.seconds or SECONDS, thresholds


def _of_environments(options: argparse.Namespace, suite: Suite, folder: Path) -> Order:
    """Return a comparison of two environments, which takes the questions as they are here."""
    if options.base or options.head or options.more:
        raise PacelineError("--base-env and --head-env compare environments: name no commits beside them")
    both = (options.base_env or sys.executable, options.head_env or sys.executable)
    here = repository.here(folder, suite.written)
    return Order(here, here, tuple(options.bench), *_judging(options, suite), both)


def going_on(options: argparse.Namespace, results: Path) -> Earlier | None:
    """Return the run to go on with, where one is asked for: the newest comparison, or one by its name."""
    if not options.resume:
        return None
    if options.resume == "last":
        found = next(filter(None, map(_comparison, reversed(ledger.runs(results)))), None)
        if found is None:
            raise PacelineError(f"there is no comparison to go on with in {results}")
        return found
    path, _ = ledger.find(results, options.resume)
    found = _comparison(path)
    if found is None:
        raise PacelineError(f"{path.stem} is no run of `paceline compare`: there is nothing to go on with")
    return found


def repeated(options: argparse.Namespace, order: Order) -> str:
    """Return the command as it was called; of a run that was gone on with, the one that begins it anew."""
    if not options.resume:
        return shlex.join(["paceline", *sys.argv[1:]])
    base, head = order.environments or ("", "")
    labels = [one.label for one in order.commits if not one.label.endswith("+dirty")]
    sides = ["--base-env", base, "--head-env", head] if order.environments else labels
    return shlex.join(["paceline", "compare", *sides, *(f"--bench={each}" for each in order.bench)])


def as_measured(earlier: Earlier, sides: Sequence[Built]) -> None:
    """Raise PacelineError where what is built now is not what the earlier run has measured."""
    for side in sides:
        then, now = earlier.sides.get(side.slot, {}), between.described(side)
        other = [key for key in AS_MEASURED if then.get(key) != now[key]]
        if other:
            raise PacelineError(
                f"{earlier.path.stem} measured another build of {side.commit.label}:"
                f" its {' and '.join(other)} differ by now; start a new run without --resume"
            )


def _comparison(path: Path) -> Earlier | None:
    """Return a run of the ledger if it is a comparison."""
    records = ledger.read(path).records
    found = next((one for one in records if one.get("kind") == "run"), {})
    if found.get("what") not in ("compare", "releases"):
        return None
    return Earlier(path, found.get("settings", {}), found.get("sides", {}))


def _again(options: argparse.Namespace, folder: Path, earlier: Earlier) -> Order:
    """Return what an earlier run was about; options that say something else are an error."""
    told = earlier.settings
    given: dict[str, Any] = {
        "threshold": options.threshold,
        "seconds": options.seconds,
        "bench": options.bench or None,
    }
    given["more"] = [repository.resolve(folder, word).hash for word in options.more] or None
    for side in ("base", "head"):
        word = getattr(options, side)
        given[side] = repository.resolve(folder, word).hash if word else None
    if options.base_env or options.head_env:
        given["environments"] = [options.base_env or sys.executable, options.head_env or sys.executable]
    other = [name for name, value in given.items() if value not in (None, told.get(name))]
    if other:
        raise PacelineError(
            f"{earlier.path.stem} has another {' and '.join(other)}; leave that out to go on with it,"
            " or start a new run without --resume"
        )
    environments = told.get("environments")
    more = tuple(
        _side(folder, str(hash), earlier.sides.get(f"head{number}", {}))
        for number, hash in enumerate(told.get("more", ()), 2)
    )
    if environments:
        here = repository.here(folder)
        base, head = here, here
    else:
        base, head = (_commit(folder, told, earlier.sides, side) for side in ("base", "head"))
    thresholds = {str(each): float(value) for each, value in told.get("thresholds", {}).items()}
    seconds = float(told["seconds"])
    chosen = (str(environments[0]), str(environments[1])) if environments else None
    bench, threshold = tuple(told["bench"]), float(told["threshold"])
    return Order(base, head, bench, threshold, seconds, thresholds, chosen, more)


def _commit(
    folder: Path, settings: Mapping[str, Any], sides: Mapping[str, Mapping[str, Any]], side: str
) -> Commit:
    return _side(folder, str(settings.get(side)), sides.get(side, {}))


def _side(folder: Path, hash: str, told: Mapping[str, Any]) -> Commit:
    """Return a commit of an earlier run, called as it was called then."""
    known = repository.resolve(folder, hash)
    return replace(
        known, label=str(told.get("label", known.label)), subject=str(told.get("subject", known.subject))
    )
