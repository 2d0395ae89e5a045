"""The disk cache of compiled functions: it notices other files, and brings back what runs on threads."""

from __future__ import annotations

import importlib
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from numba.core.dispatcher import Dispatcher
from paceline_models import _numba

FILES = sorted(_numba.ROOT.rglob("*.py"))
FAMILIES = sorted(path.name for path in _numba.ROOT.iterdir() if (path / "__init__.py").exists())
OTHER = "from paceline_models._numba import njit\n@njit(cache=True)\ndef other(x): return x + LANES\nLANES = "
ASKING = """
from paceline_models._numba import njit
from paceline_models.toy._other import other
@njit(cache=True)
def asking(x): return other(x)
"""
ASK = "from paceline_models.toy.asking import asking as f; print(f(1), sum(f.stats.cache_hits.values()))"
EPISODE = """
import numpy
from paceline_models.monty.minimal.numba_parallel import run
print(run(numpy.ones((100, 4), numpy.float32), 3, "fixed").confidence)
"""


def told(program: str, **variables: str) -> str:
    """Return what a fresh interpreter prints."""
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **variables}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"exit code {done.returncode}\n{done.stderr}"
    return done.stdout.strip()


def test_a_change_in_another_file_is_noticed(tmp_path: Path) -> None:
    package = tmp_path / "paceline_models"
    (package / "toy").mkdir(parents=True)
    for folder in (package, package / "toy"):
        (folder / "__init__.py").touch()
    shutil.copy(_numba.__file__, package)
    (package / "toy/asking.py").write_text(ASKING)
    answers = []
    for lanes in ("16", "16", "8"):
        (package / "toy/_other.py").write_text(OTHER + lanes)
        answers.append(told(ASK, PYTHONPATH=str(tmp_path), NUMBA_CACHE_DIR=str(tmp_path / "cache")))
    assert answers == ["17 0", "17 1", "9 0"]


@pytest.fixture
def toy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package with one family, in place of the real one."""
    root = tmp_path / "package"
    (root / "toy").mkdir(parents=True)
    (root / "toy/model.py").write_text("1")
    monkeypatch.setattr(_numba, "ROOT", root)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "users"))
    _numba.cache_folder.cache_clear()
    return root


def folder(given: str = "") -> Path:
    """Return the cache folder of the toy family, looked up anew."""
    _numba.cache_folder.cache_clear()
    return Path(_numba.cache_folder("toy", given))


def test_the_folder_goes_with_the_texts_of_a_family(toy: Path, tmp_path: Path) -> None:
    first = folder()
    assert first.is_relative_to(toy / "toy/__pycache__")
    (toy / "toy/deeper").mkdir()
    (toy / "toy/deeper/new.py").touch()
    second = folder()
    (toy / "_shared.py").touch()
    third = folder()
    assert len({first, second, third}) == 3
    (toy / "_shared.py").unlink()
    assert folder() == second
    assert folder(str(tmp_path / "given")) == tmp_path / "given" / second.name


def test_where_nothing_can_be_written(toy: Path, tmp_path: Path) -> None:
    (toy / "toy/__pycache__").write_text("a file where a folder should be")
    assert folder().is_relative_to(tmp_path / "users")
    (tmp_path / "users/paceline_models").rename(tmp_path / "away")
    (tmp_path / "users/paceline_models").touch()
    assert _numba.cache_folder.__wrapped__("toy") == ""


def test_old_folders_are_removed_and_young_ones_are_not(toy: Path) -> None:
    place = toy / "toy/__pycache__"
    ages = {f"numba-toy-{i}": 7200.0 + i for i in range(5)} | {"numba-other-1": 9e6, "numba-toy-young": 60.0}
    for name, age in ages.items():
        (place / name).mkdir(parents=True)
        os.utime(place / name, (time.time() - age,) * 2)
    kept = {folder().name, "numba-toy-young", "numba-toy-0", "numba-other-1"}
    assert {path.name for path in place.iterdir()} == kept


def compiled_functions() -> list[tuple[str, Any]]:
    """Return all functions of the suite that Numba compiles, with their names."""
    found: dict[int, tuple[str, Any]] = {}
    for file in FILES:
        if not re.search(r"njit|compiled", file.read_text(encoding="utf-8")):
            continue
        name = ".".join(file.relative_to(_numba.ROOT.parent).with_suffix("").parts)
        try:
            module = importlib.import_module(name)
        except ImportError:  # a peer, or the extension, that is not there
            continue
        for value in vars(module).values():
            if isinstance(value, Dispatcher):
                found[id(value)] = f"{value.py_func.__module__}.{value.py_func.__qualname__}", value
    return list(found.values())


def test_no_cached_function_calls_a_parallel_one() -> None:
    functions = compiled_functions()
    parallel = {id(value) for _, value in functions if value.targetoptions.get("parallel")}
    assert len(parallel) > 10
    for name, value in functions:
        seen = map(value.py_func.__globals__.get, value.py_func.__code__.co_names)
        assert not [one for one in seen if id(one) in parallel], f"{name} calls a parallel function"


def test_a_family_takes_nothing_from_another() -> None:
    for file in FILES:
        path = file.relative_to(_numba.ROOT)
        taken = set(re.findall(r"paceline_models\.(\w+)", file.read_text(encoding="utf-8")))
        others = taken & {name for name in FAMILIES if name != path.parts[0]}
        assert not others, f"{path} names {', '.join(others)}"


def test_numba_is_asked_through_the_package() -> None:
    direct = re.compile(r"^from numba import .*\b(jit|njit|cfunc|vectorize|guvectorize|stencil)\b", re.M)
    named = [file for file in FILES if direct.search(file.read_text(encoding="utf-8"))]
    assert not named


@pytest.mark.slow
def test_a_parallel_function_comes_back_from_any_part_of_its_cache(tmp_path: Path) -> None:
    want = told(EPISODE, NUMBA_CACHE_DIR=str(tmp_path))
    for index in tmp_path.rglob("numba_parallel.*.nbi"):
        index.unlink()
        for _ in range(2):  # compiled from what is left, then taken from the cache
            assert told(EPISODE, NUMBA_CACHE_DIR=str(tmp_path)) == want
