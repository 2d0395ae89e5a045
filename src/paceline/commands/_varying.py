"""Races between environments that differ in one thing: from the order to a field that can be measured."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from paceline.commands._building import last_lines_told, log_of
from paceline.commands._driving import Field
from paceline.commands._ordering import Earlier
from paceline.outcome import PacelineError
from paceline.race import between
from paceline.race.contenders import Place
from paceline.race.order import Order
from paceline.suite import repository, varied
from paceline.suite.config import Suite
from paceline.suite.discover import questions
from paceline.suite.installed import Differences, refuse_debug
from paceline.suite.questions import Question, matching
from paceline.suite.repository import Checkout
from paceline.suite.slots import Built
from paceline.suite.variants import Variant

ALSO = "also_changed"
MISSING = "No module named"
MEND = "--with-project installs it beside each version"
AS_MEASURED = ("python", "packages", "project")


def field(
    suite: Suite, order: Order, told: Sequence[Variant], tree: Checkout, say: Callable[[str], None]
) -> Field:
    """Make or build the environments, refuse what differs by accident, and find what there is to race."""
    here = repository.here(suite.repository or suite.root, suite.written)
    with last_lines_told(say):
        sides = varied.prepared(suite, told, here, say, log_of(suite, "race"), order.with_project)
    refuse_debug(sides)
    by_name = {one.name: side for one, side in zip(told, sides, strict=True)}
    base, kept = _judged(order, told, by_name, say)
    same = tuple(name for name in by_name if name not in kept)
    found = _asked(suite, [kept[base], *kept.values()])
    places = {name: between.place(side, suite) for name, side in kept.items()}
    races = replace(order, baseline=base).between(_chosen(found, order), places)
    return Field(suite, order, found, races, tree, kept, same)


def planned(suite: Suite, order: Order, told: Sequence[Variant], tree: Checkout) -> Field:
    """Return what would be raced, as far as our own interpreter can tell; nothing is made or built."""
    found = questions(suite.config)
    here = {one.name: Place(one.name, sys.executable, suite.benchmarks) for one in told}
    return Field(suite, order, found, order.between(_chosen(found, order), here), tree)


def as_measured(earlier: Earlier, sides: Mapping[str, Built]) -> None:
    """Raise PacelineError where an environment is not what the earlier run has measured."""
    known = earlier.header.get("sides", {})
    for name, side in sides.items():
        then, now = known.get(name, {}), between.described(side)
        other = [key for key in AS_MEASURED if then.get(key) != now[key]]
        if other:
            raise PacelineError(
                f"{earlier.path.stem} measured another {name}: its {' and '.join(other)} differ by now;"
                " start a new run without --resume"
            )


def described(sides: Mapping[str, Built]) -> dict[str, dict[str, Any]]:
    """Return the environments as the ledger tells them."""
    return {name: between.described(side) for name, side in sides.items()}


def document(sides: Mapping[str, Built]) -> dict[str, dict[str, Any]]:
    """Return the environments as JSON tells them."""
    return {
        name: {
            "environment": side.environment,
            "python": side.build.get("python"),
            ALSO: list(side.build.get(ALSO, ())),
        }
        for name, side in sides.items()
    }


def _judged(
    order: Order, told: Sequence[Variant], sides: Mapping[str, Built], say: Callable[[str], None]
) -> tuple[str, dict[str, Built]]:
    """Return the baseline and all that can be raced with it; identical builds are told, and left out."""
    base = order.baseline_of(list(sides))
    found: dict[str, Differences] = {
        one.name: varied.differences(sides[base], sides[one.name], one) for one in told if one.name != base
    }
    varied.refuse(found)
    kept = {base: sides[base]}
    for name, one in found.items():
        for change in one.also_changed:
            say(f"{name} against {base}: {change}")
        if one.identical:
            say(f"{name}: same (identical build): what is installed equals {base}; it is not measured")
        else:
            side = sides[name]
            kept[name] = replace(side, build={**side.build, ALSO: list(one.also_changed)})
    if len(kept) == 1:
        raise PacelineError(
            f"all builds are identical: {order.across} changes nothing that is installed. A variable that"
            " only matters while the project runs is raced with env_nobuild:NAME"
        )
    return base, kept


def _asked(suite: Suite, sides: Sequence[Built]) -> list[Question]:
    """Return the questions as the first environment that can tell them has them."""
    failed: PacelineError | None = None
    for side in sides:
        try:
            return questions(suite.config, side.python, between.place(side, suite).variables)
        except PacelineError as error:
            failed = failed or error
    assert failed is not None
    if MISSING in str(failed):
        raise PacelineError(f"{failed}; where it is the project that is missing, {MEND}", failed.code)
    raise failed


def _chosen(found: Sequence[Question], order: Order) -> list[Question]:
    return matching(found, order.models)
