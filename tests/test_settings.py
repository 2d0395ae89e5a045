"""``paceline.toml``: every section is optional, and nothing in it is taken on trust."""

from __future__ import annotations

from pathlib import Path

import pytest

from paceline.outcome import Exit, PacelineError
from paceline.suite.settings import Building, Comparing, Quick, building, comparing, quick

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


def test_what_a_comparison_leaves_out_and_fails_on(tmp_path: Path) -> None:
    assert comparing(tmp_path) == Comparing()
    (tmp_path / "paceline.toml").write_text(
        "[compare]\nfail_on = ['slower']\nskip = ['^slow', 'n=9']\nthreads = { BLAS = 2, 'B' = 1 }\n"
    )
    found = comparing(tmp_path)
    assert found.fail_on == ("slower",)
    assert [found.skips(name) for name in ("slow.time_x", "m.slow", "m.time_x(n=9)")] == [True, False, True]
    assert [found.threads_of(name) for name in ("m.BLAS.time_x", "m.B", "m.C")] == [2, 1, None]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("compare = 1", "compare must be a table"),
        ("[compare]\nfail_on = 'slower'", "compare.fail_on must be a list of slower, worse"),
        ("[compare]\nfail_on = ['sloer']", "compare.fail_on must be a list of slower, worse"),
        ("[compare]\nskip = 'a'", "compare.skip must be a list"),
        ("[compare]\nskip = ['(']", "compare.skip"),
        ("[compare]\nthreads = 2", "compare.threads must be a table"),
        ("[compare]\nthreads = { a = 0 }", "compare.threads must be a table"),
        ("[compare]\nthreads = { a = true }", "compare.threads must be a table"),
        ("[compare]\nthreads = { '(' = 2 }", "compare.threads"),
    ],
)
def test_what_a_comparison_cannot_mean(tmp_path: Path, text: str, what: str) -> None:
    (tmp_path / "paceline.toml").write_text(text)
    with pytest.raises(PacelineError, match=what) as raised:
        comparing(tmp_path)
    assert raised.value.code is Exit.USAGE


def test_a_file_that_is_no_text_or_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "paceline.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(PacelineError, match=r"cannot read paceline\.toml"):
        quick(tmp_path)


def test_our_own_settings_can_be_read() -> None:
    assert quick(ROOT).bench


def test_how_both_sides_are_built(tmp_path: Path) -> None:
    assert building(tmp_path) == Building()
    (tmp_path / "paceline.toml").write_text(
        "[build]\nvariables = { RUSTFLAGS = '-O' }\nfeatures = ['wide']\n"
        "requirements = ['six==1.17.0', 'a @ file:///b']\n"
        "commands = ['make it']\nwithout = ['mkl']\n"
        "dependencies = 'uv.lock'\nenvironment_type = 'virtualenv'\n"
    )
    lists = ("wide",), ("six==1.17.0", "a @ file:///b"), ("make it",), ("mkl",)
    assert building(tmp_path) == Building({"RUSTFLAGS": "-O"}, *lists, "uv.lock", "virtualenv")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("build = 1", "build must be a table"),
        ("[build]\nfeature = ['a']", r"\[build\] has no key 'feature': did you mean features\?"),
        ("[build]\nzzz = 1", r"\[build\] has no key 'zzz': it has variables, features"),
        ("[build]\nvariables = ['A=1']", "build.variables must be a table"),
        ("[build]\nvariables = { A = 1 }", "build.variables must be a table"),
        ("[build]\nvariables = { 'A B' = '1' }", "build.variables must be a table"),
        ("[build]\nfeatures = 'wide'", "build.features must be a list of cargo features"),
        ("[build]\nrequirements = ['a b']", "'a b' is no requirement such as"),
        ("[build]\ncommands = [1]", "build.commands must be a list"),
        ("[build]\ncommands = ['']", "build.commands must be a list"),
        ("[build]\ndependencies = ['a']", "build.dependencies must be a file"),
        ("[build]\nenvironment_type = 1", "build.environment_type must be one of asv's types"),
    ],
)
def test_what_a_build_cannot_mean(tmp_path: Path, text: str, what: str) -> None:
    (tmp_path / "paceline.toml").write_text(text)
    with pytest.raises(PacelineError, match=what) as raised:
        building(tmp_path)
    assert raised.value.code is Exit.USAGE
    assert "\n" not in str(raised.value)
