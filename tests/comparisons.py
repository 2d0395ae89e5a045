"""Verdicts and built sides, as tests of comparisons need them."""

from __future__ import annotations

from typing import Any

from paceline.race.compared import Verdict
from paceline.suite.repository import Commit
from paceline.suite.slots import Built


def verdict(word: str, benchmark: str = "kernels.Suite.time_loop", **more: Any) -> Verdict:
    kind = more.pop("kind", "time")
    return Verdict(benchmark, kind, more.pop("params", {"n": 1000}), word, **more)


def built(slot: str, **more: Any) -> Built:
    commit = Commit(slot[0] * 40, "", slot, slot[0] * 8, "")
    told = {"python": "CPython 3.11.9", **more.pop("build", {})}
    variables = more.pop("variables", {})
    return Built(
        slot, f"python-{slot[0]}", commit, "env", variables, {"numpy": "2.4"}, {"files": slot}, told, **more
    )
