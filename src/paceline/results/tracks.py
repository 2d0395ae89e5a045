"""What asv measured over all commits: a track for every machine and environment, cases by commits."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from paceline.results.asv_columns import NONE, Floats, cases_of
from paceline.results.asv_files import decoded
from paceline.results.cache import PLACE, Kept, Shelf, shelf
from paceline.results.measurements import Declared, Machine, Run, Scalar


@dataclass(frozen=True)
class Case:
    """One benchmark with one value for every parameter."""

    benchmark: str
    kind: str
    unit: str
    params: Mapping[str, Scalar]


@dataclass(frozen=True, eq=False)
class Track:
    """One machine in one environment: its runs by commit date, and all that they measured.

    ``figures`` is (value, low, high) by run by case, float32, NaN for none; ``status`` (run by case) is one
    of ``asv_columns.NONE``, MEASURED, FAILED, SKIPPED. Values are in the case's unit; where there is an
    ``anchor``, they are ratios that were raced against that commit.
    """

    machine: Machine
    environment: str
    runs: tuple[Run, ...]
    cases: tuple[Case, ...]
    figures: Floats
    status: NDArray[np.uint8]
    anchor: str = ""


@dataclass(frozen=True)
class History:
    """All tracks of a results folder, and what could not be read or compared."""

    tracks: tuple[Track, ...] = ()
    warnings: tuple[str, ...] = ()
    read: int = 0  # files that were not in the cache


def read(folder: Path, declared: Mapping[str, Declared], place: Path = PLACE) -> History:
    """Read all history of a results folder, through the cache; ``declared`` are the benchmarks of asv."""
    return of(shelf(folder, place), declared)


def of(known: Shelf, declared: Mapping[str, Declared]) -> History:
    """Make the history of what the cache holds."""
    left_out: Counter[str] = Counter()
    told = {number: _cases(text, declared, left_out) for number, text in known.shapes.items()}
    groups: dict[tuple[str, str], list[Kept]] = {}
    for one in known.kept:
        if one.run is not None:
            groups.setdefault((one.machine.name, one.run.environment), []).append(one)
    tracks = tuple(_track(groups[key], known.shapes, told) for key in sorted(groups))
    warnings = [f"{count} benchmarks {why}; left out of the history" for why, count in left_out.items()]
    return History(tracks, (*known.warnings, *warnings), known.read)


def only(track: Track, wanted: Callable[[Case], bool]) -> Track:
    """Return a track with some of its cases."""
    columns = [place for place, case in enumerate(track.cases) if wanted(case)]
    cases = tuple(track.cases[place] for place in columns)
    return replace(track, cases=cases, figures=track.figures[:, :, columns], status=track.status[:, columns])


def _cases(text: str, declared: Mapping[str, Declared], left_out: Counter[str]) -> list[Case] | None:
    """Return a shape's cases by its parameters' names; None when they cannot be compared any more."""
    name, version, axes = json.loads(text)
    benchmark = declared.get(name)
    if benchmark is None and declared:
        left_out["are no longer in benchmarks.json"] += 1
        return None
    if benchmark and version is not None and version != benchmark.version:
        left_out["were measured at another version than that of benchmarks.json"] += 1
        return None
    if benchmark and benchmark.param_names and len(benchmark.param_names) != len(axes):
        left_out["have other parameters than in benchmarks.json"] += 1
        return None
    benchmark = benchmark or Declared(name, "", "", None, (), ())
    names = benchmark.param_names or tuple(f"param{index}" for index in range(1, len(axes) + 1))
    values = itertools.product(*([decoded(value) for value in axis] for axis in axes))
    return [Case(name, benchmark.kind, benchmark.unit, dict(zip(names, one, strict=True))) for one in values]


def _track(kept: Sequence[Kept], shapes: Mapping[int, str], told: Mapping[int, list[Case] | None]) -> Track:
    """Lay the files of one machine and environment out: files of the same shapes in one step."""
    ordered = sorted(kept, key=lambda one: _age(one.run))
    place: dict[tuple[str, tuple[tuple[str, Scalar], ...]], int] = {}
    cases: list[Case] = []
    groups: dict[tuple[int, ...], list[int]] = {}
    for row, one in enumerate(ordered):
        groups.setdefault(one.shapes, []).append(row)
    wanted = {key: list(_places(key, shapes, told, place, cases)) for key in groups}
    figures = np.full((3, len(ordered), len(cases)), np.nan, np.float32)
    status = np.full((len(ordered), len(cases)), NONE, np.uint8)
    for key, rows in groups.items():
        if not wanted[key]:
            continue
        sources, columns = map(np.array, zip(*wanted[key], strict=True))
        whole = np.stack([ordered[row].figures for row in rows], axis=1)
        figures[:, np.array(rows)[:, None], columns] = whole[:, :, sources]
        status[np.array(rows)[:, None], columns] = np.stack([ordered[row].status for row in rows])[:, sources]
    runs = tuple(one.run for one in ordered if one.run is not None)
    return Track(ordered[0].machine, runs[0].environment, runs, tuple(cases), figures, status)


def _places(
    key: Iterable[int],
    shapes: Mapping[int, str],
    told: Mapping[int, list[Case] | None],
    place: dict[tuple[str, tuple[tuple[str, Scalar], ...]], int],
    cases: list[Case],
) -> Iterator[tuple[int, int]]:
    """Yield where a file has a case, and where the track has it; new ones get the next place."""
    start = 0
    for number in key:
        for offset, case in enumerate(told[number] or ()):
            name = (case.benchmark, tuple(case.params.items()))
            if name not in place:
                place[name] = len(cases)
                cases.append(case)
            yield start + offset, place[name]
        start += cases_of(shapes[number])


def _age(run: Run | None) -> tuple[float, float, str]:
    if run is None:
        return 0.0, 0.0, ""
    measured = run.measured or run.date
    return run.date.timestamp(), measured.timestamp(), run.commit
