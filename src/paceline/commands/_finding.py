"""Which run and which race of the ledger a user means."""

from __future__ import annotations

import argparse
import difflib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from paceline.escape import plain
from paceline.outcome import PacelineError
from paceline.race.replay import names
from paceline.results import ledger

QUICK_RESULTS = Path(".paceline/quick")
MOST_LISTED = 20


@dataclass(frozen=True)
class Found:
    """A run of the ledger, and the race of it that is meant; None for all of them."""

    path: Path
    records: tuple[dict[str, Any], ...]
    race: str | None
    warnings: tuple[str, ...] = ()


def places(options: argparse.Namespace) -> list[Path]:
    """Return the results folders to look in: the one named, else the suite's own and that of quick runs."""
    if options.results:
        return [Path(options.results).resolve()]
    if not options.config.is_file():
        return [Path("results").resolve(), QUICK_RESULTS.resolve()]
    from paceline.suite.config import load

    suite = load(options.config)
    return [suite.results, suite.root / QUICK_RESULTS]


def find(folders: Sequence[Path], text: str) -> Found:
    """Return what is meant by ``last``, a run, ``run/race`` or a part of a race's name; the newest run wins.

    PacelineError lists what fits, where several do, or what is nearest.
    """
    runs = sorted((path for folder in folders for path in ledger.runs(folder)), key=_age)
    if not runs:
        raise PacelineError(
            f"there are no races in {' or '.join(map(str, folders))}; `paceline race` makes some"
        )
    run, _, race = text.strip().partition("/")
    if run == "last":
        return _in_run(runs[-1], race)
    fitting = [path for path in runs if path.stem == run] or [
        path for path in runs if run and path.stem.startswith(run)
    ]
    if len(fitting) > 1:
        shown = "".join(f"\n  {plain(path.stem)}" for path in fitting[-MOST_LISTED:])
        raise PacelineError(f"{run!r} names {len(fitting)} runs; give more of the name, or `last`:{shown}")
    return _in_run(fitting[0], race) if fitting else _by_name(runs, text.strip())


def _in_run(path: Path, race: str) -> Found:
    told = ledger.read(path)
    known = names(told.records)
    if not race:
        return Found(path, told.records, known[0] if len(known) == 1 else None, told.warnings)
    fitting = _fitting(known, race)
    if len(fitting) != 1:
        raise PacelineError(_not_one(race, fitting, known, plain(path.stem)))
    return Found(path, told.records, fitting[0], told.warnings)


def _by_name(runs: Sequence[Path], text: str) -> Found:
    """Return the race that a part of its name means, in the newest run that has it."""
    seen: dict[str, None] = {}
    for path in reversed(runs):
        known = names(ledger.read(path).records)
        if _fitting(known, text):
            return _in_run(path, text)
        seen |= dict.fromkeys(known)
    stems = [path.stem for path in runs]
    near = difflib.get_close_matches(text, [*seen, *stems], 5, cutoff=0.0)
    shown = "".join(f"\n  {plain(name, 160)}" for name in near)
    raise PacelineError(f"no run and no race is called {text!r}; the nearest:{shown}")


def _fitting(known: Sequence[str], text: str) -> list[str]:
    """Return the names that a text means: itself, else those that have it as a part."""
    ways: tuple[Callable[[str], bool], ...] = (
        lambda name: name == text,
        lambda name: plain(name, 160) == text,  # as the list shows it
        lambda name: text.lower() in name.lower(),
    )
    return next((found for way in ways if (found := [name for name in known if way(name)])), [])


def _not_one(text: str, fitting: Sequence[str], known: Sequence[str], run: str) -> str:
    chosen = fitting or difflib.get_close_matches(text, known, 5, cutoff=0.0)
    shown = "".join(f"\n  {plain(name, 160)}" for name in chosen[:MOST_LISTED])
    more = f"\n  and {len(chosen) - MOST_LISTED} more" if len(chosen) > MOST_LISTED else ""
    if fitting:
        return f"{text!r} names {len(fitting)} races of {run}; name one of them:{shown}{more}"
    return f"{run} has no race {text!r}; the nearest:{shown or ' none, it has no races'}"


def _age(path: Path) -> tuple[str, float]:
    """Sort by the time in the name; of runs of one second, by when they were last written."""
    return path.stem.partition("-")[0], path.stat().st_mtime
