"""``paceline race``: what it shows, writes and leaves with, as a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import Paceline, write_suite

from paceline.commands._ordering import Earlier, same_code
from paceline.outcome import PacelineError
from paceline.race.order import order_of
from paceline.results.ledger import read
from paceline.suite.repository import Checkout

LOOP = """
def loop(count):
    total = 0
    for number in range(count):
        total += number & 3
    return total

"""
RETURNS = (
    LOOP
    + """
class Sums:
    params = (["plain", "twice", "wrong", "missing", "broken"], [300, 600])
    param_names = ("implementation", "n")
    def setup(self, implementation, n):
        if implementation == "missing":
            raise NotImplementedError("no such package")
        if implementation == "broken":
            raise ValueError("cannot be set up")
    def time_sum(self, implementation, n):
        if implementation == "twice":
            loop(n)
        return loop(n) + (implementation == "wrong")
"""
)
AGREES = (
    LOOP
    + """
class Judged:
    baseline = "plain"
    params = (["again", "off", "plain"], [300, 600])
    param_names = ("implementation", "n")
    def time_sum(self, implementation, n):
        loop(n)
    def agreement(self, implementation, n):
        if implementation == "off" and n == 600:
            return {"status": "differs", "max_abs": 1.0, "max_rel": 1.0, "reason": "off by 1"}
        return {"status": "agrees", "max_abs": 0.0, "max_rel": 0.0, "reason": "", "note": ""}

class Baseless(Judged):
    def agreement(self, implementation, n):
        status = "differs" if implementation == "plain" else "agrees"
        return {"status": status, "max_abs": 1.0, "max_rel": 1.0, "reason": "off by 2"}

class Other:
    params = (["a", "b"],)
    param_names = ("letter",)
    def time_it(self, letter):
        loop(100)
"""
)
RACED = ("race", "--preset", "quick", "--machine", "box", "--seed", "1", "--json", "told.json")


@pytest.fixture(scope="module")
def raced(tmp_path_factory, paceline: Paceline):
    """Return a folder where both suites were raced once, and what the process said."""
    folder = tmp_path_factory.mktemp("raced")
    write_suite(folder, {"returns.py": RETURNS, "judged.py": AGREES})
    home = str(tmp_path_factory.mktemp("home"))
    first = paceline(*RACED, "sums", "--n", "300", cwd=folder, HOME=home)
    told = json.loads((folder / "told.json").read_text())
    second = paceline(*RACED, "judged.Judged", cwd=folder, HOME=home)
    return first, told, second, json.loads((folder / "told.json").read_text()), folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return a folder with both suites in which nothing was measured."""
    return write_suite(tmp_path_factory.mktemp("folder"), {"returns.py": RETURNS, "judged.py": AGREES})


def by_name(race):
    return {one["implementation"]: one for one in race["contenders"]}


@pytest.mark.slow
def test_a_suite_that_does_not_know_us_is_raced_and_its_answers_are_compared(raced):
    first, told, *_ = raced
    (race,) = told["races"]
    found = by_name(race)
    assert (race["model"], race["axes"], race["baseline"]) == ("returns.Sums", {"n": 300}, "plain")
    assert {name: one["status"] for name, one in found.items()} == {
        "twice": "ok", "wrong": "ok", "missing": "skipped", "broken": "failed",
    }  # fmt: skip
    assert found["twice"]["verdict"] == "slower"
    assert found["twice"]["low"] < found["twice"]["ratio"] < found["twice"]["high"]
    assert (found["twice"]["answers"], found["twice"]["pairs"]) == ("identical", 4)
    assert found["wrong"]["answers"] != "identical"
    assert found["missing"]["reason"] == "no such package"
    assert "cannot be set up" in found["broken"]["reason"]
    assert (first.returncode, told["exits"]) == (3, [3])
    assert race["baseline_seconds"] > 0
    assert told["schema"] == 1
    assert told["host"]["machine"] == told["machine"] == "box"


