"""One pair of one race: every contender's case is loaded, warmed, and timed in turns with the baseline."""

from __future__ import annotations

import math
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from paceline.host.steal import read_ticks, steal_share
from paceline.race.batches import Plan, Speed, far, plan, settled
from paceline.race.contenders import Absence, Contender, Pair, Race, Side
from paceline.race.crew import Crew

NULL = "A/A"  # the worker that runs the baseline again
WARM_CALLS, WARM_SECONDS = 20, 0.3
SLOW = 0.5  # a call this long, far from the baseline, is measured by the call that would warm it
STEADY = 1.3  # once a first call has taken no longer than so many later ones
OVERTIME = 2.0  # a pair's turns end when they took so many times what they should
UNLOAD_SECONDS = 60.0
PROBED_SETUPS = 28  # at most, of a case and its twin, for as long as which a probe may take longer


@dataclass
class Known:
    """What earlier pairs of a race have found out about its case."""

    each: str = ""  # why setup runs before every call, where it does
    probed: bool = False
    version: str = ""
    speeds: dict[str, Speed] = field(default_factory=dict)
    steady: set[str] = field(default_factory=set)  # those whose first call is as fast as later ones
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    cores: dict[str, str] = field(default_factory=dict)  # the warnings of those that use several cores


def measure(
    crew: Crew,
    race: Race,
    active: Collection[str],
    null: bool,
    seconds: float,
    known: Known,
    answers: bool = False,
) -> Pair:
    """Measure one pair: the ``active`` contenders of a race, and its baseline twice if there is a ``null``.

    ``seconds`` is how long each contender is measured. ``known`` is read and filled. With ``answers``, what
    the timed calls return is kept there, once.
    """
    started, before = time.monotonic(), read_ticks()
    members = {race.baseline.name: race.baseline}
    members |= {one.name: one for one in race.contenders if one.name in active}
    if null:
        members[NULL] = race.baseline
    turns = _Turns(crew, race, members, known)
    turns.load()
    cpu = crew.ground.quietest() if race.threads == 1 else None
    crew.pin(cpu)
    if answers:
        turns.take_answers()
    turns.probe()
    turns.warm()
    turns.run(seconds)
    sides, arm = turns.sides()
    turns.unload()
    after = read_ticks()
    return Pair(
        sides=sides,
        null=arm,
        absent=turns.absent,
        cpu=cpu,
        steal=steal_share(before, after) if before and after else None,
        seconds=time.monotonic() - started,
    )


