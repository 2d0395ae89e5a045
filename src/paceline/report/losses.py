"""Where do I lose? Every raced case that is slower than the baseline, the worst first; new and gone ones."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from paceline.report import cells, words
from paceline.report.contents import Section
from paceline.stats.ratio import Ratio

MOST = 15  # lines: cases, or of more cases implementations; the summary as JSON has all
SLOWER = "slower"


@dataclass(frozen=True)
class Loss:
    """A case that is surely slower than its baseline; ``key`` names it in every report of its machine."""

    implementation: str
    baseline: str
    title: str
    where: str
    ratio: Ratio

    @property
    def key(self) -> str:
        """The case, whatever the ratio is."""
        return f"{self.title}{self.where}: {self.implementation} / {self.baseline}"


def losses(section: Section, reference: Mapping[str, str | None]) -> list[Loss]:
    """Return what is slower by its race, the worst first; references are there to be right, not fast."""
    found = []
    for table in section.tables:
        for row in table.rows:
            if row.implementation in (table.baseline, reference.get(table.model)):
                continue
            for column, cell in zip(cells.columns(table), row.cells, strict=True):
                if cell.raced and cell.raced.verdict == SLOWER and cell.ratio:
                    where = f" at {column}" if table.axis else ""
                    found.append(
                        Loss(row.implementation, str(table.baseline), table.title, where, cell.ratio)
                    )
    return sorted(found, key=lambda loss: -loss.ratio.value)


def lines(found: Iterable[Loss], before: Iterable[str] | None) -> Iterator[str]:
    """Yield the losses in words, unescaped, and what has changed since the report before.

    Of more than are shown, each implementation has its worst case, and how many there are.
    """
    found = list(found)
    known = None if before is None else set(before)
    new = {loss.key for loss in found} - known if known is not None else set()
    if len(found) > MOST:
        yield from _by_implementation(found, new)
    else:
        yield from (f"{_said(loss)}{', new' if loss.key in new else ''}" for loss in found)
    gone = sorted((known or set()) - {loss.key for loss in found})
    yield from (f"no longer slower: {key}" for key in gone[:MOST])


def _by_implementation(found: Sequence[Loss], new: Set[str]) -> Iterator[str]:
    groups: dict[str, list[Loss]] = {}
    for loss in found:
        groups.setdefault(loss.implementation, []).append(loss)
    for own in list(groups.values())[:MOST]:
        fresh = sum(loss.key in new for loss in own)
        cases = "1 case" if len(own) == 1 else f"{len(own)} cases"
        yield f"{_said(own[0])}; slower in {cases}{f', {fresh} of them new' if fresh else ''}"
    left = len(groups) - MOST
    more = (
        f"{left} more implementation{'s are' if left > 1 else ' is'} slower somewhere; " if left > 0 else ""
    )
    yield f"{more}{len(found)} cases in all: summary.json has every one"


def _said(loss: Loss) -> str:
    told, between = words.factor(loss.ratio)
    return f"{loss.implementation} runs {told} than {loss.baseline} ({between}): {loss.title}{loss.where}"


def earlier(path: Path) -> dict[str, list[str]]:
    """Return the losses by machine that a summary.json tells; nothing where there is none to be read."""
    try:
        told: Any = json.loads(path.read_text(encoding="utf-8"))
        return {str(one["machine"]): [str(key) for key in one["losses"]] for one in told["machines"]}
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return {}
