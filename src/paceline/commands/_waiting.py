"""What measuring commands share: how long they wait for a host that somebody else measures on."""

from __future__ import annotations

import argparse
import math


def add_wait(parser: argparse.ArgumentParser) -> None:
    """Declare ``--wait SECONDS`` and ``--no-wait``; without them a command waits as long as it takes."""
    group = parser.add_mutually_exclusive_group()
    group.add_argument(
        "--wait",
        type=_seconds,
        metavar="SECONDS",
        help="wait so long for another measurement on this host to end (as long as it takes)",
    )
    group.add_argument(
        "--no-wait", action="store_true", help="fail at once when another measurement runs on this host"
    )


def wait_of(options: argparse.Namespace) -> float | None:
    """Return the seconds to wait: 0 for not at all, None for as long as it takes."""
    seconds: float | None = 0.0 if options.no_wait else options.wait
    return seconds


def _seconds(text: str) -> float:
    seconds = float(text)
    if not (0 <= seconds < math.inf):
        raise argparse.ArgumentTypeError(f"{text} is no number of seconds")
    return seconds
