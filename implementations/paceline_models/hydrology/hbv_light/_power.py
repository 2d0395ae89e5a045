"""x^exponent for many x in [0, 1] and one exponent, cheaper than ``**``: ``power.rs`` in Numba.

The numbers from 2^-8 to 1 are cut into 32 segments an octave. With c the middle of the segment of x and
r = x/c - 1, x^b = c^b (1 + r)^b; c^b is computed when the segment is first met, and since b is the same for
all x, the binomial series of (1 + r)^b has fixed coefficients. abs(r) < 2^-6, so that eight terms are enough
up to b = 8 (relative error below 1e-14); what lies outside goes to ``**``.
"""

from __future__ import annotations

import numpy as np

from paceline_models._numba import njit
from paceline_models.hydrology._checks import Array

Series = tuple[float, float, float, float, float, float, float, float]

SEGMENTS = 32 * 8 + 1
SEGMENT_OF_ONE = 1023 << 5  # counted over all positive numbers
SHIFT = 47  # the bits of a double below those that tell its segment
LARGEST_EXPONENT = 8.0


@njit(cache=True, error_model="numpy")
def binomial_series(b: float) -> Series:
    """Return the coefficients of (1 + r)^b up to r^7."""
    c2 = b * (b - 1.0) / 2.0
    c3 = c2 * (b - 2.0) / 3.0
    c4 = c3 * (b - 3.0) / 4.0
    c5 = c4 * (b - 4.0) / 5.0
    c6 = c5 * (b - 5.0) / 6.0
    return 1.0, b, c2, c3, c4, c5, c6, c6 * (b - 6.0) / 7.0


@njit(cache=True, error_model="numpy")
def new_anchors() -> Array:
    """Return room for 1/c and c^b of every segment: zero until it is first met."""
    return np.zeros((SEGMENTS, 2))


@njit(cache=True, error_model="numpy")
def power(x: float, b: float, series: Series, anchors: Array) -> float:
    """Return x^b, for x in [0, 1]; ``anchors`` remembers."""
    segment = SEGMENT_OF_ONE - (np.float64(x).view(np.int64) >> SHIFT)
    if segment >= SEGMENTS or b > LARGEST_EXPONENT:
        beyond: float = x**b
        return beyond
    if anchors[segment, 0] == 0.0:
        _meet(segment, b, anchors)
    inverse: float = anchors[segment, 0]
    middle_power: float = anchors[segment, 1]
    c0, c1, c2, c3, c4, c5, c6, c7 = series
    r = x * inverse - 1.0
    r2 = r * r
    low = (c3 * r + c2) * r2 + (c1 * r + c0)
    high = (c7 * r + c6) * r2 + (c5 * r + c4)
    return middle_power * (high * (r2 * r2) + low)


@njit(cache=True, error_model="numpy")
def _meet(segment: np.int64, b: float, anchors: Array) -> None:
    bits = (np.int64(SEGMENT_OF_ONE - segment) << SHIFT) | (1 << (SHIFT - 1))
    middle = np.int64(bits).view(np.float64)
    anchors[segment, 0] = 1.0 / middle
    anchors[segment, 1] = middle**b
