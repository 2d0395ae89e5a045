"""Bad arguments of array operations: one error, the same in every implementation, that names the argument."""

import numpy as np
import pytest
from array_checks import error_of, fails_as_the_reference_does
from array_runs import ALL, COLUMNS, LEAST, MATRIX, SERIES, arguments, cases, misaligned

CASES = cases(*ALL)
NAMES = {
    "exp_sin_chain": "ab", "weighted_mean": "xw", "covariance": "xy", "mse": "ab", "corrcoef": "X",
    "layer_norm": ("x", "gamma", "beta"), "layer_norm_rows": ("x", "gamma", "beta"), "batch_norm": "xmvgb",
    "image_normalize": ("img",),
}  # fmt: skip
BAD_TYPES = {
    "float32": lambda x: x.astype(np.float32),
    "int64": lambda x: x.astype(np.int64),
    "big-endian": lambda x: x.astype(">f8"),
    "complex": lambda x: x.astype(complex),
    "list": lambda x: x.tolist(),
    "None": lambda x: None,
}
each = pytest.mark.parametrize("case", CASES, ids=str)
each_filling = pytest.mark.parametrize("case", [c for c in CASES if not c.returns_number], ids=str)


def names(case):
    return tuple(NAMES.get(case.function, "x"))


@each
def test_other_types(case):
    for position, name in enumerate(names(case)):
        for bad in BAD_TYPES.values():
            given = arguments(case.function, 30)
            given[position] = bad(given[position])
            fails_as_the_reference_does(case, name, *given)
            assert error_of(case.call, *given)[0] is TypeError


@pytest.mark.parametrize("case", [c for c in CASES if len(names(c)) > 1], ids=str)
def test_other_lengths(case):
    for position, name in list(enumerate(names(case)))[1:]:
        for size in (29, 31, 0):
            given = arguments(case.function, 30)
            given[position] = np.ones(size)
            fails_as_the_reference_does(case, name, *given)
    given = arguments(case.function, 30)
    given[-1] = given[-1][..., np.newaxis]
    fails_as_the_reference_does(case, names(case)[-1], *given)


@pytest.mark.parametrize("case", [c for c in CASES if c.function in MATRIX | SERIES], ids=str)
def test_other_dimensions(case):
    given = arguments(case.function, 30)
    for wrong in (given[0].reshape(-1) if case.function in MATRIX else given[0][np.newaxis], np.array(1.0)):
        fails_as_the_reference_does(case, names(case)[0], wrong, *given[1:])


@pytest.mark.parametrize("case", [c for c in CASES if c.function in LEAST], ids=str)
def test_too_few(case):
    for count in range(LEAST[case.function]):
        shape = (count, count) if case.function in MATRIX else (count,)
        fails_as_the_reference_does(case, names(case)[0], np.ones(shape))


@each_filling
def test_bad_out(case):
    given = arguments(case.function, 30)
    good = np.asarray(case.reference(*given))
    readonly = good.copy()
    readonly.flags.writeable = False
    longer = np.empty((*good.shape[:-1], good.shape[-1] + 1))
    for out in (
        readonly,
        longer,
        good[np.newaxis],
        good.astype(np.float32),
        good.tolist(),
        misaligned(longer),
    ):
        fails_as_the_reference_does(case, "out", *given, out=out)


@each_filling
def test_overlapping_out(case):
    want = np.asarray(case.reference(*arguments(case.function, 30)))
    for position, given in enumerate(arguments(case.function, 30)):
        size = given.size + want.size
        pool = np.ones(size + 1)
        for start in (1, given.size // 2 + 1):
            mine = arguments(case.function, 30)
            mine[position] = pool[: given.size].reshape(given.shape)
            out = pool[start : start + want.size].reshape(want.shape)
            fails_as_the_reference_does(case, "out", *mine, out=out)
        backwards = mine[position].reshape(-1)[::-1]
        if backwards.size == want.size:
            fails_as_the_reference_does(case, "out", *mine, out=backwards.reshape(want.shape))
    if not case.in_place and want.shape == arguments(case.function, 30)[0].shape:
        given = arguments(case.function, 30)
        fails_as_the_reference_does(case, "out", *given, out=given[0])


@each_filling
def test_neighbours_do_not_overlap(case):
    """Two halves of one block, and every second element of it, are arrays of their own."""
    given = arguments(case.function, 30)
    want = np.asarray(case.reference(*given))
    pool = np.ones(2 * max(given[0].size, want.size))
    mine = pool[1::2][: given[0].size].reshape(given[0].shape)
    mine[...] = given[0]
    out = pool[::2][: want.size].reshape(want.shape)
    if out.base is None or not np.may_share_memory(out, pool):  # a matrix of strides is copied by reshape
        return
    assert case.call(mine, *given[1:], out=out) is out
    np.testing.assert_allclose(out, want, rtol=1e-9, atol=1e-12)


def test_every_function_with_columns_is_told():
    assert set(COLUMNS) <= set(NAMES)
