"""What a comparison of two sides says of each case: one row, whatever kind of number it is."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from paceline.outcome import Exit
from paceline.race import work
from paceline.race.answers import UNCHECKED, beyond
from paceline.race.commits import BASE, HEAD, PAIRED, Matched, case_name
from paceline.race.contenders import Absence
from paceline.race.tally import TOO_FEW, Tally
from paceline.race.unpaired import Compared
from paceline.race.work import Work

ORDER = ("slower", "worse", "failed", "unmeasured", "inconclusive", "removed", "changed")
ORDER_AFTER = ("faster", "better", "new", "skipped", "same")
ABSENT = ("skipped", "absent")
WORSE = ("slower", "worse")
FAIL_ON = ("slower", "worse", "failed", "unmeasured")
MEASURED = ("slower", "faster", "same", "inconclusive", "worse", "better", "changed", "new", "removed")


@dataclass(frozen=True)
class Verdict:
    """A case of a comparison.

    ``verdict``: slower, faster, same, inconclusive (times); worse, better, same, changed (memory, tracked
    numbers); new, removed, skipped, failed, unmeasured. ``base`` and ``head`` are seconds, bytes or the
    tracked number. ``both`` tells that what is wrong is wrong on both sides; ``accepted`` who has accepted
    that it is worse.
    """

    benchmark: str
    kind: str
    params: Mapping[str, Any]
    verdict: str
    ratio: float | None = None
    low: float | None = None
    high: float | None = None
    pairs: int = 0
    confirmed: bool = False
    detectable: float | None = None
    base: float | None = None
    head: float | None = None
    answers: str = UNCHECKED
    reason: str = ""
    both: bool = False
    accepted: str = ""
    work: Work | None = None
    warning: str = ""  # what makes the measurement another thing than people run: "uses 3.8 cores, ..."

    @property
    def rank(self) -> tuple[int, float]:
        """Where it stands in a list: what is worse first, larger changes first."""
        change = abs(1.0 if self.ratio is None else self.ratio - 1.0)
        return (*ORDER, *ORDER_AFTER).index(self.verdict), -change if math.isfinite(change) else 0.0

    @property
    def unsettled(self) -> bool:
        """Whether going on would tell more: there was no time to measure it, or to confirm a suspicion."""
        return self.verdict == "unmeasured" or self.reason.endswith(TOO_FEW)

    @property
    def name(self) -> str:
        """The case as ledgers name it."""
        return case_name(self.benchmark, self.params)


def exits(
    verdicts: Sequence[Verdict],
    strict: bool = False,
    fail_on: Sequence[str] = FAIL_ON,
    answers_within: float | None = None,
) -> list[Exit]:
    """Return every exit code that holds: 1 worse, 3 failed or unmeasured, 4 answers that changed.

    What fails in base and head alike is told and is no failure of the head; what is accepted is no slow-down;
    a suspicion that there was no time to confirm has not been measured.
    ``strict`` counts what is inconclusive as failed. ``fail_on`` are the verdicts that count at all.
    ``answers_within`` is the relative difference that answers may have; None lets them change.
    """
    counted = (one for one in verdicts if not (one.both or one.accepted))
    words = {"unmeasured" if one.unsettled else one.verdict for one in counted}
    counting = {*fail_on, *(("inconclusive", "failed", "unmeasured") if strict else ())}
    found = [Exit.SLOWER] if words & counting & {*WORSE, "changed"} else []
    measured = {one.verdict for one in verdicts} & {*MEASURED}
    if words & counting & {"failed", "unmeasured", "inconclusive"} or not measured:
        found.append(Exit.FAILED)
    if answers_within is not None and any(beyond(one.answers, answers_within) for one in verdicts):
        found.append(Exit.WRONG_ANSWERS)
    return found


def timed(case: Matched, tally: Tally, answers: str, floor: float, warning: str = "") -> Verdict:
    """Return the verdict of a case in a race; of one that has not ended, the estimate so far."""
    name = case.head.name if case.head else HEAD
    result = next(one for one in tally.results() if one.name == name)
    found = result.estimate
    verdict, reason, both = result.verdict, result.reason, False
    if result.status != "ok":
        head = None if result.status == "unmeasured" else Absence(result.status, result.reason)
        if tally.gone or head:
            verdict, reason, both = absence(tally.gone, head)
        else:
            verdict, found = "unmeasured", tally.provisional(result.name, floor)
            reason = f"{reason} ({tally.pairs} pairs)" if tally.pairs else reason
    return Verdict(
        benchmark=case.benchmark,
        kind=case.kind,
        params=case.params,
        verdict=verdict,
        ratio=found.ratio if found else None,
        low=found.low if found else None,
        high=found.high if found else None,
        pairs=found.pairs if found else 0,
        confirmed=result.confirmed,
        detectable=result.detectable,
        base=result.baseline_seconds,
        head=result.seconds,
        answers=answers,
        reason=reason,
        both=both,
        warning=warning,
    )


def counted(case: Matched, found: Compared) -> Verdict:
    """Return the verdict of a number that is not paired."""
    base, head = found.base, found.head
    verdict, reason, both = found.verdict, "", False
    if isinstance(base, Absence) or isinstance(head, Absence):
        gone = base if isinstance(base, Absence) else None
        missing = head if isinstance(head, Absence) else None
        verdict, reason, both = absence(gone, missing)
    return Verdict(
        benchmark=case.benchmark,
        kind=case.kind,
        params=case.params,
        verdict=verdict,
        ratio=found.ratio,
        base=None if isinstance(base, Absence) else base,
        head=None if isinstance(head, Absence) else head,
        reason=reason,
        both=both,
    )


def number_record(case: Matched, found: Compared) -> dict[str, Any]:
    """Return a number that is not paired as a line of the ledger."""
    verdict = counted(case, found)
    sides = {BASE: found.base, HEAD: found.head}
    return {
        "kind": "number",
        "type": case.kind,
        "case": case.name,
        "benchmark": case.benchmark,
        "params": dict(case.params),
        **{name: None if isinstance(one, Absence) else one for name, one in sides.items()},
        "absent": {name: asdict(one) for name, one in sides.items() if isinstance(one, Absence)},
        "judged": found.verdict,
        "verdict": verdict.verdict,
        "reason": verdict.reason,
        "processes": found.processes,
    }


def number_of(record: Mapping[str, Any]) -> Compared:
    """Return the number of a line; strict JSON has no NaN, so that null stands for it."""
    absent = record["absent"]
    base, head = (
        Absence(**absent[name]) if name in absent else math.nan if record[name] is None else record[name]
        for name in (BASE, HEAD)
    )
    return Compared(base, head, str(record["judged"]), int(record["processes"]))


def with_work(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """Return the verdicts; the times beside which something is counted know work apart from cost."""
    counters: dict[work.Key, list[tuple[str, float, float]]] = {}
    for one in verdicts:
        counter = work.counter_of(one.benchmark) if one.kind == "track" else ""
        if counter and one.base is not None and one.head is not None:
            known = counters.setdefault(work.place_of(one.benchmark, one.params), [])
            known.append((counter, one.base, one.head))
    return [_worked(one, counters.get(work.place_of(one.benchmark, one.params), ())) for one in verdicts]


def _worked(one: Verdict, counters: Sequence[tuple[str, float, float]]) -> Verdict:
    found = work.best(counters)
    if one.kind not in PAIRED or one.ratio is None or one.low is None or one.high is None or found is None:
        return one
    counter, base, head = found
    cost, low, high = (value * base / head for value in (one.ratio, one.low, one.high))
    return replace(one, work=work.Work(counter, base, head, cost, low, high))


def one_sided(case: Matched) -> Verdict:
    """Return the verdict of a case that one side does not have at all."""
    new = case.base is None
    side = "base" if new else "head"
    return Verdict(
        case.benchmark, case.kind, case.params, "new" if new else "removed", reason=f"{side} has no such case"
    )


def absence(base: Absence | None, head: Absence | None) -> tuple[str, str, bool]:
    """Return verdict, reason, and whether base is no better, from why each side has no number."""
    if base and head:
        verdict = "failed" if "failed" in (base.status, head.status) else "skipped"
        alike = base == head
        reason = f"in both: {head.reason}" if alike else f"base: {base.reason}; head: {head.reason}"
        return verdict, reason, not (head.status == "failed" and base.status != "failed")
    if head:
        return ("removed" if head.status in ABSENT else "failed"), f"head: {head.reason}", False
    assert base is not None
    word = "fails in base" if base.status == "failed" else "base"
    return "new", f"{word}: {base.reason}", False
