"""Large suites: every case in cheap pairs, fresh pairs where something may have changed."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from small_races import NOWHERE, Heard, ground, pair, race_of, small_suite

from paceline.commands import compare
from paceline.race import screening
from paceline.race.between import Comparison
from paceline.race.commits import Matched, matched
from paceline.race.contenders import Contender, Pair, Place, Race
from paceline.race.driver import Effort
from paceline.suite.questions import Benchmark, Question

SUITE = """
import os

HEAD = os.environ["SIDE"] == "head"

class Many:
    params = list(range(30))
    def setup(self, number):
        if number == 29 and HEAD:
            raise OSError("gone")
    def time_loop(self, number):
        for _ in range(3000 if HEAD and number in (3, 17) else 1500):
            pass
        return number + (HEAD and number == 5)
"""
SLOWER = {"3", "17"}


class Counting(Heard):
    """A watch that counts cases."""

    cases = 0

    def counted(self) -> None:
        self.cases += 1


def cases_of(folder: Path) -> list[Matched]:
    benchmarks = small_suite(folder, SUITE)
    names = tuple(str(number) for number in range(30))
    asked = [
        Question(
            "bench.Many",
            "m",
            "bench",
            None,
            None,
            False,
            (Benchmark("bench.Many.time_loop", "time", ("number",), (names,)),),
        )
    ]
    places = tuple(Place(side, sys.executable, benchmarks, {"SIDE": side}) for side in ("base", "head"))
    return matched(asked, asked, places, ())


def compared(
    folder: Path, cases: list[Matched], heard: Counting, before: Any = (), **effort: Any
) -> Comparison:
    opened: Any = SimpleNamespace(
        ground=ground(folder / "work"), ledger=SimpleNamespace(write=heard.write), before=list(before)
    )
    spent = Effort(**{"seconds": 0.05, "answers": True, **effort})
    return Comparison(cases, lambda _: 0.2, spent, opened, heard, screen=True)


@pytest.mark.slow
def test_what_is_slower_is_raced_and_the_rest_is_settled_cheaply(tmp_path: Path) -> None:
    cases, heard = cases_of(tmp_path), Counting()
    comparison = compared(tmp_path, cases, heard)
    comparison.measure()
    found = {one.params["number"]: one for one in comparison.verdicts()}
    assert {str(name) for name, one in found.items() if one.verdict == "slower"} == SLOWER
    assert all(one.confirmed for one in found.values() if one.verdict == "slower")
    assert found[29].verdict == "failed"
    assert "gone" in found[29].reason
    rest = [one for name, one in found.items() if str(name) not in {*SLOWER, "29"}]
    assert {one.verdict for one in rest} <= {"same", "inconclusive"}
    settled = [one for one in rest if one.reason == screening.REASON]
    assert len(settled) > len(rest) / 2
    assert all(one.pairs <= screening.TERMS.looks[-1] for one in settled)
    assert found[5].answers.startswith("max rel")
    assert found[6].answers == "identical"
    names = {record["race"] for record in heard.records if record["kind"] == "pair"}
    raced = {name for name in names if not name.startswith(screening.PREFIX)}
    assert {case.name for case in cases if case.params["number"] in (3, 17)} <= raced
    assert len(raced) < len(cases) / 2
    again = Counting()
    resumed = compared(tmp_path, cases, again, heard.records)
    resumed.measure()
    assert not [one for one in again.records if one["kind"] == "pair"]
    assert [one.verdict for one in resumed.verdicts()] == [one.verdict for one in comparison.verdicts()]


@pytest.mark.slow
def test_what_a_budget_leaves_out_is_unmeasured_never_same(tmp_path: Path) -> None:
    cases, heard = cases_of(tmp_path), Counting()
    comparison = compared(tmp_path, cases, heard, budget=0.5)
    comparison.measure()
    found = comparison.verdicts()
    assert "unmeasured" in {one.verdict for one in found}
    assert "the budget was spent" in {one.reason for one in found if one.verdict == "unmeasured"}


SLOW = {f"m.Many.time_it({number})" for number in (3, 50, 101, 180)}


@pytest.mark.parametrize(("budget", "found"), [(None, SLOW), (700.0, SLOW), (560.0, None)])
def test_a_budget_too_small_for_all_races_what_it_has_found(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, budget: float | None, found: set[str] | None
) -> None:
    """On a clock by which a cheap pair takes a second, one of fresh processes two."""
    clock = [0.0]

    def measured(
        _: object, race: Race, active: Sequence[str], null: bool, *__: object, **___: object
    ) -> Pair:
        clock[0] += 1.0 if race.name.startswith(screening.PREFIX) else 2.0
        slow = race.name.removeprefix(screening.PREFIX) in SLOW
        return pair(0.2 if slow else 0.0, names=tuple(active), null=0.001 if null else None)

    for place in ("driver", "between"):
        monkeypatch.setattr(f"paceline.race.{place}.time", SimpleNamespace(monotonic=lambda: clock[0]))
    monkeypatch.setattr("paceline.race.driver.measure", measured)
    sides = [Contender(side, NOWHERE, "m.Many.time_it", 0, ()) for side in ("base", "head")]
    cases = [Matched("m.Many.time_it", "time", {"": n}, *sides) for n in range(200)]
    monkeypatch.setattr(Matched, "name", property(lambda self: f"m.Many.time_it({self.params['']})"))
    heard = Counting()
    comparison = compared(tmp_path, cases, heard, budget=budget, answers=False)
    comparison.measure()
    words = Counter(one.verdict for one in comparison.verdicts())
    slower = {f"m.Many.time_it({one.params['']})" for one in comparison.verdicts() if one.verdict == "slower"}
    assert all(one.confirmed for one in comparison.verdicts() if one.verdict == "slower")
    assert slower <= SLOW
    assert clock[0] < (budget or 10_000) + 3
    if found is not None:
        assert (slower, words["same"], heard.cases) == (found, 196, 196)
    else:
        assert words["unmeasured"] > 20
        assert slower == SLOW, "cases that may have changed are screened first, and raced at once"
    again = Counting()
    resumed = compared(tmp_path, cases, again, heard.records, answers=False)
    resumed.measure()
    assert {one.verdict for one in resumed.verdicts()} == {"same", "slower"}
    assert sum(one.verdict == "slower" for one in resumed.verdicts()) == 4


def test_many_cases_share_a_worker_but_never_another_number_of_threads() -> None:
    races = [race_of("head", name=f"m.time_{number}") for number in range(90)]
    made = screening.cheap([*races, *[replace(one, name=f"t {one.name}", threads=2) for one in races]])
    crews: dict[str, set[int]] = {}
    for race in made:
        crews.setdefault(race.crew, set()).add(race.threads)
    assert len(crews) == 6
    assert all(len(threads) == 1 for threads in crews.values())
    assert {race.name for race in made} == {
        f"screen {one}" for one in (*(r.name for r in races), *(f"t {r.name}" for r in races))
    }


@pytest.mark.parametrize(
    ("count", "budget", "choice", "wanted"),
    [
        (20, None, "auto", False),
        (20, 3600.0, "auto", False),
        (20, 60.0, "auto", True),
        (20, 60.0, "never", False),
        (20, None, "always", True),
        (100, None, "auto", True),
    ],
)
def test_what_the_budget_cannot_race_is_screened(
    count: int, budget: float | None, choice: str, wanted: bool
) -> None:
    one = Contender("base", NOWHERE, "m.time_x", 0, ())
    cases = [Matched("m.time_x", "time", {"n": n}, one, one) for n in range(count)]
    assert compare._sifts(cases, Namespace(screen=choice), Effort(0.5, budget)) is wanted


def test_a_run_that_has_screened_goes_on_so() -> None:
    assert not screening.begun([{"kind": "run"}, {"kind": "pair", "race": "a screen"}])
    assert screening.begun([{"kind": "run"}, {"kind": "pair", "race": f"{screening.PREFIX}a"}])


def test_the_price_grows_with_the_cases() -> None:
    one = Contender("base", NOWHERE, "m.time_x", 0, ())
    few, many = (
        [Matched("m.time_x", "time", {"n": n}, one, one) for n in range(count)] for count in (100, 2000)
    )
    assert screening.estimate(few, 0.5).startswith("screened first")
    assert "about 25 min" in screening.estimate(many, 0.5)
