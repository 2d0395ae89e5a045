"""Numba's ``njit`` and ``cfunc`` with a disk cache that notices changes in other files.

Of a cached function Numba asks whether its own file has changed, not whether one has that its functions and
constants come from: after an edit, or when another commit is installed in the same place, it would go on with
the old ones. Here a folder of the cache belongs to all texts of a family together, and to Numba's version.
A family takes nothing from another one. Functions from elsewhere are cached as Numba does it.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

import llvmlite
import numba

ROOT = Path(__file__).resolve().parent
KEPT = 3  # folders of a family, the newest
HOUR = 3600.0  # another process may still use one that is younger

Function = TypeVar("Function", bound=Callable[..., Any])


def njit(**options: Any) -> Callable[[Function], Function]:
    """Return ``numba.njit(**options)``, the cache of which is its family's."""
    return _cached(numba.njit, (), options)


def cfunc(signature: Any, **options: Any) -> Callable[[Callable[..., Any]], Any]:
    """Return ``numba.cfunc(signature, **options)``, the cache of which is its family's."""
    return _cached(numba.cfunc, (signature,), options)


def _cached(decorator: Any, given: tuple[Any, ...], options: dict[str, Any]) -> Callable[[Any], Any]:
    def compiled(function: Any) -> Any:
        file = Path(function.__code__.co_filename).resolve()
        if not options.get("cache") or ROOT not in file.parents or not file.is_file():
            return decorator(*given, **options)(function)
        config: Any = numba.config
        users = config.CACHE_DIR
        folder = cache_folder(file.relative_to(ROOT).parts[0], users)
        config.CACHE_DIR = folder or users  # where it is looked up: when a function is decorated
        try:
            return decorator(*given, **{**options, "cache": bool(folder)})(function)
        finally:
            config.CACHE_DIR = users

    return compiled


@cache
def cache_folder(family: str, given: str = "") -> str:
    """Return the folder for a family's compiled code, or nothing where none can be written.

    It stands in ``given`` (``NUMBA_CACHE_DIR``), which is not tidied, else beside the family's files, else
    among the user's caches; there older ones of its kind are removed.
    """
    name = f"numba-{family}-{digest(family)}"
    users = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    for place in [Path(given)] if given else [ROOT / family / "__pycache__", Path(users, "paceline_models")]:
        folder = place / name
        try:
            folder.mkdir(parents=True, exist_ok=True)
            tempfile.TemporaryFile(dir=folder).close()
            os.utime(folder)
        except OSError:
            continue
        if not given:
            _tidy(place, f"numba-{family}-*")
        return str(folder)
    return ""


def digest(family: str) -> str:
    """Return what stands for the texts of a family, of what all families share, and for the compiler."""
    told = sha256(f"{numba.__version__} {llvmlite.__version__}".encode())
    for file in sorted([*ROOT.glob("*.py"), *(ROOT / family).rglob("*.py")]):
        told.update(f"\n{file.relative_to(ROOT).as_posix()}\n".encode())
        told.update(file.read_bytes())
    return told.hexdigest()[:16]


def _tidy(place: Path, pattern: str) -> None:
    """Remove old folders but the newest; another process may do the same at the same time."""
    ages = {}
    for folder in place.glob(pattern):
        with suppress(OSError):
            ages[folder] = time.time() - folder.stat().st_mtime
    for folder in sorted(ages, key=ages.__getitem__)[KEPT:]:
        if ages[folder] > HOUR:
            shutil.rmtree(folder, ignore_errors=True)
