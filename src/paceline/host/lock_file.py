"""The file that stands for a host: opened by any user, in a folder where anybody may have put anything."""

from __future__ import annotations

import json
import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import Any

_LONGEST = 4096  # bytes read of what a holder wrote: anybody may have written it
_SAFELY = os.O_NOFOLLOW | os.O_NONBLOCK  # neither a link nor a pipe that somebody has put there


def same(file: int, path: Path) -> bool:
    """Tell whether the file is still the one of that name: who cleans /tmp may have deleted it."""
    with suppress(FileNotFoundError):
        return os.path.samestat(os.fstat(file), path.lstat())
    return False


def open_shared(path: Path) -> int:
    """Open the file, or create it for all users.

    In a sticky /tmp the kernel refuses O_CREAT on a file of another user (fs.protected_regular), so it is
    asked for only when there is none.
    """
    try:
        return _plain(_open_existing(path))
    except FileNotFoundError:
        pass
    try:
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | _SAFELY, 0o666)
    except FileExistsError:
        return _plain(_open_existing(path))
    with suppress(OSError):
        os.fchmod(file, 0o666)  # the umask must not lock other users out
    return file


def _open_existing(path: Path) -> int:
    try:
        return os.open(path, os.O_RDWR | _SAFELY)
    except PermissionError:  # enough for the lock; only the holder's name cannot be written
        return os.open(path, os.O_RDONLY | _SAFELY)


def _plain(file: int) -> int:
    """Refuse what is no plain file of one name: writing into it would write into something else."""
    seen = os.fstat(file)
    if stat.S_ISREG(seen.st_mode) and seen.st_nlink <= 1:
        return file
    os.close(file)
    raise OSError(None, "not a plain file")


def told_in(path: Path) -> dict[str, Any]:
    """Return what the holder wrote; empty when that is nothing that can be read."""
    try:
        file = os.open(path, os.O_RDONLY | _SAFELY)
        try:
            told = json.loads(os.read(file, _LONGEST))
        finally:
            os.close(file)
    except (OSError, ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}
