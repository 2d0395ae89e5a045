"""Returned values, as a worker tells them and as they are compared."""

from __future__ import annotations

import decimal
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from paceline.race import _encoding
from paceline.race._encoding import encoded
from paceline.race.answers import CHANGED, IDENTICAL, UNCHECKED, compare

FLOATS = st.floats(allow_nan=True, allow_infinity=True)
PLAIN = st.recursive(
    st.one_of(FLOATS, st.integers(), st.booleans(), st.text(max_size=5), st.complex_numbers()),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=10,
)


def told(want: Any, got: Any) -> str:
    return compare(encoded(want), encoded(got))


@given(PLAIN)
def test_whatever_is_made_of_numbers_and_text_is_identical_to_itself(value: Any) -> None:
    assert told(value, value) == IDENTICAL


@given(PLAIN, PLAIN)
def test_the_order_of_the_sides_makes_no_difference(one: Any, other: Any) -> None:
    assert told(one, other) == told(other, one)


@given(st.lists(FLOATS, max_size=8), st.lists(FLOATS, max_size=8))
def test_any_two_lists_of_numbers_compare(one: list[float], other: list[float]) -> None:
    found = told(one, other)
    alike = len(one) == len(other) and all(
        a == b or (math.isnan(a) and math.isnan(b)) for a, b in zip(one, other, strict=False)
    )
    assert (found == IDENTICAL) == alike
    if found.startswith("max rel"):
        assert 0 < float(found.split()[-1]) <= 2.0


@given(st.floats(1e-300, 1e300), st.floats(1e-15, 0.5))
def test_the_relative_difference_is_that_to_the_larger(value: float, apart: float) -> None:
    found = told([1.0, value], [1.0, value * (1 - apart)])
    assert float(found.removeprefix("max rel ")) == pytest.approx(apart, rel=0.1, abs=3e-16)


@given(arrays.arrays(np.dtype("f8"), arrays.array_shapes(max_dims=3, max_side=4), elements=FLOATS))
def test_arrays_are_compared_whatever_their_order_in_memory(values: np.ndarray) -> None:
    assert told(values, np.asfortranarray(values)) == IDENTICAL
    assert told(values, values[::-1].copy()[::-1]) == IDENTICAL
    assert told(values, values.astype(">f8")) == IDENTICAL
    assert told(values, values[..., None]) == CHANGED


@pytest.mark.parametrize(
    ("want", "got", "expected"),
    [
        (1.0, 1.0 + 2**-52, "max rel 2.2e-16"),
        (1e308, -1e308, "max rel 2"),
        (0.0, 5e-324, "max rel 1"),
        (0.0, -0.0, IDENTICAL),
        (1, 1.0, IDENTICAL),
        (True, 1, IDENTICAL),
        (math.nan, 1.0, CHANGED),
        (math.inf, -math.inf, CHANGED),
        (math.inf, 1.0, CHANGED),
        ([math.nan, 1.0], [math.nan, 1.0], IDENTICAL),
        ("a", "b", CHANGED),
        (b"a", "a", CHANGED),
        ([1, 2], [1, 2, 3], CHANGED),
        ([[1], 2], [1, [2]], CHANGED),
        ({"a": 1.0}, {"b": 1.0}, CHANGED),
        ({"a": 1.0}, {"a": 2.0}, "max rel 0.5"),
        ((1, 2), [1, 2], IDENTICAL),
        (1j, 2j, "max rel 0.5"),
        (np.complex64(1 + 2j), np.complex64(1 + 3j), "max rel 0.33"),
        (np.array(1 + 2j), np.array(1 + 4j), "max rel 0.5"),
        (np.array([1 + 2j]), np.array([1 + 4j]), "max rel 0.5"),
        (np.float32(0.5), 0.5, IDENTICAL),
        (np.array(3), 3, IDENTICAL),
        (np.bool_(True), True, IDENTICAL),
        (np.longdouble(2), np.longdouble(2), IDENTICAL),
        (np.zeros(0), np.zeros(0), IDENTICAL),
        (np.array(["2020-01-01"], "M8[s]"), np.array(["2020-01-02"], "M8[s]"), "max rel 5.5e-05"),
        (2**53 + 2, 2**53 + 3, CHANGED),
        (10**400, 10**400, IDENTICAL),
        (10**400, 10**400 + 1, CHANGED),
        (np.array([2**62]), np.array([2**62 + 1]), CHANGED),
        (np.array([2**62]), np.array([2**62], ">i8"), IDENTICAL),
        (np.array([2**64 - 1], "u8"), np.array([2**64 - 2], "u8"), CHANGED),
        (np.array([-(2**62)]), np.array([-(2**62)]), IDENTICAL),
        (None, None, UNCHECKED),
        (object(), object(), UNCHECKED),
        (decimal.Decimal(1), decimal.Decimal(1), UNCHECKED),
        (np.array([None]), np.array([None]), UNCHECKED),
        ([1.0, object()], [1.0, object()], UNCHECKED),
        (np.ma.array([1.0, 2.0], mask=[0, 1]), np.ma.array([1.0, 2.0], mask=[0, 1]), UNCHECKED),
        ({1, 2}, {1, 2}, UNCHECKED),
    ],
)
def test_what_two_values_are_called(want: Any, got: Any, expected: str) -> None:
    assert told(want, got) == expected
    assert told(got, want) == expected


class Odd:
    """Looks like an array, and raises what no array would."""

    dtype = np.dtype("f8")
    shape = (3,)

    def ravel(self) -> None:
        raise KeyError("not so")


def test_a_class_that_raises_when_it_is_read_is_unchecked() -> None:
    assert told(Odd(), Odd()) == UNCHECKED


def test_a_value_within_itself_is_unchecked() -> None:
    endless: list[Any] = []
    endless.append(endless)
    assert told(endless, endless) == UNCHECKED


def test_of_a_long_array_only_a_hash_travels() -> None:
    values = np.arange(_encoding.MOST_NUMBERS + 1, dtype=float)
    answer = encoded(values)
    assert len(str(answer)) < 500
    other = values.copy()
    other[-1] += 1e-9
    assert (told(values, values.copy()), told(values, other)) == (IDENTICAL, CHANGED)
    assert told(values, values.astype(int)) == IDENTICAL
    assert told(values, values[:-1]) == CHANGED


def test_a_long_list_is_told_by_its_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_encoding, "MOST_NUMBERS", 100)
    values = [0.5] * 101
    assert encoded(values)["numbers"] is None
    assert told(values, list(values)) == IDENTICAL
    assert told(values, [*values[:-1], 0.25]) == CHANGED


def test_a_list_that_takes_too_long_to_look_at_is_unchecked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_encoding, "MOST_ITEMS", 100)
    assert told([[0.5] * 45] * 2, [[0.5] * 45] * 2) == IDENTICAL
    assert told([[0.5] * 50] * 2, [[0.5] * 50] * 2) == UNCHECKED


@pytest.mark.parametrize("answer", [None, {}, {"status": "failed"}])
def test_without_an_answer_nothing_is_called_identical(answer: Any) -> None:
    assert compare(answer, encoded(1.0)) == compare(encoded(1.0), answer) == UNCHECKED
