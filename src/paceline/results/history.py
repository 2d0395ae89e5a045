"""History: what comparisons of commits have found, and the series of each case against the anchor.

The ledgers of ``paceline compare`` and ``paceline bisect`` hold it. A comparison whose base is the anchor is
a point of a series; any other is evidence about the commits between its two sides. Series of ratios are kept
per processor model, whatever host it was, since a ratio may cross hosts of one model. What ledgers hold is
data.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from paceline.results import ledger
from paceline.results.anchor import Anchors
from paceline.results.foreign import mapping, positive, scalar, text
from paceline.results.measurements import Scalar

TIME = "time"
SLOWER, FASTER, SAME, INCONCLUSIVE = "slower", "faster", "same", "inconclusive"
_WORDS = {"worse": SLOWER, "better": FASTER}  # of numbers that are not paired
_DECIDED = (SLOWER, FASTER, SAME, INCONCLUSIVE)


@dataclass(frozen=True)
class Compared:
    """One case of two commits: head / base. ``infra`` says why a number that is not paired is in doubt."""

    run: str
    utc: str
    cpu: str
    base: str
    head: str
    case: str
    benchmark: str
    params: Mapping[str, Scalar]
    metric: str
    verdict: str
    confirmed: bool = False
    ratio: float | None = None
    low: float | None = None
    high: float | None = None
    pairs: int = 0
    infra: str = ""
    machine: str = ""

    @property
    def slower(self) -> bool:
        """Whether it says, and may say, that the head is slower."""
        return self.verdict == SLOWER and (self.confirmed or self.metric != TIME) and not self.infra


@dataclass(frozen=True)
class Point:
    """A commit's log ratio to the anchor."""

    commit: str
    value: float
    run: str


@dataclass(frozen=True)
class Series:
    """A case's history on one processor model, in the order of the commits; one point a commit."""

    case: str
    benchmark: str
    params: Mapping[str, Scalar]
    cpu: str
    points: tuple[Point, ...] = field(default=())


def comparisons(results: Path, newest: int | None = None) -> tuple[list[Compared], list[str]]:
    """Return what all comparisons and bisections found, the newest last, and what could not be read."""
    found: list[Compared] = []
    warnings: list[str] = []
    readers = {"compare": _compared, "bisect": _bisected}
    paths = [path for path in ledger.runs(results) if newest is None or ledger.what(path) in readers]
    older = 0 if newest is None else max(0, len(paths) - newest)
    if older:
        warnings.append(f"{older} comparisons before the newest {newest} were not read")
    for path in paths[older:]:
        records = ledger.read(path)
        header = next((one for one in records.records if one.get("kind") == "run"), {})
        reader = readers.get(text(header.get("what")))
        if reader:
            warnings += records.warnings
            found += reader(header, records.records, path, warnings)
    return sorted(found, key=lambda one: (one.utc, one.run)), warnings


def series(compared: Iterable[Compared], anchors: Anchors, order: Mapping[str, int]) -> list[Series]:
    """Return the history of every case by processor model; ``order`` numbers the branch's commits.

    A ratio to an earlier anchor is divided by the overlap, the ratio of the two anchors. Of a commit that was
    measured more than once the newest counts. Commits that are not on the branch have no place in it.
    """
    known: dict[tuple[str, str], dict[str, Point]] = {}
    first: dict[tuple[str, str], Compared] = {}
    for one in compared:
        offset = anchors.offset(one.base, one.case)
        if one.metric != TIME or one.ratio is None or offset is None or one.head not in order:
            continue
        key = one.case, one.cpu
        first.setdefault(key, one)
        known.setdefault(key, {})[one.head] = Point(one.head, math.log(one.ratio) + offset, one.run)
    return [
        Series(
            case,
            first[case, cpu].benchmark,
            first[case, cpu].params,
            cpu,
            tuple(sorted(points.values(), key=lambda point: order[point.commit])),
        )
        for (case, cpu), points in known.items()
    ]


