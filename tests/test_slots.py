"""Two commits in two slots: what is kept, what is refused, and one real pair of environments."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psutil
import pytest
from asv.plugins.git import Git
from asv.util import ProcessError
from conftest import write_suite

from paceline.outcome import Exit, PacelineError
from paceline.suite import slots, wheels
from paceline.suite.asv_build import _bring, last_lines, missing
from paceline.suite.builder import Builder
from paceline.suite.config import Suite, load
from paceline.suite.installed import differences
from paceline.suite.repository import Commit, resolve, working_tree
from paceline.suite.request import Request, UnbuildableError
from paceline.suite.slots import Built

COMMAND = "python -m pip wheel --no-deps --no-build-isolation -w {build_cache_dir} {build_dir}"
PYPROJECT = """
[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"
[project]
name = "tiny-thing"
version = "0.1"
[tool.setuptools]
py-modules = ["tiny"]
"""


def test_a_wheel_is_kept_with_what_its_build_installed(tmp_path: Path) -> None:
    wheel = tmp_path / "tiny-1-py3-none-any.whl"
    wheel.write_text("one")
    cache = tmp_path / "cache"
    assert wheels.find(cache, "k1") is None
    wheels.keep(cache, "k1", wheel, {"maturin": "1.16.0"})
    wheel.write_text("two")
    wheels.keep(cache, "k2", wheel, {})
    found = wheels.find(cache, "k1")
    assert found is not None
    assert (found.path.name, found.path.read_text(), found.beside) == (
        wheel.name,
        "one",
        {"maturin": "1.16.0"},
    )
    wheels.keep(cache, "k1", wheel, {})
    again = wheels.find(cache, "k1")
    assert again is not None
    assert again.path.read_text() == "two"
    wheels.forget(cache, "k1")
    assert wheels.find(cache, "k1") is None
    assert [path.name for path in cache.iterdir()] == ["k2"]


def test_half_a_wheel_folder_is_none(tmp_path: Path) -> None:
    (tmp_path / "k").mkdir()
    (tmp_path / "k" / "a.whl").touch()
    assert wheels.find(tmp_path, "k") is None
    (tmp_path / "k" / wheels.BESIDE).write_text("{}")
    assert wheels.find(tmp_path, "k") is not None
    (tmp_path / "k" / "b.whl").touch()
    assert wheels.find(tmp_path, "k") is None


def test_the_newest_by_use_are_kept(tmp_path: Path) -> None:
    wheel = tmp_path / "a.whl"
    wheel.touch()
    cache = tmp_path / "cache"
    for number in range(wheels.KEPT):
        wheels.keep(cache, f"k{number}", wheel, {})
        os.utime(cache / f"k{number}", (number, number))
    assert wheels.find(cache, "k0") is not None  # used just now
    wheels.keep(cache, "new", wheel, {})
    kept = {path.name for path in cache.iterdir()}
    assert len(kept) == wheels.KEPT
    assert {"k0", "new"} <= kept
    assert "k1" not in kept


def test_flags_are_those_that_compilers_heed() -> None:
    told = {
        "RUSTFLAGS": "-O",
        "CFLAGS": "",
        "HOME": "/x",
        "CARGO_PROFILE_RELEASE_LTO": "fat",
        "PACELINE_TARGET_CPU": "x",
    }
    assert set(wheels.flags(told)) == {"RUSTFLAGS", "CARGO_PROFILE_RELEASE_LTO", "PACELINE_TARGET_CPU"}


def test_a_compiler_is_what_it_says_of_itself(tmp_path: Path) -> None:
    for name in ("rustc", "mycc"):
        (tmp_path / name).write_text(f"#!/bin/sh\necho {name} 1.0\necho more\n")
        (tmp_path / name).chmod(0o755)
    found = wheels.compilers({"PATH": str(tmp_path), "CC": "mycc -m64"}, tmp_path)
    assert found == {"rustc": "rustc 1.0", "cc": "mycc 1.0"}


def test_the_key_is_of_the_facts_in_any_order() -> None:
    assert wheels.key_of({"a": 1, "b": {"c": 2}}) == wheels.key_of({"b": {"c": 2}, "a": 1})
    assert wheels.key_of({"a": 1}) != wheels.key_of({"a": 2})


def builder(
    place: Path, frozen: dict[str, str] | None = None, **environment: Any
) -> tuple[Builder, list[str]]:
    said: list[str] = []
    request = Request("", "base", str(place.parent), "", "", "c" * 40, "", "commit", frozen)
    return Builder(request, said.append, None, SimpleNamespace(_path=str(place), **environment), None), said


def leave(one: Builder, error: BaseException) -> None:
    with one._whole():
        raise error


def test_what_was_left_half_made_is_made_anew(tmp_path: Path) -> None:
    place = tmp_path / "env"
    place.mkdir()
    one, _ = builder(place)
    with pytest.raises(KeyboardInterrupt):
        leave(one, KeyboardInterrupt())
    two, said = builder(place)
    with two._whole():
        assert not place.exists()
    assert "left half made" in said[0]
    place.mkdir()
    with pytest.raises(ProcessError):
        leave(two, ProcessError(["pip"], 1, "", ""))
    with two._whole():
        assert place.exists(), "a command failed: asv has put down what is left"
    assert len(said) == 1


def test_a_slot_is_held_by_one(tmp_path: Path) -> None:
    one, two = builder(tmp_path / "env")[0], builder(tmp_path / "env")[0]
    with one._alone(), pytest.raises(UnbuildableError, match="another paceline"), two._alone():
        pass
    with two._alone():
        pass


def test_a_conflict_frees_what_it_is_about(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PIP_CONSTRAINT", raising=False)
    told = "tiny depends on six<1.17\n    The user requested (constraint) six==1.17.0\nERROR: Impossible"
    folder = tmp_path / "a b"
    folder.mkdir()
    one, _ = builder(folder / "env", {"six": "1.17.0", "numpy": "2.4.1"})
    one.provision.constrain()
    assert (folder / "frozen.txt").read_text() == "six==1.17.0\nnumpy==2.4.1\n"
    assert os.environ["PIP_CONSTRAINT"] == (folder / "frozen.txt").as_uri()
    assert one._relax(told)
    assert (folder / "frozen.txt").read_text() == "numpy==2.4.1\n"
    assert one.provision.relaxed == ["six"]
    assert not one._relax(told), "freed already: something else is wrong"
    assert not one._relax("no such file")


def test_what_pip_cannot_take_is_not_frozen(tmp_path: Path) -> None:
    path = tmp_path / "frozen.txt"
    path.write_text("numpy==2.4.1\nconda:mkl==2025 h1\ntorch==2.1+cpu\nodd==unknown\n")
    assert slots._read_frozen(path) == {"numpy": "2.4.1", "torch": "2.1+cpu"}


def test_the_last_lines_are_the_compilers() -> None:
    out = "\n".join(f"line {number}" for number in range(40))
    err = (
        "  error: subprocess-exited-with-error\n  \n  × Building wheel did not run successfully.\n"
        "  │ exit code: 1\n  ╰─> [5 lines of output]\n      error[E0425]: cannot find value `x`\n"
        "      [end of output]\n  \n  note: This error originates from a subprocess, likely not ours.\n"
        "  ERROR: Failed building wheel for tiny\nFailed to build tiny\n[notice] A new release of pip\n"
    )
    lines = last_lines(ProcessError(["python"], 1, out, err))
    assert len(lines) == 25
    assert lines[-1].strip() == "error[E0425]: cannot find value `x`"
    assert lines[-2] == "line 39"


def test_a_package_that_pip_does_not_find_can_be_left_out() -> None:
    told = "ERROR: No matching distribution found for ctrl-freak>=1; python_version >= '3'\n"
    assert missing(ProcessError(["python"], 1, "", told)).endswith('under [build]: without = ["ctrl-freak"]')
    assert not missing(ProcessError(["python"], 1, "", "SyntaxError"))


def test_whatever_was_started_is_ended() -> None:
    """asv gives every command a process group of its own: ending the builder's is not enough."""
    inner = "import os,time; os.setpgid(0, 0); print(os.getpid(), flush=True); time.sleep(600)"
    outer = (
        "import signal,subprocess,sys; signal.signal(signal.SIGTERM, lambda *_: sys.exit());"
        f"subprocess.run([sys.executable, '-c', {inner!r}])"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", outer], stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    assert child.stdout is not None
    started = int(child.stdout.readline())
    slots._end(child)
    assert child.returncode is not None
    _, alive = psutil.wait_procs([psutil.Process(started)] if psutil.pid_exists(started) else [], timeout=10)
    assert not alive


def test_environments_that_drifted_apart_are_made_anew_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    suite = Suite(tmp_path / "asv.conf.json", "tiny", tmp_path, tmp_path, tmp_path)
    commit = Commit("1" * 40, "2" * 40, "", "1" * 8, "")
    sides = [
        Built(slot, "", commit, "", {}, {"asv-runner": version}, {}, {"key": slot})
        for slot, version in (("base", "0.3.1"), ("head", "0.3.2"), ("head", "0.3.1"))
    ]
    for ending in ("mended", "not mended"):
        said: list[str] = []
        for slot in ("base", "head"):
            (tmp_path / ".paceline" / "env" / slot).mkdir(parents=True, exist_ok=True)
        answers = iter([sides[:2], (sides[0], sides[2]) if ending == "mended" else sides[:2]])
        monkeypatch.setattr(slots, "_all", lambda *_, told=answers: next(told))
        made = slots.both(suite, commit, commit, said.append, tmp_path / "log")
        assert said == ["the environments have drifted apart: making them anew"]
        assert list((tmp_path / ".paceline" / "env").iterdir()) == []
        assert bool(differences(*made).refused) == (ending == "not mended")


def git(folder: Path, *words: str) -> None:
    words = ("-c", "user.name=a", "-c", "user.email=a@b", *words)
    subprocess.run(["git", "-C", str(folder), *words], check=True, capture_output=True)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Suite:
    """A repository of two commits with a suite, in a folder with a space."""
    python = f"{sys.version_info[0]}.{sys.version_info[1]}"
    settings = {"environment_type": "virtualenv", "pythons": [python], "build_command": [COMMAND]}
    root = write_suite(tmp_path_factory.mktemp("a project") / "tiny", {}, project="tiny_thing", **settings)
    (root / "pyproject.toml").write_text(PYPROJECT)
    git(root, "init", "--quiet", "--initial-branch", "main")
    for text in ("one = 1", "two = 2"):
        (root / "tiny.py").write_text(text + "\n")
        git(root, "add", "--all")
        git(root, "commit", "--quiet", "--message", text)
    return load(root / "asv.conf.json")


@pytest.mark.parametrize(
    ("settings", "word"),
    [
        ({"environment_type": "existing"}, "one interpreter cannot hold two commits"),
        ({"environment_type": "virtualenv", "pythons": ["3.1"]}, "install that Python"),
        ({"environment_type": "nonsense"}, "nonsense"),
        ({"environment_type": "conda"}, r'under \[build\]: environment_type = "virtualenv"'),
        ({"environment_type": "uv"}, "environment_type uv, and there is none of it here"),
        ({"environment_type": "mamba"}, "asv makes no mamba environments any more"),
    ],
)
def test_what_the_configuration_must_not_say(
    tmp_path: Path,
    suite: Callable[..., Path],
    settings: dict[str, Any],
    word: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    root = suite(settings=settings)
    git(root, "init", "--quiet")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "one")
    said: list[str] = []
    monkeypatch.setenv("CONDA_EXE", "no-conda-here")
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "git").symlink_to(str(shutil.which("git")))
    monkeypatch.setenv("PATH", str(programs))
    with pytest.raises(PacelineError, match=word) as caught:
        slots.build(
            load(root / "asv.conf.json"), resolve(root, "HEAD"), "base", said.append, tmp_path / "log"
        )
    assert caught.value.code == Exit.USAGE


def test_a_working_tree_is_brought_into_asvs_mirror(project: Suite, tmp_path: Path) -> None:
    """Where asv's configuration names an address, asv has a mirror of it, which knows no commit of ours."""
    git(tmp_path, "clone", "--quiet", "--mirror", str(project.root), str(tmp_path / "mirror"))
    repo = Git(project.root.as_uri(), str(tmp_path / "mirror"))
    (project.root / "new.py").touch()
    made = working_tree(project.root)
    (project.root / "new.py").unlink()
    request = Request("", "head", "", "", str(project.root), made.hash, made.tree, made.label, None)
    refs = subprocess.check_output(["git", "-C", repo._path, "for-each-ref"])
    _bring(repo, request)
    repo.checkout(str(tmp_path / "built"), made.hash)
    assert (tmp_path / "built" / "new.py").exists()
    assert subprocess.check_output(["git", "-C", repo._path, "for-each-ref"]) == refs
    with pytest.raises(UnbuildableError, match="lacks"):
        _bring(repo, replace(request, commit="1" * 40))


@pytest.mark.slow
def test_two_commits_side_by_side(project: Suite, monkeypatch: pytest.MonkeyPatch) -> None:
    root, said = project.root, list[str]()
    log = root / ".paceline" / "logs" / "build.log"
    (root / "tiny.py").write_text("three = 3\n")
    base, head = resolve(root, "HEAD"), working_tree(root)
    first, second = slots.both(project, base, head, said.append, log)
    assert [line.split()[0] for line in said] == ["making", "building", "making", "building"]
    assert base.label in said[1]
    assert "two = 2" in said[1]
    assert first.python != second.python
    for side, text in ((first, "two"), (second, "three")):
        told = subprocess.run(
            [side.python, "-c", "import tiny; print(dir(tiny))"], capture_output=True, text=True, check=True
        )
        assert f"'{text}'" in told.stdout
    assert first.project["name"] == second.project["name"] == "tiny-thing"
    assert first.packages == second.packages
    assert "asv-runner" in first.packages
    found = differences(first, second)
    assert (found.also_changed, found.refused, found.identical) == ((), (), False)
    told = subprocess.run(
        ["git", "-C", str(root), "status", "--porcelain"], capture_output=True, text=True, check=True
    )
    assert told.stdout.split() == ["M", "tiny.py"]
    assert not (root / "results").exists()
    assert "Creating virtualenv" in log.read_text()

    said.clear()
    again = slots.both(project, base, head, said.append, log)
    assert [line.split(":")[0] for line in said] == ["already built", "already built"]
    assert [side.project for side in again] == [first.project, second.project]
    assert again[0].build["wheel"] == "cached"

    said.clear()
    same = slots.build(project, base, "head", said.append, log)
    assert [line.split()[0] for line in said] == ["installing"]
    assert differences(first, same).identical

    said.clear()
    monkeypatch.setenv("RUSTFLAGS", "-C opt-level=2")  # what was built with other flags is not the same
    other = slots.build(project, base, "head", said.append, log)
    assert [line.split()[0] for line in said] == ["building"]
    assert other.build["flags"]["RUSTFLAGS"] == "-C opt-level=2"
    assert differences(first, other).refused


@pytest.mark.slow
def test_a_commit_that_cannot_be_built_says_why(project: Suite) -> None:
    root, said = project.root, list[str]()
    log = root / ".paceline" / "logs" / "failed.log"
    (root / "setup.py").write_text('raise SyntaxError("of this test")\n')
    broken = working_tree(root)
    with pytest.raises(slots.BuildFailedError) as caught:
        slots.build(project, broken, "head", said.append, log)
    assert caught.value.code == Exit.FAILED
    assert f"cannot build {broken.label}" in str(caught.value)
    assert caught.value.lines[-1].strip() == "SyntaxError: of this test"
    (root / "setup.py").unlink()
    built = slots.build(project, resolve(root, "HEAD"), "head", said.append, log)
    assert built.project["version"] == "0.1"
    assert not [line for line in said if "half made" in line]


def test_a_shim_that_is_no_interpreter_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    shim = tmp_path / name
    shim.write_text("#!/bin/sh\nexit 127\n")
    shim.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    found = shutil.which(name, path=slots._surroundings()["PATH"])
    assert found is not None
    assert subprocess.run([found, "-c", ""], check=False).returncode == 0
