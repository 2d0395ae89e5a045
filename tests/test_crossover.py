"""Where two implementations are level, and how well that is known."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from raced_tables import raced_table

from paceline.report import crossings
from paceline.report.contents import Cell, Row, Table
from paceline.stats.crossover import Crossover, Point, crossovers
from paceline.stats.ratio import Median, Ratio


def points(*ratios: tuple[float, float], spread: float = 1.02) -> list[Point]:
    return [Point(size, ratio, ratio / spread, ratio * spread) for size, ratio in ratios]


def test_between_two_sizes_it_is_on_the_line_in_logarithms() -> None:
    (found,) = crossovers(points((100, 0.5), (10_000, 2.0)))
    assert found.size == pytest.approx(1000)
    assert found.rising
    assert found.low < found.size < found.high
    (back,) = crossovers(points((100, 2.0), (10_000, 0.5)))
    assert not back.rising
    assert back.size == pytest.approx(1000)


def test_what_is_undecided_crosses_nothing_but_lies_between() -> None:
    assert list(crossovers(points((1, 0.9), (10, 0.99)))) == []
    assert list(crossovers(points((1, 1.01), (10, 0.99)))) == []
    (found,) = crossovers(points((1, 0.5), (10, 1.01), (100, 2.0)))
    assert 1 < found.low <= found.size <= found.high < 100


def test_every_crossing_is_told() -> None:
    found = list(crossovers(points((1, 0.5), (10, 2.0), (100, 0.5))))
    assert [one.rising for one in found] == [True, False]


ratios = st.floats(0.01, 100).filter(lambda ratio: not 0.95 < ratio < 1.05)


@given(st.lists(ratios, min_size=2, max_size=6), st.floats(1.0, 1.04))
def test_a_crossover_lies_where_the_ratio_changes_sides(values: list[float], spread: float) -> None:
    known = points(*((10.0**place, value) for place, value in enumerate(values)), spread=spread)
    found = list(crossovers(known))
    sides = [value < 1 for value in values]
    assert len(found) == sum(one != other for one, other in itertools.pairwise(sides))
    for one in found:
        assert one.low <= one.size * (1 + 1e-9)
        assert one.size <= one.high * (1 + 1e-9)
        place = math.floor(math.log10(one.size) - 1e-9)
        assert sides[max(place, 0)] == one.rising or math.isclose(one.size, 10.0 ** (place + 1))


@given(ratios, ratios, st.floats(1.001, 1.02), st.floats(1.02, 1.04))
def test_wider_intervals_make_wider_crossovers(one: float, two: float, narrow: float, wide: float) -> None:
    assume((one < 1) != (two < 1))
    (small,), (large,) = (crossovers(points((1, one), (10, two), spread=each)) for each in (narrow, wide))
    assert large.low <= small.low * (1 + 1e-9)
    assert small.high <= large.high * (1 + 1e-9)


def table(*values: float) -> Table:
    cells = tuple(Cell("measured", Median(1.0), Ratio(value, value / 1.01, value * 1.01)) for value in values)
    rows = (Row("rust_pyo3", cells), Row("numba_jit", cells))
    columns = tuple(10**place for place in range(len(values)))
    return Table("m", "m", "f", "f.M.time_run", "seconds", (), "n", columns, rows, "numba_jit")


def test_it_is_said_who_is_faster_below_and_above() -> None:
    (said,) = crossings.sentences(table(0.5, 2.0))
    assert said.startswith(
        "rust_pyo3 and numba_jit are level at n = 3.2 (3.1-3.2): below it rust_pyo3 is faster"
    )
    assert said.endswith("above it numba_jit")
    assert list(crossings.sentences(table(0.5, 0.7))) == []


def raced(*cells: tuple[float, float, float, str]) -> Table:
    return raced_table(table(*(one[0] for one in cells)).columns, cells)


def test_what_a_race_calls_the_same_is_not_decided_however_narrow_its_interval_is() -> None:
    level = (0.992, 0.987, 0.997, "same")
    assert list(crossings.crossings(raced(level, (2.0, 1.9, 2.1, "slower")))) == []
    ((_, found),) = crossings.crossings(raced((0.5, 0.49, 0.51, "faster"), level, (2.0, 1.9, 2.1, "slower")))
    assert found.low == pytest.approx(10.0)  # where the interval of the second one is taken to reach 1
    assert 10.0 < found.size < found.high < 11.0


def test_medians_of_asv_that_differ_by_less_than_a_tenth_are_not_decided() -> None:
    assert list(crossings.crossings(table(0.95, 2.0))) == []
    assert len(list(crossings.crossings(table(0.9, 2.0)))) == 1


def test_an_undecided_size_between_decided_ones_widens_the_interval() -> None:
    """Zscore as it was raced: what is open at the middle size may cross anywhere."""
    known = raced(
        (0.306, 0.299, 0.313, "faster"), (1.17, 0.281, 4.88, "inconclusive"), (4.68, 4.49, 4.88, "slower")
    )
    ((_, found),) = crossings.crossings(replace(known, columns=(10_000, 100_000, 1_000_000)))
    told = [crossings.rounded(size) for size in (found.low, found.size, found.high)]
    assert told == ["26,000", "76,000", "290,000"]


def test_sizes_are_told_as_well_as_they_are_known() -> None:
    assert [crossings.rounded(size) for size in (3.16, 12.6, 1_234, 98_765)] == [
        "3.2",
        "13",
        "1,200",
        "99,000",
    ]
    assert Crossover(1.0, 0.5, 2.0, True).rising
