"""``paceline alerts`` and ``paceline anchor`` on a small repository, with ledgers made by hand."""

from __future__ import annotations

import json
import math
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from conftest import Paceline
from test_history import compared, race, written

from paceline import cli
from paceline.commands import _branch, _updating
from paceline.results import anchor
from paceline.results.acceptance import Acceptance
from paceline.suite.config import load

CONF = '{"version": 1, "project": "p", "repo": ".", "benchmark_dir": "benchmarks", "branches": ["main"]}'
TOML = """
[alerts]
link = "https://example.org/o/n"
[alerts.sinks.markdown]
[alerts.sinks.badge]
path = "out/badge.json"
"""


def git(folder: Path, *words: str) -> str:
    who = ["-c", "user.name=Ann", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    plain = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    return subprocess.run(
        ["git", *who, *words], cwd=folder, env=plain, check=True, capture_output=True, text=True
    ).stdout.strip()


@pytest.fixture
def project(tmp_path: Path) -> tuple[Path, list[str]]:
    """Six commits; the fourth accepts a slow-down."""
    git(tmp_path, "init", "-q", "-b", "main")
    (tmp_path / "asv.conf.json").write_text(CONF)
    (tmp_path / "paceline.toml").write_text(TOML)
    (tmp_path / "benchmarks").mkdir()
    (tmp_path / ".gitignore").write_text("results\nreports\nout\n")
    git(tmp_path, "add", "-A")
    hashes = []
    for number in range(6):
        more = ["-m", "Perf-accept: kernels.Loop.time_run wanted, it is safer"] if number == 3 else []
        git(tmp_path, "commit", "-q", "--allow-empty", "-m", f"commit {number} <b>", *more)
        hashes.append(git(tmp_path, "rev-parse", "HEAD"))
    return tmp_path, hashes


def told(ran: Any) -> dict[str, Any]:
    document = json.loads(ran.stdout)
    assert document["schema"] == 1
    return document


def test_a_slow_commit_is_told_listed_acknowledged_and_recovers(
    paceline: Paceline, project: tuple[Path, list[str]]
) -> None:
    root, at = project
    results = root / "results"
    written(results, "20260101T000000Z", compared(at[4], at[5]), race(1.2))
    ran = paceline("alerts", "update", "--json", "-", cwd=root)
    document = told(ran)
    (one,) = document["alerts"]
    assert (ran.returncode, one["state"], one["culprit"], one["bad"]) == (1, "confirmed", True, at[5])
    assert (one["subject"], one["author"]) == ("commit 5 <b>", "Ann")
    assert "commit 5 &lt;b&gt;" in (root / "reports" / "alerts.md").read_text()
    assert json.loads((root / "out" / "badge.json").read_text())["message"] == "1 slower"

    name = one["fingerprint"]
    listed = paceline("alerts", "list", cwd=root)
    assert (listed.returncode, listed.stdout.startswith(name)) == (1, True)
    assert "confirmed by" in paceline("alerts", "show", name[:6], cwd=root).stdout
    assert paceline("alerts", "ack", name, "--reason", "Bo looks", cwd=root).returncode == 1

    git(root, "commit", "-q", "--allow-empty", "-m", "mend it")
    head = git(root, "rev-parse", "HEAD")
    written(results, "20270101T000000Z", compared(at[4], head), race(1.0, "same", confirmed=False))
    ran = paceline("alerts", "update", "--json", "-", cwd=root)
    assert (ran.returncode, told(ran)["alerts"][0]["state"]) == (0, "fixed")
    again = paceline("alerts", "update", "--json", "-", cwd=root)
    assert told(again)["alerts"] == told(ran)["alerts"]


def test_a_commit_may_accept_its_slow_down(paceline: Paceline, project: tuple[Path, list[str]]) -> None:
    root, at = project
    written(root / "results", "20260101T000000Z", compared(at[2], at[3]), race(1.2))
    ran = paceline("alerts", "update", "--json", "-", cwd=root)
    (one,) = told(ran)["alerts"]
    assert (ran.returncode, one["state"], one["reason"]) == (0, "accepted", "wanted, it is safer")
    assert one["expires"] > one["opened"]


def test_people_accept_until_a_day_and_call_noise_noise(
    paceline: Paceline, project: tuple[Path, list[str]]
) -> None:
    root, at = project
    written(root / "results", "20260101T000000Z", compared(at[0], at[1]), race(1.2))
    (one,) = told(paceline("alerts", "update", "--json", "-", cwd=root))["alerts"]
    name = one["fingerprint"]
    assert paceline("alerts", "accept", name, cwd=root).returncode == 2
    over = paceline("alerts", "accept", name, "--reason", "x", "--until", "2020-01-01", cwd=root)
    assert (over.returncode, "is over" in over.stderr) == (2, True)
    ran = paceline("alerts", "accept", name, "--reason", "wanted", "--until", "9998-01-01", cwd=root)
    assert ran.returncode == 0
    document = told(paceline("alerts", "invalid", name, "--reason", "noise", "--json", "-", cwd=root))
    assert document["precision"] == {"right": 0, "told": 1}
    assert paceline("alerts", "show", "nonsense", cwd=root).returncode == 2
    assert paceline("alerts", "ack", name, cwd=root).returncode == 2


def test_a_dry_run_writes_nothing(paceline: Paceline, project: tuple[Path, list[str]]) -> None:
    root, at = project
    written(root / "results", "20260101T000000Z", compared(at[0], at[1]), race(1.2))
    ran = paceline("alerts", "update", "--dry-run", cwd=root)
    assert (ran.returncode, "badge would write" in ran.stdout) == (1, True)
    assert not (root / "results" / "alerts").exists()
    assert not (root / "reports").exists()


def test_what_is_not_on_the_branch_is_no_evidence(
    paceline: Paceline, project: tuple[Path, list[str]]
) -> None:
    root, at = project
    written(root / "results", "20260101T000000Z", compared(at[0], "f" * 40), race(1.2))
    written(root / "results", "20260102T000000Z", compared(at[1], at[0]), race(1.2))
    ran = paceline("alerts", "update", "--json", "-", cwd=root)
    assert (ran.returncode, told(ran)["alerts"]) == (0, [])


def test_a_sink_that_cannot_send_is_a_three(paceline: Paceline, project: tuple[Path, list[str]]) -> None:
    root, at = project
    (root / "paceline.toml").write_text('[alerts.sinks.webhook]\nurl_env = "NOT_SET_HERE"\n')
    assert paceline("alerts", "update", cwd=root).returncode == 0
    written(root / "results", "20260101T000000Z", compared(at[0], at[1]), race(1.2))
    ran = paceline("alerts", "update", "--json", "-", cwd=root)
    assert (ran.returncode, told(ran)["exits"]) == (1, [1, 3])
    assert "NOT_SET_HERE" in ran.stderr


def test_the_anchor_is_set_once_and_replaced_with_an_overlap(
    paceline: Paceline, project: tuple[Path, list[str]]
) -> None:
    root, at = project
    assert "no anchor" in paceline("anchor", "show", cwd=root).stdout
    assert paceline("anchor", "race", cwd=root).returncode == 2
    ran = paceline("anchor", "set", "HEAD~5", "--json", "-", cwd=root)
    assert (ran.returncode, told(ran)["commit"]) == (0, at[0])
    refused = paceline("anchor", "set", "HEAD~2", cwd=root)
    assert (refused.returncode, "overlap" in refused.stderr) == (3, True)
    written(root / "results", "20260101T000000Z", compared(at[0], at[3]), race(1.1, "same"))
    document = told(paceline("anchor", "set", "HEAD~2", "--json", "-", cwd=root))
    assert (document["commit"], document["earlier"], document["overlap"]) == (at[3], [at[0]], 1)
    (earlier,) = anchor.read(root / "results").earlier
    assert list(earlier.overlap.values()) == [pytest.approx(math.log(1.1))]


def test_a_branch_is_read_in_its_order(project: tuple[Path, list[str]]) -> None:
    root, at = project
    found = _branch.read(root, "main")
    assert [found.order[commit] for commit in at] == list(range(6))
    assert (found.head, found.parent(at[3]), found.parent(at[0])) == (at[5], at[2], "")
    assert found.accepted == {at[3]: [Acceptance("kernels.Loop.time_run", None, "wanted, it is safer")]}


@pytest.mark.parametrize(
    ("trailers", "want"),
    [
        ("a.B.time_x because", [("a.B.time_x", "because")]),
        ("a.B.time_x", [("a.B.time_x", "")]),
        ("", []),
        ("a b\x01c -- d", [("a", "b"), ("c", "d")]),
    ],
)
def test_what_a_trailer_accepts(trailers: str, want: list[tuple[str, str]]) -> None:
    assert [(one.what, one.reason) for one in _branch.accepts(trailers)] == want


def test_races_that_are_asked_for_are_words_no_shell_reads() -> None:
    wish = _updating.Wish("a", "b", "k.C.time_x", "k.C.time_x(n='$(rm)')", "why", bisect=True)
    assert _updating.command(wish) == ["bisect", "a", "b", "k.C.time_x(n='$(rm)')"]


@pytest.mark.parametrize("bisect", [True, False])
def test_races_that_are_asked_for_are_commands_of_ours(bisect: bool) -> None:
    wish = _updating.Wish("a", "b", "k.C.time_x", "k.C.time_x(n=1)", "why", bisect)
    words = [*_updating.command(wish), "--config", "c", "--results", "r", "--budget", "60"]
    options = cli._parser(words).parse_args(words)
    assert (options.command, options.budget) == (words[0], 60.0)


def test_a_search_that_was_not_made_is_made_at_the_next_update(project: tuple[Path, list[str]]) -> None:
    """The budget was spent before it: the alert must not be told as if it could not be narrowed."""
    root, at = project
    results = root / "results"
    written(results, "20260101T000000Z", compared(at[1], at[4]), race(1.2))
    suite = load(root / "asv.conf.json")
    asked: list[bool] = []
    for raced in (False, True, True):

        def grant(wish, raced=raced):
            asked.append(wish.bisect)
            return raced

        one = _updating.Update(suite, results, "main", print, grant, now="2026-01-02T00:00:00Z")
        one.run()
    (alert,) = one.book.values()
    # asked for again as long as nothing was raced; then only whether it is still there
    assert asked[:2] == [True, True]
    assert True not in asked[2:]
    assert sum("bisected" in event.what for event in alert.events) == 1
