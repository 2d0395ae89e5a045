"""Reads asv's ``results/`` folder; the one module that knows how asv writes.

The format (asv 0.6, ``asv/results.py``): ``benchmarks.json`` holds the names of the parameters,
``<machine>/machine.json`` the host, ``<machine>/<hash8>-<environment>.json`` the values. A row of
the last is a list by ``result_columns`` whose trailing empty columns were dropped; results are flat
lists over ``itertools.product`` of parameters, which are ``repr`` strings. It is no strict JSON:
skipped is NaN, failed is null (a row that failed throughout is one null), a single sample has an
infinite interval. Whatever is torn or foreign costs one warning and itself; the rest is read.
"""

from __future__ import annotations

import ast
import itertools
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from paceline.outcome import Exit, PacelineError
from paceline.results.asv_document import (
    UnreadableError,
    finite,
    items,
    loaded,
    moment,
    number_of,
    rows_of,
    short,
)
from paceline.results.foreign import mapping
from paceline.results.measurements import Archive, Declared, Machine, Measurement, Run, Scalar, Status

_RESULT_VERSION = 2  # asv's "api_version" of result files; asv calls older ones back to life itself
MOST_CASES = 1_000_000  # a longer product of parameters is a broken file, not a benchmark


def read(folder: Path) -> Archive:
    """Read every machine's results; raise only when there is no such folder."""
    if not folder.is_dir():
        raise PacelineError(f"there is no results folder {folder}; `paceline run` makes one", Exit.FAILED)
    warnings: list[str] = []
    declared = declared_in(folder / "benchmarks.json", warnings)
    runs: list[Run] = []
    for machine_folder in sorted(path for path in folder.iterdir() if path.is_dir()):
        runs += _machine_runs(machine_folder, declared, warnings)
    return Archive(declared, tuple(runs), tuple(warnings))


def declared_in(path: Path, warnings: list[str]) -> dict[str, Declared]:
    """Return the benchmarks of ``benchmarks.json`` by name; none, with a warning, where it cannot be read."""
    try:
        return {entry.name: entry for entry in _declarations(loaded(path))}
    except UnreadableError as error:
        warnings.append(f"{short(path)}: {error}; without it the parameters have no names")
        return {}


def _declarations(document: Mapping[str, Any]) -> Iterator[Declared]:
    for name, entry in document.items():
        if isinstance(entry, dict):
            params = entry.get("params")
            yield Declared(
                name,
                str(entry.get("type", "")),
                str(entry.get("unit", "")),
                None if entry.get("version") is None else str(entry["version"]),
                tuple(str(item) for item in items(entry.get("param_names"))),
                tuple(tuple(map(str, items(axis))) for axis in items(params)),
            )


def _machine_runs(folder: Path, declared: Mapping[str, Declared], warnings: list[str]) -> Iterator[Run]:
    files = sorted(path for path in folder.glob("*.json") if path.name != "machine.json")
    if not files:
        return
    try:
        machine = machine_of(loaded(folder / "machine.json"))
    except UnreadableError as error:
        warnings.append(f"{folder.name}/machine.json: {error}; {len(files)} result files beside it left out")
        return
    for path in files:
        try:
            yield run_of(path, machine, declared, warnings)
        except UnreadableError as error:
            warnings.append(f"{short(path)}: {error}; left out")


def machine_of(document: Mapping[str, Any]) -> Machine:
    """Return the machine that a ``machine.json`` describes; UnreadableError when it names none."""
    if not isinstance(document.get("machine"), str):
        raise UnreadableError("it names no machine")
    fields = ("machine", "os", "arch", "cpu", "num_cpu", "ram")
    return Machine(*(str(document.get(field) or "") for field in fields))


def run_of(path: Path, machine: Machine, declared: Mapping[str, Declared], warnings: list[str]) -> Run:
    """Read one result file; UnreadableError when it is none of this machine."""
    document = loaded(path)
    head, rows = head_of(document, machine), rows_of(document)
    return replace(head, measurements=tuple(_measurements(path, rows, declared, warnings)))


