from __future__ import annotations

import html
import json
import re

import pytest
from asv_folder import Bench, around, declare, machine, run
from hypothesis import given
from hypothesis import strategies as st
from report_runs import call

from paceline import escape
from paceline.outcome import Exit


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """A working folder without a suite."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


HOSTILE = {
    "pipe": "a|b",
    "backtick": "`a`",
    "script": "<script>alert(1)</script>",
    "newline": "a\n\n# Heading\n| x |",
    "right to left": "\u202ealpha\u202c \u05d0\u05d1\u05d2",
    "long": "x" * 10_000,
    "link": "[a](https://example.org) ![b](x.png) www.example.org",
    "mathematics": "$\\frac{a}{b$",
    "folders": "../../../etc/passwd",
    "nothing": "",
    "surrogate": "\ud800",
    "escape": "\x1b[31mred\x1b[0m",
    "rich": "[bold red]x[/]",
}


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_names_are_shown_and_never_obeyed(elsewhere, capsys, name):
    bench = Bench(
        "m.T.time_run",
        {"implementation": ("a", name), "n": (10, 100), "mode": (name,)},
        lambda implementation, n, mode: around(1.0),
    )
    benches = [bench]
    declare(elsewhere / "results", benches)
    folder = machine(elsewhere / "results", name, folder="m1", cpu=name)
    path = run(folder, benches, machine_name=name)
    path.write_text(json.dumps(json.loads(path.read_text()) | {"env_name": name}))
    code, printed = call(capsys, "--out", str(elsewhere / "out"))
    assert code is Exit.OK
    assert "\x1b" not in printed.out + printed.err
    text = (elsewhere / "out" / "summary.md").read_text()
    assert "<script" not in text
    assert not re.search(r"[\u202a-\u202e\u2066-\u2069\x1b]", text)
    assert not [line for line in text.splitlines() if line.startswith("# H")]
    assert max(map(len, text.splitlines())) < 1000
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows if "mean" not in row} >= {4}
    files = [path for path in (elsewhere / "out").rglob("*") if path.is_file()]
    assert len(files) == 9
    assert all(path.resolve().is_relative_to((elsewhere / "out").resolve()) for path in files)
    document = json.loads((elsewhere / "out" / "summary.json").read_text())
    assert len(document["machines"][0]["models"]) == 2


@given(st.text())
def test_markdown_of_any_text_is_one_line_that_opens_nothing(text):
    shown = escape.markdown(text)
    assert "\n" not in shown
    assert "<" not in shown
    assert not re.search(r"(?<!\\)(\\\\)*[|`]", shown)


@given(st.text(st.sampled_from("@#GHgh-a1_ .&;")))
def test_markdown_names_nobody_and_no_issue_even_once_it_has_been_read(text):
    """GitHub looks for "@name", "#1" and "GH-1" in the page that Markdown has become."""
    read = html.unescape(re.sub(r"\\([!-/:-@[-`{-~])", r"\1", escape.markdown(text)))
    assert not re.search(r"@[0-9A-Za-z]|#[0-9]|\bGH-[0-9]", read, re.IGNORECASE)
    assert read.replace("\u200b", "") == escape.plain(text)


@given(st.text(), st.text())
def test_slugs_are_safe_and_differ(one, other):
    assert re.fullmatch(r"[0-9A-Za-z_-][0-9A-Za-z_.-]*", escape.slug(one))
    assert (escape.slug(one) == escape.slug(other)) == (one == other)
