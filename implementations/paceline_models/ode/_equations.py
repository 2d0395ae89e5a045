"""The problems as machine code: ``f(t, y, dy, p)`` writes dy; ``jac(t, y, J, p)`` writes J (n, n).

The operations stand in the order in which the reference counts were made: with finite-difference Jacobians
a difference of one unit in the last place changes the steps of BDF. Sources: Hairer, Norsett and Wanner,
Solving Ordinary Differential Equations I (``arenstorf``, ``brusselator``, ``pleiades``, ``lorenz``); Hairer
and Wanner, II, and the Test Set for IVP Solvers of the University of Bari (``vdp``, ``robertson``, ``hires``,
``orego``, ``e5``, ``pollution``, ``ringmod``).
"""

from __future__ import annotations

import math

from paceline_models._numba import njit
from paceline_models.ode._solution import Array

compiled = njit(cache=True, error_model="numpy")


@compiled
def vdp(t: float, y: Array, dy: Array, p: Array) -> None:
    """Van der Pol's oscillator; p: mu."""
    dy[0] = y[1]
    dy[1] = p[0] * (1.0 - y[0] ** 2) * y[1] - y[0]


@compiled
def vdp_jac(t: float, y: Array, J: Array, p: Array) -> None:
    """Jacobian of ``vdp``."""
    J[0, 0] = 0.0
    J[0, 1] = 1.0
    J[1, 0] = -2.0 * p[0] * y[0] * y[1] - 1.0
    J[1, 1] = p[0] * (1.0 - y[0] ** 2)


@compiled
def lotka(t: float, y: Array, dy: Array, p: Array) -> None:
    """Lotka and Volterra's prey and predators; p: growth, predation, death, benefit."""
    dy[0] = p[0] * y[0] - p[1] * y[0] * y[1]
    dy[1] = -p[2] * y[1] + p[3] * y[0] * y[1]


@compiled
def brusselator(t: float, y: Array, dy: Array, p: Array) -> None:
    """The Brusselator of two variables; p: A, B."""
    u = y[0] * y[0] * y[1]
    dy[0] = p[0] + u - (p[1] + 1.0) * y[0]
    dy[1] = p[1] * y[0] - u


@compiled
def lorenz(t: float, y: Array, dy: Array, p: Array) -> None:
    """Lorenz's attractor; p: sigma, rho, beta."""
    dy[0] = p[0] * (y[1] - y[0])
    dy[1] = y[0] * (p[1] - y[2]) - y[1]
    dy[2] = y[0] * y[1] - p[2] * y[2]


@compiled
def arenstorf(t: float, y: Array, dy: Array, p: Array) -> None:
    """Arenstorf's orbit in the restricted three-body problem; p: mass of the moon."""
    mu = p[0]
    mm = 1.0 - mu
    d1 = ((y[0] + mu) ** 2 + y[1] ** 2) ** 1.5
    d2 = ((y[0] - mm) ** 2 + y[1] ** 2) ** 1.5
    dy[0] = y[2]
    dy[1] = y[3]
    dy[2] = y[0] + 2.0 * y[3] - mm * (y[0] + mu) / d1 - mu * (y[0] - mm) / d2
    dy[3] = y[1] - 2.0 * y[2] - mm * y[1] / d1 - mu * y[1] / d2


@compiled
def pleiades(t: float, y: Array, dy: Array, p: Array) -> None:
    """Seven stars in the plane, of masses 1 to 7."""
    for i in range(7):
        ax = 0.0
        ay = 0.0
        for j in range(7):
            if j != i:
                dx = y[j] - y[i]
                dz = y[j + 7] - y[i + 7]
                r = (dx * dx + dz * dz) ** 1.5
                ax += (j + 1) * dx / r
                ay += (j + 1) * dz / r
        dy[i] = y[14 + i]
        dy[7 + i] = y[21 + i]
        dy[14 + i] = ax
        dy[21 + i] = ay


@compiled
def linear(t: float, y: Array, dy: Array, p: Array) -> None:
    """Decay of n independent values."""
    for i in range(y.size):
        dy[i] = -y[i]


@compiled
def robertson(t: float, y: Array, dy: Array, p: Array) -> None:
    """Robertson's three reactions; p: their rates."""
    a = p[0] * y[0]
    b = p[1] * y[1] * y[1]
    c = p[2] * y[1] * y[2]
    dy[0] = -a + c
    dy[1] = a - c - b
    dy[2] = b