def head_of(document: Mapping[str, Any], machine: Machine) -> Run:
    """Return a file's run without its measurements; UnreadableError when it is none of this machine."""
    if document.get("version", _RESULT_VERSION) != _RESULT_VERSION:
        raise UnreadableError(f"asv's result format {document['version']!r}; run `asv update` first")
    if not isinstance(document.get("results"), dict) or not isinstance(document.get("commit_hash"), str):
        raise UnreadableError("not a result file of asv")
    recorded = mapping(document.get("params")).get("machine")
    if recorded != machine.name:
        raise UnreadableError(f"measured on {recorded!r}, but the folder is of {machine.name!r}")
    started = (moment(row.get("started_at")) for row in rows_of(document).values())
    return Run(
        machine,
        document["commit_hash"],
        moment(document.get("date")) or datetime.fromtimestamp(0, UTC),
        str(document.get("env_name") or ""),
        str(document.get("python") or ""),
        {str(key): str(value) for key, value in mapping(document.get("requirements")).items()},
        {str(key): str(value) for key, value in mapping(document.get("env_vars")).items()},
        (),
        max(filter(None, started), default=None),
    )


def _measurements(
    path: Path,
    rows: Mapping[str, Mapping[str, Any]],
    declared: Mapping[str, Declared],
    warnings: list[str],
) -> Iterator[Measurement]:
    """Yield every comparable case; what is left out is counted, and said once a file."""
    left_out: Counter[str] = Counter()
    for name, row in rows.items():
        benchmark = declared.get(name)
        if benchmark is None and declared:
            left_out["benchmarks are no longer in benchmarks.json"] += 1
        elif benchmark and row.get("version") is not None and str(row["version"]) != benchmark.version:
            left_out["benchmarks have another version than benchmarks.json: not comparable"] += 1
        else:
            try:
                yield from _cases(benchmark or Declared(name, _guessed_kind(name), "", None, (), ()), row)
            except UnreadableError as error:
                warnings.append(f"{short(path)}: {name}: {error}; left out")
    warnings += [f"{short(path)}: {count} {why}; left out" for why, count in left_out.items()]


def _cases(benchmark: Declared, row: Mapping[str, Any]) -> list[Measurement]:
    """Return one measurement for every combination of the parameters that the result file records."""
    if not isinstance(row.get("params"), list):
        raise UnreadableError("its row cannot be read")
    axes = [[str(value) for value in items(axis)] for axis in row["params"]]
    count = math.prod(map(len, axes))
    if benchmark.param_names and len(benchmark.param_names) != len(axes):
        raise UnreadableError(
            f"{len(axes)} parameters, where benchmarks.json names {len(benchmark.param_names)}"
        )
    if count > MOST_CASES:
        raise UnreadableError(f"{count} cases")
    columns = [_column(row.get(column), column, count) for column in _CASE_COLUMNS]
    names = benchmark.param_names or tuple(f"param{index}" for index in range(1, len(axes) + 1))
    return [
        _measurement(benchmark, dict(zip(names, map(decoded, values), strict=True)), cells)
        for values, *cells in zip(itertools.product(*axes), *columns, strict=True)
    ]


_CASE_COLUMNS = ("result", "stats_ci_99_a", "stats_ci_99_b", "samples")


def _column(value: Any, name: str, count: int) -> Sequence[Any]:
    if value is None:
        return [None] * count
    if not isinstance(value, list) or len(value) != count:
        raise UnreadableError(f"its {name} does not hold {count} values")
    return value


def _measurement(benchmark: Declared, params: Mapping[str, Scalar], cells: Sequence[Any]) -> Measurement:
    """Make sense of one case's cells, which are in the order of ``_CASE_COLUMNS``."""
    value, *ends, samples = cells
    fixed = (benchmark.name, benchmark.kind, benchmark.unit, params)
    if value is None:
        return Measurement(*fixed, Status.FAILED)
    number = number_of(value)
    if number is None:
        return Measurement(*fixed, Status.FAILED, reason="asv recorded no number")
    if math.isnan(number):
        return Measurement(*fixed, Status.SKIPPED)
    low, high = map(finite, ends)
    if low is None or high is None:
        low = high = None
    return Measurement(*fixed, Status.MEASURED, number, low, high, _samples(samples))


def _samples(value: Any) -> tuple[float, ...] | None:
    numbers = [finite(item) for item in value] if isinstance(value, list) else []
    return tuple(number for number in numbers if number is not None) or None


def decoded(text: str) -> Scalar:
    """Return the value that a ``repr`` text stands for; any but a plain one stays text."""
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
        return text
    return value if isinstance(value, str | int | float | bool | None) else text


def _guessed_kind(name: str) -> str:
    """Where ``benchmarks.json`` is lost: asv tells a benchmark's type by its name's first word."""
    prefix = name.rpartition(".")[2].partition("_")[0]
    return {"peakmem": "peakmemory", "mem": "memory"}.get(prefix, prefix)
