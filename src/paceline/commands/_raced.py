"""What races have found, when they have ended: the next command, the JSON, and the Markdown."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from paceline.commands import _varying
from paceline.commands._driving import Driven
from paceline.outcome import Exit
from paceline.race.order import QUICK, Order
from paceline.report import race_document, race_markdown
from paceline.report.races import Outcome


def written(driven: Driven, outcomes: Sequence[Outcome]) -> str:
    """Return what was found as Markdown, with where and when it was measured."""
    field, host = driven.field, driven.opened.host
    about = [
        f"{datetime.now(UTC):%Y-%m-%d}, commit {field.tree.label}, {host.get('cpu') or 'unknown processor'}",
        *(f"{name}: same (identical build) as the baseline, not measured" for name in field.identical),
        f"again: {shlex.join(['paceline', *sys.argv[1:]])}",
    ]
    return race_markdown.document(outcomes, f"Races across {field.order.across}", about)


def following(driven: Driven, outcomes: Sequence[Outcome], ended: BaseException | None) -> str:
    """Return the command that helps most now."""
    order = driven.field.order
    models = " ".join(("", *order.models))
    results = [one for outcome in outcomes for one in outcome.results]
    statuses = {one.status for one in results} | {one.baseline.status for one in outcomes if one.baseline}
    if ended or any(one.status == "unmeasured" and "budget" in one.reason for one in results):
        return f"paceline race --resume {driven.opened.ledger.run}"
    lacking = order.across.lstrip("'").startswith("req:") and not order.with_project
    if lacking and not any(one.status == "ok" for one in results):
        return f"paceline race{models}{_asked(order)} --with-project"
    if statuses & {"differs", "failed"}:
        return f"paceline check{models}"
    if order.preset == QUICK:
        return f"paceline race{models}{_asked(order)} --preset full"
    return f"paceline show {driven.opened.ledger.run}"


def _asked(order: Order) -> str:
    """Return what else was asked for, as a shell takes it."""
    words = [f"--across {text}" for text in map(shlex.quote, order.variations)]
    words += ["--with-project"] if order.with_project else []
    words += [f"--n {size}" for size in order.sizes]
    return "".join(f" {word}" for word in words)


def document(driven: Driven, outcomes: Sequence[Outcome], exits: Sequence[Exit]) -> dict[str, Any]:
    """Return what was found for JSON."""
    opened = driven.opened
    return {
        "schema": 1,
        "run": opened.ledger.run,
        "machine": opened.machine,
        "commit": driven.field.tree.label,
        "ledger": str(opened.ledger.path),
        "preset": driven.field.order.preset,
        "across": driven.field.order.across,
        "environments": _varying.document(driven.field.varied),
        "identical": list(driven.field.identical),
        "races": race_document.races(outcomes),
        "host": dict(opened.host),
        "infra": opened.infra,
        "exits": [int(code) for code in exits],
    }
