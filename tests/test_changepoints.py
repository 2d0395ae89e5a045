"""Change points: the fit is the least there is, both detectors must agree, and noise is left alone."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paceline.stats import changepoints, history_simulation
from paceline.stats.changepoints import creep, e_divisive, noise, nominate, potts
from paceline.stats.fleet import aligned
from paceline.stats.history_simulation import LENGTH, MODELS, creeps, main, simulate
from paceline.stats.simulation import USUAL

STEP = math.log(1.05)
SMALL = st.lists(st.integers(-20, 20).map(lambda number: number / 100), min_size=1, max_size=9)


def normal(seed: int, count: int = 100, spread: float = 0.01) -> np.ndarray:
    return np.random.default_rng(seed).normal(0.0, spread, count)


def cost(x: list[float], bounds: tuple[int, ...], penalty: float) -> float:
    pieces = [x[a:b] for a, b in itertools.pairwise((0, *bounds, len(x)))]
    return sum(sum(abs(one - np.median(piece)) for one in piece) for piece in pieces) + penalty * len(bounds)


@given(SMALL, st.sampled_from([0.01, 0.05, 0.1, 0.3]))
@settings(max_examples=60, deadline=None)
def test_no_fit_costs_less(x: list[float], penalty: float) -> None:
    """Against all ways to cut the series: the levels need not be tried, they are medians."""
    every = [bounds for count in range(len(x)) for bounds in itertools.combinations(range(1, len(x)), count)]
    best = min(cost(x, bounds, penalty) for bounds in every)
    assert cost(x, tuple(changepoints._fit(np.asarray(x), penalty)), penalty) == pytest.approx(best)


@given(st.lists(st.floats(-1, 1), max_size=40))
@settings(max_examples=60, deadline=None)
def test_levels_last_and_are_high_enough(x: list[float]) -> None:
    found = potts(x)
    bounds = [0, *(change.index for change in found), len(x)]
    assert not found or min(np.diff(bounds)) >= changepoints.LEAST
    assert all(abs(change.size) >= math.log1p(0.025) for change in found)
    assert all(bounds[1] == change.index for change in found[:1])


@given(st.integers(0, 1000), st.floats(-3, 3))
@settings(max_examples=20, deadline=None)
def test_where_a_series_lies_does_not_matter(seed: int, offset: float) -> None:
    x = normal(seed, 40)
    x[20:] += STEP
    assert [change.index for change in nominate(x + offset)] == [change.index for change in nominate(x)]
    assert [change.index for change in nominate(-x)] == [change.index for change in nominate(x)]


def test_a_step_is_found_and_where() -> None:
    x = normal(1)
    x[60:] += STEP
    (change,) = nominate(x)
    assert abs(change.index - 60) <= 1
    assert change.size == pytest.approx(STEP, abs=0.006)
    assert e_divisive(x) == [change.index]


def test_a_step_and_its_recovery_are_two() -> None:
    x = normal(2)
    x[40:70] += math.log(1.2)
    assert [(change.index, change.size > 0) for change in nominate(x)] == [(40, True), (70, False)]


def test_a_few_odd_commits_are_no_level() -> None:
    x = normal(3)
    x[50:53] += 0.7
    x[80] -= 0.5
    assert nominate(x) == []


def test_a_bimodal_case_is_left_alone() -> None:
    x = normal(4, 200, 0.004) + 0.04 * (np.random.default_rng(5).random(200) < 0.2)
    assert nominate(x) == []


def test_a_change_needs_four_commits_and_no_more() -> None:
    x = normal(6, 84)
    x[80:] += math.log(1.1)
    assert nominate(x[:83]) == []
    assert [change.index for change in nominate(x)] == [80]


@pytest.mark.parametrize("x", [[], [0.0], [0.0] * 7, [0.0] * 50])
def test_nothing_is_found_in_nothing(x: list[float]) -> None:
    assert (nominate(x), potts(x), e_divisive(x), noise(x)) == ([], [], [], 0.0)
    assert not creep(x)


def test_the_same_halves_in_another_order_are_no_evidence() -> None:
    """Two in 70 orders of eight values have the same halves: a step among eight may be chance."""
    low = [0.0, 0.0011, 0.0023, 0.0031]
    for step in (0.1, 0.3, 0.7, 1.0):
        assert e_divisive([*low, *(one + step for one in low)]) == []


def test_a_series_is_made_of_finite_numbers() -> None:
    for x in ([0.0, math.nan], [math.inf], [[0.0]]):
        with pytest.raises(ValueError, match="finite"):
            nominate(x)


def test_the_energy_is_that_of_its_formula() -> None:
    x = normal(7, 12)
    for cut, score in enumerate(changepoints._energies(x, 4), start=4):
        left, right = x[:cut], x[cut:]
        between = np.mean(np.abs(left[:, None] - right))
        inner = [np.abs(y[:, None] - y).sum() / (len(y) * (len(y) - 1)) for y in (left, right)]
        assert score == pytest.approx(cut * (12 - cut) / 12 * (2 * between - sum(inner)))


def test_slow_creep_is_seen_at_the_head() -> None:
    x = normal(8, 80)
    for start in (20, 30, 40, 50, 60):
        x[start:] += math.log(1.01)
    assert creep(x)
    assert not creep(x, level=0.04)
    assert not creep(normal(8, 80))
    assert not creep(-x)


def test_levels_of_processor_models_are_taken_out() -> None:
    rng = np.random.default_rng(9)
    names = rng.choice(["a", "b", "c"], 60).tolist()
    offsets = np.array([{"a": 0.0, "b": 0.2, "c": -0.3}[name] for name in names])
    x = rng.normal(0, 0.005, 60)
    x[40:] += STEP
    flat = np.asarray(aligned((x + offsets).tolist(), names))
    assert np.std(flat - x) < 0.004
    assert [change.index for change in nominate(flat)] == [40]


def test_a_model_seen_too_seldom_is_left_out() -> None:
    flat = aligned([0.0] * 10 + [0.5], ["a"] * 10 + ["new"])
    assert flat[:10] == [0.0] * 10
    assert math.isnan(flat[10])


def test_simulated_histories_are_left_alone_and_steps_are_found() -> None:
    rates = simulate(USUAL, 2, seed=3)
    assert (rates.false, rates.found, rates.commits) == (0, 1.0, 2 * LENGTH)
    assert max(rates.delays) <= 4
    assert rates.bound < 15


def test_a_simulated_fleet_is_left_alone_and_its_steps_are_found() -> None:
    rates = simulate(USUAL, 2, seed=4, fleet=True)
    assert (rates.false, rates.found, len(MODELS)) == (0, 1.0, 3)
    assert max(rates.delays) <= 8


def test_simulated_creeps() -> None:
    assert creeps(USUAL, 4, seed=5) == (0, 1.0)


def test_the_table_is_printed(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history_simulation, "LENGTH", 30)
    monkeypatch.setattr(history_simulation, "AFTER", 22)
    main(["--histories", "1", "--seed", "3"])
    lines = capsys.readouterr().out.splitlines()
    assert len({line.count("|") for line in lines[:7]}) == 1
    assert lines[3].startswith("| normal, SD 1 % | 30 | 0 (")
