"""The page's data: packed numbers, charts, what is left out, and hostile text that stays text."""

from __future__ import annotations

import base64
import gzip
import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from asv_folder import machine, run
from dashboard_pages import of
from histories import Plan, write
from hypothesis import given
from hypothesis import strategies as st
from race_folder import contender, ledger, race
from report_runs import made, question

from paceline.report.contents import Report
from paceline.report.dashboard import charts, document, pack
from paceline.report.dashboard.known import Known, Said
from paceline.report.dashboard.moves import move
from paceline.report.dashboard.page import page
from paceline.results import alert_files, tracks
from paceline.results.asv_files import declared_in
from paceline.results.hosts import read_hosts

NOW = datetime(2026, 1, 31, tzinfo=UTC)


def known(root, place, **more):
    warnings = []
    found = tracks.read(root, declared_in(root / "benchmarks.json", []), place)
    names = {track.machine.name for track in found.tracks}
    return Known(
        report=made(root),
        made=NOW,
        project="small",
        tracks=found.tracks,
        alerts=alert_files.alerts(root, warnings),
        notes=alert_files.notes(root, warnings),
        hosts={name: read_hosts(root, name) for name in names},
        warnings=warnings,
        **more,
    )


@pytest.fixture
def small(tmp_path):
    root = tmp_path / "results"
    write(root, Plan(commits=40, models=4, alerts=1, seed=3))
    return known(root, tmp_path / "cache.sqlite")


def unpacked(text):
    return gzip.decompress(base64.b64decode(text))


def meta(told):
    return json.loads(unpacked(document.blocks(told)["meta"]))


@given(st.lists(st.floats(width=32), min_size=1, max_size=50))
def test_packed_numbers_come_back_to_four_digits(values):
    numbers = np.array(values, np.float32)
    planes = np.frombuffer(unpacked(pack.floats(numbers)), np.uint8).reshape(4, -1)
    back = np.ascontiguousarray(planes.T).view("<f4").ravel()
    fine = np.isfinite(numbers)
    assert np.array_equal(back[~fine], numbers[~fine], equal_nan=True)
    assert np.allclose(back[fine], numbers[fine], rtol=6.2e-5, atol=1e-38)


def test_intervals_come_back_within_a_step():
    value = np.full(5, 2.0, np.float32)
    end = np.array([1.9, 2.0, np.nan, -np.inf, 1.0], np.float32)
    code = pack.spread(value, end)
    assert list(code[2:4]) == [pack.NO_INTERVAL, pack.NO_INTERVAL]
    shares = 1e-5 * 1.05 ** code[[0, 4]].astype(float)
    assert shares == pytest.approx([0.05, 0.5], rel=0.03)


def test_a_step_is_a_move_and_noise_or_outliers_are_none():
    rng = np.random.default_rng(1)
    for _ in range(200):
        quiet = np.exp(0.01 * rng.standard_normal(60))
        quiet[rng.integers(0, 60)] *= 4
        assert move(quiet) is None
    found = move(np.concatenate([quiet[:50], 1.3 * quiet[50:]]))
    assert found is not None
    assert found.at == 50
    assert found.ratio == pytest.approx(1.3, rel=0.02)
    assert move(np.array([1.0, 2.0, 1.0])) is None
    assert move(np.zeros(20)) is None


def test_every_point_is_in_the_page_and_every_alert_finds_its_line(small):
    told = meta(small)
    points = sum(line[1] for chart in told["charts"] for line in chart["lines"])
    steps = np.frombuffer(unpacked(document.blocks(small)["steps"]), np.uint8)
    assert points == len(steps) // 2
    (track,) = small.tracks
    assert points == int(np.sum((track.status == 1) | (track.status == 2)))
    (alert,) = small.alerts
    names = [line[4] for chart in told["charts"] for line in chart["lines"]]
    assert names.count([alert.name]) == 1


def test_the_epoch_of_every_run_is_told(small):
    (track,) = meta(small)["tracks"]
    assert track["epochs"] == [0] * 20 + [1] * 20


def test_a_raced_case_brings_its_threshold(tmp_path):
    root = tmp_path / "results"
    torn = race([contender("rust_pyo3")], {"n": 20}, "m.T.time_run") | {"threshold": None}
    whole = race([contender("rust_pyo3")], {"n": 10}, "m.T.time_run") | {"threshold": 0.005}
    ledger(root, [whole, torn])
    asked = [question("m.T", "t", "m")]
    (table,) = meta(of(root, asked))["sections"][0]["tables"]
    told = [[cell["threshold"] for cell in row["cells"]] for row in table["rows"]]
    assert told == [[0.005, 0.025]] * 2  # the baseline's, too; what is not known is the usual one


