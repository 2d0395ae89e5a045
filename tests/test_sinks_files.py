"""What sinks write: valid for those who read it, whatever a suite or a commit is called."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_alerts_store import alert

from paceline.alerts import telling
from paceline.alerts.alert import Alert, State, fingerprint
from paceline.alerts.configured import Sink, sink
from paceline.outcome import PacelineError

NOW = "2026-02-01T00:00:00Z"
ATOM = "{http://www.w3.org/2005/Atom}"
HOSTILE = '<script>alert(1)</script> | `rm -rf /` $(x) [a](javascript:b) @all \u202e"]]> \x00 && --><!--'
TEXT = st.text(max_size=40)


def book(**changes: object) -> dict[str, Alert]:
    states = [State.CONFIRMED, State.ACKNOWLEDGED, State.FIXED, State.ACCEPTED, State.INVALID, State.NEW]
    made = {}
    for number, state in enumerate(states):
        name = fingerprint(f"kernels.C{number}.time_run", {}, "time", "slower")
        made[name] = alert(fingerprint=name, state=state, told=state is not State.NEW, **changes)
    return made


def rendered(name: str, alerts: dict[str, Alert], **told: str) -> bytes:
    one = sink(name, {"link": "https://example.org/o/n", **told})
    content = one.module.render(alerts, one.settings, NOW)
    assert isinstance(content, bytes)
    return content


def test_the_terminal_has_a_line_for_each_open_alert() -> None:
    lines = rendered("terminal", book()).decode().splitlines()
    assert len(lines) == 3
    assert (
        'kernels.Loop.time_run (numba): 5.21 % (4.1 to 6.3 %) slower, since bbbbbbbbbbb "Push more"'
        in lines[0]
    )
    assert lines[-1] == "2 open alerts; 4 of 5 that were ever told were right"
    assert rendered("terminal", {}).decode() == "0 open alerts\n"


def test_the_badge_is_one() -> None:
    told = json.loads(rendered("badge", book()))
    assert told == {"schemaVersion": 1, "label": "performance", "message": "2 slower", "color": "red"}
    assert json.loads(rendered("badge", {}, label="x"))["color"] == "brightgreen"


def test_github_action_benchmark_reads_it() -> None:
    entries = json.loads(rendered("benchmark", book()))
    assert all(set(one) - {"range"} == {"name", "unit", "value"} for one in entries)
    assert sorted({one["value"] for one in entries}) == [1.0, 1.0521]
    assert len({one["name"] for one in entries}) == len(entries)


def test_junit_is_what_its_schema_asks_for() -> None:
    """The elements and attributes of the schema that Ant's and Jenkins' readers share."""
    root = ET.fromstring(rendered("junit", book()))
    (suite,) = root
    assert (root.tag, suite.tag) == ("testsuites", "testsuite")
    assert {"name", "tests", "failures", "errors", "timestamp", "hostname", "time"} <= set(suite.attrib)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", suite.attrib["timestamp"])
    cases = list(suite)
    assert all(one.tag == "testcase" and {"name", "classname", "time"} <= set(one.attrib) for one in cases)
    failures = [one for case in cases for one in case if one.tag == "failure"]
    assert all({"message", "type"} <= set(one.attrib) for one in failures)
    assert (suite.attrib["tests"], suite.attrib["failures"], suite.attrib["skipped"]) == ("6", "1", "3")
    assert len(failures) == 1


ONCE = {"id", "title", "updated"}  # RFC 4287: 4.1.1 and 4.1.2; an entry without an author has the feed's
OF_FEED, OF_ENTRY = {*ONCE, "author", "link", "entry"}, {*ONCE, "link", "content"}


def test_the_feed_has_what_rfc_4287_asks_for_and_nothing_that_it_does_not_know() -> None:
    for alerts in ({}, book(), book(subject=HOSTILE, benchmark=HOSTILE)):
        feed = ET.fromstring(rendered("atom", alerts, title=HOSTILE))
        entries = feed.findall(f"{ATOM}entry")
        for one, known in ((feed, OF_FEED), *((entry, OF_ENTRY) for entry in entries)):
            names = [child.tag.removeprefix(ATOM) for child in one]
            assert set(names) <= known
            assert all(names.count(name) == 1 for name in ONCE)
            assert all((one.findtext(f"{ATOM}{name}") or "").strip() for name in ONCE)
            assert re.fullmatch(r"urn:[a-z0-9]+:[a-z0-9:]+", one.findtext(f"{ATOM}id") or "")
        assert feed.find(f"{ATOM}author/{ATOM}name") is not None
        for entry in entries:
            content = entry.find(f"{ATOM}content")
            assert content is not None
            assert (content.get("type"), len(content)) == ("text", 0)
            links = entry.findall(f"{ATOM}link")
            assert [(link.get("rel"), (link.get("href") or "")[:8]) for link in links] == [
                ("alternate", "https://")
            ]
        updated = [entry.findtext(f"{ATOM}updated") or "" for entry in entries]
        assert (feed.findtext(f"{ATOM}updated"), updated) == (
            max(updated, default=NOW),
            sorted(updated)[::-1],
        )


def test_the_feed_is_atom() -> None:
    feed = ET.fromstring(rendered("atom", book(), address="https://example.org/alerts.atom"))
    assert feed.tag == f"{ATOM}feed"
    for one in [feed, *feed.findall(f"{ATOM}entry")]:
        for name in ("id", "title", "updated"):
            assert one.findtext(f"{ATOM}{name}"), name
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", one.findtext(f"{ATOM}updated") or "")
    ids = [one.findtext(f"{ATOM}id") for one in feed.findall(f"{ATOM}entry")]
    assert len(ids) == len(set(ids)) == 5
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "paceline"


def test_json_tells_all_and_where_nothing_was_sent() -> None:
    told = json.loads(rendered("json", book()))
    assert (told["schema"], told["open"], told["precision"]) == (1, 2, {"right": 4, "told": 5})
    assert "sent" not in told["alerts"][0]
    assert json.loads(rendered("json", {}))["alerts"] == []


@settings(max_examples=40, deadline=None)
@given(TEXT, TEXT, TEXT)
def test_no_text_breaks_a_document(benchmark: str, case: str, subject: str) -> None:
    alerts = book(benchmark=benchmark, case=case, cases=(case,), subject=subject)
    ET.fromstring(rendered("junit", alerts))
    ET.fromstring(rendered("atom", alerts))
    for name in ("json", "badge", "benchmark"):
        json.loads(rendered(name, alerts))
    rows = [line for line in rendered("markdown", alerts).decode().splitlines() if line.startswith("| ")]
    assert all(len(re.findall(r"(?<!\\)\|", row)) == 6 for row in rows)


def test_markdown_shows_hostile_text_as_it_is() -> None:
    text = rendered("markdown", book(benchmark=HOSTILE, subject=HOSTILE)).decode()
    assert "<script" not in text
    assert "<!--" not in text
    assert "\u202e" not in text
    assert not re.search(r"(?<!\\)\[a", text)
    assert "@all" not in text


def test_commands_hold_nothing_that_a_shell_would_run() -> None:
    one = alert(benchmark="a'; rm -rf / #", good="$(x)", bad="`y`")
    again, _ = telling.commands(one)
    assert again == r"paceline compare unknown unknown --bench '^a;\ rm\ \-rf\ /\ \#$'"
    assert telling.commit_page("https://example.org/o/n", "b" * 40).endswith("/o/n/commit/" + "b" * 40)
    assert telling.commit_page("javascript:alert(1)", "b" * 40) == ""
    assert (
        telling.commit_page('https://x"><script>', "b" * 40)
        == "https://x%22%3E%3Cscript%3E/commit/" + "b" * 40
    )


def test_alerts_of_one_commit_are_told_together() -> None:
    small, large = alert(ratio=1.05), alert(ratio=1.5, fingerprint="0" * 12)
    (one,) = telling.messages([small, large])
    assert [each.ratio for each in one.alerts] == [1.5, 1.05]
    assert telling.title(one).startswith("kernels.Loop.time_run (numba) and 1 more: 50 %")
    assert telling.messages([small, alert(bad="c" * 40)])[0].key != one.key
    assert "slowly, between" in telling.since(alert(culprit=False, creep=True))


@pytest.mark.parametrize("path", ["../x.md", "/tmp/x.md", "a/../../x", "", 3, "a\0b"])
def test_files_stay_in_the_project(tmp_path: Path, path: object) -> None:
    with pytest.raises(PacelineError, match="path of the sink"):
        sink("markdown", {"path": path}).path(tmp_path)
    assert sink("markdown", {}).path(tmp_path) == tmp_path / "reports" / "alerts.md"
    assert Sink("x", sink("badge", {}).module).settings == {}
