"""Fourier transforms as NumPy users write them: NumPy's own pocketfft."""

from __future__ import annotations

import numpy as np

from paceline_models.arrays._checks import COMPLEX128, Array, Complex, destination, placed
from paceline_models.arrays.fft._signal import signal


def fft_roundtrip(x: Array, out: Complex | None = None) -> Complex:
    """Return the signal after a transform there and back."""
    x = signal(x)
    destination(out, x.shape, (x,), in_place=False, dtype=COMPLEX128)
    return placed(out, np.fft.ifft(np.fft.fft(x)))


def fft_lowpass(x: Array, out: Complex | None = None) -> Complex:
    """Return the signal without the frequencies beyond n // 4."""
    x = signal(x)
    destination(out, x.shape, (x,), in_place=False, dtype=COMPLEX128)
    spectrum = np.fft.fft(x)
    cutoff = x.size // 4
    spectrum[cutoff:-cutoff] = 0
    return placed(out, np.fft.ifft(spectrum))


def power_spectrum(x: Array, out: Array | None = None) -> Array:
    """Return the squared magnitudes of the transform."""
    x = signal(x)
    destination(out, x.shape, (x,), in_place=False)
    spectrum = np.fft.fft(x)
    return placed(out, np.array(np.real(spectrum * np.conj(spectrum))))
