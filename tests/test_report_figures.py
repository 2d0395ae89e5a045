from __future__ import annotations

import io
import itertools
from pathlib import Path

import matplotlib
import pytest
from asv_folder import around, sample
from hypothesis import given
from hypothesis import strategies as st
from matplotlib import image as matplotlib_image
from race_folder import contender, ledger, race
from report_runs import QUESTIONS, REMARKS, made, of, times

from paceline.report import figures, gather, scales, style, writer
from paceline.results import races
from paceline.results.asv_files import read

SUITE = Path(__file__).resolve().parents[1] / "implementations" / "paceline_models"
MODELS = sorted(
    {path.parent for path in SUITE.glob("*/*/pure_numpy.py")}
    | {path.parent for path in SUITE.glob("*/*/scipy_driver.py")}
)


@given(st.lists(st.floats(0, 1), max_size=12), st.floats(0.01, 0.3))
def test_labels_are_spread_apart_and_within_the_axes(wanted, step):
    placed = sorted(scales.spread(wanted, step, 0.0, 1.0))
    step = min(step, 1 / max(1, len(wanted) - 1))
    assert all(b - a >= step - 1e-9 for a, b in itertools.pairwise(placed))
    assert all(-1e-9 <= place <= 1 + 1e-9 for place in placed)


@given(st.floats(1e-9, 1e6), st.floats(1.0001, 1e9))
def test_ticks_are_few_apart_and_inside(low, factor):
    found = scales.ticks(low, low * factor)
    assert len(found) <= 13
    assert all(low <= tick <= low * factor for tick in found)
    assert found == sorted(set(found))


def overlapping(boxes):
    return [(a, b) for i, a in enumerate(boxes) for b in boxes[:i] if a.overlaps(b)]


def crowded(tmp_path):
    names = [f"implementation_number_{index}" for index in range(12)]
    values = {name: around(1e-3 * (1 + index % 3 / 1000)) for index, name in enumerate(names)}
    return of(tmp_path, times(values, n=(10, 11, 12, 100, 1_000_000)), baseline=names[0])


def raced(folder):
    """Return a report in which races and asv's results, of other commits, stand side by side."""
    sample(folder)
    own = [contender("rust_pyo3", 0.99, "same"), contender("rust_tuned", 0.52)]
    ledger(folder, [race(own, {"n": n}) for n in (365, 3650)], commit="f" * 40, dirty=True)
    (found,) = read(folder).runs
    return gather.section(found, QUESTIONS, REMARKS, (), races.read(folder, "sample", {}).cases)


MAKERS = {
    "sample": lambda folder: made(sample(folder)).sections[0],
    "crowded": lambda folder: crowded(folder).sections[0],
    "raced": raced,
}


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
@pytest.mark.parametrize("draw", [figures.time_figure, figures.ratio_figure])
def test_no_label_lies_on_another_or_outside(tmp_path, make, draw):
    section = make(tmp_path)
    for table in section.tables:
        figure = draw(table, section)
        figure.canvas.draw()
        (axes,) = figure.axes
        renderer = figure.canvas.get_renderer()
        whole = figure.bbox
        labels = [text.get_window_extent(renderer) for text in (*axes.texts, *figure.texts)]
        xticks = [text.get_window_extent(renderer) for text in axes.get_xticklabels() if text.get_text()]
        yticks = [text.get_window_extent(renderer) for text in axes.get_yticklabels() if text.get_text()]
        others = [axes.xaxis.label.get_window_extent(renderer), axes.yaxis.label.get_window_extent(renderer)]
        assert not overlapping([*labels, *xticks, *others])
        assert not overlapping([*yticks, *others])
        assert all(whole.x0 <= box.x0 and box.x1 <= whole.x1 for box in (*labels, *xticks, *yticks, *others))


def test_figures_name_model_baseline_units_and_host(tmp_path):
    section = made(sample(tmp_path)).sections[0]
    table = section.tables[0]
    time, ratio = figures.time_figure(table, section), figures.ratio_figure(table, section)
    titles = [[text.get_text() for text in figure.texts[:2]] for figure in (time, ratio)]
    assert titles[0] == ["gr6j", "time per call; the baseline is numba_jit"]
    assert titles[1] == ["gr6j", "time / time of numba_jit; below 1 is faster"]
    assert "time per call" in time.axes[0].get_ylabel()
    assert ratio.axes[0].get_ylabel() == "ratio to the baseline (no unit)"
    assert "n (number of" in time.axes[0].get_xlabel()
    caption = time.texts[-1].get_text()
    assert all(word in caption for word in ("Example CPU", "01234567", "2025-11-07", "unpaired"))


def test_images_are_what_they_say(tmp_path):
    section = made(sample(tmp_path)).sections[0]
    figure = figures.ratio_figure(section.tables[0], section)
    pixels = matplotlib_image.imread(io.BytesIO(writer.image(figure, "png")))
    assert pixels.shape[0] > 500
    assert pixels.shape[1] > 900
    assert pixels[..., :3].std() > 0.05
    svg = writer.image(figure, "svg")
    assert svg.startswith(b"<?xml")
    assert b"<dc:date>" not in svg


def test_what_a_user_set_for_matplotlib_changes_nothing(tmp_path):
    section = made(sample(tmp_path)).sections[0]

    def drawn():
        return writer.image(figures.time_figure(section.tables[0], section), "svg")

    before = drawn()
    with matplotlib.rc_context({"axes.facecolor": "black", "font.size": 30, "text.usetex": True}):
        assert drawn() == before


def test_a_name_looks_the_same_everywhere():
    assert style.look("numba_jit").colour == style.BLUE
    assert style.look("somebody_s_own") == style.look("somebody_s_own")
    looks = {(look.colour, look.marker, look.dash) for look in style._KNOWN.values()}
    assert len(looks) >= len(style._KNOWN) - 1  # rust_parallel and rust_rayon are one thing by two names


@pytest.mark.parametrize("folder", MODELS, ids=lambda path: path.name)
def test_no_two_known_implementations_of_a_model_have_one_colour_and_marker(folder):
    names = (path.stem for path in folder.glob("[!_]*.py"))
    looks = [style.look(name) for name in names if name in style._KNOWN]  # a file is all that a new one needs
    assert len({(look.colour, look.marker) for look in looks}) == len(looks)
