"""``paceline.toml``: what a project has set, beside asv's configuration. Every section is optional."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from paceline.outcome import PacelineError

FILE = "paceline.toml"


@dataclass(frozen=True)
class Quick:
    """What the quick preset measures: regular expressions on names, and asv attributes overridden."""

    bench: tuple[str, ...] = ()
    attributes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Racing:
    """How a project races: the parameter raced across, thresholds as fractions, the quick preset's races.

    ``thresholds`` are by regular expressions on races' names ("hydrology.GR6J.time_run(n=365)"), the first
    that fits; ``quick`` are such expressions, too.
    """

    across: str = "implementation"
    threshold: float = 0.025
    thresholds: Mapping[str, float] = field(default_factory=dict)
    quick: tuple[str, ...] = ()


def quick(root: Path) -> Quick:
    """Read the section ``[quick]``, as ``paceline run`` needs it."""
    section = _section(root, "quick")
    attributes = section.get("attributes", {})
    if not isinstance(attributes, dict):
        raise PacelineError(f"{FILE}: quick.attributes must be a table, not {attributes!r}")
    return Quick(_patterns(section, "bench"), attributes)


def racing(root: Path) -> Racing:
    """Read the section ``[race]``, and ``race`` of the section ``[quick]``."""
    section = _section(root, "race")
    across, thresholds = section.get("across", Racing.across), section.get("thresholds", {})
    if not isinstance(across, str) or not across:
        raise PacelineError(f"{FILE}: race.across must be a parameter's name, not {across!r}")
    if not isinstance(thresholds, dict):
        raise PacelineError(f"{FILE}: race.thresholds must be a table of expressions, not {thresholds!r}")
    for pattern in thresholds:
        _compiles(pattern, "race.thresholds")
    return Racing(
        across,
        _threshold(section.get("threshold", Racing.threshold), "race.threshold"),
        {pattern: _threshold(value, "race.thresholds") for pattern, value in thresholds.items()},
        _patterns(_section(root, "quick"), "race"),
    )


def _section(root: Path, name: str) -> dict[str, Any]:
    section = _read(root / FILE).get(name, {})
    if not isinstance(section, dict):
        raise PacelineError(f"{FILE}: {name} must be a table, not {section!r}")
    return section


def _patterns(section: Mapping[str, Any], key: str) -> tuple[str, ...]:
    patterns = section.get(key, [])
    if not (isinstance(patterns, list) and all(isinstance(one, str) for one in patterns)):
        raise PacelineError(f"{FILE}: quick.{key} must be a list of regular expressions, not {patterns!r}")
    for pattern in patterns:
        _compiles(pattern, f"quick.{key}")
    return tuple(patterns)


def _compiles(pattern: str, where: str) -> None:
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        raise PacelineError(f"{FILE}: {where}: {pattern!r} is no regular expression: {error}") from error


def _threshold(value: Any, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1:
        raise PacelineError(f"{FILE}: {where} must be a fraction such as 0.025, not {value!r}")
    return float(value)


def _read(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise PacelineError(f"cannot read {path.name}: {error}") from error
