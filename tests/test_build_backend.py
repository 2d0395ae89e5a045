"""The build backend of ``paceline_models``: Rust with Numba's rules; a loud pure wheel without cargo."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

IMPLEMENTATIONS = Path(__file__).resolve().parents[1] / "implementations"
LOUD = "paceline_models is built WITHOUT its Rust extension"
NO_FLAGS = ("RUSTFLAGS", "PACELINE_TARGET_CPU", "CARGO_TARGET_DIR", "XDG_CACHE_HOME")


@pytest.fixture
def build(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    for name in NO_FLAGS:
        monkeypatch.delenv(name, raising=False)
    spec = importlib.util.spec_from_file_location("_build", IMPLEMENTATIONS / "_build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the only folder on PATH, with a cargo and a rustc that do nothing but tell a version."""
    folder = tmp_path / "tools"
    folder.mkdir()
    for name in ("cargo", "rustc"):
        program = folder / name
        program.write_text("#!/bin/sh\necho 'release: 1.88.0'\n")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))
    return folder


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the implementations, with a local build lying in it, in a repository of its own."""
    root = tmp_path_factory.mktemp("repository")
    ignored = shutil.ignore_patterns("__pycache__", "target", "*.so", "*.pyc")
    copied = Path(shutil.copytree(IMPLEMENTATIONS, root / "implementations", ignore=ignored))
    shutil.copy(IMPLEMENTATIONS.parent / ".gitignore", root)
    (root / ".git").mkdir()
    (copied / "paceline_models" / "_rust.abi3.so").write_bytes(b"of another build")
    return copied


@pytest.mark.parametrize(
    ("user", "cpu", "flags"),
    [
        ("", None, "-C target-cpu=native -C no-vectorize-slp"),
        ("", "x86-64-v3", "-C target-cpu=x86-64-v3 -C no-vectorize-slp"),
        ("-C target-cpu=haswell", "x86-64-v3", "-C target-cpu=haswell -C no-vectorize-slp"),
        ("-Ctarget-cpu=haswell", None, "-Ctarget-cpu=haswell -C no-vectorize-slp"),
        ("-g", None, "-g -C target-cpu=native -C no-vectorize-slp"),
        ("-C no-vectorize-slp=no", None, "-C no-vectorize-slp=no -C target-cpu=native"),
        ("-C  target-cpu=a\t-C no-vectorize-slp", None, "-C target-cpu=a -C no-vectorize-slp"),
    ],
)
def test_rust_has_numba_s_flags_unless_the_user_has_chosen(
    build: ModuleType, monkeypatch: pytest.MonkeyPatch, user: str, cpu: str | None, flags: str
) -> None:
    monkeypatch.setenv("RUSTFLAGS", user)
    if cpu:
        monkeypatch.setenv("PACELINE_TARGET_CPU", cpu)
    assert build.rust_flags() == flags


def test_compiled_crates_lie_outside_the_checkout_by_compiler_and_flags(
    build: ModuleType, tools: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    first = build.target_folder("-C target-cpu=native")
    assert tmp_path / "home" in first.parents
    assert IMPLEMENTATIONS.parent not in first.parents
    assert build.target_folder("-C target-cpu=native") == first
    assert build.target_folder("-C target-cpu=x86-64-v3") != first
    (tools / "rustc").write_text("#!/bin/sh\necho 'release: 1.89.0'\n")
    assert build.target_folder("-C target-cpu=native") != first


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS has its own caches folder")
def test_the_user_s_cache_folder_is_respected(
    build: ModuleType, tools: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert tmp_path / "cache" in build.target_folder("").parents


def test_with_cargo_maturin_builds_with_these_flags_in_that_folder(
    build: ModuleType, tools: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[str, ...]] = []
    stub = ModuleType("maturin")

    def build_wheel(folder: str, settings: object, metadata: object) -> str:
        seen.append((folder, os.environ["RUSTFLAGS"], os.environ["CARGO_TARGET_DIR"]))
        return "built.whl"

    stub.build_wheel = build_wheel  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "maturin", stub)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("RUSTFLAGS", "")  # both are set by the backend: let them be taken back
    monkeypatch.setenv("CARGO_TARGET_DIR", "")
    monkeypatch.delenv("CARGO_TARGET_DIR")
    assert build.build_wheel("out") == "built.whl"
    flags = "-C target-cpu=native -C no-vectorize-slp"
    assert seen == [("out", flags, str(build.target_folder(flags)))]
    monkeypatch.setenv("CARGO_TARGET_DIR", "/chosen")
    build.build_wheel("out")
    assert seen[1][2] == "/chosen"


def test_what_is_needed_depends_on_cargo(
    build: ModuleType, tools: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hooks = (build.get_requires_for_build_wheel, build.get_requires_for_build_editable)
    assert [[name.split("=")[0] for name in hook()] for hook in hooks] == [["maturin"], ["maturin"]]
    monkeypatch.setenv("PATH", "/nowhere")
    assert all("maturin" not in " ".join(hook()) for hook in hooks)
    assert all(any(name.startswith("hatchling") for name in hook()) for hook in hooks)
    assert any(name.startswith("editables") for name in build.get_requires_for_build_editable())


def hook(copy: Path, path: str, code: str) -> subprocess.CompletedProcess[str]:
    """Call the backend as a frontend does: in its folder, in a process of its own."""
    command = [sys.executable, "-c", f"import sys; sys.path.insert(0, '.'); import _build; {code}"]
    environment = {**os.environ, "PATH": path}
    return subprocess.run(
        command, cwd=copy, env=environment, capture_output=True, text=True, check=False, timeout=120
    )


def test_without_cargo_pip_really_builds_a_pure_wheel_once_and_says_so(
    copy: Path, without_cargo: str, tmp_path: Path
) -> None:
    command = [sys.executable, "-m", "pip", "wheel", "-v", "--no-deps", "--no-build-isolation"]
    ended = subprocess.run(
        [*command, "--wheel-dir", str(tmp_path), str(copy)],
        env={**os.environ, "PATH": without_cargo}, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    said = ended.stdout + ended.stderr
    assert ended.returncode == 0, said
    assert said.count(LOUD) == 1, "built twice"
    assert "https://rustup.rs" in said
    (wheel,) = tmp_path.glob("*.whl")
    assert wheel.name.endswith("-py3-none-any.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    sources = {str(path.relative_to(copy)) for path in (copy / "paceline_models").rglob("*.py")}
    assert sources <= names
    assert "paceline_models/py.typed" in names
    assert not [name for name in names if name.endswith((".so", ".pyd", ".rs")) or name.startswith("rust/")]
    assert not [name for name in names if name == "_build.py"]
    (metadata,) = [name for name in names if name.endswith("/METADATA")]
    assert "Requires-Dist: numba" in zipfile.ZipFile(wheel).read(metadata).decode()


def test_without_cargo_an_editable_install_points_at_the_sources(
    copy: Path, without_cargo: str, tmp_path: Path
) -> None:
    told = hook(copy, without_cargo, f"print(_build.build_editable({str(tmp_path)!r}))")
    assert told.returncode == 0, told.stderr
    assert LOUD in told.stderr
    wheel = zipfile.ZipFile(tmp_path / told.stdout.strip().splitlines()[-1])
    (pointer,) = [name for name in wheel.namelist() if name.endswith(".pth")]
    assert str(copy) in wheel.read(pointer).decode()


@pytest.mark.skipif(not shutil.which("cargo"), reason="no cargo here")
def test_with_cargo_the_metadata_is_made_from_the_same_project(copy: Path, tmp_path: Path) -> None:
    told = hook(
        copy,
        os.environ["PATH"],
        f"print(_build.backend().prepare_metadata_for_build_wheel({str(tmp_path)!r}))",
    )
    assert told.returncode == 0, told.stderr
    metadata = (tmp_path / told.stdout.strip().splitlines()[-1] / "METADATA").read_text()
    assert "Name: paceline_models" in metadata.replace("paceline-models", "paceline_models")
    assert "Requires-Dist: numba" in metadata
