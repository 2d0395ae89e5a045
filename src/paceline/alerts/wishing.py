"""Which races would settle what is open, and whether people may be told before they are run."""

from __future__ import annotations

from collections.abc import Mapping

from paceline.alerts.alert import LIVE, OPEN, Alert, State
from paceline.alerts.known import Known, Wish, about

SEARCHED = "bisected"


def wishes(alerts: Mapping[str, Alert], known: Known) -> list[Wish]:
    """Return the races that would settle what is open, the most urgent first, none twice."""
    found: dict[tuple[str, str, str, bool], Wish] = {}
    for one in alerts.values():
        wish = _wish(one, known)
        if wish:
            found.setdefault(
                (wish.base, wish.head, wish.case if wish.bisect else wish.benchmark, wish.bisect), wish
            )
    return sorted(found.values(), key=lambda wish: wish.bisect)


def due(alert: Alert, known: Known) -> bool:
    """Whether people may be told now: confirmed, narrowed as far as can be, and not gone away since."""
    if alert.state not in OPEN or alert.told:
        return False
    return not known.racing or _wish(alert, known) is None


def searched(alert: Alert, now: str, what: str) -> Alert:
    """Return an alert whose range was searched: it is not searched again in this episode."""
    return alert.moved(alert.state, now, f"{SEARCHED} {alert.good[:12]} to {alert.bad[:12]}: {what}")


def _wish(alert: Alert, known: Known) -> Wish | None:
    """Return the race that an alert waits for."""
    order, head = known.order, known.head
    if alert.state not in LIVE or alert.good not in order or alert.bad not in order:
        return None
    asked = {(one.base, one.head) for one in known.compared if about(alert, one)}
    if alert.state is State.NEW:
        return Wish(alert.good, alert.bad, alert.benchmark, alert.case, "is it there?")
    if not alert.culprit and not alert.creep and alert.metric == "time" and not _searched(alert):
        return Wish(alert.good, alert.bad, alert.benchmark, alert.case, "which commit?", bisect=True)
    again = not alert.told or alert.fingerprint in known.down
    if again and alert.bad != head and (alert.good, head) not in asked:
        return Wish(alert.good, head, alert.benchmark, alert.case, "is it still there?")
    return None


def _searched(alert: Alert) -> bool:
    """Whether a bisection of the range has ended without naming one commit."""
    span = f"{SEARCHED} {alert.good[:12]} to {alert.bad[:12]}"
    return any(event.what.startswith(span) for event in alert.events)
