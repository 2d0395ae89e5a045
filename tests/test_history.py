"""History from ledgers: comparisons, series against the anchor, and the anchor's own file."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from paceline.outcome import PacelineError
from paceline.results import anchor, history
from paceline.results.anchor import Anchors, Earlier

A, B, C = "a" * 40, "b" * 40, "c" * 40
HOST = {"cpu": "Example CPU", "signature": "6/85/7"}
CASE = "kernels.Loop.time_run(n=10)"


def written(results: Path, stamp: str, header: Mapping[str, Any], *records: Mapping[str, Any]) -> Path:
    path = results / "box" / "races" / f"{stamp}-aaaaaaaa-1.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    told = [{"kind": "run", "utc": f"{stamp[:4]}-01-01T00:00:00Z", "host": HOST, **header}, *records]
    path.write_text("".join(json.dumps({"schema": 1, "run": path.stem, **one}) + "\n" for one in told))
    return path


def compared(base: str, head: str) -> dict[str, Any]:
    return {"what": "compare", "sides": {"base": {"commit": base}, "head": {"commit": head}}}


def race(ratio: float | None = 1.05, verdict: str = "slower", **more: Any) -> dict[str, Any]:
    one = {
        "name": "head",
        "verdict": verdict,
        "confirmed": True,
        "ratio": ratio,
        "low": 1.0,
        "high": 1.1,
        "pairs": 6,
    }
    return {
        "kind": "race",
        "race": CASE,
        "benchmark": "kernels.Loop.time_run",
        "axes": {"n": 10},
        "contenders": [one | more],
    }


def test_a_comparison_is_read(tmp_path: Path) -> None:
    number = {
        "kind": "number",
        "type": "peakmemory",
        "case": "m.C.peakmem_x",
        "benchmark": "m.C.peakmem_x",
        "params": {},
        "base": 100.0,
        "head": 110.0,
        "verdict": "worse",
    }
    written(
        tmp_path, "20260101T000000Z", compared(A, B), race(), number, {"kind": "end", "infra": "it was hot"}
    )
    (one, other), warnings = history.comparisons(tmp_path)
    assert (one.base, one.head, one.case, one.ratio, one.cpu) == (A, B, CASE, 1.05, "Example CPU (6/85/7)")
    assert (one.slower, other.verdict, other.slower, warnings) == (True, "slower", False, [])


def test_steps_of_a_bisection_are_comparisons(tmp_path: Path) -> None:
    step = {
        "kind": "step",
        "commit": B,
        "against": A,
        "verdict": "slower",
        "ratio": 1.1,
        "low": 1.0,
        "high": 1.2,
    }
    header = {"what": "bisect", "settings": {"case": CASE}}
    written(tmp_path, "20260101T000000Z", header, step, {**step, "verdict": "skipped", "ratio": None})
    ((one,), _) = history.comparisons(tmp_path)
    assert (one.base, one.head, one.case, one.benchmark) == (A, B, CASE, "kernels.Loop.time_run")
    assert one.slower


@pytest.mark.parametrize(
    "record",
    [race(ratio=-1.0), race(ratio="1"), {**race(), "contenders": []}, {**race(), "axes": 3}, race(pairs="x")],
)
def test_what_cannot_be_understood_is_left_out_and_said(tmp_path: Path, record: dict[str, Any]) -> None:
    written(tmp_path, "20260101T000000Z", compared(A, B), record)
    found, warnings = history.comparisons(tmp_path)
    assert (found, len(warnings)) == ([], 1)


def test_older_comparisons_are_counted_among_comparisons_alone(tmp_path: Path) -> None:
    for day in (1, 2, 3):
        written(tmp_path, f"2026010{day}T000000Z", compared(A, B), race())
    written(tmp_path, "20260104T000000Z", {**compared(A, B), "what": "race"}, race())
    assert len(history.comparisons(tmp_path, 3)[0]) == 3
    found, warnings = history.comparisons(tmp_path, 2)
    assert (len(found), warnings) == (2, ["1 comparisons before the newest 2 were not read"])


def test_other_runs_are_no_comparisons(tmp_path: Path) -> None:
    written(tmp_path, "20260101T000000Z", {"what": "race"}, race())
    written(tmp_path, "20260102T000000Z", {"what": ["x"]}, race())
    assert history.comparisons(tmp_path) == ([], [])


def test_a_series_is_in_the_order_of_commits_and_the_newest_of_a_commit_counts(tmp_path: Path) -> None:
    written(tmp_path, "20260101T000000Z", compared(A, C), race(1.02))
    written(tmp_path, "20270102T000000Z", compared(A, C), race(1.03))
    written(tmp_path, "20270103T000000Z", compared(A, B), race(1.01))
    written(tmp_path, "20270104T000000Z", compared(B, C), race(1.5))
    found, _ = history.comparisons(tmp_path)
    (one,) = history.series(found, Anchors(A), {A: 0, B: 1, C: 2})
    assert [(point.commit, round(math.exp(point.value), 9)) for point in one.points] == [(B, 1.01), (C, 1.03)]
    assert history.series(found, Anchors(A), {C: 0})[0].points[0].commit == C
    assert history.series(found, Anchors(), {A: 0, B: 1, C: 2}) == []


def test_an_earlier_anchor_is_moved_by_the_overlap(tmp_path: Path) -> None:
    anchors = Anchors(A).replaced(B, "2026-01-01T00:00:00Z", {CASE: 0.1}).replaced(C, "", {CASE: 0.2})
    assert anchors.earlier == (Earlier(A, {CASE: 0.1}), Earlier(B, {CASE: 0.2}))
    assert [anchors.offset(one, CASE) for one in (C, B, A)] == [0.0, -0.2, pytest.approx(-0.3)]
    assert [anchors.offset(one, "other") for one in (C, B, "")] == [0.0, None, None]
    assert anchors.replaced(C, "later", {}) is anchors
    anchor.write(tmp_path, anchors)
    assert anchor.read(tmp_path) == anchors


def test_a_benchmark_that_the_anchor_lacks_has_one_of_its_own(tmp_path: Path) -> None:
    anchors = Anchors(A, "", (), {"kernels.Loop.time_run": B})
    anchor.write(tmp_path, anchors)
    read = anchor.read(tmp_path)
    assert [read.offset(one, CASE) for one in (A, B)] == [None, 0.0]
    assert read.all == {A, B}


@pytest.mark.parametrize(
    "text",
    [
        "schema = 2",
        'schema = 1\ncommit = "HEAD"',
        "schema = 1",
        "<<<<<",
        f'schema = 1\ncommit = "{A}"\nearlier = [1]',
    ],
)
def test_a_broken_anchor_file_is_an_error_that_names_it(tmp_path: Path, text: str) -> None:
    (tmp_path / "anchor.toml").write_text(text)
    with pytest.raises(PacelineError, match=r"anchor\.toml"):
        anchor.read(tmp_path)
    assert anchor.read(tmp_path / "nowhere") == Anchors()
