"""GitHub issues: one for each fingerprint, found again by a hidden mark, edited and closed, never repeated.

``repository`` is "owner/name" (``GITHUB_REPOSITORY``), ``token_env`` names the token's variable
(``GITHUB_TOKEN``; it needs "issues: write"), ``api`` is another address for GitHub's own servers.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Any

from paceline.alerts import telling
from paceline.alerts.alert import LIVE, State
from paceline.alerts.sinks import RefusedError, seconds, secret, setting
from paceline.alerts.sinks._http import request
from paceline.alerts.telling import Message
from paceline.escape import markdown
from paceline.outcome import PacelineError

EDITS = True
LABEL = "performance"
GONE = 410  # the issue was deleted
PAGES, PAGE = 10, 100
LONGEST = 60_000  # GitHub takes 65,536 characters
_REPOSITORY = re.compile(r"[A-Za-z0-9_.-]{1,100}/[A-Za-z0-9_.-]{1,100}")


def preview(message: Message, settings: Mapping[str, Any]) -> str:
    """Return the issue's title, a blank line, and its text."""
    return f"{_title(message)}\n\n{_body(message)}"


def send(message: Message, settings: Mapping[str, Any], receipt: str) -> str:
    """Edit the issue of this alert, or open one where there is none; return its number."""
    (alert,) = message.alerts
    number = receipt if receipt.isdigit() else _found(message, settings)
    document = {"title": _title(message), "body": _body(message)}
    closed = alert.state not in LIVE
    if number:
        reason = "completed" if alert.state is State.FIXED else "not_planned"
        how = {"state": "closed", "state_reason": reason} if closed else {"state": "open"}
        try:
            ask("PATCH", f"/issues/{number}", {**document, **how}, settings)
        except RefusedError as error:
            if error.status != GONE:
                raise
        else:
            return number
    if closed:  # nothing is opened to be closed
        return number
    made = ask("POST", "/issues", {**document, "labels": [LABEL]}, settings)
    return _number(made)


def mark(fingerprint: str) -> str:
    """Return the hidden mark by which an issue is found again."""
    return f"<!-- paceline alert {fingerprint} -->"


def _found(message: Message, settings: Mapping[str, Any]) -> str:
    """Return the number of the issue that holds this alert's mark; nothing when there is none."""
    wanted = mark(message.alerts[0].fingerprint)
    for page in range(1, PAGES + 1):
        query = f"/issues?state=all&labels={LABEL}&per_page={PAGE}&page={page}"
        issues = ask("GET", query, None, settings)
        if not isinstance(issues, list):
            raise RefusedError("GitHub's answer is no list of issues")
        for issue in issues:
            if isinstance(issue, dict) and wanted in str(issue.get("body") or ""):
                return _number(issue)
        if len(issues) < PAGE:
            return ""
    return ""


def ask(method: str, path: str, document: Any, settings: Mapping[str, Any]) -> Any:
    """Ask GitHub's API about the repository; return what it answers."""
    repository = setting(settings, "repository", os.environ.get("GITHUB_REPOSITORY"))
    if not _REPOSITORY.fullmatch(repository) or ".." in repository:
        raise PacelineError(f'paceline.toml: repository must be "owner/name", not {repository!r}')
    api = setting(settings, "api", "https://api.github.com").rstrip("/")
    headers = {
        "Accept": "application/vnd.github+json",
        "Authorization": f"Bearer {secret(settings, 'token_env', 'GITHUB_TOKEN')}",
        "X-GitHub-Api-Version": "2022-11-28",
    }
    return request(method, f"{api}/repos/{repository}{path}", document, headers, seconds(settings)).json()


def _number(issue: Any) -> str:
    number = issue.get("number") if isinstance(issue, dict) else None
    if isinstance(number, bool) or not isinstance(number, int):
        raise RefusedError("GitHub's answer is no issue")
    return str(number)


def _title(message: Message) -> str:
    return telling.title(message)[:250]


def _body(message: Message) -> str:
    (alert,) = message.alerts
    again, accept = telling.commands(alert)
    cases = [f"- {markdown(case, 160)}" for case in alert.cases[: telling.MOST_CASES]]
    events = [f"- {markdown(one.utc, 20)} {markdown(one.what, 160)}" for one in alert.events[-20:]]
    lines = [
        mark(alert.fingerprint),
        *telling.markdown_table(message.alerts, message.link),
        "",
        *cases,
        "",
        "```console",
        f"$ {again}",
        f"$ {accept}",
        "```",
        "",
        *events,
    ]
    return "\n".join(lines)[:LONGEST]
