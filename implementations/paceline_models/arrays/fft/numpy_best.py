"""Fourier transforms in NumPy with as few arrays as possible: ``out=`` in every operation."""

from __future__ import annotations

import numpy as np

from paceline_models.arrays._checks import COMPLEX128, Array, Complex, destination
from paceline_models.arrays.fft._signal import signal


def _place(x: Array, out: Complex | None) -> Complex:
    place = destination(out, x.shape, (x,), in_place=False, dtype=COMPLEX128)
    return np.empty(x.shape, COMPLEX128) if place is None else place


def fft_roundtrip(x: Array, out: Complex | None = None) -> Complex:
    """Return the signal after a transform there and back."""
    x = signal(x)
    answer = _place(x, out)
    np.fft.fft(x, out=answer)
    return np.fft.ifft(answer, out=answer)


def fft_lowpass(x: Array, out: Complex | None = None) -> Complex:
    """Return the signal without the frequencies beyond n // 4."""
    x = signal(x)
    answer, cutoff = _place(x, out), x.size // 4
    np.fft.fft(x, out=answer)
    answer[cutoff:-cutoff] = 0
    return np.fft.ifft(answer, out=answer)


def power_spectrum(x: Array, out: Array | None = None) -> Array:
    """Return the squared magnitudes of the transform."""
    x = signal(x)
    place = destination(out, x.shape, (x,), in_place=False)
    spectrum = np.fft.fft(x)
    parts = spectrum.view(np.float64)
    parts *= parts
    return np.add(spectrum.real, spectrum.imag, out=np.empty(x.shape) if place is None else place)
