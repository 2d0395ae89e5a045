"""Commits by name, and the working tree as a commit that leaves no trace. Real git, spaces in paths."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from paceline.outcome import Exit, PacelineError
from paceline.suite.config import load
from paceline.suite.repository import blobs, checkout, commits_between, merge_base, resolve, working_tree


def git(folder: Path, *words: str) -> str:
    told = subprocess.run(["git", "-C", str(folder), *words], capture_output=True, text=True, check=True)
    return told.stdout.strip()


def committed(folder: Path, name: str, text: str) -> str:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text)
    git(folder, "add", "--all")
    git(
        folder,
        "-c",
        "user.name=a",
        "-c",
        "user.email=a@b",
        "commit",
        "--quiet",
        "--message",
        f"{name}: {text}",
    )
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture(autouse=True)
def nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No configuration of the user's, so no name either."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("HOME", str(tmp_path))


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    folder = tmp_path / "a project"
    folder.mkdir()
    git(folder, "init", "--quiet", "--initial-branch", "main")
    committed(folder, ".gitignore", "*.so\n")
    committed(folder, "code.py", "one")
    return folder


def traces(folder: Path) -> tuple[bytes, str, str]:
    """What must stay as it is: the index, the refs, and what git says of the files."""
    index = (Path(git(folder, "rev-parse", "--absolute-git-dir")) / "index").read_bytes()
    return index, git(folder, "for-each-ref"), git(folder, "status", "--porcelain")


def test_names_of_commits(repo: Path) -> None:
    git(repo, "tag", "v1.0", "HEAD^")
    head = resolve(repo, "HEAD")
    assert head.hash == git(repo, "rev-parse", "HEAD")
    assert (head.label, head.subject) == (head.hash[:8], "code.py: one")
    assert head.tree == git(repo, "rev-parse", "HEAD^{tree}")
    assert head.date == git(repo, "log", "-1", "--format=%cI")
    assert resolve(repo, "main") == resolve(repo, head.hash[:10]) == head
    assert resolve(repo, "v1.0") == resolve(repo, "main~1")


@pytest.mark.parametrize("name", ["feature/fastre", "no such", "--all", "", "main..main", "HEAD:code.py"])
def test_what_git_does_not_know_is_named(repo: Path, name: str) -> None:
    git(repo, "branch", "feature/faster")
    with pytest.raises(PacelineError) as caught:
        resolve(repo, name)
    assert caught.value.code == Exit.USAGE
    assert repr(name) in str(caught.value)
    if name == "feature/fastre":
        assert "did you mean feature/faster" in str(caught.value)


def test_without_a_repository_that_is_what_is_said(tmp_path: Path) -> None:
    with pytest.raises(PacelineError, match="not a git repository"):
        resolve(tmp_path, "HEAD")


def test_a_clean_working_tree_is_head(repo: Path) -> None:
    (repo / "built.so").write_text("ignored")
    assert working_tree(repo) == resolve(repo, "HEAD")


@pytest.mark.parametrize(
    "ignored", ["*.so", "results/", ".paceline/", "results/*/races/", "results\nreports\n.paceline"]
)
def test_what_measuring_writes_is_no_change(repo: Path, ignored: str) -> None:
    committed(repo, ".gitignore", ignored)
    for name in ("results/host/races/1.jsonl", "reports/summary.md", ".paceline/env/base/x.py"):
        (repo / name).parent.mkdir(parents=True)
        (repo / name).write_text("written")
    assert working_tree(repo) == resolve(repo, "HEAD")
    (repo / "code.py").write_text("two")
    assert set(git(repo, "ls-tree", "-r", "--name-only", working_tree(repo).tree).split()) == {
        ".gitignore",
        "code.py",
    }


def test_a_dirty_working_tree_is_a_commit_beside_everything(repo: Path) -> None:
    (repo / "code.py").write_text("two")
    (repo / "new file.py").write_text("new")
    (repo / "staged.py").write_text("staged")
    git(repo, "add", "staged.py")
    before = traces(repo)
    made = working_tree(repo)
    assert traces(repo) == before
    assert made.label == resolve(repo, "HEAD").label + "+dirty"
    assert git(repo, "show", f"{made.hash}:code.py") == "two"
    assert git(repo, "show", f"{made.hash}:new file.py") == "new"
    assert git(repo, "show", f"{made.hash}:staged.py") == "staged"
    assert git(repo, "rev-parse", f"{made.hash}^") == git(repo, "rev-parse", "HEAD")
    assert git(repo, "rev-parse", f"{made.hash}^{{tree}}") == made.tree
    assert resolve(repo, made.hash).subject == made.subject


def test_the_same_files_give_the_same_commit(repo: Path) -> None:
    (repo / "code.py").write_text("two")
    first = working_tree(repo)
    git(repo, "add", "code.py")  # how it is staged makes no difference
    os.utime(repo / "code.py", (1, 1))
    assert working_tree(repo) == first
    (repo / "code.py").write_text("three")
    assert working_tree(repo).hash != first.hash


def test_a_removed_file_is_removed(repo: Path) -> None:
    (repo / "code.py").unlink()
    assert "code.py" not in git(repo, "ls-tree", "--name-only", working_tree(repo).hash)


def test_a_suite_in_a_folder_of_the_repository_sees_all_of_it(repo: Path) -> None:
    suite = repo / "the suite"
    (suite / "results").mkdir(parents=True)
    (suite / "results" / "one.json").write_text("{}")
    assert working_tree(suite) == resolve(suite, "HEAD")
    (repo / "code.py").write_text("two")
    made = working_tree(suite)
    assert git(repo, "show", f"{made.hash}:code.py") == "two"
    assert "one.json" not in git(repo, "ls-tree", "-r", "--name-only", made.hash)


def test_what_is_written_where_asv_is_told_to_is_no_change(repo: Path) -> None:
    place = repo / "asv_bench"
    place.mkdir()
    told = {"project": "x", "repo": "..", "results_dir": "kept", "env_dir": "made"}
    committed(repo, "asv_bench/asv.conf.json", json.dumps({"version": 1, **told}))
    suite = load(place / "asv.conf.json")
    for name in ("kept/host/races/1.jsonl", "made/x.py", "reports/summary.md", ".paceline/env/x.py"):
        (place / name).parent.mkdir(parents=True)
        (place / name).write_text("written")
    assert suite.repository is not None
    assert working_tree(suite.repository, suite.written) == resolve(repo, "HEAD")
    assert not checkout(place, suite.written).dirty
    (place / "new.py").write_text("one")
    assert working_tree(suite.repository, suite.written) != resolve(repo, "HEAD")
    assert checkout(place, suite.written).dirty


@pytest.mark.parametrize("commits", [True, False])
def test_a_repository_inside_is_no_part_of_the_commit(repo: Path, commits: bool) -> None:
    inner = repo / "vendored copy"
    inner.mkdir()
    git(inner, "init", "--quiet")
    (inner / "file").write_text("x")
    if commits:
        committed(inner, "file", "y")
    assert working_tree(repo) == resolve(repo, "HEAD")


def test_a_submodule_that_is_not_there_stays_as_it_is(repo: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    git(other, "init", "--quiet")
    committed(other, "file", "x")
    git(repo, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(other), "sub")
    committed(repo, "code.py", "with a submodule")
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", str(repo), str(clone))
    assert working_tree(clone) == resolve(clone, "HEAD")
    (clone / "code.py").write_text("two")
    listed = git(clone, "ls-tree", working_tree(clone).hash, "sub")
    assert listed == git(clone, "ls-tree", "HEAD", "sub") != ""


def test_hooks_do_not_run_and_their_variables_do_not_mislead(
    repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook = repo / ".git" / "hooks" / "post-index-change"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\ntouch '{tmp_path}/ran'\n")
    hook.chmod(0o755)
    (repo / "code.py").write_text("two")
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "misleading"))
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "nowhere"))
    made = working_tree(repo)
    assert not (tmp_path / "ran").exists()
    assert not (tmp_path / "misleading").exists()
    assert made.label.endswith("+dirty")


def test_signatures_and_colours_that_a_user_wants_do_not_mislead(repo: Path) -> None:
    for name in ("log.showSignature", "commit.gpgSign"):
        git(repo, "config", name, "true")
    git(repo, "config", "color.ui", "always")
    (repo / "code.py").write_text("two")
    assert resolve(repo, working_tree(repo).hash).label == working_tree(repo).hash[:8]


def test_a_branch_is_compared_with_where_it_left_main(repo: Path) -> None:
    fork = git(repo, "rev-parse", "HEAD")
    git(repo, "switch", "--quiet", "--create", "feature")
    committed(repo, "code.py", "two")
    git(repo, "switch", "--quiet", "main")
    committed(repo, "other.py", "one")
    git(repo, "switch", "--quiet", "feature")
    assert merge_base(repo).hash == fork
    assert merge_base(repo, "main").hash == fork
    (repo / "code.py").write_text("three")
    assert merge_base(repo).hash == fork


def test_on_main_it_is_head_or_its_parent(repo: Path) -> None:
    assert merge_base(repo) == resolve(repo, "HEAD^")
    (repo / "code.py").write_text("two")
    assert merge_base(repo) == resolve(repo, "HEAD")


def test_the_first_commit_has_nothing_to_be_compared_with(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet", "--initial-branch", "main")
    committed(tmp_path, "code.py", "one")
    with pytest.raises(PacelineError, match="no parent"):
        merge_base(tmp_path)


def test_the_branch_is_asvs_first_or_what_there_is(repo: Path, tmp_path: Path) -> None:
    first = git(repo, "rev-parse", "HEAD^")
    git(repo, "branch", "stable", first)
    assert merge_base(repo, usual="stable").hash == first
    assert merge_base(repo, usual="no-such") == merge_base(repo) == resolve(repo, "HEAD^")
    clone = tmp_path / "clone"  # of a pull request: its own branch, and what origin has
    git(tmp_path, "clone", "--quiet", str(repo), str(clone))
    git(clone, "switch", "--quiet", "--create", "feature")
    git(clone, "branch", "--quiet", "--delete", "main")
    committed(clone, "code.py", "two")
    assert merge_base(clone) == resolve(clone, "origin/main")


def test_no_branch_at_all_is_said(repo: Path) -> None:
    git(repo, "branch", "--move", "trunk")
    with pytest.raises(PacelineError, match="main or master"):
        merge_base(repo)
    assert merge_base(repo, "trunk") == resolve(repo, "HEAD^")


def test_no_common_commit_is_said(repo: Path) -> None:
    git(repo, "switch", "--quiet", "--orphan", "apart")
    committed(repo, "code.py", "apart")
    with pytest.raises(PacelineError, match="no commit in common"):
        merge_base(repo)


def test_commits_between_are_the_line_oldest_first(repo: Path) -> None:
    good = git(repo, "rev-parse", "HEAD")
    second = committed(repo, "code.py", "two")
    git(repo, "switch", "--quiet", "--create", "side")
    side = committed(repo, "side.py", "side")
    git(repo, "switch", "--quiet", "main")
    third = committed(repo, "code.py", "three")
    git(repo, "-c", "user.name=a", "-c", "user.email=a@b", "merge", "--quiet", "--no-edit", "side")
    merge = git(repo, "rev-parse", "HEAD")
    assert [one.hash for one in commits_between(repo, good, "main")] == [second, third, merge]
    assert commits_between(repo, "main", "main") == []
    with pytest.raises(PacelineError, match="no ancestor"):
        commits_between(repo, side, third)


def test_files_by_name(repo: Path) -> None:
    committed(repo, "rust/Cargo.lock", "x")
    committed(repo, "rust/NotCargo.lock", "x")
    found = blobs(repo, "HEAD", ("/Cargo.lock", "/code.py"))
    assert found == {name: git(repo, "rev-parse", f"HEAD:{name}") for name in ("code.py", "rust/Cargo.lock")}
