"""Pure wheels are forgotten once there is a compiler, and only where there is something to compile."""

from __future__ import annotations

from pathlib import Path

import pytest

from paceline.suite.config import Suite
from paceline.suite.environments import forget_pure_builds

PURE = "models-0.1.0-py3-none-any.whl"
BUILT = "models-0.1.0-cp311-abi3-linux_x86_64.whl"


@pytest.fixture
def project(tmp_path: Path) -> Suite:
    root = tmp_path / "project"
    environments = root / ".asv" / "env"
    for environment, commit, wheel in (("e1", "c1", PURE), ("e1", "c2", BUILT), ("e2", "c1", BUILT)):
        folder = environments / environment / "asv-build-cache" / commit
        folder.mkdir(parents=True)
        (folder / wheel).touch()
        (environments / environment / "asv-install-status.json").write_text("{}")
    return Suite(root / "asv.conf.json", "p", root / "benchmarks", root / "results", environments)


def compiler(folder: Path, monkeypatch: pytest.MonkeyPatch, there: bool) -> None:
    programs = folder / "bin"
    programs.mkdir()
    if there:
        (programs / "cargo").write_text("#!/bin/sh\n")
        (programs / "cargo").chmod(0o755)
    monkeypatch.setenv("PATH", str(programs))


def wheels(project: Suite) -> set[str]:
    return {f"{path.parts[-4]}/{path.parts[-2]}" for path in project.environments.rglob("*.whl")}


@pytest.mark.parametrize("place", ["Cargo.toml", "rust/Cargo.toml", "implementations/rust/Cargo.toml"])
def test_with_cargo_and_a_crate_pure_wheels_go(
    project: Suite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    compiler(tmp_path, monkeypatch, there=True)
    crate = project.root / place
    crate.parent.mkdir(parents=True, exist_ok=True)
    crate.touch()
    forgotten = forget_pure_builds(project)
    assert [f"{path.parts[-3]}/{path.name}" for path in forgotten] == ["e1/c1"]
    assert wheels(project) == {"e1/c2", "e2/c1"}
    status = {path.parent.name for path in project.environments.rglob("asv-install-status.json")}
    assert status == {"e2"}, "the environment would still have the pure build installed"
    assert forget_pure_builds(project) == []


def test_without_cargo_they_stay(project: Suite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compiler(tmp_path, monkeypatch, there=False)
    (project.root / "Cargo.toml").touch()
    assert forget_pure_builds(project) == []
    assert len(wheels(project)) == 3


def test_without_a_crate_a_pure_wheel_is_what_the_project_is(
    project: Suite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiler(tmp_path, monkeypatch, there=True)
    assert forget_pure_builds(project) == []
    assert len(wheels(project)) == 3


def test_a_crate_inside_an_environment_is_not_the_project_s(
    project: Suite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiler(tmp_path, monkeypatch, there=True)
    crate = project.environments / "e1" / "project" / "rust"
    crate.mkdir(parents=True)
    (crate / "Cargo.toml").touch()
    assert forget_pure_builds(project) == []


def test_no_environments_are_no_trouble(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compiler(tmp_path, monkeypatch, there=True)
    root = tmp_path / "empty"
    root.mkdir()
    (root / "Cargo.toml").touch()
    nothing = Suite(root / "asv.conf.json", "p", root, root, root / ".asv" / "env")
    assert forget_pure_builds(nothing) == []
