"""Values of JSON that anybody may have written, taken for what they are, or refused."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from paceline.results.measurements import Scalar


def positive(value: Any) -> float:
    """Return a positive, finite number; ValueError and TypeError for anything else."""
    number = float(value)
    if isinstance(value, bool | str) or not 0 < number < math.inf:
        raise ValueError(f"{value!r} is no time and no ratio")
    return number


def one_of(known: Sequence[str], value: Any) -> str:
    """Return a word that is ours; ValueError for any other."""
    if value not in known:
        raise ValueError(f"{value!r} is none of {', '.join(known)}")
    return str(value)


def share(value: Any) -> float | None:
    """Return a number from 0 on; None for anything else."""
    number = float(value) if isinstance(value, int | float) and not isinstance(value, bool) else math.nan
    return number if 0 <= number < math.inf else None


def scalar(value: Any) -> Scalar:
    """Return a plain value; of anything else its text."""
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)


def text(value: Any) -> str:
    """Return a text; an empty one for anything else."""
    return value if isinstance(value, str) else ""


def texts(value: Any) -> dict[str, str]:
    """Return what a mapping holds as texts, without what is none."""
    return {str(key): str(one) for key, one in mapping(value).items() if one is not None}


def mapping(value: Any) -> Mapping[str, Any]:
    """Return a mapping; an empty one for anything else."""
    return value if isinstance(value, dict) else {}
