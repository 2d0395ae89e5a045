from __future__ import annotations

import ast
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paceline.stats import ratio as module
from paceline.stats.ratio import Median, Ratio, geometric_mean, ratio

times = st.floats(1e-9, 1e4)
shares = st.floats(0, 0.9)


@st.composite
def medians(draw):
    value = draw(times)
    return Median(value, value * (1 - draw(shares)), value * (1 + draw(shares)))


@given(medians())
def test_a_median_divided_by_itself_is_one_and_undecided(median):
    found = ratio(median, median)
    assert found.value == 1
    assert found.low <= 1 <= found.high
    assert not found.decided


@given(medians(), medians())
def test_swapping_the_two_turns_ratio_and_interval_over(a, b):
    one, other = ratio(a, b), ratio(b, a)
    assert one.value * other.value == pytest.approx(1)
    assert one.low * other.high == pytest.approx(1)
    assert one.high * other.low == pytest.approx(1)


@given(medians(), medians(), st.floats(1e-3, 1e3))
def test_the_unit_of_time_does_not_matter(a, b, scale):
    def scaled(median):
        return Median(median.value * scale, median.low * scale, median.high * scale)

    one, other = ratio(a, b), ratio(scaled(a), scaled(b))
    assert (one.value, one.low, one.high) == pytest.approx((other.value, other.low, other.high))


@given(medians(), medians())
def test_the_interval_holds_the_ratio(a, b):
    found = ratio(a, b)
    assert found.low <= found.value <= found.high


@given(medians(), medians(), st.floats(1, 3))
def test_a_wider_interval_never_makes_the_ratio_surer(a, b, factor):
    wider = Median(a.value, a.low / factor, a.high * factor)
    assert ratio(wider, b).low <= ratio(a, b).low * (1 + 1e-12)
    assert ratio(wider, b).high >= ratio(a, b).high * (1 - 1e-12)


def test_half_widths_add_in_quadrature_on_the_logarithms():
    a = Median(2.0, 2 / math.exp(0.03), 2 * math.exp(0.03))
    b = Median(1.0, math.exp(-0.04), math.exp(0.04))
    assert ratio(a, b).high == pytest.approx(2 * math.exp(0.05))
    assert ratio(a, b).low == pytest.approx(2 * math.exp(-0.05))


def test_an_exact_baseline_hands_its_contender_s_interval_on():
    found = ratio(Median(2.0, 1.5, 3.0), Median(4.0, 4.0, 4.0))
    assert (found.value, found.low, found.high) == pytest.approx((0.5, 0.375, 0.75))


def test_simulated_medians_are_covered_about_as_often_as_promised():
    import numpy as np

    rng = np.random.default_rng(20)
    covered = 0
    for _ in range(2000):
        logs, half = rng.normal(0, 0.01, 2), 2.576 * 0.01
        a, b = (Median(math.exp(x), math.exp(x - half), math.exp(x + half)) for x in logs)
        found = ratio(a, b)
        covered += found.low <= 1 <= found.high
    assert 0.98 <= covered / 2000 <= 1.0


@pytest.mark.parametrize(
    "unsure",
    [
        Median(1.0),
        Median(1.0, 0.9),
        Median(1.0, 0.0, 1.1),
        Median(1.0, -1.0, 1.1),
        Median(1.0, 0.9, math.inf),
        Median(1.0, math.nan, 1.1),
        Median(1.0, 0.9, math.nan),
    ],
)
def test_without_a_positive_finite_interval_there_is_none(unsure):
    assert ratio(unsure, Median(2.0, 1.9, 2.1)) == Ratio(0.5)
    assert not ratio(Median(2.0, 1.9, 2.1), unsure).decided


@pytest.mark.parametrize("value", [0.0, -1.0, math.inf, math.nan])
def test_what_is_no_time_is_refused(value):
    with pytest.raises(ValueError, match="positive"):
        ratio(Median(value), Median(1.0))
    with pytest.raises(ValueError, match="positive"):
        ratio(Median(1.0), Median(value))


def test_an_interval_beside_its_median_does_not_turn_over():
    found = ratio(Median(1.0, 1.1, 1.2), Median(1.0, 1.0, 1.0))
    assert found.low == 1.0
    assert found.high == pytest.approx(1.2)


def test_extreme_medians_do_not_raise():
    assert ratio(Median(1e308, 1e307, 1.1e308), Median(1e-308, 1e-309, 1.1e-308)).value == math.inf
    assert ratio(Median(5e-324), Median(1e308)).value == 0


@given(st.lists(st.floats(1e-6, 1e6), min_size=1), st.floats(1e-3, 1e3))
def test_the_geometric_mean_scales_and_lies_between(values, scale):
    mean = geometric_mean(values)
    assert min(values) * (1 - 1e-9) <= mean <= max(values) * (1 + 1e-9)
    assert geometric_mean(value * scale for value in values) == pytest.approx(mean * scale)


def test_the_geometric_mean_of_nothing_is_unknown():
    assert geometric_mean([]) is None
    assert geometric_mean([0.5, 2.0]) == pytest.approx(1.0)


def test_statistics_import_nothing_of_ours():
    tree = ast.parse(Path(module.__file__).read_text())
    names = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert not [name for name in names if name.startswith("paceline")]
