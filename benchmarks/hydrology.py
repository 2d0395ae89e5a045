"""Rainfall-runoff and snow models by length of the series, in steps: a year, ten years, a hundred years."""

from __future__ import annotations

from typing import Any

import numpy as np

from . import _weather
from .model import Model

DAYS = (365, 3_650, 36_500)
MONTHS = (120, 1_200, 12_000)

GR6J_PARAMS = (242.257, 0.637, 53.517, 2.218, 0.424, 4.759)
SNOW_PARAMS = {"plain": (0.5, 3.0), "hysteresis": (0.5, 3.0, 50.0, 0.4)}
LAYER_HEIGHTS = np.array([-600.0, -250.0, 0.0, 300.0, 800.0])
HBV_PARAMS = (0.0, 3.0, 0.9, 0.05, 0.1, 250.0, 0.7, 2.5, 1.5, 20.0, 0.2, 0.08, 0.03, 2.5)
ZONE_PARAMS = (10.0, 0.6)
ZONES = np.array([[500.0, 0.3], [900.0, 0.5], [1400.0, 0.2]])


class GR2M(Model):
    """Monthly rainfall-runoff model with two parameters."""

    package = "paceline_models.hydrology.gr2m"
    axes = {"n": MONTHS}
    rtol, atol = 0.0, 1e-9
    version = "1"

    def inputs(self, rng: np.random.Generator, n: int) -> tuple[Any, ...]:
        """Return precipitation, potential evapotranspiration and parameters."""
        weather = _weather.monthly(rng, n)
        return weather.precip, weather.pet, np.array([380.0, 0.92])


class GR6J(Model):
    """Daily rainfall-runoff model with six parameters."""

    package = "paceline_models.hydrology.gr6j"
    axes = {"n": DAYS}
    rtol, atol = 0.0, 1e-9
    version = "1"

    def inputs(self, rng: np.random.Generator, n: int) -> tuple[Any, ...]:
        """Return precipitation, potential evapotranspiration and parameters."""
        weather = _weather.daily(rng, n)
        return weather.precip, weather.pet, np.array(GR6J_PARAMS)


class GR6JCemaNeige(Model):
    """GR6J fed by the snow model CemaNeige on five elevation layers."""

    package = "paceline_models.hydrology.gr6j_cemaneige"
    axes = {"n": DAYS, "snow": ("plain", "hysteresis")}
    rtol, atol = 0.0, 1e-9
    version = "1"

    def inputs(self, rng: np.random.Generator, n: int, snow: str) -> tuple[Any, ...]:
        """Return precipitation, evapotranspiration, the layers' weather, parameters, mean annual snow."""
        weather = _weather.daily(rng, n)
        layers = _weather.by_layer(weather, LAYER_HEIGHTS)
        params = np.array(GR6J_PARAMS + SNOW_PARAMS[snow])
        by_layer = layers.precip, layers.temp, layers.solid
        return weather.precip, weather.pet, *by_layer, params, layers.mean_annual_solid


class HBVLight(Model):
    """Daily rainfall-runoff model with snow and soil, one soil step a day."""

    package = "paceline_models.hydrology.hbv_light"
    axes = {"n": DAYS}
    rtol, atol = 0.0, 1e-9
    version = "1"

    def inputs(self, rng: np.random.Generator, n: int) -> tuple[Any, ...]:
        """Return precipitation, temperature, potential evapotranspiration and parameters."""
        weather = _weather.daily(rng, n)
        return weather.precip, weather.temp, weather.pet, np.array(HBV_PARAMS)


class HBVLight1mm(Model):
    """The same with the soil filled millimetre by millimetre, as the HBV-light program does."""

    package = "paceline_models.hydrology.hbv_light_1mm"
    axes = {"n": DAYS}
    rtol, atol = 0.0, 1e-9
    version = "1"

    def inputs(self, rng: np.random.Generator, n: int) -> tuple[Any, ...]:
        """Return precipitation, temperature, potential evapotranspiration and parameters."""
        weather = _weather.daily(rng, n)
        return weather.precip, weather.temp, weather.pet, np.array(HBV_PARAMS)


class HBVLightZones(Model):
    """The same with snow and soil by three elevation zones."""

    package = "paceline_models.hydrology.hbv_light_zones"
    axes = {"n": DAYS}
    rtol, atol = 0.0, 1e-9
    version = "1"

    def inputs(self, rng: np.random.Generator, n: int) -> tuple[Any, ...]:
        """Return precipitation, temperature, evapotranspiration, parameters and zones."""
        weather = _weather.daily(rng, n)
        return weather.precip, weather.temp, weather.pet, np.array(HBV_PARAMS + ZONE_PARAMS), ZONES
