"""Environments that are chosen instead of commits: interpreters, requirements, and how they differ."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from comparisons import built
from conftest import Paceline, write_suite

from paceline.outcome import Exit, PacelineError
from paceline.suite import chosen
from paceline.suite.chosen import Chosen
from paceline.suite.config import load
from paceline.suite.repository import here


def test_an_interpreter_that_exists_is_taken_as_it_is(tmp_path: Path) -> None:
    folder = tmp_path / "env"
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "python").symlink_to(sys.executable)
    for text in (str(folder), str(folder / "bin" / "python")):
        assert chosen.chosen(text) == Chosen(text, folder / "bin" / "python")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("numpy==2.3", ("numpy==2.3",)),
        ("numpy == 2.3", ("numpy==2.3",)),
        ("numpy>=2,<3 scipy", ("numpy<3,>=2", "scipy")),
    ],
)
def test_requirements_are_read(text: str, names: tuple[str, ...]) -> None:
    assert chosen.chosen(text) == Chosen(text, None, names)


@pytest.mark.parametrize("text", ["", "/no/such/python", "a b c ==", "--index-url http://x"])
def test_what_is_neither_is_a_usage_error(text: str) -> None:
    with pytest.raises(PacelineError, match=r"requirements such as numpy==2\.3") as raised:
        chosen.chosen(text)
    assert raised.value.code is Exit.USAGE


def test_the_matrix_gives_what_is_not_named(suite: Callable[..., Path]) -> None:
    matrix = {"req": {"pip+asv_runner": ["==0.3.2"], "NumPy": ["2.4", "2.3"], "scipy": [""], "gone": [None]}}
    found = load(suite(settings={"matrix": matrix}) / "asv.conf.json")
    assert chosen.wanted(found, ["numpy==2.2", "six"]) == [
        "asv_runner==0.3.2", "scipy", "numpy==2.2", "six",
    ]  # fmt: skip
    bare = load(suite("bare") / "asv.conf.json")
    assert chosen.wanted(bare, ["six"]) == ["asv_runner==0.3.2", "six"]


def test_what_differs_is_named_and_another_runner_refused() -> None:
    base = replace(built("base"), project={}, packages={"numpy": "2.3", "asv-runner": "0.3.2"})
    head = replace(built("head"), project={}, packages={"numpy": "2.4", "asv-runner": "0.3.2", "new": "1"})
    found = chosen.differences(base, head)
    assert found.also_changed == ("new none -> 1", "numpy 2.3 -> 2.4")
    assert found.refused == ()
    other = replace(built("head"), project={}, packages={"numpy": "2.3", "asv-runner": "0.3.1"})
    (told,) = chosen.differences(base, other).refused
    assert told.startswith("asv_runner 0.3.2 -> 0.3.1")


def test_without_git_the_questions_are_those_that_are_there(tmp_path: Path) -> None:
    assert here(tmp_path).label == "no-commit"


BENCH = """
import six

class Loops:
    def time_loop(self):
        for _ in range(2000 if six.__version__ == "1.16.0" else 3000):
            pass
    def time_steady(self):
        for _ in range(2000):
            pass
"""


def compared(paceline: Paceline, folder: Path, *words: str) -> tuple[Any, dict[str, Any]]:
    told = folder / "told.json"
    quick = ("--seconds", "0.05", "--threshold", "10%", "--results", str(folder / "r"), "--json", str(told))
    ended = paceline("compare", *words, *quick, cwd=folder)
    return ended, json.loads(told.read_text()) if told.exists() else {}


@pytest.mark.slow
def test_two_environments_are_compared_outside_any_repository(tmp_path: Path, paceline: Paceline) -> None:
    folder = write_suite(tmp_path / "a suite", {"bench.py": BENCH})
    words = ("--base-env", "six==1.16.0", "--head-env", "six==1.17.0")
    ended, told = compared(paceline, folder, *words)
    assert ended.returncode == 1, ended.stdout + ended.stderr
    found = {one["benchmark"]: one["verdict"] for one in told["verdicts"]}
    assert found["bench.Loops.time_loop"] == "slower"
    assert found["bench.Loops.time_steady"] in ("same", "inconclusive")
    assert told["also_changed"] == ["six 1.16.0 -> 1.17.0"]
    again, _ = compared(paceline, folder, *words, "--bench", "steady")
    assert "already made: six==1.16.0" in again.stdout
    python = min(folder.glob(".paceline/env/chosen/*/bin/python"))
    subprocess.run([python, "-m", "pip", "uninstall", "-q", "-y", "asv_runner"], check=True)
    refused, _ = compared(paceline, folder, "--base-env", str(python), "--head-env", "six==1.17.0")
    assert refused.returncode == 3
    assert "has no asv_runner" in refused.stderr


def test_environments_and_commits_are_not_mixed(suite: Callable[..., Path], paceline: Paceline) -> None:
    ended = paceline("compare", "HEAD~1", "--base-env", "six==1.16.0", cwd=suite(a=""))
    assert ended.returncode == 2
    assert "name no commits beside them" in ended.stderr


def test_an_environment_that_cannot_be_made_says_why(suite: Callable[..., Path], paceline: Paceline) -> None:
    words = ("compare", "--base-env", "no-such-package-of-ours==0")
    ended = paceline(*words, cwd=suite(a=""), PIP_NO_INDEX="1")
    assert ended.returncode == 3
    assert "cannot install no-such-package-of-ours==0" in ended.stderr
