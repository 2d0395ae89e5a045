"""Is this host fit to measure? All checks, looked at once."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from paceline.host import macos, processor
from paceline.host.check import Check, Finding, Level, Result, View
from paceline.host.checks import CHECKS
from paceline.host.fingerprint import Fingerprint, read_fingerprint
from paceline.host.source import Source
from paceline.host.window import watch

WATCHED_SECONDS = 1.0
_AT_ONCE = 8  # checks that wait for a command do not wait for each other


@dataclass(frozen=True)
class Examination:
    """The fingerprint and what every check found, in the order of the table."""

    fingerprint: Fingerprint
    results: tuple[Result, ...]

    @property
    def fit(self) -> bool:
        """No check failed."""
        return not any(result.level is Level.FAIL for result in self.results)

    def count(self, level: Level) -> int:
        """Return how many checks ended so."""
        return sum(result.level is level for result in self.results)


def examine(
    machine: str | None = None, source: Source | None = None, seconds: float = WATCHED_SECONDS
) -> Examination:
    """Watch this host for so many seconds, then look at everything once; about 3 s in all."""
    source = source or Source()
    window = watch(source, seconds)
    sysctl = macos.read_sysctl(source)
    fingerprint = read_fingerprint(source, machine, sysctl)
    view = View(source, fingerprint, window, sysctl, processor.cpuinfo_name)
    return Examination(fingerprint, results(view))


def results(view: View, checks: Sequence[Check] = CHECKS) -> tuple[Result, ...]:
    """Look at everything that applies to the view's system; a check that breaks is an unknown."""
    fitting = [check for check in checks if view.source.system in check.systems]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        findings = pool.map(lambda check: _look(check, view), fitting)
        return tuple(
            Result(check.id, finding.level, finding.seen, check.why, finding.mend)
            for check, finding in zip(fitting, findings, strict=True)
        )


def _look(check: Check, view: View) -> Finding:
    try:
        return check.look(view)
    except Exception as error:  # one odd host must not cost the other checks
        return Finding(Level.UNKNOWN, f"the check itself failed: {type(error).__name__}: {error}")
