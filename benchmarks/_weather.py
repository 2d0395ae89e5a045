"""Weather for the hydrological models: seeded, with dry spells, seasons and cold winters.

Rain comes by a two-state Markov chain (dry spells of ten days on average, of up to months in a long series)
with gamma-distributed amounts; temperature is a yearly wave with autocorrelated noise; potential
evapotranspiration follows temperature and season (the shape of Oudin's formula). Units: mm/d, degC, mm/d.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

DAYS_A_MONTH = 30


@dataclass(frozen=True)
class Weather:
    """Daily or monthly series, each (n,): precipitation, temperature, potential evapotranspiration."""

    precip: Array
    temp: Array
    pet: Array


@dataclass(frozen=True)
class Layers:
    """The same by elevation layer, each (n, layers), and the mean annual solid precipitation [mm]."""

    precip: Array
    temp: Array
    solid: Array
    mean_annual_solid: float


def daily(rng: np.random.Generator, days: int) -> Weather:
    """Return that many days of weather."""
    season = 2.0 * np.pi * (np.arange(days) % 365.25) / 365.25
    temp = 7.0 - 11.0 * np.cos(season) + _noise(rng, days, memory=0.8, scale=2.5)
    sun = 1.0 - 0.75 * np.cos(season)
    pet = np.maximum(0.0, sun * (temp + 5.0) / 12.0)
    amounts = rng.gamma(shape=0.7, scale=9.0, size=days)
    return Weather(np.where(_wet(rng, days), amounts, 0.0), temp, pet)


def monthly(rng: np.random.Generator, months: int) -> Weather:
    """Return that many months of weather: 30 days each; sums of water, means of temperature."""
    days = daily(rng, months * DAYS_A_MONTH)
    precip, temp, pet = (x.reshape(-1, DAYS_A_MONTH) for x in (days.precip, days.temp, days.pet))
    return Weather(precip.sum(axis=1), temp.mean(axis=1), pet.sum(axis=1))


def by_layer(weather: Weather, heights: Array) -> Layers:
    """Return the weather of layers at these heights [m] above the gauge: wetter and colder upwards."""
    precip = weather.precip[:, None] * np.exp(0.00041 * heights)
    temp = weather.temp[:, None] - 0.006 * heights
    solid = np.clip(1.0 - (temp + 1.0) / 4.0, 0.0, 1.0)
    return Layers(precip, temp, solid, 365.25 * float((solid * precip).mean()))


def _wet(rng: np.random.Generator, days: int) -> NDArray[np.bool_]:
    """Return which days are wet: dry ones follow dry ones with 0.9, wet ones wet ones with 0.85."""
    draws = rng.random(days).tolist()
    wet = np.empty(days, dtype=bool)
    today = True
    for day, draw in enumerate(draws):
        today = draw < (0.85 if today else 0.1)
        wet[day] = today
    return wet


def _noise(rng: np.random.Generator, days: int, memory: float, scale: float) -> Array:
    """Return autoregressive noise of the first order with that standard deviation."""
    shocks = rng.normal(0.0, scale * np.sqrt(1.0 - memory**2), days).tolist()
    noise = np.empty(days)
    last = 0.0
    for day, shock in enumerate(shocks):
        last = memory * last + shock
        noise[day] = last
    return noise
