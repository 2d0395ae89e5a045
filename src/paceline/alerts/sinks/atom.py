"""An Atom feed (RFC 4287): one entry for each alert that was told; its words change, its id never."""

from __future__ import annotations

import xml.etree.ElementTree as ET  # only written here, never read
from collections.abc import Mapping
from typing import Any

from paceline.alerts import telling
from paceline.alerts.alert import Alert
from paceline.alerts.sinks.junit import safe
from paceline.alerts.telling import Message

PATH = "reports/alerts.atom"
MOST = 50
SPACE = "http://www.w3.org/2005/Atom"


def render(book: Mapping[str, Alert], settings: Mapping[str, Any], now: str) -> bytes:
    """Return the feed, the newest change first."""
    link = str(settings.get("link", ""))
    told = [one for one in book.values() if one.told]
    told = sorted(told, key=lambda one: (_changed(one), one.fingerprint), reverse=True)[:MOST]
    feed = ET.Element("feed", xmlns=SPACE)
    _add(feed, "title", str(settings.get("title", "Performance alerts")))
    _add(feed, "id", str(settings.get("id", "urn:paceline:alerts")))
    _add(feed, "updated", max((_changed(one) for one in told), default=now))
    ET.SubElement(ET.SubElement(feed, "author"), "name").text = "paceline"
    address = str(settings.get("address", ""))
    if address.startswith("https://"):
        ET.SubElement(feed, "link", rel="self", type="application/atom+xml", href=address)
    for one in told:
        _entry(feed, one, link)
    ET.indent(feed)
    return bytes(ET.tostring(feed, encoding="utf-8", xml_declaration=True)) + b"\n"


def _entry(feed: ET.Element, alert: Alert, link: str) -> None:
    message = Message((alert,), link)
    entry = ET.SubElement(feed, "entry")
    _add(entry, "title", telling.title(message))
    _add(entry, "id", f"urn:paceline:alert:{alert.fingerprint}:{alert.episode}")
    _add(entry, "updated", _changed(alert))
    page = telling.commit_page(link, alert.bad)
    if page:
        ET.SubElement(entry, "link", rel="alternate", href=page)
    content = ET.SubElement(entry, "content", type="text")
    content.text = safe(telling.text(message))


def _changed(alert: Alert) -> str:
    return alert.events[-1].utc if alert.events else alert.opened


def _add(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = safe(text)
