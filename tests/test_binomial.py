"""Exact bounds of rates: Clopper-Pearson."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from paceline.stats.binomial import lower, upper

LEVELS = st.floats(0.5, 0.999)


@st.composite
def counts(draw: st.DrawFn) -> tuple[int, int]:
    trials = draw(st.integers(1, 2_000))
    return draw(st.integers(0, trials)), trials


def test_nothing_found_in_3000() -> None:
    assert upper(0, 3_000) == pytest.approx(0.000998, abs=5e-7)
    assert upper(0, 3_000) == pytest.approx(1 - 0.05 ** (1 / 3_000), rel=1e-9)
    assert lower(0, 3_000) == 0.0


def test_everything_found() -> None:
    assert lower(300, 300) == pytest.approx(0.05 ** (1 / 300), rel=1e-9)
    assert upper(300, 300) == 1.0


def test_a_textbook_interval() -> None:
    """10 of 100, two-sided 95 %: 4.90 % to 17.62 %."""
    assert lower(10, 100, 0.975) == pytest.approx(0.0490, abs=5e-5)
    assert upper(10, 100, 0.975) == pytest.approx(0.1762, abs=5e-5)


@given(counts(), LEVELS)
def test_at_a_bound_the_count_is_just_as_rare_as_the_level_says(count: tuple[int, int], level: float) -> None:
    found, trials = count
    low, high = lower(found, trials, level), upper(found, trials, level)
    if found > 0:
        assert binom.sf(found - 1, trials, low) == pytest.approx(1 - level, rel=1e-6)
    if found < trials:
        assert binom.cdf(found, trials, high) == pytest.approx(1 - level, rel=1e-6)
    assert 0 <= low <= found / trials <= high <= 1


@given(counts(), LEVELS)
def test_what_is_found_and_what_is_missed_mirror_each_other(count: tuple[int, int], level: float) -> None:
    found, trials = count
    assert lower(found, trials, level) == pytest.approx(1 - upper(trials - found, trials, level), abs=1e-12)


@pytest.mark.parametrize("count", [(-1, 10), (11, 10), (0, 0)])
def test_impossible_counts_are_refused(count: tuple[int, int]) -> None:
    for bound in (lower, upper):
        with pytest.raises(ValueError, match="found <= trials"):
            bound(*count)


@pytest.mark.parametrize("level", [0.0, 1.0, float("nan"), 95.0])
def test_impossible_levels_are_refused(level: float) -> None:
    for bound in (lower, upper):
        with pytest.raises(ValueError, match="a level lies between"):
            bound(1, 10, level)
