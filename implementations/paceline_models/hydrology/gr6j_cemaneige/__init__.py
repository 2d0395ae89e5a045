"""GR6J fed by CemaNeige: snow by elevation layer, then daily rainfall-runoff.

CemaNeige keeps a snow store G [mm] and its thermal state eTG [degC] for every layer of equal area; melt by
a degree-day factor, slowed where snow covers only part of the layer. Source: Valery, Andreassian and Perrin
(2014), Journal of Hydrology 517, 1166-1187; hysteresis of the snow cover: Riboust, Thirel, Le Moine and
Ribstein (2019), Journal of Hydrology and Hydromechanics 67, 70-81; operations and constants in the order of
airGR 1.7.6. GR6J: see ``paceline_models.hydrology.gr6j``.

For every layer, with P, T and F its precipitation, temperature and solid fraction, v = 0.1::

    Pliq = (1 - F) P    Psol = F P    G0 = G    G += Psol
    eTG = min(CTG eTG + (1 - CTG) T, 0)
    PotMelt = min(Kf T, G)  if eTG = 0 and T > 0, else 0
    cover before melt:  plain:       ratio = G/Gthr if G < Gthr, else 1
                        hysteresis:  only if PotMelt > 0: if G < Gloc and ratio = 1: Gloc = G
                                     then ratio = min(G/Gloc, 1)
    Melt = ((1 - v) ratio + v) PotMelt    G -= Melt
    cover after melt:   plain:       as above
                        hysteresis:  if G > G0: ratio = min(ratio + (Psol - Melt)/Gacc, 1), Gloc = Gthr if that is 1
                                     else ratio = min(G/Gloc, 1)
    PliqAndMelt = Pliq + Melt

GR6J then runs with the mean of PliqAndMelt over the layers as its rain. With M the mean annual solid
precipitation, Gthr = 0.9 M in the plain model and starts as prct M with hysteresis. 0/0 counts as full cover.

``run(precip, pet, layer_precip, layer_temp, layer_solid, params, mean_annual_solid)`` takes series (N,)
[mm/d], tables (N, L) [mm/d, degC, 0..1], ``params`` (8,), or (10,) for hysteresis, and M [mm]. It returns
(N, 20 + 11 L): GR6J's fields, then those of every layer. ``run_states(..., initial=None)`` returns that and
the final state (63 + 4 L,): GR6J's 63, then G, eTG, Gthr and Gloc of all layers.

The snow cover itself (Gratio) is not among the states and starts at 0, as in airGR. With hysteresis its past
matters: to go on exactly, append the last row's Gratio of all layers to ``initial`` (63 + 5 L).
"""

from paceline_models.hydrology import gr6j
from paceline_models.hydrology._checks import SMALLEST, Parameter

LAYER_FIELDS = (
    "pliq", "psol", "snowpack", "thermal_state", "gratio", "potmelt", "melt",
    "pliq_and_melt", "temp", "gthreshold", "glocalmax",
)  # fmt: skip
"""The fields of a layer, in airGR's order: liquid and solid precipitation [mm], snow store [mm], thermal
state [degC], snow cover [-], potential melt and melt [mm], liquid water to GR6J [mm], temperature [degC],
threshold and local maximum of the snow store [mm] (the last is NaN without hysteresis)."""

SNOW = (
    Parameter("CTG", "-", "weight of the thermal state", low=0.0, high=1.0, usual=(0.0, 1.0)),
    Parameter("Kf", "mm/degC/d", "degree-day factor", low=0.0, usual=(1.0, 10.0)),
)

HYSTERESIS = (
    Parameter("Gacc", "mm", "accumulation to full cover", low=SMALLEST, usual=(0.0, 100.0)),
    Parameter("prct", "-", "share of M that is full cover", low=0.0, high=1.0, usual=(0.0, 1.0)),
)

PARAMETERS = (*gr6j.PARAMETERS, *SNOW)
"""Of the plain model (8); with hysteresis ``(*PARAMETERS, *HYSTERESIS)`` (10)."""

INITIAL = {
    **gr6j.INITIAL,
    "G": "0",
    "eTG": "0",
    "Gthr": "0.9 M, with hysteresis prct M",
    "Gloc": "Gthr",
    "Gratio": "0 (not among the states)",
}


def FIELDS(layers: int) -> tuple[str, ...]:  # noqa: N802 - the contract's name, a tuple in other models
    """Return the names of the columns for that many layers: GR6J's, then ``layer1_pliq`` and so on."""
    return gr6j.FIELDS + tuple(f"layer{k}_{name}" for k in range(1, layers + 1) for name in LAYER_FIELDS)
