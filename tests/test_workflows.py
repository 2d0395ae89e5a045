"""Workflows, ours and those that ``paceline init`` writes: pinned, minimal, and clean for their linters."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from test_alerts_command import git

from paceline.commands import _planting

ROOT = Path(__file__).resolve().parents[1]
OURS = [*sorted((ROOT / ".github").rglob("*.yml"))]
WORDS = {
    "CONFIG": "asv.conf.json",
    "RESULTS": "results",
    "VERSION": "0.1.0",
    "GITLAB": ".gitlab/paceline.yml",
    "PLACE": "",
}
TEMPLATES = {"paceline.yml": "workflow.yml", "paceline-comment.yml": "comment.yml"}
PINNED = re.compile(r"uses: [A-Za-z0-9_./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")


@pytest.fixture(scope="module")
def workflows(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Ours, and the templates as they are written."""
    folder = tmp_path_factory.mktemp("made") / ".github" / "workflows"
    folder.mkdir(parents=True)
    for name, template in TEMPLATES.items():
        (folder / name).write_text(_planting.template(template, WORDS))
    return [*OURS, *sorted(folder.glob("*.yml"))]


def test_there_are_some(workflows: list[Path]) -> None:
    names = {path.name for path in workflows}
    assert names >= {"ci.yml", "pull-request.yml", "comment.yml", "history.yml", "nightly.yml", "compare.yml"}
    assert names >= {"action.yml", *TEMPLATES}


def test_actions_are_pinned_by_hash_and_the_same_ones_everywhere(workflows: list[Path]) -> None:
    lines = [line.strip(" -") for path in workflows for line in path.read_text().splitlines()]
    used = [line for line in lines if line.startswith("uses:")]
    assert [line for line in used if not PINNED.fullmatch(line)] == []
    by_name = {line.partition("@")[0]: line for line in used}
    assert set(used) == set(by_name.values())


def test_permissions_begin_with_none_and_forks_get_no_rights(workflows: list[Path]) -> None:
    for path in workflows:
        text = path.read_text()
        assert "pull_request_target" not in text, path
        if path.name == "action.yml":
            continue
        assert "\npermissions: {}\n" in text, path
        assert text.count("persist-credentials: false") == text.count("actions/checkout@"), path
        if "pull_request:" in text:
            assert not re.search(r": write", text), path


def test_no_expression_is_pasted_into_a_script(workflows: list[Path]) -> None:
    """What GitHub puts into a script is run by its shell: values come by the environment."""
    for path in workflows:
        inside: int | None = None
        for line in path.read_text().splitlines():
            indent = len(line) - len(line.lstrip())
            if inside is not None and line.strip() and indent <= inside:
                inside = None
            if re.match(r"\s*(- )?run:", line):
                inside = indent
            assert inside is None or "${{" not in line, f"{path}: {line}"


def test_the_commenter_runs_nothing_of_the_fork(workflows: list[Path]) -> None:
    for path in workflows:
        text = path.read_text()
        if "workflow_run:" not in text:
            continue
        assert "workflow_run.head_branch" not in text
        assert text.count("workflow_run.head_sha") == 2, "a name of the group, and what GitHub is asked about"
        assert "ref: ${{ github.event.repository.default_branch }}" in text or "checkout" not in text
        assert "--head-sha" in text


def test_scripts_are_sound() -> None:
    for path in sorted((ROOT / ".ci").iterdir()):
        assert path.stat().st_mode & 0o111, path
        assert "set -euo pipefail" in path.read_text()
        subprocess.run(["bash", "-n", str(path)], check=True)


def script(root: Path, name: str, *words: str, **more: str) -> tuple[int, list[str]]:
    """Run a script of ours with a paceline that only writes down what it is asked, and says "slower"."""
    fake = root.parent / "paceline"
    fake.write_text(f'#!/bin/sh\necho "$*" >> "{root.parent}/asked"\ntest "$1" = anchor\n')
    fake.chmod(0o755)
    (root.parent / "asked").write_text("")
    environment = {**os.environ, "PACELINE": str(fake), **more}
    ran = subprocess.run([ROOT / ".ci" / name, *words], cwd=root, env=environment, check=False)
    return ran.returncode, (root.parent / "asked").read_text().splitlines()


@pytest.fixture
def two_commits(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    root.mkdir()
    git(root, "init", "-q", "-b", "main")
    for number in range(2):
        git(root, "commit", "-q", "--allow-empty", "-m", f"{number}")
    return root


def test_what_the_workflow_ignores_the_script_does_not_measure(two_commits: Path) -> None:
    text = (ROOT / ".github" / "workflows" / "pull-request.yml").read_text()
    found = re.search(r"paths-ignore: \[(.*)\]", text)
    assert found
    ignored = [one.strip('" ') for one in found[1].split(",")]
    assert len(ignored) == 3
    files = [one.replace("**", "a/b").replace("a/b.", "b.") for one in ignored] + ["c/d/e.md"]
    for name in [*files, "docs.py", "src/docs/x.py"]:
        (two_commits / name).parent.mkdir(parents=True, exist_ok=True)
        (two_commits / name).write_text("x")
        git(two_commits, "add", "-A")
        git(two_commits, "commit", "-q", "-m", name)
        code, asked = script(two_commits, "pull-request", "HEAD~1", "HEAD", "out")
        assert (code, bool(asked)) == ((0, False) if name in files else (1, True)), name


def test_a_runner_of_ones_own_keeps_absolute_times_too(two_commits: Path) -> None:
    for regex in ("", "^a b.*"):
        code, asked = script(two_commits, "history", ASV_RUN=regex)
        assert code == 1
        measured = [line.split()[0] for line in asked]
        assert measured == ["anchor", "compare", "anchor", *(["run"] if regex else []), "alerts", "alerts"]
        assert (f"run --bench {regex}" in asked) == bool(regex)


def test_linters_find_nothing(workflows: list[Path]) -> None:
    zizmor = shutil.which("zizmor", path=str(Path(sys.executable).parent))
    if zizmor is None:
        pytest.skip("zizmor is not installed")
    words = [zizmor, "--offline", "--no-progress", *map(str, workflows)]
    told = subprocess.run(words, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout + told.stderr


def test_the_schema_of_github_holds(workflows: list[Path]) -> None:
    pytest.importorskip("check_jsonschema")
    of_actions = [path for path in workflows if path.name == "action.yml"]
    of_workflows = [path for path in workflows if path.name != "action.yml"]
    for schema, paths in (("github-workflows", of_workflows), ("github-actions", of_actions)):
        words = [
            sys.executable,
            "-m",
            "check_jsonschema",
            "--builtin-schema",
            f"vendor.{schema}",
            *map(str, paths),
        ]
        told = subprocess.run(words, capture_output=True, text=True, check=False)
        assert told.returncode == 0, told.stdout + told.stderr


def test_the_schema_of_gitlab_holds(tmp_path: Path) -> None:
    pytest.importorskip("check_jsonschema")
    path = tmp_path / "paceline.yml"
    path.write_text(_planting.template("gitlab.yml", WORDS))
    words = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.gitlab-ci", str(path)]
    words += ["--data-transform", "gitlab-ci"]
    told = subprocess.run(words, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout + told.stderr
