"""Environments that differ in one thing: what is asked for, what is made of it, what is refused."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from comparisons import built
from conftest import Paceline, write_suite
from small_races import CLOCK

from paceline.cli import main
from paceline.outcome import Exit, PacelineError
from paceline.race.order import Order
from paceline.suite import varied
from paceline.suite.config import load
from paceline.suite.installed import Differences
from paceline.suite.slots import Built
from paceline.suite.variants import Variant, is_variation, variants
from paceline.suite.varied import differences, refuse
from paceline.suite.wheels import Wheel

MATRIX = {
    "req": {"pip+asv_runner": ["==0.3.2"], "numpy": ["2.3", "2.4"], "six": ["1.17"]},
    "env": {"FLAGS": [None, "-O3"]},
}


@pytest.mark.parametrize(
    "text", ["env:A", "env:A=b,c", "env_nobuild:A=1,2", "req:numpy", "python", "python=3.11"]
)
def test_a_variation_is_told_from_a_parameter(text: str) -> None:
    assert is_variation(text)
    assert not is_variation(text.replace(":", " ").replace("python", "snake"))


@pytest.mark.parametrize(
    ("texts", "names"),
    [
        (["env:FLAGS=-C a=1,-C a=2"], ["-C a=1", "-C a=2"]),
        (['env:FLAGS="-C f=+x,+y",'], ["-C f=+x,+y", "none"]),
        (["env:LTO=off,fat,fat", "env:UNITS=16,16,1"], ["off + 16", "fat + 16", "fat + 1"]),
        (["req:numpy=2.3,>=2.4"], ["numpy 2.3", "numpy >=2.4"]),
        (["req:numpy"], ["numpy 2.3", "numpy 2.4"]),
        (["env:FLAGS"], ["none", "-O3"]),
        (["python=3.11,/opt/python"], ["3.11", "/opt/python"]),
    ],
)
def test_values_are_listed_or_those_of_the_matrix(
    suite: Callable[..., Path], texts: list[str], names: list[str]
) -> None:
    found = variants(load(suite(settings={"matrix": MATRIX}) / "asv.conf.json"), texts)
    assert [one.name for one in found] == names


def test_a_requirement_is_written_as_pip_takes_it() -> None:
    written = [Variant("", "req", {"numpy": text}).requirement for text in ("2.3", ">=2.3", "")]
    assert written == ["numpy==2.3", "numpy>=2.3", "numpy"]


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        (["req:six"], "req:six has only 1.17, and two are needed"),
        (["req:absent"], "has no value"),
        (["env:A=1,2", "env:B=1,2,3"], "A has 2, B has 3"),
        (["env:A=1,2", "req:numpy=1,2"], "only variables of one kind go together"),
        (["env:A=1,2", "letter"], "do not go together with a parameter"),
        (["env:A=1,1"], "has a value twice"),
        (["req:numpy=2.3,a b c"], "is no requirement"),
    ],
)
def test_what_makes_no_sense_is_a_usage_error(
    suite: Callable[..., Path], texts: list[str], told: str
) -> None:
    made = load(suite(settings={"matrix": MATRIX}) / "asv.conf.json")
    with pytest.raises(PacelineError, match=told) as raised:
        variants(made, texts)
    assert raised.value.code is Exit.USAGE


def test_an_order_keeps_what_environments_differ_in() -> None:
    texts = ("env:RUSTFLAGS=-C a=1,-C a=2", "env:B=it's,2")
    assert Order(across=shlex.join(texts)).variations == texts
    for parameter in ("implementation", "a'b", ""):
        assert Order(across=parameter).variations == ()


def side(packages: dict[str, str], needs: dict[str, list[str]] | None = None, files: str = "f") -> Built:
    made = replace(built("base"), packages={"asv-runner": "0.3.2", **packages}, needs=needs or {})
    return replace(made, project={"files": files, "version": "1"})


NUMPY = Variant("numpy 2.4", "req", {"NumPy": "2.4"})
FLAGS = Variant("-O3", "env", {"FLAGS": "-O3"})


def test_a_requirement_may_move_what_it_needs_and_what_needs_it_and_nothing_else() -> None:
    needs = {"scipy": ["numpy>=2"], "numpy": ["blas"], "pandas": ["scipy"]}
    base = side({"numpy": "2.3", "scipy": "1.1", "blas": "1", "other": "1", "pip": "25"}, needs)
    head = side({"numpy": "2.4", "scipy": "1.2", "blas": "2", "other": "2", "pip": "26", "new": "1"}, needs)
    found = differences(base, head, NUMPY)
    assert found.also_changed == ("blas 1 -> 2", "numpy 2.3 -> 2.4", "pip 25 -> 26", "scipy 1.1 -> 1.2")
    assert [told.partition(",")[0] for told in found.refused] == ["new none -> 1", "other 1 -> 2"]
    with pytest.raises(PacelineError, match=r"numpy 2\.4: new none -> 1, .*; numpy 2\.4: other 1 -> 2"):
        refuse({"numpy 2.4": found})
    refuse({"numpy 2.4": Differences((), (), False)})


def test_another_runner_is_refused_whatever_was_chosen() -> None:
    base, head = side({}), side({"asv-runner": "0.3.1"})
    for one in (
        NUMPY,
        FLAGS,
        Variant("x", "req", {"asv_runner": "0.3.1"}),
        Variant("3.12", "python", {"python": "3.12"}),
    ):
        (told,) = differences(base, head, one).refused
        assert told.startswith("asv-runner 0.3.2 -> 0.3.1, whose versions time differently")


def test_builds_may_differ_in_the_project_alone_and_are_told_when_they_do_not() -> None:
    base = side({"numpy": "2.3"})
    assert differences(base, side({"numpy": "2.3"}, files="other"), FLAGS) == Differences((), (), False)
    assert differences(base, side({"numpy": "2.3"}), FLAGS).identical
    (told,) = differences(base, side({"numpy": "2.4"}, files="other"), FLAGS).refused
    assert told.startswith("numpy 2.3 -> 2.4")
    (other,) = differences(base, side({"numpy": "2.3"}, files="other"), NUMPY).refused
    assert other.startswith("the installed project")


def test_the_project_is_installed_from_one_wheel(
    suite: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    made = load(suite(settings={"matrix": MATRIX}) / "asv.conf.json")
    wheel, asked = tmp_path / "small-1.whl", []
    monkeypatch.setattr(varied.slots, "build", lambda *_: built("head", build={"key": "k"}))
    monkeypatch.setattr(varied.wheels, "find", lambda *_: Wheel(wheel, {}))
    monkeypatch.setattr(varied.chosen, "made", lambda *words, **_: asked.append(words[2]) or Path("python"))
    monkeypatch.setattr(varied.chosen, "taken", lambda *_: side({"numpy": "2.3", "six": "1.17"}))
    here = built("head").commit
    told = variants(made, ["req:numpy"])
    assert len(varied.prepared(made, told, here, print, tmp_path / "log", project=True)) == 2
    assert [words[-2:] for words in asked] == [["numpy==2.3", str(wheel)], ["numpy==2.4", str(wheel)]]
    with pytest.raises(PacelineError, match="no repository to build it from"):
        varied.prepared(made, told, replace(here, hash=""), print, tmp_path / "log", project=True)
    with pytest.raises(PacelineError, match="goes with --across req:PACKAGE"):
        varied.prepared(made, variants(made, ["env:FLAGS"]), here, print, tmp_path / "log", project=True)


BENCH = (
    """
