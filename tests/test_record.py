"""Pairs and results as lines of the ledger, and back."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_races import pair, race_of

from paceline.output import strict
from paceline.race.contenders import Absence, Pair, Side
from paceline.race.record import pair_of, pair_record, race_record, result_record
from paceline.race.tally import Result, Tally, Terms

POSITIVE = st.floats(1e-10, 1e6)
SIDES = st.builds(
    Side,
    order=st.integers(0, 9),
    seconds=POSITIVE,
    batches=st.integers(1, 60),
    calls=st.integers(1, 10**9),
    cpu=POSITIVE,
    wall=POSITIVE,
    faults=st.integers(0, 10**9),
    switches=st.integers(0, 10**6),
    log_ratio=st.none() | st.floats(-50, 50),
    best=st.lists(POSITIVE, max_size=4).map(tuple),
)
PAIRS = st.builds(
    Pair,
    sides=st.dictionaries(st.text(max_size=8), SIDES, max_size=3),
    null=st.none() | SIDES,
    absent=st.dictionaries(
        st.text(max_size=8), st.builds(Absence, st.sampled_from(["failed", "skipped"]), st.text()), max_size=2
    ),
    cpu=st.none() | st.integers(0, 300),
    steal=st.none() | st.floats(0, 1),
    seconds=st.integers(0, 10**6).map(lambda milliseconds: milliseconds / 1000),
)


def read_again(record: dict[str, object]) -> dict[str, object]:
    return json.loads(json.dumps(strict(record), allow_nan=False))


@given(PAIRS)
def test_a_pair_comes_back_as_it_was_but_for_its_batches(one: Pair) -> None:
    back = pair_of(read_again(pair_record(race_of("one"), 3, one, 0.005)))
    assert all(side.best == () for side in back.sides.values())
    kept = pair_of(read_again(pair_record(race_of("one"), 3, one, 0.005, batches=True)))
    for found in (back, kept):
        assert {name: side.log_ratio for name, side in found.sides.items()} == {
            name: side.log_ratio for name, side in one.sides.items()
        }
        assert (found.absent, found.cpu, found.steal, found.seconds) == (
            one.absent, one.cpu, one.steal, one.seconds,
        )  # fmt: skip
    for name, side in one.sides.items():
        assert kept.sides[name].best == pytest.approx(side.best, rel=1e-4)
        assert (kept.sides[name].seconds, kept.sides[name].calls) == (side.seconds, side.calls)


@given(st.lists(st.tuples(st.floats(-0.1, 0.1), st.none() | st.floats(-0.1, 0.1)), min_size=1, max_size=20))
def test_what_was_written_tallies_to_the_same_results(logs: list[tuple[float, float | None]]) -> None:
    race = race_of("one")
    measured, again = Tally(race, Terms()), Tally(race, Terms())
    for number, (log, null) in enumerate(logs):
        made = pair(log, null=null)
        record = read_again(pair_record(race, number, made, 0.005))
        measured.add(made, 0.005)
        again.add(pair_of(record), record["floor"])
    assert again.results() == measured.results()


@pytest.mark.parametrize(
    "broken", [{}, {"sides": 3}, {"sides": {"a": {}}}, {"sides": {}, "null": None}, {"sides": {"a": None}}]
)
def test_what_is_no_pair_is_refused(broken: dict[str, object]) -> None:
    with pytest.raises((KeyError, TypeError, AttributeError)):
        pair_of(broken)


def test_a_result_is_told_in_ratios() -> None:
    tally = Tally(race_of("one"), Terms())
    for _ in range(10):
        tally.add(pair(math.log(1.05)), 0.005)
    (result,) = tally.results()
    told = read_again(result_record(result))
    assert (told["verdict"], told["confirmed"], told["pairs"]) == ("slower", True, 6)
    assert told["low"] < 1.05 < told["high"]
    assert told["ratio"] == pytest.approx(1.05) == told["suspected"]


def test_what_has_no_ratio_has_none_in_json() -> None:
    told = result_record(Result("one", "skipped", reason="not here"))
    assert told["status"] == told["verdict"] == "skipped"
    assert told["ratio"] is told["low"] is told["high"] is told["seconds"] is None
    assert (told["pairs"], told["reason"]) == (0, "not here")


def test_a_race_names_all_that_took_part() -> None:
    race = race_of("one", "two")
    results = {name: Result(name, "skipped", reason="not here") for name in ("one", "two")}
    told = read_again(race_record(race, results, "v1", {"floor": 0.01}))
    assert [one["name"] for one in told["contenders"]] == ["one", "two"]
    assert (told["baseline"], told["version"]) == ({"name": "base", "params": []}, "v1")
    assert (told["kind"], told["race"], told["floor"]) == ("race", "m.time_x", 0.01)
