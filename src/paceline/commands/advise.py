"""``paceline advise``: which implementation to take for so many runs of a size, on this machine.

JSON (``--json``), schema 1::

    {"schema": 1, "machine": "...", "environment": "...", "sentence": "...", "model", "benchmark",
     "axes": {...}, "runs", "best", "without_compiler",
     "turns": ["from about 40 runs on numba_jit, below it pure_numpy"], "turns_without_compiler": [],
     "costs": [{"implementation", "seconds", "import", "first_call", "call", "startup_measured",
                "extrapolated"}],
     "left_out": [{"implementation", "reason"}], "doubts": [], "exits": []}

``import`` and ``first_call`` are null where they were not measured; such a cost is compared with no other
(unless nobody's is known), and its ``seconds`` are those of the runs. ``doubts`` say why sums are rough.
"""

from __future__ import annotations

import argparse
import platform
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table as Screen
from rich.text import Text

from paceline.commands._asked import asked
from paceline.commands._gathering import chosen, found, sections
from paceline.commands._measuring import positive
from paceline.escape import plain
from paceline.outcome import Exit, PacelineError
from paceline.output import console, write_json
from paceline.report import advice, call_times, words
from paceline.report.advice import Advice
from paceline.report.contents import Section, Table
from paceline.results.measurements import Scalar
from paceline.suite.config import load
from paceline.suite.questions import matching


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("model", metavar="MODEL", help="what is to be computed")
    parser.add_argument("--n", type=positive, metavar="N", help="the size (the largest that was measured)")
    parser.add_argument("--runs", type=_count, default=1, metavar="R", help="how often (1)")
    parser.add_argument(
        "--axis",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a parameter: snow=plain",
    )
    parser.add_argument("--results", type=Path, metavar="DIR", help="results of races and asv (the suite's)")
    parser.add_argument("--machine", metavar="NAME", help="the machine (this one, or the only one there is)")
    parser.add_argument("--config", type=Path, default=Path("asv.conf.json"), help="asv's configuration")
    parser.add_argument("--json", metavar="FILE", help="write the advice as JSON; - for standard output")


def run(options: argparse.Namespace) -> Exit:
    """Say one sentence, the costs behind it, and where another choice would be the better one."""
    folder = options.results or load(options.config).results
    every = found(folder)
    machine = options.machine or _here({*every.raced, *(one.machine.name for one in every.archive.runs)})
    known = chosen(every, machine, None)
    questions, _ = asked(every.archive, every.cases, options.config)
    wanted = matching(questions, [options.model])
    keys = {question.key for question in wanted}
    startup = [question for question in questions if question.family == "startup"]
    gathered, _ = sections(known, every.archive, [*wanted, *(one for one in startup if one.key not in keys)])
    (section, table), *others = _tables(gathered, options)
    environment = section.run.environment
    several = any(other.run.environment != environment for other, _ in others)
    where = f"{section.run.machine.name} ({environment})" if several else section.run.machine.name
    told = _advice(section, table, options)
    said = advice.sentence(told, where)
    _print(told, said, console(stderr=options.json == "-"))
    if options.json:
        head = {
            "schema": 1,
            "machine": section.run.machine.name,
            "environment": environment,
            "sentence": said,
        }
        write_json(options.json, {**head, **advice.document(told), "exits": []})
    return Exit.OK


def _print(told: Advice, said: str, screen: Console) -> None:
    screen.print(Text(plain(said, 600)), soft_wrap=True)
    screen.print(_costs(told))
    plain_ones = advice.without_compiler(told.ranked)
    fewer = plain_ones if len(plain_ones) < len(told.ranked) else []
    lines = (f"without a compiler: {line}" for line in advice.turns(fewer))
    for line in (*advice.turns(told.ranked), *lines, *advice.more(told)):
        screen.print(Text(plain(line, 300)), soft_wrap=True)


def _advice(section: Section, table: Table, options: argparse.Namespace) -> Advice:
    try:
        return advice.advice(section, table, _at(table, options), options.runs)
    except ValueError as error:
        raise PacelineError(str(error), Exit.FAILED) from error


def _count(text: str) -> int:
    try:
        value = int(float(text.replace(",", "").replace("_", "")))
    except (ValueError, OverflowError):
        value = 0
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of runs")
    return value


