"""What a benchmark returned, as JSON can carry it. Runs inside the measured interpreter, beside worker.py."""

import base64
import hashlib
import struct
from typing import Any, Dict, List, Tuple

MOST_NUMBERS = 200000  # as many of an answer travel over the pipe; of longer ones only the hash does


def encoded(value: Any) -> Dict[str, Any]:
    """Return an answer as JSON can carry it: its numbers, or the hash of what else it is."""
    if value is None:
        return {"sha": "", "shape": [], "numbers": None}
    try:
        shape, numbers, rest = flat(value)
    except (TypeError, ValueError, RecursionError):
        return {"sha": "", "shape": [], "numbers": None}
    data = struct.pack(f"<{len(numbers)}d", *numbers)
    sha = hashlib.sha256(data + repr((shape, rest)).encode()).hexdigest()
    carried = base64.b64encode(data).decode() if len(numbers) <= MOST_NUMBERS else None
    return {"sha": sha, "shape": repr((shape, rest)), "numbers": carried}


def flat(value: Any) -> Tuple[str, List[float], List[str]]:
    """Return the form of a value, its numbers and its texts; what is made of anything else is a TypeError."""
    if isinstance(value, (bool, int, float)) or (
        hasattr(value, "dtype") and getattr(value, "shape", 0) == ()
    ):
        return flat_complex(value) if isinstance(value, complex) else ("0", [float(value)], [])
    if isinstance(value, complex):
        return flat_complex(value)
    if isinstance(value, (str, bytes)):
        return "s", [], [repr(value)]
    if hasattr(value, "dtype") and hasattr(value, "ravel"):
        return flat_array(value)
    if isinstance(value, dict):
        parts = [flat(value[key]) for key in sorted(value, key=repr)]
        names = [repr(key) for key in sorted(value, key=repr)]
    elif isinstance(value, (list, tuple)):
        parts, names = [flat(item) for item in value], []
    else:
        raise TypeError(f"an answer of {type(value).__name__}")
    shape = "({})".format(",".join(part[0] for part in parts))
    return shape, [n for part in parts for n in part[1]], names + [t for part in parts for t in part[2]]


def flat_complex(value: complex) -> Tuple[str, List[float], List[str]]:
    """Return a complex number as two numbers."""
    return "c", [value.real, value.imag], []


def flat_array(value: Any) -> Tuple[str, List[float], List[str]]:
    """Return an array of NumPy's kind; one of objects is a TypeError."""
    kind = value.dtype.kind
    if kind in "mM":
        value, kind = value.view("i8"), "i"
    if kind == "c":
        return f"c{value.shape}", value.ravel().view(value.real.dtype).astype(float).tolist(), []
    if kind not in "biuf":
        raise TypeError(f"an array of {value.dtype}")
    return f"a{tuple(value.shape)}", value.ravel().astype(float).tolist(), []