class _Turns:
    """The turns of one race in one pair; a member that is lost takes no further part."""

    def __init__(self, crew: Crew, race: Race, members: Mapping[str, Contender], known: Known) -> None:
        self.crew, self.race, self.members, self.known = crew, race, dict(members), known
        self.rng = crew.ground.rng
        self.absent: dict[str, Absence] = {}
        self._told: dict[str, dict[str, Any]] = {}
        self._plans: dict[str, Plan] = {}
        self._speeds: dict[str, Speed] = {}
        self._batches: dict[str, dict[int, dict[str, Any]]] = {name: {} for name in members}
        self._order: dict[str, int] = {}
        self._first: dict[str, float] = {}  # the seconds of each member's first call

    def load(self) -> None:
        """Set the case up in every worker, at the same time."""
        self.crew.pin(None)
        for name, absence in self.crew.start(self.members).items():
            self._drop(name, absence)
        if self._gone():
            return
        limit = self.crew.ground.limits.load
        for _ in range(2):  # the second time for those whose setup_cache had to run first
            waiting = [name for name in self.members if name not in self._told]
            told = self.crew.ask_all({name: self._load(name) for name in waiting}, limit)
            for name, answer in told.items():
                if answer["status"] == "cache":
                    failed = self.crew.ground.make_cache(self.members[name], answer)
                    if failed:
                        self._drop(name, failed)
                elif self._ready(name, answer):
                    self._told[name] = answer
        for name in [name for name in self.members if name not in self._told]:
            self._drop(name, Absence("failed", "setup_cache: what it made cannot be found"))
        if not self._gone():
            self.known.version = self._told[self.race.baseline.name]["version"]

    def take_answers(self) -> None:
        """Keep what each member's timed call returns."""
        for name in self._shuffled():
            if name != NULL and name not in self.known.answers:
                answer = self._ask(name, {"do": "answer"})
                if answer:
                    self.known.answers[name] = answer

    def probe(self) -> None:
        """Find out, once a race, whether its case must not be called again without setup."""
        if self._gone() or self.known.probed:
            return
        for name in self._shuffled():
            told = self._told[name]
            if told["each"]:
                self.known.each = "the benchmark says number = 1"
            elif told["setups"] and not told["raw"] and name != NULL:
                answer = self._ask(name, {"do": "probe"}, PROBED_SETUPS / 10 * told["setup"])
                if answer and answer["each"]:
                    self.known.each = self.known.each or str(answer["reason"])
        self.known.probed = True

    def warm(self) -> None:
        """Warm every member, and find out how long its calls take."""
        each = bool(self.known.each)
        for name in self._shuffled():
            command = {"do": "warm", "calls": WARM_CALLS, "seconds": WARM_SECONDS, "each": each}
            answer = self._ask(name, command)
            if not answer:
                continue
            self._speeds[name] = Speed(answer["seconds"], max(answer["wall"], answer["seconds"]))
            self._first[name] = answer["first"]
            if self._only_warmed(name):
                self._batches[name][0] = {**_NOTHING, "best": answer["first"], "wall": answer["first"]}
        if not self._gone():
            self.known.speeds |= self._speeds

    def run(self, seconds: float) -> None:
        """Take turns, round by round, in random order."""
        if self._gone():
            return
        base = self._plan(self.race.baseline.name, seconds)
        plans = {name: self._plan(name, seconds) for name in self.members}
        self._plans = plans
        takes_part = {
            name: _spaced(min(plan.batches, base.batches), base.batches) for name, plan in plans.items()
        }
        deadline = time.monotonic() + OVERTIME * max(
            seconds * len(plans), sum(plan.batches * plan.wall for plan in plans.values())
        )
        for turn in range(base.batches):
            for name in self._shuffled():
                if turn in takes_part[name] and turn not in self._batches[name]:
                    self._batch(name, plans[name], turn)
            if self._gone() or (turn + 1 >= 3 and time.monotonic() > deadline) or self._settled():
                return

    def sides(self) -> tuple[dict[str, Side], Side | None]:
        """Return what was found of every member that is still there, and of the A/A arm."""
        base = self.race.baseline.name
        if self._gone() or not self._batches[base]:
            return {}, None
        found = {}
        for name in self.members:
            side = self._side(name, self._batches[base])
            if side:
                found[name] = side
        return found, found.pop(NULL, None)

    def unload(self) -> None:
        """Tear the case down in every worker that still lives; what goes wrong costs the worker."""
        alive = [name for name in self.members if self.crew.has(name)]
        self.crew.ask_all({name: {"do": "unload"} for name in alive}, UNLOAD_SECONDS)

    def _batch(self, name: str, plan: Plan, turn: int) -> None:
        command = {"do": "batch", "calls": plan.calls, "loops": plan.loops, "drop": plan.drop}
        self._order.setdefault(name, len(self._order))
        command |= {"each": bool(self.known.each), "again": turn > 0 or plan.calls == 1}
        answer = self._ask(name, command, plan.wall)
        if answer:
            self._batches[name][turn] = answer
            if self._first[name] <= STEADY * answer["best"]:
                self.known.steady.add(name)

    def _only_warmed(self, name: str) -> bool:
        """Tell whether the warm call is this slow contender's measurement, as earlier pairs allow."""
        base = self.known.speeds.get(self.race.baseline.name)
        own = self._speeds[name]
        if base is None or name not in self.known.steady or name in (NULL, self.race.baseline.name):
            return False
        return own.wall > SLOW and far(own, base)

    def _plan(self, name: str, seconds: float) -> Plan:
        own, base = self._speeds[name], self._speeds[self.race.baseline.name]
        told = self._told[name]
        return plan(own, bool(self.known.each), told["raw"], seconds, far(own, base))

    def _side(self, name: str, base: Mapping[int, Mapping[str, Any]]) -> Side | None:
        own = self._batches[name]
        logs = self._logs(name, base)
        if not logs:
            return None
        batches = list(own.values())
        return Side(
            order=self._order.get(name, len(self._order)),
            seconds=min(batch["best"] for batch in batches),
            batches=len(batches),
            calls=sum(self._plans[name].calls * self._plans[name].loops for _ in batches),
            cpu=math.fsum(batch["cpu"] for batch in batches),
            wall=math.fsum(batch["wall"] for batch in batches),
            faults=sum(batch["faults"] for batch in batches),
            switches=sum(batch["switches"] for batch in batches),
            log_ratio=None if name == self.race.baseline.name else median(logs),
            best=tuple(batch["best"] for batch in batches),
        )

    def _logs(self, name: str, base: Mapping[int, Mapping[str, Any]]) -> list[float]:
        """Return the log ratios of a member's batches to those of the baseline in the same turns."""
        own = self._batches[name]
        return [math.log(own[turn]["best"] / base[turn]["best"]) for turn in own if turn in base]

    def _settled(self) -> bool:
        """Tell whether every member's ratio is known so well that more turns would tell nothing."""
        base = self._batches[self.race.baseline.name]
        others = [name for name in self.members if name != self.race.baseline.name]
        return all(settled(self._logs(name, base), self.race.threshold) for name in others)

    def _load(self, name: str) -> dict[str, Any]:
        contender = self.members[name]
        folder = self.crew.ground.cache(contender)
        return {"do": "load", **contender.case, "folder": str(folder) if folder else None}

    def _ask(self, name: str, command: Mapping[str, Any], more: float = 0.0) -> dict[str, Any] | None:
        limit = self.crew.ground.limits.of(self._told[name]) + 10 * more
        answer = self.crew.ask(name, command, limit)
        return answer if self._ready(name, answer) else None

    def _ready(self, name: str, answer: Mapping[str, Any]) -> bool:
        if answer.get("status") == "ready":
            return True
        self._drop(name, Absence(str(answer.get("status")), str(answer.get("reason", ""))))
        return False

    def _drop(self, name: str, absence: Absence) -> None:
        self.members.pop(name, None)
        if name != NULL:
            self.absent[name] = absence

    def _gone(self) -> bool:
        """Tell whether there is nothing to be measured against any more."""
        return self.race.baseline.name not in self.members

    def _shuffled(self) -> list[str]:
        """Return the members in random order; nobody, once the baseline is gone."""
        order = [] if self._gone() else sorted(self.members)
        self.rng.shuffle(order)
        return order


_NOTHING = {"cpu": 0.0, "faults": 0, "switches": 0}


def _spaced(few: int, many: int) -> frozenset[int]:
    """Return ``few`` turns spread evenly over ``many``."""
    return frozenset(index * many // few for index in range(few))
