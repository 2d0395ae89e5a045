"""Fourier transforms in Numba: our own, Stockham's radix 4, and Bluestein's where n is no power of two."""

from __future__ import annotations

import numpy as np

from paceline_models.arrays._checks import COMPLEX128, Array, Complex, contiguous, placed, target
from paceline_models.arrays._numba import compiled
from paceline_models.arrays.fft._numba import chirp, forward, inverse, padded, roots
from paceline_models.arrays.fft._signal import signal


@compiled
def _filtered(x: Array, w: Complex, phases: Complex, length: int, cutoff: int, out: Complex) -> None:
    spectrum = forward(x.astype(np.complex128), w, phases, length)
    if cutoff > 0:
        spectrum[cutoff : x.size - cutoff] = 0.0
    inverse(spectrum, w, phases, length, out)


@compiled
def _powers(x: Array, w: Complex, phases: Complex, length: int, out: Array) -> None:
    spectrum = forward(x.astype(np.complex128), w, phases, length)
    for i in range(x.size):
        out[i] = spectrum[i].real * spectrum[i].real + spectrum[i].imag * spectrum[i].imag


def _plan(n: int) -> tuple[Complex, Complex, int]:
    length = padded(n)
    return roots(length or n), chirp(n) if length else roots(1), length


def _there_and_back(x: Array, cutoff: int, out: Complex | None) -> Complex:
    given = contiguous("x", x)
    filled = target(out, given.shape, (x,), in_place=False, dtype=COMPLEX128)
    _filtered(given, *_plan(x.size), cutoff, filled)
    return placed(out, filled)


def fft_roundtrip(x: Array, out: Complex | None = None) -> Complex:
    """Return the signal after a transform there and back."""
    return _there_and_back(signal(x), 0, out)


def fft_lowpass(x: Array, out: Complex | None = None) -> Complex:
    """Return the signal without the frequencies beyond n // 4."""
    x = signal(x)
    return _there_and_back(x, x.size // 4, out)


def power_spectrum(x: Array, out: Array | None = None) -> Array:
    """Return the squared magnitudes of the transform."""
    given = contiguous("x", signal(x))
    filled = target(out, given.shape, (x,), in_place=False)
    _powers(given, *_plan(given.size), filled)
    return placed(out, filled)
