"""A run's rounds over its races, with pairs that are made by hand instead of measured."""

from __future__ import annotations

import json
import math
import random
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import asdict
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from small_races import Heard, pair, race_of, side

from paceline.outcome import Exit, PacelineError
from paceline.race import driver
from paceline.race.contenders import Absence, Pair, Race
from paceline.race.crew import Crew, Ground, Limits
from paceline.race.driver import Effort, Run
from paceline.race.pair import Known
from paceline.race.tally import Terms
from paceline.stats.verdict import FLOOR

EFFORT, TERMS = Effort(), Terms()
SLOW = math.log(1.1)
SIDE = asdict(side(0.0))


class Measured:
    """Stands in for ``measure``: keeps what it was asked, and answers with each race's ratio."""

    def __init__(self, ratios: dict[str, float], absent: dict[str, Absence] | None = None) -> None:
        self.ratios, self.absent = ratios, absent or {}
        self.asked: list[str] = []
        self.nulls: list[bool] = []
        self.answers: list[bool] = []

    def __call__(
        self,
        crew: Crew,
        race: Race,
        active: Collection[str],
        null: bool,
        seconds: float,
        known: Known,
        answers: bool = False,
    ) -> Pair:
        self.asked.append(race.name)
        self.nulls.append(null)
        self.answers.append(answers)
        if answers:
            known.answers["base"] = {}
        known.version = "v1"
        gone = {name: self.absent[race.name] for name in active if race.name in self.absent}
        logs = [self.ratios.get(race.name, 0.0)] * len(active)
        return pair(*logs, names=tuple(active), null=0.002 if null else None, absent=gone)


Drive = Callable[..., "tuple[Run, Measured, Heard]"]


