"""Sending to peers that fail, stall, are busy or go: each message once, no secret told, no sink stopped."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest
from local_peers import Asked, GitHub, Reply, drop_by_drop, github_refuses, http_peer
from sink_place import SECRET, Place, other
from test_alerts_store import alert

from paceline.alerts import store
from paceline.alerts.alert import Alert, State
from paceline.alerts.configured import configured, names, sink
from paceline.alerts.delivery import ATTEMPTS, Post
from paceline.outcome import PacelineError


@pytest.fixture
def webhook(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    answers: list[Reply | None] = []

    def answer(one: Asked) -> Reply | None:
        return answers.pop(0) if answers else (200, "ok", {})

    with http_peer(answer) as peer:
        monkeypatch.setenv("HOOK", f"{peer.url}/{SECRET}")
        yield sink("webhook", {"url_env": "HOOK", "timeout": 0.3}), peer, answers


def test_alerts_of_one_commit_are_one_message_and_are_sent_once(tmp_path: Path, webhook: Any) -> None:
    hook, peer, _ = webhook
    place = Place(tmp_path, alert(), other())
    assert (place.deliver(hook), place.deliver(hook), place.deliver(hook)) == (["sent"], [], [])
    (one,) = peer.asked
    assert (one.method, one.path) == ("POST", f"/{SECRET}")
    assert one.document["text"].startswith("kernels.Other.time_run and 1 more: 20 % (4.1 to 6.3 %) slower")
    assert len(one.headers["Idempotency-Key"]) == 20


def test_alerts_of_two_commits_are_two_messages(tmp_path: Path, webhook: Any) -> None:
    hook, peer, _ = webhook
    place = Place(tmp_path, alert(), other(bad="c" * 40))
    assert (place.deliver(hook), len(peer.asked)) == (["sent", "sent"], 2)


def test_a_busy_peer_is_asked_again_when_it_says(tmp_path: Path, webhook: Any) -> None:
    hook, peer, answers = webhook
    answers += [(429, "", {"Retry-After": "7"}), (503, "", {}), (500, "", {})]
    place = Place(tmp_path, alert())
    assert (place.deliver(hook), len(peer.asked)) == (["sent"], 4)
    assert place.waits[0] == 7.0
    assert 1.5 < place.waits[1] < 2.5 < 3 < place.waits[2] < 5


def test_what_fails_for_long_is_sent_at_the_next_update(tmp_path: Path, webhook: Any) -> None:
    hook, peer, answers = webhook
    answers += [(503, "", {})] * ATTEMPTS
    place = Place(tmp_path, alert())
    assert (place.deliver(hook), len(peer.asked)) == (["failed"], ATTEMPTS)
    assert store.read(tmp_path)[alert().fingerprint].sent == {}
    assert place.deliver(hook) == ["sent"]


def test_a_busy_peer_may_name_a_moment(tmp_path: Path, webhook: Any) -> None:
    hook, _, answers = webhook
    answers += [(429, "", {"Retry-After": formatdate(time.time() + 30, usegmt=True)})]
    answers += [(429, "", {"Retry-After": word}) for word in ("-5", "Thu, 99 Foo")]
    place = Place(tmp_path, alert())
    assert place.deliver(hook) == ["sent"]
    assert 20 < place.waits[0] < 31
    assert max(place.waits[1:]) < 5


@pytest.mark.parametrize("status", [502, 504])
def test_what_is_behind_a_gateway_may_have_it(tmp_path: Path, webhook: Any, status: int) -> None:
    hook, peer, answers = webhook
    answers += [(status, "", {})]
    place = Place(tmp_path, alert())
    assert (place.deliver(hook), place.deliver(hook), len(peer.asked)) == (["unknown"], [], 1)


@pytest.mark.parametrize("status", [400, 403, 404, 302])
def test_what_is_refused_is_not_asked_again_and_again(tmp_path: Path, webhook: Any, status: int) -> None:
    hook, peer, answers = webhook
    answers += [(status, "", {"Location": "http://127.0.0.1:9/"})]
    assert (Place(tmp_path, alert()).deliver(hook), len(peer.asked)) == (["failed"], 1)


def test_a_wait_that_is_too_long_is_left_to_the_next_update(tmp_path: Path, webhook: Any) -> None:
    hook, peer, answers = webhook
    answers += [(429, "", {"Retry-After": "3600"})]
    place = Place(tmp_path, alert())
    assert (place.deliver(hook), place.waits, len(peer.asked)) == (["failed"], [], 1)


def test_what_may_have_arrived_is_never_sent_again(tmp_path: Path, webhook: Any) -> None:
    hook, peer, answers = webhook
    answers += [None]
    place = Place(tmp_path, alert())
    assert (place.deliver(hook), place.deliver(hook), len(peer.asked)) == (["unknown"], [], 1)
    assert store.read(tmp_path)[alert().fingerprint].sent["webhook"].state == "sending"


def test_a_kill_while_sending_sends_nothing_twice(tmp_path: Path, webhook: Any) -> None:
    hook, peer, _ = webhook

    class Killed(BaseException):
        pass

    def keep(one: Alert) -> None:
        if one.sent["webhook"].state == "sent":
            raise Killed
        store.write(tmp_path, one)

    place = Place(tmp_path, alert())
    with pytest.raises(Killed):
        Post(store.read(tmp_path), keep, print).deliver([hook], [alert().fingerprint])
    assert (place.deliver(hook), len(peer.asked)) == ([], 1)


def test_a_new_episode_is_told_again(tmp_path: Path, webhook: Any) -> None:
    hook, peer, _ = webhook
    place = Place(tmp_path, alert())
    place.deliver(hook)
    store.write(tmp_path, replace(store.read(tmp_path)[alert().fingerprint], episode=2))
    assert (place.deliver(hook), len(peer.asked)) == (["sent"], 2)


def test_nobody_there_is_tried_again_and_stops_no_other(
    tmp_path: Path, webhook: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook, peer, _ = webhook
    monkeypatch.setenv("GONE", f"http://127.0.0.1:9/{SECRET}")
    gone = sink("webhook", {"url_env": "GONE", "timeout": 0.3})
    unset = sink("webhook", {"url_env": "NOT_SET"})
    plain = sink("email", {"host": "127.0.0.1"})
    place = Place(tmp_path, alert())
    assert place.deliver(
        replace(gone, name="a"), replace(unset, name="b"), replace(plain, name="c"), hook
    ) == [
        *("failed", "failed", "failed"),
        "sent",
    ]
    assert (len(place.waits), len(peer.asked)) == (ATTEMPTS - 1, 1)


@pytest.mark.parametrize(
    "url",
    [
        *(f"http://example.org/{SECRET}", f"ftp://{SECRET}", SECRET, f"https://[{SECRET}"),
        *(f"{{url}}/{SECRET} x", f"{{url}}/{SECRET}é"),
    ],
)
def test_an_address_that_is_none_is_not_told_and_can_be_mended(
    tmp_path: Path, url: str, webhook: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook, peer, _ = webhook
    place = Place(tmp_path, alert())
    monkeypatch.setenv("HOOK", url.format(url=peer.url))
    assert place.deliver(hook) == ["failed"]
    monkeypatch.setenv("HOOK", f"{peer.url}/{SECRET}\n")  # as a file's content ends
    assert (place.deliver(hook), [one.path for one in peer.asked]) == (["sent"], [f"/{SECRET}"])


@pytest.mark.parametrize("name", ["https://example.org/" + SECRET, SECRET, f"ghp_{SECRET}", "", 3])
def test_a_secret_in_place_of_its_variables_name_is_not_told(tmp_path: Path, name: object) -> None:
    assert Place(tmp_path, alert()).deliver(sink("webhook", {"url_env": name})) == ["failed"]
    assert Place(tmp_path, alert()).deliver(sink("github", {"repository": "o/n", "token_env": name})) == [
        "failed"
    ]


@pytest.mark.parametrize("key", ["url", "user", "password", "token"])
def test_a_secret_in_the_file_is_refused_and_not_told(key: str) -> None:
    with pytest.raises(PacelineError, match=f"{key}_env") as told:
        configured({"sinks": {"webhook": {key: SECRET}}})
    assert SECRET not in str(told.value)


def test_a_peer_that_sends_byte_by_byte_comes_to_an_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each byte is in time, and the answer never ends."""
    with drop_by_drop(b"HTTP/1.1 ") as port:
        monkeypatch.setenv("HOOK", f"http://127.0.0.1:{port}/{SECRET}")
        hook = sink("webhook", {"url_env": "HOOK", "timeout": 0.3})
        assert Place(tmp_path, alert()).deliver(hook) == ["unknown"]
    with drop_by_drop(b"220 ") as port:
        told = {"host": "127.0.0.1", "port": port, "tls": "none", "from": "a@b.c", "to": ["a@b.c"]}
        mailer = sink("email", {**told, "timeout": 0.1})
        assert Place(tmp_path / "mail", alert()).deliver(mailer) == ["failed"]


