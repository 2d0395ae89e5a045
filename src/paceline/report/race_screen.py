"""Races while they run, and the lines that remain: as much as the reader's screen can take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.table import Table
from rich.text import Text

from paceline.escape import plain
from paceline.race.tally import Tally
from paceline.report import race_notes, races, words
from paceline.report.races import Outcome

Part = str | Text | Table


def live(tallies: Sequence[Tally], latest: Mapping[str, int], floor: float, height: int, head: str) -> Table:
    """Return a row a contender that is on its way, those measured last first; ``height`` rows at most.

    ``latest`` numbers the races by when they were last measured.
    """
    ordered = sorted(tallies, key=lambda tally: (not tally.active, -latest.get(tally.race.name, 0)))
    rows = [
        (tally, name)
        for tally in ordered
        for name in (tally.active or tuple(one.name for one in tally.race.contenders))
    ]
    shown = Table(title=Text(head), title_justify="left", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for column in ("model", "at", "contender", "pairs", "ratio so far"):
        shown.add_column(column, no_wrap=True, justify="right" if column == "pairs" else "left")
    for tally, name in rows[: max(1, height)]:
        found = tally.provisional(name, floor)
        race = tally.race
        at = ", ".join(f"{key} = {words.size(value)}" for key, value in race.axes.items())
        told = words.ratio(races.ratio(found)) if found else "-"
        pairs = str(found.pairs if found else tally.pairs)
        shown.add_row(*(Text(plain(text)) for text in (race.shown, at, name, pairs, told)))
    if len(rows) > max(1, height):
        shown.caption = f"{len(rows) - max(1, height)} more rows"
    return shown


def closing(outcomes: Sequence[Outcome], width: int, most: int | None) -> list[Part]:
    """Return tables, sentences and notes; no more than ``most`` lines, what matters most kept.

    Where not all fits, the sentences of the smaller sizes go first, then the tables. None is for a reader
    who can scroll: there is a blank line between tables.
    """
    tables: list[Part] = []
    for title, table in races.tables(outcomes, width):
        tables += [Text(title, style="bold"), table, *([""] if most is None else [])]
    every: list[Part] = [races.sentence(one) for one in outcomes]
    last: list[Part] = [races.sentence(own[-1]) for own in races.by_model(outcomes)]
    after: list[Part] = [
        *race_notes.notes(outcomes),
        *race_notes.undecided(outcomes),
        *race_notes.trust(outcomes),
    ]
    choices = ([*tables, *every, *after], [*tables, *last, *after], [*every, *after], [*last, *after])
    for chosen in choices:
        if most is None or sum(map(_lines, chosen)) <= most:
            return chosen
    assert most is not None
    return [*choices[-1][: most - 1], "more lines are left out; --json FILE has everything"]


def _lines(part: Part) -> int:
    """Return how many lines a part takes, where lines are not folded."""
    if not isinstance(part, Table):
        return 1
    folded = any("\n" in str(cell) for column in part.columns for cell in column.cells)
    headings = max(str(column.header).count("\n") + 1 for column in part.columns)
    return headings + part.row_count * (2 if folded else 1)
