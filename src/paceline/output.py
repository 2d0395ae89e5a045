"""What every command prints with: strict JSON documents, and a console that knows its reader."""

from __future__ import annotations

import json
import math
import os
import sys
import tempfile
from numbers import Integral, Real
from pathlib import Path
from typing import Any

from rich.console import Console

from paceline.outcome import Exit, PacelineError, discard


class _Console(Console):
    """A console whose reader may go: rich would leave with 1, which means "slower" here. We go on unheard."""

    def on_broken_pipe(self) -> None:
        self.quiet = True
        discard(sys.stderr if self.stderr else sys.stdout)


def console(stderr: bool = False) -> Console:
    """Return a console; where the output is no terminal, lines stay whole and colours away."""
    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() else 200
    return _Console(stderr=stderr, highlight=False, width=width)


def strict(value: Any) -> Any:
    """Return the value as strict JSON has it: NaN and infinities become null, keys become text."""
    if isinstance(value, Real) and not isinstance(value, int):  # NumPy's numbers, too
        return int(value) if isinstance(value, Integral) else _finite(float(value))
    if isinstance(value, dict):
        return {str(key): strict(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [strict(item) for item in value]
    return value


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def write_json(target: str, document: dict[str, Any]) -> None:
    """Write a document to a file, or to standard output when the target is ``-``."""
    text = json.dumps(strict(document), indent=2, allow_nan=False) + "\n"
    if target == "-":
        try:
            sys.stdout.write(text)
            sys.stdout.flush()
        except BrokenPipeError:
            discard(sys.stdout)
    else:
        write_file(Path(target), text.encode())


def write_file(path: Path, content: bytes) -> None:
    """Write a file whole or not at all: a reader never sees half of it."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            Path(name).chmod(0o644)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise PacelineError(f"cannot write {path}: {error.strerror or error}", Exit.FAILED) from error
