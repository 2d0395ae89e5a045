"""A comparison told to a pull request: comment, summary, annotations, JUnit, benchmark JSON; all pure."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET  # only written here, never read
from collections.abc import Callable, Sequence

from paceline.alerts.sinks.junit import safe
from paceline.alerts.verdicts import WORSE, Comparison, Row
from paceline.escape import markdown

MARK = "<!-- paceline comparison -->"
ROWS = 5  # of the comment: with all else it is at most 12 visible lines
ALL_ROWS = 200
LONGEST = 60_000
ANNOTATIONS = 10  # as many GitHub shows of one step
SAME = ("same", "skipped")
_NAME = re.compile(r"[0-9A-Za-z_.]+")


def comment(told: Comparison) -> str:
    """Return Markdown of at most 12 visible lines, with how to repeat it and how to accept it."""
    notable = [row for row in told.rows if row.verdict not in SAME]
    lines = [MARK, headline(told), "", *_table(notable[:ROWS])]
    left = len(notable) - ROWS
    if left > 0:
        lines += ["", f"and {left} more, below"]
    lines += ["", f"Again: `{again(told)}`"]
    if told.worse:
        lines += ["", f"Wanted? A line `{accept(told)}` in the commit's message accepts it."]
    if left > 0 or told.also_changed:
        lines += ["", "<details><summary>everything</summary>", ""]
        lines += [f"also changed: {markdown(one, 160)}" for one in told.also_changed]
        lines += ["", *_table(notable[:ALL_ROWS]), "", "</details>"]
    return _bounded(lines)


def summary(told: Comparison) -> str:
    """Return Markdown for a job's summary: every case, as far as there is room."""
    lines = [f"## {headline(told)}", "", *_table(told.rows[:1000]), "", f"Again: `{again(told)}`", ""]
    return _bounded(lines)


def headline(told: Comparison) -> str:
    """Return one sentence: how many of each verdict."""
    counts = ", ".join(f"{count} {word}" for word, count in told.counts.items()) or "nothing was compared"
    return f"**paceline: {counts}** (`{told.base[:10]}` to `{told.head[:10]}`)"


def again(told: Comparison) -> str:
    """Return the command that repeats it, of the worst case's benchmark where there is one."""
    command = f"paceline compare {told.base[:12]} {told.head[:12]}"
    if not told.worse:
        return command
    name = re.sub(r"[^0-9A-Za-z_.]", ".", told.worse[0].benchmark)  # a dot fits whatever it was
    return f"{command} --bench '{name}'"


def accept(told: Comparison) -> str:
    """Return the line of a commit's message that accepts the worst benchmark; nothing else fits into it."""
    name = told.worse[0].benchmark
    return f"Perf-accept: {name if _NAME.fullmatch(name) else 'BENCHMARK'} REASON"


def errors(told: Comparison) -> str:
    """Return GitHub's workflow commands: an error for each case that is worse, at most ten."""
    lines = [
        f"::error title={_property(f'{row.verdict}: {row.benchmark}')}::{_data(f'{row.case} {row.told}')}"
        for row in told.worse[:ANNOTATIONS]
    ]
    return "".join(f"{line}\n" for line in lines)


def junit(told: Comparison) -> str:
    """Return JUnit XML, one test case a case."""
    suite = ET.Element("testsuite", name="paceline compare", hostname="localhost", time="0")
    counts = {"tests": len(told.rows), "failures": 0, "errors": 0, "skipped": 0}
    for row in told.rows:
        case = ET.SubElement(suite, "testcase", name=safe(row.case), classname=safe(row.benchmark), time="0")
        kind = _kind(row)
        if kind:
            counts[kind[1]] += 1
            ET.SubElement(case, kind[0], message=safe(f"{row.verdict}: {row.told}"), type=row.verdict)
    for key, value in counts.items():
        suite.set(key, str(value))
    root = ET.Element("testsuites")
    root.append(suite)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def benchmark(told: Comparison) -> str:
    """Return the ratios as github-action-benchmark reads them (``customSmallerIsBetter``)."""
    entries = [{"name": row.case, "unit": "ratio", "value": row.ratio} for row in told.rows if row.ratio]
    return json.dumps(entries, indent=2) + "\n"


WAYS: dict[str, Callable[[Comparison], str]] = {
    "comment": comment,
    "summary": summary,
    "annotations": errors,
    "junit": junit,
    "benchmark": benchmark,
}


def _table(rows: Sequence[Row]) -> list[str]:
    if not rows:
        return []
    lines = [f"| {row.verdict} | {markdown(row.case, 160)} | {markdown(row.told, 120)} |" for row in rows]
    return ["| | case | head / base |", "|---|---|---|", *lines]


def _kind(row: Row) -> tuple[str, str] | None:
    if row.verdict in WORSE:
        return "failure", "failures"
    if row.verdict == "failed":
        return "error", "errors"
    skipped = row.verdict in ("skipped", "unmeasured", "inconclusive")
    return ("skipped", "skipped") if skipped else None


def _bounded(lines: Sequence[str]) -> str:
    text = "\n".join(lines) + "\n"
    if len(text) <= LONGEST:
        return text
    return text[:LONGEST].rpartition("\n")[0] + "\n\n(shortened)\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
