"""HBV-Light in all its implementations: against the HBV-light program, the reference, and its own laws."""

import math
from pathlib import Path

import numpy as np
import pytest
from hbv_runs import COLUMN, IMPLEMENTATIONS, arguments, each_implementation, each_model, parameters, weather
from hypothesis import given, settings
from hypothesis import strategies as st
from paceline_models.hydrology import hbv_light_zones
from paceline_models.hydrology._hbv import FIELDS
from paceline_models.hydrology._hbv.simulation import routing_weights

PROGRAM = np.load(Path(__file__).parent / "data" / "reference_hbvlight_software.npz")


@st.composite
def parameter_vectors(draw):
    def within(low, high, *special):
        return draw(st.one_of(st.floats(low, high), st.sampled_from(special or (low,))))

    K0 = within(0.0, 1.0, 0.0, 0.5, 1.0)
    return parameters(
        TT=within(-2.5, 2.5, 0.0, 0.1, -0.5),
        CFMAX=within(0.0, 10.0),
        SFCF=within(0.0, 1.4, 0.0, 1.0),
        CFR=within(0.0, 0.3, 0.0),
        CWH=within(0.0, 0.3, 0.0),
        FC=within(1.0, 700.0, 50.0, 1e-310),
        LP=within(0.05, 1.0, 1.0),
        BETA=within(0.0, 8.5, 0.0, 1.0, 2.0, 6.0, 40.0),
        PERC=within(0.0, 6.0, 0.0),
        UZL=within(0.0, 100.0, 0.0),
        K0=K0,
        K1=within(0.0, 1.0 - K0, 1.0 - K0),
        K2=within(0.0, 1.0, 0.0, 1.0),
        MAXBAS=within(1.0, 9.0, 1.0, 1.5, 2.0, 7.3, 60.5),
    )


@st.composite
def zone_tables(draw):
    count = draw(st.integers(1, 4))
    shares = np.array(draw(st.lists(st.floats(0.01, 1.0), min_size=count, max_size=count)))
    altitudes = draw(st.lists(st.floats(0.0, 3000.0), min_size=count, max_size=count))
    return np.column_stack((altitudes, shares / shares.sum()))


series_of_any_kind = st.builds(
    weather,
    st.sampled_from([0, 1, 2, 9, 120]),
    st.integers(0, 2**32 - 1),
    st.sampled_from(["ordinary", "dry", "snow", "extreme", "threshold"]),
)


# Against the program


def program_run(model, implementation, catchment):
    """Return the largest differences from the program's print: from row 2, routed discharge from row 3."""

    def printed(name):
        return PROGRAM[f"{catchment}.{name}"]

    params = np.append(printed("param"), printed("MAXBAS"))
    series = [printed(name)[1:].copy() for name in ("Precipitation", "Temperature", "PET")]
    initial = [printed("Snow")[0], 0.0, printed("SM")[0], printed("SUZ")[0], printed("SLZ")[0]]
    initial += [printed("Qsim")[0]] * (math.ceil(printed("MAXBAS")) - 1)
    run = IMPLEMENTATIONS[model][implementation].run_states
    fields, _ = run(*series, params, np.array(initial))
    got = dict(zip(FIELDS, fields.T, strict=True))

    stores = {"SM": "soil_moisture", "Recharge": "recharge", "AET": "actual_et"}
    stores |= {"SUZ": "upper_zone", "SLZ": "lower_zone"}
    off = {"Snow": np.abs(got["snow_pack"] + got["liquid_water"] - printed("Snow")[1:]).max()}
    off |= {name: np.abs(got[ours] - printed(name)[1:]).max() for name, ours in stores.items()}
    weights = routing_weights(params[-1])
    for name in ("Q0", "Q1", "Q2"):
        routed = np.convolve(got[name.lower()], weights)[: len(fields)]
        off[name] = np.abs(routed - printed(name)[1:])[1:].max()
    off["Qsim"] = np.abs(got["streamflow"] - printed("Qsim")[1:])[1:].max()
    return list(off.values())


@pytest.mark.parametrize("implementation", IMPLEMENTATIONS["hbv_light_1mm"])
def test_1mm_is_the_program_to_the_precision_of_its_print(implementation):
    # Snow, SM, Recharge, AET, SUZ, SLZ, Q0, Q1, Q2, Qsim. Printed to 0.1 mm, the start as well.
    konza = [1e-9, 0.06, 0.05, 0.0055, 0.043, 0.061, 0.024, 0.018, 0.02, 0.041]
    assert np.all(program_run("hbv_light_1mm", implementation, "Konza") <= np.array(konza))
    # Sleepers W9: its temperatures, printed to 0.1, let the snow drift.
    w9 = [1.44, 0.075, 1.445, 0.0095, 0.445, 0.135, 0.715, 0.235, 0.0069, 0.945]
    assert np.all(program_run("hbv_light_1mm", implementation, "SleepersW9") <= np.array(w9))


