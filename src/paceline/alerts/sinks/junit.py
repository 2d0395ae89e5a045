"""JUnit XML: one test case for each case of every alert; those of open alerts have failed."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET  # only written here, never read
from collections.abc import Mapping
from typing import Any

from paceline.alerts import telling
from paceline.alerts.alert import Alert, State
from paceline.escape import plain

PATH = "reports/alerts.xml"
_FORBIDDEN = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(book: Mapping[str, Alert], settings: Mapping[str, Any], now: str) -> bytes:
    """Return the document: a suite of cases by benchmark; what was acknowledged or accepted is skipped."""
    suite = ET.Element(
        "testsuite", name="paceline", timestamp=now.rstrip("Z"), hostname="localhost", time="0"
    )
    counts = {"tests": 0, "failures": 0, "errors": 0, "skipped": 0}
    for alert in sorted(book.values(), key=lambda one: one.fingerprint):
        for case in alert.cases:
            counts["tests"] += 1
            told = _case(suite, alert, case)
            if told:
                counts[told] += 1
    for key, value in counts.items():
        suite.set(key, str(value))
    root = ET.Element("testsuites")
    root.append(suite)
    ET.indent(root)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def _case(suite: ET.Element, alert: Alert, case: str) -> str:
    name, group = safe(plain(case, 200)), safe(plain(alert.benchmark, 160))
    made = ET.SubElement(suite, "testcase", name=name, classname=group, time="0")
    message = safe(f"{telling.change(alert)}, {telling.since(alert)}")
    if alert.state is State.CONFIRMED:
        failure = ET.SubElement(made, "failure", message=message, type="slower")
        failure.text = safe("\n".join(telling.commands(alert)))
        return "failures"
    if alert.state in (State.ACKNOWLEDGED, State.ACCEPTED, State.NEW):
        ET.SubElement(made, "skipped", message=message)
        return "skipped"
    return ""


def safe(text: str) -> str:
    """Return a text without what XML has no way to write."""
    return _FORBIDDEN.sub("�", text)
