"""Workflows, ours and those that ``paceline init`` writes: pinned, minimal, and clean for their linters."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from paceline.commands import _planting

ROOT = Path(__file__).resolve().parents[1]
OURS = [*sorted((ROOT / ".github").rglob("*.yml"))]
WORDS = {
    "CONFIG": "asv.conf.json",
    "RESULTS": "results",
    "VERSION": "0.1.0",
    "GITLAB": ".gitlab/paceline.yml",
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
