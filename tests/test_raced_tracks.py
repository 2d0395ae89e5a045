from __future__ import annotations

import base64
import gzip
import json
import math
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from asv_folder import DATE, around, declare, machine, run
from race_folder import contender, ledger, race
from report_runs import call, times

from paceline.report.dashboard.charts import charts, epochs_of
from paceline.results.anchor import Anchors, Earlier
from paceline.results.history import Compared
from paceline.results.hosts import HostHistory, HostRecord
from paceline.results.raced_tracks import tracks

BENCHMARK = "m.T.time_run"
START = datetime(2026, 1, 1, tzinfo=UTC)
DATES = {letter * 40: START + timedelta(days=place) for place, letter in enumerate("abcdef")}


def compared(head, ratio, base="a", name="numba", utc="1", **more):
    case = f"{BENCHMARK}(implementation={name})"
    told = {"cpu": "CPU", "low": ratio * 0.99, "high": ratio * 1.01, "pairs": 4, "machine": "vm"} | more
    return Compared(
        f"run{utc}", utc, told.pop("cpu"), base * 40, head * 40, case, BENCHMARK, {"implementation": name},
        "time", "same", False, ratio, **told,
    )  # fmt: skip


def test_each_case_has_its_ratios_in_the_order_of_the_commits():
    own = [compared("c", 1.1), compared("b", 1.0), compared("b", 2.0, name="rust"), compared("f", 1.2)]
    (track,) = tracks(own, Anchors("a" * 40), DATES)
    assert [run.commit[0] for run in track.runs] == ["b", "c", "f"]
    assert (track.machine.name, track.anchor, track.environment) == ("vm", "a" * 40, "raced against aaaaaaaa")
    assert track.figures[0, :, 0] == pytest.approx([1.0, 1.1, 1.2])
    assert track.figures[1, 0, 0] == pytest.approx(0.99)
    assert math.isnan(track.figures[0, 1, 1])
    (chart,) = charts([track], [epochs_of(track, None)], ())
    assert [(line.implementation, len(line.rows)) for line in chart.lines] == [("numba", 3), ("rust", 1)]
    assert chart.kind == "ratio"


def test_the_newest_comparison_of_a_commit_counts_and_earlier_anchors_are_moved():
    anchors = Anchors(
        "b" * 40, earlier=(Earlier("a" * 40, {f"{BENCHMARK}(implementation=numba)": math.log(2)}),)
    )
    own = [compared("c", 1.5, utc="2", base="b"), compared("c", 9.0, base="b"), compared("b", 3.0, utc="3")]
    (track,) = tracks(own, anchors, DATES)
    assert track.figures[0, :, 0] == pytest.approx([1.5, 1.5])


def test_without_an_anchor_the_usual_base_takes_its_place():
    own = [compared("b", 1.1), compared("c", 1.2), compared("d", 1.3, base="c")]
    (track,) = tracks(own, Anchors(), DATES)
    assert track.anchor == "a" * 40
    assert len(track.runs) == 2


def test_processors_are_apart_and_what_is_no_line_is_left_out():
    own = [compared(head, 1.0, cpu=cpu) for head in "bc" for cpu in ("A", "B")]
    own += [compared("d", 1.0, cpu="C"), compared("9", 1.0, cpu="A")]
    assert [track.machine.cpu for track in tracks(own, Anchors("a" * 40), DATES)] == ["A", "B"]
    assert tracks([], Anchors(), DATES) == []


def test_ratios_cross_epochs():
    (track,) = tracks([compared("b", 1.0), compared("c", 1.0)], Anchors("a" * 40), DATES)
    history = HostHistory(
        (HostRecord("2026-01-02T12:00:00Z", "one", {}), HostRecord("2025-01-01T00:00:00Z", "two", {}))
    )
    assert epochs_of(track, history) == [-1, -1]


def test_a_later_step_without_parameters_leaves_the_case_its_own():
    own = [compared("b", 1.0), replace(compared("c", 1.1), params={})]
    (track,) = tracks(own, Anchors("a" * 40), DATES)
    assert [case.params for case in track.cases] == [{"implementation": "numba"}]


def test_what_the_ledger_of_comparisons_holds_is_in_the_page(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    results = tmp_path / "results"
    benches = [times({"a": around(1.0), "b": around(2.0)})]
    declare(results, benches)
    folder = machine(results)
    for day, letter in enumerate("abc"):
        run(folder, benches, letter * 40, DATE + day * 86_400_000)
        one = race(
            [contender("head", 1.0 + day / 10, "same")], {"implementation": "b", "n": 10}, BENCHMARK, "base"
        )
        path = ledger(results, [one], f"2025-11-1{day}T10:00:00Z", letter * 40, what="compare")
        head, *others = path.read_text().splitlines()
        sides = {"base": {"commit": "9" * 40}, "head": {"commit": letter * 40}}
        path.write_text("\n".join((json.dumps(json.loads(head) | {"sides": sides}), *others, "")))
    call(capsys)
    packed = re.search(r'id="block-meta"[^>]*>([^<]+)<', (tmp_path / "reports" / "index.html").read_text())
    assert packed
    told = json.loads(gzip.decompress(base64.b64decode(packed[1])))
    anchors = [track["anchor"] for track in told["tracks"]]
    assert anchors == ["", "9" * 40]
    (chart,) = [chart for chart in told["charts"] if chart["track"] == 1]
    assert [(line[0], line[1]) for line in chart["lines"]] == [("b", 3)]
