"""The initial-value problems: equations, parameters, interval, start, tolerances and published end points.

Van der Pol and the linear system are those of the seed. The others are what the field compares solvers with:
Hairer, Norsett and Wanner, Solving Ordinary Differential Equations I and II, and the Test Set for IVP Solvers
of the University of Bari, whose 14 digits are copied here.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import _callbacks

Array = NDArray[np.float64]

TAYLOR = "Taylor series of order 24 in 28 digits"
TEST_SET = "Test Set for IVP Solvers, University of Bari"
PERIODIC = "a periodic orbit ends where it begins"
EXACT = "exact"
RADAU = "SciPy's Radau at a relative tolerance of 1e-12"


@dataclass(frozen=True)
class Problem:
    """A problem: ``rhs`` names its compiled equations, ``fun`` is what the callback regime calls."""

    rhs: str
    params: tuple[float, ...]
    t_span: tuple[float, float]
    y0: tuple[float, ...]
    rtol: float
    atol: float
    end: tuple[float, ...]
    source: str
    fun: Callable[[float, Any], Any] | None = None
    absolute: bool = False
    """The error is told as it is: parts of the end point are zero."""
    compared: tuple[int, ...] | None = None
    """The components that have digits in double precision; all where nothing is said."""

    def error(self, y: Any) -> float:
        """Return the largest error of the end point ``y`` (n,), relative to max(|y|, atol) or absolute."""
        off = np.abs(np.asarray(y) - self.end)
        size = 1.0 if self.absolute else np.maximum(np.abs(self.end), self.atol)
        errors: Array = off / size
        return float(np.max(errors if self.compared is None else errors[list(self.compared)]))


def linear(n: int) -> Problem:
    """Return the seed's linear system of n equations."""
    end = (math.exp(-10.0),) * n
    fun = _callbacks.linear_system
    return Problem("linear", (), (0.0, 10.0), (1.0,) * n, 1e-6, 1e-8, end, EXACT, fun=fun)