def _here(names: set[str]) -> str:
    """Return this machine's name, or the only one that has results."""
    own = platform.uname().node
    if own in names or not names:
        return own
    if len(names) == 1:
        return names.pop()
    raise PacelineError(
        f"this machine ({own}) has no results; name one with --machine: {', '.join(sorted(names))}"
    )


def _tables(gathered: Sequence[Section], options: argparse.Namespace) -> list[tuple[Section, Table]]:
    """Return the one table of times that fits, by its environments, the newest first."""
    asked_for = _asked_for(options)
    every = [(section, table) for section in gathered for table in section.tables]
    measured = [(section, table) for section, table in every if any(cell.median for cell in table.cells)]
    if measured:
        _check_axes(options.model, [table for _, table in measured], asked_for)
    fitting = [(section, table) for section, table in measured if _fits(table, asked_for)]
    if not fitting:
        raise PacelineError(
            f"nothing of {options.model} was measured there: `paceline race {options.model}` does",
            Exit.FAILED,
        )
    titles = list(dict.fromkeys(table.title for _, table in fitting))
    if len(titles) > 1:
        axes = sorted({f"--axis {name}={value}" for _, table in fitting for name, value in table.fixed})
        told = f"; say which: {', '.join(axes)}" if axes else ": name one of them"
        raise PacelineError(f"{options.model} stands for {len(titles)} rows ({'; '.join(titles[:6])}){told}")
    return sorted(fitting, key=lambda one: _when(*one), reverse=True)


def _asked_for(options: argparse.Namespace) -> dict[str, str]:
    return dict(text.partition("=")[::2] for text in options.axis)


def _values(table: Table) -> dict[str, list[str]]:
    """Return the values of every parameter of a table; a size is asked for with --n."""
    columns: dict[str, tuple[Scalar, ...]] = (
        {} if table.axis is None or call_times.sized(table) else {table.axis: table.columns}
    )
    return {name: list(map(str, values)) for name, values in columns.items()} | {
        name: [str(value)] for name, value in table.fixed
    }


def _fits(table: Table, asked_for: Mapping[str, str]) -> bool:
    known = _values(table)
    return all(value in known.get(name, ()) for name, value in asked_for.items())


def _when(section: Section, table: Table) -> datetime:
    """Return when the newest of a table was measured."""
    races = [cell.raced.run.utc for cell in table.cells if cell.raced]
    run = section.run
    return max([*races, *([run.measured or run.date] if run.measurements or not races else [])])


def _check_axes(model: str, tables: Sequence[Table], asked_for: Mapping[str, str]) -> None:
    """Refuse an axis that no table has, and a value that was not measured; say what there is."""
    known: dict[str, dict[str, None]] = {}
    for table in tables:
        for name, values in _values(table).items():
            known.setdefault(name, {}).update(dict.fromkeys(values))
    for name, value in asked_for.items():
        if name not in known:
            others = f"; it has {', '.join(map(repr, known))}" if known else ""
            raise PacelineError(f"--axis: {model} has no axis {name!r}{others}")
        if value not in known[name]:
            there = " or ".join(map(repr, list(known[name])[:20]))
            raise PacelineError(f"--axis: nothing was measured for {name} = {value!r}: {name} is {there}")


def _at(table: Table, options: argparse.Namespace) -> Scalar:
    """Return the size or the column that is asked for, else the largest or the last."""
    sized, wanted = call_times.sized(table), _asked_for(options).get(table.axis or "")
    if options.n is not None and not sized:
        raise PacelineError(f"{table.title} has no sizes: leave --n out")
    if sized and options.n is not None:
        return float(options.n)
    named = (column for column in table.columns if not sized and str(column) == wanted)
    return next(named, call_times.last(table))


def _costs(told: Advice) -> Screen:
    made = Screen(box=None, pad_edge=False, header_style="bold")
    made.add_column("implementation")
    for name in ("in all", "import", "first call", "a run"):
        made.add_column(name, justify="right")
    made.add_column("notes")
    for cost in told.costs:
        parts = [cost.total(told.runs) if cost in told.ranked else None, cost.load, cost.first, cost.call]
        notes = [
            "" if cost.plain else "may need a compiler",
            "" if cost.known else "start-up not measured",
            "extrapolated" if cost.beyond else "",
        ]
        made.add_row(
            Text(plain(cost.implementation, 60)),
            *("-" if part is None else words.seconds(part) for part in parts),
            ", ".join(filter(None, notes)),
        )
    return made
