"""asv's machine file: written so that asv asks nothing, and nobody's entry is touched."""

from __future__ import annotations

import json
import platform
from pathlib import Path

import pytest
from asv.machine import Machine, MachineCollection

from paceline.outcome import PacelineError
from paceline.suite.machine import asv_fields, ensure_machine

HOST = {
    "machine": "ignored", "host": platform.node() or "unknown", "os": "Linux", "os_version": "24.04",
    "kernel": "6.8.0-45", "arch": "x86_64", "cpu": "Fast i7", "cores_logical": 8, "ram": 16_390_000_000,
}  # fmt: skip
FIELDS = {"os": "Linux", "arch": "x86_64", "cpu": "Fast i7", "num_cpu": "8", "ram": "15GB"}
USERS = {
    "machine": "bench-box",
    "os": "Plan 9",
    "arch": "mips",
    "cpu": "R4000",
    "num_cpu": "1",
    "ram": "64MB",
}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path / ".asv-machine.json"


def put(path: Path, **entries: object) -> str:
    path.write_text(json.dumps({**entries, "version": 1}))
    return path.read_text()


def test_asv_finds_all_six_fields_and_asks_nothing(home: Path, tmp_path: Path) -> None:
    assert ensure_machine(None, HOST) == HOST["host"]
    machine = Machine.load(interactive=True)
    assert machine.__dict__ == {"machine": HOST["host"], **FIELDS}
    assert set(machine.__dict__) == {name for name, _ in Machine.fields}
    machine.save(str(tmp_path / "results"))


def test_a_given_name_is_added_beside_the_others_entries(home: Path) -> None:
    put(home, **{"bench-box": USERS})
    assert ensure_machine("lab", HOST) == "lab"
    entries = json.loads(home.read_text())
    assert entries == {"bench-box": USERS, "lab": {"machine": "lab", **FIELDS}, "version": 1}
    assert MachineCollection.load("lab") == {"machine": "lab", **FIELDS}


def test_an_entry_of_the_user_is_kept_byte_for_byte(home: Path) -> None:
    mine = {"machine": str(HOST["host"]), "os": "my own words"}
    before = put(home, **{str(HOST["host"]): mine, "other": USERS})
    assert ensure_machine(None, HOST) == HOST["host"]
    assert home.read_text() == before


def test_the_only_machine_is_this_one_as_asv_has_it(home: Path) -> None:
    before = put(home, **{"bench-box": USERS})
    assert ensure_machine(None, HOST) == "bench-box"
    assert Machine.load().machine == "bench-box"
    assert json.loads(home.read_text()) == json.loads(before)


def test_a_second_call_changes_nothing(home: Path) -> None:
    ensure_machine("lab", HOST)
    before = home.read_text(), home.stat().st_mtime_ns
    ensure_machine("lab", {**HOST, "cpu": "another"})
    assert (home.read_text(), home.stat().st_mtime_ns) == before


def test_what_updates_change_splits_no_series() -> None:
    later = {
        **HOST,
        "kernel": "7.0",
        "os_version": "26.04",
        "ram": 16_390_000_000 - 3_000_000,
        "governor": "x",
    }
    assert asv_fields("lab", later) == asv_fields("lab", HOST)


def test_what_is_unknown_is_empty() -> None:
    unknown = {"host": "pc", "os": "Linux", "cpu": None, "cores_logical": None, "ram": None}
    assert asv_fields("pc", unknown) == {
        "machine": "pc", "os": "Linux", "arch": "", "cpu": "", "num_cpu": "", "ram": "",
    }  # fmt: skip


def test_a_home_that_cannot_be_written_is_one_clear_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("HOME", str(tmp_path / "file"))
    with pytest.raises(PacelineError, match="set HOME to a folder") as caught:
        ensure_machine("lab", HOST)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("content", ["{", "[]", '{"version": 99}', '{"lab": {}}', "\0", "[" * 100_000])
def test_a_broken_file_is_never_overwritten(home: Path, content: str) -> None:
    home.write_text(content)
    with pytest.raises(PacelineError, match="asv's machine file") as caught:
        ensure_machine("lab", HOST)
    assert "\n" not in str(caught.value)
    assert home.read_text() == content


def test_an_entry_that_asv_cannot_use_is_named(home: Path) -> None:
    put(home, lab={"os": "Linux"})
    with pytest.raises(PacelineError, match=r"'lab' in .* has no field"):
        ensure_machine("lab", HOST)


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "version"])
def test_names_that_are_no_folder(home: Path, name: str) -> None:
    with pytest.raises(PacelineError, match="cannot be a machine's name"):
        ensure_machine(name, HOST)
    assert not home.exists()


def test_a_link_stays_a_link(home: Path, tmp_path: Path) -> None:
    kept = tmp_path / "dotfiles.json"
    put(kept, **{"bench-box": USERS})
    home.symlink_to(kept)
    ensure_machine("lab", HOST)
    assert home.is_symlink()
    assert set(json.loads(kept.read_text())) == {"bench-box", "lab", "version"}
