"""Asking another interpreter: one of our scripts run by it, with its answer on standard output."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from paceline.outcome import Exit, PacelineError


def ask(python: str, script: Path, *words: str, cwd: Path | None, seconds: float, failed: str) -> str:
    """Return what a script told; ``failed`` begins the message where it does not.

    The interpreter gets the user's environment without PYTHONPATH, as workers do: asv's own name for it is
    ASV_PYTHONPATH. Raises PacelineError (FAILED) with the last line that the script wrote to standard error.
    """
    plain = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
    if "ASV_PYTHONPATH" in plain:
        plain["PYTHONPATH"] = plain["ASV_PYTHONPATH"]
    try:
        told = subprocess.run(
            [python, str(script), *words],
            cwd=cwd,
            env=plain,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            timeout=seconds,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise PacelineError(f"{failed}: {error}", Exit.FAILED) from error
    if told.returncode or not told.stdout:
        last = told.stderr.strip().splitlines()[-1:] or [f"exit code {told.returncode}"]
        raise PacelineError(f"{failed}: {last[0]}", Exit.FAILED)
    return told.stdout
