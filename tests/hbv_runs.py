"""HBV-Light's implementations, and what the tests run them with."""

import importlib.util
import pkgutil

import numpy as np
import pytest
from paceline_models.hydrology import hbv_light, hbv_light_1mm, hbv_light_zones
from paceline_models.hydrology._hbv import FIELDS

HAS_RUST = importlib.util.find_spec("paceline_models._rust") is not None
MODELS = {"hbv_light": hbv_light, "hbv_light_1mm": hbv_light_1mm, "hbv_light_zones": hbv_light_zones}
ZONES = np.array([[500.0, 0.3], [900.0, 0.5], [1400.0, 0.2]])
COLUMN = {name: i for i, name in enumerate(FIELDS)}


def implementations(model):
    names = [found.name for found in pkgutil.iter_modules(MODELS[model].__path__)]
    wanted = [name for name in names if name[0] != "_" and (HAS_RUST or not name.startswith("rust_"))]
    return {name: importlib.import_module(f"{MODELS[model].__name__}.{name}") for name in sorted(wanted)}


IMPLEMENTATIONS = {model: implementations(model) for model in MODELS}
EACH = [pytest.param(m, i, id=f"{m}-{i}") for m in MODELS for i in IMPLEMENTATIONS[m]]
each_implementation = pytest.mark.parametrize(("model", "implementation"), EACH)
each_model = pytest.mark.parametrize("model", MODELS)


def parameters(**changed):
    names = [known.name for known in hbv_light.PARAMETERS]
    values = (0.0, 3.0, 0.9, 0.05, 0.1, 250.0, 0.7, 2.3, 1.5, 20.0, 0.2, 0.08, 0.03, 2.5)
    usual = dict(zip(names, values, strict=True))
    assert changed.keys() <= usual.keys()
    return np.array([float(value) for value in (usual | changed).values()])


def weather(n, seed=1, kind="ordinary"):
    rng = np.random.default_rng(seed)
    season = np.cos(2.0 * np.pi * np.arange(n) / 365.0)
    precip = np.where(rng.random(n) < 0.45, rng.gamma(0.7, 8.0, n), 0.0)
    temp = np.round(6.0 - 12.0 * season + rng.normal(0.0, 4.0, n), 1)
    pet = np.maximum(0.0, 1.5 - 1.4 * season + rng.normal(0.0, 0.3, n))
    match kind:
        case "dry":
            precip[:] = 0.0
        case "snow":
            temp -= 60.0
        case "extreme":
            precip = np.where(rng.random(n) < 0.1, rng.uniform(0.0, 2000.0, n), precip)
        case "threshold":
            temp = rng.choice([-0.5, 0.0, 0.1], n)
    return precip, temp, pet


def arguments(model, series, params, zones=ZONES, climb=(10.0, 0.6)):
    if model == "hbv_light_zones":
        return (*series, np.append(params, climb), zones)
    return (*series, params)
