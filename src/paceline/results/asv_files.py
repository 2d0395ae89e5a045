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
import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from paceline.outcome import Exit, PacelineError
from paceline.results.measurements import Archive, Declared, Machine, Measurement, Run, Scalar, Status

_RESULT_VERSION = 2  # asv's "api_version" of result files; asv calls older ones back to life itself
_MOST_CASES = 1_000_000  # a longer product of parameters is a broken file, not a benchmark


class _UnreadableError(Exception):
    """One file, or one benchmark in it, cannot be used; the text says why."""


def read(folder: Path) -> Archive:
    """Read every machine's results; raise only when there is no such folder."""
    if not folder.is_dir():
        raise PacelineError(f"there is no results folder {folder}; `paceline run` makes one", Exit.FAILED)
    warnings: list[str] = []
    declared = _declared(folder / "benchmarks.json", warnings)
    runs: list[Run] = []
    for machine_folder in sorted(path for path in folder.iterdir() if path.is_dir()):
        runs += _machine_runs(machine_folder, declared, warnings)
    return Archive(declared, tuple(runs), tuple(warnings))


def _declared(path: Path, warnings: list[str]) -> dict[str, Declared]:
    try:
        return {entry.name: entry for entry in _declarations(_document(path))}
    except _UnreadableError as error:
        warnings.append(f"{_short(path)}: {error}; without it the parameters have no names")
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
                tuple(str(item) for item in _items(entry.get("param_names"))),
                tuple(tuple(map(str, _items(axis))) for axis in _items(params)),
            )


def _machine_runs(folder: Path, declared: Mapping[str, Declared], warnings: list[str]) -> Iterator[Run]:
    files = sorted(path for path in folder.glob("*.json") if path.name != "machine.json")
    if not files:
        return
    try:
        machine = _machine(_document(folder / "machine.json"))
    except _UnreadableError as error:
        warnings.append(f"{folder.name}/machine.json: {error}; {len(files)} result files beside it left out")
        return
    for path in files:
        try:
            yield _run(path, machine, declared, warnings)
        except _UnreadableError as error:
            warnings.append(f"{_short(path)}: {error}; left out")


def _machine(document: Mapping[str, Any]) -> Machine:
    if not isinstance(document.get("machine"), str):
        raise _UnreadableError("it names no machine")
    fields = ("machine", "os", "arch", "cpu", "num_cpu", "ram")
    return Machine(*(str(document.get(field) or "") for field in fields))


def _run(path: Path, machine: Machine, declared: Mapping[str, Declared], warnings: list[str]) -> Run:
    document = _document(path)
    if document.get("version", _RESULT_VERSION) != _RESULT_VERSION:
        raise _UnreadableError(f"asv's result format {document['version']!r}; run `asv update` first")
    if not isinstance(document.get("results"), dict) or not isinstance(document.get("commit_hash"), str):
        raise _UnreadableError("not a result file of asv")
    recorded = _mapping(document.get("params")).get("machine")
    if recorded != machine.name:
        raise _UnreadableError(f"measured on {recorded!r}, but the folder is of {machine.name!r}")
    rows = _rows(document)
    measurements = tuple(_measurements(path, rows, declared, warnings))
    return Run(
        machine,
        document["commit_hash"],
        _moment(document.get("date")) or datetime.fromtimestamp(0, UTC),
        str(document.get("env_name") or ""),
        str(document.get("python") or ""),
        {str(key): str(value) for key, value in _mapping(document.get("requirements")).items()},
        {str(key): str(value) for key, value in _mapping(document.get("env_vars")).items()},
        measurements,
        max(filter(None, (_moment(row.get("started_at")) for row in rows.values())), default=None),
    )


def _rows(document: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return each benchmark's row by column name; dropped trailing columns are simply absent."""
    columns = [str(column) for column in _items(document.get("result_columns"))]
    results = _mapping(document["results"]).items()
    return {
        str(name): dict(zip(columns, row, strict=False)) if isinstance(row, list) else {}
        for name, row in results
    }


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
            except _UnreadableError as error:
                warnings.append(f"{_short(path)}: {name}: {error}; left out")
    warnings += [f"{_short(path)}: {count} {why}; left out" for why, count in left_out.items()]


def _cases(benchmark: Declared, row: Mapping[str, Any]) -> list[Measurement]:
    """Return one measurement for every combination of the parameters that the result file records."""
    if not isinstance(row.get("params"), list):
        raise _UnreadableError("its row cannot be read")
    axes = [[str(value) for value in _items(axis)] for axis in row["params"]]
    count = math.prod(map(len, axes))
    if benchmark.param_names and len(benchmark.param_names) != len(axes):
        raise _UnreadableError(
            f"{len(axes)} parameters, where benchmarks.json names {len(benchmark.param_names)}"
        )
    if count > _MOST_CASES:
        raise _UnreadableError(f"{count} cases")
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
        raise _UnreadableError(f"its {name} does not hold {count} values")
    return value


def _measurement(benchmark: Declared, params: Mapping[str, Scalar], cells: Sequence[Any]) -> Measurement:
    """Make sense of one case's cells, which are in the order of ``_CASE_COLUMNS``."""
    value, *ends, samples = cells
    fixed = (benchmark.name, benchmark.kind, benchmark.unit, params)
    if value is None:
        return Measurement(*fixed, Status.FAILED)
    number = _number(value)
    if number is None:
        return Measurement(*fixed, Status.FAILED, reason="asv recorded no number")
    if math.isnan(number):
        return Measurement(*fixed, Status.SKIPPED)
    low, high = map(_finite, ends)
    if low is None or high is None:
        low = high = None
    return Measurement(*fixed, Status.MEASURED, number, low, high, _samples(samples))


def _samples(value: Any) -> tuple[float, ...] | None:
    numbers = [_finite(item) for item in value] if isinstance(value, list) else []
    return tuple(number for number in numbers if number is not None) or None


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value)
    except OverflowError:
        return math.inf


def _finite(value: Any) -> float | None:
    number = _number(value)
    return number if number is not None and math.isfinite(number) else None


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


def _document(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_bytes())
    except OSError as error:
        raise _UnreadableError(error.strerror or str(error)) from error
    except RecursionError as error:
        raise _UnreadableError("not JSON: nested too deeply") from error
    except ValueError as error:
        raise _UnreadableError(f"not JSON, torn or foreign ({error})") from error
    if not isinstance(document, dict):
        raise _UnreadableError("not a JSON object")
    return document


def _short(path: Path) -> str:
    """Name a file without the folders of the machine that reads it."""
    return f"{path.parent.name}/{path.name}"


def _moment(value: Any) -> datetime | None:
    """Return asv's JavaScript timestamp (milliseconds since 1970) as a moment."""
    number = _finite(value)
    try:
        return None if number is None else datetime.fromtimestamp(number / 1000, UTC)
    except (OverflowError, OSError, ValueError):
        return None


def _mapping(value: Any) -> Mapping[Any, Any]:
    return value if isinstance(value, dict) else {}


def _items(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else ()
