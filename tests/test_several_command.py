"""`paceline compare A B C` as a command, with interpreters that differ in a variable instead of builds."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from small_races import CLOCK

from paceline.cli import main
from paceline.suite import slots
from paceline.suite.installed import read_installed
from paceline.suite.repository import Commit
from paceline.suite.slots import Built

pytestmark = pytest.mark.usefixtures("hurried")
BENCH = (
    "import os"
    + CLOCK
    + """
class Loops:
    timer = Clock.read
    def time_loop(self):
        Clock.spend(int(os.environ["LOOPS"]) * 1e-7)
    def track_calls(self):
        return int(os.environ["LOOPS"])
"""
)
LOOPS = ("2000", "2000", "2000", "6000")


def git(folder: Path, *words: str) -> None:
    words = ("-c", "user.name=a", "-c", "user.email=a@b", *words)
    subprocess.run(["git", "-C", str(folder), *words], check=True, capture_output=True)


@pytest.fixture
def tagged(suite: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a repository with the tags v0 to v3: v1 has the build of v0, v3 loops three times as often."""
    root = suite(bench=BENCH)
    git(root, "init", "--quiet", "--initial-branch", "main")
    for number in range(4):
        (root / "file.txt").write_text(str(number))
        git(root, "add", "--all")
        git(root, "commit", "--quiet", "--message", f"release {number}")
        git(root, "tag", f"v{number}")
    has = read_installed(sys.executable)

    def several(_: object, commits: Sequence[Commit], *__: object) -> tuple[Built, ...]:
        return tuple(built(commit, number) for number, commit in enumerate(commits))

    def built(commit: Commit, number: int) -> Built:
        slot = ("base", "head", "head2", "head3")[number]
        release = int(commit.subject[-1])
        python = root / f"python{number}"
        python.write_text(f'#!/bin/sh\nLOOPS={LOOPS[release]} exec {sys.executable} "$@"\n')
        python.chmod(0o755)
        project = {"name": "small", "version": "1", "files": str(max(release, 1))}
        facts = {"python": has.python, "recipe": {}}
        return Built(slot, str(python), commit, "env", {}, has.packages, project, facts)

    monkeypatch.setattr(slots, "several", several)
    monkeypatch.chdir(root)
    return root


def compare(*words: str) -> tuple[int, Any]:
    told = Path("told.json")
    told.unlink(missing_ok=True)
    quick = ("--seconds", "0.01", "--threshold", "10%", "--machine", "box", "--results", "r")
    code = main(["compare", *words, *quick, "--json", str(told)])
    return code, json.loads(told.read_text()) if told.exists() else None


def test_many_commits_in_one_go(tagged: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, told = compare("v0", "v1", "v2", "v3", "--markdown", "notes.md")
    said = capsys.readouterr().out
    assert code == 1, said
    assert [one["label"] for one in told["heads"]] == ["v1", "v2", "v3"]
    assert [one["identical"] for one in told["heads"]] == [True, False, False]
    found = {(one["slot"], one["benchmark"]): one for one in told["verdicts"]}
    assert found["head", "bench.Loops.time_loop"]["reason"] == "identical build"
    slower = found["head3", "bench.Loops.time_loop"]
    assert (slower["verdict"], slower["answers"]) == ("slower", "unchecked")
    assert slower["work"]["counter"] == "calls"
    assert slower["work"]["ratio"] == pytest.approx(3.0)
    before = found["head2", "bench.Loops.time_loop"]
    assert before["verdict"] == "same"
    assert slower["step"]["ratio"] == pytest.approx(slower["ratio"] / before["ratio"])
    assert found["head3", "bench.Loops.track_calls"]["verdict"] == "changed"
    assert told["exits"] == [1]
    assert "v3: 1 slower, 1 changed" in said
    assert [line.partition(":")[0] for line in said.splitlines() if "both in" in line] == ["v1", "v2", "v3"]
    assert "2 cases" not in said
    notes = (tagged / "notes.md").read_text()
    assert "| case | v1 | v2 | v3 | v2 / v1 | v3 / v2 |" in notes
    assert "slower**" in notes
    again, same = compare("--resume")
    assert (again, same["verdicts"]) == (1, told["verdicts"])


def test_two_commits_have_release_notes_too(tagged: Path) -> None:
    code, told = compare("v0", "v3", "--bench", "time_loop", "--markdown", "notes.md")
    assert (code, told["verdicts"][0]["verdict"]) == (1, "slower")
    (row,) = [line for line in (tagged / "notes.md").read_text().splitlines() if "time_loop" in line]
    assert row.startswith("| bench.Loops.time_loop | **")


def test_what_cannot_be_compared_in_one_go(tagged: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert compare("v0", "v1", "main~3") == (2, None)
    assert "v0 and main~3 are the same commit: name each once" in capsys.readouterr().err
    assert compare("v0", "v1", "v9") == (2, None)
    assert "git knows no commit 'v9'" in capsys.readouterr().err
