"""What is asked of every function of array operations, whatever it computes."""

import numpy as np
import pytest
from array_runs import LAYOUTS, LEAST, Case, arguments, assert_agrees, quietly, strided

LENGTHS = (*range(18), 31, 32, 33, 63, 64, 65, 70, 129, 515, 5000)


def agrees_at_all_lengths(case: Case, special: bool) -> None:
    """Tails of every length, blocks, and values that are no ordinary numbers."""
    for count in LENGTHS:
        given = arguments(case.function, count, seed=count, special=special)
        if given[0].size < LEAST.get(case.function, 0):
            continue
        before = [x.copy() for x in given]
        want = quietly(case.reference, *given)
        got = quietly(case.call, *given)
        assert_agrees(case, given, got, want, f"{count} elements: {given[0]}" if count < 20 else f"{count}")
        for old, new in zip(before, given, strict=True):
            np.testing.assert_array_equal(new, old)


def agrees_in_all_layouts(case: Case) -> None:
    given = arguments(case.function, 203, seed=1)
    want = quietly(case.reference, *given)
    for layout in LAYOUTS:
        other = [layout(x) for x in given]
        assert_agrees(case, given, quietly(case.call, *other), want, layout.__name__)


def agrees_in_any_shape(case: Case) -> None:
    """Functions of elements take any number of dimensions, none included."""
    for shape in ((), (1, 1, 1), (3, 4, 5), (0, 3)):
        size = int(np.prod(shape))
        given = [x.reshape(shape) for x in arguments(case.function, size, seed=2)]
        if size < LEAST.get(case.function, 0):
            continue
        want = quietly(case.reference, *given)
        assert_agrees(case, given, quietly(case.call, *given), want, f"{shape}")


def fills_what_it_is_given(case: Case) -> None:
    given = arguments(case.function, 203, seed=3)
    want = quietly(case.reference, *given)
    plain = np.full_like(want, np.nan)
    wide = strided(plain)
    odd = np.zeros(want.size * 8 + 1, np.uint8)[1:].view(np.float64).reshape(want.shape)
    for out in (plain, wide, wide[..., ::-1], odd, np.asfortranarray(plain)):
        got = quietly(case.call, *given, out=out)
        assert got is out
        assert_agrees(case, given, got, want, f"{out.strides}")
    if wide.ndim == 1:
        assert np.isnan(wide.base[1::2]).all() or wide.base.size <= 1


def works_in_place(case: Case) -> None:
    for which in range(len(arguments(case.function, 203))):
        given = arguments(case.function, 203, seed=4)
        want = quietly(case.reference, *given)
        if given[which].shape != want.shape:
            continue
        for layout in (np.copy, strided):
            mine = [x.copy() for x in given]
            mine[which] = layout(given[which])
            got = quietly(case.call, *mine, out=mine[which])
            assert got is mine[which]
            assert_agrees(case, given, got, want, f"argument {which}, {layout.__name__}")


def error_of(call, *args, **named) -> tuple[type, str]:
    with pytest.raises((TypeError, ValueError)) as caught:
        quietly(call, *args, **named)
    return caught.type, str(caught.value)


def fails_as_the_reference_does(case: Case, name: str, *args, **named) -> None:
    """The same error everywhere, and it names the argument."""
    want = error_of(case.reference, *args, **named)
    assert error_of(case.call, *args, **named) == want
    assert name in want[1]
