"""Fourier transforms for Numba: Stockham's radix 4 for powers of two, Bluestein's for every other length.

Stockham's form needs no reordering: every pass reads one array and fills another (Van Loan 1992, 1.7).
Bluestein (1970) makes a transform of any length a convolution, and so three transforms of a power of two.
"""

from __future__ import annotations

import functools

import numpy as np

from paceline_models.arrays._checks import Complex
from paceline_models.arrays._numba import compiled


@functools.lru_cache(maxsize=64)
def roots(n: int) -> Complex:
    """Return e^(-2 pi i k / n) for k < n: a plan, made once a length."""
    found: Complex = np.exp(np.arange(n) * (-2j * np.pi / n))
    return found


@functools.lru_cache(maxsize=64)
def chirp(n: int) -> Complex:
    """Return e^(-pi i k^2 / n) for k < n, the phases reduced as whole numbers."""
    k = np.arange(n, dtype=np.int64)
    found: Complex = np.exp((k * k % (2 * n)) * (-1j * np.pi / n))
    return found


def padded(n: int) -> int:
    """Return the length of Bluestein's convolution; 0 for a power of two, which needs none."""
    return 0 if n & (n - 1) == 0 else 1 << (2 * n - 2).bit_length()


@compiled
def radix4(n: int, s: int, x: Complex, y: Complex, w: Complex) -> None:
    """Do one pass of radix 4 of a transform of length n, s of them side by side."""
    quarter = n // 4
    for p in range(quarter):
        w1, w2, w3 = w[p * s], w[2 * p * s], w[3 * p * s]
        for q in range(s):
            a, b = x[q + s * p], x[q + s * (p + quarter)]
            c, d = x[q + s * (p + 2 * quarter)], x[q + s * (p + 3 * quarter)]
            even, odd, sums, turned = a + c, a - c, b + d, b - d
            turned = complex(-turned.imag, turned.real)
            y[q + s * 4 * p] = even + sums
            y[q + s * (4 * p + 1)] = (odd - turned) * w1
            y[q + s * (4 * p + 2)] = (even - sums) * w2
            y[q + s * (4 * p + 3)] = (odd + turned) * w3


@compiled
def stockham(x: Complex, y: Complex, w: Complex) -> bool:
    """Transform a power of two; true where the answer is in y, false where it is in x."""
    n, s, swapped = x.size, 1, False
    while n >= 4:
        radix4(n, s, x, y, w)
        x, y = y, x
        n, s, swapped = n // 4, 4 * s, not swapped
    if n == 2:
        for q in range(s):
            y[q], y[q + s] = x[q] + x[q + s], x[q] - x[q + s]
        swapped = not swapped
    return swapped


@compiled
def transform(x: Complex, y: Complex, w: Complex) -> Complex:
    """Return the transform of a power of two, in x or in y."""
    return y if stockham(x, y, w) else x


@compiled
def bluestein(x: Complex, phases: Complex, length: int, w: Complex) -> Complex:
    """Return the transform of any length by a convolution of a power of two."""
    n = x.size
    a, b, y = (
        np.zeros(length, np.complex128),
        np.zeros(length, np.complex128),
        np.empty(length, np.complex128),
    )
    a[:n] = x * phases
    b[0] = np.conj(phases[0])
    for k in range(1, n):
        b[k] = b[length - k] = np.conj(phases[k])
    a = transform(a, y, w).copy()
    b = transform(b, y, w)
    a = np.conj(a * b)
    return np.conj(transform(a, y, w))[:n] * phases / length


@compiled
def forward(x: Complex, w: Complex, phases: Complex, length: int) -> Complex:
    """Return the transform of x, which is changed; ``length`` is 0 where x is a power of two long."""
    if length > 0:
        return bluestein(x, phases, length, w)
    return transform(x, np.empty_like(x), w)


@compiled
def inverse(x: Complex, w: Complex, phases: Complex, length: int, out: Complex) -> None:
    """Fill the inverse transform of x, which is changed."""
    found = forward(np.conj(x), w, phases, length)
    share = 1.0 / x.size
    for i in range(x.size):
        out[i] = complex(found[i].real * share, -found[i].imag * share)
