"""``paceline init`` in repositories of other people: nothing is overwritten, nothing of theirs is run."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any

import pytest
from conftest import Paceline
from setuptools.discovery import FlatLayoutPackageFinder
from test_alerts_command import git

from paceline.commands import _planting

SUITE = """
import time

class Loop:
    params = [[10, 20]]
    param_names = ["n"]
    def time_sum(self, n):
        sum(range(n))
"""
TRAP = "raise SystemExit('this must not be run')\n"


def repository(folder: Path, files: dict[str, str]) -> Path:
    folder.mkdir()
    git(folder, "init", "-q", "-b", "trunk")
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "first")
    return folder


def plain_with_asv(tmp_path: Path) -> Path:
    conf = {
        "version": 1,
        "project": "plain",
        "repo": ".",
        "benchmark_dir": "benchmarks",
        "branches": ["trunk"],
        "environment_type": "virtualenv",
    }
    return repository(
        tmp_path / "plain",
        {
            "asv.conf.json": json.dumps(conf),
            "benchmarks/__init__.py": "",
            "benchmarks/loops.py": SUITE,
            "plain/__init__.py": "",
            "pyproject.toml": '[project]\nname = "plain"\nversion = "1"\n',
        },
    )


def maturin_without(tmp_path: Path) -> Path:
    return repository(
        tmp_path / "fast",
        {
            "pyproject.toml": '[build-system]\nrequires = ["maturin"]\nbuild-backend = "maturin"\n'
            '[project]\nname = "fast"\nversion = "1"\ndependencies = ["numpy", "numba"]\n',
            "Cargo.toml": '[package]\nname = "fast"\nversion = "0.1.0"\n',
            "src/lib.rs": "",
            "benches/bench.rs": "",
        },
    )


def src_with_conda(tmp_path: Path) -> Path:
    conf = {
        "version": 1,
        "project": "sci",
        "repo": "..",
        "benchmark_dir": ".",
        "branches": ["trunk"],
        "environment_type": "conda",
        "results_dir": "kept",
    }
    return repository(
        tmp_path / "sci",
        {
            "asv_bench/asv.conf.json": json.dumps(conf, indent=4),
            "asv_bench/__init__.py": "",
            "asv_bench/loops.py": SUITE,
            "src/sci/__init__.py": TRAP,
            "setup.py": TRAP,
            "environment.yml": "dependencies: [numpy]\n",
            ".gitlab-ci.yml": "{}\n",
        },
    )


def written(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("")


def started(paceline: Paceline, root: Path, *words: str) -> dict[str, Any]:
    ran = paceline("init", *words, "--json", "-", cwd=root)
    assert (ran.returncode, ran.stdout[:1]) == (0, "{"), ran.stderr
    told: dict[str, Any] = json.loads(ran.stdout)
    assert ran.stderr.rstrip().endswith(f"Next: {shlex.join(told['next'])}")
    assert "for AGENTS.md:" in ran.stderr
    return told


def contents(root: Path) -> dict[str, bytes]:
    files = (
        path for path in root.rglob("*") if path.is_file() and ".git" not in path.relative_to(root).parts
    )
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


def test_a_suite_of_asv_gets_a_configuration_and_the_workflows(paceline: Paceline, tmp_path: Path) -> None:
    root = plain_with_asv(tmp_path)
    before = contents(root)
    told = started(paceline, root)
    want = {"paceline.toml", ".github/workflows/paceline.yml", ".github/workflows/paceline-comment.yml"}
    assert set(told["written"]) == want
    after = contents(root)
    assert {name: after[name] for name in before} == before
    assert set(after) - set(before) == want
    assert "@@" not in "".join(after[name].decode() for name in want)
    again = started(paceline, root)
    assert (again["written"], set(again["kept"])) == ([], want)
    assert paceline(*told["next"][1:], cwd=root).returncode == 0


def test_a_project_without_a_suite_gets_one_with_numba(paceline: Paceline, tmp_path: Path) -> None:
    root = maturin_without(tmp_path)
    told = started(paceline, root)
    assert "benchmarks/_smoothing/numba_jit.py" in told["written"]
    conf = json.loads((root / "asv.conf.json").read_text())
    assert (conf["project"], conf["branches"], "numba" in conf["matrix"]["req"]) == ("fast", ["trunk"], True)
    assert (told["next"], conf["benchmark_dir"]) == (["paceline", "race"], "benchmarks")
    ran = paceline("race", "--dry-run", cwd=root)
    assert (ran.returncode, "Smoothing" in ran.stdout) == (0, True)


def test_a_suite_in_a_folder_with_conda_and_gitlab(paceline: Paceline, tmp_path: Path) -> None:
    root = src_with_conda(tmp_path)
    told = started(paceline, root)
    assert (told["config"], told["written"]) == (
        "asv_bench/asv.conf.json",
        ["asv_bench/paceline.toml", ".gitlab/paceline.yml"],
    )
    text = (root / ".gitlab" / "paceline.yml").read_text()
    assert "asv_bench/kept/*/races/" in text
    assert paceline(*told["next"][1:], cwd=root).returncode == 0


def test_benchmarks_that_are_not_asvs_are_left_alone(paceline: Paceline, tmp_path: Path) -> None:
    root = repository(tmp_path / "other", {"benchmarks/run.py": TRAP, "benchmarks/__init__.py": TRAP})
    before = contents(root)
    told = started(paceline, root)
    assert {name: contents(root)[name] for name in before} == before
    assert "_asv_benchmarks/adapter.py" in told["written"]
    assert "_asv_benchmarks/_smoothing/pure_python.py" in told["written"]
    assert not any("numba" in name for name in told["written"])
    assert not any(name.startswith("benchmarks/") for name in told["written"])
    ran = paceline("race", "--dry-run", cwd=root)
    assert (ran.returncode, "Smoothing" in ran.stdout) == (0, True)


def test_folders_that_are_there_are_nobody_elses(paceline: Paceline, tmp_path: Path) -> None:
    """A suite of ours among files of theirs would run theirs."""
    traps = {"benchmarks/run.py": TRAP, "_asv_benchmarks/model.py": TRAP, "_asv_benchmarks/__init__.py": TRAP}
    root = repository(tmp_path / "both", traps)
    told = started(paceline, root)
    assert "_paceline_benchmarks/model.py" in told["written"]
    assert not any(name.startswith(("benchmarks", "_asv_benchmarks")) for name in told["written"])
    assert paceline("race", "--dry-run", cwd=root).returncode == 0


def test_a_suite_is_found_wherever_git_sees_one(paceline: Paceline, tmp_path: Path) -> None:
    conf = json.dumps({"version": 1, "project": "p", "repo": "../..", "benchmark_dir": "b"})
    suite = {"tools/asv/asv.conf.json": conf, "tools/asv/b/__init__.py": "", "tools/asv/b/loops.py": SUITE}
    more = {"a/b/c/asv.conf.json": "{}", "x y/$(z)/asv.conf.json": "{}", "build/asv.conf.json": "{}"}
    root = repository(tmp_path / "deep", {**suite, **more, ".gitignore": "build\n"})
    told = started(paceline, root)
    assert told["config"] == "tools/asv/asv.conf.json"
    assert "tools/asv/paceline.toml" in told["written"]
    assert any("a/b/c/asv.conf.json" in note for note in told["notes"])
    assert paceline(*told["next"][1:], cwd=root).returncode == 0


def test_the_next_command_fits_the_folder_that_the_user_is_in(paceline: Paceline, tmp_path: Path) -> None:
    root = repository(tmp_path / "here", {"src/x/__init__.py": ""})
    for folder, words in ((root / "src" / "x", ()), (tmp_path, ("here",))):
        ran = paceline("init", *words, "--json", "-", cwd=folder)
        told = json.loads(ran.stdout)
        assert paceline(*told["next"][1:], "--dry-run", cwd=folder).returncode == 0, told["next"]


@pytest.mark.parametrize("detached", [True, False])
def test_history_is_that_of_the_main_branch(paceline: Paceline, tmp_path: Path, detached: bool) -> None:
    root = repository(tmp_path / "one", {"x.py": ""})
    git(root, "checkout", "-q", *(["--detach"] if detached else ["-b", "master"]))
    if not detached:
        git(root, "checkout", "-q", "-b", "add-paceline")
    started(paceline, root)
    want = "trunk" if detached else "master"
    assert json.loads((root / "asv.conf.json").read_text())["branches"] == [want]


def test_what_cannot_be_written_stops_it_before_it_writes(paceline: Paceline, tmp_path: Path) -> None:
    root = repository(tmp_path / "file", {".github": "a file"})
    before = contents(root)
    ran = paceline("init", cwd=root)
    assert (ran.returncode, "nothing was written" in ran.stderr, contents(root)) == (3, True, before)


def test_a_dry_run_writes_nothing(paceline: Paceline, tmp_path: Path) -> None:
    root = maturin_without(tmp_path)
    before = contents(root)
    assert "asv.conf.json" in started(paceline, root, "--dry-run")["written"]
    assert contents(root) == before


def test_without_a_repository_it_says_so(paceline: Paceline, tmp_path: Path) -> None:
    ran = paceline("init", cwd=tmp_path)
    assert (ran.returncode, "no git repository" in ran.stderr) == (2, True)
    assert list(tmp_path.iterdir()) == []


def test_a_repository_of_somebody_else_is_not_called_none(
    paceline: Paceline, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = plain_with_asv(tmp_path)
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")  # git's own, for its tests
    ran = paceline("init", cwd=root)
    assert (ran.returncode, ran.stderr.count("\n")) == (2, 1)
    assert "dubious ownership" in ran.stderr
    assert f"git config --global --add safe.directory {root}" in ran.stderr


def test_no_link_leads_out_of_the_repository(paceline: Paceline, tmp_path: Path) -> None:
    root = plain_with_asv(tmp_path)
    (tmp_path / "elsewhere").mkdir()
    (root / ".github").symlink_to(tmp_path / "elsewhere")
    assert ".github/workflows/paceline.yml" in started(paceline, root)["kept"]
    assert list((tmp_path / "elsewhere").iterdir()) == []


@pytest.mark.parametrize("name", ["a b; rm -rf", "", "x" * 99, '"}'])
def test_odd_names_are_no_commands(tmp_path: Path, name: str) -> None:
    (tmp_path / "pyproject.toml").write_text(f"[project]\nname = {json.dumps(name)}\n")
    found = _planting.look(tmp_path, "main")
    conf = json.loads(_planting.plan(found).files["asv.conf.json"])
    assert conf["project"] != name
    assert ";" not in conf["uninstall_command"][0]


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("pyproject.toml", '[tool.poetry]\nname = "grain"\n'),
        ("setup.cfg", "[metadata]\nversion = 1\nname = grain\n[options]\nname = other\n"),
        ("setup.py", 'import setuptools\n\nsetuptools.setup(\n    name="grain",\n    version="1")\n'),
        ("setup.py", "from setuptools import setup\nsetup(name='grain', version='1')\n"),
    ],
)
def test_a_project_is_called_as_its_files_declare(tmp_path: Path, file: str, text: str) -> None:
    (tmp_path / file).write_text(text)
    assert _planting.look(tmp_path, "main").name == "grain"


@pytest.mark.parametrize("files", [[], ["benchmarks/run.py"]])
def test_setuptools_takes_nothing_that_is_planted_for_a_package(tmp_path: Path, files: list[str]) -> None:
    for name in ("pyproject.toml", "grain/__init__.py", *files):
        written(tmp_path / name)
    plan = _planting.plan(_planting.look(tmp_path, "main"))
    for name in plan.files:
        written(tmp_path / name)
    results = tmp_path / json.loads(plan.files["asv.conf.json"])["results_dir"] / "host" / "races"
    results.mkdir(parents=True)
    assert FlatLayoutPackageFinder.find(str(tmp_path)) == ["grain"]


def test_a_project_below_the_root_is_what_is_built(tmp_path: Path) -> None:
    for folder, name in (
        ("py", "grain"),
        ("examples/one", "one"),
        ("crates/other", "other"),
        (".venv/x", "x"),
    ):
        written(tmp_path / folder / "pyproject.toml")
        (tmp_path / folder / "pyproject.toml").write_text(f'[project]\nname = "{name}"\n')
    (tmp_path / "crates/other/pyproject.toml").write_text("[tool.black]\n")
    found = _planting.look(tmp_path, "main")
    conf = json.loads(_planting.plan(found).files["asv.conf.json"])
    assert (conf["project"], conf["repo_subdir"], len(conf["install_command"])) == ("grain", "py", 1)
    (tmp_path / "crates/other/pyproject.toml").write_text('[project]\nname = "other"\n')
    plan = _planting.plan(_planting.look(tmp_path, "main"))
    assert any("builds crates/other, of crates/other, py" in note for note in plan.notes)
    (tmp_path / "setup.py").write_text("")
    assert "repo_subdir" not in json.loads(
        _planting.plan(_planting.look(tmp_path, "main")).files["asv.conf.json"]
    )


def test_results_lie_where_asv_puts_them(tmp_path: Path) -> None:
    for text, want in (
        ('{\n"results_dir": "a/b"}', "a/b"),
        ('{\n"results_dir": "../x"}', "results"),
        ("{}", "results"),
    ):
        (tmp_path / "asv.conf.json").write_text(text)
        assert _planting.look(tmp_path, "main").results == want


@pytest.mark.slow
@pytest.mark.parametrize("make", [maturin_without, plain_with_asv])
def test_the_next_command_works(paceline: Paceline, tmp_path: Path, make: Any) -> None:
    root = make(tmp_path)
    told = started(paceline, root)
    ran = paceline(*told["next"][1:], cwd=root)
    assert ran.returncode in (0, 1), ran.stdout + ran.stderr
    assert "failed" not in ran.stdout
