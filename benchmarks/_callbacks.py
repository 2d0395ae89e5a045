"""The problems' right-hand sides in Python, as users of SciPy write them: what the callback regime calls.

Parameters are defaults, so that ``fun(t, y)`` is one call in every implementation. The functions of the seed
(``van_der_pol``, ``lorenz``, ``linear_system``) are word for word those of the published benchmark.
"""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType
from typing import Any

import numpy as np


def van_der_pol(t: float, y: Any, mu: float = 1.0) -> Any:
    """Van der Pol's oscillator."""
    y0, y1 = y
    dy0 = y1
    dy1 = mu * (1.0 - y0**2) * y1 - y0
    return [dy0, dy1]


def lorenz(t: float, y: Any, sigma: float = 10.0, rho: float = 28.0, beta: float = 8.0 / 3.0) -> Any:
    """Lorenz's attractor."""
    x, y_val, z = y
    return [sigma * (y_val - x), x * (rho - z) - y_val, x * y_val - beta * z]


def linear_system(t: float, y: Any) -> Any:
    """Decay of independent values."""
    return -y


def first_is_half(t: float, y: Any) -> Any:
    """Zero where the first component is one half: an event."""
    return y[0] - 0.5


def lotka_volterra(t: float, y: Any, a: float = 1.5, b: float = 1.0, c: float = 3.0, d: float = 1.0) -> Any:
    """Prey and predators."""
    prey, predators = y
    return [a * prey - b * prey * predators, -c * predators + d * prey * predators]


def brusselator(t: float, y: Any, a: float = 1.0, b: float = 3.0) -> Any:
    """The Brusselator of two variables."""
    u, v = y
    reaction = u * u * v
    return [a + reaction - (b + 1.0) * u, b * u - reaction]


def arenstorf(t: float, y: Any, mu: float = 0.012277471) -> Any:
    """A satellite in the plane of earth and moon."""
    x, z, vx, vz = y
    rest = 1.0 - mu
    d1 = ((x + mu) ** 2 + z**2) ** 1.5
    d2 = ((x - rest) ** 2 + z**2) ** 1.5
    ax = x + 2.0 * vz - rest * (x + mu) / d1 - mu * (x - rest) / d2
    az = z - 2.0 * vx - rest * z / d1 - mu * z / d2
    return [vx, vz, ax, az]


MASSES = np.arange(1.0, 8.0)


def pleiades(t: float, y: Any) -> Any:
    """Seven stars, in NumPy."""
    dx = y[:7] - y[:7, None]
    dz = y[7:14] - y[7:14, None]
    r = (dx * dx + dz * dz) ** 1.5
    np.fill_diagonal(r, 1.0)
    ax = (MASSES * dx / r).sum(axis=1)
    az = (MASSES * dz / r).sum(axis=1)
    return np.concatenate((y[14:], ax, az))


def robertson(t: float, y: Any, k1: float = 0.04, k2: float = 3e7, k3: float = 1e4) -> Any:
    """Robertson's three reactions."""
    y0, y1, y2 = y
    a, b, c = k1 * y0, k2 * y1 * y1, k3 * y1 * y2
    return [-a + c, a - c - b, b]


def hires(t: float, y: Any) -> Any:
    """High irradiance response of plants."""
    a, b, c, d, e, f, g, h = y
    last = 280.0 * f * h - 1.81 * g
    return [
        -1.71 * a + 0.43 * b + 8.32 * c + 0.0007,
        1.71 * a - 8.75 * b,
        -10.03 * c + 0.43 * d + 0.035 * e,
        8.32 * b + 1.71 * c - 1.12 * d,
        -1.745 * e + 0.43 * f + 0.43 * g,
        -280.0 * f * h + 0.69 * d + 1.71 * e - 0.43 * f + 0.69 * g,
        last,
        -last,
    ]


def orego(t: float, y: Any, s: float = 77.27, q: float = 8.375e-6, w: float = 0.161) -> Any:
    """The Oregonator."""
    a, b, c = y
    return [s * (b + a * (1.0 - q * a - b)), (c - (1.0 + a) * b) / s, w * (a - c)]


def e5(t: float, y: Any) -> Any:
    """Chemical pyrolysis."""
    y0, y1, y2, y3 = y
    a, b, c, d = 7.89e-10 * y0, 1.1e7 * y0 * y2, 1.13e9 * y1 * y2, 1.13e3 * y3
    return [-a - b, a - c, (a - c) - (b - d), b - d]


def pollution(t: float, y: Any) -> Any:
    """Air pollution: 25 reactions of 20 species."""
    r0, r1, r2 = 0.35 * y[0], 26.6 * y[1] * y[3], 1.23e4 * y[4] * y[1]
    r3, r4, r5 = 8.6e-4 * y[6], 8.2e-4 * y[6], 1.5e4 * y[6] * y[5]
    r6, r7, r8 = 1.3e-4 * y[8], 2.4e4 * y[8] * y[5], 1.65e4 * y[10] * y[1]
    r9, r10, r11 = 9.0e3 * y[10] * y[0], 0.022 * y[12], 1.2e4 * y[9] * y[1]
    r12, r13, r14 = 1.88 * y[13], 1.63e4 * y[0] * y[5], 4.8e6 * y[2]
    r15, r16, r17 = 3.5e-4 * y[3], 0.0175 * y[3], 1e8 * y[15]
    r18, r19, r20 = 4.44e11 * y[15], 1240.0 * y[16] * y[5], 2.1 * y[18]
    r21, r22, r23 = 5.78 * y[18], 0.0474 * y[0] * y[3], 1780.0 * y[18] * y[0]
    r24 = 3.12 * y[19]
    return [
        -r0 - r9 - r13 - r22 - r23 + r1 + r2 + r8 + r10 + r11 + r21 + r24,
        -r1 - r2 - r8 - r11 + r0 + r20,
        -r14 + r0 + r16 + r18 + r21,
        -r1 - r15 - r16 - r22 + r14,
        -r2 + r3 + r3 + r5 + r6 + r12 + r19,
        -r5 - r7 - r13 - r19 + r2 + r17 + r17,
        -r3 - r4 - r5 + r12,
        r3 + r4 + r5 + r6,
        -r6 - r7,
        -r11 + r6 + r8,
        -r8 - r9 + r7 + r10,
        r8,
        -r10 + r9,
        -r12 + r11,
        r13,
        -r17 - r18 + r15,
        -r19,
        r19,
        -r20 - r21 - r23 + r22 + r24,
        -r24 + r23,
    ]


def with_defaults(function: Callable[..., Any], name: str, *defaults: float) -> Callable[..., Any]:
    """Return a copy of a function with other defaults; it pickles by its name, under which it must stand."""
    copied = FunctionType(function.__code__, function.__globals__, name, defaults)
    copied.__qualname__ = name
    copied.__module__ = __name__
    return copied


van_der_pol_stiff = with_defaults(van_der_pol, "van_der_pol_stiff", 1000.0)
