"""Comparing an answer with the reference's, and importing what may be absent: the parts behind ``Model``."""

from __future__ import annotations

import hashlib
import importlib
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from types import ModuleType
from typing import Any

import numpy as np

EXTENSION = "_rust"
RULES = ("_approx", "_fastmath", "_f16")


def load(name: str) -> ModuleType:
    """Import a module; what this commit or machine has not is skipped, what is broken fails."""
    root = name.split(".", maxsplit=1)[0]
    try:
        module = importlib.import_module(name)
    except ModuleNotFoundError as error:
        missing = error.name or ""
        ours = missing.split(".", maxsplit=1)[0] == root
        if ours and missing != f"{root}.{EXTENSION}" and not f"{name}.".startswith(f"{missing}."):
            raise
        why = "built without its Rust extension" if missing.endswith(EXTENSION) else f"no {missing} here"
        raise NotImplementedError(why) from error
    build = getattr(sys.modules.get(f"{root}.{EXTENSION}"), "BUILD", {"profile": "release"})
    if build["profile"] != "release":
        raise RuntimeError(f"{root}.{EXTENSION} is a {build['profile']} build; run `make setup`")
    return module


def difference(got: Any, want: Any, rtol: float, atol: float) -> tuple[float, float, str]:
    """Return the largest absolute and relative difference of two arrays, and a reason where it is too large.

    NaN agrees with NaN; another type, shape or dtype never agrees.
    """
    kinds = [f"{x.dtype}{x.shape}" if hasattr(x, "dtype") else f"a {type(x).__name__}" for x in (got, want)]
    if kinds[0] != kinds[1]:
        return np.inf, np.inf, f"is {kinds[0]}, expected {kinds[1]}"
    wide = np.result_type(want, np.float64)  # whole numbers and truth values differ as numbers, too
    same = (got == want) | (np.isnan(got) & np.isnan(want))
    off = np.where(same, 0.0, np.abs(got.astype(wide) - want.astype(wide)))
    size = np.abs(want.astype(wide))
    relative = off / np.maximum(size, np.finfo(wide).tiny)
    bad = ~(same | (off <= atol + rtol * size))
    index = np.unravel_index(int(np.argmax(bad)), bad.shape) if bad.any() else None
    place = "" if index is None else f"[{', '.join(map(str, index))}]"
    reason = "" if index is None else f"result{place} is {got[index]}, expected {want[index]}"
    return float(off.max(initial=0.0)), float(relative.max(initial=0.0)), reason


def changed(before: tuple[Any, ...], after: tuple[Any, ...]) -> str:
    """Say which argument of any kind is no longer what it was; NaN equals NaN."""
    for position, (old, new) in enumerate(zip(before, after, strict=True)):
        try:
            np.testing.assert_equal(new, old)
        except AssertionError:
            return f"changes its argument {position}"
    return ""


def digest(inputs: Any) -> str:
    """Return the SHA-256 of inputs: arrays, numbers and texts in their order, of anything else its type."""
    told = hashlib.sha256()
    for part in _parts(inputs):
        if isinstance(part, np.ndarray) and not part.dtype.hasobject:
            told.update(f"{part.dtype.str}{part.shape}".encode())
            told.update(part.tobytes())
        else:
            plain = isinstance(part, int | float | complex | str | bytes | None)
            told.update((repr(part) if plain else type(part).__name__).encode())
    return told.hexdigest()


def _parts(value: Any) -> Iterator[Any]:
    if isinstance(value, tuple | list):
        yield f"{len(value)} parts"
        for one in value:
            yield from _parts(one)
    else:
        yield value


def misplaced(call: Any, got: Any) -> str:
    """Say that an answer is not where it was asked to be (``out=``)."""
    out = getattr(call, "keywords", {}).get("out")
    return "" if out is None or got is out else "returns another array than the out= that it was given"


def entitled(module: ModuleType) -> str:
    """Say why an implementation may not allow itself a tolerance or fewer fields; nothing where it may.

    Peers may (a module of that name is somebody else's), and names that carry the rule.
    """
    name = module.__name__.rpartition(".")[2]
    if name.endswith(RULES) or _is_peer(name):
        return "" if getattr(module, "FIELDS", ("all",)) else "sets FIELDS to nothing"
    own = [word for word in ("TOLERANCE", "FIELDS") if hasattr(module, word)]
    return f"sets {own[0]}, which only peers and names with {', '.join(RULES)} may" if own else ""


def _is_peer(name: str) -> bool:
    """Tell whether somebody else's module of that name was imported, or their distribution is installed."""
    if {name, name.replace("_", ".")} & {key.lower() for key in sys.modules}:
        return True
    try:
        return bool(distribution(name.replace("_", "-")))
    except PackageNotFoundError:
        return False


def described(module: ModuleType) -> dict[str, str]:
    """Tell the text that an implementation follows (its first line), and how its extension was built."""
    extension = sys.modules.get(f"{module.__name__.split('.', maxsplit=1)[0]}.{EXTENSION}")
    own = {id(value) for value in vars(extension).values() if callable(value)} if extension else set()
    taken = extension if own & {id(value) for value in vars(module).values()} else None
    build = ", ".join(f"{key} {value}" for key, value in taken.BUILD.items()) if taken else ""
    return {"text": (module.__doc__ or "").split("\n", 1)[0].replace("`", ""), "build": build}
