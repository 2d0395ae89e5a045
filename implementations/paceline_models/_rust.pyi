"""The compiled extension. Every kernel fills its last two arguments, ``state`` and ``fields``.

HBV-Light's fill three: the stores, the generated discharges and the fields.
"""

from paceline_models.hydrology._checks import Array

BUILD: dict[str, str]

def gr2m(precip: Array, pet: Array, params: Array, state: Array, fields: Array) -> None: ...
def gr2m_tuned(precip: Array, pet: Array, params: Array, state: Array, fields: Array) -> None: ...
def gr6j(precip: Array, pet: Array, params: Array, state: Array, fields: Array) -> None: ...
def gr6j_tuned(precip: Array, pet: Array, params: Array, state: Array, fields: Array) -> None: ...
def gr6j_cemaneige(
    precip: Array,
    pet: Array,
    layer_precip: Array,
    layer_temp: Array,
    layer_solid: Array,
    params: Array,
    state: Array,
    fields: Array,
) -> None: ...
def gr6j_cemaneige_tuned(
    precip: Array,
    pet: Array,
    layer_precip: Array,
    layer_temp: Array,
    layer_solid: Array,
    params: Array,
    state: Array,
    fields: Array,
) -> None: ...
def hbv_light(
    precip: Array,
    temp: Array,
    pet: Array,
    params: Array,
    weights: Array,
    stores: Array,
    generated: Array,
    fields: Array,
) -> None: ...
def hbv_light_heap_state(
    precip: Array,
    temp: Array,
    pet: Array,
    params: Array,
    weights: Array,
    stores: Array,
    generated: Array,
    fields: Array,
) -> None: ...
def hbv_light_push_fluxes(
    precip: Array,
    temp: Array,
    pet: Array,
    params: Array,
    weights: Array,
    stores: Array,
    generated: Array,
    fields: Array,
) -> None: ...
def hbv_light_tuned(
    precip: Array,
    temp: Array,
    pet: Array,
    params: Array,
    weights: Array,
    stores: Array,
    generated: Array,
    fields: Array,
) -> None: ...
def hbv_light_1mm(
    precip: Array,
    temp: Array,
    pet: Array,
    params: Array,
    weights: Array,
    stores: Array,
    generated: Array,
    fields: Array,
) -> int: ...
def hbv_light_zones(
    precip: Array,
    temp: Array,
    pet: Array,
    params: Array,
    zone_forcing: Array,
    weights: Array,
    stores: Array,
    generated: Array,
    fields: Array,
) -> None: ...
