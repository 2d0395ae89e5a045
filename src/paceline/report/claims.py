"""What each change is said to be worth: ``claims.toml`` beside a suite's benchmarks, as values.

::

    [[claim]]
    change = "memory is reserved beforehand"
    model = "minimal"
    without = "rust_no_prealloc"     # two implementations: the same but for the change
    with = "rust_pyo3"
    says = [1.05, 1.1]               # time without / time with: a range, a number, or a text
    source = "the notes of the Rust port"
    benchmark = "MinimalSeed"        # optional: only benchmarks whose name has this in it

    [limit]                          # at most one: what the machine can do at most
    benchmark = "arrays.limits.Bandwidth.track_bandwidth"  # bytes a second, by size
    [limit.rows]                     # by class: bytes an element, and the limit's other parameters
    "arrays.umath.Exp" = { bytes = 16, kernel = "copy" }
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from paceline.escape import plain
from paceline.results.measurements import Scalar

FILE = "claims.toml"
_TEXTS = ("change", "model", "without", "with")
_KNOWN = {*_TEXTS, "says", "source", "benchmark"}


@dataclass(frozen=True)
class Claim:
    """A change that makes one implementation of another, and what it is said to be worth.

    ``low`` and ``high`` are the ends of time without / time with; None where the claim is a text or nothing.
    """

    change: str
    model: str
    without: str
    with_: str
    low: float | None = None
    high: float | None = None
    text: str = ""
    source: str = ""
    benchmark: str = ""


@dataclass(frozen=True)
class Moved:
    """The bytes an element that a row must move; ``params`` are those of the limit's benchmark."""

    bytes: float
    params: Mapping[str, Scalar]


@dataclass(frozen=True)
class Limit:
    """The benchmark that tracks what the machine can do at most, and by class what its rows move."""

    benchmark: str
    rows: Mapping[str, Moved]


def limit(text: str) -> Limit | None:
    """Return the limit that a file tells; None where there is none, or none that can be understood."""
    try:
        told: Any = tomllib.loads(text).get("limit")
        rows = {name: Moved(float(one["bytes"]), _params(one)) for name, one in told["rows"].items()}
        return Limit(str(told["benchmark"]), {name: one for name, one in rows.items() if one.bytes > 0})
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError, AttributeError):
        return None


def _params(told: Mapping[str, Any]) -> dict[str, Scalar]:
    return {
        name: one if isinstance(one, str | int | float) else str(one)
        for name, one in told.items()
        if name != "bytes"
    }


def parse(text: str, where: str) -> tuple[tuple[Claim, ...], tuple[str, ...]]:
    """Return the claims of a file, and a warning for each that cannot be understood; ``where`` names it."""
    try:
        told = tomllib.loads(text).get("claim", [])
    except tomllib.TOMLDecodeError as error:
        return (), (f"{where}: {error}",)
    if not isinstance(told, list):
        return (), (f"{where}: claims are written as [[claim]]",)
    found: list[Claim] = []
    warnings: list[str] = []
    for number, one in enumerate(told, 1):
        try:
            found.append(_claim(one))
        except (ValueError, TypeError) as error:
            warnings.append(f"{where}, claim {number}: {error}; left out")
    return tuple(found), tuple(warnings)


def _claim(told: Any) -> Claim:
    if not isinstance(told, dict):
        raise TypeError("it has no names and values")
    missing = [name for name in _TEXTS if not isinstance(told.get(name), str) or not told[name]]
    if missing:
        raise ValueError(f"{' and '.join(missing)} must be given, as text")
    unknown = [plain(name, 30) for name in told if name not in _KNOWN]
    if unknown:
        raise ValueError(f"{', '.join(unknown)} is unknown; known are {', '.join(sorted(_KNOWN))}")
    low, high, said = _said(told)
    more = {name: str(told.get(name, "")) for name in ("source", "benchmark")}
    return Claim(told["change"], told["model"], told["without"], told["with"], low, high, said, **more)


def _said(told: Mapping[str, Any]) -> tuple[float | None, float | None, str]:
    says = told.get("says", "")
    if isinstance(says, str):
        return None, None, says
    ends = says if isinstance(says, list) else [says, says]
    if len(ends) != 2 or not all(_positive(end) for end in ends) or ends[0] > ends[1]:
        raise ValueError("says is a positive number, [low, high], or a text")
    return float(ends[0]), float(ends[1]), ""


def _positive(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < float("inf")