import os
try:
    from kern import COUNT
except ImportError:
    COUNT = int(os.environ.get("LOOPS", 2000))
"""
    + CLOCK
    + """
class Loops:
    params, param_names, timer = [[1, 2]], ["n"], Clock.read
    def time_loop(self, n):
        Clock.spend(n * COUNT * 1e-7)
        return n
"""
)
QUICK = ("--preset", "quick", "--machine", "box", "--json", "told.json", "--results", "r")


def raced(paceline: Paceline, folder: Path, *words: str) -> tuple[subprocess.CompletedProcess[str], Any]:
    told = folder / "told.json"
    told.unlink(missing_ok=True)
    ended = paceline("race", *words, *QUICK, cwd=folder)
    return ended, json.loads(told.read_text()) if told.exists() else None


@pytest.mark.usefixtures("hurried")
def test_variables_of_the_run_race_outside_any_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_suite(tmp_path / "a suite", {"bench.py": BENCH})
    monkeypatch.chdir(folder)
    across = ("race", "--across", "env_nobuild:LOOPS=2000,6000")
    assert main([*across, "--only", "n=1", *QUICK, "--markdown", "told.md"]) == 0
    said = capsys.readouterr().out
    told = json.loads((folder / "told.json").read_text())
    (race,) = told["races"]
    (one,) = race["contenders"]
    assert (race["axes"], race["baseline"], one["name"]) == ({"n": 1}, "2000", "6000")
    assert (one["verdict"], one["answers"]) == ("slower", "identical")
    assert one["ratio"] == pytest.approx(3.0)
    assert sorted(told["environments"]) == ["2000", "6000"]
    head = json.loads(Path(told["ledger"]).read_text().splitlines()[0])
    assert {"here", "2000", "6000"} <= set(head["sides"])
    assert "no-commit" in said
    assert "slower** |" in (folder / "told.md").read_text()
    assert main([*across, "--dry-run", "--baseline", "6000"]) == 0
    assert "bench.Loops at n = 1; n = 2: 2000 against 6000" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("env_nobuild:LOOPS=1 000,2 000", "--dry-run"), 0, "2 000 against 1 000"),
        (("env_nobuild:LOOPS=1,2", "--baseline", "7"), 2, "--baseline one of: 1; 2"),
        (("env:LOOPS=1,2",), 2, "env_nobuild:NAME"),
        (("env:LOOPS=1,2", "--only", "("), 2, "--only '(' is no regular expression"),
    ],
)
def test_what_is_ordered_across_environments(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    code: int,
    told: str,
) -> None:
    monkeypatch.chdir(write_suite(tmp_path, {"bench.py": BENCH}))
    assert main(["race", "--across", *words]) == code
    said = capsys.readouterr()
    assert told in said.out + said.err


SETUP = """
import os
from setuptools import setup
with open("kern.py", "w") as file:
    file.write("COUNT = %s\\n" % (os.environ.get("LOOPS") or 2000))
