"""What a pull request is told of a comparison, and results on a branch of their own."""

from __future__ import annotations

import json
import re
import subprocess
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from conftest import Paceline
from hypothesis import given, settings
from hypothesis import strategies as st
from local_peers import Asked, Reply, github_refuses, http_peer
from test_alerts_command import git
from test_alerts_store import alert

from paceline.alerts import pull_request, sticky, store, verdicts
from paceline.alerts.alert import Event, Sent, State
from paceline.alerts.verdicts import Comparison, Row
from paceline.commands import _orphan
from paceline.outcome import PacelineError

A, B = "a" * 40, "b" * 40
HOSTILE = "</details><img src=x> | `rm` [a](http://b) @all ::error::x"


def document(*verdicts: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"schema": 1, "base": {"commit": A}, "head": {"commit": B}, "verdicts": [*verdicts], **more}


def case(number: int = 0, verdict: str = "slower", **more: Any) -> dict[str, Any]:
    one = {"benchmark": f"k.C{number}.time_x", "params": {"n": 10}, "verdict": verdict}
    return {**one, "ratio": 1.2, "low": 1.1, "high": 1.3, "reason": "", **more}


def read(tmp_path: Path, told: Any) -> Comparison:
    path = tmp_path / "compare.json"
    path.write_text(json.dumps(told))
    return verdicts.read(path)


def test_a_comment_is_at_most_twelve_visible_lines(tmp_path: Path) -> None:
    many = [case(number) for number in range(9)] + [case(20, "same"), case(21, "inconclusive")]
    text = pull_request.comment(read(tmp_path, document(*many, also_changed=["numpy 2.4.1 -> 2.4.2"])))
    visible = re.sub(r"<details>.*</details>", "<details>", text, flags=re.DOTALL)
    lines = [line for line in visible.splitlines() if line and not line.startswith(("<!--", "|---"))]
    assert len(lines) <= 12
    assert lines[0] == "**paceline: 9 slower, 1 inconclusive, 1 same** (`aaaaaaaaaa` to `bbbbbbbbbb`)"
    assert "Again: `paceline compare aaaaaaaaaaaa bbbbbbbbbbbb --bench 'k.C0.time_x'`" in lines
    assert "and 5 more, below" in lines
    assert "Wanted? A line `Perf-accept: k.C0.time_x REASON` in the commit's message accepts it." in lines


def test_a_comment_of_nothing_is_short(tmp_path: Path) -> None:
    text = pull_request.comment(read(tmp_path, document(case(1, "same", ratio=1.0))))
    assert len([line for line in text.splitlines() if line]) == 3
    assert "nothing was compared" in pull_request.comment(read(tmp_path, document()))


@pytest.mark.parametrize(
    "told",
    [
        [],
        {"schema": 2},
        {"schema": 1, "verdicts": 3},
        document(case(verdict="<b>")),
        document(case(ratio="1")),
        document(case(ratio=-1)),
        document(3),
        {**document(), "base": {"commit": "HEAD; rm"}},
        {**document(), "head": None},
    ],
)
def test_a_document_that_is_none_is_refused(tmp_path: Path, told: Any) -> None:
    with pytest.raises(PacelineError):
        read(tmp_path, told)


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=60), st.text(max_size=60))
def test_no_text_gets_out_of_its_place(name: str, reason: str) -> None:
    row = Row(verdicts.plain(name), verdicts.plain(name), "slower", reason=verdicts.plain(reason))
    told = Comparison(A, B, (row,))
    ET.fromstring(pull_request.junit(told))
    assert pull_request.errors(told).count("\n") == 1
    json.loads(pull_request.benchmark(told))
    rows = [line for line in pull_request.comment(told).splitlines() if line.startswith("| slower")]
    assert [len(re.findall(r"(?<!\\)\|", line)) for line in rows] == [4]


def test_hostile_names_are_shown_as_they_are(tmp_path: Path) -> None:
    told = read(tmp_path, document(case(benchmark=HOSTILE, params={HOSTILE: HOSTILE}, reason=HOSTILE)))
    for text in (pull_request.comment(told), pull_request.summary(told)):
        assert "<img" not in text
        assert "@all" not in text
        assert "[a](" not in text
    assert "'; " not in pull_request.again(told)
    assert pull_request.accept(told) == "Perf-accept: BENCHMARK REASON"
    assert re.fullmatch(r"paceline compare a{12} b{12} --bench '[0-9A-Za-z_.]+'", pull_request.again(told))
    assert pull_request.errors(told).startswith("::error title=slower%3A </details>")


