"""How long a batch is, from 100 ns to minutes a call."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paceline.race.batches import (
    ALONE,
    BATCH,
    FEWEST_BATCHES,
    FEWEST_CALLS,
    LOOPED,
    MOST_BATCHES,
    Plan,
    Speed,
    far,
    plan,
    settled,
)

SECONDS = st.floats(min_value=1e-10, max_value=1e4)
SETUPS = st.floats(min_value=1.0, max_value=1e3)  # how many times longer a call with its setup is


@pytest.mark.parametrize(
    ("seconds", "loops", "calls", "drop", "batches"),
    [
        (1.3e-7, 770, 51, 1, 60),  # looped until a timing is 100 us; 5 ms of them, after one thrown away
        (1e-5, 10, 51, 1, 60),
        (1e-4, 1, 51, 1, 60),
        (1e-3, 1, 6, 1, 60),
        (0.01, 1, 6, 1, 8),
        (0.05, 1, 6, 1, 3),  # the longest that is not alone
        (0.06, 1, 1, 0, 3),
        (120.0, 1, 1, 0, 3),
    ],
)
def test_the_plan_of_calls_of_any_length(
    seconds: float, loops: int, calls: int, drop: int, batches: int
) -> None:
    found = plan(Speed(seconds, seconds), each=False, raw=False, seconds=0.5)
    assert (found.loops, found.calls, found.drop, found.batches) == (loops, calls, drop, batches)


def test_a_clock_that_stands_still_while_calls_wait_does_not_loop_them_for_ever() -> None:
    found = plan(Speed(1e-8, 0.02), each=False, raw=False, seconds=0.5)
    assert found.loops == 2
    stopped = plan(Speed(1e-10, 1e-6), each=False, raw=False, seconds=0.5)
    assert stopped.loops * stopped.calls * 1e-6 < 1, "a clock that stands still altogether"


def test_setup_before_every_call_is_never_looped_and_bounds_the_batch() -> None:
    found = plan(Speed(1e-7, 1e-5), each=True, raw=False, seconds=0.5)
    assert (found.loops, found.calls, found.drop) == (1, 11, 1)
    assert plan(Speed(1e-7, 0.2), each=True, raw=False, seconds=0.5).calls == 1, (
        "a setup of 0.2 s stands alone"
    )


def test_a_process_of_its_own_is_one_call_and_may_have_many_batches() -> None:
    found = plan(Speed(1e-6, 0.025), each=False, raw=True, seconds=0.5)
    assert (found.loops, found.calls, found.drop, found.batches) == (1, 1, 0, 20)


def test_far_from_the_baseline_one_slow_call_is_enough() -> None:
    near, off = (plan(Speed(2.0, 2.0), False, False, 0.5, far=is_far) for is_far in (False, True))
    assert (near.batches, off.batches) == (3, 1)
    quick = plan(Speed(1e-3, 1e-3), False, False, 1e-6, far=True)
    assert quick.batches == FEWEST_BATCHES, "quick calls cost nothing: they are not spared"


@given(SECONDS, SETUPS, st.booleans(), st.booleans(), st.booleans(), st.floats(0.001, 100.0))
def test_any_plan_times_something_and_within_limits(
    seconds: float, setup: float, each: bool, raw: bool, is_far: bool, wanted: float
) -> None:
    found = plan(Speed(seconds, seconds * setup), each, raw, wanted, is_far)
    assert found.calls - found.drop >= 1
    assert found.loops >= 1
    assert 1 <= found.batches <= MOST_BATCHES
    assert 0 < found.wall < math.inf
    assert_kind(found, seconds, seconds * setup, each, raw, is_far, wanted)


def assert_kind(
    found: Plan, seconds: float, wall: float, each: bool, raw: bool, is_far: bool, wanted: float
) -> None:
    assert found.loops == 1 or not (each or raw)
    long_enough = seconds * found.loops >= LOOPED * (1 - 1e-9) or wall * (found.loops + 1) > ALONE
    assert each or raw or long_enough, "a timing is shorter than 100 us"
    assert found.loops == 1 or wall * found.loops <= ALONE
    unit = max(wall, seconds) * found.loops
    if raw or unit > ALONE:
        assert (found.calls, found.drop) == (1, 0)
    else:
        assert FEWEST_CALLS + 1 <= found.calls
        assert found.wall <= (FEWEST_CALLS + 2) * unit + BATCH, "no more than is asked for"
    assert found.batches >= FEWEST_BATCHES or (is_far and unit > ALONE)
    assert found.batches <= max(FEWEST_BATCHES, wanted / found.wall + 0.5)


@given(SECONDS, st.floats(0.01, 10.0), st.floats(1.0, 10.0))
def test_more_seconds_are_never_fewer_batches(seconds: float, wanted: float, more: float) -> None:
    speed = Speed(seconds, seconds)
    few, many = plan(speed, False, False, wanted), plan(speed, False, False, wanted * more)
    assert many.batches >= few.batches


@given(SECONDS, SECONDS)
def test_far_is_the_same_from_both_sides(one: float, other: float) -> None:
    a, b = Speed(one, one), Speed(other, other)
    assert far(a, b) == far(b, a) or math.isclose(max(one, other) / min(one, other), 3.0, rel_tol=1e-9)
    assert not far(a, a)


def test_far_is_three_times() -> None:
    base = Speed(1.0, 1.0)
    assert [far(Speed(ratio, ratio), base) for ratio in (0.3, 0.4, 2.9, 3.1)] == [True, False, False, True]


def test_a_pair_is_settled_when_its_median_is_known_to_a_twenty_fifth_of_the_threshold() -> None:
    steady, shaky = [0.05, 0.0501] * 8, [0.0, 0.02] * 8
    assert settled(steady, 0.025)
    assert settled([0.05] * 8, 0.005)
    assert not settled([0.05] * 7, 0.025)
    assert not settled(shaky, 0.025)
    spread = 1.4826 * 0.01
    needed = (1.2533 * spread / (0.04 * 0.025)) ** 2  # 345 batches
    assert not settled([0.0, 0.02] * (int(needed) // 2 - 2), 0.025)
    assert settled([0.0, 0.02] * (int(needed) // 2 + 2), 0.025)


def test_a_finer_threshold_takes_more_batches() -> None:
    logs = [0.0, 0.001] * 8
    assert settled(logs, 0.025)
    assert not settled(logs, 0.002)
