"""What CI does, done here: a pull request's two commits, and pushes with a slow one among them.

Real builds, real races. Effects are large and kernels cheap, so that every verdict is sure.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from test_alerts_command import git

from paceline.alerts import store
from paceline.alerts.alert import State

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[1]
KERNEL = "def loop(n):\n    x = 1\n    for i in range(n):\n        x = (x * 5 + i) & 0xFFFF\n    return x\n"
SLOWER = KERNEL.replace("range(n)", "range(n + n // 3)")
# a loaded machine may not tell 2.5 % from nothing
SETTINGS = "[race]\nthreshold = 0.1\n[alerts.sinks.markdown]\npath = 'out/alerts.md'\n"
QUESTIONS = """
class Loops:
    params, param_names = [[2000]], ["n"]
    def time_loop(self, n): return kern.loop(n)
"""
CONF = {
    "version": 1,
    "project": "kern",
    "repo": ".",
    "branches": ["main"],
    "environment_type": "virtualenv",
    "benchmark_dir": "benchmarks",
    "env_dir": ".asv/env",
    "results_dir": "results",
    "matrix": {"req": {"pip+asv_runner": ["==0.3.2"]}},
    "build_command": [],
    "uninstall_command": [],
    "install_command": [
        'in-dir={env_dir} python -c "import shutil, sysconfig; '
        "shutil.copy(r'{build_dir}/kern.py', sysconfig.get_paths()['purelib'])\""
    ],
}


def commit(root: Path, kernel: str, message: str) -> str:
    (root / "kern.py").write_text(f"{kernel}# {message}\n")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", message)
    return git(root, "rev-parse", "HEAD")


def laid(root: Path, questions: str) -> None:
    """Lay out a project with a suite and the scripts of CI."""
    (root / "benchmarks").mkdir(parents=True)
    git(root, "init", "-q", "-b", "main")
    (root / ".gitignore").write_text(".asv\n.paceline\nresults\nout\n")
    (root / "benchmarks" / "__init__.py").write_text("")
    (root / "benchmarks" / "loops.py").write_text(f"import kern\n{questions}")
    (root / "asv.conf.json").write_text(json.dumps(CONF))
    (root / ".ci").mkdir()
    for name in ("pull-request", "history"):
        shutil.copy2(ROOT / ".ci" / name, root / ".ci" / name)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    laid(root, QUESTIONS)
    (root / "paceline.toml").write_text(SETTINGS)
    commit(root, KERNEL, "first")
    return root


def script(root: Path, name: str, *words: str) -> subprocess.CompletedProcess[str]:
    wrapper = root.parent / "paceline"
    wrapper.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m paceline "$@"\n')
    wrapper.chmod(0o755)
    environment = {**os.environ, "PACELINE": str(wrapper), "HOME": str(root.parent)}
    environment.setdefault("BUDGET", "120")
    environment |= {
        f"GIT_{role}_{key}": "ci@localhost" for role in ("AUTHOR", "COMMITTER") for key in ("NAME", "EMAIL")
    }
    return subprocess.run(
        [f".ci/{name}", *words],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )


def test_a_pull_request_is_told_what_is_slower(project: Path) -> None:
    base = git(project, "rev-parse", "HEAD")
    head = commit(project, SLOWER, "slower, <img src=x> @all")
    clone = project.parent / "clone"
    git(project.parent, "clone", "-q", str(project), str(clone))
    ran = script(clone, "pull-request", base, head, "out")
    assert ran.returncode == 1, ran.stderr
    comment = (clone / "out" / "comment.md").read_text()
    assert comment.splitlines()[1].startswith("**paceline: 1 slower** (")
    assert len([line for line in comment.splitlines() if line]) <= 12
    assert "<img" not in comment
    assert {path.name for path in (clone / "out").iterdir()} == {
        "comment.md",
        "compare.json",
        "junit.xml",
        "summary.md",
    }


def test_pushes_are_a_history_in_which_the_slow_commit_is_named_and_recovers(project: Path) -> None:
    bare = project.parent / "origin.git"
    git(project.parent, "init", "-q", "--bare", str(bare))
    git(project, "remote", "add", "origin", str(bare))
    assert script(project, "history").returncode in (0, 3)  # the anchor is the first commit: nothing to race
    slow = commit(project, SLOWER, "slower")
    ran = script(project, "history")
    assert ran.returncode == 1, ran.stderr
    (one,) = store.read(project / "results").values()
    assert (one.state, one.bad, one.culprit, one.subject, one.told) == (
        State.CONFIRMED,
        slow,
        True,
        "slower",
        True,
    )
    assert "confirmed" in (project / "out" / "alerts.md").read_text()
    commit(project, KERNEL, "as before")
    ran = script(project, "history")
    assert ran.returncode == 0, ran.stderr
    (one,) = store.read(project / "results").values()
    assert (one.state, len(one.events)) == (State.FIXED, 2)
    kept = git(bare, "ls-tree", "-r", "--name-only", "results").split()
    assert f"results/alerts/{one.fingerprint}.toml" in kept
    assert "results/anchor.toml" in kept
