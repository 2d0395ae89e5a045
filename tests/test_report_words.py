from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paceline.report import words
from paceline.stats.ratio import Ratio

XY = ("x", "y")


@pytest.mark.parametrize(
    ("ratio", "said"),
    [
        (Ratio(0.525, 0.515, 0.535), "x runs about 1.90x faster than y at n = 3, by asv's medians"),
        (Ratio(2.35, 2.30, 2.40), "x runs about 2.35x slower than y at n = 3, by asv's medians"),
        (Ratio(118.2, 110.0, 131.0), "x runs about 118x slower than y at n = 3, by asv's medians"),
        (Ratio(0.5), "x ran about 2.00x faster than y at n = 3, but too few samples to decide anything"),
        (Ratio(0.5, 0.2, 1.2), "x cannot be told apart from y by asv's medians (ratio about 0.500) at n = 3"),
    ],
)
def test_sentences_of_unpaired_ratios_say_about(ratio, said):
    assert words.unpaired(XY, ratio, " at n = 3") == said


@pytest.mark.parametrize("value", [0.92, 0.9985, 1.0, 1.05, 1.09])
def test_an_unpaired_difference_below_ten_per_cent_is_never_claimed(value):
    ratio = Ratio(value, value * 0.999, value * 1.001)
    assert "cannot be told apart" in words.unpaired(XY, ratio, "")
    assert not words.claims(ratio)


@pytest.mark.parametrize(
    ("ratio", "verdict", "said"),
    [
        (Ratio(0.525, 0.515, 0.535), "faster", "x runs 1.90x faster than y (1.87-1.94) at n = 3"),
        (Ratio(2.35, 2.30, 2.40), "slower", "x runs 2.35x slower than y (2.30-2.40) at n = 3"),
        (Ratio(0.95, 0.94, 0.96), "faster", "x runs 1.053x faster than y (1.042-1.064) at n = 3"),
        (Ratio(1.001, 0.99, 1.01), "same", "x is as fast as y within 2.5 % at 95 % (0.990-1.010) at n = 3"),
        (
            Ratio(0.97, 0.9, 1.01),
            "inconclusive",
            "x is undecided against y (ratio 0.900-1.010) at n = 3",
        ),
    ],
)
def test_sentences_of_races_have_their_interval(ratio, verdict, said):
    assert words.raced(XY, ratio, verdict, 0.025, " at n = 3") == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (1.2e-3, "1.20 ms"), (9.996e-4, "1.00 ms"), (123e-6, "123 us"), (3.25, "3.25 s"), (1234.0, "1,234 s"),
        (2.5e-9, "2.50 ns"), (1e-15, "1e-06 ns"), (-0.5, "-500 ms"),
    ],
)  # fmt: skip
def test_times_have_sensible_units(value, said):
    assert words.seconds(value) == said


@given(st.floats(1e-12, 1e9), st.floats(0.5, 1), st.floats(1, 2))
def test_any_ratio_can_be_said(value, low, high):
    assert words.ratio(Ratio(value, value * low, value * high))
    ratio = Ratio(value, value * low, value * high)
    assert words.unpaired(XY, ratio, "")
    assert all(words.raced(XY, ratio, verdict, 0.025, "") for verdict in ("faster", "same", "inconclusive"))


@pytest.mark.parametrize(
    ("value", "said"), [(0.025, "2.5 %"), (0.994, "99 %"), (0.996, "100 %"), (1.5, "150 %"), (0.0, "0 %")]
)
def test_per_cents_have_no_exponent(value, said):
    assert words.percent(value) == said