def test_a_dry_run_prints_and_sends_nothing(tmp_path: Path, webhook: Any) -> None:
    hook, peer, _ = webhook
    place = Place(tmp_path, alert(), dry=True)
    assert (place.deliver(hook), peer.asked) == (["dry"], [])
    assert "kernels.Loop.time_run (numba)" in place.said[1]


def test_slack_reads_no_markup_from_a_commit(tmp_path: Path, webhook: Any) -> None:
    hook, peer, _ = webhook
    Place(tmp_path, alert(subject="<!channel> & `rm`")).deliver(hook)
    assert "&lt;!channel&gt; &amp; 'rm'" in peer.asked[0].document["text"]


@pytest.fixture
def github(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    hub = GitHub(SECRET)
    monkeypatch.setenv("TOKEN", SECRET)
    with http_peer(hub.answer) as peer:
        settings = {"repository": "owner/name", "token_env": "TOKEN", "api": peer.url, "timeout": 2}
        yield sink("github", settings), hub, peer


def test_an_issue_for_each_fingerprint_is_edited_and_closed(tmp_path: Path, github: Any) -> None:
    hub_sink, hub, _ = github
    place = Place(tmp_path, alert(), other())
    assert (place.deliver(hub_sink), place.deliver(hub_sink)) == (["sent", "sent"], [])
    one = store.read(tmp_path)[alert().fingerprint]
    store.write(tmp_path, one.moved(State.FIXED, "2026-02-01T00:00:00Z", "recovered"))
    assert (place.deliver(hub_sink), len(hub.issues)) == (["sent"], 2)
    closed = next(issue for issue in hub.issues.values() if alert().fingerprint in issue["body"])
    assert (closed["state"], closed["state_reason"], "recovered" in closed["body"]) == (
        "closed",
        "completed",
        True,
    )


def test_an_issue_that_was_deleted_is_opened_anew_while_there_is_something_to_tell(
    tmp_path: Path, github: Any
) -> None:
    hub_sink, hub, _ = github
    place = Place(tmp_path, alert(), other())
    place.deliver(hub_sink)
    del hub.issues[1], hub.issues[2]
    one, two = store.read(tmp_path).values()
    store.write(tmp_path, replace(one, subject="more is known"))
    store.write(tmp_path, two.moved(State.FIXED, "2026-02-01T00:00:00Z", "recovered"))
    assert (place.deliver(hub_sink), place.deliver(hub_sink)) == (["sent", "sent"], [])
    (issue,) = hub.issues.values()
    assert (issue["state"], one.fingerprint in issue["body"]) == ("open", True)


def test_an_issue_is_found_again_by_its_mark(tmp_path: Path, github: Any) -> None:
    hub_sink, hub, _ = github
    Place(tmp_path / "one", alert()).deliver(hub_sink)
    Place(tmp_path / "two", alert(subject="told elsewhere")).deliver(hub_sink)
    (issue,) = hub.issues.values()
    assert "told elsewhere" in issue["body"]


@pytest.mark.parametrize(
    ("method", "path", "document"),
    [
        ("POST", "/issues", {"body": "no title"}),
        ("POST", "/issues", {"title": "x", "state": "open"}),
        ("POST", "/issues", {"title": "x", "body": "x" * 65_537}),
        ("PATCH", "/issues/1", {"state": "shut"}),
        ("PATCH", "/issues/1", {"state_reason": "fixed"}),
        ("GET", "/issues?state=every", None),
        ("GET", "/issues?per_page=101", None),
        ("DELETE", "/issues/1", None),
    ],
)
def test_the_peer_refuses_what_github_refuses(method: str, path: str, document: Any) -> None:
    headers = {"Accept": "application/vnd.github+json", "User-Agent": "x"}
    assert github_refuses(Asked(method, f"/repos/owner/name{path}", headers, document))


def test_nothing_is_opened_to_be_closed(tmp_path: Path, github: Any) -> None:
    hub_sink, hub, _ = github
    assert Place(tmp_path, alert(state=State.FIXED, told=True)).deliver(hub_sink) == []
    assert hub.issues == {}


def test_text_of_a_commit_is_no_markdown_and_mentions_nobody(tmp_path: Path, github: Any) -> None:
    hub_sink, hub, _ = github
    Place(tmp_path, alert(subject="@everyone | <img src=x> [a](http://b) -->")).deliver(hub_sink)
    body = hub.issues[1]["body"]
    assert "&#64;&#8203;everyone" in body
    assert "@everyone" not in body
    assert "<img" not in body
    assert "[a](" not in body
    assert body.count("-->") == 1


@pytest.mark.parametrize("repository", ["owner", "a/b/c", "../x", "o/n?x=1", ""])
def test_a_repository_is_a_name(tmp_path: Path, repository: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN", SECRET)
    settings = {"repository": repository, "token_env": "TOKEN"}
    assert Place(tmp_path, alert()).deliver(sink("github", settings)) == ["failed"]


def test_sinks_are_files_and_settings_are_checked() -> None:
    assert {"webhook", "email", "github", "markdown", "junit", "json", "badge", "atom", "terminal"} <= set(
        names()
    )
    assert configured({}) == []
    (one,) = configured({"link": "https://example.org/o/n", "sinks": {"badge": {}}})
    assert one.settings == {"link": "https://example.org/o/n"}
    for section in ({"sinks": 3}, {"sinks": {"badge": 1}}, {"sinks": {"pigeon": {}}}, {"link": 1}):
        with pytest.raises(PacelineError, match=r"sink|link"):
            configured(section)
