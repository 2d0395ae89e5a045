"""`paceline compare` as a command: what it is asked, what it goes on with, what it refuses."""

from __future__ import annotations

import argparse
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from comparisons import built, verdict
from conftest import Paceline
from small_races import pair, race_of

from paceline.commands import _measuring
from paceline.commands._comparing import AS_MEASURED, Earlier, as_measured, going_on, ordered, repeated
from paceline.commands._telling import Ended, _next
from paceline.outcome import Exit, PacelineError
from paceline.race import between
from paceline.race.commits import case_name
from paceline.race.tally import TOO_FEW, Tally, Terms
from paceline.results.ledger import Ledger
from paceline.suite.config import load


def options(**given: Any) -> argparse.Namespace:
    plain = {"base": None, "head": None, "bench": [], "threshold": None, "seconds": None, "resume": None}
    plain |= {"base_env": None, "head_env": None, "more": []}
    return argparse.Namespace(**{**plain, "results": None, "config": Path("asv.conf.json"), **given})


def git(folder: Path, *words: str) -> str:
    words = ("-c", "user.name=a", "-c", "user.email=a@b", *words)
    return subprocess.check_output(["git", "-C", str(folder), *words], text=True).strip()


@pytest.fixture
def repository(suite: Callable[..., Path]) -> Path:
    """Return a suite in a repository of two commits, whose benchmarks need what is not installed here."""
    root = suite("a project", kernels="import tiny_thing_that_is_not_here\n\ndef time_it(): pass\n")
    git(root, "init", "--quiet", "--initial-branch", "main")
    git(root, "config", "core.excludesFile", "/dev/null")
    for message in ("one", "two"):
        (root / "file.txt").write_text(message)
        git(root, "add", "--all")
        git(root, "commit", "--quiet", "--message", message)
    return root


def run_of(root: Path, what: str = "compare", **settings: Any) -> Path:
    commits = {"base": git(root, "rev-parse", "HEAD^"), "head": git(root, "rev-parse", "HEAD")}
    known = {**commits, "bench": ["loop"], "threshold": 0.05, "seconds": 0.1, **settings}
    sides = {name: {"label": f"{name}-label", "subject": name} for name in commits}
    with Ledger(root / "results", "box", commits["head"]) as ledger:
        ledger.write({"kind": "run", "what": what, "settings": known, "sides": sides})
    return ledger.path


def test_a_resumed_run_is_what_it_was(repository: Path) -> None:
    path = run_of(repository)
    run_of(repository, "race")
    suite = load(repository / "asv.conf.json")
    earlier = going_on(options(resume="last"), suite.results)
    assert earlier is not None
    assert (earlier.path, earlier.machine, earlier.results) == (path, "box", suite.results)
    order = ordered(options(base="main~1", threshold=0.05), suite, earlier)
    assert (order.base.label, order.head.label) == ("base-label", "head-label")
    assert order.settings == {**earlier.settings, "thresholds": {}, "environments": None, "more": []}
    again = repeated(options(resume="last"), order)
    assert again == "paceline compare base-label head-label --bench=loop"


def test_thresholds_are_by_case_unless_one_is_asked_for(repository: Path) -> None:
    suite = load(repository / "asv.conf.json")
    (repository / "paceline.toml").write_text('[race]\nthreshold = 0.04\nthresholds = { "n=1000" = 0.01 }\n')
    order = ordered(options(base="main~1"), suite, None)
    assert (order.threshold_of("m.C.time_x(n=1000)"), order.threshold_of("m.C.time_x(n=10)")) == (0.01, 0.04)
    asked = ordered(options(base="main~1", threshold=0.05), suite, None)
    assert asked.threshold_of("m.C.time_x(n=1000)") == 0.05
    path = run_of(repository, thresholds={"n=1000": 0.01})
    earlier = going_on(options(resume=path.stem), suite.results)
    assert ordered(options(), suite, earlier).threshold_of("m.C.time_x(n=1000)") == 0.01


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({"base": "main"}, "another base"),
        ({"head": "main~1"}, "another head"),
        ({"bench": ["other"], "threshold": 0.01}, "another threshold and bench"),
        ({"seconds": 9.0}, "another seconds"),
    ],
)
def test_a_resumed_run_is_nothing_else(repository: Path, given: dict[str, Any], word: str) -> None:
    run_of(repository)
    suite = load(repository / "asv.conf.json")
    earlier = going_on(options(resume="last"), suite.results)
    with pytest.raises(PacelineError, match=word) as caught:
        ordered(options(**given), suite, earlier)
    assert caught.value.code == Exit.USAGE


def test_only_a_comparison_is_gone_on_with(repository: Path) -> None:
    results = repository / "results"
    assert going_on(options(), results) is None
    path = run_of(repository, "race")
    with pytest.raises(PacelineError, match="no comparison to go on with"):
        going_on(options(resume="last"), results)
    with pytest.raises(PacelineError, match="no run of `paceline compare`"):
        going_on(options(resume=path.stem), results)


