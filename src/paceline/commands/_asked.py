"""The questions that a report answers: the suite's, and for what it does not know, guesses by name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from paceline.escape import plain
from paceline.outcome import PacelineError
from paceline.report.grids import ROW
from paceline.results import asv_files
from paceline.results.measurements import Archive, Declared
from paceline.results.raced import Raced
from paceline.suite import discover
from paceline.suite.questions import Benchmark, Question


def asked(archive: Archive, raced: Iterable[Raced], config: Path) -> tuple[list[Question], str | None]:
    """Ask the suite for its questions; what it does not know, or cannot tell, is named by its class."""
    fallback = _guessed(archive, list(raced))
    try:
        found = discover.questions(config)
    except Exception as error:
        why = plain(error, 200) if isinstance(error, PacelineError) else type(error).__name__
        return fallback, f"the suite could not be read ({why}): models are named after their classes"
    known = {question.key for question in found}
    return found + [question for question in fallback if question.key not in known], None


def _guessed(archive: Archive, raced: Sequence[Raced]) -> list[Question]:
    """Make questions of names alone: "hydrology.GR6J.time_run" asks about hydrology.GR6J."""
    declared = dict(archive.declared)
    for each in () if archive.declared else archive.runs:  # what is not declared is not read either
        for case in each.measurements:
            entry = Declared(case.benchmark, case.kind, case.unit, None, tuple(case.params), ())
            declared.setdefault(case.benchmark, entry)
    for one in raced:
        entry = Declared(one.benchmark, "time", "seconds", None, (ROW, *one.axes), ())
        declared.setdefault(one.benchmark, entry)
    by_key: dict[str, list[Declared]] = {}
    for name, entry in declared.items():
        by_key.setdefault(name.rpartition(".")[0], []).append(entry)
    return [_guess(key, entries, raced) for key, entries in by_key.items()]


def _guess(key: str, entries: Sequence[Declared], raced: Sequence[Raced]) -> Question:
    """The baseline is the one that was raced against last, else ``numba_jit``, else the first."""
    benchmarks = tuple(Benchmark(one.name, one.kind, one.param_names, one.params) for one in entries)
    names = [name for one in entries for name in _implementations(one)]
    baseline = "numba_jit" if "numba_jit" in names else next(iter(names), None)
    against = [one for one in raced if one.benchmark.rpartition(".")[0] == key]
    if against:
        baseline = max(against, key=lambda one: one.run.utc).baseline
    return Question(key, key or "benchmarks", key.partition(".")[0], None, baseline, False, benchmarks)


def _implementations(entry: Declared) -> tuple[str, ...]:
    if ROW not in entry.param_names or not entry.params:
        return ()
    return tuple(str(asv_files.decoded(text)) for text in entry.params[entry.param_names.index(ROW)])
