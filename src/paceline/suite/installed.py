"""What an interpreter has installed, and how the two sides of a comparison differ in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from paceline.suite.slots import Built


@dataclass(frozen=True)
class Differences:
    """How two sides differ: what the commits themselves changed, and what must not differ."""

    also_changed: tuple[str, ...]
    refused: tuple[str, ...]
    identical: bool


def differences(base: Built, head: Built) -> Differences:
    """Judge every difference between two built sides."""
    raise NotImplementedError
