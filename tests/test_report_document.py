from __future__ import annotations

import json
import math
import re

import pytest
from asv_folder import NAN, sample
from report_runs import call, made, of, times

from paceline.outcome import Exit
from paceline.report import markdown, summary, words, writer
from paceline.stats.ratio import Ratio


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """A working folder without a suite."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_whole_document(tmp_path, snapshot):
    assert markdown.document(made(sample(tmp_path))) == snapshot


def test_the_whole_summary(tmp_path, snapshot):
    assert json.dumps(summary.document(made(sample(tmp_path))), indent=1) == snapshot


def test_the_terminal(elsewhere, capsys, snapshot):
    code, printed = call(capsys, "--results", str(sample(elsewhere / "results")))
    assert code is Exit.OK
    assert "\n".join(line.rstrip() for line in printed.out.splitlines()) == snapshot
    assert len(printed.out.splitlines()) <= 40
    assert "\x1b" not in printed.out


def test_every_ratio_of_the_document_is_in_the_summary(tmp_path):
    report = made(sample(tmp_path))
    text = markdown.document(report)
    for model in summary.document(report)["machines"][0]["models"]:
        for contender in model["contenders"]:
            if contender["ratio"] and contender["implementation"] != model["baseline"]:
                assert words.ratio(Ratio(contender["ratio"], contender["low"], contender["high"])) in text


def test_failed_and_skipped_stay_with_their_reason_and_notes_stand_below(tmp_path):
    text = markdown.document(made(sample(tmp_path)))
    assert "failed: ran out of memory" in text
    assert "skipped: too slow at this size" in text
    assert "- hydrogr: returns Qsim only" in text


def test_no_cell_is_empty(tmp_path):
    rows = [line for line in markdown.document(made(sample(tmp_path))).splitlines() if line.startswith("|")]
    assert rows
    assert not [row for row in rows if re.search(r"\|\s*\|", row)]


def test_links_lead_to_files_that_are_written(tmp_path):
    out = tmp_path / "reports"
    written = writer.write(made(sample(tmp_path / "results")), out)
    links = re.findall(r"\]\(([^)]+)\)", (out / "summary.md").read_text())
    assert len(links) == 10
    assert {out / link for link in links} <= set(written)
    assert all(path.stat().st_size > 0 for path in written)


def test_a_run_without_new_data_changes_no_byte(tmp_path):
    report = made(sample(tmp_path / "results"))
    first = {path: path.read_bytes() for path in writer.write(report, tmp_path / "reports")}
    second = {path: path.read_bytes() for path in writer.write(report, tmp_path / "reports")}
    assert first == second


def test_the_summary_is_strict_json(tmp_path):
    report = of(tmp_path, times({"a": math.inf, "b": NAN, "c": (1.0, -math.inf, math.inf)}))
    writer.write(report, tmp_path / "out")

    def refuse(constant):
        raise AssertionError(constant)

    document = json.loads((tmp_path / "out" / "summary.json").read_text(), parse_constant=refuse)
    assert document["schema"] == 1
