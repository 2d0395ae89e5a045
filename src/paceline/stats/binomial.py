"""Exact bounds of a rate from a count: Clopper and Pearson, Biometrika 26, 1934, 404-413.

One-sided: each bound holds by itself with the given level. Both ends of a two-sided 95 % interval
are the bounds at 97.5 %.
"""

from __future__ import annotations

from scipy.special import betaincinv


def lower(found: int, trials: int, level: float = 0.95) -> float:
    """Return the rate that the true one is above with this confidence; 0 when nothing was found."""
    _check(found, trials, level)
    return float(betaincinv(found, trials - found + 1, 1 - level)) if found > 0 else 0.0


def upper(found: int, trials: int, level: float = 0.95) -> float:
    """Return the rate that the true one is below with this confidence; 1 when all were found."""
    _check(found, trials, level)
    return float(betaincinv(found + 1, trials - found, level)) if found < trials else 1.0


def _check(found: int, trials: int, level: float) -> None:
    if trials < 1 or not 0 <= found <= trials:
        raise ValueError(f"a rate needs 0 <= found <= trials and a trial, not {found} of {trials}")
    if not 0 < level < 1:
        raise ValueError(f"a level lies between 0 and 1, not at {level}")