@pytest.fixture
def drive(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Drive:
    """Return a function that makes a run of named races, whose ratios are given."""

    def made(
        ratios: dict[str, float],
        effort: Effort = EFFORT,
        terms: Terms = TERMS,
        crews: dict[str, str] | None = None,
        absent: dict[str, Absence] | None = None,
        seed: int = 1,
    ) -> tuple[Run, Measured, Heard]:
        stand_in, heard = Measured(ratios, absent), Heard()
        monkeypatch.setattr(driver, "measure", stand_in)
        races = [race_of("one", name=name, crew=(crews or {}).get(name, name)) for name in ratios]
        ground = Ground(Limits(), tmp_path, Event(), random.Random(seed))
        return Run(races, terms, effort, ground, heard.write, heard), stand_in, heard

    return made


def ends(run: Run) -> dict[str, str]:
    return {
        name: tally.results()[0].verdict or tally.results()[0].status for name, tally in run.tallies.items()
    }


@pytest.mark.parametrize("seed", range(5))
def test_the_pairs_of_a_race_are_spread_over_the_run(drive: Drive, seed: int) -> None:
    run, measured, heard = drive(dict.fromkeys("abcdef", 0.0), seed=seed)
    run.measure()
    rounds = [measured.asked[start : start + 6] for start in range(0, 24, 6)]
    assert all(sorted(one) == list("abcdef") for one in rounds)
    assert len({tuple(one) for one in rounds}) > 1, "always in the same order"
    assert (set(ends(run).values()), sorted(heard.ended)) == ({"same"}, list("abcdef"))


def test_races_of_a_crew_are_measured_together_in_any_order(drive: Drive) -> None:
    run, measured, _ = drive(dict.fromkeys("abcd", 0.0), crews={"a": "x", "b": "x", "c": "y", "d": "y"})
    run.measure()
    halves = [set(measured.asked[start : start + 2]) for start in range(0, 16, 2)]
    assert all(half in ({"a", "b"}, {"c", "d"}) for half in halves)


def test_one_pair_in_three_has_an_a_a_arm_and_answers_are_asked_once(drive: Drive) -> None:
    run, measured, _ = drive({"a": 0.0}, Effort(answers=True))
    run.measure()
    assert measured.nulls == [True, False, False, True]
    assert measured.answers == [True, False, False, False]


def test_every_pair_is_in_the_ledger_before_the_next(drive: Drive) -> None:
    run, _, heard = drive({"a": 0.0, "b": SLOW})
    lengths = []
    heard.pair = lambda tally, found: lengths.append(len(heard.records))  # type: ignore[method-assign]
    run.measure()
    kinds = Counter(record["kind"] for record in heard.records)
    assert kinds == {"pair": 4 + 10, "race": 2}
    assert lengths == sorted(set(lengths))
    numbers = [
        record["number"] for record in heard.records if record.get("race") == "b" and "number" in record
    ]
    assert numbers == list(range(10))
    (end,) = [one for one in heard.records if one["kind"] == "race" and one["race"] == "b"]
    assert (end["contenders"][0]["verdict"], end["version"]) == ("slower", "v1")


class Clock:
    """A clock that each measured pair moves by a second."""

    def __init__(self, measured: Measured) -> None:
        self.measured = measured

    def monotonic(self) -> float:
        return float(len(self.measured.asked))


def test_a_budget_gives_first_looks_to_all_and_the_rest_by_urgency(
    drive: Drive, monkeypatch: pytest.MonkeyPatch
) -> None:
    unsure = {"a": 0.0235, "b": 0.0245, "c": 0.024, "d": 0.023}
    run, measured, heard = drive(unsure, Effort(budget=18.0))
    monkeypatch.setattr(driver, "time", Clock(measured))
    run.measure()
    assert Counter(measured.asked[:16]) == dict.fromkeys("abcd", 4)
    assert measured.asked[16:] == ["b", "c"]
    assert run.over
    assert ends(run) == dict.fromkeys("abcd", "inconclusive")
    assert sorted(heard.ended) == list("abcd")


def test_what_the_budget_left_out_is_unmeasured_and_says_so(
    drive: Drive, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, measured, heard = drive(dict.fromkeys("abc", 0.0), Effort(budget=10.0))
    monkeypatch.setattr(driver, "time", Clock(measured))
    run.measure()
    assert len(measured.asked) == 10
    assert sorted(ends(run).values()) == ["same", "unmeasured", "unmeasured"]
    told = [one["contenders"][0] for one in heard.records if one["kind"] == "race"]
    assert {one["reason"] for one in told if one["verdict"] == "unmeasured"} == {"the budget was spent"}


def test_a_race_that_lacks_its_first_look_comes_before_the_most_urgent(drive: Drive) -> None:
    run, measured, _ = drive({"late": 0.0, "urgent": 0.024})
    for _ in range(4):
        run.tallies["urgent"].add(pair(0.024), FLOOR)
    run.measure()
    assert measured.asked[:2] == ["late", "urgent"]
    assert measured.asked[2:4] == ["late", "urgent"]


def test_nothing_is_measured_twice(drive: Drive) -> None:
    ratios = {"same": 0.0, "slow": SLOW, "unsure": 0.0243, "gone": 0.0}
    whole, asked, heard = drive(ratios, absent={"gone": Absence("failed", "no")})
    whole.measure()
    for cut in range(len(heard.records) + 1):
        going_on, more, later = drive(ratios, absent={"gone": Absence("failed", "no")})
        before = heard.records[:cut]
        count = going_on.replay(before)
        assert count == sum(record["kind"] == "pair" for record in before)
        going_on.measure()
        assert Counter(more.asked) + Counter(
            one["race"] for one in before if one["kind"] == "pair"
        ) == Counter(asked.asked)
        assert ends(going_on) == ends(whole)
        written = Counter(one["race"] for one in (*before, *later.records) if one["kind"] == "race")
        assert written == dict.fromkeys(ratios, 1), f"cut after {cut} records"


def test_a_race_that_ended_unmeasured_goes_on_and_is_written_down_anew(
    drive: Drive, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, measured, heard = drive({"a": 0.0}, Effort(budget=3.0))
    with monkeypatch.context() as patch:
        patch.setattr(driver, "time", Clock(measured))
        run.measure()
    assert ends(run) == {"a": "unmeasured"}
    going_on, more, later = drive({"a": 0.0})
    going_on.replay(heard.records)
    assert going_on.tallies["a"].active == ("one",)
    going_on.measure()
    assert (more.asked, ends(going_on), later.ended) == (["a"], {"a": "same"}, ["a"])


def test_replaying_takes_pairs_of_these_races_only_and_tells_nobody(drive: Drive) -> None:
    run, _, first = drive({"a": 0.0, "b": 0.0})
    run.measure()
    other, _, heard = drive({"a": 0.0})
    assert other.replay([{"kind": "run"}, {}, *first.records]) == 4
    assert (heard.ended, heard.pairs, heard.records) == ([], [], [])


@pytest.mark.parametrize(
    "damage",
    [
        {"sides": {"one": SIDE}},
        {"sides": None},
        {"floor": None},
        {"absent": 3},
        {"floor": "x"},
        {"null": {"a": 1}},
    ],
)
def test_a_damaged_pair_is_said_to_be_so(drive: Drive, damage: dict[str, Any]) -> None:
    run, _, heard = drive({"a": 0.0})
    run.measure()
    damaged = [{**record, **damage} for record in heard.records]
    again, _, _ = drive({"a": 0.0})
    with pytest.raises(PacelineError, match=r"pair 0 of a in the ledger is damaged; .* start a new one"):
        again.replay(damaged)


def test_who_is_dropped_before_is_written_down_without_a_pair(drive: Drive) -> None:
    run, measured, heard = drive({"a": 0.0, "b": 0.0})
    run.drop("a", "one", Absence("differs", "off by 1"))
    assert [record["kind"] for record in heard.records] == ["race"]
    run.measure()
    assert set(measured.asked) == {"b"}
    assert ends(run) == {"a": "differs", "b": "same"}


def test_a_contender_that_fails_costs_its_race_no_more_pairs(drive: Drive) -> None:
    run, measured, _ = drive({"a": 0.0, "b": 0.0}, absent={"a": Absence("failed", "crashed")})
    run.measure()
    assert Counter(measured.asked) == {"a": 1, "b": 4}
    assert ends(run) == {"a": "failed", "b": "same"}


def test_the_floor_comes_from_the_a_a_arms_of_five_races(drive: Drive) -> None:
    run, _, _ = drive(dict.fromkeys("abcde", 0.0))
    assert run.floor == FLOOR
    run.measure()
    assert run.floor == pytest.approx(0.002)


def test_a_ledger_that_cannot_be_written_ends_the_run_with_no_worker_left(drive: Drive) -> None:
    run, measured, heard = drive({"a": 0.0, "b": 0.0})

    def full(record: dict[str, Any]) -> None:
        if len(heard.records) == 3:
            raise PacelineError("no space", Exit.FAILED)
        heard.records.append(json.loads(json.dumps(record)))

    run._write = full
    with pytest.raises(PacelineError, match="no space"):
        run.measure()
    assert len(measured.asked) == 4
    assert len(heard.pairs) == 3, "a pair that is not kept is not told either"
