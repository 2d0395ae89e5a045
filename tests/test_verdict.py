"""The verdict: every formula against numbers worked out by hand, and what must hold for any race."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from paceline.stats.verdict import (
    FLOOR,
    LOOKS,
    Call,
    Rule,
    confirm,
    confirming_looks,
    detectable,
    estimate,
    judge,
    noise_floor,
    nulls_needed,
    quantile,
)

RULE = Rule()
PAIRS, NULLS = [0.03, 0.05, 0.04, 0.06], [0.01, -0.02]
MIRRORED = {Call.SUSPECT: Call.FASTER, Call.FASTER: Call.SUSPECT}

logs = st.floats(-0.2, 0.2)
races = st.tuples(st.lists(logs, min_size=2, max_size=16), st.lists(logs, max_size=6))
rules = st.builds(
    Rule,
    threshold=st.floats(0.002, 0.2),
    floor=st.floats(0.001, 0.02),
    looks=st.sampled_from([LOOKS, (4,), (3, 9)]),
)


def test_an_estimate_by_hand() -> None:
    """Squares: 4 * 0.005^2 = 0.0001, pairs about 0.045: 0.0005, A/A: 0.0005; nu = 4 + 3 + 2."""
    found = estimate(PAIRS, NULLS, 0.005)
    assert found.value == pytest.approx(0.045)
    assert (found.freedom, found.pairs) == (9, 4)
    assert found.spread == pytest.approx(math.sqrt(0.0011 / 9))
    assert found.error == pytest.approx(1.2533141 * 0.01105542 / 2, rel=1e-6)
    assert found.half == pytest.approx(3.689662 * 0.00692795, rel=1e-6)
    assert (found.low, found.ratio, found.high) == pytest.approx((1.019626, 1.046028, 1.073112), rel=1e-5)


def test_the_spread_is_about_the_mean_and_the_value_is_the_median() -> None:
    found = estimate([0.0, 0.0, 0.03], [], 0.005)
    assert found.value == 0.0
    assert found.spread == pytest.approx(math.sqrt((4 * 0.005**2 + 0.0006) / 6))


def test_an_odd_pair_counts_as_if_it_stood_at_the_fence() -> None:
    """The fence is 7 %: about the median 0.07^2 = 0.0049, about the mean 0.06; the smaller one counts."""
    for odd in (0.3, -0.66, 1.3):
        found = estimate([0.0, 0.0, odd], [], 0.005)
        assert found.spread == pytest.approx(math.sqrt((4 * 0.005**2 + 0.0049) / 6))


def test_an_odd_arm_counts_as_if_it_stood_at_the_fence() -> None:
    found = estimate([0.0, 0.0, 0.0], [-0.66], 0.005)
    assert found.spread == pytest.approx(math.sqrt((4 * 0.005**2 + 0.0049) / 7))


def test_the_fence_widens_with_noise() -> None:
    """Four floors of 2 %; or four SD, told by the median of the deviations 0, .01, .03, .04, .05, .98."""
    by_floor = estimate([0.0, 0.0, 1.0], [], 0.02)
    assert by_floor.spread == pytest.approx(math.sqrt((4 * 0.02**2 + 0.08**2) / 6))
    loud = estimate([-0.02, 0.02, -0.03, 0.03, 1.0], [0.03], 0.005)  # their median is 0.02
    fence = 4 * 1.4826 * 0.035
    squares = 0.04**2 + 0.05**2 + 0.01**2 + fence**2 + 0.03**2
    assert loud.spread == pytest.approx(math.sqrt((4 * 0.005**2 + squares) / 9))


def test_one_odd_pair_of_many_hides_no_slow_down() -> None:
    race = [0.047, 0.05, 0.052, 0.049, 0.051, 0.048, 0.05, 0.053, 0.05]
    for odd in (-0.66, 1.3):
        assert judge([*race, odd], [0.001, -0.002, 0.001, 0.002], RULE).call is Call.SUSPECT
        assert confirm([*race, odd], [0.001, -0.66, 0.001, 0.002], RULE, (6, 10, 16)).call is Call.SLOWER


@given(races, st.floats(0.2, 700.0), st.floats(1.0, 9.0))
def test_how_odd_an_odd_pair_is_does_not_matter(race, odd, times) -> None:
    pairs, nulls = race
    near, far = (estimate([0.0] * len(pairs) + [d], [0.0] * len(nulls), 0.005) for d in (odd, odd * times))
    assert near == far


def test_the_null_arms_have_a_known_mean() -> None:
    """An A/A arm that is off by the same every time is noise, not a mean to take away."""
    assert estimate([0.0, 0.0], [0.02, 0.02], 0.005).spread == pytest.approx(math.sqrt((0.0001 + 0.0008) / 7))


@pytest.mark.parametrize(
    ("freedom", "level", "t"),  # from printed tables
    [(9, 0.9975, 3.690), (25, 0.9975, 3.078), (9, 0.95, 1.833), (10, 0.99, 2.764)],
)
def test_quantiles(freedom: int, level: float, t: float) -> None:
    assert quantile(freedom, level) == pytest.approx(t, abs=6e-4)


def test_fewer_looks_share_the_error_among_fewer() -> None:
    wide, narrow = estimate(PAIRS, NULLS, 0.005, looks=4), estimate(PAIRS, NULLS, 0.005, looks=1)
    assert wide.half / wide.error == pytest.approx(quantile(9, 0.9975))
    assert narrow.half / narrow.error == pytest.approx(quantile(9, 0.99))
    assert judge(PAIRS, NULLS, replace(RULE, looks=(4,))).estimate == narrow


def test_the_cut_and_the_margin() -> None:
    assert RULE.cut == pytest.approx(0.02469261)
    assert RULE.margin == pytest.approx(0.00493852)


def test_the_smallest_effect_by_hand() -> None:
    """s = 0.0110554 at K = 16: se = 0.0034640, nu = 25, h = 0.0106628; f + h is below g."""
    assert judge(PAIRS, NULLS, RULE).detectable == pytest.approx(
        math.exp(0.0246926 + 1.64 * 0.0034640) - 1, rel=1e-4
    )
    loud = 0.04  # f + h is above g
    error = math.sqrt(math.pi / 2) * loud / 4
    want = math.expm1(0.2 * RULE.cut + 3.078199 * error + 1.64 * error)
    assert detectable(loud, RULE) == pytest.approx(want, rel=1e-6)


def test_blunt_is_what_may_miss_five_per_cent() -> None:
    calm, loud = judge(PAIRS, NULLS, RULE), judge([-0.08, 0.08, 0.0, 0.02], NULLS, RULE)
    assert not calm.blunt
    assert loud.blunt
    assert loud.detectable > 0.05


@pytest.mark.parametrize(
    ("pairs", "call"),
    [
        ([0.04, 0.041, 0.042, 0.043], Call.SUSPECT),
        ([-0.04, -0.041, -0.042, -0.043], Call.FASTER),
        ([0.001, -0.001, 0.002, 0.0], Call.SAME),
        ([0.0245, 0.0246, 0.0246, 0.0245], Call.MORE),  # sure to be above nothing, not above the cut
        ([0.00, 0.02, 0.06, 0.08], Call.MORE),  # above the cut, its interval is not
        ([0.02, 0.02, 0.02, 0.02], Call.SAME),  # a difference, surely below the cut
        ([0.022, 0.022, 0.022, 0.022], Call.MORE),  # too near to the cut to be the same
    ],
)
def test_calls_at_the_first_look(pairs: list[float], call: Call) -> None:
    assert judge(pairs, [0.001, -0.001], RULE).call is call


def test_the_edge_of_same_by_hand() -> None:
    """nu = 7, s = 0.01 / sqrt(7), se = 0.0023685, t(7; 0.95) = 1.8946: g - 0.0044874 = 0.0202052."""
    assert judge([0.0201] * 4, [], RULE).call is Call.SAME
    assert judge([0.0203] * 4, [], RULE).call is Call.MORE
    assert judge([-0.0203] * 4, [], RULE).call is Call.MORE


@pytest.mark.parametrize(("sign", "call"), [(1, Call.SUSPECT), (-1, Call.FASTER)])
def test_the_interval_must_be_clear_of_the_margin_too(sign: int, call: Call) -> None:
    """The half widths are 0.0245 and 0.0270; 0.03 - f is 0.0251."""
    clear, touching = ([sign * (0.03 + d) for d in (-off, 0.0, 0.0, off)] for off in (0.0167, 0.0187))
    assert judge(clear, [], RULE).call is call
    assert judge(touching, [], RULE).call is Call.MORE


def test_at_the_last_look_nothing_is_left_open() -> None:
    open_ = [0.024] * 16
    assert judge(open_, [], RULE).call is Call.INCONCLUSIVE
    assert judge(open_[:15], [], RULE).call is Call.MORE
    assert judge(open_, [], RULE, last=False).call is Call.MORE
    assert judge(open_[:2], [], RULE, last=True).call is Call.INCONCLUSIVE


def test_confirmation_by_hand() -> None:
    """e' above g / 2 = 0.0123, and e' - t(nu'; 0.99) se' above f = 0.0049; nu' = 4 + 5 + 2."""
    fresh, nulls = [0.02, 0.021, 0.022, 0.02, 0.021, 0.022], [0.001, -0.001]
    found = confirm(fresh, nulls, RULE, (6,))
    assert found.call is Call.SLOWER
    assert found.estimate.freedom == 11
    assert found.estimate.half == pytest.approx(2.718079 * found.estimate.error, rel=1e-6)
    weak = [d - 0.009 for d in fresh]  # 0.012: just not half of the cut
    assert confirm(weak, nulls, RULE, (6,)).call is Call.INCONCLUSIVE
    assert confirm([0.1, -0.05, 0.03, 0.02, 0.04, -0.01], nulls, RULE, (6,)).call is Call.INCONCLUSIVE
    assert confirm([-d for d in fresh], nulls, RULE, (6,)).call is Call.INCONCLUSIVE


def test_the_looks_of_a_confirmation_share_its_error() -> None:
    fresh, nulls = [0.02, 0.021, 0.022, 0.02, 0.021, 0.022], [0.001, -0.001]
    found = confirm(fresh, nulls, RULE, (6, 10, 16)).estimate
    assert found.half / found.error == pytest.approx(quantile(11, 1 - 0.01 / 3))


def test_a_confirmation_grows_until_its_last_look() -> None:
    weak = [0.012] * 16  # just not half of the cut, and no fewer pairs decide it
    calls = [confirm(weak[:count], [], RULE, (6, 10, 16)).call for count in (6, 10, 16)]
    assert calls == [Call.MORE, Call.MORE, Call.INCONCLUSIVE]
    assert confirm([0.03] * 10, [], RULE, (6, 10, 16)).call is Call.SLOWER
    assert confirm([0.03] * 16, [], RULE, (6, 10, 16)).call is Call.SLOWER


def test_pairs_and_arms_to_measure() -> None:
    assert [confirming_looks(count, RULE) for count in LOOKS] == [(6, 10, 16), (6, 10, 16), (10, 16), (16,)]
    assert confirming_looks(4, Rule(looks=(4,))) == (6,), "what looks once is confirmed once"
    assert [nulls_needed(count) for count in (1, 2, 3, *LOOKS)] == [1, 1, 1, 2, 2, 4, 6]


def test_the_floor_of_a_run() -> None:
    arms = [[0.003, -0.004], [0.001], [0.002], [0.009], [0.02]]
    assert noise_floor(arms) == pytest.approx(math.sqrt(0.000025 / 2))
    assert noise_floor([*arms, [], ()]) == noise_floor(arms), "benchmarks without an arm do not count"
    assert noise_floor([*arms[:4], []]) == FLOOR, "four benchmarks cannot tell"
    assert noise_floor([]) == FLOOR
    assert noise_floor([[0.0]] * 9) == 0.001
    assert noise_floor(iter([[0.01, -0.01]] * 5)) == pytest.approx(0.01)


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_what_is_not_finite_is_refused(bad: float) -> None:
    for judged in (judge, partial(confirm, looks=(6,))):
        with pytest.raises(ValueError, match="must be finite"):
            judged([*PAIRS, bad], NULLS, RULE)
        with pytest.raises(ValueError, match="must be finite"):
            judged(PAIRS, [bad], RULE)
    with pytest.raises(ValueError, match="must be finite"):
        noise_floor([[0.01], [bad]])


@pytest.mark.parametrize("few", [[], [0.1]])
def test_one_pair_is_no_race(few: list[float]) -> None:
    with pytest.raises(ValueError, match="two pairs at least, not"):
        judge(few, [], RULE)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"threshold": 0.0}, "threshold"),
        ({"threshold": -0.01}, "threshold"),
        ({"threshold": math.nan}, "threshold"),
        ({"threshold": math.inf}, "threshold"),
        ({"floor": 0.0}, "floor"),
        ({"floor": math.nan}, "floor"),
        ({"looks": ()}, "looks"),
        ({"looks": (1, 4)}, "looks"),
        ({"looks": (6, 4)}, "looks"),
        ({"looks": (4, 4)}, "looks"),
    ],
)
def test_a_rule_that_is_none_is_refused(change: dict[str, object], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        replace(RULE, **change)


def test_ratios_beyond_floats_are_large_and_finite() -> None:
    found = estimate([800.0, 900.0], [], 0.005)
    assert math.isfinite(found.ratio)
    assert math.isfinite(found.high)


@given(races, rules)
def test_swapping_contender_and_baseline_mirrors_the_verdict(
    race: tuple[list[float], list[float]], rule: Rule
) -> None:
    one = judge(*race, rule)
    other = judge([-d for d in race[0]], [-a for a in race[1]], rule)
    assert other.call is MIRRORED.get(one.call, one.call)
    assert other.estimate.value == -one.estimate.value
    assert other.estimate.low == pytest.approx(1 / one.estimate.high)
    assert other.estimate.high == pytest.approx(1 / one.estimate.low)
    assert other.detectable == one.detectable


@given(races, rules, st.randoms(use_true_random=False))
def test_the_order_of_pairs_does_not_matter(race, rule, random) -> None:
    shuffled = tuple(random.sample(part, len(part)) for part in race)
    assert judge(*shuffled, rule) == judge(*race, rule)
    assert confirm(*shuffled, rule, (6, 10)) == confirm(*race, rule, (6, 10))


@given(races, rules, st.floats(1.0, 10.0))
def test_more_noise_never_narrows_the_interval(race, rule, times) -> None:
    pairs, nulls = race
    calm = judge(pairs, nulls, rule)
    middle = calm.estimate.value
    loud = judge([middle + times * (d - middle) for d in pairs], [times * a for a in nulls], rule)
    assert loud.estimate.value == pytest.approx(middle, abs=1e-12)
    assert loud.estimate.half >= calm.estimate.half * (1 - 1e-9)
    assert loud.detectable >= calm.detectable * (1 - 1e-9)


@given(races, rules, st.floats(1.0, 10.0))
def test_a_higher_floor_never_narrows_the_interval(race, rule, times) -> None:
    pairs, nulls = race
    assert estimate(pairs, nulls, rule.floor * times).half >= estimate(pairs, nulls, rule.floor).half


@given(races, rules)
def test_calls_are_what_the_interval_allows(race, rule) -> None:
    found = judge(*race, rule)
    call, ratio = found.call, found.estimate.ratio
    assert call is not Call.SLOWER, "only fresh pairs say so"
    assert (call is Call.SUSPECT) <= (found.estimate.low > 1 and ratio > 1 + rule.threshold)
    assert (call is Call.FASTER) <= (found.estimate.high < 1 and ratio < 1)
    assert (call is Call.SAME) <= (1 / (1 + rule.threshold) < ratio < 1 + rule.threshold)
    assert (call is Call.INCONCLUSIVE) <= (len(race[0]) >= rule.looks[-1])
    looks = confirming_looks(len(race[0]), rule)
    again = confirm(*race, rule, looks).call
    assert again in (Call.SLOWER, Call.MORE if len(race[0]) < looks[-1] else Call.INCONCLUSIVE)


@given(races, rules, st.floats(0.0, 0.2))
def test_a_slower_contender_is_no_less_a_suspect(race, rule, more) -> None:
    """Shifting every pair moves the interval and leaves its width."""
    pairs, nulls = race
    slow = judge([abs(d) + 0.05 for d in pairs], nulls, rule)
    slower = judge([abs(d) + 0.05 + more for d in pairs], nulls, rule)
    assert slower.estimate.half == pytest.approx(slow.estimate.half)
    assert slower.estimate.value == pytest.approx(slow.estimate.value + more)
    assume(abs(slow.estimate.value - slow.estimate.half - rule.margin) > 1e-9)
    assume(abs(slow.estimate.value - rule.cut) > 1e-9)
    assert (slow.call is Call.SUSPECT) <= (slower.call is Call.SUSPECT)


@given(races, rules)
def test_the_threshold_never_widens_with_noise(race, rule) -> None:
    """A finer threshold can only find more; what is noisy is less often decided, never "same"."""
    fine = judge(*race, replace(rule, threshold=rule.threshold / 2)).call
    coarse = judge(*race, rule).call
    assert (coarse in (Call.SUSPECT, Call.FASTER)) <= (fine is coarse)
    assert (fine is Call.SAME) <= (coarse is Call.SAME)


@given(rules, st.floats(0.0005, 0.1))
def test_what_would_be_found_is_above_the_threshold(rule: Rule, spread: float) -> None:
    assert detectable(spread, rule) > rule.threshold
