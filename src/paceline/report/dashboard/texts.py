"""Other people's text and values on their way into the page: one line, shortened, nothing invisible."""

from __future__ import annotations

import sys
from typing import Any

from paceline.escape import plain
from paceline.results.measurements import Scalar

LONGEST = 400  # characters; a hover has no room for more


def text(value: Any, longest: int = LONGEST) -> str:
    """Return text for the page, which shows it as text, whatever it says."""
    return plain(value, longest)


def value(given: Any) -> Scalar:
    """Return a number or None as it is, anything else as text: numbers, too, that JSON does not know."""
    if given is None or (isinstance(given, int | float) and abs(given) <= sys.float_info.max):
        return given
    return text(given)
