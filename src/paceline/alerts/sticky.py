"""One comment on a pull request, found again by its mark and edited.

The number of the pull request may come from a fork's artefact. So GitHub is asked whether that pull request's
head is the commit that the trusted event names; otherwise nothing is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from paceline.alerts.pull_request import MARK
from paceline.alerts.sinks import RefusedError
from paceline.alerts.sinks.github import PAGE, PAGES
from paceline.alerts.sinks.github import ask as ask_github
from paceline.outcome import Exit, PacelineError


def post(text: str, pull: str, head: str, settings: Mapping[str, Any]) -> str:
    """Write or edit the comment; return "made" or "edited"."""
    if not (pull.isascii() and pull.isdigit() and len(pull) < 10):
        raise PacelineError("a pull request has a number")
    try:
        _checked(pull, head, settings)
        known = _found(pull, settings)
        if known:
            ask_github("PATCH", f"/issues/comments/{known}", {"body": text}, settings)
            return "edited"
        ask_github("POST", f"/issues/{pull}/comments", {"body": text}, settings)
    except RefusedError as error:
        raise PacelineError(f"the comment was not written: {error}", Exit.FAILED) from error
    return "made"


def _checked(pull: str, head: str, settings: Mapping[str, Any]) -> None:
    told = ask_github("GET", f"/pulls/{pull}", None, settings)
    side = told.get("head") if isinstance(told, dict) else None
    if not isinstance(side, dict) or side.get("sha") != head:
        raise PacelineError(f"pull request {pull} is not at {head[:12]}: nothing is written", Exit.FAILED)


def _found(pull: str, settings: Mapping[str, Any]) -> str:
    """Return the number of our comment: a bot's, that begins with the mark."""
    for page in range(1, PAGES + 1):
        query = f"/issues/{pull}/comments?per_page={PAGE}&page={page}"
        comments = ask_github("GET", query, None, settings)
        if not isinstance(comments, list):
            raise RefusedError("GitHub's answer is no list of comments")
        for one in comments:
            ours = isinstance(one, dict) and str(one.get("body") or "").startswith(MARK)
            if ours and one.get("user", {}).get("type") == "Bot":
                return str(int(one["id"]))
        if len(comments) < PAGE:
            return ""
    return ""
