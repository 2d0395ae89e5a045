"""Numbers packed small: what a screen cannot show is rounded away, then gzip, then base64.

A value keeps 13 bits of its mantissa (6e-5 of itself), an interval's end is a byte: how far it is from the
value, as a share of it, in steps of 5 %. Float32 goes byte plane by byte plane: neighbours share exponents.
"""

from __future__ import annotations

import base64
import gzip
import json
from typing import Any

import numpy as np
from numpy.typing import NDArray

from paceline.output import strict

Floats = NDArray[np.float32]
_DROPPED = 10  # of the mantissa's 23 bits
NO_INTERVAL = 255  # of a byte's codes
_LEAST, _STEP = 1e-5, 1.05  # code c says 1e-5 * 1.05**c: 254 is 2.4 times the value


def packed(content: bytes) -> str:
    """Return bytes as base64 of gzip; the same bytes give the same text."""
    return base64.b64encode(gzip.compress(content, 6, mtime=0)).decode("ascii")


def document(value: Any) -> str:
    """Return plain values as packed, strict JSON."""
    text = json.dumps(strict(value), allow_nan=False, separators=(",", ":"), ensure_ascii=False)
    return packed(text.encode("utf-8", "replace"))


def floats(values: Floats) -> str:
    """Return numbers as packed, rounded float32 in byte planes, least significant first."""
    return packed(_rounded(values).astype("<f4").view(np.uint8).reshape(-1, 4).T.tobytes())


def whole(numbers: NDArray[np.uint16]) -> str:
    """Return small whole numbers as packed uint16 in byte planes."""
    return packed(numbers.astype("<u2").view(np.uint8).reshape(-1, 2).T.tobytes())


def spread(value: Floats, end: Floats) -> NDArray[np.uint8]:
    """Return how far an interval's end is from its value, as a byte: NO_INTERVAL where there is none."""
    with np.errstate(all="ignore"):
        share = np.abs(end.astype(np.float64) - value) / np.abs(value)
        code = np.rint(np.log(np.maximum(share, _LEAST) / _LEAST) / np.log(_STEP))
    return np.where(np.isfinite(code), np.minimum(np.nan_to_num(code), 254), NO_INTERVAL).astype(np.uint8)


def _rounded(values: Floats) -> Floats:
    """Round the mantissa to nearest; infinities and NaN stay what they are."""
    bits = np.ascontiguousarray(values, np.float32).view(np.uint32)
    half = np.uint32(1 << (_DROPPED - 1))
    near = (bits.astype(np.uint64) + half).astype(np.uint32) & np.uint32(~((1 << _DROPPED) - 1) & 0xFFFFFFFF)
    fine = np.isfinite(near.view(np.float32)) & np.isfinite(values)
    return np.where(fine, near.view(np.float32), values).astype(np.float32)
