"""The compiled extension. Every kernel fills its last two arguments, ``state`` and ``fields``."""

from paceline_models.hydrology._checks import Array

BUILD: dict[str, str]

def gr2m(precip: Array, pet: Array, params: Array, state: Array, fields: Array) -> None: ...
