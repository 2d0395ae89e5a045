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


# NumPy and SciPy are black and grey, Numba blue, Rust red and orange, ablations purple, peers green.
_KNOWN = {
    "numpy": Look(BLACK, "s", _SOLID),
    "pure_numpy": Look(BLACK, "s", _DASHED),
    "numpy_best": Look(BLACK, "D", _SOLID),
    "numpy_batch": Look(BLACK, "o", _DOTTED),
    "pure_python": Look(GREY, "X", _DOTTED),
    "scipy_driver": Look(GREY, "p", _SOLID),
    "scipy_kdtree": Look(GREY, "^", _DASHED),
    "scipy_bounded": Look(GREY, "v", _DASHDOT),
    "numba_jit": Look(BLUE, "o", _SOLID),
    "numba_fastmath": Look(BLUE, "v", _DOTTED),
    "numba_soa": Look(BLUE, "s", _DASHED),
    "numba_fused": Look(BLUE, "D", _DASHDOT),
    "numba_pointer": Look(BLUE, "p", _DASHED),
    "numba_tuned": Look(SKY, "P", _DASHDOT),
    "numba_parallel": Look(SKY, "^", _DASHED),
    "numba_grid": Look(SKY, "o", _DOTTED),
    "numba_libm": Look(SKY, "X", _DOTTED),
    "numba_bounded": Look(SKY, "v", _DASHED),
    "rust_pyo3": Look(VERMILION, "D", _SOLID),
    "rust_simd": Look(VERMILION, "^", _SOLID),
    "rust_simd_approx": Look(VERMILION, "v", _DASHED),
    "rust_f16": Look(VERMILION, "o", _DOTTED),
    "rust_batch": Look(VERMILION, "s", _DASHDOT),
    "rust_pointer": Look(VERMILION, "p", _DASHED),
    "rust_mmap": Look(VERMILION, "X", _DOTTED),
    "rust_early_exit": Look(VERMILION, "P", _DOTTED),
    "rust_tuned": Look(ORANGE, "P", _SOLID),
    "rust_parallel": Look(ORANGE, "^", _DASHED),
    "rust_rayon": Look(ORANGE, "^", _DASHED),
    "rust_soa": Look(ORANGE, "s", _SOLID),
    "rust_grid": Look(ORANGE, "o", _DASHDOT),
    "rust_kdtree": Look(ORANGE, "D", _DASHED),
    "rust_fused": Look(ORANGE, "v", _SOLID),
    "rust_bounded": Look(ORANGE, "X", _DASHED),
    "rust_portable": Look(ORANGE, "p", _DOTTED),
    "rust_heap_state": Look(PURPLE, "v", _DOTTED),
    "rust_push_fluxes": Look(PURPLE, "X", _DASHDOT),
    "rust_naive": Look(PURPLE, "o", _SOLID),
    "rust_libm": Look(PURPLE, "s", _DASHED),
    "rust_welford": Look(PURPLE, "P", _DOTTED),
    "rust_verbose": Look(PURPLE, "D", _DOTTED),
    "rust_no_prealloc": Look(PURPLE, "^", _DASHED),
    "rust_clone": Look(PURPLE, "p", _DASHDOT),
    "rust_serial": Look(PURPLE, "o", _DOTTED),
    "rust_sort_median": Look(PURPLE, "D", _SOLID),
    "rust_fresh_arrays": Look(PURPLE, "X", _DASHED),
    "rust_alloc_workspace": Look(PURPLE, "v", _SOLID),
    "rust_blocked64_matmul": Look(PURPLE, "s", _DOTTED),
    "rust_outlined": Look(PURPLE, "s", _DASHDOT),
    "rust_tolerance_branch": Look(PURPLE, "P", _DASHED),
    "rust_due_segments": Look(PURPLE, "^", _SOLID),
    "rust_copied_segments": Look(PURPLE, "o", _DASHDOT),
    "rust_fresh_event_buffers": Look(PURPLE, "D", _DASHDOT),
    "hydrogr": Look(GREEN, "p", _SOLID),
    "cyrk": Look(GREEN, "^", _DOTTED),
    "ivp_rs": Look(GREEN, "o", _SOLID),
    "tbp_monty": Look(GREEN, "D", _DASHED),
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