setup(name="tiny-kernels", version="0.1", py_modules=["kern"])
"""
COMMAND = "python -m pip wheel --no-deps --no-build-isolation -w {build_cache_dir} {build_dir}"


@pytest.mark.slow
def test_builds_with_another_variable_race_and_identical_ones_do_not(
    tmp_path: Path, paceline: Paceline
) -> None:
    matrix = {"req": {"pip+asv_runner": ["==0.3.2"], "setuptools": [""]}}
    settings = {"environment_type": "virtualenv", "build_command": [COMMAND], "matrix": matrix}
    python = f"{sys.version_info[0]}.{sys.version_info[1]}"
    folder = write_suite(
        tmp_path / "project", {"bench.py": BENCH}, project="tiny-kernels", pythons=[python], **settings
    )
    (folder / "setup.py").write_text(SETUP)
    (folder / ".gitignore").write_text("r\ntold.json\n.asv\n__pycache__\n")
    git = ("git", "-C", str(folder), "-c", "user.name=a", "-c", "user.email=a@b")
    for words in (("init", "-q"), ("add", "-A"), ("commit", "-q", "-m", "one")):
        subprocess.run([*git, *words], check=True)
    ended, told = raced(paceline, folder, "--across", "env:LOOPS=,6000,2000", "--only", "n=1")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "2000: same (identical build): what is installed equals none" in ended.stdout
    (one,) = told["races"][0]["contenders"]
    assert (one["name"], one["verdict"], told["identical"]) == ("6000", "slower", ["2000"])
    useless, _ = raced(paceline, folder, "--across", "env:LOOPS=,2000")
    assert useless.returncode == 2
    assert "all builds are identical" in useless.stderr
    assert "already built" in useless.stdout
