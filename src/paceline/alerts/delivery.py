"""Sending: each sink by itself, with back-off, and never twice.

Before anything leaves, the alert's file says ``sending``; after it has arrived, ``sent``. What surely did not
arrive is tried again, now and at the next update; what may have arrived stays ``sending`` and is never sent
again by itself. What can be edited may be looked up at the peer, so there it is tried again.
"""

from __future__ import annotations

import hashlib
import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from paceline.alerts.alert import OPEN, Alert, Sent
from paceline.alerts.configured import Sink
from paceline.alerts.sinks import RefusedError, UnknownError
from paceline.alerts.telling import Message, messages
from paceline.outcome import PacelineError

ATTEMPTS = 4
FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0
SENDING, SENT = "sending", "sent"


@dataclass(frozen=True)
class Delivery:
    """What became of a message: sent, dry, failed, or unknown."""

    sink: str
    fingerprints: tuple[str, ...]
    how: str
    reason: str = ""


@dataclass
class Post:
    """Where messages are handed in. ``keep`` writes an alert to its file, ``told`` are those due now."""

    book: dict[str, Alert]
    keep: Callable[[Alert], None]
    say: Callable[[str], None]
    sleep: Callable[[float], None] = time.sleep
    dry: bool = False

    def deliver(self, sinks: Sequence[Sink], due: Sequence[str], link: str = "") -> list[Delivery]:
        """Give every sink what it lacks; the failure of one is told and stops no other."""
        done: list[Delivery] = []
        for sink in sinks:
            for message in self._lacking(sink, due, link):
                done.append(self._guarded(sink, message))
        return done

    def _lacking(self, sink: Sink, due: Sequence[str], link: str) -> list[Message]:
        """Return what a sink has not: alerts that are due, merged by commit; edits one by one."""
        told = [one for one in self.book.values() if one.told or one.fingerprint in due]
        if sink.edits:
            known = [
                one for one in told if one.open or sink.name in one.sent
            ]  # nothing is opened to be closed
            alone = [Message((one,), link) for one in known]
            return [message for message in alone if self._changed(sink, message)]
        fresh = [one for one in told if one.state in OPEN and _episode(one, sink.name) < one.episode]
        return messages(fresh, link)

    def _changed(self, sink: Sink, message: Message) -> bool:
        (alert,) = message.alerts
        sent = alert.sent.get(sink.name)
        return sent is None or sent.state != SENT or sent.digest != _digest(sink, message)

    def _guarded(self, sink: Sink, message: Message) -> Delivery:
        """Send one message, whatever a sink may do."""
        names = tuple(one.fingerprint for one in message.alerts)
        try:
            return self._sent(sink, message, names)
        except PacelineError as error:
            return Delivery(sink.name, names, "failed", str(error))
        except Exception as error:  # a sink's own mistake must not stop the others
            return Delivery(sink.name, names, "failed", f"the sink is broken: {type(error).__name__}")

    def _sent(self, sink: Sink, message: Message, names: tuple[str, ...]) -> Delivery:
        words = sink.module.preview(message, sink.settings)
        if self.dry:
            self.say(f"--- {sink.name} would send:")
            self.say(words)
            return Delivery(sink.name, names, "dry")
        digest = _digest(sink, message)
        before = {name: self.book[name] for name in names}
        receipt = next((one.sent[sink.name].receipt for one in before.values() if sink.name in one.sent), "")
        self._mark(sink, names, digest, SENDING, receipt)
        try:
            receipt = self._tried(sink, message, receipt)
        except UnknownError as error:
            return Delivery(sink.name, names, "unknown", str(error))
        except (RefusedError, PacelineError) as error:
            for one in before.values():
                self._put(one)
            return Delivery(sink.name, names, "failed", str(error))
        self._mark(sink, names, digest, SENT, receipt)
        return Delivery(sink.name, names, SENT)

    def _tried(self, sink: Sink, message: Message, receipt: str) -> str:
        """Try some times, longer and longer apart, or as long as the peer asks for."""
        for attempt in range(ATTEMPTS):
            try:
                return str(sink.module.send(message, sink.settings, receipt))
            except RefusedError as error:
                if not error.again or attempt == ATTEMPTS - 1 or error.wait > LONGEST_WAIT:
                    raise
                wait = FIRST_WAIT * 2**attempt * random.uniform(0.8, 1.2)  # noqa: S311 - no secret
                self.sleep(max(wait, error.wait))
        raise AssertionError("the last attempt returns or raises")

    def _mark(self, sink: Sink, names: Sequence[str], digest: str, state: str, receipt: str) -> None:
        for name in names:
            one = self.book[name]
            sent: Mapping[str, Sent] = {**one.sent, sink.name: Sent(one.episode, digest, state, receipt)}
            self._put(replace(one, sent=sent))

    def _put(self, alert: Alert) -> None:
        self.keep(alert)
        self.book[alert.fingerprint] = alert


def _digest(sink: Sink, message: Message) -> str:
    return hashlib.sha256(sink.module.preview(message, sink.settings).encode()).hexdigest()[:16]


def _episode(alert: Alert, sink: str) -> int:
    """Return the last episode that a sink was given, or may have been."""
    return alert.sent[sink].episode if sink in alert.sent else 0
