"""What a check tells of its inputs: a SHA-256 of all that is in them, and of nothing else."""

import numpy as np
import pytest

from benchmarks._agreement import digest
from benchmarks.model import inputs_of
from benchmarks.monty import Evidence, MinimalSeed

ROWS = np.arange(12.0).reshape(3, 4)


@pytest.mark.parametrize(
    "other",
    [
        (ROWS + np.spacing(ROWS), 10),
        (ROWS.astype(np.float32), 10),
        (ROWS.reshape(4, 3), 10),
        (ROWS[:2], 10),
        (ROWS, 11),
        (ROWS, "10"),
        (ROWS,),
        ([ROWS, 10],),
        (ROWS, 10, None),
    ],
    ids=["bits", "dtype", "shape", "rows", "number", "text", "fewer", "nested", "more"],
)
def test_whatever_changes_in_the_inputs_changes_their_digest(other):
    assert digest((ROWS.copy(), 10)) == digest((np.asfortranarray(ROWS), 10))
    assert digest(other) != digest((ROWS, 10))


def test_functions_and_objects_count_by_their_type_alone():
    assert digest((lambda x: x, object())) == digest((lambda x: -x, object()))


def test_the_inputs_of_monty_are_the_same_ones_every_time():
    for model, axes in ((MinimalSeed, ("50x10",)), (Evidence, ("S", 10))):
        assert digest(inputs_of(model, *axes)) == digest(model().inputs(np.random.default_rng(1), *axes))
    assert digest(inputs_of(Evidence, "S", 3)) != digest(inputs_of(Evidence, "S", 5))
