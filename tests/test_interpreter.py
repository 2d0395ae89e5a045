"""What other interpreters are started with: asv's environment, their own programs first."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from comparisons import built

from paceline.race.between import place
from paceline.suite.config import load
from paceline.suite.discover import questions
from paceline.suite.interpreter import surroundings


def test_programs_beside_the_interpreter_come_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", os.pathsep.join(["/usr/bin", "/env/bin", "/bin"]))
    path = surroundings("/env/bin/python", {})["PATH"]
    assert path.split(os.pathsep) == ["/env/bin", "/usr/bin", "/bin"]
    assert surroundings("python", {})["PATH"] == os.environ["PATH"]


def test_variables_are_set_and_taken_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONE", "1")
    told = surroundings("python", {"GONE": None, "SET": "2"})
    assert "GONE" not in told
    assert told["SET"] == "2"


def test_asvs_own_name_for_pythonpath_is_heeded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", "theirs")
    assert "PYTHONPATH" not in surroundings("python", {"PYTHONPATH": None})
    monkeypatch.setenv("ASV_PYTHONPATH", "asvs")
    assert surroundings("python", {"PYTHONPATH": None})["PYTHONPATH"] == "asvs"


def test_a_built_side_knows_what_asv_tells_benchmarks(suite: Callable[..., Path]) -> None:
    made = load(suite(good="def time_it(): pass\n") / "asv.conf.json")
    told = place(built("base", variables={"FLAG": "1", "EMPTY": ""}), made).variables
    assert told["ASV_COMMIT"] == "b" * 40
    assert told["ASV_PROJECT"] == made.project
    assert (told["FLAG"], told["EMPTY"], told["PYTHONHOME"]) == ("1", None, None)


def test_discovery_has_the_variables_that_asv_sets(suite: Callable[..., Path]) -> None:
    text = "import os\nclass C:\n    params = [os.environ['FLAG']]\n    def time_it(self, flag): pass\n"
    (found,) = questions(suite(good=text) / "asv.conf.json", sys.executable, {"FLAG": "x"})
    assert found.benchmarks[0].params == (("'x'",),)


def test_values_are_named_without_addresses_and_twins_are_numbered(suite: Callable[..., Path]) -> None:
    text = """
from functools import partial
def f(n): pass
class C:
    params = [partial(f, 1), partial(f, 2), [lambda: 1], [lambda: 2], 3]
    def time_it(self, call): pass
"""
    (found,) = questions(suite(good=text) / "asv.conf.json")
    twin = "[<function C.<lambda>>]"
    partials = [f"functools.partial(<function f>, {n})" for n in (1, 2)]
    assert list(found.benchmarks[0].params[0]) == [*partials, f"{twin} (0)", f"{twin} (1)", "3"]