def test_a_long_history_is_thinned_but_not_where_something_happened(small):
    epochs = [charts.epochs_of(track, small.hosts[track.machine.name]) for track in small.tracks]
    whole = charts.charts(small.tracks, epochs, small.alerts)
    thin = charts.thin(whole, 100)
    for before, after in zip(whole, thin, strict=True):
        loud = any(line.alerts or line.move for line in before.lines)
        for one, other in zip(before.lines, after.lines, strict=True):
            assert len(one.rows) == len(other.rows) + other.thinned
            assert not (loud and other.thinned)
            assert np.nanmax(one.figures[0]) == np.nanmax(other.figures[0])
            assert np.nanmin(one.figures[0]) == np.nanmin(other.figures[0])
            assert {one.rows[0], one.rows[-1]} <= set(other.rows)
    assert sum(line.thinned for chart in thin for line in chart.lines)


def test_the_page_is_one_file_that_asks_for_nothing(small):
    text = page(small).decode()
    assert not re.search(r"""(?:src|href)=["'](?!data:|#)""", text.partition('<script type="text/plain"')[0])
    assert "default-src &#39;none&#39;" in text
    assert page(small) == page(small)
    assert text.count("</script>") == text.count("<script")


HOSTILE = "</script><script>alert(1)</script>\u202e\u05d0'\"\n`${x}`" + "x" * 10_000


def test_hostile_text_stays_in_the_packed_blocks(tmp_path):
    root = tmp_path / "results"
    write(root, Plan(commits=3, models=1))
    told = known(root, tmp_path / "c.sqlite", commits={})
    hashes = [one.commit for one in told.tracks[0].runs]
    said = {hash: Said(HOSTILE, HOSTILE, HOSTILE) for hash in hashes}
    made = replace(
        told, commits=said, project=HOSTILE, warnings=[HOSTILE], commit_url="javascript:alert(1)//"
    )
    text = page(made).decode()
    assert "alert(1)" not in text.replace("&lt;script&gt;alert(1)", "")
    subjects = meta(made)["commits"]["subject"]
    assert all("<script>" in one and len(one) <= 400 and "\u202e" not in one for one in subjects)


def test_nothing_at_all_is_a_page_too():
    assert len(page(Known(Report(()), NOW))) > 1_000_000  # the library


def test_alerts_and_notes_are_read_tolerantly(tmp_path):
    folder = tmp_path / "alerts"
    folder.mkdir()
    (folder / "a.toml").write_text('benchmark = "m.time_x"\nratio = "much"\nopened = "soon"\ncases = 3\n')
    (folder / "b.toml").write_text("<<<<<<< conflict\n")
    (folder / "c.toml").write_text('state = "fixed"\n')
    (tmp_path / "notes.toml").write_text(
        '[[note]]\ndate = 2026-01-31\ntext = "NumPy"\n[[note]]\ntext = "when?"\n'
        '[[note]]\ncommit = "abc"\ntext = "x"\n'
    )
    warnings = []
    (alert,) = alert_files.alerts(tmp_path, warnings)
    assert (alert.live, alert.ratio, alert.opened, alert.cases) == (True, None, None, ())
    notes = alert_files.notes(tmp_path, warnings)
    assert [(note.text, note.when and note.when.year) for note in notes] == [("NumPy", 2026), ("x", None)]
    assert len(warnings) == 3


def test_an_alert_is_about_the_cases_that_it_names():
    alert = alert_files.Alert(
        "a", "open", "m.time_x", ("m.time_x(implementation='b', n=10)",), {"implementation": "b"}
    )
    assert alert.concerns("m.time_x", {"implementation": "b", "n": 10})
    assert not alert.concerns("m.time_x", {"implementation": "b", "n": 100})
    assert not alert.concerns("m.time_x", {"implementation": "a", "n": 10})


def test_modules_are_short_and_import_only_each_other():
    folder = Path(pack.__file__).parent / "assets"
    names = {path.stem for path in folder.glob("*.js")}
    for path in folder.glob("*.js"):
        text = path.read_text()
        assert len(text.splitlines()) < 200, path.name
        assert set(re.findall(r'from "\./([\w-]+)\.js"', text)) <= names - {"main"}, path.name
        assert "innerHTML" not in text, path.name
        assert not re.search(r"\beval\b|new Function|insertAdjacentHTML|document\.write", text), path.name


def test_an_unknown_machine_and_one_run_do_no_harm(tmp_path):
    root = tmp_path / "results"
    write(root, Plan(commits=1, models=1, implementations=1, sizes=(5,)))
    run(machine(root, "other"), [], machine_name="other")
    assert len(meta(known(root, tmp_path / "c.sqlite"))["charts"]) == 1
