"""Do two contenders return the same? What workers tell of a returned value, compared as numbers."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

import numpy as np

IDENTICAL, CHANGED, UNCHECKED = "identical", "changed", "unchecked"
RELATIVE = "max rel "


def compare(want: Mapping[str, Any] | None, got: Mapping[str, Any] | None) -> str:
    """Return "identical", "max rel 1.2e-12", "changed" or "unchecked", of what a worker's "answer" told.

    The relative difference is that to the larger of the two numbers. Answers of another form, other texts,
    or a NaN on one side only, are changed; None, and what is not made of numbers and text, is unchecked.
    """
    if not want or not got or not want.get("sha") or not got.get("sha"):
        return UNCHECKED
    if want["sha"] == got["sha"]:
        return IDENTICAL
    if want["shape"] != got["shape"] or want["numbers"] is None or got["numbers"] is None:
        return CHANGED
    a, b = _numbers(want["numbers"]), _numbers(got["numbers"])
    if a.shape != b.shape or not np.array_equal(np.isfinite(a), np.isfinite(b)):
        return CHANGED
    odd = ~np.isfinite(a)
    if not np.array_equal(a[odd], b[odd], equal_nan=True):
        return CHANGED
    largest = np.maximum(np.abs(a), np.abs(b))[~odd]
    scale = np.where(largest > 0, largest, 1.0)
    relative = np.abs(a[~odd] / scale - b[~odd] / scale)  # a difference of its own may be beyond all floats
    most = float(relative.max(initial=0.0))
    return IDENTICAL if most == 0.0 else f"{RELATIVE}{most:.2g}"


def beyond(told: str, within: float) -> bool:
    """Tell whether what ``compare`` told is more than a relative difference; unchecked is not."""
    if told.startswith(RELATIVE):
        return float(told.removeprefix(RELATIVE)) > within
    return told == CHANGED


def _numbers(text: str) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Decode little-endian doubles."""
    return np.frombuffer(base64.b64decode(text), dtype="<f8").astype(np.float64)
