"""What a benchmark returned, as JSON can carry it. Runs inside the measured interpreter, beside worker.py."""

import base64
import hashlib
import struct
from typing import Any, Dict, List, Optional, Tuple

MOST_NUMBERS = 200000  # as many of an answer travel over the pipe; of longer ones only the hash does
MOST_ITEMS = 1000000  # of lists and tuples: looking at one takes microseconds
EXACT = 2**53  # beyond it a double does not tell all whole numbers apart


def encoded(value: Any) -> Dict[str, Any]:
    """Return an answer as JSON can carry it: its numbers, or the hash of what else it is."""
    if value is None:
        return {"sha": "", "shape": [], "numbers": None}
    try:
        shape, numbers, rest = flat(value)
        data = struct.pack(f"<{len(numbers)}d", *numbers)
    except Exception:  # a class of somebody else may raise anything; the case is worth timing all the same
        return {"sha": "", "shape": [], "numbers": None}
    sha = hashlib.sha256(data + repr((shape, rest)).encode()).hexdigest()
    carried = base64.b64encode(data).decode() if len(numbers) <= MOST_NUMBERS else None
    return {"sha": sha, "shape": repr((shape, rest)), "numbers": carried}


def flat(value: Any, left: Optional[List[int]] = None) -> Tuple[str, List[float], List[str]]:
    """Return the form of a value, its numbers and its texts; what is made of anything else is a TypeError.

    ``left`` holds how many items of containers may still be looked at; more are a TypeError, too.
    """
    left = [MOST_ITEMS] if left is None else left
    if hasattr(value, "dtype") and getattr(value, "shape", 0) == ():
        value = value.item()  # a scalar of NumPy's, or an array of one number without axes
    if isinstance(value, int) and abs(value) > EXACT:
        return "i", [], [str(value)]
    if isinstance(value, (bool, int, float)):
        return "0", [float(value)], []
    if isinstance(value, complex):
        return flat_complex(value)
    if isinstance(value, (str, bytes)):
        return "s", [], [repr(value)]
    if hasattr(value, "dtype") and hasattr(value, "ravel"):
        return flat_array(value)
    if isinstance(value, (dict, list, tuple)):
        left[0] -= len(value)
        if left[0] < 0:
            raise TypeError("an answer of over {} items".format(MOST_ITEMS))
    if isinstance(value, dict):
        parts = [flat(value[key], left) for key in sorted(value, key=repr)]
        names = [repr(key) for key in sorted(value, key=repr)]
    elif isinstance(value, (list, tuple)):
        parts, names = [flat(item, left) for item in value], []
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
    if kind not in "biufc":
        raise TypeError(f"an array of {value.dtype}")
    numbers, form = value.ravel(), ("c" if kind == "c" else "a") + str(tuple(value.shape))
    if kind in "iu" and value.size and (int(value.max()) > EXACT or int(value.min()) < -EXACT):
        return f"i{tuple(value.shape)}", [], [hashed(numbers.astype(value.dtype.newbyteorder("<")))]
    if kind == "c":
        numbers = numbers.view(value.real.dtype)
    if value.size > MOST_NUMBERS:  # as a list they would take four times the memory
        return form, [], [hashed(numbers.astype("<f8"))]
    return form, numbers.astype(float).tolist(), []


def hashed(numbers: Any) -> str:
    """Return the hash of an array's bytes."""
    return hashlib.sha256(numbers.tobytes()).hexdigest()
