"""The life of an alert: what evidence makes of it. Pure: values in, values out.

The rule, in prose, is in docs/alerts.md. ``update`` may be called again and again with the same evidence:
what was done is not done again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from paceline.alerts.alert import LIVE, Alert, Event, State, contender, fingerprint
from paceline.alerts.known import Known, Nomination, about
from paceline.alerts.times import after
from paceline.results.history import FASTER, SAME, Compared

UNCONFIRMED_DAYS = 30  # a nomination that no race has confirmed by then is dropped
ACCEPTED_DAYS = 180
SLOWER = "slower"
CREEP_GONE = 3  # races in a row that must say so before a creep, which is never far above, has recovered
CREEP_AGAIN = 20  # commits after which a creep may be nominated again


def update(alerts: Mapping[str, Alert], known: Known, now: str) -> dict[str, Alert]:
    """Return all alerts after the evidence; the ones that have not changed are the same objects."""
    book = dict(alerts)
    evidence = [one for one in known.compared if known.on_branch(one)]
    for one in evidence:
        if one.slower and (known.parent(one) or one.base not in known.anchors):
            _opened(book, known, one, now)
    for nomination in known.nominated:
        _nominated(book, known, nomination, now)
    for one in evidence:
        if one.slower and one.base in known.anchors:  # no evidence of its own, but an answer
            _answered(book, known, one, now)
    return {name: _lived(one, evidence, known, now) for name, one in book.items()}


def _opened(book: dict[str, Alert], known: Known, one: Compared, now: str) -> None:
    """Open an alert for a confirmed slow-down, or add its case to the one that is open."""
    name = fingerprint(one.benchmark, one.params, one.metric, SLOWER)
    if not one.params and "(" in one.case:  # of a bisection: its case is known by name only
        name = next((known_ for known_, alert in book.items() if one.case in alert.cases), "")
    old = book.get(name)
    if old is None and not name:
        return
    if old is None or (old.state not in LIVE and _after(old, one.base, known)):
        book[name] = _confirmed(_fresh(name, one, old, now), one, known, now)
    elif old.state in LIVE and _overlaps(old, one, known):
        book[name] = _confirmed(old, one, known, now)


def _answered(book: dict[str, Alert], known: Known, one: Compared, now: str) -> None:
    """Confirm a creep against the anchor by a race of exactly its two sides."""
    name = fingerprint(one.benchmark, one.params, one.metric, SLOWER)
    old = book.get(name)
    if old and old.state is State.NEW and (old.good, old.bad) == (one.base, one.head):
        book[name] = _confirmed(old, one, known, now)


def _fresh(name: str, one: Compared | Nomination, old: Alert | None, now: str) -> Alert:
    """Return a new alert, or the next episode of one that was closed."""
    metric = one.metric if isinstance(one, Compared) else "time"
    good, bad = (one.base, one.head) if isinstance(one, Compared) else (one.good, one.bad)
    events: tuple[Event, ...] = ()
    episode = 1
    counted: tuple[str, ...] = ()
    if old:
        episode, events = old.episode + 1, (*old.events, Event(now, "it came again"))
        counted = (*old.counted, str(old.state)) if old.told else old.counted
    return Alert(
        fingerprint=name,
        benchmark=one.benchmark,
        contender=contender(one.params),
        metric=metric,
        direction=SLOWER,
        state=State.NEW,
        case=one.case,
        cases=(one.case,),
        good=good,
        bad=bad,
        opened=now,
        cpu=one.cpu,
        episode=episode,
        counted=counted,
        sent=old.sent if old else {},
        events=events,
    )


def _nominated(book: dict[str, Alert], known: Known, one: Nomination, now: str) -> None:
    """Keep a nomination; what is live already, or was settled for those commits, is none."""
    name = fingerprint(one.benchmark, one.params, "time", SLOWER)
    old = book.get(name)
    if old and (old.state in LIVE or not (_after(old, one.good, known) or _crept_on(old, one, known))):
        if old.state in LIVE and one.case not in old.cases:
            book[name] = replace(old, cases=tuple(sorted({*old.cases, one.case})))
        return
    made = _fresh(name, one, old, now)
    what = "slow creep against the anchor" if one.creep else "the history shows a change"
    book[name] = made.moved(State.NEW, now, f"nominated: {what}", creep=one.creep)


def _confirmed(alert: Alert, one: Compared, known: Known, now: str) -> Alert:
    """Take a confirmed race in: the narrowest range counts, and the case that shows it most."""
    cases = tuple(sorted({*alert.cases, one.case}))
    order = known.order
    span = order.get(alert.bad, 0) - order.get(alert.good, 0)
    narrower = order[one.head] - order[one.base] < span
    larger = (one.ratio or 1.0) > (alert.ratio or 1.0)
    changed = replace(alert, cases=cases)
    if narrower or alert.state is State.NEW:
        changed = replace(changed, good=one.base, bad=one.head)
    if alert.ratio is None or narrower or (larger and order[one.head] - order[one.base] == span):
        changed = replace(
            changed, case=one.case, ratio=one.ratio, low=one.low, high=one.high, pairs=one.pairs,
            run=one.run, cpu=one.cpu or alert.cpu,
        )  # fmt: skip
    changed = _named(changed, known)
    if alert.state is State.NEW:
        changed = changed.moved(State.CONFIRMED, now, f"confirmed by {one.run}")
    return changed


def _named(alert: Alert, known: Known) -> Alert:
    """Name the culprit once the range is one commit."""
    order = known.order
    if order.get(alert.bad, -1) - order.get(alert.good, -3) != 1:
        return alert
    subject, author = known.subjects.get(alert.bad, ("", ""))
    return replace(alert, culprit=True, subject=subject, author=author)


def _lived(alert: Alert, evidence: Iterable[Compared], known: Known, now: str) -> Alert:
    """Return what became of an alert: evidence narrows, recovers or drops it; time ends what is limited."""
    if alert.state not in LIVE and alert.state is not State.ACCEPTED:
        return alert
    own = [one for one in evidence if about(alert, one)]
    if alert.state is State.ACCEPTED:
        return _expired(alert, now)
    alert = _narrowed(alert, own, known)
    reason = _accepting(alert, known)
    if reason is not None:
        until = after(now, timedelta(days=ACCEPTED_DAYS))
        return alert.moved(State.ACCEPTED, now, "accepted by its commit", reason=reason, expires=until)
    gone = _gone(alert, own, known)
    if gone:
        told = (
            "raced again: it is not there" if alert.state is State.NEW else f"recovered by {gone.head[:12]}"
        )
        return alert.moved(State.FIXED, now, f"{told} ({gone.run})", fixed_by=gone.head)
    if alert.state is State.NEW and after(alert.opened, timedelta(days=UNCONFIRMED_DAYS)) < now:
        return alert.moved(State.INVALID, now, f"not confirmed in {UNCONFIRMED_DAYS} days")
    return alert


def _narrowed(alert: Alert, own: Iterable[Compared], known: Known) -> Alert:
    """Move the beginning of the range to the last commit that was raced against it and is the same."""
    order = known.order
    good, bad = order.get(alert.good), order.get(alert.bad)
    if alert.state is State.NEW or alert.creep or good is None or bad is None:
        return alert
    fine = [one.head for one in own if one.base == alert.good and one.verdict in (SAME, FASTER)]
    inside = [commit for commit in fine if good < order[commit] < bad]
    if not inside:
        return alert
    return _named(replace(alert, good=max(inside, key=lambda commit: order[commit])), known)


def _gone(alert: Alert, own: Sequence[Compared], known: Known) -> Compared | None:
    """Return the race that shows that it is not there, or no more: against the commit before it."""
    order = known.order
    last = order.get(alert.bad, len(order))
    here = [one for one in own if not alert.cpu or one.cpu == alert.cpu]  # others may never have had it
    later = [one for one in here if one.base == alert.good and order[one.head] >= last]
    if alert.state is State.NEW:
        return next((one for one in later if not one.slower), None)
    # the newest decides: what has recovered may be raced again, and be slower again
    newest = sorted(later, key=lambda one: (order[one.head], one.utc))[-(CREEP_GONE if alert.creep else 1) :]
    gone = newest and all(one.verdict in (SAME, FASTER) for one in newest)
    return newest[-1] if gone and (not alert.creep or len(newest) == CREEP_GONE) else None


def _expired(alert: Alert, now: str) -> Alert:
    if not alert.expires or alert.expires >= now:
        return alert
    counted = (*alert.counted, str(alert.state)) if alert.told else alert.counted
    changes = {"episode": alert.episode + 1, "told": False, "expires": "", "counted": counted}
    return alert.moved(State.CONFIRMED, now, "the acceptance has expired", **changes)


def _accepting(alert: Alert, known: Known) -> str | None:
    """Return the reason that the culprit's own message gives for accepting it."""
    told = known.accepted.get(alert.bad, ()) if alert.culprit else ()
    names = (alert.benchmark, *alert.cases)
    return next((one.reason for one in told if one.fits(names, alert.ratio)), None)


def _after(alert: Alert, base: str, known: Known) -> bool:
    """Whether a commit is at or after the one that an alert was about: then it is another slow-down."""
    return known.order.get(base, -1) >= known.order.get(alert.fixed_by or alert.bad, len(known.order))


def _crept_on(old: Alert, one: Nomination, known: Known) -> bool:
    """Whether a creep may be looked into although it begins before what was settled: after a while.

    At once where what was settled was a step that no race confirmed: creep may look like one.
    """
    order = known.order
    settled = order.get(old.fixed_by or old.bad, len(order))
    wait = CREEP_AGAIN if old.told or old.creep else 0
    return one.creep and order.get(one.bad, -1) - settled >= wait


def _overlaps(alert: Alert, one: Compared, known: Known) -> bool:
    """Whether a confirmed range and that of a live alert have commits in common."""
    order = known.order
    good, bad = order.get(alert.good, -1), order.get(alert.bad, len(order))
    return order[one.base] < bad and order[one.head] > good and order[one.head] <= bad
