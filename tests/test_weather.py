"""The weather that the hydrological models are asked with."""

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest

SPEC = importlib.util.spec_from_file_location(
    "_weather", Path(__file__).parents[1] / "benchmarks" / "_weather.py"
)
weather = importlib.util.module_from_spec(SPEC)
sys.modules["_weather"] = weather
SPEC.loader.exec_module(weather)


def test_weather_is_seeded():
    first, second = (weather.daily(np.random.default_rng(1), 400) for _ in range(2))
    np.testing.assert_array_equal(first.precip, second.precip)
    assert not np.array_equal(first.precip, weather.daily(np.random.default_rng(2), 400).precip)


def test_a_century_has_dry_spells_winters_and_no_negative_water():
    days = weather.daily(np.random.default_rng(3), 36_500)
    assert (days.precip >= 0.0).all()
    assert (days.pet >= 0.0).all()
    assert 0.3 < (days.precip > 0.0).mean() < 0.5
    dry = np.diff(np.flatnonzero(days.precip > 0.0)).max()
    assert dry > 40
    assert -25.0 < days.temp.min() < -5.0
    assert 500.0 < days.precip.sum() / 100 < 1500.0


def test_months_are_sums_of_days():
    months = weather.monthly(np.random.default_rng(4), 24)
    days = weather.daily(np.random.default_rng(4), 720)
    assert months.precip.sum() == pytest.approx(days.precip.sum())
    assert months.temp.mean() == pytest.approx(days.temp.mean())


def test_layers_are_colder_and_wetter_upwards():
    layers = weather.by_layer(weather.daily(np.random.default_rng(5), 800), np.array([-500.0, 0.0, 800.0]))
    assert (np.diff(layers.temp, axis=1) < 0.0).all()
    assert (np.diff(layers.precip[layers.precip[:, 0] > 0.0], axis=1) > 0.0).all()
    assert ((layers.solid >= 0.0) & (layers.solid <= 1.0)).all()
    assert layers.mean_annual_solid > 50.0