@compiled
def robertson_jac(t: float, y: Array, J: Array, p: Array) -> None:
    """Jacobian of ``robertson``."""
    J[0, 0] = -p[0]
    J[0, 1] = p[2] * y[2]
    J[0, 2] = p[2] * y[1]
    J[1, 0] = p[0]
    J[1, 1] = -p[2] * y[2] - 2.0 * p[1] * y[1]
    J[1, 2] = -p[2] * y[1]
    J[2, 0] = 0.0
    J[2, 1] = 2.0 * p[1] * y[1]
    J[2, 2] = 0.0


@compiled
def hires(t: float, y: Array, dy: Array, p: Array) -> None:
    """High irradiance response of plants: eight reactants."""
    dy[0] = -1.71 * y[0] + 0.43 * y[1] + 8.32 * y[2] + 0.0007
    dy[1] = 1.71 * y[0] - 8.75 * y[1]
    dy[2] = -10.03 * y[2] + 0.43 * y[3] + 0.035 * y[4]
    dy[3] = 8.32 * y[1] + 1.71 * y[2] - 1.12 * y[3]
    dy[4] = -1.745 * y[4] + 0.43 * y[5] + 0.43 * y[6]
    dy[5] = -280.0 * y[5] * y[7] + 0.69 * y[3] + 1.71 * y[4] - 0.43 * y[5] + 0.69 * y[6]
    dy[6] = 280.0 * y[5] * y[7] - 1.81 * y[6]
    dy[7] = -dy[6]


@compiled
def orego(t: float, y: Array, dy: Array, p: Array) -> None:
    """Oregonator: the Belousov-Zhabotinskii reaction; p: s, q, w."""
    dy[0] = p[0] * (y[1] + y[0] * (1.0 - p[1] * y[0] - y[1]))
    dy[1] = (y[2] - (1.0 + y[0]) * y[1]) / p[0]
    dy[2] = p[2] * (y[0] - y[2])


@compiled
def orego_jac(t: float, y: Array, J: Array, p: Array) -> None:
    """Jacobian of ``orego``."""
    J[0, 0] = p[0] * (1.0 - 2.0 * p[1] * y[0] - y[1])
    J[0, 1] = p[0] * (1.0 - y[0])
    J[0, 2] = 0.0
    J[1, 0] = -y[1] / p[0]
    J[1, 1] = -(1.0 + y[0]) / p[0]
    J[1, 2] = 1.0 / p[0]
    J[2, 0] = p[2]
    J[2, 1] = 0.0
    J[2, 2] = -p[2]


@compiled
def e5(t: float, y: Array, dy: Array, p: Array) -> None:
    """Chemical pyrolysis: rates from 1e-10 to 1e9."""
    a = 7.89e-10 * y[0]
    b = 1.1e7 * y[0] * y[2]
    c = 1.13e9 * y[1] * y[2]
    d = 1.13e3 * y[3]
    dy[0] = -a - b
    dy[1] = a - c
    dy[3] = b - d
    dy[2] = dy[1] - dy[3]


@compiled
def e5_jac(t: float, y: Array, J: Array, p: Array) -> None:
    """Jacobian of ``e5``."""
    J[0, 0] = -7.89e-10 - 1.1e7 * y[2]
    J[0, 1] = 0.0
    J[0, 2] = -1.1e7 * y[0]
    J[0, 3] = 0.0
    J[1, 0] = 7.89e-10
    J[1, 1] = -1.13e9 * y[2]
    J[1, 2] = -1.13e9 * y[1]
    J[1, 3] = 0.0
    J[3, 0] = 1.1e7 * y[2]
    J[3, 1] = 0.0
    J[3, 2] = 1.1e7 * y[0]
    J[3, 3] = -1.13e3
    for k in range(4):
        J[2, k] = J[1, k] - J[3, k]


