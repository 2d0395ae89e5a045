"""Real asv over three commits, of which the middle one lacks an implementation that the working tree has.

asv addresses a case by its index in the product of parameters. Every implementation here tells a number of
its own (``MARK``), so a result under another implementation's name would be seen.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest
from asv.util import load_json
from conftest import Paceline

from paceline.results.asv_files import read
from paceline.results.measurements import Measurement, Run, Status
from paceline.suite.config import load
from paceline.suite.environments import PURE_WHEEL, forget_pure_builds

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[1]
MARKS = {"pure_numpy": 1.0, "numba_jit": 2.0, "numpy_twin": 3.0, "rust_pyo3": 4.0}
LOST = "numba_jit"
QUESTIONS = '''
"""GR2M alone; what it tracks is a number of the implementation that is really called."""

import importlib.util

import numpy as np

from . import _weather
from .model import Model


class GR2M(Model):
    package = "paceline_models.hydrology.gr2m"
    axes = {"n": (24, 60)}
    rtol, atol = 0.0, 1e-9
    version = "1"
    rounds, repeat, warmup_time = 1, (1, 3, 0.05), 0.0

    def inputs(self, rng, n):
        weather = _weather.monthly(rng, n)
        return weather.precip, weather.pet, np.array([380.0, 0.92])

    def track_mark(self, implementation, n):
        return self.module.MARK

    def track_place(self, implementation, n):
        ours = "site-packages/paceline_models/" in self.module.__file__.replace("\\\\", "/")
        tempting = importlib.util.find_spec("kernels") is not None
        return 1.0 if ours and tempting else 0.0
'''
SLOW = """
import pathlib
import time

def track_slow():
    pathlib.Path({marker!r}).touch()
    time.sleep(300)

