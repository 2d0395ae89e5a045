"""Where do I lose? Every raced case that is slower than the baseline, the worst first; new and gone ones.

References are there to be right, not fast, and some variants are slow on purpose: they put a slowness back
whose cure a claim is about. Both are counted apart.
"""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from paceline.report import cells, words
from paceline.report.claims import Claim
from paceline.report.contents import Report, Section
from paceline.stats.ratio import Ratio

MOST = 15  # lines: cases, or of more cases implementations; the summary as JSON has all
SLOWER, NOT_SLOWER = "slower", ("faster", "same")
BY = "By the pairs of each race alone: between implementations, fresh pairs confirm nothing."


@dataclass(frozen=True)
class Loss:
    """A case that is slower than its baseline; ``key`` names it in every report of its machine."""

    implementation: str
    baseline: str
    title: str
    where: str
    ratio: Ratio
    model: str = ""
    verdict: str = SLOWER

    @property
    def key(self) -> str:
        """The case, whatever the ratio is."""
        return f"{self.title}{self.where}: {self.implementation} / {self.baseline}"


@dataclass(frozen=True)
class Since:
    """What has become of the losses of the report before, by their keys.

    ``gone`` were raced, and are slower no longer; ``undecided`` this report has no verdict of. ``kept`` is
    what the next report has to know of: the undecided, and those of models that were not asked for.
    """

    new: frozenset[str] = frozenset()
    gone: tuple[str, ...] = ()
    undecided: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


def losses(section: Section, reference: Mapping[str, str | None]) -> list[Loss]:
    """Return what is slower by its race, the worst first, without references."""
    found = (one for one in _cases(section) if one.implementation != reference.get(one.model))
    return sorted((one for one in found if one.verdict == SLOWER), key=lambda loss: -loss.ratio.value)


def of_references(section: Section, reference: Mapping[str, str | None]) -> list[Loss]:
    """Return the cases in which a reference is slower than the baseline."""
    found = (one for one in _cases(section) if one.verdict == SLOWER)
    return [one for one in found if one.implementation == reference.get(one.model)]


def meant(found: Iterable[Loss], claims: Collection[Claim]) -> list[Loss]:
    """Return the cases of variants that are slow on purpose: without a change, and the outcome of none."""
    cured = {claim.with_ for claim in claims}
    slow = {(claim.model, claim.without) for claim in claims if claim.without not in cured}
    return [one for one in found if (one.model, one.implementation) in slow]


def since(section: Section, report: Report) -> Since | None:
    """Return what has become of an earlier report's losses; None where there is no earlier report."""
    before = report.earlier.get((section.run.machine.name, section.run.environment))
    if before is None:
        return None
    now = {one.key: one.verdict for one in _cases(section)}
    slower = {loss.key for loss in losses(section, report.references)}
    left = sorted(set(before) - slower)
    undecided = [key for key in left if now.get(key) not in NOT_SLOWER]
    unasked = [key for key in undecided if report.partial and key not in now]
    return Since(
        new=frozenset(slower - set(before)),
        gone=tuple(key for key in left if now.get(key) in NOT_SLOWER),
        undecided=tuple(key for key in undecided if key not in unasked),
        kept=tuple(key for key in undecided if key in now or key in unasked),
    )


def _cases(section: Section) -> Iterator[Loss]:
    """Yield every case but the baselines'; one without a race, or without its end, has no verdict."""
    for table in section.tables:
        for row in table.rows:
            for column, cell in zip(cells.columns(table), row.cells, strict=True):
                if row.implementation != table.baseline:
                    where = f" at {column}" if table.axis else ""
                    names = (row.implementation, str(table.baseline), table.title, where)
                    verdict = cell.raced.verdict if cell.raced and cell.ratio else ""
                    yield Loss(*names, cell.ratio or Ratio(math.nan), table.model, verdict)


def told(section: Section, report: Report) -> Iterator[str]:
    """Yield all that a report says of where it loses, unescaped."""
    every = losses(section, report.references)
    known = since(section, report)
    wanted = meant(every, report.claims)
    rest = [one for one in every if one not in wanted]
    beside = (
        *_counted(wanted, "slow on purpose, to show what a change is worth"),
        *_counted(of_references(section, report.references), "references, there to be right"),
    )
    if not rest:
        yield f"Nowhere: no race found anything {'else ' if beside else ''}slower."
    yield from (*lines(rest, known), *beside)


def lines(found: Iterable[Loss], known: Since | None) -> Iterator[str]:
    """Yield the losses in words, unescaped, and what has changed since the report before.

    Of more than are shown, each implementation has its worst case, and how many there are.
    """
    found = list(found)
    known = known or Since()
    if len(found) > MOST:
        yield from _by_implementation(found, known.new)
    else:
        yield from (f"{_said(loss)}{', new' if loss.key in known.new else ''}" for loss in found)
    yield from _listed("no longer slower", known.gone)
    yield from _listed("slower before, not decided this time", known.undecided)


def _listed(what: str, keys: Sequence[str]) -> Iterator[str]:
    yield from (f"{what}: {key}" for key in keys[:MOST])
    if len(keys) > MOST:
        yield f"{what}: {len(keys) - MOST} more"


def _counted(found: Sequence[Loss], what: str) -> Iterator[str]:
    """Yield who is slower beside the list, and in how many cases."""
    if found:
        names = ", ".join(dict.fromkeys(one.implementation for one in found))
        cases = "1 case" if len(found) == 1 else f"{len(found)} cases"
        yield f"not listed: {cases} of {names} ({what})"


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
    yield f"{more}{len(found)} cases in this list: summary.json has every one"


def _said(loss: Loss) -> str:
    told, between = words.factor(loss.ratio)
    return f"{loss.implementation} runs {told} than {loss.baseline} ({between}): {loss.title}{loss.where}"


def earlier(path: Path) -> dict[tuple[str, str], list[str]]:
    """Return the losses by machine and environment that a summary.json tells; nothing where there is none."""
    try:
        told: Any = json.loads(path.read_text(encoding="utf-8"))
        return {(str(one["machine"]), str(one["environment"])): _keys(one) for one in told["machines"]}
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return {}


def _keys(told: Mapping[str, Any]) -> list[str]:
    return [str(key) for key in (*told["losses"], *told.get("losses_before", ()))]
