"""Alerts in words: titles, sentences, Markdown. What comes from commits and suites is escaped here.

Alerts of one commit are told together: a message has all of them, the largest first.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from paceline.alerts.alert import Alert, State
from paceline.escape import markdown, plain

MOST_CASES = 10
_COMMIT = re.compile(r"[0-9a-f]{40,64}")
_MARKS = {
    State.NEW: "nominated, not confirmed",
    State.CONFIRMED: "slower",
    State.ACKNOWLEDGED: "slower, acknowledged",
    State.FIXED: "fixed",
    State.ACCEPTED: "accepted",
    State.INVALID: "invalid (noise)",
    State.INFRA: "invalid (the machine)",
}


@dataclass(frozen=True)
class Message:
    """Alerts that are told together, and the web address of the repository, where it is known."""

    alerts: tuple[Alert, ...]
    link: str = ""

    @property
    def key(self) -> str:
        """What it is about: a name for it that stays the same when its words change."""
        told = ",".join(f"{one.fingerprint}.{one.episode}" for one in sorted(self.alerts, key=_name))
        return hashlib.sha256(told.encode()).hexdigest()[:20]


def messages(alerts: Iterable[Alert], link: str = "") -> list[Message]:
    """Return one message for each commit, or range of commits, the largest change first."""
    groups: dict[tuple[str, str], list[Alert]] = {}
    for one in sorted(alerts, key=lambda one: (-one.change, one.fingerprint)):
        groups.setdefault((one.good, one.bad), []).append(one)
    return [Message(tuple(group), link) for group in groups.values()]


def title(message: Message) -> str:
    """Return one line: what is slower, by how much, since when."""
    first = message.alerts[0]
    more = f" and {len(message.alerts) - 1} more" if len(message.alerts) > 1 else ""
    return f"{what(first)}{more}: {change(first)}, {since(first)}"


def what(alert: Alert) -> str:
    """Return the contender as people read it: "kernels.Loop.time_run (numba_jit)"."""
    values = ", ".join(str(value) for value in alert.contender.values())
    metric = "" if alert.metric == "time" else f" [{plain(alert.metric, 20)}]"
    return plain(alert.benchmark, 120) + (f" ({plain(values, 60)})" if values else "") + metric


def change(alert: Alert) -> str:
    """Return how much slower, with the interval of the confirming race."""
    if alert.state is State.NEW or alert.ratio is None:
        return _MARKS[alert.state]
    told = f"{100 * (alert.ratio - 1):.3g} %"
    if alert.low is not None and alert.high is not None:
        told += f" ({100 * (alert.low - 1):.3g} to {100 * (alert.high - 1):.3g} %)"
    word = "more" if alert.metric != "time" else "slower"
    return f"{told} {word}" + ("" if alert.state is State.CONFIRMED else f", {_MARKS[alert.state]}")


def since(alert: Alert) -> str:
    """Return the commit that did it, or between which two it is."""
    if alert.culprit:
        subject = f' "{plain(alert.subject, 72)}"' if alert.subject else ""
        return f"since {plain(alert.bad, 12).rstrip('…')}{subject}"
    slowly = "slowly, " if alert.creep else ""
    return f"{slowly}between {alert.good[:11]} and {alert.bad[:11]}"


def commands(alert: Alert) -> list[str]:
    """Return the commands that show it again, and that settle it; a shell takes them as they are."""
    name = re.escape(plain(alert.benchmark, 160))
    bench = "'^" + name.replace("'", "") + "$'"
    good, bad = (_hash(one) for one in (alert.good, alert.bad))
    return [
        f"paceline compare {good} {bad} --bench {bench}",
        f"paceline alerts accept {alert.fingerprint} --reason '...'",
    ]


def text(message: Message) -> str:
    """Return a message as plain text of some lines."""
    lines = [title(message), ""]
    for one in message.alerts:
        lines.append(f"- {what(one)}: {change(one)}, {since(one)} [{one.fingerprint}]")
        lines += [f"    {plain(case, 160)}" for case in one.cases[:MOST_CASES]]
        if len(one.cases) > MOST_CASES:
            lines.append(f"    and {len(one.cases) - MOST_CASES} more cases")
    again, accept = commands(message.alerts[0])
    return "\n".join([*lines, "", f"again:  {again}", f"accept: {accept}", ""])


def markdown_row(alert: Alert, link: str = "") -> str:
    """Return an alert as a row of a table: contender, change, commit, state, fingerprint."""
    commit = _linked(alert, link)
    subject = f" {markdown(alert.subject, 72)}" if alert.culprit and alert.subject else ""
    cells = (markdown(what(alert), 140), markdown(change(alert), 80), commit + subject, str(alert.state))
    return f"| {' | '.join(cells)} | `{alert.fingerprint}` |"


def markdown_table(alerts: Iterable[Alert], link: str = "") -> list[str]:
    """Return alerts as a table in Markdown."""
    head = ["| what | change | commit | state | alert |", "|---|---|---|---|---|"]
    return [*head, *(markdown_row(one, link) for one in alerts)]


def commit_page(link: str, commit: str) -> str:
    """Return the page of a commit; nothing where the address or the hash is none."""
    if not _COMMIT.fullmatch(commit) or not link.startswith("https://"):
        return ""
    return f"{quote(link.rstrip('/'), safe=':/._-~')}/commit/{commit}"


def log_ratio(alert: Alert) -> float:
    """Return the log ratio, for those who sort by it."""
    return math.log(alert.ratio) if alert.ratio else 0.0


def _linked(alert: Alert, link: str) -> str:
    page = commit_page(link, alert.bad)
    short = _hash(alert.bad)[:12]
    told = short if alert.culprit else f"{_hash(alert.good)[:12]}..{short}"
    return f"[`{told}`]({page})" if page else f"`{told}`"


def _hash(commit: str) -> str:
    """Return a commit's hash, if it is one: whatever else a file says is not shown to a shell."""
    return commit if _COMMIT.fullmatch(commit) else "unknown"


def _name(alert: Alert) -> str:
    return alert.fingerprint
