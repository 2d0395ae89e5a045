"""The GR models' implementations, and forcing for them: shared by the tests of these models."""

import importlib
from functools import cache
from pathlib import Path

import numpy as np

MODELS = ("gr2m", "gr6j", "gr6j_cemaneige")
FOLDER = Path(__file__).parents[1] / "implementations" / "paceline_models" / "hydrology"
PEERS = {"hydrogr"}


def _present(model):
    for file in sorted((FOLDER / model).glob("[!_]*.py")):
        if file.stem not in PEERS and (not file.stem.startswith("rust") or HAS_RUST):
            yield file.stem


def _has_rust():
    try:
        importlib.import_module("paceline_models._rust")
    except ModuleNotFoundError:
        return False
    return True


HAS_RUST = _has_rust()
IMPLEMENTATIONS = {model: tuple(_present(model)) for model in MODELS}


@cache
def implementation(model, name):
    return importlib.import_module(f"paceline_models.hydrology.{model}.{name}")


def forcing(model, kind, steps, seed, layers=3):
    """Return the series of a model: everything before its parameters."""
    rng = np.random.default_rng(seed)
    precip = np.where(rng.random(steps) < 0.4, rng.gamma(0.7, 9.0, steps), 0.0)
    pet = np.maximum(0.0, rng.normal(2.0, 1.5, steps))
    temp = rng.normal(1.0, 6.0, steps)
    if kind == "dry":
        precip[:] = 0.0
    if kind == "storm":
        precip *= 40.0
    if kind == "equal":
        precip = pet.copy()
    if kind == "tiny":
        precip *= 1e-300
    if model != "gr6j_cemaneige":
        return precip, pet
    heights = np.linspace(-500.0, 900.0, layers)
    layer_precip = precip[:, None] * np.exp(0.00041 * heights)
    layer_temp = temp[:, None] - 0.006 * heights
    layer_solid = np.clip(1.0 - (layer_temp + 1.0) / 4.0, 0.0, 1.0)
    return precip, pet, layer_precip, layer_temp, layer_solid


def arguments(model, series, params, mean=150.0):
    """Return the arguments of ``run``."""
    return (*series, np.array(params), mean) if model == "gr6j_cemaneige" else (*series, np.array(params))


PARAMS = {
    "gr2m": (380.0, 0.92),
    "gr6j": (242.257, 0.637, 53.517, 2.218, 0.424, 4.759),
    "gr6j_cemaneige": (242.257, 0.637, 53.517, 2.218, 0.424, 4.759, 0.5, 3.0),
}
