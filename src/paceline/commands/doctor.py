"""``paceline doctor``: is this host fit to measure? It looks, and changes nothing.

``--json FILE`` writes::

    {"schema": 1,
     "host": {"machine", "host", "os", "os_version", "kernel", "arch", "cpu", "signature", "microcode",
              "cores_physical", "cores_logical", "l1d", "l2", "l3", "ram", "governor", "turbo",
              "virtualisation", "container", "python", "implementation", "numpy", "blas", "epoch"},
     "checks": [{"id", "level": "ok|info|warn|fail|unknown", "seen", "why", "mend"}],
     "summary": {"ok": n, "info": n, "warn": n, "fail": n, "unknown": n},
     "exits": []}

Sizes are bytes; null is unknown. ``why`` is what the check is for, at every level; ``mend`` is
empty where there is nothing to mend. ``exits`` holds 5 when a check failed under ``--strict``.
"""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from paceline.host.check import Level, Result
from paceline.host.doctor import Examination, examine
from paceline.host.fingerprint import Fingerprint
from paceline.outcome import Exit, worst
from paceline.output import console, write_json

_MARKS = {
    Level.OK: ("ok", "green"),
    Level.INFO: ("info", "cyan"),
    Level.WARN: ("WARN", "bold yellow"),
    Level.FAIL: ("FAIL", "bold red"),
    Level.UNKNOWN: ("?", "dim"),
}
_MOST_LINES = 40  # where the output is no terminal
_TELLING = (Level.WARN, Level.FAIL)

Row = tuple[Text, Text, Text]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add doctor's options."""
    parser.add_argument("--json", metavar="FILE", help="write what was found as JSON ('-': standard output)")
    parser.add_argument("--strict", action="store_true", help="exit with 5 when a check fails")
    parser.add_argument("--machine", metavar="NAME", help="the machine's name; otherwise the host's name")


def run(options: argparse.Namespace) -> Exit:
    """Examine this host, print what was found, and write it as JSON if asked to."""
    found = examine(options.machine)
    exits = [Exit.HOST_NOT_FIT] if options.strict and not found.fit else []
    show(found, console(stderr=options.json == "-"))
    if options.json:
        write_json(options.json, document(found, exits))
    return worst(exits)


def document(found: Examination, exits: list[Exit]) -> dict[str, Any]:
    """Return doctor's JSON."""
    return {
        "schema": 1,
        "host": found.fingerprint.document(),
        "checks": [asdict(result) for result in found.results],
        "summary": {str(level): found.count(level) for level in Level},
        "exits": [int(code) for code in exits],
    }


def show(found: Examination, out: Console) -> None:
    """Print the host, every check, a summary and the next command."""
    ends = [Text(summary(found), style="bold"), Text(f"next: {next_command(found)}")]
    if out.is_terminal:
        out.print(Text(headline(found.fingerprint), style="bold"))
        out.print(_table(rows(found.results)))
        out.print(*ends, sep="\n")
    else:
        lines = [headline(found.fingerprint), *plain_lines(found.results, _MOST_LINES - 3)]
        out.print("\n".join([*lines, *(end.plain for end in ends)]), markup=False, soft_wrap=True)


def headline(host: Fingerprint) -> str:
    """Return the host in one line."""
    cores = f"{host.cores_physical or '?'} cores, {host.cores_logical or '?'} processors"
    memory = f"{host.ram / (1 << 30):.0f} GB" if host.ram else "memory unknown"
    cpu = host.cpu or "unknown processor"
    return f"{host.machine}: {cpu} ({host.arch}, {cores}, {memory}), epoch {host.epoch}"


def summary(found: Examination) -> str:
    """Return how many checks ended how, and what that means."""
    counts = ", ".join(f"{found.count(level)} {level}" for level in Level if found.count(level))
    if not found.fit:
        return f"{counts}: this host is not fit to measure; mend what failed"
    if found.count(Level.WARN):
        return f"{counts}: fit for ratios; absolute times are as noisy as the warnings say"
    return f"{counts}: fit to measure"


def next_command(found: Examination) -> str:
    """Return the command that is worth typing now."""
    return "paceline check" if found.fit else "paceline doctor (after mending), then: paceline check"


def rows(results: tuple[Result, ...]) -> list[Row]:
    """Return level, name and text of every check; for what needs mending also why and how."""
    found: list[Row] = []
    for result in results:
        mark, style = _MARKS[result.level]
        quiet = "dim" if result.level is Level.UNKNOWN else ""
        found.append((Text(mark, style=style), Text(result.id), Text(result.seen, style=quiet)))
        if result.level in _TELLING:
            found.append((Text(), Text(), Text(f"why   {result.why}", style="dim")))
            found.append((Text(), Text(), Text(f"mend  {result.mend}")))
    return found


def _table(found: list[Row]) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for row in found:
        table.add_row(*row)
    return table


def plain_lines(results: tuple[Result, ...], most: int) -> list[str]:
    """Return at most so many lines: the quiet levels are folded into one line each as need be."""
    folded: list[Level] = []
    for level in (None, Level.UNKNOWN, Level.OK, Level.INFO):
        folded += [level] if level else []
        lines = _aligned(results, folded)
        if len(lines) <= most:
            return lines
    return [*lines[: most - 1], f"... and {len(lines) - most + 1} more lines: --json - has all"]


def _aligned(results: tuple[Result, ...], folded: list[Level]) -> list[str]:
    width = max((len(result.id) for result in results), default=0)
    shown = tuple(result for result in results if result.level not in folded)
    lines = [f"{mark.plain:<4}  {name.plain:<{width}}  {text.plain}" for mark, name, text in rows(shown)]
    for level in folded:
        names = [result.id for result in results if result.level is level]
        lines += [f"{_MARKS[level][0]:<4}  {', '.join(names)}"] if names else []
    return [line.replace("\n", " ").rstrip() for line in lines]
