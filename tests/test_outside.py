"""Contenders need no clone: the questions alone, outside any repository, race what is installed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from conftest import Paceline

ROOT = Path(__file__).resolve().parent.parent
SETTINGS = {"version": 1, "project": "elsewhere", "repo": ".", "benchmark_dir": "benchmarks"}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a folder that has a copy of the questions, and nothing else of this repository."""
    folder = tmp_path / "else where"
    leave = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "benchmarks", folder / "benchmarks", ignore=leave)
    (folder / "asv.conf.json").write_text(json.dumps(SETTINGS))
    return folder


@pytest.mark.slow
def test_installed_models_race_outside_any_repository(copy: Path, paceline: Paceline) -> None:
    words = (
        "race",
        "hbv_light_1mm",
        "--preset",
        "quick",
        "--n",
        "365",
        "--json",
        "told.json",
        "--results",
        "r",
    )
    ended = paceline(*words, cwd=copy)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    told = json.loads((copy / "told.json").read_text())
    assert told["commit"] == "no-commit"
    (race,) = told["races"]
    measured = {one["name"]: one["answers"] for one in race["contenders"] if one["status"] == "ok"}
    assert (race["baseline"], measured["pure_numpy"]) == ("numba_jit", "agrees")
    assert all(one["ratio"] > 0 for one in race["contenders"] if one["name"] in measured)
