"""The history of a host: host.jsonl."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from host_trees import (
    pc,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from paceline.host.fingerprint import read_fingerprint
from paceline.outcome import PacelineError
from paceline.results.hosts import read_hosts, record_host


def test_one_line_for_each_change(tmp_path: Path) -> None:
    seen = read_fingerprint(pc(tmp_path / "pc"))
    other = replace(seen, governor="powersave")
    written = [record_host(tmp_path, "lab", host.document()) for host in (seen, seen, other, other, seen)]
    assert written == [True, False, True, False, True]
    history = read_hosts(tmp_path, "lab")
    assert [record.epoch for record in history.records] == [seen.epoch, other.epoch, seen.epoch]
    assert history.records[0].host == seen.document()
    for line in (tmp_path / "lab" / "host.jsonl").read_text().splitlines():
        assert json.loads(line)["schema"] == 1


def test_hosts_of_one_machine_do_not_hide_each_other(tmp_path: Path) -> None:
    one = read_fingerprint(pc(tmp_path / "pc")).document()
    two = {**one, "host": "second"}
    assert [record_host(tmp_path, "lab", host) for host in (one, two, one, two)] == [True, True, False, False]
    latest = read_hosts(tmp_path, "lab").latest("second")
    assert latest is not None
    assert latest.name == "second"


def test_a_torn_last_line_costs_itself_only(tmp_path: Path) -> None:
    host = read_fingerprint(pc(tmp_path / "pc")).document()
    record_host(tmp_path, "lab", host)
    path = tmp_path / "lab" / "host.jsonl"
    whole = path.read_bytes()
    path.write_bytes(whole + whole[:40])
    history = read_hosts(tmp_path, "lab")
    assert len(history.records) == 1
    assert "torn last line" in history.warnings[0]
    assert record_host(tmp_path, "lab", {**host, "governor": "powersave"})
    assert path.read_bytes().startswith(whole + whole[:40] + b"\n")
    assert len(read_hosts(tmp_path, "lab").records) == 2


@settings(deadline=None)
@given(content=st.binary(max_size=200))
def test_any_history_is_read_and_can_be_appended_to(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    folder = tmp_path_factory.mktemp("history")
    (folder / "lab").mkdir()
    (folder / "lab" / "host.jsonl").write_bytes(content)
    before = len(read_hosts(folder, "lab").records)
    record_host(folder, "lab", {"host": "pc", "epoch": "e", "ram": float("nan")})
    assert len(read_hosts(folder, "lab").records) == before + 1


def test_a_history_that_is_not_there_or_cannot_be_written(tmp_path: Path) -> None:
    assert read_hosts(tmp_path, "lab").records == ()
    (tmp_path / "file").write_text("")
    with pytest.raises(PacelineError, match="cannot write"):
        record_host(tmp_path / "file", "lab", {"host": "pc"})
    for name in ("", "..", "a/b"):
        with pytest.raises(PacelineError, match="machine's name"):
            record_host(tmp_path, name, {})