@pytest.mark.slow
def test_what_is_said_elsewhere_than_on_a_terminal_is_short_and_ends_with_what_to_do(raced):
    first, told, second, *_ = raced
    for one in (first, second):
        lines = one.stdout.splitlines() + one.stderr.splitlines()
        assert len(lines) <= 40
        assert lines[-1].startswith("Next: paceline check ")
        assert "\x1b" not in one.stdout + one.stderr
    assert first.stdout.startswith("racing 1 model, 1 case, 4 contenders, preset quick: about ")
    assert told["ledger"] in first.stdout
    assert "returns.Sums: time / time of plain; below 1 is faster" in first.stdout
    assert "returns.Sums: missing: skipped: no such package" in first.stdout


@pytest.mark.slow
def test_the_ledger_of_a_quick_race_stands_apart_and_tells_all(raced):
    *_, folder = raced
    assert not (folder / "results").exists()
    paths = sorted((folder / ".paceline/quick/box/races").glob("*.jsonl"))
    head, *rest = read(paths[0]).records
    assert head["what"] == "race"
    assert order_of(head["settings"]).models == ("sums",)
    assert head["sides"]["here"]["packages"]["asv_runner"]
    kinds = [one["kind"] for one in rest]
    assert kinds == ["gate", "pair", "setup", "answers", "pair", "pair", "pair", "race", "end"]


@pytest.mark.slow
def test_what_differs_is_not_timed(raced):
    *_, second, told, folder = raced
    small, large = told["races"]
    assert by_name(small)["off"]["status"] == "ok"
    assert by_name(small)["off"]["answers"] == "agrees"
    found = by_name(large)["off"]
    assert (found["status"], found["ratio"], found["reason"]) == ("differs", None, "off by 1")
    assert small["baseline"] == "plain"  # the class says so
    assert (second.returncode, told["exits"]) == (4, [4])
    checks = max((folder / ".paceline/quick/box/checks").glob("*.jsonl"))
    assert '"off by 1"' in checks.read_text()


@pytest.mark.slow
def test_a_baseline_that_is_not_fit_ends_its_races(raced, paceline: Paceline):
    *_, folder = raced
    ended = paceline("race", "baseless", "--preset", "quick", "--json", "-", cwd=folder, HOME=str(folder))
    told = json.loads(ended.stdout)
    assert {one["baseline_status"] for one in told["races"]} == {"differs"}
    reasons = {one["reason"] for race in told["races"] for one in race["contenders"]}
    assert reasons == {"the baseline plain differs: off by 2"}
    assert (ended.returncode, told["exits"]) == (4, [4, 3])
    assert "judged.Baseless: plain: differs: off by 2" in ended.stderr


def test_a_dry_run_measures_nothing(folder, paceline: Paceline):
    before = sorted(folder.rglob("*.jsonl"))
    words = ("race", "--across", "letter", "--dry-run", "--json", "-", "--results", "nowhere")
    ended = paceline(*words, cwd=folder, HOME=str(folder))
    told = json.loads(ended.stdout)
    assert (ended.returncode, told["dry_run"], told["exits"]) == (0, True, [])
    assert [one["name"] for one in told["races"][0]["contenders"]] == ["b"]
    assert "judged.Other: b against a" in ended.stderr
    assert sorted(folder.rglob("*.jsonl")) == before
    assert not (folder / "nowhere").exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--across", "colour"), "no timed benchmark has the parameter 'colour'"),
        (("--baseline", "plan"), "--baseline one of: "),
        (("nobody",), "no model is called 'nobody'"),
        (("--n", "7"), "nothing to race at n = 7; the sizes are 300, 600"),
        (("--threshold", "300%"), "is no threshold"),
        (("--resume",), "there is no race to go on with in "),
        (("--resume", "20990101"), "there are no races in "),
    ],
)
def test_orders_that_cannot_be_meant(folder, paceline: Paceline, words, told):
    ended = paceline("race", *words, cwd=folder, HOME=str(folder))
    assert ended.returncode == 2
    assert told in ended.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--resume", "20990101"), "there is no run '20990101'"),
        (("sums", "--resume"), "raced other models"),
    ],
)
def test_runs_that_cannot_be_gone_on_with(raced, paceline: Paceline, words, told):
    *_, folder = raced
    ended = paceline("race", *words, cwd=folder, HOME=str(folder))
    assert ended.returncode == 2
    assert told in ended.stderr


