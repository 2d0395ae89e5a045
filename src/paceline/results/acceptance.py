"""Slow-downs that a commit's own message accepts: ``Perf-accept: BENCHMARK [up to N%] REASON``.

BENCHMARK names a benchmark or a case; ``*`` in it stands for anything. It is no regular expression: messages
of commits come from anybody. The reason may be left out, and may stand after ``--``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

_WHAT = r"(?P<what>[^\s(]+(?:\(.*?\))?)(?:\s+up to\s+(?P<most>\d+(?:\.\d+)?)\s*%)?"
SHAPES = [re.compile(_WHAT + rest) for rest in (r"\s+--\s*(?P<reason>.*)", r"(?:\s+(?P<reason>.*))?")]
MOST_LETTERS = 200


@dataclass(frozen=True)
class Acceptance:
    """What may be slower, by how much (a fraction; None: any), and why."""

    what: str
    most: float | None
    reason: str

    def fits(self, names: Sequence[str], ratio: float | None) -> bool:
        """Tell whether something of these names may be slower by this ratio."""
        named = self.what in names or any(fnmatchcase(name, self.what) for name in names)
        return named and (self.most is None or (ratio is not None and ratio <= 1.0 + self.most))


def parsed(text: str) -> Acceptance | None:
    """Return what a line accepts; None where it names nothing."""
    line = " ".join(text.split())[:MOST_LETTERS]
    shape = next((found for one in SHAPES if (found := one.fullmatch(line))), None)
    if shape is None:
        return None
    most = float(shape["most"]) / 100 if shape["most"] else None
    return Acceptance(shape["what"], most, shape["reason"] or "")
