"""Where builds keep their log, and what is said when one fails: the compiler's last lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from paceline.suite.config import Suite
from paceline.suite.slots import BuildFailedError


def log_of(suite: Suite, what: str) -> Path:
    """Return a new file beside the suite for what builds print; ``what`` is the command or tool."""
    return suite.root / ".paceline" / "logs" / f"{what}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.log"


@contextmanager
def last_lines_told(say: Callable[[str], None]) -> Iterator[None]:
    """Show the compiler's last lines of a build in this block that fails, and let the failure through."""
    try:
        yield
    except BuildFailedError as error:
        for line in error.lines:
            say("  " + line)
        raise
