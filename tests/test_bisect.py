"""``paceline bisect``: the search as properties, the hunt with made-up races, and one real project."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from conftest import Paceline, write_suite
from hypothesis import given
from hypothesis import strategies as st

from paceline.commands import _stepping
from paceline.commands._stepping import Races, one_case
from paceline.outcome import Exit, PacelineError
from paceline.race.bisection import Answer, Search, answer, middle_threshold
from paceline.race.commits import Matched
from paceline.race.contenders import Contender, Place
from paceline.race.driver import Effort
from paceline.race.hunt import Found, Hunt, Step, step_record
from paceline.report import hunted
from paceline.results.ledger import read
from paceline.suite.repository import Commit
from paceline.suite.slots import BuildFailedError

HERE = Place("base", "", Path())


def searched(count: int, culprit: int, broken: set[int]) -> tuple[Search, list[int]]:
    """Search with true answers; return how it ended, and who was asked for."""
    search, asked = Search.among(count), []
    while (number := search.asked) is not None:
        asked.append(number)
        slower = Answer.SLOWER if number >= culprit else Answer.NOT_SLOWER
        search = search.told(Answer.SKIP if number in broken else slower)
    return search, asked


@st.composite
def searches(draw: st.DrawFn) -> tuple[int, int, set[int]]:
    count = draw(st.integers(1, 300))
    culprit = draw(st.integers(0, count - 1))
    return count, culprit, draw(st.sets(st.integers(0, max(0, count - 2)), max_size=count))


@given(searches())
def test_the_culprit_is_always_among_the_suspects(made: tuple[int, int, set[int]]) -> None:
    count, culprit, broken = made
    search, asked = searched(count, culprit, broken)
    assert culprit in search.suspects
    assert len(asked) == len(set(asked)), "nobody is asked for twice"
    assert all(0 <= number < count - 1 for number in asked), "BAD is known"
    skips = sum(number in broken for number in asked)
    assert len(asked) - skips <= math.ceil(math.log2(count))
    assert set(search.suspects[:-1]) <= broken, "only those that cannot be measured are left in question"


@given(st.integers(1, 300), st.data())
def test_without_skips_one_is_found_in_the_steps_that_were_promised(count: int, data: st.DataObject) -> None:
    promised = Search.among(count).steps
    search, asked = searched(count, data.draw(st.integers(0, count - 1)), set())
    assert len(search.suspects) == 1
    assert len(asked) <= promised == math.ceil(math.log2(count))


def test_a_search_that_is_over_takes_no_answer() -> None:
    with pytest.raises(ValueError, match="over"):
        Search.among(1).told(Answer.SLOWER)
    with pytest.raises(ValueError, match="must be a commit"):
        Search.among(0)


def test_the_threshold_for_middle_commits_and_what_verdicts_say() -> None:
    assert middle_threshold(math.log(1.10), 0.025) == pytest.approx(math.sqrt(1.10) - 1)
    assert middle_threshold(math.log(1.03), 0.025) == pytest.approx(0.025)
    assert answer("slower", 0.01, 0.1) is Answer.SLOWER
    assert answer("same", 0.09, 0.1) is Answer.NOT_SLOWER
    assert answer("faster", -0.2, 0.1) is Answer.NOT_SLOWER
    assert answer("inconclusive", 0.06, 0.1) is Answer.SLOWER
    assert answer("inconclusive", 0.04, 0.1) is Answer.NOT_SLOWER


def commit(number: int) -> Commit:
    return Commit(f"{number:040x}", "", f"number {number}", f"{number:08x}", "2026-01-02T03:04:05+00:00")


def hunting(speeds: dict[int, float | str], threshold: float = 0.025) -> tuple[Found, list[tuple[int, int]]]:
    """Hunt where commit n takes ``speeds[n]`` (GOOD is 0); a text in place of it is a verdict of its own."""
    raced: list[tuple[int, int]] = []

    def racing(base: Commit, head: Commit, least: float) -> Step:
        one, two = int(base.hash, 16), int(head.hash, 16)
        raced.append((one, two))
        before, after = speeds[one], speeds[two]
        if isinstance(after, str):
            word, _, value = after.partition(" ")
            return Step(head, base, word, *([float(value)] * 3 if value else []), reason="made up")
        ratio = after / float(str(before).rpartition(" ")[2])
        verdict = "slower" if ratio > 1 + least else "same"
        return Step(head, base, verdict, ratio, ratio - 0.01, ratio + 0.01, 10)

    commits = [commit(number) for number in sorted(speeds) if number]
    return Hunt(commit(0), commits, threshold, racing, lambda step, search: None).run(), raced


def test_the_first_slower_commit_is_found_and_confirmed_against_its_parent() -> None:
    found, raced = hunting({0: 1.0, 1: 1.0, 2: 1.0, 3: 1.06, 4: 1.06, 5: 1.06, 6: 1.07})
    assert found.culprit is not None
    assert found.culprit.commit == commit(3)
    assert found.culprit.against == commit(2)
    assert found.check is found.culprit
    assert found.culprit.ratio == pytest.approx(1.06)
    assert raced[0] == (0, 6)
    assert raced[-1] == (2, 3)
    assert len(raced) <= math.ceil(math.log2(6)) + 2


@pytest.mark.parametrize("count", [1, 2, 5])
def test_where_the_parent_is_good_its_race_has_said_so(count: int) -> None:
    found, raced = hunting({0: 1.0, **dict.fromkeys(range(1, count + 1), 1.1)})
    assert found.culprit is not None
    assert (found.culprit.commit, found.check) == (commit(1), None)
    assert all(base == 0 for base, _ in raced)


def test_good_on_a_merged_branch_is_not_taken_for_the_parent() -> None:
    """Between it and the first commit lies what else was merged, which may be what is slower."""

    def racing(base: Commit, head: Commit, least: float) -> Step:
        ratio = 1.0 if base == commit(7) else 1.1
        verdict = "slower" if ratio > 1 + least else "same"
        return Step(head, base, verdict, ratio, ratio - 0.01, ratio + 0.01, 10)

    told = Hunt(commit(0), [commit(1)], 0.025, racing, lambda step, search: None, commit(7)).run()
    assert told.culprit is None
    assert told.check is not None
    assert (told.check.against, told.check.verdict) == (commit(7), "same")


def test_bad_that_is_not_slower_ends_it() -> None:
    found, raced = hunting({0: 1.0, 1: 1.0, 2: 1.01})
    assert (found.culprit, found.suspects, raced) == (None, (), [(0, 2)])
    assert "00000002 is not confirmed slower than 00000000: 1.010 (1.000-1.020) same" in found.reason


def test_what_cannot_be_measured_makes_it_a_range() -> None:
    found, raced = hunting({0: 1.0, 1: 1.0, 2: "skipped", 3: "skipped", 4: 1.1, 5: 1.1})
    assert found.culprit is None
    assert found.suspects == (commit(2), commit(3), commit(4))
    assert "2 of them could not be measured" in found.reason
    assert len(raced) == 5


def test_an_inconclusive_race_leads_but_the_parent_decides() -> None:
    speeds: dict[int, float | str] = {0: 1.0, 1: 1.0, 2: "inconclusive 1.01", 3: 1.1, 4: 1.1}
    found, raced = hunting(speeds)
    assert found.culprit is not None
    assert found.culprit.commit == commit(3)
    assert raced[-1] == (2, 3)


def test_without_confirmation_only_verdicts_bound_the_range() -> None:
    # 3 seemed slow, so that the search went left: against its parent it is not confirmed
    found, _ = hunting({0: 1.0, 1: 1.0, 2: 1.0, 3: "inconclusive 1.08", 4: 1.1, 5: 1.1})
    assert found.culprit is None
    assert found.suspects[-1] == commit(5)
    assert found.suspects[0] == commit(3)
    assert "not confirmed against its parent" in found.reason


def test_a_spent_budget_leaves_the_range_that_is_known() -> None:
    found, raced = hunting({0: 1.0, 1: 1.0, 2: 1.0, 3: "unmeasured", 4: 1.1})
    assert found.culprit is None
    assert found.suspects == (commit(3), commit(4))
    assert found.reason == "made up"
    assert raced == [(0, 4), (0, 2), (0, 3)]


def case(name: str, kind: str = "time", both: bool = True, **params: Any) -> Matched:
    one = Contender("base", HERE, name, 0, ())
    return Matched(name, kind, params, one, one if both else None)


CASES = [
    case("m.time_a", n=1),
    case("m.time_a", n=10),
    case("m.time_b"),
    case("m.peak_b", "peakmemory"),
    case("m.time_gone", both=False),
]


@pytest.mark.parametrize(("text", "name"), [("m.time_a(n=1)", "m.time_a(n=1)"), ("B$", "m.time_b")])
def test_a_case_is_a_name_or_an_expression_that_fits_one(text: str, name: str) -> None:
    assert one_case(CASES, text).name == name


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("time_a", r"fits 2 timed cases; name one of them:\n  m\.time_a\(n=1\)\n  m\.time_a\(n=10\)"),
        ("m.time_a(n=3)", r"fits no timed case; the nearest:\n  m\.time_a\(n=1"),
        ("(", "neither a case nor a regular expression"),
        ("gone", "BAD has no case m.time_gone"),
    ],
)
def test_a_case_that_is_not_one_is_an_error_that_lists(text: str, told: str) -> None:
    with pytest.raises(PacelineError, match=told) as caught:
        one_case(CASES, text)
    assert caught.value.code == Exit.USAGE


def opened(before: tuple[dict[str, Any], ...] = ()) -> tuple[Any, list[dict[str, Any]]]:
    written: list[dict[str, Any]] = []
    return SimpleNamespace(before=before, ledger=SimpleNamespace(write=written.append)), written


def test_steps_are_remembered_and_what_does_not_build_is_skipped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, written = opened()
    suite: Any = SimpleNamespace(config=tmp_path / "asv.conf.json")

    def failing(*_: object) -> None:
        raise BuildFailedError("cannot build it", ("line",))

    monkeypatch.setattr(_stepping.slots, "both", failing)
    races = Races(suite, CASES[2], session, Effort(0.1), lambda text: None, tmp_path / "log")
    step = races.race(commit(0), commit(1), 0.05)
    assert (step.verdict, step.reason) == ("skipped", "cannot build it")
    (record,) = written
    assert record["race"] == "m.time_b 00000001 against 00000000"

    monkeypatch.setattr(_stepping.slots, "both", None)
    again, written = opened(({"kind": "pair"}, record))
    races = Races(suite, CASES[2], again, Effort(0.1), lambda text: None, tmp_path / "log")
    assert races.race(commit(0), commit(1), 0.05) == step
    assert written == []
    spent = Races(suite, CASES[2], again, Effort(0.1, -1.0), lambda text: None, tmp_path / "log")
    assert spent.race(commit(0), commit(2), 0.05).verdict == "unmeasured"
    assert written == []


def test_what_is_said_at_the_end() -> None:
    found, _ = hunting({0: 1.0, 1: 1.0, 2: 1.06})
    (line,) = hunted.lines(found, "A \x1b[31mnn")
    assert line == "first slower: 00000002 number 2 (A [31mnn, 2026-01-02)  1.060 (1.050-1.070)"
    found, _ = hunting({0: 1.0, 1: "skipped", 2: 1.06})
    assert hunted.lines(found, "") == [
        "the first slower commit is one of 2: 1 of them could not be measured",
        "  00000001 number 1",
        "  00000002 number 2",
    ]
    assert step_record(found.first)["against"] == commit(0).hash


def git(folder: Path, *words: str) -> None:
    words = ("-c", "user.name=Ada", "-c", "user.email=a@b", *words)
    plain = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    subprocess.run(["git", "-C", str(folder), *words], env=plain, check=True, capture_output=True)


PYPROJECT = """
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
[project]
name = "tiny-work"
version = "{version}"
[tool.hatch.build.targets.wheel]
packages = ["tiny_work"]
"""
CODE = """
# {comment}
def work(count):
    total = 0
    for number in range({factor} * count):
        total += number & 3
    return total
