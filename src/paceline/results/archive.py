"""asv's results as a report wants them: the newest commits read whole, a long history only when looked at."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import overload

from paceline.outcome import PacelineError
from paceline.results import asv_files
from paceline.results.asv_columns import cases_of
from paceline.results.asv_document import UnreadableError
from paceline.results.asv_files import declared_in, run_of
from paceline.results.cache import PLACE, Kept, Shelf, shelf
from paceline.results.measurements import Archive, Declared, Measurement, Run, newest

FEW = 64  # result files: as many are read whole, with every warning


def read(folder: Path, place: Path = PLACE) -> Archive:
    """Read a results folder as ``asv_files.read`` does, through the cache where it is large."""
    try:
        files = sum(1 for _ in folder.glob("*/*.json"))
    except OSError as error:
        raise PacelineError(f"{folder} cannot be read: {error.strerror or error}") from error
    if files <= FEW:
        return asv_files.read(folder)
    warnings: list[str] = []
    declared = declared_in(folder / "benchmarks.json", warnings)
    known = shelf(folder, place)
    return _archive(known, declared, [*warnings, *known.warnings])


def _archive(known: Shelf, declared: Mapping[str, Declared], warnings: list[str]) -> Archive:
    cases = {number: cases_of(text) for number, text in known.shapes.items()}
    names = {number: str(json.loads(text)[0]) for number, text in known.shapes.items()}
    kept = {id(one.run): one for one in known.kept if one.run is not None}
    heads = [one.run for one in known.kept if one.run is not None]
    last = {id(run) for run in newest(heads)}
    runs: list[Run] = []
    for run in heads:
        one = kept[id(run)]
        if id(run) in last:
            try:
                runs.append(run_of(one.path, one.machine, declared, warnings))
            except UnreadableError as error:
                warnings.append(f"{one.path.parent.name}/{one.path.name}: {error}; left out")
            continue
        benchmarks = frozenset(names[number] for number in one.shapes)
        later = _Later(one, benchmarks, sum(cases[number] for number in one.shapes), declared)
        runs.append(replace(run, measurements=later))
    return Archive(declared, tuple(runs), tuple(warnings))


class _Later(Sequence[Measurement]):
    """The measurements of one file, read when somebody looks at them."""

    def __init__(
        self, one: Kept, benchmarks: frozenset[str], count: int, declared: Mapping[str, Declared]
    ) -> None:
        self.benchmarks = benchmarks
        self._one, self._count, self._declared = one, count, declared
        self._found: tuple[Measurement, ...] | None = None

    def _read(self) -> tuple[Measurement, ...]:
        if self._found is None:
            try:
                self._found = tuple(
                    run_of(self._one.path, self._one.machine, self._declared, []).measurements
                )
            except UnreadableError:  # it was changed since
                self._found = ()
        return self._found

    def __len__(self) -> int:
        return self._count if self._found is None else len(self._found)

    @overload
    def __getitem__(self, index: int) -> Measurement: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Measurement]: ...
    def __getitem__(self, index: int | slice) -> Measurement | Sequence[Measurement]:
        return self._read()[index]

    def __iter__(self) -> Iterator[Measurement]:
        return iter(self._read())