@compiled
def pollution(t: float, y: Array, dy: Array, p: Array) -> None:
    """Air pollution: 25 reactions of 20 species."""
    r0, r1, r2 = 0.35 * y[0], 0.266e2 * y[1] * y[3], 0.123e5 * y[4] * y[1]
    r3, r4, r5 = 0.86e-3 * y[6], 0.82e-3 * y[6], 0.15e5 * y[6] * y[5]
    r6, r7, r8 = 0.13e-3 * y[8], 0.24e5 * y[8] * y[5], 0.165e5 * y[10] * y[1]
    r9, r10, r11 = 0.9e4 * y[10] * y[0], 0.22e-1 * y[12], 0.12e5 * y[9] * y[1]
    r12, r13, r14 = 0.188e1 * y[13], 0.163e5 * y[0] * y[5], 0.48e7 * y[2]
    r15, r16, r17 = 0.35e-3 * y[3], 0.175e-1 * y[3], 0.1e9 * y[15]
    r18, r19, r20 = 0.444e12 * y[15], 0.124e4 * y[16] * y[5], 0.21e1 * y[18]
    r21, r22, r23 = 0.578e1 * y[18], 0.474e-1 * y[0] * y[3], 0.178e4 * y[18] * y[0]
    r24 = 0.312e1 * y[19]
    dy[0] = -r0 - r9 - r13 - r22 - r23 + r1 + r2 + r8 + r10 + r11 + r21 + r24
    dy[1] = -r1 - r2 - r8 - r11 + r0 + r20
    dy[2] = -r14 + r0 + r16 + r18 + r21
    dy[3] = -r1 - r15 - r16 - r22 + r14
    dy[4] = -r2 + r3 + r3 + r5 + r6 + r12 + r19
    dy[5] = -r5 - r7 - r13 - r19 + r2 + r17 + r17
    dy[6] = -r3 - r4 - r5 + r12
    dy[7] = r3 + r4 + r5 + r6
    dy[8] = -r6 - r7
    dy[9] = -r11 + r6 + r8
    dy[10] = -r8 - r9 + r7 + r10
    dy[11] = r8
    dy[12] = -r10 + r9
    dy[13] = -r12 + r11
    dy[14] = r13
    dy[15] = -r17 - r18 + r15
    dy[16] = -r19
    dy[17] = r19
    dy[18] = -r20 - r21 - r23 + r22 + r24
    dy[19] = -r24 + r23


@compiled
def ringmod(t: float, y: Array, dy: Array, p: Array) -> None:
    """A ring modulator: a circuit of four diodes fed by two sines; its capacity Cs is 2e-12."""
    c, cs, cp, r, rp, lh, ls1, ls2, ls3 = 1.6e-8, 2e-12, 1e-8, 25e3, 50.0, 4.45, 2e-3, 5e-4, 5e-4
    rg1, rg2, rg3, ri, rc, g, dl = 36.3, 17.3, 17.3, 50.0, 600.0, 40.67286402e-9, 17.7493332
    u1 = 0.5 * math.sin(2e3 * math.pi * t)
    u2 = 2.0 * math.sin(2e4 * math.pi * t)
    q1 = g * (math.exp(dl * (y[2] - y[4] - y[6] - u2)) - 1.0)
    q2 = g * (math.exp(dl * (-y[3] + y[5] - y[6] - u2)) - 1.0)
    q3 = g * (math.exp(dl * (y[3] + y[4] + y[6] + u2)) - 1.0)
    q4 = g * (math.exp(dl * (-y[2] - y[5] + y[6] + u2)) - 1.0)
    dy[0] = (y[7] - 0.5 * y[9] + 0.5 * y[10] + y[13] - y[0] / r) / c
    dy[1] = (y[8] - 0.5 * y[11] + 0.5 * y[12] + y[14] - y[1] / r) / c
    dy[2] = (y[9] - q1 + q4) / cs
    dy[3] = (-y[10] + q2 - q3) / cs
    dy[4] = (y[11] + q1 - q3) / cs
    dy[5] = (-y[12] - q2 + q4) / cs
    dy[6] = (-y[6] / rp + q1 + q2 - q3 - q4) / cp
    dy[7] = -y[0] / lh
    dy[8] = -y[1] / lh
    dy[9] = (0.5 * y[0] - y[2] - rg2 * y[9]) / ls2
    dy[10] = (-0.5 * y[0] + y[3] - rg3 * y[10]) / ls3
    dy[11] = (0.5 * y[1] - y[4] - rg2 * y[11]) / ls2
    dy[12] = (-0.5 * y[1] + y[5] - rg3 * y[12]) / ls3
    dy[13] = (-y[0] + u1 - (ri + rg1) * y[13]) / ls1
    dy[14] = (-y[1] - (rc + rg1) * y[14]) / ls1


@compiled
def heat1d(t: float, y: Array, dy: Array, p: Array) -> None:
    """Heat in a rod of n inner points, cold at both ends."""
    n = y.size
    scale = float((n + 1) * (n + 1))
    for i in range(n):
        left = y[i - 1] if i > 0 else 0.0
        right = y[i + 1] if i < n - 1 else 0.0
        dy[i] = scale * (left - 2.0 * y[i] + right)


@compiled
def fall(t: float, y: Array, dy: Array, p: Array) -> None:
    """Free fall of height y0 with velocity y1; p: g."""
    dy[0] = y[1]
    dy[1] = -p[0]


@compiled
def cannon(t: float, y: Array, dy: Array, p: Array) -> None:
    """A shot with quadratic drag, at (y0, y1) with velocity (y2, y3); p: g, drag."""
    v = math.sqrt(y[2] * y[2] + y[3] * y[3])
    dy[0] = y[2]
    dy[1] = y[3]
    dy[2] = -p[1] * v * y[2]
    dy[3] = -p[0] - p[1] * v * y[3]
