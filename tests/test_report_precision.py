"""Time against error: what a suite that tracks both is told."""

from __future__ import annotations

from dataclasses import replace

import pytest
from asv_folder import Bench, around
from report_runs import of

from paceline.report import markdown, precision, summary
from paceline.stats.ratio import Median

TOLERANCES = (1e-3, 1e-6, 1e-9)
SPEED = {"a": 1.0, "b": 0.5, "c": 0.25}


def _steps(rtol):
    return rtol**0.2 if isinstance(rtol, float) else 1.0


def report(folder, errors, tolerances=TOLERANCES):
    """Return a report of three implementations by tolerance; ``errors`` gives each one's, by tolerance."""
    axes = {"implementation": tuple(SPEED), "rtol": tolerances}
    seconds = Bench(
        "m.T.time_run", axes, lambda implementation, rtol: around(SPEED[implementation] * 1e-5 / _steps(rtol))
    )
    return of(folder, seconds, Bench("m.T.track_error", axes, errors, "track"))


def own(implementation, rtol):
    return rtol * (10 if implementation == "b" else 1)


def test_points_are_ordered_by_error_and_lie_where_time_and_error_say(tmp_path):
    (told,) = precision.precisions(report(tmp_path, own).sections[0])
    assert [name for name, _ in told.lines] == list(SPEED)
    points = dict(told.lines)["b"]
    assert [point.column for point in points] == sorted(TOLERANCES)
    assert [point.error for point in points] == pytest.approx([1e-8, 1e-5, 1e-2])
    assert [point.time.value for point in points] == pytest.approx(
        [0.5e-5 / rtol**0.2 for rtol in TOLERANCES[::-1]]
    )


@pytest.mark.parametrize("error", [0.0, float("nan"), float("inf"), -1.0, 1e-7])
def test_errors_that_make_no_line_make_no_figure(tmp_path, error):
    made = report(tmp_path, lambda implementation, rtol: error)
    assert precision.precisions(made.sections[0]) == []
    assert "-error.svg" not in markdown.document(made)


def test_an_axis_of_words_has_no_line(tmp_path):
    made = report(tmp_path, lambda implementation, rtol: own(implementation, len(rtol)), ("a", "bb", "ccc"))
    assert precision.precisions(made.sections[0]) == []


def test_the_report_shows_the_figure_and_its_numbers(tmp_path, snapshot):
    made = report(tmp_path, own)
    assert "![t: time by error](figures/" in markdown.document(made)
    assert summary.document(made)["machines"][0]["precision"] == snapshot


def test_the_figure_names_its_lines_and_says_where_the_errors_are_from(tmp_path):
    (section,) = report(tmp_path, own).sections
    figure = precision.precision_figure(precision.precisions(section)[0], section)
    texts = [text.get_text() for axes in figure.axes for text in axes.texts] + [
        t.get_text() for t in figure.texts
    ]
    assert any("errors: asv, commit" in text for text in texts)
    assert {"a", "b", "c"} <= set(texts)


@pytest.mark.parametrize("low", [-1.0, 0.0, None, 9.0, float("nan")])
def test_an_interval_that_cannot_be_drawn_has_no_length(tmp_path, low):
    (section,) = report(tmp_path, own).sections
    (told,) = precision.precisions(section)
    name, points = told.lines[0]
    odd = replace(points[0], time=Median(1e-5, low, 2e-5))
    precision.precision_figure(replace(told, lines=((name, (odd, *points[1:])),)), section)
