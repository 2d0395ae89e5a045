"""What a comparison has found, told: a table, lines, the command that helps most now, and JSON."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console

from paceline.commands._comparing import Earlier, Order, repeated
from paceline.outcome import Exit, PacelineError
from paceline.output import write_file, write_json
from paceline.race import between
from paceline.race.commits import PAIRED
from paceline.race.compared import Verdict
from paceline.race.session import Plan
from paceline.race.waivers import Waiver
from paceline.report import comparison, releases
from paceline.suite.config import Suite
from paceline.suite.installed import Differences, refuse_debug
from paceline.suite.settings import Comparing
from paceline.suite.slots import Built


class Screen:
    """Where lines are printed."""

    def __init__(self, out: Console) -> None:
        self.out = out

    def say(self, text: str) -> None:
        """Print a line."""
        self.out.print(text, markup=False, soft_wrap=True)


def judged(screen: Screen, sides: tuple[Built, Built], found: Differences, whose: str = "") -> None:
    """Say in what both sides are measured, and what differs beside the code; refuse what must not.

    ``whose`` goes before each line: which head of several it is.
    """
    refuse_debug(sides)
    base, head = (f"{side.environment}, {side.build.get('python')}" for side in sides)
    screen.say(f"{whose}both in {base}" if base == head else f"{whose}base in {base}; head in {head}")
    for change in found.also_changed:
        screen.say(f"{whose}also changed: {change}")
    if found.refused:
        told = "; ".join(found.refused)
        raise PacelineError(f"the two environments differ by what no commit asks for: {told}", Exit.FAILED)


@dataclass(frozen=True)
class Task:
    """Two built sides, and what is asked about them."""

    suite: Suite
    order: Order
    sides: tuple[Built, Built]
    found: Differences
    earlier: Earlier | None
    results: Path
    options: argparse.Namespace
    settings: Comparing = field(default_factory=Comparing)
    waivers: Sequence[Waiver] = ()

    def plan(self) -> Plan:
        """Return what the ledger says of this run."""
        described = {side.slot: between.described(side) for side in self.sides}
        order = self.order
        return Plan("compare", order.head.hash, order.settings, described, self.options.seed)


@dataclass
class Ended:
    """What there is when a comparison has ended, however it did."""

    verdicts: Sequence[Verdict]
    exits: list[Exit]
    told: dict[str, Any] = field(default_factory=dict)


def conclude(screen: Screen, task: Task, ended: Ended) -> None:
    """Show what was found, say what to do next, and write the JSON that was asked for."""
    every, told = task.options.all, ended.told
    made = comparison.table(ended.verdicts, screen.out.width, every)
    if made is not None:
        screen.out.print(made)
    for line in comparison.lines(ended.verdicts, told["floor"], every):
        screen.say(line)
    if told["infra"]:
        screen.say(f"infra, the ratios of times stand, absolute times do not: {told['infra']}")
    if told["steal"] is not None:
        screen.say(f"stolen by other guests of the hypervisor: {told['steal']:.1%} of the processors' time")
    screen.say(f"Next: {_next(task.options, ended)}")
    write(task, ended)


def _noted(task: Task, ended: Ended) -> releases.Releases:
    """Return a comparison as release notes tell it."""
    base, head = (side.commit for side in task.sides)
    names = task.order.environments or (base.label, head.label)
    verdicts = releases.named(ended.verdicts)
    column = releases.Column(names[1], head.subject, verdicts, also_changed=task.found.also_changed)
    return releases.Releases(names[0], base.subject, [column], command=repeated(task.options, task.order))


def _next(options: argparse.Namespace, ended: Ended) -> str:
    """Return the command that helps most now, as a shell takes it."""
    run = ended.told["run"]
    place = ["--results", str(options.results)] if options.results else []
    if any(one.unsettled for one in ended.verdicts):
        config = [] if options.config == Path("asv.conf.json") else ["--config", str(options.config)]
        return shlex.join(["paceline", "compare", "--resume", run, *config, *place])
    paired = [one for one in ended.verdicts if one.kind in PAIRED and one.pairs]
    first = min(paired, key=lambda one: one.rank, default=None)
    return shlex.join(["paceline", "show", f"{run}/{first.name}" if first else run, *place])


def write(task: Task, ended: Ended) -> None:
    """Write the documents that were asked for."""
    if task.options.markdown:
        write_file(task.options.markdown, releases.document(_noted(task, ended)).encode())
    if not task.options.json:
        return
    sides = {side.slot: comparison.side(between.described(side)) for side in task.sides}
    ordered = sorted(ended.verdicts, key=lambda one: one.rank)
    absent = dict.fromkeys(("run", "machine", "ledger", "floor", "steal"))
    write_json(
        task.options.json,
        {
            "schema": 1,
            **absent,
            "infra": "",
            **ended.told,
            **sides,
            "threshold": task.order.threshold,
            "also_changed": list(task.found.also_changed),
            "identical": task.found.identical,
            "verdicts": [comparison.document(one) for one in ordered],
            "exits": [int(code) for code in ended.exits],
        },
    )
