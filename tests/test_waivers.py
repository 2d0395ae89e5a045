"""Slow-downs that a commit accepts: read from its message, held against cases, never executed."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest
from comparisons import verdict
from hypothesis import given
from hypothesis import strategies as st

from paceline.outcome import Exit
from paceline.race.compared import exits
from paceline.race.waivers import Waiver, parsed, waived
from paceline.report import comparison
from paceline.results.acceptance import Acceptance
from paceline.suite.trailers import accepted


def waiver(text: str) -> Waiver:
    (found,) = parsed([("abc1234", text)])
    return found


@pytest.mark.parametrize(
    ("text", "cases", "most", "reason"),
    [
        ("kernels.time_loop", "kernels.time_loop", None, ""),
        ("kernels.time_loop it has to", "kernels.time_loop", None, "it has to"),
        (
            "m.C.time_x(n=1, m=(2, 3)) up to 3% it has to (now)",
            "m.C.time_x(n=1, m=(2, 3))",
            0.03,
            "it has to (now)",
        ),
        ("m.C.time_x(kind='a) b') -- it has to", "m.C.time_x(kind='a) b')", None, "it has to"),
        ("kernels.* up to 10%", "kernels.*", 0.1, ""),
        ("kernels.* up to 2.5 % -- more exact", "kernels.*", 0.025, "more exact"),
        ("m.C.time_x(n=1, kind='a b') -- it -- has to", "m.C.time_x(n=1, kind='a b')", None, "it -- has to"),
        ("up to 10%", "up", None, "to 10%"),
    ],
)
def test_a_line_says_what_how_much_and_why(text: str, cases: str, most: float | None, reason: str) -> None:
    assert waiver(text) == Waiver(Acceptance(cases, most, reason), "abc1234")


@given(st.text())
def test_any_text_is_a_waiver_or_none(text: str) -> None:
    for one in parsed([("abc", text)]):
        waived([verdict("slower", ratio=1.1)], [one])


@pytest.mark.parametrize(
    ("text", "found", "holds"),
    [
        ("kernels.Suite.time_loop", {}, True),
        ("kernels.Suite.time_loop(n=10)", {"params": {"n": 10}}, True),
        ("kernels.Suite.time_loop(n=10)", {"params": {"n": 100}}, False),
        ("kernels.*", {}, True),
        ("Suite", {}, False),
        ("kernels.Suite.time_loop up to 10%", {"ratio": 1.09}, True),
        ("kernels.Suite.time_loop up to 10%", {"ratio": 1.11}, False),
        (".*", {}, False),  # no regular expression
    ],
)
def test_which_cases_it_holds_for(text: str, found: dict[str, Any], holds: bool) -> None:
    one = verdict("slower", **{"ratio": 1.05, **found})
    assert waiver(text).holds(one) is holds


@pytest.mark.parametrize("word", ["failed", "unmeasured", "inconclusive", "faster"])
def test_only_what_is_worse_can_be_accepted(word: str) -> None:
    assert not waiver("kernels.*").holds(verdict(word, ratio=1.1))


def test_what_is_accepted_is_shown_and_does_not_fail() -> None:
    verdicts = [verdict("slower", ratio=1.1, pairs=6), verdict("slower", "other.time_it", ratio=1.1)]
    both = waived(verdicts, parsed([("abc1234", "kernels.* -- more exact")]))
    assert [one.accepted for one in both] == ["abc1234: more exact", ""]
    assert exits(both) == [Exit.SLOWER]
    assert exits(both[:1]) == []
    assert comparison.notes(both[0]) == "accepted by abc1234: more exact"
    assert comparison.document(both[0])["accepted"] == "abc1234: more exact"


def test_what_fails_a_comparison_can_be_chosen() -> None:
    worse = [verdict("slower", ratio=1.1), verdict("unmeasured")]
    assert exits(worse) == [Exit.SLOWER, Exit.FAILED]
    assert exits(worse, fail_on=("failed",)) == []
    assert exits(worse, fail_on=("unmeasured",)) == [Exit.FAILED]
    assert exits([verdict("changed")], fail_on=("changed",)) == [Exit.SLOWER]
    assert exits([verdict("inconclusive")], fail_on=("inconclusive",)) == [Exit.FAILED]
    assert exits([verdict("skipped")]) == [Exit.FAILED]  # nothing was measured


@pytest.mark.parametrize(
    ("answers", "within", "codes"),
    [
        ("changed", 0.0, [Exit.WRONG_ANSWERS]),
        ("changed", None, []),
        ("max rel 1.2e-12", 0.0, [Exit.WRONG_ANSWERS]),
        ("max rel 1.2e-12", 1e-9, []),
        ("identical", 0.0, []),
        ("unchecked", 0.0, []),
    ],
)
def test_changed_answers_fail_where_asked(answers: str, within: float | None, codes: list[Exit]) -> None:
    assert exits([verdict("same", answers=answers)], answers_within=within) == codes


def test_trailers_are_those_of_the_commits_between(tmp_path: Path) -> None:
    def git(*words: str) -> str:
        told = subprocess.run(
            ["git", "-c", "user.name=a", "-c", "user.email=a@b", *words],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
        )
        return told.stdout.strip()

    git("init", "-q")
    for message in (
        "one",
        "two\n\nIt is slower.\n\nPerf-accept: a.time_x\n  -- folded\nPerf-accept: b.*",
        "three",
    ):
        git("commit", "-q", "--allow-empty", "-m", message)
    second = git("rev-parse", "HEAD~1")
    told = [(second[:7], "a.time_x -- folded"), (second[:7], "b.*")]
    assert accepted(tmp_path, "HEAD~2", "HEAD") == told
    assert accepted(tmp_path, "HEAD~2", "HEAD~1") == told
    assert accepted(tmp_path, "HEAD~1", "HEAD") == []  # the next commit is judged by itself
