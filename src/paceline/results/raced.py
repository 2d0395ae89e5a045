"""One run of ``paceline race`` as values, from its ledger's records; whatever they hold is data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from paceline.results.foreign import mapping, one_of, positive, scalar, share, text, texts
from paceline.results.measurements import Scalar

OK, UNMEASURED = "ok", "unmeasured"
UNCHECKED = "unchecked"
STATUSES = (OK, "skipped", "failed", "absent", "differs", UNMEASURED)
VERDICTS = ("slower", "faster", "same", "inconclusive")
ONE_THREAD = 1.05  # seconds of processors a second of the wall; beyond it several threads worked
_ACROSS = "implementation"


@dataclass(frozen=True, eq=False)
class RaceRun:
    """One run of ``paceline race``, as its ledger's first line tells it; texts are empty where it does not.

    ``host`` is the fingerprint; ``python`` and ``packages`` are those of the interpreter that raced.
    ``infra`` says why the absolute times are not to be believed.
    """

    name: str
    machine: str
    utc: datetime
    commit: str = ""
    dirty: bool = False
    host: Mapping[str, str] = field(default_factory=dict)
    python: str = ""
    packages: Mapping[str, str] = field(default_factory=dict)
    preset: str = ""
    infra: str = ""
    epoch: str = ""

    @property
    def label(self) -> str:
        """The commit as people read it: "1a2b3c4d+dirty"."""
        return (self.commit[:8] or "no commit") + ("+dirty" if self.dirty else "")


@dataclass(frozen=True)
class Raced:
    """One contender of one race, or its baseline, whose ratio is 1: what became of it.

    ``status``: ok, skipped, failed, absent, differs or unmeasured; the figures are None where it is not ok.
    ``detectable`` is the smallest slow-down that would be found, ``floor`` the noise of a pair (fractions).
    ``seconds`` is the least of a pair's batches, which suits ratios; ``typical`` what a call takes in all,
    which suits sums. Both are medians over the pairs.
    """

    run: RaceRun
    benchmark: str
    version: str
    axes: Mapping[str, Scalar]
    baseline: str
    name: str
    status: str
    reason: str = ""
    verdict: str = ""
    seconds: float | None = None
    ratio: float | None = None
    low: float | None = None
    high: float | None = None
    pairs: int = 0
    threshold: float = 0.0
    detectable: float | None = None
    floor: float | None = None
    answers: str = UNCHECKED
    typical: float | None = None

    @property
    def key(self) -> tuple[str, str, frozenset[tuple[str, Scalar]], str]:
        """What tells it from every other case: benchmark, baseline, axes, name."""
        return self.benchmark, self.baseline, frozenset(self.axes.items()), self.name


def cases(path: Path, machine: str, records: Sequence[Mapping[str, Any]], warnings: list[str]) -> list[Raced]:
    """Return what one ledger tells; records that cannot be understood are counted in one warning."""
    header = next((one for one in records if one.get("kind") == "run"), {})
    settings = mapping(header.get("settings"))
    if settings.get("across", _ACROSS) != _ACROSS:
        return []
    try:
        run = _run(path.stem, machine, header, [one for one in records if one.get("kind") == "end"])
    except (ValueError, TypeError):
        warnings.append(f"{path}: its first line does not tell when it was measured; left out")
        return []
    answers = _answers(records)
    baselines: dict[str, Any] = {}
    for one in (one for one in records if one.get("kind") == "gate"):
        baselines |= mapping(one.get("baselines"))
    typical = _typical(records)
    found: list[Raced] = []
    torn = 0
    for record in (one for one in records if one.get("kind") == "race"):
        try:
            found += _with_typical(_race(run, record, baselines, answers), record, typical)
        except (KeyError, TypeError, ValueError, AttributeError):
            torn += 1
    if torn:
        warnings.append(f"{path}: {torn} race(s) that cannot be understood; left out")
    return found


def _run(name: str, machine: str, header: Mapping[str, Any], ends: Sequence[Mapping[str, Any]]) -> RaceRun:
    here = mapping(mapping(header.get("sides")).get("here"))
    utc = datetime.fromisoformat(str(header.get("utc")))
    return RaceRun(
        name=name,
        machine=machine,
        utc=utc if utc.tzinfo else utc.replace(tzinfo=UTC),
        commit=text(here.get("commit")),
        dirty=here.get("dirty") is True,
        host=texts(header.get("host")),
        python=text(here.get("python")).partition(" ")[0],
        packages=texts(here.get("packages")),
        preset=text(mapping(header.get("settings")).get("preset")),
        infra=text(ends[-1].get("infra")) if ends else "",
        epoch=text(header.get("epoch")) or text(mapping(header.get("host")).get("epoch")),
    )


def _race(
    run: RaceRun, record: Mapping[str, Any], baselines: Mapping[str, Any], answers: Mapping[str, Any]
) -> list[Raced]:
    """Return a race's contenders, after its baseline."""
    axes = {str(name): scalar(value) for name, value in record["axes"].items()}
    race, baseline = str(record["race"]), str(record["baseline"]["name"])
    case = partial(Raced, run, str(record["benchmark"]), text(record.get("version")), axes, baseline)
    told = mapping(answers.get(race))
    shared = {"threshold": share(record.get("threshold")) or 0.0, "floor": share(record.get("floor"))}
    found = [
        _contender(case, one, {**shared, "answers": text(told.get(str(one["name"]))) or UNCHECKED})
        for one in record["contenders"]
    ]
    known = [positive(one["baseline_seconds"]) for one in record["contenders"] if one.get("baseline_seconds")]
    return [_baseline(case, baseline, known, mapping(baselines.get(race)), shared), *found]


