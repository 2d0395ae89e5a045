"""The canary: what is remembered of it, and when absolute times are infra."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paceline.host.linux import CpuTimes
from paceline.host.steal import Ticks
from paceline.outcome import PacelineError
from paceline.race import canary
from paceline.race.canary import FEWEST, KEPT, Canary, around, infra, recall, remember, sing

USUAL = Canary(0.020, 0.001)
FIVE = (USUAL,) * 5
NOW = datetime(2026, 11, 21, 10, 15, tzinfo=UTC)


def times(loop: float = 1.0, copy: float = 1.0) -> Canary:
    return Canary(USUAL.loop * loop, USUAL.copy * copy)


def test_it_sings() -> None:
    song = sing(2)
    assert 0 < song.loop < 60
    assert 0 < song.copy < 60


def test_an_ordinary_run_is_believed() -> None:
    assert infra(USUAL, USUAL, (), None) == ""
    assert infra(USUAL, times(1.04, 0.97), FIVE, 0.09) == ""
    assert infra(times(1.09), times(1.09), FIVE, 0.0) == ""


@pytest.mark.parametrize("song", [times(1.11), times(0.89), times(copy=1.11), times(copy=0.89)])
def test_another_speed_than_usual_is_infra_from_the_fifth_run_on(song: Canary) -> None:
    assert "usual" in infra(song, song, (USUAL,) * FEWEST, None)
    assert infra(song, song, (USUAL,) * (FEWEST - 1), None) == ""


def test_what_is_usual_is_the_median_and_not_the_mean() -> None:
    earlier = (*FIVE, times(9), times(9))
    assert infra(USUAL, USUAL, earlier, None) == ""


@pytest.mark.parametrize("end", [times(1.06), times(1 / 1.06), times(copy=1.06), times(copy=1 / 1.06)])
def test_a_start_that_differs_from_the_end_is_infra(end: Canary) -> None:
    reason = infra(USUAL, end, (), None)
    assert "at the start" in reason
    assert "; " not in reason


def test_stolen_time_is_infra() -> None:
    assert "12%" in infra(USUAL, USUAL, (), 0.12)
    assert infra(USUAL, USUAL, (), 0.10) == ""


def test_every_reason_is_told_in_one_line() -> None:
    reason = infra(USUAL, times(1.2, 1.2), FIVE, 0.5)
    assert reason.count("; ") == 4
    assert "an integer loop took 24 ms, where 20 ms is usual here" in reason
    assert "\n" not in reason


@given(st.floats(0.5, 2.0), st.floats(0.5, 2.0))
def test_start_and_end_may_change_places(one: float, two: float) -> None:
    forth, back = (
        infra(times(*pair), times(*reversed(pair)), FIVE, None) for pair in ((one, two), (two, one))
    )
    assert bool(forth) == bool(back)


def test_a_run_is_remembered_by_its_best(tmp_path: Path) -> None:
    remember(tmp_path, "lab", "e1", times(1.1, 1.0), times(1.0, 1.2), now=NOW)
    remember(tmp_path, "lab", "e2", times(3))
    assert recall(tmp_path, "lab", "e1") == (USUAL,)
    assert recall(tmp_path, "other", "e1") == ()
    line = json.loads((tmp_path / "lab" / "canary.jsonl").read_text().splitlines()[0])
    assert (line["schema"], line["utc"], line["epoch"]) == (1, "2026-11-21T10:15:00Z", "e1")


def test_only_the_last_thirty_of_the_epoch_count(tmp_path: Path) -> None:
    for number in range(1, KEPT + 11):
        remember(tmp_path, "lab", "e", times(number))
        remember(tmp_path, "lab", "other", times(99))
    assert recall(tmp_path, "lab", "e") == tuple(times(number) for number in range(11, KEPT + 11))


def test_another_python_has_another_usual(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    remember(tmp_path, "lab", "e", USUAL)
    monkeypatch.setattr("platform.python_version", lambda: "3.99.0")
    assert recall(tmp_path, "lab", "e") == ()


@settings(deadline=None)
@given(content=st.binary(max_size=100))
def test_any_file_is_read_and_can_be_appended_to(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    folder = tmp_path_factory.mktemp("canary")
    (folder / "lab").mkdir()
    (folder / "lab" / "canary.jsonl").write_bytes(content)
    assert recall(folder, "lab", "e") == ()
    remember(folder, "lab", "e", USUAL)
    assert recall(folder, "lab", "e") == (USUAL,)


@pytest.mark.parametrize("value", ["null", "true", "-1", "0", '"1"', "1" + "0" * 400, "1e999"])
def test_a_line_that_is_no_song_is_left_out(tmp_path: Path, value: str) -> None:
    remember(tmp_path, "lab", "e", USUAL)
    path = tmp_path / "lab" / "canary.jsonl"
    (line,) = path.read_text().splitlines()
    path.write_text(line.replace('"loop": 0.02', f'"loop": {value}') + "\n")
    assert value in path.read_text()
    assert recall(tmp_path, "lab", "e") == ()


def test_a_run_is_judged_by_earlier_ones_and_not_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(canary, "read_ticks", lambda: None)
    monkeypatch.setattr(canary, "sing", lambda: USUAL)
    for _ in range(FEWEST):
        assert around(tmp_path, "lab", "e", lambda: 7) == (7, "")
    monkeypatch.setattr(canary, "sing", lambda: times(1.3))
    measured, reason = around(tmp_path, "lab", "e", lambda: 8)
    assert measured == 8
    assert "usual" in reason
    assert len(recall(tmp_path, "lab", "e")) == FEWEST + 1


def test_steal_is_read_around_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    readings = iter([Ticks(CpuTimes(100, 50, 0)), Ticks(CpuTimes(200, 60, 40))])
    monkeypatch.setattr(canary, "read_ticks", lambda: next(readings))
    monkeypatch.setattr(canary, "sing", lambda: replace(USUAL))
    assert "40%" in around(tmp_path, "lab", "e", lambda: None)[1]


def test_a_folder_that_cannot_be_written_is_an_error_that_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(PacelineError, match="cannot write"):
        remember(tmp_path / "file", "lab", "e", USUAL)
    with pytest.raises(PacelineError, match="machine's name"):
        remember(tmp_path, "../lab", "e", USUAL)