@pytest.mark.parametrize("implementation", IMPLEMENTATIONS["hbv_light"])
def test_one_soil_step_a_day_is_as_far_off_as_documented(implementation):
    off = program_run("hbv_light", implementation, "Konza")
    told = [0.0, 14.7, 11.8, 0.44, 0.9, 1.7, 5.5, 3.7, 0.41, 9.5]
    half_a_digit = [1e-9, 0.05, 0.05, 0.005, 0.05, 0.05, 0.05, 0.05, 0.005, 0.05]
    assert np.all(np.abs(np.array(off) - told) <= half_a_digit)


# Against the reference


@each_model
@settings(max_examples=400, deadline=None)
@given(
    series=series_of_any_kind,
    params=parameter_vectors(),
    zones=zone_tables(),
    filling=st.none() | st.integers(0, 2**32 - 1),
)
def test_implementations_agree(model, series, params, zones, filling):
    args = arguments(model, series, params, zones, climb=(30.0, 0.6))
    initial = None if filling is None else any_state(model, params, len(zones), filling)
    want, last = IMPLEMENTATIONS[model]["pure_numpy"].run_states(*args, initial)
    assert np.isfinite(want).all()
    for name, implementation in IMPLEMENTATIONS[model].items():
        fields, final = implementation.run_states(*args, initial)
        assert fields.shape == want.shape, name
        np.testing.assert_allclose(fields, want, rtol=0.0, atol=1e-9, err_msg=name)
        np.testing.assert_allclose(final, last, rtol=0.0, atol=1e-9, err_msg=name)


def any_state(model, params, zones, seed):
    """Return a state that no run need have left: snow that is only water, more in the soil than it holds."""
    rng = np.random.default_rng(seed)
    count = zones if model == "hbv_light_zones" else 1
    snow = rng.choice([0.0, 5.0, 300.0], 2 * count)
    soil = params[5] * rng.uniform(0.0, 1.5, count)
    return np.concatenate((snow, soil, rng.uniform(0.0, 50.0, 1 + math.ceil(params[13]))))


@each_implementation
@pytest.mark.parametrize("BETA", [1.0, 2.7, 6.0, 9.0])
def test_a_century_agrees(model, implementation, BETA):
    args = arguments(model, weather(36_500), parameters(BETA=BETA))
    want = century(model, BETA)
    got = IMPLEMENTATIONS[model][implementation].run(*args)
    np.testing.assert_allclose(got, want, rtol=0.0, atol=1e-9)


def century(model, BETA, known={}):  # noqa: B006 - the memory of this function
    if (model, BETA) not in known:
        args = arguments(model, weather(36_500), parameters(BETA=BETA))
        known[model, BETA] = IMPLEMENTATIONS[model]["pure_numpy"].run(*args)
    return known[model, BETA]


@pytest.mark.parametrize("implementation", IMPLEMENTATIONS["hbv_light"])
def test_the_power_of_the_soil(implementation):
    run = IMPLEMENTATIONS["hbv_light"][implementation].run_states
    rain = 2.0**-30
    series = np.array([rain]), np.array([10.0]), np.array([0.0])
    shares = [0.0, 1e-300, 1e-9, 2.0**-8, math.nextafter(2.0**-8, 0.0), 1.0 - 1e-8]
    for BETA in (0.0, 0.5, 1.0, 2.0, 3.7, 6.0, 8.0, 8.5, 20.0, 50.0):
        for share in (*shares, *np.random.default_rng(3).uniform(0.0, 1.0 - 1e-8, 100)):
            initial = np.array([0.0, 0.0, share, 0.0, 0.0])
            fields, _ = run(*series, parameters(FC=1.0, BETA=BETA, MAXBAS=1.0), initial)
            assert fields[0, COLUMN["recharge"]] / rain == pytest.approx(share**BETA, rel=1e-13, abs=1e-300)


# Laws


