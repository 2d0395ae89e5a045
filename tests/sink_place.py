"""Alerts in a folder, sinks that are given them, and what became of it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

from test_alerts_store import alert

from paceline.alerts import store
from paceline.alerts.alert import Alert, fingerprint
from paceline.alerts.configured import Sink
from paceline.alerts.delivery import Post

SECRET = "s3cr3t-path"


def other(**changes: object) -> Alert:
    name = fingerprint("kernels.Other.time_run", {}, "time", "slower")
    return alert(fingerprint=name, benchmark="kernels.Other.time_run", ratio=1.2, contender={}, **changes)


class Place:
    """A folder of alerts, and a post that remembers what it said and how long it waited."""

    def __init__(self, folder: Path, *alerts: Alert, dry: bool = False) -> None:
        self.folder, self.said, self.waits = folder, list[str](), list[float]()
        for one in alerts:
            store.write(folder, one)
        self.dry = dry

    def deliver(self, *sinks: Sink) -> list[str]:
        book = store.read(self.folder)
        post = Post(book, partial(store.write, self.folder), self.said.append, self.waits.append, self.dry)
        done = post.deliver(sinks, list(book))
        assert SECRET not in f"{done} {self.said}"
        assert all(SECRET not in path.read_text() for path in self.folder.rglob("*.toml"))
        for one in store.read(self.folder).values():
            store.write(self.folder, replace(one, told=True))
        return [one.how for one in done]
