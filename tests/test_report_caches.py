"""Where a row's data leave the caches of the host that raced."""

from __future__ import annotations

import dataclasses

import pytest
from race_folder import contender, ledger, race
from report_runs import question
from test_report_figures import overlapping

from paceline.report import caches, claims, drawings, figures, gather
from paceline.report.contents import Remarks, Report
from paceline.results import races

LIMIT = claims.limit('[limit]\nbenchmark = "m.L.track_x"\n[limit.rows]\n"m.T" = { bytes = 16 }\n')
SIZES = (1_000, 100_000, 1_000_000)


def section(folder, l2="1048576"):
    """A race of three sizes on a host with caches of 32 kB, 1 MB and 32 MB."""
    path = ledger(folder, [race([contender("b", 0.5)], {"n": n}, "m.T.time_run", "a") for n in SIZES])
    path.write_text(path.read_text().replace('"ram":', f'"l1d": 32768, "l2": {l2}, "l3": 33554432, "ram":'))
    found = races.read(folder, "sample", {}).cases
    asked = [question("m.T", "t", "m", "a")]
    return gather.section(races.as_run(found), asked, Remarks(), (), found)


def test_a_row_leaves_the_caches_between_its_sizes(tmp_path):
    raced = section(tmp_path)
    (table,) = raced.tables
    found = caches.edges(table, raced, LIMIT)
    assert [(edge.cache, edge.size) for edge in found] == [("L1", 2048), ("L2", 65_536)]  # L3: 2,097,152
    assert caches.edges(table, raced, None) == ()
    assert caches.edges(dataclasses.replace(table, fixed=(("memory", "inplace"),)), raced, LIMIT) == ()
    assert caches.edges(table, raced, claims.limit('[limit]\nbenchmark = "x"\n[limit.rows]\n')) == ()


@pytest.mark.parametrize("told", ["null", '"1 MB"', "-5", "0", "true", "1e6", '"\\u0661"'])
def test_a_cache_that_is_no_number_of_bytes_is_none(tmp_path, told):
    raced = section(tmp_path, told)
    assert "L2" not in [edge.cache for edge in caches.edges(raced.tables[0], raced, LIMIT)]


def test_the_figure_has_a_vertical_for_each_and_says_what_it_is(tmp_path):
    raced = section(tmp_path)
    (drawn,) = [one for one in drawings.drawings(Report((raced,), limit=LIMIT)) if "time" in one.stem.name]
    figure = drawn.draw()
    figure.canvas.draw()
    (axes,) = figure.axes
    assert [text.get_text() for text in axes.texts if text.get_text().startswith("L")] == ["L1", "L2"]
    assert "dotted: 16 bytes an element fill L1, L2" in figure.texts[-1].get_text().replace("\n", " ")
    boxes = [text.get_window_extent(figure.canvas.get_renderer()) for text in (*axes.texts, *figure.texts)]
    assert not overlapping(boxes)
    (plain,) = [one for one in drawings.drawings(Report((raced,))) if "time" in one.stem.name]
    assert plain.mark != drawn.mark
    assert len(figures.time_figure(raced.tables[0], raced).axes[0].lines) < len(axes.lines)
