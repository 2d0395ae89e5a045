"""What the script for pushes does before anything is measured."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from test_alerts_command import git

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize("files", [0, 5000], ids=["alone", "before much else"])
def test_a_link_on_the_branch_of_results_is_refused(tmp_path: Path, files: int) -> None:
    """However much git has yet to list: a pipe that is closed early must not hide what was found."""
    root, elsewhere = tmp_path / "project", tmp_path / "elsewhere"
    (root / "results").mkdir(parents=True)
    elsewhere.mkdir()
    git(root, "init", "-q", "-b", "main")
    git(root, "commit", "-q", "--allow-empty", "-m", "first")
    git(root, "checkout", "-q", "--orphan", "results")
    (root / "results" / "box").symlink_to(elsewhere)
    for number in range(files):
        (root / "results" / f"file-{number}").touch()
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "results")
    git(root, "checkout", "-q", "main")
    ran = subprocess.run(
        [ROOT / ".ci" / "history", str(root)],
        cwd=root,
        env={**os.environ, "PACELINE": "true"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr.count("\n")) == (3, 1)
    assert "holds a symbolic link" in ran.stderr
    assert not (root / "results").exists()