def test_another_build_is_not_gone_on_with(tmp_path: Path) -> None:
    sides = built("base"), built("head")
    then = {side.slot: between.described(side) for side in sides}
    as_measured(Earlier(tmp_path, {}, json.loads(json.dumps(then))), sides)
    assert set(AS_MEASURED) <= set(then["base"])
    now = built("base"), built("head", build={"python": "CPython 3.12.1"})
    with pytest.raises(PacelineError, match="another build of hhhhhhhh: its python differ"):
        as_measured(Earlier(tmp_path, {}, then), now)


def test_the_next_command_is_one_that_a_shell_takes() -> None:
    slower = verdict("slower", params={"n": "it's"}, ratio=1.1, pairs=6)
    said = _next(options(), Ended([verdict("same", ratio=1.0, pairs=4), slower], [], {"run": "R"}))
    words = subprocess.check_output(["sh", "-c", f"printf '%s\\n' {said}"], text=True).splitlines()
    assert words == ["paceline", "show", f"R/{case_name(slower.benchmark, slower.params)}"]
    told = _next(options(results=Path("a b")), Ended([verdict("unmeasured")], [], {"run": "R"}))
    assert told == "paceline compare --resume R --results 'a b'"
    few = verdict("inconclusive", ratio=3.2, pairs=4, reason=f"unconfirmed: 3.2 in 4 pairs, {TOO_FEW}")
    assert _next(options(), Ended([few], [], {"run": "R"})) == "paceline compare --resume R"
    assert _next(options(), Ended([], [], {"run": "R"})) == "paceline show R"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"base": "HEAD"}, r"the same commit, \w{8} \(two\), and no file has changed since"),
        ({"base": "main", "head": "HEAD"}, r"\(two\): there is nothing to compare; .* main~1"),
        ({"base": "mian"}, "did you mean main"),
        ({"base": "main", "head": "main~7"}, "git knows no commit 'main~7'"),
    ],
)
def test_commits_that_cannot_be_compared(repository: Path, given: dict[str, Any], told: str) -> None:
    with pytest.raises(PacelineError, match=told) as caught:
        ordered(options(**given), load(repository / "asv.conf.json"), None)
    assert caught.value.code == Exit.USAGE


def test_what_is_missing_on_the_command_line_is_the_usual(repository: Path) -> None:
    suite = load(repository / "asv.conf.json")
    order = ordered(options(), suite, None)
    assert (order.base.subject, order.head.subject) == ("one", "two"), "HEAD is on main, and clean"
    (repository / "file.txt").write_text("three")
    order = ordered(options(bench=["a"]), suite, None)
    assert (order.base.subject, order.head.label) == ("two", order.base.label + "+dirty")
    assert (order.bench, order.threshold, order.seconds) == (("a",), 0.025, 0.5)


@pytest.mark.parametrize("words", [["mian"], ["main~1", "--threshold", "200%"]])
def test_what_cannot_be_compared_is_a_two(repository: Path, paceline: Paceline, words: list[str]) -> None:
    ended = paceline("compare", *words, cwd=repository)
    assert ended.returncode == 2, ended.stdout + ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_dry_run_builds_nothing(repository: Path, paceline: Paceline) -> None:
    ended = paceline("compare", "--dry-run", "--json", "told.json", cwd=repository)
    assert ended.returncode == 0, ended.stderr
    assert "nothing was built or measured" in ended.stdout
    assert "known once both sides are built" in ended.stdout
    assert json.loads((repository / "told.json").read_text())["cases"] is None
    (repository / "benchmarks" / "kernels.py").write_text("def time_it(): pass\n")
    ended = paceline("compare", "--dry-run", "--json", "-", cwd=repository)
    assert json.loads(ended.stdout)["cases"] == ["kernels.time_it"]
    assert "1 cases" in ended.stderr
    assert not (repository / ".paceline").exists()


def test_without_git_it_says_so(suite: Callable[..., Path], paceline: Paceline) -> None:
    root = suite("no repository", kernels="def time_it(): pass\n")
    ended = paceline("compare", "main", cwd=root, GIT_CEILING_DIRECTORIES=str(root.parent))
    assert ended.returncode in (2, 3)
    assert "not a git repository" in ended.stderr


def test_the_branch_of_a_suite_in_a_subfolder_is_what_is_compared_with(repository: Path) -> None:
    settings = json.loads((repository / "asv.conf.json").read_text())
    inside = repository / "speed"
    inside.mkdir()
    (inside / "asv.conf.json").write_text(json.dumps({**settings, "repo": "..", "branches": ["stable"]}))
    git(repository, "branch", "stable", "HEAD^")
    suite = load(inside / "asv.conf.json")
    assert suite.branch == "stable"
    assert ordered(options(head="HEAD"), suite, None).base.hash == git(repository, "rev-parse", "stable")
    assert load(repository / "asv.conf.json").branch == ""


def test_a_log_is_told_ever_more_seldom_how_far_it_is_long_before_the_first_case_has_ended(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = [0.0]
    monkeypatch.setattr(_measuring.time, "monotonic", lambda: clock[0])
    watch = _measuring.Progressing("comparing", 2001, quiet=False)
    tally = Tally(race_of("one"), Terms())
    for clock[0] in range(10, 15_000, 10):
        watch.pair(tally, pair())
    lines = capsys.readouterr().err.splitlines()
    assert lines[:2] == ["  comparing: 0 of 2,001, 3 pairs", "  comparing: 0 of 2,001, 9 pairs"]
    assert len(lines) == 8
