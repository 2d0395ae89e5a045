"""Layer extrapolation against airGR's own layers."""

import numpy as np
import pytest
from paceline_models.hydrology import layers
from test_airgr import SNOW

PRECIP = SNOW["forcing.synB.P"]
CURVES = {"nl7hi_noscale": SNOW["forcing.hypHi"]}
GAUGES = {"nl1z": 1000.0, "nl7hi_noscale": 1200.0, "nl3_hydrotel": 900.0}
UNSCALED = {"nl1z", "nl7hi_noscale"}
TAGS = sorted({str(SNOW[f"{run}.tag"]) for run in SNOW["runs"]})


@pytest.mark.parametrize("tag", TAGS)
def test_layers_are_airgrs(tag):
    short = tag.partition("synB_")[2]
    curve = CURVES.get(short, SNOW["forcing.hyp"])
    gauge = GAUGES.get(short, float(np.median(curve)))
    want = SNOW[f"{tag}.layerP"]
    heights = layers.altitudes(curve, want.shape[1])
    np.testing.assert_array_equal(heights, SNOW[f"{tag}.Z"])
    got = layers.precipitation(PRECIP, heights, gauge, scale=short not in UNSCALED)
    np.testing.assert_allclose(got, want, rtol=0.0, atol=1e-12)
    mean = layers.mean_annual_solid(want, SNOW[f"{tag}.layerF"])
    assert mean == pytest.approx(SNOW[f"{tag}.MeanAnSolid"][0], abs=1e-11)


@pytest.mark.parametrize("tag", [tag for tag in TAGS if "hydrotel" not in tag and "hi" not in tag])
def test_solid_fraction_is_airgrs(tag):
    np.testing.assert_array_equal(layers.solid_fraction(SNOW[f"{tag}.layerT"]), SNOW[f"{tag}.layerF"])


def test_solid_fraction_of_the_daily_range():
    lowest, highest = np.array([-4.0, 1.0, -5.0, -1.0]), np.array([4.0, 9.0, -1.0, 3.0])
    np.testing.assert_allclose(layers.solid_fraction_of_range(lowest, highest), [0.5, 0.0, 1.0, 0.25])


def test_temperature_falls_with_height():
    got = layers.temperature(np.array([10.0, 0.0]), np.array([500.0, 1500.0]), 1000.0, np.array([0.6, 0.4]))
    np.testing.assert_allclose(got, [[13.0, 7.0], [2.0, -2.0]])


def test_rain_stops_growing_at_the_ceiling():
    got = layers.precipitation(np.array([1.0, 0.0]), np.array([4000.0, 5000.0]), 3000.0, scale=False)
    assert got[0, 0] == got[0, 1] == pytest.approx(np.exp(0.41))
    above = layers.precipitation(np.array([2.0]), np.array([4400.0, 3900.0]), 4200.0, scale=False)
    np.testing.assert_allclose(above, [[2.0, 2.0 * np.exp(0.00041 * -300.0)]])


@pytest.mark.parametrize(("curve", "count"), [(np.zeros(100), 3), (np.zeros(101), 0), (np.zeros(101), 101)])
def test_bad_curves_and_counts_are_refused(curve, count):
    with pytest.raises(ValueError, match=r"hypsometry has shape|layers is"):
        layers.altitudes(curve, count)