track_slow.timeout = 400
"""


@dataclass(frozen=True)
class Project:
    """A repository of three commits, what asv is run with, and how it ended."""

    root: Path
    environment: dict[str, str]
    commits: tuple[str, str, str]
    ended: subprocess.CompletedProcess[str]

    def asv(self, *words: str) -> subprocess.CompletedProcess[str]:
        return run(self.root, self.environment, sys.executable, "-m", "asv", *words)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, without_cargo: str) -> Project:
    folder = tmp_path_factory.mktemp("asv")
    root, home = folder / "project", folder / "home"
    home.mkdir()
    environment = {**os.environ, **settings(home), "PATH": without_cargo}
    lay_out(root)
    commits = commit_three(root, environment)
    machine = ["machine", "--yes", "--machine", "box"]
    assert run(root, environment, sys.executable, "-m", "asv", *machine).returncode == 0
    command = [sys.executable, "-m", "asv", "run", "ALL", "--machine", "box", "--launch-method", "forkserver"]
    ended = run(root, environment, *command, "--bench", "time_run|track", "--show-stderr")
    return Project(root, environment, commits, ended)


def settings(home: Path) -> dict[str, str]:
    """Return what a home of its own needs so that pip still finds its cache, and git a name."""
    cache = run(Path.cwd(), dict(os.environ), sys.executable, "-m", "pip", "cache", "dir").stdout.strip()
    named = {"PIP_CACHE_DIR": cache} if cache and Path(cache).is_dir() else {}
    for who in ("AUTHOR", "COMMITTER"):
        named |= {f"GIT_{who}_NAME": "somebody", f"GIT_{who}_EMAIL": "somebody@localhost"}
    return {**named, "HOME": str(home), "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


def run(folder: Path, environment: dict[str, str], *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=900
    )


def lay_out(root: Path) -> None:
    """Copy this repository's questions and answers, reduced to GR2M, with asv's configuration."""
    benchmarks, answers = root / "benchmarks", root / "implementations"
    benchmarks.mkdir(parents=True)
    for name in ("__init__.py", "model.py", "_agreement.py", "_weather.py"):
        shutil.copy(ROOT / "benchmarks" / name, benchmarks)
    (benchmarks / "hydrology.py").write_text(QUESTIONS)
    package, source = answers / "paceline_models", ROOT / "implementations" / "paceline_models"
    (package / "hydrology" / "gr2m").mkdir(parents=True)
    for name in ("pyproject.toml", "_build.py"):
        shutil.copy(ROOT / "implementations" / name, answers)
    for path in [*source.glob("*.py"), *(source / "hydrology").glob("*.py")]:
        shutil.copy(path, package / path.relative_to(source))
    for name in ("__init__", "_model", *MARKS):
        kept = name if name != "numpy_twin" else "pure_numpy"
        text = (source / "hydrology" / "gr2m" / f"{kept}.py").read_text()
        mark = f"\nMARK = {MARKS[name]}\n" if name in MARKS else ""
        (package / "hydrology" / "gr2m" / f"{name}.py").write_text(text + mark)
    shutil.copy(ROOT / ".gitignore", root)
    config: dict[str, Any] = load_json(str(ROOT / "asv.conf.json"), js_comments=True)
    config["matrix"]["req"]["pip+kernels"] = ["==0.17.2"]
    (root / "asv.conf.json").write_text(json.dumps(config))


def commit_three(root: Path, environment: dict[str, str]) -> tuple[str, str, str]:
    """Commit everything, then without one implementation, then with it again."""
    lost = root / "implementations" / "paceline_models" / "hydrology" / "gr2m" / f"{LOST}.py"
    text = lost.read_text()
    git(root, environment, "init", "--quiet", "--initial-branch=main")
    hashes = [commit(root, environment, "first", 1)]
    lost.unlink()
    hashes.append(commit(root, environment, "without it", 2))
    lost.write_text(text)
    hashes.append(commit(root, environment, "with it again", 3))
    return hashes[0], hashes[1], hashes[2]


def commit(root: Path, environment: dict[str, str], message: str, day: int) -> str:
    dated = {**environment, "GIT_COMMITTER_DATE": f"2025-01-0{day}T12:00:00Z"}
    git(root, dated, "add", "implementations", "benchmarks", "asv.conf.json", ".gitignore")
    git(root, dated, "commit", "--quiet", "--message", message)
    return git(root, dated, "rev-parse", "HEAD")


def git(root: Path, environment: dict[str, str], *words: str) -> str:
    done = run(root, environment, "git", *words)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def results(project: Project, commit: str) -> Run:
    (found,) = [one for one in read(project.root / "results").runs if commit.startswith(one.commit[:8])]
    return found


def by_case(found: Run, benchmark: str) -> dict[tuple[Any, ...], Measurement]:
    named = [one for one in found.measurements if one.benchmark == f"hydrology.GR2M.{benchmark}"]
    return {(one.params["implementation"], one.params["n"]): one for one in named}


@pytest.mark.parametrize("position", [0, 1, 2])
def test_no_result_carries_the_name_of_another_implementation(project: Project, position: int) -> None:
    assert project.ended.returncode == 0, project.ended.stdout[-3000:] + project.ended.stderr[-3000:]
    absent = {"rust_pyo3"} | ({LOST} if position == 1 else set())
    found = results(project, project.commits[position])
    told = {case: (one.status, one.value) for case, one in by_case(found, "track_mark").items()}
    assert told == {
        (name, n): (Status.SKIPPED, None) if name in absent else (Status.MEASURED, mark)
        for name, mark in MARKS.items()
        for n in (24, 60)
    }


def test_everything_that_is_there_is_timed(project: Project) -> None:
    for position, commit in enumerate(project.commits):
        timed = by_case(results(project, commit), "time_run")
        measured = {name for (name, _), one in timed.items() if one.status is Status.MEASURED and one.value}
        assert measured == {"pure_numpy", "numpy_twin"} | (set() if position == 1 else {LOST})


def test_ours_is_measured_though_a_package_of_a_tempting_name_is_installed(project: Project) -> None:
    places = by_case(results(project, project.commits[2]), "track_place")
    assert {name: one.value for (name, _), one in places.items() if one.status is Status.MEASURED} == {
        "pure_numpy": 1.0, "numpy_twin": 1.0, "numba_jit": 1.0,
    }  # fmt: skip


def test_asv_publishes_and_paceline_reports_the_results(project: Project, paceline: Paceline) -> None:
    published = project.asv("publish")
    assert published.returncode == 0, published.stderr
    assert (project.root / ".asv" / "html" / "index.json").is_file()
    reported = paceline("report", "--json", "-", "--commit", project.commits[1][:8], cwd=project.root)
    assert reported.returncode == 0, reported.stderr
    assert "numpy_twin" in reported.stdout
    assert json.loads(reported.stdout)


def test_quick_results_stay_out_of_results(project: Project, paceline: Paceline) -> None:
    before = contents(project.root / "results")
    (project.root / "paceline.toml").write_text(
        "[quick]\nbench = ['GR2M.time_run.*pure_numpy.*24']\nattributes = { repeat = [1, 2, 0.01] }\n"
    )
    words = ("run", "--preset", "quick", "--machine", "box", "--json", "-")
    ended = paceline(*words, cwd=project.root, **project.environment)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    told = json.loads(ended.stdout)
    assert told["results"] == str(project.root / ".paceline" / "quick")
    assert contents(project.root / "results") == before
    (found,) = read(project.root / ".paceline" / "quick").runs
    assert {one.params["n"] for one in found.measurements if one.status is Status.MEASURED} == {24}


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_an_unknown_machine_is_added_and_asv_uses_that_name(project: Project, paceline: Paceline) -> None:
    """asv asks questions about machines that it does not know, and would wait for an answer for ever."""
    words = ("run", "--bench", "track_mark.*pure_numpy.*24", "--results", "elsewhere")
    ended = paceline(*words, cwd=project.root, **project.environment)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    (found,) = read(project.root / "elsewhere").runs
    known = json.loads(Path(project.environment["HOME"], ".asv-machine.json").read_text())
    assert found.machine.name in known


def test_ctrl_c_ends_asv_and_everything_that_it_started(project: Project, tmp_path: Path) -> None:
    slow = project.root / "benchmarks" / "slow.py"
    marker = tmp_path / "started"
    slow.write_text(SLOW.format(marker=str(marker)))
    words = ["run", "--machine", "box", "--bench", "track_slow", "--results", "elsewhere"]
    child = subprocess.Popen(
        [sys.executable, "-m", "paceline", *words],
        cwd=project.root, env=project.environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        wait_for(marker.exists)
        started = psutil.Process(child.pid).children(recursive=True)
        assert len(started) >= 2
        child.send_signal(signal.SIGINT)
        said, _ = child.communicate(timeout=60)
    finally:
        child.kill()
        slow.unlink()
    assert child.returncode == 130, said
    assert "Traceback" not in said
    _, alive = psutil.wait_procs(started, timeout=10)
    assert not alive


def wait_for(look: Callable[[], bool]) -> None:
    end = time.monotonic() + 120
    while not look():
        assert time.monotonic() < end, "asv never measured"
        time.sleep(0.1)


def test_a_commit_that_does_not_build_is_a_three_with_asv_s_last_lines(
    project: Project, paceline: Paceline
) -> None:
    environment = project.environment
    git(project.root, environment, "checkout", "--quiet", "-b", "broken")
    (project.root / "implementations" / "_build.py").write_text(
        "raise RuntimeError('no way to build this')\n"
    )
    broken = commit(project.root, environment, "broken", 4)
    git(project.root, environment, "checkout", "--quiet", "main")
    before = contents(project.root / "results")
    ended = paceline("run", f"{broken}^!", "--machine", "box", cwd=project.root, **environment)
    assert ended.returncode == 3, ended.stdout + ended.stderr
    assert "no way to build this" in ended.stdout
    log = next(line for line in ended.stdout.splitlines() if line.startswith("asv could not build")).split()[
        -1
    ]
    assert "no way to build this" in Path(log).read_text()
    unchanged = {name: text for name, text in contents(project.root / "results").items() if name in before}
    assert unchanged == before


def test_pure_builds_are_forgotten_once_cargo_is_there(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Last: it empties asv's cache, so that asv builds again."""
    suite = load(project.root / "asv.conf.json")
    kept = list(suite.environments.glob(f"*/asv-build-cache/*/{PURE_WHEEL}"))
    assert kept
    monkeypatch.setenv("PATH", project.environment["PATH"])
    assert forget_pure_builds(suite) == []
    (tmp_path / "cargo").write_text("#!/bin/sh\n")
    (tmp_path / "cargo").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    assert forget_pure_builds(suite) == []  # no Cargo.toml: a pure wheel is what this project is
    crate = project.root / "implementations" / "rust"
    crate.mkdir()
    (crate / "Cargo.toml").write_text("[package]\n")
    assert sorted(forget_pure_builds(suite)) == sorted({wheel.parent for wheel in kept})
    assert not list(suite.environments.glob(f"*/asv-build-cache/*/{PURE_WHEEL}"))
    assert not list(suite.environments.glob("*/asv-install-status.json"))
