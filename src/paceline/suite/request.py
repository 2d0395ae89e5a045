"""What the process that builds is asked for, and how it says that it cannot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from paceline.outcome import Exit


@dataclass(frozen=True)
class Request:
    """What to build, where to, and what it may take."""

    config: str
    slot: str
    environments: str  # the slot's folder
    wheels: str
    source: str  # the checkout whose objects asv's mirror may lack
    commit: str
    tree: str
    title: str  # of the commit, for people
    frozen: Mapping[str, str] | None  # name -> version, of what must not differ
    building: Mapping[str, Any] = field(default_factory=dict)  # [build] of paceline.toml
    variables: Mapping[str, str] = field(default_factory=dict)  # set while it is built; empty: taken out


class UnbuildableError(Exception):
    """What cannot be done, where no command has failed; it carries its exit code."""

    def __init__(self, message: str, code: Exit = Exit.FAILED) -> None:
        super().__init__(message)
        self.code = code