"""
BENCHMARK = """
import tiny_work
class Work:
    params = [[300, 3000]]
    param_names = ["n"]
    def time_it(self, n):
        tiny_work.work(n)
"""
STORY = [("base", 1), ("comment", 1), ("broken", 1), ("doubled", 2), ("later", 2)]


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a repository of five commits: the third cannot be built, the fourth doubles the work."""
    python = f"{sys.version_info[0]}.{sys.version_info[1]}"
    command = "python -m pip wheel --no-deps --no-build-isolation -w {build_cache_dir} {build_dir}"
    settings = {
        "environment_type": "virtualenv",
        "pythons": [python],
        "build_command": ["python -m pip install --quiet hatchling", command],
        "matrix": {"req": {"pip+asv_runner": ["==0.3.2"]}},
        "branches": ["main"],
    }
    root = write_suite(tmp_path_factory.mktemp("story"), {"b.py": BENCHMARK}, project="tiny", **settings)
    (root / "tiny_work").mkdir()
    git(root, "init", "--quiet", "--initial-branch", "main")
    for comment, factor in STORY:
        version = "not a version" if comment == "broken" else "1.0"
        (root / "pyproject.toml").write_text(PYPROJECT.format(version=version))
        (root / "tiny_work" / "__init__.py").write_text(CODE.format(comment=comment, factor=factor))
        git(root, "add", "--all", "--", "pyproject.toml", "tiny_work", "benchmarks", "asv.conf.json")
        git(root, "commit", "--quiet", "--message", comment)
    return root


