"""The cache of asv's results: the same figures as the files, read once, and never in the way."""

from __future__ import annotations

import json
import math
import sqlite3

import numpy as np
import pytest
from asv_folder import NAN, Bench, around, declare, machine, run, sample
from histories import Plan, write

from paceline.results import archive, asv_files, tracks
from paceline.results.asv_columns import FAILED, MEASURED, NONE, SKIPPED
from paceline.results.asv_files import declared_in


@pytest.fixture
def place(tmp_path):
    return tmp_path / ".paceline" / "cache.sqlite"


def history(root, place):
    return tracks.read(root, declared_in(root / "benchmarks.json", []), place)


def test_a_track_holds_what_the_files_hold(tmp_path, place):
    root = tmp_path / "results"
    write(root, Plan(commits=12, models=3))
    (track,) = history(root, place).tracks
    by_commit = {one.commit: one for one in asv_files.read(root).runs}
    assert [one.commit for one in track.runs] == sorted(by_commit, key=lambda one: by_commit[one].date)
    for row, head in enumerate(track.runs):
        for column, case in enumerate(by_commit[head.commit].measurements):
            assert track.cases[column].params == case.params
            value = track.figures[0, row, column]
            assert math.isnan(value) if case.value is None else value == np.float32(case.value)
            assert (
                track.status[row, column]
                == {"measured": MEASURED, "failed": FAILED, "skipped": SKIPPED}[case.status]
            )


def test_only_new_and_changed_files_are_read_again(tmp_path, place):
    root = tmp_path / "results"
    made = write(root, Plan(commits=10))
    assert history(root, place).read == 10
    assert history(root, place).read == 0
    path = next((root / "alpha").glob(f"{made.commits[3][:8]}*.json"))
    path.write_text(path.read_text() + " ")
    next((root / "alpha").glob(f"{made.commits[4][:8]}*.json")).unlink()
    again = history(root, place)
    assert again.read == 1
    assert len(again.tracks[0].runs) == 9


@pytest.mark.parametrize("content", [b"", b"not a database at all", b"SQLite format 3\0" + b"\xff" * 4000])
def test_a_torn_or_foreign_cache_is_made_anew(tmp_path, place, content):
    sample(tmp_path / "results")
    place.parent.mkdir()
    place.write_bytes(content)
    assert history(tmp_path / "results", place).read == 1
    assert history(tmp_path / "results", place).read == 0


def test_a_cache_of_another_version_or_with_nonsense_in_it_is_made_anew(tmp_path, place):
    sample(tmp_path / "results")
    place.parent.mkdir()
    with sqlite3.connect(place) as other:
        other.execute("create table file (something text)")
    assert history(tmp_path / "results", place).read == 1
    with sqlite3.connect(place) as own:
        own.execute("update file set head = '[]', shapes = '[999]'")
    assert history(tmp_path / "results", place).read == 1


def test_where_the_cache_cannot_be_written_the_history_is_read_all_the_same(tmp_path):
    sample(tmp_path / "results")
    (tmp_path / "file").write_text("")
    found = history(tmp_path / "results", tmp_path / "file" / "cache.sqlite")
    assert len(found.tracks) == 1
    assert any("cannot be written" in warning for warning in found.warnings)


def test_two_results_folders_share_a_cache(tmp_path, place):
    for name in ("results", "results2"):
        write(tmp_path / name, Plan(commits=3, models=1))
    assert [history(tmp_path / name, place).read for name in ("results", "results2")] == [3, 3]
    assert [history(tmp_path / name, place).read for name in ("results", "results2")] == [0, 0]


def test_what_cannot_be_read_or_compared_is_said(tmp_path, place):
    root = tmp_path / "results"
    benches = [
        Bench("m.time_old", {}, lambda: 1.0, recorded_version="0"),
        Bench("m.time_new", {"n": (1, 2)}, lambda n: around(float(n))),
    ]
    declare(root, benches)
    path = run(machine(root), [*benches, Bench("m.time_gone", {}, lambda: 1.0)])
    path.with_name("torn-x.json").write_text("{")
    found = history(root, place)
    assert [case.benchmark for case in found.tracks[0].cases] == ["m.time_new"] * 2
    told = "\n".join(found.warnings)
    assert "torn-x.json: not JSON" in told
    assert "another version" in told
    assert "no longer in benchmarks.json" in told


def test_strange_values_are_kept_apart(tmp_path, place):
    values = iter([NAN, None, math.inf, -1.0, 0.0, True, "text", 10**400])
    bench = Bench("m.time_x", {"n": tuple(range(8))}, lambda n: next(values))
    declare(tmp_path / "results", [bench])
    run(machine(tmp_path / "results"), [bench])
    (track,) = history(tmp_path / "results", place).tracks
    assert list(track.status[0]) == [SKIPPED, FAILED, *[MEASURED] * 3, FAILED, FAILED, MEASURED]
    assert list(track.figures[0, 0, 2:5]) == [math.inf, -1.0, 0.0]


def test_cases_that_come_later_get_a_column(tmp_path, place):
    root = tmp_path / "results"
    old = Bench("m.time_x", {"implementation": ("a",)}, lambda implementation: 1.0)
    new = Bench("m.time_x", {"implementation": ("b", "a")}, lambda implementation: 2.0)
    declare(root, [new])
    run(machine(root), [old], "a" * 40)
    run(machine(root), [new], "b" * 40, 1_763_000_000_000)
    (track,) = history(root, place).tracks
    assert [case.params["implementation"] for case in track.cases] == ["a", "b"]
    assert track.status.tolist() == [[MEASURED, NONE], [MEASURED, MEASURED]]


def test_a_large_folder_is_read_through_the_cache_and_says_the_same(tmp_path, place, monkeypatch):
    root = tmp_path / "results"
    write(root, Plan(commits=6, models=2, machines=("alpha", "beta")))
    whole = asv_files.read(root)
    monkeypatch.setattr(archive, "FEW", 0)
    later = archive.read(root, place)
    assert len(later.runs) == len(whole.runs) == 12
    for one, other in zip(later.runs, whole.runs, strict=True):
        assert len(one.measurements) == len(other.measurements)
        assert one.benchmarks == other.benchmarks
        assert tuple(one.measurements) == other.measurements


def test_json_that_asv_would_not_write_costs_itself_only(tmp_path, place):
    root = sample(tmp_path / "results")
    (path,) = [one for one in (root / "sample").glob("*.json") if one.name != "machine.json"]
    document = json.loads(path.read_text())
    document["results"] |= {"a": 1, "b": [], "c": [[1], [["1"] * 2000, ["2"] * 2000]]}
    path.write_text(json.dumps(document))
    assert len(history(root, place).tracks[0].cases) > 30
