"""The two unit hydrographs of GR6J: how effective rain of one day is spread over the next.

Source: Perrin, Michel and Andreassian (2003), Journal of Hydrology 279, 275-289; lengths (20 and 40
ordinates) and the number of entries that are shifted as in airGR 1.7.6. Above a time base of 20 days both
are cut off, and the water beyond is lost: airGR does that too.

The functions are plain Python, for the reference; Numba implementations compile them as they stand.
"""

from __future__ import annotations

LENGTH_1 = 20
LENGTH_2 = 40


def s_curve_1(i: float, x4: float) -> float:
    """Return the share of water that has left the first hydrograph after i days."""
    if i <= 0.0:
        return 0.0
    if i < x4:
        return float((i / x4) ** 2.5)
    return 1.0


def s_curve_2(i: float, x4: float) -> float:
    """Return the share of water that has left the second hydrograph after i days."""
    if i <= 0.0:
        return 0.0
    if i <= x4:
        return float(0.5 * (i / x4) ** 2.5)
    if i < 2.0 * x4:
        return float(1.0 - 0.5 * (2.0 - i / x4) ** 2.5)
    return 1.0


def shifted(x4: float) -> tuple[int, int]:
    """Return how many entries of each hydrograph are shifted; later ordinates are zero."""
    days = int(min(x4 + 1.0, float(LENGTH_1)))
    return min(days, LENGTH_1 - 1), min(2 * days, LENGTH_2 - 1)