def _baseline(
    case: Callable[..., Raced], name: str, known: Sequence[float], absence: Mapping[str, Any], shared: Any
) -> Raced:
    if not known:
        status = one_of(STATUSES, absence.get("status", UNMEASURED))
        return case(name, status, text(absence.get("reason")), **shared)
    return case(name, OK, seconds=median(known), ratio=1.0, low=1.0, high=1.0, **shared)


def _contender(case: Callable[..., Raced], one: Mapping[str, Any], more: Mapping[str, Any]) -> Raced:
    name, status, reason = str(one["name"]), one_of(STATUSES, one["status"]), text(one.get("reason"))
    if status != OK:
        return case(name, status, reason, **more)
    low, ratio, high = (positive(one[key]) for key in ("low", "ratio", "high"))
    if not low <= ratio <= high:
        raise ValueError(f"the ratio {ratio} lies outside its interval")
    return case(
        name,
        status,
        reason,
        verdict=one_of(VERDICTS, one["verdict"]),
        seconds=positive(one["seconds"]),
        ratio=ratio,
        low=low,
        high=high,
        pairs=int(one["pairs"]),
        detectable=share(one.get("detectable")),
        **more,
    )


def _with_typical(
    found: Iterable[Raced], record: Mapping[str, Any], typical: Mapping[tuple[str, str], Sequence[float]]
) -> Iterator[Raced]:
    """Yield a race's cases with what a call typically takes; setup before every call would be part of it."""
    for one in found:
        known = typical.get((str(record["race"]), one.name))
        if known and one.seconds and not record.get("setup_before_every_call"):
            yield replace(one, typical=max(one.seconds, median(known)))
        else:
            yield one


def _typical(records: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], list[float]]:
    """Return what a call took in each pair, by race and name."""
    found: dict[tuple[str, str], list[float]] = {}
    for record in records:
        if record.get("kind") == "pair":
            for name, side in mapping(record.get("sides")).items():
                taken = _taken(mapping(side))
                if taken:
                    found.setdefault((str(record.get("race")), name), []).append(taken)
    return found


def _taken(side: Mapping[str, Any]) -> float | None:
    """Return the processor's time of all calls of a pair over their number: no idle moment is in it.

    Where several threads worked it is no time of a call, and where calls wait it is too little: then the
    least batch is.
    """
    seconds, cpu, wall, calls = (share(side.get(name)) for name in ("seconds", "cpu", "wall", "calls"))
    if not seconds or cpu is None or not wall or not calls or cpu > ONE_THREAD * wall:
        return seconds
    return max(seconds, cpu / calls)


def _answers(records: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return what is known of the contenders' answers by race: what checking told goes first."""
    told: dict[str, dict[str, Any]] = {}
    checked: dict[str, dict[str, Any]] = {}
    for record in records:
        if record.get("kind") == "answers":
            told.setdefault(str(record.get("race")), {}).update(mapping(record.get("answers")))
        elif record.get("kind") == "gate":
            for race, found in mapping(record.get("answers")).items():
                known = {name: one for name, one in mapping(found).items() if one != UNCHECKED}
                checked.setdefault(race, {}).update(known)
    return {race: {**told.get(race, {}), **checked.get(race, {})} for race in (*told, *checked)}
