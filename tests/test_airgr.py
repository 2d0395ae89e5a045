"""GR2M, GR6J and CemaNeige against airGR 1.7.6: all runs, all fields that are stored, final states.

The files hold airGR's own output (see ``tests/data/README.md``); every 13th row of the wide tables.
"""

import importlib
from pathlib import Path

import numpy as np
import pytest
from gr_runs import IMPLEMENTATIONS, implementation

DATA = Path(__file__).parent / "data"
GR2M = np.load(DATA / "airgr_gr2m.npz")
GR6J = np.load(DATA / "airgr_gr6j.npz")
SNOW = np.load(DATA / "airgr_cngr6j.npz")
STRIDE = 13
TOLERANCE = 1e-9  # absolute, mm
PLAIN_PARAMETERS = 8


def cases(model, file):
    pairs = [(name, str(run)) for name in IMPLEMENTATIONS[model] for run in file["runs"]]
    return [pytest.param(name, run, id=f"{name}-{run}") for name, run in pairs]


def off(got, want):
    assert got.shape == want.shape
    assert np.array_equal(np.isnan(got), np.isnan(want))
    return np.nanmax(np.abs(got - want), initial=0.0)


def final_states(file, run):
    """Return airGR's StateEnd without its unused fourth entry; unused ones are NaN."""
    return np.delete(file[f"{run}.stateEnd"], 3)


def off_in_states(got, want):
    """Compare as airGR tells its states: negatives set to 0, but for the exponential store."""
    used = ~np.isnan(want)
    told = np.where((got < 0.0) & (np.arange(got.size) != 2) & (np.arange(got.size) < 63), 0.0, got)
    return np.abs(told[used] - want[used]).max()


@pytest.mark.parametrize(("name", "run"), cases("gr2m", GR2M))
def test_gr2m(name, run):
    forcing = (GR2M[str(GR2M[f"{run}.{series}"])] for series in "PE")
    fields, state = implementation("gr2m", name).run_states(*forcing, GR2M[f"{run}.param"])
    assert off(fields, GR2M[f"{run}.fluxes"]) <= TOLERANCE
    assert off(state, GR2M[f"{run}.stateEnd"][:2]) <= TOLERANCE


@pytest.mark.parametrize(("name", "run"), cases("gr6j", GR6J))
def test_gr6j(name, run):
    forcing = (GR6J[str(GR6J[f"{run}.{series}"])] for series in "PE")
    fields, state = implementation("gr6j", name).run_states(*forcing, GR6J[f"{run}.param"])
    if f"{run}.fluxes" in GR6J:
        assert off(fields[::STRIDE], GR6J[f"{run}.fluxes"]) <= TOLERANCE
    else:
        assert off(fields[:, -1], GR6J[f"{run}.Qsim"]) <= TOLERANCE
    assert off_in_states(state, final_states(GR6J, run)[:63]) <= TOLERANCE


@pytest.mark.parametrize(("name", "run"), cases("gr6j_cemaneige", SNOW))
def test_gr6j_cemaneige(name, run):
    tag = str(SNOW[f"{run}.tag"])
    params = SNOW[f"{run}.param"]
    forcing = [SNOW[str(SNOW[f"{run}.{series}"])] for series in "PE"]
    by_layer = [SNOW[f"{tag}.layer{series}"] for series in "PTF"]
    mean = SNOW[f"{tag}.MeanAnSolid"][0]
    model = implementation("gr6j_cemaneige", name)
    fields, state = model.run_states(*forcing, *by_layer, params, mean)

    layers = by_layer[0].shape[1]
    if f"{run}.fluxes" in SNOW:
        assert off(fields[::STRIDE, :20], SNOW[f"{run}.fluxes"]) <= TOLERANCE
        for layer in range(layers):
            want = SNOW[f"{run}.layer{layer + 1}"].copy()
            if params.size == PLAIN_PARAMETERS:
                want[:, 10] = np.nan  # airGR prints -999.999 where there is no local maximum
            assert off(fields[::STRIDE, 20 + 11 * layer : 31 + 11 * layer], want) <= TOLERANCE
    else:
        assert off(fields[:, 19], SNOW[f"{run}.Qsim"]) <= TOLERANCE
        assert off(fields[:, 22::11], SNOW[f"{run}.Snow"].reshape(-1, layers)) <= TOLERANCE
    assert off_in_states(state, final_states(SNOW, run)) <= TOLERANCE


@pytest.mark.parametrize("model", ["gr2m", "gr6j"])
def test_the_reference_is_airgr_bit_for_bit(model):
    file = {"gr2m": GR2M, "gr6j": GR6J}[model]
    stride = 1 if model == "gr2m" else STRIDE
    for run in file["runs"]:
        if f"{run}.fluxes" in file:
            forcing = (file[str(file[f"{run}.{series}"])] for series in "PE")
            fields = implementation(model, "pure_numpy").run(*forcing, file[f"{run}.param"])
            assert np.array_equal(fields[::stride], file[f"{run}.fluxes"])


@pytest.mark.parametrize("model", ["gr2m", "gr6j"])
def test_the_peer_differs_by_its_constants_only(model):
    peer = pytest.importorskip(f"paceline_models.hydrology.{model}.hydrogr", exc_type=ImportError)
    file = {"gr2m": GR2M, "gr6j": GR6J}[model]
    for run in file["runs"]:
        params = file[f"{run}.param"]
        if model == "gr6j" and params[3] > peer.LONGEST_TIME_BASE:
            continue
        forcing = (file[str(file[f"{run}.{series}"])] for series in "PE")
        got = peer.run(*forcing, params)[:, 0]
        if f"{run}.Qsim" in file:
            want = file[f"{run}.Qsim"]
        else:
            want = file[f"{run}.fluxes"][:, -1]
            got = got[:: 1 if model == "gr2m" else STRIDE]
        assert off(got, want) <= peer.TOLERANCE[1]


def test_field_names_are_airgrs_in_its_order():
    for model, count in (("gr2m", 11), ("gr6j", 20)):
        package = importlib.import_module(f"paceline_models.hydrology.{model}")
        assert len(package.FIELDS) == len(set(package.FIELDS)) == count
    snow = importlib.import_module("paceline_models.hydrology.gr6j_cemaneige")
    names = [str(name) for name in SNOW["layer_flux_names"]]
    told = [name.partition("_")[2] for name in snow.FIELDS(1)[20:]]
    assert [name.replace("_", "").lower() for name in told] == [name.lower() for name in names]
