"""Array operations against NumPy, of all lengths and layouts, in all places: umath, activation, normalise."""

import array_checks as checks
import pytest
from array_runs import MATRIX, SERIES, cases

from benchmarks.arrays import activation, normalise, umath

CASES = cases(umath, activation, normalise)
FILLING = [case for case in CASES if not case.returns_number]
IN_PLACE = [case for case in CASES if case.in_place]
ANY_SHAPE = [case for case in CASES if case.function not in MATRIX | SERIES]


@pytest.mark.parametrize("special", [False, True], ids=["plain", "special"])
@pytest.mark.parametrize("case", CASES, ids=str)
def test_all_lengths(case, special):
    checks.agrees_at_all_lengths(case, special)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_all_layouts(case):
    checks.agrees_in_all_layouts(case)


@pytest.mark.parametrize("case", FILLING, ids=str)
def test_out(case):
    checks.fills_what_it_is_given(case)


@pytest.mark.parametrize("case", ANY_SHAPE, ids=str)
def test_any_shape(case):
    checks.agrees_in_any_shape(case)


@pytest.mark.parametrize("case", IN_PLACE, ids=str)
def test_in_place(case):
    checks.works_in_place(case)
