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


def quick(root: Path) -> Quick:
    """Read the section ``[quick]``."""
    section = _read(root / FILE).get("quick", {})
    if not isinstance(section, dict):
        raise PacelineError(f"{FILE}: quick must be a table, not {section!r}")
    bench, attributes = section.get("bench", []), section.get("attributes", {})
    if not (isinstance(bench, list) and all(isinstance(one, str) for one in bench)):
        raise PacelineError(f"{FILE}: quick.bench must be a list of regular expressions, not {bench!r}")
    for pattern in bench:
        try:
            re.compile(pattern)
        except re.error as error:
            raise PacelineError(
                f"{FILE}: quick.bench: {pattern!r} is no regular expression: {error}"
            ) from error
    if not isinstance(attributes, dict):
        raise PacelineError(f"{FILE}: quick.attributes must be a table, not {attributes!r}")
    return Quick(tuple(bench), attributes)


def _read(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise PacelineError(f"cannot read {path.name}: {error}") from error
