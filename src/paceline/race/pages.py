"""Memory that is not a benchmark's: the pages of installed files, as the system happens to hold them."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


def forget(python: str) -> None:
    """Have the system read what an interpreter's environment has installed from the disk again.

    What an installation has just written is mapped in larger pieces than what was read: processes of one
    side were up to 1.3 MiB larger than those of the other, which ran the same code. Nothing is done where
    the system cannot be asked to.
    """
    if not hasattr(os, "posix_fadvise"):
        return
    for path in (Path(python).parents[1] / "lib").rglob("*"):
        if path.is_symlink() or not path.is_file():
            continue
        with suppress(OSError):
            file = os.open(path, os.O_RDONLY)
            try:
                os.fsync(file)
                os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
            finally:
                os.close(file)
