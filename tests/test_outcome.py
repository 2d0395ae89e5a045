"""Exit codes: what each means, and which of several wins."""

from __future__ import annotations

import errno
import itertools
import json
import math
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paceline.outcome import Exit, PacelineError, what_the_system_refuses, worst
from paceline.output import console, strict, write_file, write_json

DOCUMENTED = {
    "OK": 0, "SLOWER": 1, "USAGE": 2, "FAILED": 3, "WRONG_ANSWERS": 4, "HOST_NOT_FIT": 5,
    "SELFTEST_MISSED": 6, "BUG": 70, "INTERRUPTED": 130, "TERMINATED": 143,
}  # fmt: skip
ORDER = [2, 70, 4, 1, 3, 5]  # several at once, as the design has it


def test_the_codes_are_the_documented_ones() -> None:
    assert {code.name: int(code) for code in Exit} == DOCUMENTED


def test_nothing_is_fine() -> None:
    assert worst([]) is Exit.OK
    assert worst([Exit.OK, Exit.OK]) is Exit.OK


@pytest.mark.parametrize(("first", "second"), list(itertools.combinations(ORDER, 2)))
def test_of_two_the_documented_one_wins(first: int, second: int) -> None:
    assert worst([Exit(first), Exit(second)]) == worst([Exit(second), Exit(first)]) == first


@given(st.lists(st.sampled_from(Exit)))
def test_the_winner_is_one_of_them_and_never_hides_trouble(exits: list[Exit]) -> None:
    winner = worst(exits)
    assert winner in exits or (winner is Exit.OK and not exits)
    assert (winner is Exit.OK) == (set(exits) <= {Exit.OK})


def test_an_error_is_a_usage_error_unless_it_says_otherwise() -> None:
    assert PacelineError("x").code is Exit.USAGE
    assert PacelineError("x", Exit.FAILED).code is Exit.FAILED


SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text())
KEYS = st.one_of(st.text(), st.integers(), st.booleans())
VALUES = st.recursive(
    SCALARS, lambda inner: st.one_of(st.lists(inner), st.tuples(inner, inner), st.dictionaries(KEYS, inner))
)


@given(VALUES)
def test_any_document_becomes_strict_json(value: object) -> None:
    text = json.dumps(strict(value), allow_nan=False)

    def refuse(name: str) -> None:
        raise AssertionError(name)

    json.loads(text, parse_constant=refuse)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_json_has_not_is_null(value: float) -> None:
    assert strict({"a": [value, {"b": value}], 1: 2.5}) == {"a": [None, {"b": None}], "1": 2.5}


def test_numbers_of_numpy_are_written_too(tmp_path: Path) -> None:
    np = pytest.importorskip("numpy")
    write_json(str(tmp_path / "a.json"), {"nan": np.float64("nan"), "x": np.float64(1.5), "n": np.int64(3)})
    assert json.loads((tmp_path / "a.json").read_text()) == {"nan": None, "x": 1.5, "n": 3}


def test_a_file_is_written_whole_with_its_folder(tmp_path: Path) -> None:
    target = tmp_path / "new" / "folder" / "file.json"
    write_json(str(target), {"b": 1})
    assert json.loads(target.read_text()) == {"b": 1}
    assert [path.name for path in target.parent.iterdir()] == ["file.json"]


def test_a_file_that_cannot_be_written_is_an_error_of_ours(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(PacelineError, match="cannot write") as raised:
        write_file(tmp_path / "file" / "below", b"x")
    assert raised.value.code is Exit.FAILED


def test_a_failed_write_leaves_the_old_content_and_nothing_beside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "file"
    target.write_bytes(b"old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(PacelineError, match="No space left on device"):
        write_file(target, b"new")
    assert target.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_what_is_said_when_the_reader_has_gone_is_not_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    """rich would leave with 1, which means "slower" here; and what was found must still be written."""
    reading, writing = os.pipe()
    os.close(reading)
    stream = os.fdopen(writing, "w")
    with monkeypatch.context() as patched:
        patched.setattr("sys.stdout", stream)
        told = console()
        told.print("x")
        told.print("y")
        write_json("-", {"a": 1})
    stream.close()


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "a/file"), "No space left on device: a/file"),
        (OSError(errno.EMFILE, "Too many open files"), "Too many open files"),
    ],
)
def test_what_the_system_refuses_is_one_line(error: OSError, told: str) -> None:
    with pytest.raises(PacelineError) as raised, what_the_system_refuses():
        raise error
    assert (str(raised.value), raised.value.code) == (told, Exit.FAILED)


def test_what_nobody_can_mend_stays_a_bug() -> None:
    with pytest.raises(FileNotFoundError), what_the_system_refuses():
        raise FileNotFoundError(errno.ENOENT, "No such file or directory")