@each_implementation
@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), params=parameter_vectors())
def test_water_is_neither_made_nor_lost(model, implementation, seed, params):
    series = weather(1000, seed)
    initial = np.array([20.0, 1.0, 0.5 * params[5], 3.0, 10.0] + [0.0] * (math.ceil(params[13]) - 1))
    if model == "hbv_light_zones":
        initial = np.concatenate((np.repeat(initial[:3], 3), initial[3:]))
    args = arguments(model, series, params)
    fields, _ = IMPLEMENTATIONS[model][implementation].run_states(*args, initial)
    total = dict(zip(FIELDS, (math.fsum(column) for column in fields.T[:20]), strict=True))
    stored = sum(fields[-1, COLUMN[name]] for name in ("snow_pack", "liquid_water", "soil_moisture"))
    stored += fields[-1, COLUMN["upper_zone"]] + fields[-1, COLUMN["lower_zone"]]
    gained = stored - (20.0 + 1.0 + 0.5 * params[5] + 3.0 + 10.0)
    given_off = total["actual_et"] + total["q_generated"]
    assert total["rain"] + total["snowfall"] - given_off == pytest.approx(gained, abs=1e-9)
    assert (fields[:, 2:12] >= 0.0).all()


@each_implementation
@settings(max_examples=60, deadline=None)
@given(
    n=st.integers(0, 12), cut=st.integers(0, 12), seed=st.integers(0, 2**32 - 1), params=parameter_vectors()
)
def test_two_halves_are_one_run_bit_for_bit(model, implementation, n, cut, seed, params):
    cut = min(cut, n)
    run = IMPLEMENTATIONS[model][implementation].run_states
    series = weather(n, seed)
    whole, final = run(*arguments(model, series, params))
    first, between = run(*arguments(model, [part[:cut] for part in series], params))
    second, end = run(*arguments(model, [part[cut:] for part in series], params), between)
    assert whole.tobytes() == np.concatenate((first, second)).tobytes()
    assert final.tobytes() == end.tobytes()


@pytest.mark.parametrize("implementation", IMPLEMENTATIONS["hbv_light_zones"])
@settings(max_examples=40, deadline=None)
@given(count=st.integers(1, 6), altitude=st.floats(-100.0, 5000.0), params=parameter_vectors())
def test_equal_zones_are_one(implementation, count, altitude, params):
    series = weather(150, 7, "threshold")
    zones = np.column_stack((np.full(count, altitude), np.full(count, 1.0 / count)))
    with_zones = IMPLEMENTATIONS["hbv_light_zones"][implementation]
    fields, final = with_zones.run_states(*series, np.append(params, (10.0, 0.6)), zones)
    want, last = IMPLEMENTATIONS["hbv_light"][implementation].run_states(*series, params)
    np.testing.assert_allclose(fields[:, :20], want, rtol=0.0, atol=1e-10)
    np.testing.assert_allclose(final[3 * count :], last[3:], rtol=0.0, atol=1e-10)
    if count == 1:
        assert fields[:, :20].tobytes() == want.tobytes()


@pytest.mark.parametrize("implementation", IMPLEMENTATIONS["hbv_light_zones"])
def test_forcing_and_means_of_zones(implementation):
    zones = np.array([[200.0, 0.25], [1000.0, 0.5], [2000.0, 0.25]])
    precip, temp, pet = weather(400, 5)
    params = np.append(parameters(), (80.0, 0.6))
    fields = IMPLEMENTATIONS["hbv_light_zones"][implementation].run(precip, temp, pet, params, zones)
    assert fields.shape == (400, len(hbv_light_zones.FIELDS(3)))
    by_zone = fields[:, 20:].reshape(400, 3, 11)
    reference = 1050.0
    for k, altitude in enumerate(zones[:, 0]):
        factor = max(0.0, 1.0 + 80.0 * (altitude - reference) / 10000.0)
        np.testing.assert_allclose(by_zone[:, k, 0], temp - 0.6 * (altitude - reference) / 100.0, atol=1e-12)
        np.testing.assert_allclose(by_zone[:, k, 1], precip * factor, atol=1e-12)
    assert not by_zone[:, 0, 1].any()  # 80 % per 100 m: nothing falls so far below
    means = np.einsum("k,tkf->tf", zones[:, 1], by_zone[:, :, 2:])
    np.testing.assert_allclose(fields[:, 3:12], means, atol=1e-11)


def test_routing_weights():
    assert routing_weights(1.0).tolist() == [1.0]
    assert routing_weights(2.0).tolist() == [0.5, 0.5]
    assert routing_weights(1.5) == pytest.approx([7 / 9, 2 / 9], abs=1e-15)
    for base in (1.0, 1.2, 3.0, 7.3, 365.25):
        weights = routing_weights(base)
        assert len(weights) == math.ceil(base)
        assert math.fsum(weights) == pytest.approx(1.0, abs=1e-14)


def test_names_of_the_fields():
    assert len(FIELDS) == len(set(FIELDS)) == 20
    names = hbv_light_zones.FIELDS(2)
    assert names[:20] == FIELDS
    assert (names[20], names[31], len(names)) == ("zone1_temp", "zone2_temp", 42)
