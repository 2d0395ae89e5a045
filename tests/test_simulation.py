"""The simulated rule is the rule, and it does what docs/regressions.md says it does."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from paceline.stats.binomial import upper
from paceline.stats.noise import RUN, Noise, Races, draw, run_floors
from paceline.stats.simulation import (
    BIMODAL,
    FINE,
    LOUD,
    ODD,
    QUIET,
    QUIET_ODD,
    ROWS,
    USUAL,
    USUAL_ODD,
    main,
    outcomes,
    simulate,
)
from paceline.stats.verdict import (
    Call,
    Rule,
    confirm,
    confirming_looks,
    judge,
    noise_floor,
    nulls_needed,
)

FINER = Rule(threshold=0.005)
ROW = [  # noise, rule, slow-down, share confirmed: what was promised, with the floor of 0.5 %
    (QUIET, Rule(), 0.03, 0.9999),
    (QUIET, Rule(), 0.05, 1.0),
    (USUAL, Rule(), 0.03, 0.97),
    (USUAL, Rule(), 0.05, 1.0),
    (LOUD, Rule(), 0.03, 0.746),
    (LOUD, Rule(), 0.05, 0.9998),
    (BIMODAL, Rule(), 0.03, 0.862),
    (BIMODAL, Rule(), 0.05, 0.998),
    (FINE, FINER, 0.01, 1.0),
]
IDLE = [  # noise, rule, share of suspects and mean pairs on identical code
    (QUIET, Rule(), 0.0, 4.0),
    (USUAL, Rule(), 0.0, 4.03),
    (LOUD, Rule(), 0.0016, 6.4),
    (BIMODAL, Rule(), 0.0095, 5.7),
    (FINE, FINER, 0.0, 4.1),
]


def one_by_one(races: Races, row: int, rule: Rule) -> tuple[bool, str, int]:
    """Follow one race through the rule as it is used: looks, then fresh pairs."""
    rule = replace(rule, floor=float(races.floors[row]))
    for count in rule.looks:
        arms = races.nulls[row, : nulls_needed(count)]
        call = judge(list(races.pairs[row, :count]), list(arms), rule).call
        if call is not Call.MORE:
            break
    if call is not Call.SUSPECT:
        return False, call, count
    looks = confirming_looks(count, rule)
    for fresh in looks:
        arms = races.fresh_nulls[row, : nulls_needed(fresh)]
        call = confirm(list(races.fresh_pairs[row, :fresh]), list(arms), rule, looks).call
        if call is not Call.MORE:
            break
    return True, call, count + fresh


def slack(share: float, races: int) -> float:
    """Five standard errors of a simulated share, and some for the last digit that was promised."""
    return 5 * math.sqrt(max(share * (1 - share), 1 / races) / races) + 0.002


@pytest.mark.parametrize("noise", [USUAL, LOUD, BIMODAL, USUAL_ODD], ids=lambda noise: noise.name)
@pytest.mark.parametrize("rule", [Rule(), FINER, Rule(looks=(4,)), Rule(looks=(3, 8))], ids=str)
def test_the_simulated_rule_is_the_rule_race_for_race(noise: Noise, rule: Rule) -> None:
    rng = np.random.default_rng(7)
    for effect in (0.0, 0.03, 0.05, -0.03):
        races = draw(noise, effect, 60, rule.looks[-1], rng, None)
        found = outcomes(races, rule)
        simulated = zip(found.suspect.tolist(), found.calls.tolist(), found.pairs.tolist(), strict=True)
        assert list(simulated) == [one_by_one(races, row, rule) for row in range(60)]


def test_the_simulated_floor_is_the_floor() -> None:
    rng, again = np.random.default_rng(3), np.random.default_rng(3)
    nulls = USUAL.processes(again, 5, RUN, 2) - USUAL.processes(again, 5, RUN, 2)
    want = [noise_floor(run.tolist()) for run in nulls]
    assert run_floors(USUAL, 5, rng) == pytest.approx(want)
    assert run_floors(Noise("none", 0.0), 3, rng).tolist() == [0.001] * 3


def test_noise_belongs_to_the_process() -> None:
    """A pair's SD is the one asked for; an A/A arm shares the baseline's process with its pair."""
    races = draw(USUAL, 0.05, 20_000, 16, np.random.default_rng(5), 0.005)
    assert races.pairs.shape == (20_000, 16)
    assert races.nulls.shape == (20_000, 6)
    assert np.std(races.pairs) == pytest.approx(0.01, rel=0.01)
    assert np.std(races.nulls) == pytest.approx(0.01, rel=0.01)
    assert np.mean(races.pairs) == pytest.approx(math.log(1.05), abs=1e-4)
    assert np.corrcoef(races.pairs[:, 3], races.nulls[:, 1])[0, 1] == pytest.approx(0.5, abs=0.03)
    assert abs(np.corrcoef(races.pairs[:, 4], races.nulls[:, 1])[0, 1]) < 0.03
    slow = Noise("slow", 0.0, 0.2, 0.04).processes(np.random.default_rng(5), 50_000)
    assert np.mean(slow > 0) == pytest.approx(0.2, abs=0.01)
    assert set(np.round(np.exp(slow), 9)) == {1.0, 1.04}
    odd = Noise("odd", 0.0, 0.2, 1.0, either_way=True).processes(np.random.default_rng(5), 50_000)
    assert set(np.round(np.exp(odd), 9)) == {0.5, 1.0, 2.0}
    assert abs(np.mean(odd)) < 0.01


def test_a_seed_is_repeated_and_another_is_not() -> None:
    assert simulate(LOUD, 0.03, 500, seed=1) == simulate(LOUD, 0.03, 500, seed=1)
    assert simulate(LOUD, 0.03, 500, seed=1) != simulate(LOUD, 0.03, 500, seed=2)


def test_rates_add_up() -> None:
    rates = simulate(BIMODAL, 0.03, 21_000, seed=1)
    assert rates.races == 21_000
    assert rates.confirmed + rates.faster + rates.same + rates.inconclusive == pytest.approx(1)
    assert rates.confirmed <= rates.suspect


@pytest.mark.parametrize(("noise", "rule", "effect", "share"), ROW)
def test_slow_downs_are_found(noise: Noise, rule: Rule, effect: float, share: float) -> None:
    rates = simulate(noise, effect, 4_000, seed=11, rule=rule, floor=0.005)
    assert rates.confirmed == pytest.approx(share, abs=slack(share, 4_000))
    assert rates.faster == 0


@pytest.mark.parametrize("noise", [LOUD, BIMODAL], ids=lambda noise: noise.name)
def test_what_the_first_pairs_saw_the_fresh_ones_confirm(noise: Noise) -> None:
    """With as many fresh pairs as raised the suspicion, one in twenty of these would stay unconfirmed."""
    rates = simulate(noise, 0.05, 8_000, seed=15)
    assert rates.confirmed > 0.996
    assert rates.confirmed > rates.suspect - 0.003


@pytest.mark.parametrize("floor", [None, 0.005])
@pytest.mark.parametrize("noise", ODD, ids=lambda noise: noise.name)
def test_odd_processes_hide_no_slow_down_of_five_per_cent(noise: Noise, floor: float | None) -> None:
    """Squares about the mean alone would find two in three where an odd process is twice as fast."""
    assert simulate(noise, 0.05, 4_000, seed=16, floor=floor).confirmed > 0.997


def test_odd_processes_leave_identical_code_alone() -> None:
    rates = simulate(QUIET_ODD, 0.0, 8_000, seed=17)
    assert (rates.confirmed, rates.suspect < 0.001, rates.same > 0.999) == (0.0, True, True)


@pytest.mark.parametrize(("noise", "rule", "share", "pairs"), IDLE)
def test_identical_code_is_left_alone(noise: Noise, rule: Rule, share: float, pairs: float) -> None:
    rates = simulate(noise, 0.0, 8_000, seed=12, rule=rule, floor=0.005)
    assert rates.suspect == pytest.approx(share, abs=slack(share, 8_000))
    assert rates.pairs == pytest.approx(pairs, abs=0.2)
    assert round(rates.confirmed * rates.races) <= 3
    assert rates.inconclusive < 0.02


def test_the_floor_of_a_run_raises_no_more_alarms_than_the_default_one() -> None:
    for noise in (LOUD, BIMODAL):
        own, default = (simulate(noise, 0.0, 20_000, 13, floor=floor) for floor in (None, 0.005))
        assert own.suspect < default.suspect


def test_the_rule_asks_fresh_pairs_for_a_reason() -> None:
    """Without them the bimodal noise would raise an alarm in hundreds of identical cases."""
    rates = simulate(BIMODAL, 0.0, 20_000, seed=14, floor=0.005)
    assert rates.suspect * rates.races > 100
    assert rates.confirmed * rates.races < 10


def test_the_table_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--races", "40", "--seed", "3"])
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2 + 2 * len(ROWS)
    assert len({line.count("|") for line in lines}) == 1
    assert lines[2].startswith("| normal, SD 0.4 % | 2.5 % | of the run | 0 % | 0 of 600 (below 0.5 %) |")


@pytest.mark.slow
@pytest.mark.parametrize(("noise", "rule", "effect", "share"), ROW)
def test_slow_downs_are_found_in_many_races(noise: Noise, rule: Rule, effect: float, share: float) -> None:
    rates = simulate(noise, effect, 40_000, seed=21, rule=rule, floor=0.005)
    assert rates.confirmed == pytest.approx(share, abs=slack(share, 40_000) + 0.003)


@pytest.mark.slow
@pytest.mark.parametrize("floor", [None, 0.005])
@pytest.mark.parametrize(("noise", "rule", "share", "pairs"), IDLE)
def test_identical_code_is_left_alone_in_many_races(
    noise: Noise, rule: Rule, share: float, pairs: float, floor: float | None
) -> None:
    rates = simulate(noise, 0.0, 300_000, seed=22, rule=rule, floor=floor)
    assert upper(round(rates.confirmed * rates.races), rates.races) < 1e-4
    if floor is not None:
        assert rates.suspect == pytest.approx(share, abs=slack(share, 300_000))
        assert rates.pairs == pytest.approx(pairs, abs=0.1)
