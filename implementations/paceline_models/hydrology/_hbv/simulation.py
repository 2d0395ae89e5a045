"""What surrounds a kernel of HBV-Light: judged arguments, routing weights, the state and the discharges."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np

from paceline_models.hydrology import _checks
from paceline_models.hydrology._checks import Array, Parameter
from paceline_models.hydrology._hbv import FIELDS, PARAMETERS

Answer = TypeVar("Answer")

FC, LP, K0, K1, MAXBAS = (
    [known.name for known in PARAMETERS].index(name) for name in ("FC", "LP", "K0", "K1", "MAXBAS")
)


def one_zone(
    kernel: Callable[[Array, Array, Array, Array, Array, Array, Array, Array], Answer],
    precip: Any,
    temp: Any,
    pet: Any,
    params: Any,
    initial: Any,
) -> tuple[Array, Array, Answer]:
    """Judge the arguments, let ``kernel`` fill its last three, and return fields, state and its answer.

    The kernel's arguments are precip, temp, pet, params, the routing weights (W,), the stores SP, LW, SM, UZ,
    LZ, the generated discharges newest first (N + W - 1, of which the last W - 1 are known), and the
    fields (N, 20).
    """
    precip, temp, pet = forcing(precip, temp, pet)
    params = parameters(params)
    weights = routing_weights(float(params[MAXBAS]))
    state = start(initial, params, 1, weights.shape[0] - 1)
    stores, remembered = state[:5], state[5:]
    generated = discharges(precip.shape[0], remembered)
    fields = np.empty((precip.shape[0], len(FIELDS)))
    answer = kernel(precip, temp, pet, params, weights, stores, generated, fields)
    remembered[:] = generated[: remembered.shape[0]]
    return fields, state, answer


def forcing(precip: Any, temp: Any, pet: Any) -> tuple[Array, Array, Array]:
    """Return the three series (N,), judged."""
    precip = _checks.series("precip", precip)
    steps = precip.shape[0]
    temp = _checks.series("temp", temp, steps, signed=True)
    return precip, temp, _checks.series("pet", pet, steps)


def parameters(values: Any, known: tuple[Parameter, ...] = PARAMETERS) -> Array:
    """Return the parameter vector, judged one by one and together."""
    params = _checks.parameters(values, known)
    told = params.tolist()
    if told[LP] * told[FC] <= 0.0:
        raise ValueError(f"params[{LP}] (LP) is {told[LP]}, but LP FC must be > 0")
    if told[K0] + told[K1] > 1.0:
        raise ValueError(f"params[{K1}] (K1) is {told[K1]}, but K0 + K1 must be <= 1")
    return params


def zones(values: Any) -> Array:
    """Return the zones (Z, 2), altitude and area share of each, judged."""
    judged = _checks.table("zones", values, None, 2)
    total = 0.0
    for k, share in enumerate(judged[:, 1].tolist()):
        if share < 0.0:
            raise ValueError(f"zones[{k}, 1] is {share}, but must be >= 0")
        total += share
    if abs(total - 1.0) > 1e-9:
        raise ValueError(f"zones[{k}, 1] is {share}, which makes the shares sum to {total}, not to 1")
    return judged


def routing_weights(base: float) -> Array:
    """Return c_i = F(i) - F(i-1), i = 1 .. ceil(base), of the triangle whose distribution is F."""
    half, square = base / 2.0, base * base
    weights = []
    before = 0.0
    for i in range(1, math.ceil(base) + 1):
        if i <= half:
            reached = 2.0 * i * i / square
        else:
            left = max(base - i, 0.0)
            reached = 1.0 - 2.0 * left * left / square
        weights.append(reached - before)
        before = reached
    return np.array(weights)


def start(initial: Any, params: Array, zones: int, remembered: int) -> Array:
    """Return the state [SP(Z), LW(Z), SM(Z), UZ, LZ, remembered discharges], by default the usual start."""
    default = np.zeros(3 * zones + 2 + remembered)
    default[2 * zones : 3 * zones] = params[FC] / 2.0
    default[3 * zones + 1] = 10.0
    return _checks.state(initial, default, nonnegative=3 * zones)


def discharges(steps: int, remembered: Array) -> Array:
    """Return the generated discharges, newest first: room for ``steps``, then the remembered ones."""
    generated = np.empty(steps + remembered.shape[0])
    generated[steps:] = remembered
    return generated
