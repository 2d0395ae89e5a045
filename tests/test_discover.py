"""Discovery: what a suite asks, told by the interpreter that will answer."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from paceline.outcome import Exit, PacelineError
from paceline.suite.config import load
from paceline.suite.discover import questions
from paceline.suite.repository import checkout

ROOT = Path(__file__).resolve().parents[1]


def asked(folder: Path) -> dict[str, list[str]]:
    found = questions(folder / "asv.conf.json")
    return {one.key: [benchmark.name for benchmark in one.benchmarks] for one in found}


def test_a_class_is_a_question_and_so_is_a_module_of_functions(suite: Callable[..., Path]) -> None:
    folder = suite(
        both="""
def time_before():
    pass

class Between:
    package = "models.family.between_model"
    reference, baseline = "plain", 3
    params = (["a", "b"], [1, 2.5, None])
    param_names = ("implementation", "n")
    def time_a(self, implementation, n):
        pass
    def track_b(self, implementation, n):
        return 1
    def agreement(self, implementation, n):
        return {}

def time_after():
    pass
"""
    )
    assert asked(folder) == {
        "both": ["both.time_before", "both.time_after"],
        "both.Between": ["both.Between.time_a", "both.Between.track_b"],
    }
    functions, between = sorted(questions(folder / "asv.conf.json"), key=lambda one: one.key)
    assert (functions.model, functions.family, functions.checkable) == ("both", "both", False)
    assert (between.model, between.family, between.checkable) == ("between_model", "both", True)
    assert (between.reference, between.baseline) == ("plain", None)
    assert between.benchmarks[0].kind == "time"
    assert between.benchmarks[1].kind == "track"
    assert between.benchmarks[0].param_names == ("implementation", "n")
    assert between.benchmarks[0].params == (("'a'", "'b'"), ("1", "2.5", "None"))


def test_modules_in_folders_keep_their_place_in_the_name(suite: Callable[..., Path], tmp_path: Path) -> None:
    folder = suite()
    nested = folder / "benchmarks" / "arrays"
    nested.mkdir()
    (nested / "__init__.py").touch()
    (nested / "sorting.py").write_text("class Sort:\n    def time_it(self):\n        pass\n")
    (only,) = questions(folder / "asv.conf.json")
    assert (only.key, only.model, only.family) == ("arrays.sorting.Sort", "arrays.sorting.Sort", "arrays")


def test_abstract_bases_and_helpers_ask_nothing(suite: Callable[..., Path]) -> None:
    folder = suite(
        base="""
from abc import ABC, abstractmethod
class Base(ABC):
    @abstractmethod
    def inputs(self): ...
    def time_run(self):
        pass
def helper():
    pass
""",
        real="from .base import Base\nclass Real(Base):\n    def inputs(self):\n        pass\n",
    )
    assert asked(folder) == {"real.Real": ["real.Real.time_run"]}


@pytest.mark.parametrize(
    "noise",
    ["print('[]' * 1000)", "import os; os.write(1, b'\\xff\\xfe[]')", "import sys; sys.stdout.close()"],
)
def test_what_a_suite_prints_is_no_answer(suite: Callable[..., Path], noise: str) -> None:
    folder = suite(noisy=f"{noise}\nclass A:\n    def time_it(self):\n        pass\n")
    assert asked(folder) == {"noisy.A": ["noisy.A.time_it"]}


def test_a_suite_that_reads_finds_nothing_and_does_not_wait(suite: Callable[..., Path]) -> None:
    text = "import sys\nassert sys.stdin.read() == ''\ndef time_it():\n    pass\n"
    assert asked(suite(reading=text)) == {"reading": ["reading.time_it"]}


def test_a_suite_that_never_ends_is_a_three(
    suite: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("paceline.suite.discover.SECONDS", 0.5)
    folder = suite(endless="import time\ntime.sleep(600)\n")
    with pytest.raises(PacelineError, match="cannot be imported") as raised:
        questions(folder / "asv.conf.json")
    assert raised.value.code is Exit.FAILED


def test_an_interpreter_that_is_not_there_is_a_three(suite: Callable[..., Path]) -> None:
    with pytest.raises(PacelineError, match=r"cannot be imported.*/no/python") as raised:
        questions(suite(a="") / "asv.conf.json", "/no/python")
    assert raised.value.code is Exit.FAILED


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"version": 2}', '{"version": 1, "project": 3, "repo": ', "\x00"]
)
def test_a_configuration_that_cannot_be_read_is_a_usage_error(tmp_path: Path, text: str) -> None:
    (tmp_path / "asv.conf.json").write_text(text)
    with pytest.raises(PacelineError, match=r"cannot read .*asv\.conf\.json") as raised:
        load(tmp_path / "asv.conf.json")
    assert raised.value.code is Exit.USAGE
    assert "\n" not in str(raised.value)


def test_paths_are_relative_to_the_configuration(suite: Callable[..., Path]) -> None:
    places = {"benchmark_dir": "bench", "results_dir": "out/results", "env_dir": ".asv/env"}
    folder = suite(settings=places, a="")
    read = load(folder / "asv.conf.json")
    assert read.root == folder
    assert read.benchmarks == folder / "bench"
    assert read.results == folder / "out" / "results"
    assert read.environments == folder / ".asv" / "env"
    assert read.project == "small"


def test_comments_are_allowed_in_the_configuration(suite: Callable[..., Path]) -> None:
    folder = suite(a="")
    path = folder / "asv.conf.json"
    path.write_text("// asv allows it\n" + path.read_text())
    assert load(path).project == "small"


def test_our_own_suite_is_found_whole() -> None:
    """Every model's folder has a class that asks about it, and every class a folder."""
    found = {one.model for one in questions(ROOT / "asv.conf.json") if one.reference}
    folders = ROOT.glob("implementations/paceline_models/*/*/pure_numpy.py")
    assert {path.parent.name for path in folders} <= found


def test_without_git_there_is_no_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert (checkout(tmp_path).commit, checkout(tmp_path).label) == ("", "no-commit")
    monkeypatch.setenv("PATH", "/nowhere")
    assert checkout(tmp_path).label == "no-commit"


def test_a_checkout_knows_its_commit_and_its_changes(tmp_path: Path) -> None:
    import subprocess

    git = shutil.which("git")
    assert git

    def run(*words: str) -> None:
        who = ("-c", "user.name=somebody", "-c", "user.email=somebody@localhost")
        subprocess.run([git, *who, *words], cwd=tmp_path, check=True, capture_output=True)

    run("init", "--quiet")
    (tmp_path / "a").write_text("1")
    run("add", "a")
    run("commit", "--quiet", "--message", "a")
    clean = checkout(tmp_path)
    assert len(clean.commit) == 40
    assert clean.label == clean.commit[:8]
    (tmp_path / "results").mkdir()
    (tmp_path / "results" / "measured").touch()
    assert not checkout(tmp_path).dirty
    (tmp_path / "new").touch()
    assert checkout(tmp_path).dirty
    (tmp_path / "a").write_text("2")
    assert checkout(tmp_path).label == clean.commit[:8] + "+dirty"


def test_what_classes_of_this_suite_share_is_no_benchmark() -> None:
    keys = [one.key for one in questions(ROOT / "asv.conf.json")]
    assert "hydrology.GR6J" in keys
    assert [key for key in keys if key.startswith("_")] == []
