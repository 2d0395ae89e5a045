"""What checks leave in results/: read again, torn or odd as it may be."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from paceline.results.checks import Case, CheckLog, newest, record


def case(**changed: Any) -> Case:
    return Case(**{"model": "m", "implementation": "i", "axes": {"n": 1}, "status": "agrees", **changed})


WRONG_CASES = (
    {"axes": {"n": [1]}}, {"axes": {"n": {"a": 1}}}, {"axes": None}, {"build": ["lto"]}, {"reason": None},
)  # fmt: skip


def test_a_torn_record_costs_its_line_and_a_warning(tmp_path: Path) -> None:
    log = CheckLog(tmp_path, "box", "0123456789abcdef")
    log.write({"kind": "run", "schema": 1})
    log.write({"kind": "case", **record(case(max_abs=float("inf")))})
    log.close()
    assert log.path.name.split("-")[1] == "01234567"
    with log.path.open("a") as file:
        file.write('{"kind": "case", "model": "m", "impl')
    cases, warnings = newest(tmp_path, "box")
    assert cases == (case(),)
    assert warnings == (f"{log.path}: 1 line(s) that are no check record; left out",)


@pytest.mark.parametrize(
    "line",
    [
        "[]", "3", "null", '{"kind": "case"}', '{"kind": "case", "model": []}', "\x00",
        *(json.dumps({"kind": "case", **record(case()), **wrong}) for wrong in WRONG_CASES),
    ],
)  # fmt: skip
def test_no_line_breaks_the_reader(tmp_path: Path, line: str) -> None:
    log = CheckLog(tmp_path, "box", "")
    log.write({"kind": "case", **record(case())})
    log.close()
    log.path.write_text(line + "\n" + log.path.read_text())
    cases, warnings = newest(tmp_path, "box")
    assert cases == (case(),)
    assert len(warnings) == 1


def test_the_newest_record_is_read_and_none_is_no_error(tmp_path: Path) -> None:
    assert newest(tmp_path, "box") == ((), ())
    for stamp, name in (("20250101T000000Z", "old"), ("20260101T000000Z", "new")):
        log = CheckLog(tmp_path, "box", "")
        log.write({"kind": "case", **record(case(model="both", reason=name))})
        log.write({"kind": "case", **record(case(model=name))})
        log.close()
        log.path.rename(log.path.with_name(f"{stamp}-no-commit-1.jsonl"))
    found = {one.model: one.reason for one in newest(tmp_path, "box")[0]}
    assert found == {"both": "new", "old": "", "new": ""}  # a check of one model forgets no other


def test_older_checks_are_read_until_they_tell_nothing_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("paceline.results.checks.IDLE", 3)
    for day, name in enumerate(["lost", *"aaa", "kept", *"aa"], 10):
        log = CheckLog(tmp_path, "box", "")
        log.write({"kind": "case", **record(case(model=name, reason=str(day)))})
        log.close()
        log.path.rename(log.path.with_name(f"202501{day}T000000Z-no-commit-1.jsonl"))
    found = {one.model: one.reason for one in newest(tmp_path, "box")[0]}
    assert found == {"a": "16", "kept": "14"}
