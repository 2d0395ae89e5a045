"""How far the harness can be trusted: a self-test's rows as lines for a terminal, and as a page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import Any

from paceline.escape import markdown as escaped
from paceline.race.selftest import AGAIN, Rate, Row, missed, total


def lines(rows: Sequence[Row]) -> Iterator[str]:
    """Yield what a self-test shows, for a terminal."""
    alarms = total(rows, AGAIN)
    yield (
        f"identical code: {alarms.found} of {alarms.trials} called slower "
        f"(below {alarms.upper95:.2%} with 95 % confidence)"
    )
    for arm in ("+5 %", "+3 %", "+1 %"):
        rate = total(rows, arm)
        if rate.trials:
            yield f"{arm}: found {_found(rate)}"
    for row in rows:
        if row.trials:
            yield f"{row.kind.name}: {_details(row)}"
    for bar in missed(rows):
        yield f"MISSED: {bar}"


def markdown(rows: Sequence[Row], records: Sequence[Mapping[str, Any]]) -> str:
    """Return the report of a self-test as a page; ``records`` are its ledger's."""
    head = next((record for record in records if record.get("kind") == "run"), {})
    told = list(missed(rows))
    busy = head.get("settings", {}).get("busy", 0)
    parts = [
        f"### {'With ' + str(busy) + ' busy loops beside it' if busy else 'No load added'}",
        "\n".join(_where(head, records)),
        "\n".join(_table(rows)),
        "Bars missed: " + ("; ".join(map(escaped, told)) if told else "none."),
    ]
    return "\n\n".join(parts) + "\n"


def _where(head: Mapping[str, Any], records: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    host = head.get("host", {})
    pairs = [record for record in records if record.get("kind") == "pair"]
    steals = [pair["steal"] for pair in pairs if pair.get("steal") is not None]
    # where files lie is nobody's affair
    words = (PurePath(str(word)).name for word in head.get("command", []))
    command = " ".join(words)
    yield f"- {escaped(str(head.get('utc', '')))}: `{command.replace('`', '')}`"
    processors = f"{escaped(str(host.get('cpu', '')))}, {host.get('cores_logical', '?')} processors"
    yield f"- {processors}; {len(pairs)} pairs"
    if steals:
        mean, most = sum(steals) / len(steals), max(steals)
        yield f"- time stolen by other guests: {mean:.1%} on average, {most:.1%} at most"


def _table(rows: Sequence[Row]) -> Iterator[str]:
    yield (
        "| kind of code | trials | identical: slower / suspected / faster | +5 % found | +3 % found "
        "| +1 % found | SD of the ratio | seconds, same | seconds, slower |"
    )
    yield "|---|--:|--:|--:|--:|--:|--:|--:|--:|"
    for row in rows:
        again = row.rates[AGAIN]
        cells = [
            row.kind.name,
            str(row.trials),
            f"{again.found} / {row.suspected.found} / {row.faster.found}",
            *(_cell(row.rates.get(arm)) for arm in ("+5 %", "+3 %", "+1 %")),
            "" if row.spread is None else f"{row.spread:.2%}",
            _seconds(row.quiet_seconds),
            _seconds(row.flagged_seconds),
        ]
        yield f"| {' | '.join(cells)} |"
    alarms = total(rows, AGAIN)
    cells = ["all", str(alarms.trials), f"{alarms.found} (below {alarms.upper95:.2%})"]
    cells += [_cell(total(rows, arm)) for arm in ("+5 %", "+3 %", "+1 %")]
    yield f"| {' | '.join([*cells, '', '', ''])} |"


def _cell(rate: Rate | None) -> str:
    return "" if rate is None or not rate.trials else _found(rate)


def _found(rate: Rate) -> str:
    return f"{rate.found} of {rate.trials} (above {rate.lower95:.1%})"


def _seconds(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}"


def _details(row: Row) -> str:
    told = [f"{row.trials} trials"]
    if row.spread is not None and row.off is not None:
        told.append(f"identical code {row.off:+.2%}, SD {row.spread:.2%}")
    if row.quiet_seconds is not None:
        told.append(f"{row.quiet_seconds:.1f} s when nothing happened")
    if row.flagged_seconds is not None:
        told.append(f"{row.flagged_seconds:.1f} s for 5 %")
    return ", ".join(told)
