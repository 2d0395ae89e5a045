"""Where do I lose? Every raced case that is slower than the baseline, the worst first; new and gone ones."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from paceline.report import cells, words
from paceline.report.contents import Section
from paceline.stats.ratio import Ratio

MOST = 15  # lines; the summary as JSON has all
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
    """Yield the losses in words, unescaped, and what has changed since the report before."""
    found = list(found)
    known = None if before is None else set(before)
    for loss in found[:MOST]:
        told, between = words.factor(loss.ratio)
        new = "" if known is None or loss.key in known else ", new"
        says = f"{loss.implementation} runs {told} than {loss.baseline} ({between})"
        yield f"{says}: {loss.title}{loss.where}{new}"
    if len(found) > MOST:
        yield f"and {len(found) - MOST} more: summary.json has all of them"
    gone = sorted((known or set()) - {loss.key for loss in found})
    yield from (f"no longer slower: {key}" for key in gone[:MOST])


def earlier(path: Path) -> dict[str, list[str]]:
    """Return the losses by machine that a summary.json tells; nothing where there is none to be read."""
    try:
        told: Any = json.loads(path.read_text(encoding="utf-8"))
        return {str(one["machine"]): [str(key) for key in one["losses"]] for one in told["machines"]}
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return {}