def test_the_words_are_checked_before_anything_is_built(paceline: Paceline, story: Path) -> None:
    told = paceline("bisect", "main~4", "main", "x", "--dry-run", cwd=story)
    assert (told.returncode, told.stderr) == (0, "")
    assert "4 commits to search" in told.stdout
    assert "at most 4 builds and 4 races" in told.stdout
    for words, text in (
        (("main", "main~4"), "is no ancestor of"),
        (("main", "main"), "no commit between main and main"),
        (("main~4", "none"), "git knows no commit 'none'"),
    ):
        told = paceline("bisect", *words, "x", cwd=story)
        assert told.returncode == 2
        assert text in told.stderr
    assert not (story / ".paceline").exists()


@pytest.mark.slow
def test_a_real_project_is_searched(
    story: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    make_main: Callable[..., int],
) -> None:
    """The broken commit is the culprit's parent: the answer is a range. Then, without it, the culprit."""
    words = ("bisect", "main~4", "main", "b.Work.time_it(n=300)", "--seconds", "0.05", "--json", "told.json")
    monkeypatch.chdir(story)
    assert make_main(*words) == 3
    told = json.loads((story / "told.json").read_text())
    assert told["first"]["ratio"] == pytest.approx(2, rel=0.4)
    assert [one["subject"] for one in told["suspects"]] == ["broken", "doubled"]
    assert {one["subject"]: one["verdict"] for one in told["steps"]}["broken"] == "skipped"
    assert told["found"] is None
    (ledger,) = (story / "results").rglob("races/*.jsonl")
    kinds = [record["kind"] for record in read(ledger).records]
    assert kinds[0] == "run"
    assert kinds.count("step") == 4
    assert kinds.count("pair") >= 10 + 4
    out = capfd.readouterr().out
    assert "the first slower commit is one of 2" in out
    assert "step 1: " in out

    git(story, "branch", "mended", "main~3")
    git(story, "checkout", "--quiet", "mended")
    for comment, factor in [("again", 1), *STORY[3:]]:
        (story / "tiny_work" / "__init__.py").write_text(CODE.format(comment=comment, factor=factor))
        git(story, "commit", "--quiet", "--all", "--message", comment)
    words = ("bisect", "main~4", "mended", r"n=300\)", *words[4:])
    assert make_main(*words) == 1
    told = json.loads((story / "told.json").read_text())
    assert (told["found"]["subject"], told["found"]["author"]) == ("doubled", "Ada")
    assert told["check"]["ratio"] == pytest.approx(2, rel=0.4)
    assert [one["subject"] for one in told["suspects"]] == ["doubled"]
    out = capfd.readouterr().out
    assert "first slower: " in out
    assert "doubled (Ada, " in out

    assert make_main(*words, "--resume") == 1
    assert "  building" not in capfd.readouterr().out
    assert make_main("show", "last") == 0
    assert "b.Work.time_it(n=300) " in capfd.readouterr().out


@pytest.fixture
def make_main() -> Callable[..., int]:
    """Return paceline's main, as a function of words."""
    from paceline import cli

    return lambda *words: cli.main(words)