@pytest.mark.parametrize(
    ("then", "told"),
    [
        ({"commit": "a" * 40, "tree": "t", "packages": {"numpy": "2.4"}}, ""),
        ({"commit": "a" * 40}, ""),  # an older ledger
        ({"commit": "b" * 40}, "measured commit bbbbbbbb"),
        ({"commit": "a" * 40, "tree": "other"}, "files have changed"),
        ({"commit": "a" * 40, "tree": "t", "packages": {"numpy": "2.3"}}, "installed packages have changed"),
    ],
)
def test_a_run_goes_on_with_what_it_has_measured(then, told):
    """Pairs of two versions of the code would be one verdict."""
    earlier = Earlier(Path("r.jsonl"), ({"kind": "run", "what": "race", "sides": {"here": then}},))
    here = {"tree": "t", "packages": {"numpy": "2.4"}}
    if not told:
        same_code(earlier, Checkout("a" * 40, False), here)
        return
    with pytest.raises(PacelineError, match=told):
        same_code(earlier, Checkout("a" * 40, False), here)


@pytest.mark.slow
def test_a_size_that_the_baseline_skips_is_skipped(tmp_path, paceline: Paceline):
    """As where a class tells agreement, and the gate finds it out."""
    text = RETURNS.replace('if implementation == "missing":', 'if implementation == "plain" and n == 600:')
    write_suite(
        tmp_path,
        {"returns.py": text.replace('"plain", "twice", "wrong", "missing", "broken"', '"plain", "twice"')},
    )
    ended = paceline(*RACED, cwd=tmp_path, HOME=str(tmp_path))
    races_ = json.loads((tmp_path / "told.json").read_text())["races"]
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert [(race["axes"]["n"], race["baseline_status"]) for race in races_] == [
        (300, "ok"),
        (600, "skipped"),
    ]
    assert [race["contenders"][0]["status"] for race in races_] == ["ok", "skipped"]


@pytest.mark.slow
def test_interrupted_and_gone_on_with(tmp_path, paceline: Paceline):
    write_suite(tmp_path, {"returns.py": RETURNS, "judged.py": AGREES})
    words = [sys.executable, "-m", "paceline", "race", "judged.Judged", "sums", "--preset", "quick"]
    environment = {**os.environ, "HOME": str(tmp_path)}
    with subprocess.Popen(
        [*words, "--json", "stopped.json"], cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            paths = list(tmp_path.rglob("races/*.jsonl"))
            if paths and sum(one["kind"] == "pair" for one in read(paths[0]).records) >= 6:
                break
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        said_, _ = process.communicate(timeout=30)
    assert process.returncode == 130
    run = paths[0].stem
    assert said_.splitlines()[-1] == f"Next: paceline race --resume {run}"
    stopped = json.loads((tmp_path / "stopped.json").read_text())
    assert stopped["exits"][0] == 130
    open_ = [one for race in stopped["races"] for one in race["contenders"] if one["status"] == "unmeasured"]
    assert open_
    assert all(one["reason"].startswith("interrupted after ") for one in open_)
    before = [one for one in read(paths[0]).records if one["kind"] == "pair"]

    ended = paceline("race", "--resume", "--json", "whole.json", cwd=tmp_path, HOME=str(tmp_path))
    whole = json.loads((tmp_path / "whole.json").read_text())
    assert whole["run"] == run
    assert ended.returncode == 4
    assert "unmeasured" not in {one["status"] for race in whole["races"] for one in race["contenders"]}
    records = read(paths[0]).records
    pairs = [one for one in records if one["kind"] == "pair"]
    assert pairs[: len(before)] == before
    assert len(pairs) == 16  # four races of four pairs: none was measured twice
    assert [one["kind"] for one in records].count("gate") == 1
    setups = [one["race"] for one in records if one["kind"] == "setup"]
    assert len(setups) == len(set(setups))  # later pairs are timed as the first ones were
    answers = {one["answers"] for race in whole["races"] for one in race["contenders"] if one["ratio"]}
    assert "unchecked" not in answers
