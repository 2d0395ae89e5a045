"""A comparison's JSON, read as data that anybody may have written: checked, and bounded."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from paceline.escape import plain
from paceline.outcome import PacelineError
from paceline.results.foreign import mapping

LARGEST = 5_000_000  # bytes
MOST = 20_000  # cases
WORSE = ("slower", "worse")
WORDS = (
    *("slower", "worse", "failed", "unmeasured", "inconclusive", "removed", "changed", "faster", "better"),
    *("new", "skipped", "same"),
)
_HASH = re.compile(r"[0-9a-f]{40,64}")


@dataclass(frozen=True)
class Row:
    """One case; texts are one line each, and still have to be escaped for where they are shown."""

    benchmark: str
    case: str
    verdict: str
    ratio: float | None = None
    low: float | None = None
    high: float | None = None
    reason: str = ""

    @property
    def told(self) -> str:
        """The ratio with its interval, or why there is none."""
        if self.ratio is None:
            return self.reason
        if self.low is None or self.high is None:
            return f"{self.ratio:.3f}"
        return f"{self.ratio:.3f} ({self.low:.3f}-{self.high:.3f})"


@dataclass(frozen=True)
class Comparison:
    """Two commits and their cases, the worst first."""

    base: str
    head: str
    rows: tuple[Row, ...]
    also_changed: tuple[str, ...] = ()

    @property
    def counts(self) -> Mapping[str, int]:
        """How many cases have each verdict, in the order of the words."""
        found = Counter(row.verdict for row in self.rows)
        return {word: found[word] for word in WORDS if found[word]}

    @property
    def worse(self) -> tuple[Row, ...]:
        """The cases that became worse."""
        return tuple(row for row in self.rows if row.verdict in WORSE)


def read(path: Path) -> Comparison:
    """Read what ``paceline compare --json`` wrote; PacelineError says what is wrong with it."""
    try:
        if path.stat().st_size > LARGEST:
            raise PacelineError(f"{path} is larger than a comparison ever is")
        document = json.loads(path.read_bytes().decode(), parse_constant=_refuse)
    except (OSError, ValueError, RecursionError) as error:
        raise PacelineError(f"cannot read {path}: {plain(error, 200)}") from error
    if not isinstance(document, dict) or document.get("schema") != 1:
        raise PacelineError(f"{path} is no comparison of schema 1")
    cases = document.get("verdicts")
    if not isinstance(cases, list) or len(cases) > MOST:
        raise PacelineError(f"{path} has no list of at most {MOST} verdicts")
    try:
        rows = sorted((_row(one) for one in cases), key=_rank)
        base, head = (_commit(document, side) for side in ("base", "head"))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise PacelineError(f"{path} holds what no comparison writes: {plain(error, 120)}") from error
    changed = document.get("also_changed")
    told = [plain(one, 160) for one in changed[:10]] if isinstance(changed, list) else []
    return Comparison(base, head, tuple(rows), tuple(told))


def _row(one: Mapping[str, Any]) -> Row:
    if one["verdict"] not in WORDS:
        raise ValueError(f"the verdict {one['verdict']!r}")
    benchmark = plain(one["benchmark"], 160)
    told = mapping(one["params"]).items()
    params = ", ".join(f"{plain(key, 40)}={plain(value, 60)}" for key, value in told)
    case = f"{benchmark}({params})" if params else benchmark
    ratio, low, high = (_number(one.get(key)) for key in ("ratio", "low", "high"))
    return Row(benchmark, case, str(one["verdict"]), ratio, low, high, plain(one.get("reason") or "", 160))


def _number(value: Any) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < math.inf:
        raise ValueError(f"the ratio {value!r}")
    return float(value)


def _commit(document: Mapping[str, Any], side: str) -> str:
    commit = mapping(document.get(side)).get("commit")
    if not isinstance(commit, str) or not _HASH.fullmatch(commit):
        raise ValueError(f"the commit {commit!r}")
    return commit


def _rank(row: Row) -> tuple[int, float]:
    return WORDS.index(row.verdict), -abs((row.ratio or 1.0) - 1.0)


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")
