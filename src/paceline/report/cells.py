"""What stands in a table: every cell a figure or a word with its reason, never nothing."""

from __future__ import annotations

from collections.abc import Iterator

from paceline.report import doubts, sources, words
from paceline.report.contents import BIASED_BELOW, Cell, Row, Section, Table
from paceline.results.raced import OK

BIASED = "†"
_AGREE = ("agrees", "identical")
_ANSWERS = {"changed": "the answers are others than the baseline's", "unchecked": "the answers are unchecked"}


def lines(table: Table, row: Row, cell: Cell) -> tuple[str, ...]:
    """Return a cell's lines, unescaped: the ratio above the time; or the status and its reason."""
    if cell.median is None:
        return (f"{cell.status}: {cell.reason}",) if cell.reason else (cell.status,)
    mark = f" {BIASED}" if biased(table, cell) else ""
    figure = words.amount(cell.median.value, table.unit) + mark
    if cell.ratio is None:
        return (cell.reason, figure) if cell.reason else (figure,)
    if row.implementation == table.baseline:
        return "1", figure
    end = cell.raced.verdict if cell.raced else sources.UNPAIRED
    return f"{words.ratio(cell.ratio)} {end}", figure


def heading(table: Table) -> str:
    """Say what the cells hold, and what it is divided by."""
    if table.baseline:
        return f"{table.title}: time / time of {table.baseline}; below 1 is faster"
    if table.above_baseline_case:
        return f"{table.title}: peak memory above the baseline case"
    if table.function.startswith("peakmem"):
        return f"{table.title}: peak memory, imports included"
    return f"{table.title} ({table.unit or 'no unit'})"


def columns(table: Table) -> tuple[str, ...]:
    """Return the columns' headings: "n = 365", "n = 3,650"."""
    if table.axis is None:
        return ("all",)
    return tuple(f"{table.axis} = {words.size(column)}" for column in table.columns)


def biased(table: Table, cell: Cell) -> bool:
    """Whether asv_runner's own cost is a visible part of this figure; races and tracked numbers have none."""
    if cell.median is None or cell.raced or table.function.startswith("track"):
        return False
    return table.unit == "seconds" and cell.median.value < BIASED_BELOW


def notes(table: Table) -> Iterator[str]:
    """Yield what must be known to read a table, unescaped."""
    cells = list(table.cells)
    if any(table.unpaired(row, cell) for row in table.rows for cell in row.cells):
        yield sources.UNPAIRED_NOTE
    runs = dict.fromkeys(cell.raced.run.label for cell in cells if cell.raced)
    if len(runs) > 1:
        yield f"raced at several commits: {', '.join(runs)}"
    doubted = doubts.unsteady(table)
    if doubted:
        races = doubted[0] if len(doubted) == 1 else f"{len(doubted)} races"
        yield f"times of {races} are {doubts.UNSTEADY}; ratios are paired, and hold"
    if any(biased(table, cell) for cell in cells):
        yield f"{BIASED} below 2 us: asv_runner's own 0.2-0.3 us a call is part of it"
    if table.unselected:
        told = ", ".join(f"{table.axis} = {words.size(column)}" for column in table.unselected)
        yield f"left out, since asv skipped all cases without a reason (not selected, most likely): {told}"
    if any(cell.ratio and cell.ratio.low is None for cell in cells):
        yield "no interval: asv took too few samples to know one; such a ratio decides nothing"
    bare = {cell.status for cell in cells if cell.median is None and not cell.reason and not cell.raced}
    if bare & {"failed", "skipped"}:
        yield "asv keeps no reasons for failed and skipped; what was not selected is skipped to it, too"
    if "unmeasured" in bare:
        yield "unmeasured: the result file does not have this case"
    if any(cell.median and cell.median.value < 0 for cell in cells):
        yield "negative: less than the baseline case needs; the difference is below what can be seen"
    notes = dict(table.notes)
    for implementation, text in (dict.fromkeys(notes, "") | dict(table.texts)).items():
        yield f"{implementation}: {text} {notes.get(implementation, '')}".strip().replace(":  ", ": ")
    for row in table.rows:
        known = dict.fromkeys(one.answers for cell in row.cells if (one := cell.raced) and one.status == OK)
        for answer in known if row.implementation != table.baseline else ():
            if answer not in _AGREE:
                yield f"{row.implementation}: {_ANSWERS.get(answer, f'the answers are off by {answer}')}"


def sentences(table: Table) -> tuple[str, ...]:
    """Say every implementation's ratio at the last column, the fastest first, unescaped."""
    if not table.baseline or not table.columns:
        return ()
    last = [(row.implementation, row.cells[-1]) for row in table.rows]
    known = [(cell.ratio.value, name, cell) for name, cell in last if cell.ratio and name != table.baseline]
    known.sort(key=lambda one: one[0])
    noted = dict(table.notes)
    return tuple(
        _sentence(table, name, cell) + ("; see the note on it" if name in noted else "")
        for _, name, cell in known
    )


def _sentence(table: Table, name: str, cell: Cell) -> str:
    assert cell.ratio
    names = (name, str(table.baseline))
    if cell.raced is None:
        return words.unpaired(names, cell.ratio, at(table))
    return words.raced(names, cell.ratio, cell.raced.verdict, cell.raced.threshold, at(table))


def at(table: Table) -> str:
    """Say where the last column is: " at n = 36,500 with snow = plain"."""
    column = f" at {columns(table)[-1]}" if table.axis else ""
    fixed = ", ".join(f"{name} = {words.size(value)}" for name, value in table.fixed)
    return f"{column} with {fixed}" if fixed else column


def no_sentence(table: Table) -> str:
    """Say why there is nothing to compare at the last column."""
    if len(table.rows) == 1:
        return f"only {table.rows[0].implementation} was measured: nothing to compare"
    return f"nothing can be compared with {table.baseline}{at(table)}; the table says why"


def host(section: Section) -> dict[str, str]:
    """Return what is known of the host and of the software, by label; unknown is said."""
    machine, run = section.run.machine, section.run
    memory = (
        words.memory(float(machine.ram)) if machine.ram.isdigit() and len(machine.ram) < 20 else machine.ram
    )
    measured = f"{run.measured:%Y-%m-%d}" if run.measured else ""
    versions = [f"{name} {version}".strip() for name, version in sorted(run.requirements.items())]
    date = f" of {run.date:%Y-%m-%d}" if run.measurements or not section.raced else ""
    labels = [race.label for race in section.races]
    known = {
        "processor": machine.cpu,
        "cores": machine.cores,
        "memory": memory,
        "system": " ".join(filter(None, (machine.os, machine.arch))),
        "commit": f"{run.commit[:8]}{date}" if date else ", ".join(dict.fromkeys(labels)),
        "measured": measured,
        "environment": run.environment,
        "python": run.python,
        "versions": ", ".join(versions),
        "variables": ", ".join(f"{name}={value}" for name, value in sorted(run.variables.items())) or "none",
    }
    return {label: value or "not recorded" for label, value in known.items()}
