"""What several test files share: suites made in a folder, and paceline as a process of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from paceline.race.canary import Canary
from paceline.race.tally import Terms

settings.register_profile("unhurried", deadline=None)  # a busy computer is no failure
settings.load_profile("unhurried")
TESTS = Path(__file__).parent
os.environ.setdefault("PIP_COMPILE", "0")  # environments of tests are thrown away: compile what is imported

LONGEST = (  # files of tests that build and measure: begun first, lest all wait for one of them at the end
    *("compare_end_to_end", "ci_end_to_end", "shapes", "asv_end_to_end", "bisect", "selftest", "slots"),
    *("stopping", "variants", "alerts_history", "ode_numba_implicit", "race_command", "dashboard_browser"),
)
Paceline = Callable[..., "subprocess.CompletedProcess[str]"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put what takes longest first; files keep the order of their tests."""
    names = [f"test_{name}" for name in LONGEST]
    items.sort(key=lambda item: names.index(item.path.stem) if item.path.stem in names else len(names))


@pytest.fixture(scope="session", autouse=True)
def own_lock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Give these tests a host's lock of their own: they wait neither for other tests nor for real runs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PACELINE_LOCK", str(tmp_path_factory.mktemp("lock") / "host.lock"))
        yield


def write_suite(folder: Path, files: Mapping[str, str], **settings: Any) -> Path:
    """Write an asv suite: its configuration, and the files of its benchmarks folder."""
    described = {"version": 1, "project": "small", "repo": ".", "benchmark_dir": "benchmarks", **settings}
    benchmarks = folder / str(described["benchmark_dir"])
    benchmarks.mkdir(parents=True, exist_ok=True)
    (folder / "asv.conf.json").write_text(json.dumps(described))
    for name, text in {"__init__.py": "", **files}.items():
        (benchmarks / name).parent.mkdir(parents=True, exist_ok=True)
        (benchmarks / name).write_text(text)
    return folder


@pytest.fixture
def suite(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes a suite into a folder of this test and returns the folder."""

    def made(folder: str = "project", /, *, settings: Mapping[str, Any] | None = None, **files: str) -> Path:
        named = {f"{name}.py": text for name, text in files.items()}
        return write_suite(tmp_path / folder, named, **(settings or {}))

    return made


@pytest.fixture
def kept_suite(tmp_path: Path) -> Callable[[str], Path]:
    """Return a function that copies a suite of ``tests/suites`` and returns the copy."""

    def made(name: str) -> Path:
        copy = shutil.copytree(TESTS / "suites" / name, tmp_path / name)
        return write_suite(copy, {})

    return made


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let commands that run in this process decide by two pairs, and sing no canary's song."""
    two = Terms((2,), confirms=False)
    monkeypatch.setattr("paceline.race.session.sing", lambda: Canary(0.02, 0.001))
    for place in ("several", "between"):
        monkeypatch.setattr(f"paceline.race.{place}.Terms", lambda: two)
    monkeypatch.setattr("paceline.commands._driving.TERMS", {"quick": two})


@pytest.fixture(scope="session")
def paceline() -> Paceline:
    """Return a function that runs ``paceline WORDS`` in a folder as a process of its own."""

    def run(*words: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "paceline", *words],
            cwd=cwd,
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    return run


@pytest.fixture(scope="session")
def without_cargo(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the PATH without cargo: a folder that has it is replaced by links to all else in it."""
    kept = []
    for number, folder in enumerate(map(Path, os.environ["PATH"].split(os.pathsep))):
        if not (folder / "cargo").exists():
            kept.append(str(folder))
            continue
        links = tmp_path_factory.mktemp(f"bin{number}")
        for program in folder.iterdir():
            if program.name not in ("cargo", "rustc"):
                (links / program.name).symlink_to(program)
        kept.append(str(links))
    return os.pathsep.join(kept)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 64 kilobytes, where this user may have one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)]
    try:
        mounted = subprocess.run(words, capture_output=True, check=False, timeout=30).returncode == 0
    except FileNotFoundError:
        mounted = False
    if not mounted:
        pytest.skip("this user may not mount a small disk")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True, timeout=30)
