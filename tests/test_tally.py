"""A race's fold over its pairs: looks, suspects and fresh pairs, who drops out, what is left."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_races import pair, race_of

from paceline.race.contenders import Absence, Pair, Side
from paceline.race.tally import Result, Tally, Terms
from paceline.stats.verdict import FLOOR, nulls_needed

SLOW, FAST, UNSURE = math.log(1.05), math.log(0.95), math.log(1.0245)  # the cut is at 1.025
TERMS = Terms()
FAILED, SKIPPED = Absence("failed", "ValueError: no"), Absence("skipped", "not here")


def tally_of(*names: str, terms: Terms = TERMS) -> Tally:
    return Tally(race_of(*(names or ("one",))), terms)


def play(tally: Tally, pairs: Iterable[Pair]) -> list[Result]:
    for one in pairs:
        tally.add(one, FLOOR)
    return tally.results()


def verdicts(tally: Tally) -> list[str]:
    return [result.verdict or result.status for result in tally.results()]


def test_what_is_the_same_is_so_after_the_first_look() -> None:
    tally = tally_of()
    play(tally, [pair(0.0)] * 3)
    assert (tally.active, tally.first_look, verdicts(tally)) == (("one",), True, ["unmeasured"])
    (result,) = play(tally, [pair(0.001)])
    assert (result.verdict, result.confirmed, result.suspected, result.reason) == ("same", False, None, "")
    assert (tally.active, tally.first_look, tally.pairs) == ((), False, 4)
    assert result.estimate is not None
    assert result.estimate.pairs == 4


def test_what_is_faster_needs_no_confirmation() -> None:
    tally = tally_of()
    (result,) = play(tally, [pair(FAST)] * 4)
    assert (result.verdict, result.confirmed) == ("faster", False)


def test_what_is_slower_is_confirmed_by_fresh_pairs_alone() -> None:
    tally = tally_of()
    play(tally, [pair(SLOW + 0.01)] * 4)
    assert (tally.active, tally.first_look, tally.phase("one")) == (("one",), False, "confirm")
    (result,) = play(tally, [pair(SLOW)] * 6)
    assert (result.verdict, result.confirmed, tally.pairs) == ("slower", True, 10)
    assert result.estimate is not None
    assert result.suspected is not None
    assert (result.estimate.pairs, result.suspected.pairs) == (6, 4)
    assert result.estimate.ratio == pytest.approx(1.05), "the ratio to publish has no winner's curse"
    assert result.suspected.ratio == pytest.approx(1.05 * math.exp(0.01))


def test_a_suspect_that_fresh_pairs_do_not_confirm_is_judged_at_each_confirming_look() -> None:
    tally = tally_of()
    play(tally, [pair(SLOW)] * 4)
    for count in range(16):
        assert tally.active == ("one",), f"given up after {count} fresh pairs"
        play(tally, [pair(UNSURE / 2)])
    (result,) = tally.results()
    assert (result.verdict, result.confirmed, tally.pairs) == ("inconclusive", False, 20)
    assert "1.050 in 4 pairs, not in fresh ones" in result.reason


def test_without_confirmation_a_suspect_is_slower_at_once() -> None:
    tally = tally_of(terms=Terms((4,), confirms=False))
    (result,) = play(tally, [pair(SLOW)] * 4)
    assert (result.verdict, result.confirmed, result.suspected) == ("slower", False, None)


def test_what_is_not_decided_gets_all_looks_and_is_inconclusive_then() -> None:
    tally = tally_of()
    for count in range(16):
        assert tally.active == ("one",), f"decided after {count} pairs"
        play(tally, [pair(math.log(1.025) * (1.6 if count % 2 else 0.4))])
    assert verdicts(tally) == ["inconclusive"]


def test_contenders_go_their_own_ways() -> None:
    tally = tally_of("one", "two", "three")
    play(tally, [pair(0.0, SLOW, FAST)] * 4)
    assert (tally.active, verdicts(tally)) == (("two",), ["same", "unmeasured", "faster"])
    assert [tally.phase(name) for name in ("one", "two", "three")] == ["", "confirm", ""]
    play(tally, [pair(SLOW, names=("two",))] * 6)
    assert (tally.active, verdicts(tally)) == ((), ["same", "slower", "faster"])


def test_a_contender_that_is_lost_midway_costs_itself_only() -> None:
    tally = tally_of("one", "two")
    play(tally, [pair(0.0, 0.0), pair(0.0, 0.0), pair(0.0, absent={"two": FAILED})])
    assert tally.active == ("one",)
    results = play(tally, [pair(0.0)])
    assert [result.status for result in results] == ["ok", "failed"]
    assert results[1].reason == "ValueError: no"
    assert results[1].seconds == 1e-3, "what was measured of it before is told"


def test_what_is_judged_stays_judged() -> None:
    tally = tally_of("one", "two")
    play(tally, [pair(0.0, SLOW)] * 4)
    play(tally, [pair(SLOW, SLOW, absent={"one": FAILED})])
    assert verdicts(tally)[0] == "same"


def test_without_the_baseline_there_is_nothing_to_measure() -> None:
    tally = tally_of("one", "two")
    play(tally, [pair(0.0, 0.0), pair(0.0, 0.0, absent={"base": SKIPPED, "two": FAILED})])
    assert (tally.active, tally.gone) == ((), SKIPPED)
    results = tally.results()
    assert [(one.status, one.reason) for one in results] == [
        ("unmeasured", "the baseline skipped: not here"), ("failed", "ValueError: no"),
    ]  # fmt: skip


def test_one_that_is_neither_measured_nor_absent_has_failed() -> None:
    tally = tally_of("one", "two")
    play(tally, [pair(0.0)])
    assert tally.results()[1].reason == "no batch of it could be timed"


def test_at_the_end_each_is_judged_by_what_there_is() -> None:
    tally = tally_of("one", "two", "three")
    tally.drop("three", SKIPPED)
    play(tally, [pair(UNSURE, SLOW)] * 4)
    tally.end(FLOOR, "the budget was spent")
    one, two, three = tally.results()
    assert (tally.active, one.verdict, two.verdict) == ((), "inconclusive", "inconclusive")
    assert (two.confirmed, three.status, three.reason) == (False, "skipped", "not here")
    assert "too few fresh ones were measured" in two.reason
    assert two.suspected == two.estimate


def test_before_the_first_look_nothing_is_judged() -> None:
    tally = tally_of("one", "two")
    play(tally, [pair(SLOW, absent={"two": FAILED})] * 3)
    tally.end(FLOOR, "the budget was spent")
    one, two = tally.results()
    assert (one.status, one.verdict, one.reason) == ("unmeasured", "", "the budget was spent")
    assert (two.status, two.reason) == ("failed", "ValueError: no")


def test_a_suspicion_of_the_last_moment_is_not_slower() -> None:
    tally = tally_of(terms=Terms((4, 6)))
    play(tally, [pair(0.02), pair(0.02), *[pair(0.0285)] * 3])
    assert tally.phase("one") == "look"
    tally.end(FLOOR, "the budget was spent")
    assert verdicts(tally) == ["inconclusive"]


def test_urgency_is_the_largest_estimate_and_first_looks_are_told() -> None:
    tally = tally_of("one", "two")
    assert (tally.urgency, tally.first_look) == (math.inf, True)
    play(tally, [pair(UNSURE, -0.024)] * 4)
    assert (tally.urgency, tally.first_look) == (pytest.approx(UNSURE), False)
    play(tally, [pair(UNSURE, absent={"two": FAILED})])
    assert tally.urgency == pytest.approx(UNSURE)


def test_an_estimate_on_the_way_needs_two_pairs() -> None:
    tally = tally_of()
    play(tally, [pair(0.0)])
    assert tally.provisional("one", FLOOR) is None
    play(tally, [pair(0.01)])
    found = tally.provisional("one", FLOOR)
    assert found is not None
    assert (found.pairs, found.value) == (2, pytest.approx(0.005))
    play(tally, [pair(0.0)] * 2)
    final = tally.results()[0].estimate
    assert tally.provisional("one", FLOOR) == final


def test_seconds_are_the_medians_over_the_pairs() -> None:
    tally = tally_of()
    for seconds in (1.0, 5.0, 2.0, 3.0):
        sides = {"one": _side(0.0, seconds), "base": _side(None, 10 * seconds)}
        tally.add(Pair(sides), FLOOR)
    (result,) = tally.results()
    assert (result.seconds, result.baseline_seconds) == (2.5, 25.0)


def _side(log_ratio: float | None, seconds: float) -> Side:
    return Side(0, seconds, 1, 1, 0.0, 0.0, 0, 0, log_ratio)


NOISE = st.floats(-0.08, 0.08)


def fold(rounds: Sequence[tuple[float, float, float, int]], names: Sequence[str]) -> tuple[Tally, list[Pair]]:
    """Drive a tally as the driver does; return it with the pairs that it asked for."""
    tally, asked = tally_of(*names), []
    for one, two, null, fate in rounds:
        if not tally.active:
            break
        absent = {"two": FAILED} if fate == 0 and "two" in tally.active else {}
        ratios = dict(zip(names, (one, two), strict=True))
        made = pair(
            *(ratios[name] for name in tally.active),
            names=tally.active,
            null=null if tally.wants_null else None,
            absent=absent,
        )
        tally.add(made, FLOOR)
        asked.append(made)
    return tally, asked


ROUNDS = st.lists(st.tuples(NOISE, NOISE, st.floats(-0.02, 0.02), st.integers(0, 40)), max_size=40)


@given(ROUNDS)
def test_the_same_pairs_always_give_the_same_results(
    rounds: list[tuple[float, float, float, int]],
) -> None:
    tally, pairs = fold(rounds, ("one", "two"))
    again = tally_of("one", "two")
    play(again, pairs)
    assert again.results() == tally.results()
    assert (again.active, again.nulls, again.pairs) == (tally.active, tally.nulls, tally.pairs)
    assert (again.wants_null, again.urgency) == (tally.wants_null, tally.urgency)


@given(ROUNDS)
def test_no_race_goes_on_for_ever_and_each_result_has_its_pairs(
    rounds: list[tuple[float, float, float, int]],
) -> None:
    tally, _ = fold(rounds, ("one", "two"))
    tally.end(FLOOR, "over")
    for result in tally.results():
        assert (result.status == "ok") == bool(result.verdict) == (result.estimate is not None)
        assert not result.confirmed or result.verdict == "slower"
        assert result.verdict != "slower" or result.confirmed
        if result.estimate:
            assert result.estimate.pairs in (4, 5, *range(6, 17))
    assert tally.active == ()
    assert tally.pairs <= 32


@given(ROUNDS)
def test_one_pair_in_three_of_every_phase_has_an_a_a_arm(
    rounds: list[tuple[float, float, float, int]],
) -> None:
    tally, pairs = fold(rounds, ("one", "two"))
    assert len(tally.nulls) == sum(made.null is not None for made in pairs)
    assert len(tally.nulls) >= nulls_needed(len(pairs))
    for lane in tally._lanes.values():
        for series in (lane.looks, lane.fresh):
            assert len(series.nulls) >= nulls_needed(len(series.pairs))
