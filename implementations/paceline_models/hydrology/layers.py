"""Weather by elevation layer from one series and a hypsometric curve, for CemaNeige.

Source: Valery, Andreassian and Perrin (2014), Journal of Hydrology 517, 1166-1187, as in airGR 1.7.6: rain
grows with height by 0.041 % a metre up to 4,000 m, temperature falls by a gradient, and the solid share of
precipitation follows temperature. All series are float64 (N,), tables (N, L).
"""

from __future__ import annotations

import numpy as np

from paceline_models.hydrology._checks import Array

PRECIPITATION_GRADIENT = 0.00041  # 1/m
PRECIPITATION_CEILING = 4000.0  # m; above, precipitation grows no more
LOW_CATCHMENT = 1500.0  # m; below, the daily range of temperature tells snow from rain
DAYS_A_YEAR = 365.25


def altitudes(hypsometry: Array, layers: int) -> Array:
    """Return the altitude [m] of layers of equal area, (L,), from the 101 percentiles of the curve."""
    if hypsometry.shape != (101,):
        raise ValueError(f"hypsometry has shape {hypsometry.shape}, expected (101,)")
    if not 1 <= layers <= 100:
        raise ValueError(f"layers is {layers}, but must be in [1, 100]")
    base, longer = divmod(100, layers)
    found = np.empty(layers)
    start = 0
    for layer in range(layers):
        width = base + (layer < longer)
        if width == 1:
            found[layer] = hypsometry[start]
        elif width == 2:
            found[layer] = 0.5 * (hypsometry[start] + hypsometry[start + 1])
        else:
            found[layer] = hypsometry[start + width // 2]
        start += width
    return found


def precipitation(precip: Array, heights: Array, gauge: float, *, scale: bool = True) -> Array:
    """Return precipitation by layer (N, L) for layers at these heights [m] and a gauge at its own [m].

    With ``scale`` the mean over the layers is the series itself, as airGR does it.
    """
    if gauge <= PRECIPITATION_CEILING:
        factors = np.exp(PRECIPITATION_GRADIENT * (np.minimum(heights, PRECIPITATION_CEILING) - gauge))
    else:
        below = np.exp(PRECIPITATION_GRADIENT * (heights - gauge))
        factors = np.where(heights > PRECIPITATION_CEILING, 1.0, below)
    table = precip[:, None] * factors
    if not scale:
        return np.asarray(table)
    mean = table.mean(axis=1, keepdims=True)
    scaled = np.zeros_like(table)
    np.divide(table, mean, out=scaled, where=mean > 0.0)
    return np.asarray(scaled * precip[:, None])


def temperature(temp: Array, heights: Array, gauge: float, gradient: float | Array = 0.6) -> Array:
    """Return temperature by layer (N, L); the gradient [degC / 100 m] is one number or a series (N,)."""
    fall = np.broadcast_to(np.asarray(gradient, dtype=np.float64), temp.shape)[:, None] / 100.0
    return np.asarray(temp[:, None] + (gauge - heights) * fall)


def solid_fraction(temp: Array) -> Array:
    """Return the solid share of precipitation from temperature [degC]: all below -1, none above 3."""
    return np.clip(1.0 - (temp + 1.0) / 4.0, 0.0, 1.0)


def solid_fraction_of_range(lowest: Array, highest: Array) -> Array:
    """Return the solid share from the day's lowest and highest temperature, for gauges below 1,500 m."""
    span = np.where(highest > lowest, highest - lowest, 1.0)
    share = 1.0 - highest / span
    return np.where(lowest >= 0.0, 0.0, np.where(highest <= 0.0, 1.0, share))


def mean_annual_solid(layer_precip: Array, layer_solid: Array) -> float:
    """Return the mean annual solid precipitation [mm] over all layers and the whole forcing."""
    return float(DAYS_A_YEAR * (layer_precip * layer_solid).mean(axis=1).mean())