# fmt: off
PROBLEMS = {
    "vdp_mu1": Problem(
        "vdp",
        (1.0,),
        (0.0, 100.0),
        (2.0, 0.0),
        1e-06,
        1e-08,
        (2.0049420104110016, -0.11419217539257256),
        TAYLOR,
        fun=_callbacks.van_der_pol,
    ),
    "lotka_volterra": Problem(
        "lotka",
        (1.5, 1.0, 3.0, 1.0),
        (0.0, 10.0),
        (1.0,) * 2,
        1e-06,
        1e-08,
        (1.0263447675750894, 0.9096910781360417),
        TAYLOR,
        fun=_callbacks.lotka_volterra,
    ),
    "brusselator": Problem(
        "brusselator",
        (1.0, 3.0),
        (0.0, 20.0),
        (1.5, 3.0),
        1e-06,
        1e-08,
        (0.49863707126834783, 4.596780349452011),
        TAYLOR,
        fun=_callbacks.brusselator,
    ),
    "lorenz_t20": Problem(
        "lorenz",
        (10.0, 28.0, 2.6666666666666665),
        (0.0, 20.0),
        (1.0,) * 3,
        1e-08,
        1e-10,
        (13.79319959512862, 12.951803936189899, 34.901608681135144),
        TAYLOR,
        fun=_callbacks.lorenz,
    ),
    "arenstorf": Problem(
        "arenstorf",
        (0.012277471,),
        (0.0, 17.065216560157964),
        (0.994, 0.0, 0.0, -2.0015851063790824),
        1e-08,
        1e-10,
        (0.994, 0.0, 0.0, -2.0015851063790824),
        PERIODIC,
        fun=_callbacks.arenstorf,
        absolute=True,
    ),
    "pleiades": Problem(
        "pleiades",
        (),
        (0.0, 3.0),
        (
            3.0, 3.0, -1.0, -3.0, 2.0, -2.0, 2.0, 3.0, -3.0, 2.0, 0.0, 0.0, -4.0, 4.0, 0.0, 0.0, 0.0, 0.0,
            0.0, 1.75, -1.5, 0.0, 0.0, 0.0, -1.25, 1.0, 0.0, 0.0,
        ),
        1e-08,
        1e-10,
        (
            0.3706139143970502, 3.237284092057233, -3.222559032418324, 0.659709145577531,
            0.3425581707156584, 1.562172101400631, -0.7003092922212495, -3.943437585517392,
            -3.27138097397255, 5.225081843456543, -2.59061243497747, 1.198213693392275,
            -0.2429682344935824, 1.09144924042898, 3.417003806314313, 1.354584501625501,
            -2.590065597810775, 2.025053734714242, -1.155815100160448, -0.8072988170223021,
            0.595239635420871, -3.74124496123401, 0.377345968575063, 0.9386858869551074,
            0.3667922227200571, -0.347404635380849, 2.344915448180937, -1.947020434263292,
        ),
        TEST_SET,
        fun=_callbacks.pleiades,
    ),
    "vdp_mu1000_t2000": Problem(
        "vdp",
        (1000.0,),
        (0.0, 2000.0),
        (2.0, 0.0),
        1e-06,
        1e-08,
        (1.706167732170469, -0.0008928097010248125),
        TEST_SET,
        fun=_callbacks.van_der_pol_stiff,
    ),
    "vdp_mu1000_t3000": Problem(
        "vdp",
        (1000.0,),
        (0.0, 3000.0),
        (2.0, 0.0),
        0.0001,
        1e-06,
        (-1.5106069367441843, 0.0011783800007307663),
        RADAU,
        fun=_callbacks.van_der_pol_stiff,
    ),
    "robertson_t1e11": Problem(
        "robertson",
        (0.04, 30000000.0, 10000.0),
        (0.0, 100000000000.0),
        (1.0, 0.0, 0.0),
        1e-06,
        1e-12,
        (2.083340149701255e-08, 8.333360770334713e-14, 0.999999979166505),
        TEST_SET,
        fun=_callbacks.robertson,
    ),
    "robertson_t1e5": Problem(
        "robertson",
        (0.04, 30000000.0, 10000.0),
        (0.0, 100000.0),
        (1.0, 0.0, 0.0),
        1e-06,
        1e-10,
        (0.017865921142100265, 7.274751468436633e-08, 0.9821340061103874),
        RADAU,
        fun=_callbacks.robertson,
    ),
    "hires": Problem(
        "hires",
        (),
        (0.0, 321.8122),
        (1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0057),
        1e-06,
        1e-09,
        (
            0.0007371312573325668, 0.0001442485726316185, 5.888729740967575e-05, 0.001175651343283149,
            0.002386356198831331, 0.006238968252742796, 0.002849998395185769, 0.002850001604814231,
        ),
        TEST_SET,
        fun=_callbacks.hires,
    ),
    "orego": Problem(
        "orego",
        (77.27, 8.375e-06, 0.161),
        (0.0, 360.0),
        (1.0, 2.0, 3.0),
        1e-06,
        1e-08,
        (1.000814870318523, 1228.178521549917, 132.0554942846706),
        TEST_SET,
        fun=_callbacks.orego,
    ),
    "e5": Problem(
        "e5",
        (),
        (0.0, 10000000000000.0),
        (0.00176, 0.0, 0.0, 0.0),
        1e-06,
        1e-24,
        (1.152903278711829e-291, 8.86765551764212e-23, 8.854814626268838e-23, 0.0),
        TEST_SET,
        fun=_callbacks.e5,
        compared=(1, 2),
    ),
    "pollution": Problem(
        "pollution",
        (),
        (0.0, 60.0),
        (
            0.0, 0.2, 0.0, 0.04, 0.0, 0.0, 0.1, 0.3, 0.01, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.007, 0.0,
            0.0, 0.0,
        ),
        1e-06,
        1e-09,
        (
            0.05646255480022769, 0.1342484130422339, 4.139734331099427e-09, 0.005523140207484359,
            2.018977262302196e-07, 1.464541863493966e-07, 0.07784249118997964, 0.3245075353396018,
            0.007494013383880406, 1.622293157301561e-08, 1.135863833257075e-08, 0.002230505975721359,
            0.000208716288279863, 1.396921016840158e-05, 0.008964884856898295, 4.352846369330103e-18,
            0.006899219696263405, 0.0001007803037365946, 1.772146513969984e-06, 5.682943292316392e-05,
        ),
        TEST_SET,
        fun=_callbacks.pollution,
    ),
    "ring_modulator": Problem(
        "ringmod",
        (),
        (0.0, 0.001),
        (0.0,) * 15,
        1e-06,
        1e-08,
        (
            -0.02339057358486745, -0.007367485485540825, 0.2582956709291169, -0.406446572128345,
            -0.4039455665149794, 0.2607966765422943, 0.1106761861269975, 2.939904342435596e-07,
            -2.840029933642329e-08, 0.0007267198267264553, 0.000792948719696084, -0.0007255283495698965,
            -0.0007941401968526521, 7.088495416976114e-05, 2.39005907523657e-05,
        ),
        TEST_SET,
        absolute=True,
    ),
}
# fmt: on