def test_the_command_tells_and_leaves_with_one(paceline: Paceline, tmp_path: Path) -> None:
    read(tmp_path, document(case(), case(1, "same")))
    for way in pull_request.WAYS:
        ran = paceline("alerts", "tell", "compare.json", "--to", way, cwd=tmp_path)
        assert (ran.returncode, bool(ran.stdout), ran.stderr) == (1, True, "")
    ran = paceline("alerts", "tell", "compare.json", "--out", "x.md", "--json", "-", cwd=tmp_path)
    assert json.loads(ran.stdout)["counts"] == {"slower": 1, "same": 1}
    assert (tmp_path / "x.md").is_file()
    assert paceline("alerts", "tell", "nowhere.json", cwd=tmp_path).returncode == 2


class Pulls:
    """Pull request 7, at commit B, with somebody's comment that begins as ours do."""

    def __init__(self) -> None:
        self.comments = [{"id": 1, "body": pull_request.MARK + " mine", "user": {"type": "User"}}]

    def answer(self, one: Asked) -> Reply:
        assert github_refuses(one) == ""
        path = one.path.partition("?")[0].removeprefix("/repos/o/n")
        if path == "/pulls/7":
            return 200, {"head": {"sha": B}}, {}
        if path == "/issues/7/comments" and one.method == "GET":
            return 200, self.comments, {}
        if path == "/issues/7/comments":
            self.comments.append({"id": 2, "user": {"type": "Bot"}, **one.document})
            return 201, {}, {}
        if path == "/issues/comments/2" and one.method == "PATCH":
            self.comments[1] |= one.document
            return 200, {}, {}
        return 404, {}, {}


def test_one_comment_is_kept_on_a_pull_request(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "token")
    pulls = Pulls()
    with http_peer(pulls.answer) as peer:
        told = {"repository": "o/n", "api": peer.url}
        assert sticky.post(f"{pull_request.MARK}\none", "7", B, told) == "made"
        assert sticky.post(f"{pull_request.MARK}\ntwo", "7", B, told) == "edited"
        for pull, head in (("7", A), ("8", B), ("7/../x", B), ("", B)):
            with pytest.raises(PacelineError):
                sticky.post("x", pull, head, told)
    assert [one["body"].rpartition("\n")[2] for one in pulls.comments[1:]] == ["two"]


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "work"
    subprocess.run(["git", "init", "-q", "--bare", str(tmp_path / "origin.git")], check=True)
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    git(folder, "commit", "-q", "--allow-empty", "-m", "first")
    git(folder, "remote", "add", "origin", str(tmp_path / "origin.git"))
    (folder / "results" / "box").mkdir(parents=True)
    (folder / "results" / "box" / "one.jsonl").write_text("1\n")
    return folder


def test_results_are_kept_on_an_orphan_branch_beside_those_of_others(repository: Path) -> None:
    results, remote = repository / "results", "origin"
    before = git(repository, "status", "--porcelain"), git(repository, "rev-parse", "HEAD")
    assert _orphan.keep(repository, results, remote, "results") == "results of origin has what is new"
    assert _orphan.keep(repository, results, remote, "results") == "results of origin has it all"
    (results / "box" / "one.jsonl").rename(results / "box" / "two.jsonl")
    _orphan.keep(repository, results, remote, "results")
    git(repository, "fetch", "-q", "origin", "results")
    files = git(repository, "ls-tree", "-r", "--name-only", "FETCH_HEAD").split()
    assert files == ["results/box/one.jsonl", "results/box/two.jsonl"]
    assert git(repository, "rev-list", "--count", "FETCH_HEAD") == "2"
    assert (git(repository, "status", "--porcelain"), git(repository, "rev-parse", "HEAD")) == before


def pushed(repository: Path, name: str, change: Any) -> None:
    """Change a file on the branch of results, as somebody else does."""
    other = repository.parent / "other"
    if not other.exists():
        git(repository.parent, "clone", "-q", "-b", "results", str(repository.parent / "origin.git"), "other")
    git(other, "pull", "-q")
    path = other / "results" / name
    path.write_bytes(change(path.read_bytes()))
    git(other, "commit", "-q", "-am", "theirs")
    git(other, "push", "-q")


