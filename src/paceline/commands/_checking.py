"""What commands that check share: cases are checked, and every one is on the disk before it is shown."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from paceline.race.check import Plan, check
from paceline.results.checks import Case, CheckLog, record
from paceline.suite.config import Suite
from paceline.suite.repository import Checkout


def checked(
    suite: Suite,
    plans: Sequence[Plan],
    results: Path,
    machine: str,
    tree: Checkout,
    seconds: float,
    jobs: int,
    found: Callable[[Case], None],
) -> list[Case]:
    """Check in the interpreter that runs paceline, and write down every case."""
    log = CheckLog(results, machine, tree.commit)
    try:
        log.write(
            {"kind": "run", "schema": 1, "commit": tree.commit, "dirty": tree.dirty, "python": sys.version}
        )

        def heard(case: Case) -> None:
            log.write({"kind": "case", **record(case)})
            found(case)

        return check(suite, plans, sys.executable, seconds, jobs, heard)
    finally:
        log.close()
