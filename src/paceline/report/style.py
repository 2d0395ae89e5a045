"""One look for every figure: colours, markers and dashes that belong to an implementation's name."""

from __future__ import annotations

import hashlib
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import matplotlib.style

# Okabe and Ito's palette, which colour-blind readers can tell apart; yellow is too faint on white.
BLACK, ORANGE, SKY, GREEN = "#000000", "#E69F00", "#56B4E9", "#009E73"
BLUE, VERMILION, PURPLE, GREY = "#0072B2", "#D55E00", "#CC79A7", "#6E6E6E"

_SOLID, _DASHED, _DOTTED, _DASHDOT = "solid", (0, (5, 2)), (0, (1.5, 1.5)), (0, (6, 2, 1.5, 2))
_COLOURS = (BLACK, ORANGE, SKY, GREEN, BLUE, VERMILION, PURPLE, GREY)
_MARKERS = "osD^vPpX"
_DASHES = (_SOLID, _DASHED, _DOTTED, _DASHDOT)
Dash = str | tuple[int, tuple[float, ...]]


@dataclass(frozen=True)
class Look:
    """How one implementation is drawn, everywhere."""

    colour: str
    marker: str
    dash: Dash


_KNOWN = {
    "pure_python": Look(GREY, "X", _DOTTED),
    "pure_numpy": Look(BLACK, "s", _DASHED),
    "numpy": Look(BLACK, "s", _SOLID),
    "numba_jit": Look(BLUE, "o", _SOLID),
    "numba_tuned": Look(SKY, "P", _DASHDOT),
    "numba_fastmath": Look(BLUE, "v", _DOTTED),
    "numba_parallel": Look(SKY, "^", _DASHED),
    "rust_pyo3": Look(VERMILION, "D", _SOLID),
    "rust_tuned": Look(ORANGE, "P", _SOLID),
    "rust_parallel": Look(ORANGE, "^", _DASHED),
    "rust_heap_state": Look(PURPLE, "v", _DOTTED),
    "rust_push_fluxes": Look(PURPLE, "X", _DASHDOT),
    "hydrogr": Look(GREEN, "p", _SOLID),
    "numpy_best": Look(GREY, "s", _DASHED),
    "scipy_driver": Look(GREY, "o", _SOLID),
    "ivp_rs": Look(GREEN, "p", _DASHED),
    "cyrk": Look(GREEN, "^", _DOTTED),
    "tbp_monty": Look(GREEN, "o", _SOLID),
    "numba_pointer": Look(SKY, "v", _DOTTED),
    "numba_fused": Look(BLUE, "P", _DASHED),
    "numba_grid": Look(SKY, "X", _DASHDOT),
    "rust_pointer": Look(ORANGE, "v", _DOTTED),
    "rust_fused": Look(ORANGE, "s", _SOLID),
    "rust_simd": Look(PURPLE, "D", _SOLID),
    "rust_grid": Look(ORANGE, "X", _DASHDOT),
    "rust_kdtree": Look(PURPLE, "^", _DASHED),
    "rust_alloc_workspace": Look(PURPLE, "v", _DOTTED),
    "rust_fresh_arrays": Look(PURPLE, "X", _DASHDOT),
    "rust_rayon": Look(ORANGE, "^", _DASHED),
}


def look(implementation: str) -> Look:
    """Return a name's look: fixed for known names, by a stable hash for others."""
    known = _KNOWN.get(implementation)
    if known:
        return known
    digest = hashlib.sha256(implementation.encode("utf-8", "surrogatepass")).digest()
    return Look(
        _COLOURS[digest[0] % len(_COLOURS)],
        _MARKERS[digest[1] % len(_MARKERS)],
        _DASHES[digest[2] % len(_DASHES)],
    )


_SETTINGS: dict[Any, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 9.0,
    "axes.titlesize": 10.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#E4E4E4",
    "grid.linewidth": 0.6,
    "lines.linewidth": 1.6,
    "lines.markersize": 5.5,
    "svg.hashsalt": "paceline",  # the same data make the same bytes
    "svg.fonttype": "path",
    "path.simplify": False,
}


def context() -> AbstractContextManager[None]:
    """Return the settings to draw and to save in; what a user set for matplotlib changes nothing."""
    return matplotlib.style.context(["default", _SETTINGS])