def processor(host: Mapping[str, Any]) -> str:
    """Return a processor's model by which series are told apart: its name, and its signature if any."""
    name, signature = text(host.get("cpu")) or "unknown", text(host.get("signature"))
    return f"{name} ({signature})" if signature else name


def _compared(
    header: Mapping[str, Any], records: Sequence[Mapping[str, Any]], path: Path, warnings: list[str]
) -> list[Compared]:
    """Return a comparison's cases; a race that was gone on with counts once, as it was at last."""
    sides = mapping(header.get("sides"))
    base, head = (text(mapping(sides.get(side)).get("commit")) for side in ("base", "head"))
    made = partial(Compared, *_where(header, path), base, head, machine=path.parent.parent.name)
    end: Mapping[str, Any] = next((one for one in reversed(records) if one.get("kind") == "end"), {})
    infra = text(end.get("infra"))
    readers: dict[str, Callable[[Mapping[str, Any]], Compared]] = {
        "race": lambda record: _race(made, record),
        "number": lambda record: _number(made, record, infra),
    }
    found: dict[tuple[str, str], Compared] = {}
    torn = 0
    for record in records:
        reader = readers.get(text(record.get("kind")))
        if reader is None:
            continue
        try:
            one = reader(record)
        except (KeyError, TypeError, ValueError, AttributeError):
            torn += 1
        else:
            found[one.metric, one.case] = one
    if torn:
        warnings.append(f"{path}: {torn} case(s) that cannot be understood; left out")
    return [one for one in found.values() if one.verdict in _DECIDED]


def _race(made: Callable[..., Compared], record: Mapping[str, Any]) -> Compared:
    (one,) = record["contenders"]
    axes = {str(name): scalar(value) for name, value in record["axes"].items()}
    ratio, low, high = _numbers(one)
    return made(
        str(record["race"]),
        str(record["benchmark"]),
        axes,
        TIME,
        str(one["verdict"]),
        one.get("confirmed") is True,
        ratio,
        low,
        high,
        int(one["pairs"]),
    )


def _number(made: Callable[..., Compared], record: Mapping[str, Any], infra: str) -> Compared:
    params = {str(name): scalar(value) for name, value in record["params"].items()}
    base, head = record["base"], record["head"]
    ratio = positive(head) / positive(base) if base and head else None
    verdict = str(record["verdict"])
    return made(
        str(record["case"]),
        str(record["benchmark"]),
        params,
        str(record["type"]),
        _WORDS.get(verdict, verdict),
        ratio=ratio,
        infra=infra,
    )


def _bisected(
    header: Mapping[str, Any], records: Sequence[Mapping[str, Any]], path: Path, warnings: list[str]
) -> Iterator[Compared]:
    """Yield each commit that a bisection raced against another; its verdicts are those of fresh pairs."""
    case = text(mapping(header.get("settings")).get("case"))
    for record in records:
        if record.get("kind") != "step" or record.get("verdict") not in _DECIDED:
            continue
        sides = text(record.get("against")), text(record.get("commit"))
        try:
            ratio, low, high = _numbers(record)
        except (TypeError, ValueError):
            warnings.append(f"{path}: a step that cannot be understood; left out")
            continue
        verdict = str(record["verdict"])
        yield Compared(
            *_where(header, path),
            *sides,
            case,
            case.partition("(")[0],
            {},
            TIME,
            verdict,
            verdict == SLOWER,
            ratio,
            low,
            high,
            machine=path.parent.parent.name,
        )


def _where(header: Mapping[str, Any], path: Path) -> tuple[str, str, str]:
    return path.stem, text(header.get("utc")), processor(mapping(header.get("host")))


def _numbers(one: Mapping[str, Any]) -> tuple[float | None, float | None, float | None]:
    ratio, low, high = (
        None if one.get(key) is None else positive(one[key]) for key in ("ratio", "low", "high")
    )
    return ratio, low, high
