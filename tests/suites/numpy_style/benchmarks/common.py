"""What every module of this suite imports: a parent class with nothing in it, and shared inputs."""

import functools

import numpy as np

ROWS = 96
TYPES = [np.int16, np.float32, "complex64", np.dtype(">i4")]


class Benchmark:
    pass


@functools.cache
def square(dtype):
    """Return the same read-only matrix to all that ask for its type."""
    matrix = np.arange(ROWS * ROWS).reshape(ROWS, ROWS).astype(dtype)
    matrix.setflags(write=False)
    return matrix
