"""Five small kernels, 1 to 5 ms a call; each is one loop of ``ROUNDS`` equal rounds."""

# ruff: noqa: ANN201

import numpy as np

ROUNDS = 100  # as it was at first
CHUNK = 10_000
CHUNKS = 100

_X = np.linspace(-1.0, 1.0, 64)
_COEFFICIENTS = (0.5, -0.25, 0.125, -0.0625, 1.0, 0.3, -0.2, 0.1) * 3
_SOURCE = np.linspace(0.0, 1.0, CHUNKS * CHUNK)  # 8 MB
_TARGET = np.empty_like(_SOURCE)


def integer_loop():
    """Arithmetic of the interpreter alone."""
    total = 1
    for turn in range(ROUNDS):
        for number in range(400):
            total = (total * 31 + number + turn) & 0xFFFF
    return total


def polynomial():
    """Horner's rule on an array of 64 numbers: the price of a call of NumPy."""
    value = _X
    for _ in range(ROUNDS):
        value = _X
        for coefficient in _COEFFICIENTS:
            value = value * _X + coefficient
    return value


def memory():
    """Read 8 MB and write 8 MB, chunk by chunk, five times; a round too many begins anew."""
    for _ in range(5):
        for turn in range(ROUNDS):
            start = turn % CHUNKS * CHUNK
            np.multiply(_SOURCE[start : start + CHUNK], 1.0001, out=_TARGET[start : start + CHUNK])
    return _TARGET


def allocation():
    """Small dictionaries and tuples, made and thrown away."""
    kept = ()
    for turn in range(ROUNDS):
        kept = tuple({"turn": turn, "number": number, "pair": (turn, number)} for number in range(150))
    return kept


def text():
    """Lines formatted and joined."""
    length = 0
    for turn in range(ROUNDS):
        length += len("\n".join(f"{turn:04d},{number:06d},{number * 0.5:.2f}" for number in range(40)))
    return length
