"""Fourier transforms by length, powers of two."""

from __future__ import annotations

from math import log2
from typing import Any

import numpy as np

from ._workload import APART, Workload

EPSILON = float(np.finfo(np.float64).eps)
LENGTHS = (1_024, 16_384, 131_072, 1_048_576)


class FftRoundtrip(Workload):
    """There and back again, of values within [-1, 1]."""

    package, function = "paceline_models.arrays.fft", "fft_roundtrip"
    axes = {"n": LENGTHS, "memory": APART}
    rtol, atol = 0.0, 16 * EPSILON  # for every doubling of the length
    version = "1"

    def inputs(self, rng: np.random.Generator, n: int) -> tuple[Any, ...]:
        """Return a signal."""
        return (rng.uniform(-1.0, 1.0, n),)

    def compare(self, got: Any, want: Any, rtol: float, atol: float) -> tuple[float, float, str]:
        """Compare by a tolerance that grows with the number of passes."""
        return super().compare(got, want, rtol, atol * log2(len(want)))


class FftLowpass(FftRoundtrip):
    """The same without the upper half of the frequencies."""

    function = "fft_lowpass"
    version = "1"


class PowerSpectrum(Workload):
    """Squared magnitudes of the transform."""

    package, function = "paceline_models.arrays.fft", "power_spectrum"
    axes = {"n": LENGTHS[:3], "memory": APART}
    rtol, atol = 1e-11, 1e-12
    version = "1"

    def inputs(self, rng: np.random.Generator, n: int) -> tuple[Any, ...]:
        """Return a signal of standard normal values."""
        return (rng.normal(size=n),)