def test_what_people_have_done_meanwhile_is_not_undone(repository: Path) -> None:
    results = repository / "results"
    one = alert(events=(Event("2026-01-31T12:00:00Z", "confirmed"),))
    path = store.write(results, one)
    (results / "anchor.toml").write_text("ours = 1\n")
    _orphan.keep(repository, results, "origin", "results")
    git(repository, "fetch", "-q", "origin", "results")
    since = git(repository, "rev-parse", "FETCH_HEAD")
    accepted = b'expires = 2026-12-01 # Bo\nreason = "wanted"'
    pushed(repository, "anchor.toml", lambda _: b"theirs = 1\n")
    pushed(repository, "box/one.jsonl", lambda old: old + b"2\n")
    pushed(
        repository,
        f"alerts/{path.name}",
        lambda old: (
            old.replace(b'"confirmed"', b'"accepted"', 1)
            .replace(b'reason = ""\n', b"")
            .replace(b'expires = ""', accepted)
        ),
    )
    sent = {"webhook": Sent(1, "abc", "sent")}
    store.write(
        results, replace(one, told=True, sent=sent, events=(*one.events, Event("2026-02-01T00:00:00Z", "x")))
    )
    (results / "box" / "one.jsonl").write_text("1\n3\n")
    _orphan.keep(repository, results, "origin", "results", since)
    git(repository.parent / "other", "pull", "-q")
    theirs = repository.parent / "other" / "results"
    (got,) = store.read(theirs).values()
    assert (got.state, got.expires, got.reason) == (State.ACCEPTED, "2026-12-01T00:00:00Z", "wanted")
    assert (got.told, got.sent, [one.what for one in got.events]) == (True, sent, ["confirmed", "x"])
    assert "# Bo" in (theirs / "alerts" / path.name).read_text()
    assert (theirs / "anchor.toml").read_text() == "theirs = 1\n"
    assert (theirs / "box" / "one.jsonl").read_text() == "1\n2\n3\n"


def test_nothing_is_written_through_a_link_on_the_branch(repository: Path) -> None:
    results, outside = repository / "results", repository.parent / "outside"
    _orphan.keep(repository, results, "origin", "results")
    outside.write_text("as it was")
    other = repository.parent / "other"
    git(repository.parent, "clone", "-q", "-b", "results", str(repository.parent / "origin.git"), "other")
    (other / "results" / "box" / "one.jsonl").unlink()
    (other / "results" / "box" / "one.jsonl").symlink_to(outside)
    git(other, "commit", "-q", "-am", "a link")
    git(other, "push", "-q")
    _orphan.keep(repository, results, "origin", "results")
    assert outside.read_text() == "as it was"


@pytest.mark.parametrize("branch", ["main", "--force", "a..b", ""])
def test_branches_of_people_are_left_alone(repository: Path, branch: str) -> None:
    with pytest.raises(PacelineError, match="results are kept on"):
        _orphan.keep(repository, repository / "results", "origin", branch)
    with pytest.raises(PacelineError):
        _orphan.keep(repository, repository / "results", "/nowhere", "results")


def refuses(one: Asked) -> Reply:
    return 401, {}, {"WWW-Authenticate": 'Basic realm="x"'}


@pytest.mark.parametrize("who", ["s3cr3t", "bot:s3cr3t", "bot:s3@cr3t"])
def test_a_token_in_the_address_of_a_remote_is_never_told(
    repository: Path, monkeypatch: pytest.MonkeyPatch, who: str
) -> None:
    results = repository / "results"
    monkeypatch.setattr("paceline.suite.git.PLAIN", ("-c", "core.askPass=false"))
    with http_peer(refuses) as peer:
        address = peer.url.replace("://", f"://{who}@") + "/o/n.git"
        git(repository, "remote", "set-url", "origin", address)
        for remote, branch, seconds in (
            ("origin", "r", 120),
            (address, "r", 120),
            (address, "-", 1),
            (address, "r", 1e-9),
        ):
            monkeypatch.setattr("paceline.suite.git.SECONDS", seconds)
            with pytest.raises(PacelineError) as told:
                _orphan.keep(repository, results, remote, branch)
            assert "cr3t" not in str(told.value)
    assert "cr3t" not in _orphan.without_secrets(f"fatal: no '{address}'")
