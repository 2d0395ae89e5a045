"""Figures as pictures, beside those that were looked at and found good.

``PACELINE_DRAW=1 pytest tests/test_report_images.py`` draws them anew: look before you keep them.
Pictures are compared by the root mean square of what their pixels differ (0 to 255), so that another FreeType
changes nothing, and a line that lies elsewhere does.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from asv_folder import Bench, around, declare, machine, run
from matplotlib.image import imread
from matplotlib.testing.compare import calculate_rms, compare_images
from race_folder import contender, ledger, race
from report_runs import question

from paceline.report import contrast_page, figures, first_calls, gather, heatmap, precision, style
from paceline.report.contents import Remarks
from paceline.report.contrast import Place, contrast
from paceline.results import races
from paceline.results.asv_files import read

GOOD = Path(__file__).parent / "data" / "figures"
TOLERANCE = 4.0
DPI = 60
SIZES = (100, 1_000, 10_000)
RATIOS = {"rust_tuned": (1.4, 0.8, 0.5), "rust_pyo3": (1.01, 1.0, 0.99), "pure_numpy": (9.0, 40.0, 80.0)}
TOLERANT = {"implementation": ("numba_jit", "rust_pyo3", "cyrk"), "rtol": (1e-3, 1e-6, 1e-9, 1e-12)}
STEPS = {"numba_jit": 1e-5, "rust_pyo3": 0.7e-5, "cyrk": 3e-5}
ERRORS = {"numba_jit": 1.0, "rust_pyo3": 1.0, "cyrk": 30.0}
WORDS = {"rust_pyo3": "same"}


def section(folder, more=1.0):
    """Races with a crossover, start-up by asv, a hollow point; ``more`` multiplies what rust_tuned takes."""
    start = {"implementation": ("numba_jit", *RATIOS), "model": ("t",)}
    slow = {"numba_jit": 1.0, "rust_tuned": 30.0}
    benches = [
        Bench(
            "m.T.time_run",
            {"implementation": ("numba_jit", "peer"), "n": SIZES},
            lambda n, **_: around(2e-7 * n),
        ),
        Bench(
            "m.W.time_run", TOLERANT, lambda implementation, rtol: around(STEPS[implementation] / rtol**0.2)
        ),
        Bench(
            "m.W.track_error", TOLERANT, lambda implementation, rtol: ERRORS[implementation] * rtol, "track"
        ),
        Bench(
            "startup.S.track_import",
            start,
            lambda implementation, **_: slow.get(implementation, 0.02) / 10,
            "track",
        ),
        Bench(
            "startup.S.track_first_call",
            start,
            lambda implementation, **_: slow.get(implementation, 1e-4),
            "track",
        ),
    ]
    declare(folder, benches)
    run(machine(folder), benches)
    own = {
        name: tuple(one * (more if name == "rust_tuned" else 1) for one in told)
        for name, told in RATIOS.items()
    }
    ledger(folder, [race(_contenders(own, place), {"n": n}, "m.T.time_run") for place, n in enumerate(SIZES)])
    (found,) = read(folder).runs
    asked = [
        question("m.T", "t", "m"),
        question("m.W", "w", "w"),
        question("startup.S", "startup", "startup", None),
    ]
    return gather.section(found, asked, Remarks(), raced=races.read(folder, "sample", {}).cases)


def _contenders(ratios, place):
    seconds = 1e-7 * SIZES[place]
    return [
        contender(
            name,
            own[place],
            WORDS.get(name, "slower" if own[place] > 1 else "faster"),
            seconds=own[place] * seconds,
            baseline_seconds=seconds,
        )
        for name, own in ratios.items()
    ]


def both(folder):
    """Return the same cases in two places, the second of which is slower for one implementation."""
    return contrast(
        "machines", Place("here", section(folder / "a")), Place("there", section(folder / "b", 1.5))
    )


DRAWN = {
    "time": lambda one: figures.time_figure(one.tables[0], one),
    "ratio": lambda one: figures.ratio_figure(one.tables[0], one),
    "heat": lambda one: heatmap.sheet_figure(one, heatmap.sheets(one)[0]),
    "calls": lambda one: figures.calls_figure(first_calls.first_calls(one, {"t": "pure_numpy"})[0], one),
    "error": lambda one: precision.precision_figure(precision.precisions(one)[0], one),
}


def picture(figure, path):
    with style.context():
        figure.savefig(path, dpi=DPI)
    return path


@pytest.mark.parametrize("name", [*DRAWN, "contrast"])
def test_a_figure_looks_as_it_did(tmp_path, name):
    figure = contrast_page.heat(both(tmp_path), "m") if name == "contrast" else DRAWN[name](section(tmp_path))
    made = picture(figure, tmp_path / f"{name}.png")
    good = GOOD / f"{name}.png"
    if os.environ.get("PACELINE_DRAW"):
        good.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(made, good)
    expected = shutil.copy(good, tmp_path / f"{name}-expected.png")  # what differs is drawn beside it
    assert compare_images(str(expected), str(made), TOLERANCE) is None


@pytest.mark.parametrize("name", ["ratio", "heat"])
def test_a_line_or_a_number_that_lies_elsewhere_is_seen(tmp_path, name):
    other = picture(DRAWN[name](section(tmp_path, 1.6)), tmp_path / "other.png")
    first, second = (imread(path)[..., :3] * 255 for path in (GOOD / f"{name}.png", other))
    assert first.shape != second.shape or calculate_rms(first, second) > TOLERANCE
