"""``paceline.toml``: every section is optional, and nothing in it is taken on trust."""

from __future__ import annotations

from pathlib import Path

import pytest

from paceline.outcome import Exit, PacelineError
from paceline.suite.settings import Quick, quick

ROOT = Path(__file__).resolve().parents[1]


def test_no_file_and_no_section_are_no_settings(tmp_path: Path) -> None:
    assert quick(tmp_path) == Quick()
    (tmp_path / "paceline.toml").write_text("[another]\nbench = 3\n")
    assert quick(tmp_path) == Quick()


def test_what_is_set_is_read(tmp_path: Path) -> None:
    (tmp_path / "paceline.toml").write_text(
        '[quick]\nbench = ["é", "b"]\nattributes = { rounds = 1 }\n', "utf-8"
    )
    assert quick(tmp_path) == Quick(("é", "b"), {"rounds": 1})


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("quick = 3", "quick must be a table"),
        ("[[quick]]\nbench = []", "quick must be a table"),
        ("[quick]\nbench = 3", "quick.bench must be a list"),
        ("[quick]\nbench = [3]", "quick.bench must be a list"),
        ("[quick]\nattributes = 'a'", "quick.attributes must be a table"),
        ("[quick]\nbench = ['(']", "quick.bench"),
        ("[quick", "cannot read paceline.toml"),
        ("a = 1\na = 2", "cannot read paceline.toml"),
    ],
)
def test_what_cannot_be_meant_is_a_usage_error_that_names_it(tmp_path: Path, text: str, what: str) -> None:
    (tmp_path / "paceline.toml").write_text(text)
    with pytest.raises(PacelineError, match=what) as raised:
        quick(tmp_path)
    assert raised.value.code is Exit.USAGE


def test_a_file_that_is_no_text_or_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "paceline.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(PacelineError, match=r"cannot read paceline\.toml"):
        quick(tmp_path)


def test_our_own_settings_can_be_read() -> None:
    assert quick(ROOT).bench
