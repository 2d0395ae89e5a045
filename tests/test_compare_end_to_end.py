"""Real asv, real git, real workers: two commits of a tiny project, compared from a suite in a subfolder.

The environments are made once. Effects are large and kernels cheap, so that every verdict is sure.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest
from conftest import write_suite

pytestmark = pytest.mark.slow
BUILD = "python -m pip wheel --no-deps --no-build-isolation -w {build_cache_dir} {build_dir}"
PYPROJECT = """
[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"
[project]
name = "tiny-kernels"
version = "0.1"
[tool.setuptools]
py-modules = ["kern"]
"""
KERNELS = """
KEPT, SIZE, COUNT = 1_000_000, 10, 1

def loop(n):
    x = 1
    for i in range(n):
        x = (x * 5 + i) & 0xFFFF
    return x

def steady(n):
    return sum(i & 3 for i in range(n))

def keep():
    return bytearray(KEPT)

def fragile():
    return 1
"""
SLOWER = KERNELS.replace("range(n):", "range(n + n * 2 // 5):")
MIXED = (
    SLOWER.replace("1_000_000, 10, 1", "32_000_000, 12, 2").replace(
        "    return 1\n", "    raise OSError('gone')\n"
    )
    + "\ndef fresh():\n    return 2\n"
)
QUESTIONS = """
import kern

class Loops:
    params, param_names = [[2000]], ["n"]
    def time_loop(self, n): return kern.loop(n)
    def time_steady(self, n): return kern.steady(n)

class Memory:
    def peakmem_keep(self): return kern.keep()

class Size:
    better, repeatable = "lower", True
    def track_size(self): return kern.SIZE

class Count:
    def track_count(self): return kern.COUNT

class Odd:
    def time_fresh(self): return kern.fresh()
    def time_fragile(self): return kern.fragile()
    def time_never(self): raise ValueError("as ever")
"""


@dataclass(frozen=True)
class Project:
    """A repository whose suite lies in a subfolder, its commits by name, and what commands are run with."""

    root: Path
    suite: Path
    commits: dict[str, str]
    environment: dict[str, str]

    def compare(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run ``paceline compare WORDS``; the result as JSON is in ``told.json``."""
        self.told.unlink(missing_ok=True)
        given = [self.commits.get(word, word) for word in words]
        return subprocess.run(
            [sys.executable, "-m", "paceline", "compare", *given, "--json", str(self.told)],
            cwd=self.suite, env=self.environment, capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip

    @property
    def told(self) -> Path:
        return self.root.parent / "told.json"

    def document(self) -> dict[str, Any]:
        return dict(json.loads(self.told.read_text()))

    def verdicts(self) -> dict[str, str]:
        """Return the verdicts by the last part of the benchmarks' names."""
        cases = self.document()["verdicts"]
        return {case["benchmark"].rpartition(".")[2]: case["verdict"] for case in cases}

    def ledgers(self) -> list[Path]:
        return sorted(self.suite.glob("results/*/races/*.jsonl"))

    def records(self, run: str) -> list[dict[str, Any]]:
        (path,) = self.suite.glob(f"results/*/races/{run}.jsonl")
        return [json.loads(line) for line in path.read_text().splitlines()]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    folder = tmp_path_factory.mktemp("two commits")
    root, home = folder / "a project", folder / "home"
    home.mkdir()
    python = f"{sys.version_info[0]}.{sys.version_info[1]}"
    settings = {"environment_type": "virtualenv", "pythons": [python], "build_command": [BUILD]}
    matrix = {"matrix": {"req": {"pip+asv_runner": ["==0.3.2"]}}}
    suite = write_suite(
        root / "speed",
        {"kernels.py": QUESTIONS},
        project="tiny",
        repo="..",
        branches=["main"],
        **settings,
        **matrix,
    )
    (root / ".gitignore").write_text("results\n__pycache__\n")
    (root / "pyproject.toml").write_text(PYPROJECT)
    (root / "kern.py").write_text(KERNELS)
    git(root, "init", "--quiet", "--initial-branch", "main")
    commits = {"BASE": commit(root, "base")}
    (root / "README.md").write_text("about\n")
    commits["DOCS"] = commit(root, "documentation")
    (root / "kern.py").write_text(SLOWER)
    commits["SLOWER"] = commit(root, "slower")
    (root / "kern.py").write_text(MIXED)
    commits["MIXED"] = commit(root, "this and that")
    (root / "setup.py").write_text('raise SyntaxError("of this test")\n')
    commits["BROKEN"] = commit(root, "does not build")
    git(root, "reset", "--quiet", "--hard", commits["SLOWER"])
    yield Project(root, suite, commits, environment(home))
    shutil.rmtree(folder)


def environment(home: Path) -> dict[str, str]:
    """Return a home of its own, in which pip still finds its cache."""
    cache = subprocess.check_output([sys.executable, "-m", "pip", "cache", "dir"], text=True).strip()
    known = {name: value for name, value in os.environ.items() if name != "CI"}
    return {**known, "HOME": str(home), "PIP_CACHE_DIR": cache}


def git(root: Path, *words: str) -> str:
    named = ("-c", "user.name=somebody", "-c", "user.email=somebody@localhost")
    return subprocess.check_output(["git", "-C", str(root), *named, *words], text=True).strip()


def commit(root: Path, message: str) -> str:
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", message)
    return git(root, "rev-parse", "HEAD")


QUICK = ("--seconds", "0.05", "--threshold", "10%")
QUIET = ("same", "inconclusive")  # a busy computer may leave it open


def test_documentation_is_an_identical_build_and_starts_no_worker(project: Project) -> None:
    ended = project.compare("BASE", "DOCS")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "8 same (identical build)" in ended.stdout
    document = project.document()
    assert document["identical"]
    assert document["run"] is None
    assert {(one["verdict"], one["reason"]) for one in document["verdicts"]} == {("same", "identical build")}
    assert project.ledgers() == []


def test_what_became_slower_is_named_and_nothing_else(project: Project) -> None:
    ended = project.compare("BASE", "SLOWER", "--bench", "Loops", *QUICK)
    assert ended.returncode == 1, ended.stdout + ended.stderr
    found = project.verdicts()
    assert found == {"time_loop": "slower", "time_steady": found["time_steady"]}
    assert found["time_steady"] in QUIET
    document = project.document()
    assert document["exits"] == [1]
    loop = document["verdicts"][0]
    assert 1.1 < loop["low"] < loop["ratio"] < loop["high"] < 1.8
    assert loop["confirmed"]
    assert loop["answers"].startswith("max rel ")
    assert document["verdicts"][1]["answers"] == "identical"
    assert document["base"]["commit"] == project.commits["BASE"]
    assert document["base"]["python"].startswith("CPython")
    assert f"both in {document['base']['environment']}, {document['base']['python']}" in ended.stdout
    assert f"Next: paceline show '{document['run']}/kernels.Loops.time_loop(n=2000)'" in ended.stdout
    kinds = [record["kind"] for record in project.records(document["run"])]
    assert (kinds[0], kinds[-1]) == ("run", "end")
    assert git(project.root, "status", "--porcelain") == ""


def test_what_a_commit_accepts_and_what_is_left_out_does_not_fail(project: Project) -> None:
    tree = git(project.root, "rev-parse", f"{project.commits['SLOWER']}^{{tree}}")
    message = "slower\n\nPerf-accept: kernels.Loops.* -- it is more exact\n"
    made = git(project.root, "commit-tree", "-p", project.commits["BASE"], "-m", message, tree)
    settings = project.suite / "paceline.toml"
    settings.write_text("[compare]\nskip = ['steady']\n")
    try:
        ended = project.compare("BASE", made, "--bench", "Loops", *QUICK)
        loud = project.compare("BASE", made, "--bench", "Loops", *QUICK, "--fail-on-changed-answers")
    finally:
        settings.unlink()
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert loud.returncode == 4, loud.stdout + loud.stderr
    assert project.verdicts() == {"time_loop": "slower", "time_steady": "skipped"}
    assert project.document()["verdicts"][0]["accepted"] == f"{made[:7]}: it is more exact"


def test_the_reverse_is_faster(project: Project) -> None:
    ended = project.compare("SLOWER", "BASE", "--bench", "time_loop", *QUICK)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert project.verdicts() == {"time_loop": "faster"}


def test_an_interrupted_comparison_is_shown_and_finished_later(project: Project) -> None:
    before = set(project.ledgers())
    words = [project.commits["BASE"], project.commits["SLOWER"], "--bench", "Loops|Size", *QUICK]
    words += ["--json", str(project.told)]
    child = subprocess.Popen(
        [sys.executable, "-m", "paceline", "compare", *words],
        cwd=project.suite, env=project.environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        wait_for(lambda: sum(path.read_text().count('"pair"') for path in {*project.ledgers()} - before) >= 5)
        started = psutil.Process(child.pid).children(recursive=True)
        child.send_signal(signal.SIGINT)
        said, _ = child.communicate(timeout=60)
    finally:
        child.kill()
    assert child.returncode == 130, said
    assert "Traceback" not in said
    assert "unmeasured" in said
    (path,) = {*project.ledgers()} - before
    assert f"Next: paceline compare --resume {path.stem}" in said
    assert project.document()["exits"] == [130, 3]
    assert not psutil.wait_procs(started, timeout=10)[1]
    left = project.records(path.stem)
    assert (left[-1]["kind"], left[-1]["how"]) == ("end", "interrupted")

    refused = project.compare("MIXED", "--resume")
    assert refused.returncode == 2
    assert "another base" in refused.stderr

    ended = project.compare("--resume")
    assert ended.returncode == 1, ended.stdout + ended.stderr
    found = project.verdicts()
    assert (found["time_loop"], found["track_size"]) == ("slower", "same")
    assert found["time_steady"] in QUIET
    whole = project.records(path.stem)
    assert whole[: len(left)] == left
    pairs = [record for record in whole if record["kind"] == "pair"]
    steady = [record["number"] for record in pairs if "steady" in record["race"]]
    assert steady == list(range(len(steady)))
    answers = sorted(one["answers"][:7] for one in project.document()["verdicts"])
    assert answers == ["identic", "max rel", "uncheck"]

    again = project.compare("--resume", path.stem)
    assert again.returncode == 1
    assert [one["kind"] for one in project.records(path.stem)[len(whole) :]] == ["end"]


def wait_for(look: Any) -> None:
    end = time.monotonic() + 120
    while not look():
        assert time.monotonic() < end, "nothing was measured"
        time.sleep(0.05)


def test_a_comment_in_the_working_tree_changes_nothing(project: Project) -> None:
    (project.root / "kern.py").write_text("# a comment\n" + SLOWER)
    try:
        ended = project.compare("HEAD", "--bench", "Loops", *QUICK)
    finally:
        git(project.root, "checkout", "--quiet", "--", ".")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    document = project.document()
    assert document["head"]["label"] == project.commits["SLOWER"][:8] + "+dirty"
    assert not document["identical"]
    assert not {"slower", "faster"} & set(project.verdicts().values())


def test_every_kind_of_change_has_its_word(project: Project) -> None:
    newer = project.suite / "benchmarks" / "newer.py"
    newer.write_text("from kern import fresh\n\ndef time_newer(): return fresh()\n")
    try:
        ended = project.compare("BASE", "MIXED", *QUICK)
    finally:
        newer.unlink()
    assert "in base the benchmarks in benchmarks/ cannot be imported" in ended.stdout
    assert ended.returncode == 1, ended.stdout + ended.stderr
    found = project.verdicts()
    assert found.pop("time_steady") in QUIET
    assert found == {
        "time_loop": "slower",
        "peakmem_keep": "worse",
        "track_size": "worse",
        "track_count": "changed",
        "time_fresh": "new",
        "time_newer": "new",
        "time_fragile": "failed",
        "time_never": "failed",
    }
    document = project.document()
    assert document["exits"] == [1, 3]
    reasons = {one["benchmark"].rpartition(".")[2]: one["reason"] for one in document["verdicts"]}
    assert "fails in base" in reasons["time_fresh"]
    assert "gone" in reasons["time_fragile"]
    assert reasons["time_never"].startswith("in both: ")


def test_a_case_that_fails_in_head_alone_is_a_three(project: Project) -> None:
    ended = project.compare("BASE", "MIXED", "--bench", "time_fragile", *QUICK)
    assert ended.returncode == 3, ended.stdout + ended.stderr
    assert project.verdicts() == {"time_fragile": "failed"}


def test_what_the_budget_leaves_out_is_unmeasured(project: Project) -> None:
    ended = project.compare("BASE", "MIXED", "--bench", "time_steady|Size", "--budget", "0.1")
    assert ended.returncode == 3, ended.stdout + ended.stderr
    assert set(project.verdicts().values()) == {"unmeasured"}
    assert "the budget was spent" in ended.stdout


def test_a_head_that_does_not_build_shows_why(project: Project) -> None:
    ended = project.compare("BASE", "BROKEN")
    assert ended.returncode == 3, ended.stdout + ended.stderr
    assert "SyntaxError: of this test" in ended.stdout
    assert f"cannot build {project.commits['BROKEN'][:8]}" in ended.stderr
