"""Asking another interpreter: one of our scripts run by it, with its answer on standard output."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from paceline.outcome import Exit, PacelineError


def surroundings(python: str, variables: Mapping[str, str | None]) -> dict[str, str]:
    """Return the environment that an interpreter runs in, as asv makes it: this process's and the variables.

    Those that are None are taken out. The programs beside the interpreter come first; ASV_PYTHONPATH, asv's
    own name for it, stands for PYTHONPATH.
    """
    told = {name: value for name, value in {**os.environ, **variables}.items() if value is not None}
    if "ASV_PYTHONPATH" in told:
        told["PYTHONPATH"] = told.pop("ASV_PYTHONPATH")
    own = [str(Path(python).parent)] if Path(python).is_absolute() else []
    places = [place for place in (*own, *told.get("PATH", "").split(os.pathsep)) if place]
    return {**told, "PATH": os.pathsep.join(dict.fromkeys(places))}


def ask(
    python: str,
    script: Path,
    *words: str,
    cwd: Path | None,
    seconds: float,
    failed: str,
    variables: Mapping[str, str | None] = MappingProxyType({}),
) -> str:
    """Return what a script told; ``failed`` begins the message where it does not.

    The interpreter gets the user's environment without PYTHONPATH. Raises PacelineError (FAILED) with the
    last line that the script wrote to standard error.
    """
    plain = surroundings(python, {"PYTHONPATH": None, "PYTHONHOME": None, **variables})
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
