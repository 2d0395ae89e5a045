"""git as a program: asked in a folder, and undisturbed by what a user or a hook has set."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from paceline.escape import without_secrets
from paceline.outcome import Exit, PacelineError

SECONDS = 120.0
# what a user may have set that would change an answer, run something, or write beside our own index
PLAIN = ("-c", "log.showSignature=false", "-c", "core.hooksPath=/dev/null", "-c", "core.splitIndex=false")
OF_HOOKS = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX")


def answer(folder: Path, *words: str) -> str:
    """Return what git answers, without space around it; nothing when it complains."""
    try:
        return _run(folder, words, {}).stdout.strip()
    except (OSError, subprocess.TimeoutExpired):
        return ""


def asked(folder: Path, *words: str, environment: Mapping[str, str] | None = None) -> str:
    """Return what git answers; its complaint is an error."""
    try:
        told = _run(folder, words, environment or {})
    except subprocess.TimeoutExpired:  # its words would be told, and an address among them may hold a token
        raise PacelineError(f"git {words[0]} took longer than {SECONDS:.0f} s", Exit.FAILED) from None
    except OSError as error:
        raise PacelineError(f"cannot run git {words[0]}: {error}", Exit.FAILED) from error
    if told.returncode:
        complaint = without_secrets(_complaint(told.stderr))
        raise PacelineError(f"git {words[0]} failed in {folder}: {complaint}", Exit.FAILED)
    return told.stdout.strip()


def _complaint(told: str) -> str:
    """Return git's last line; of a folder that is somebody else's also its first: the last one mends it."""
    lines = [line.strip() for line in told.splitlines() if line.strip() and not line.startswith("hint:")]
    if not lines:
        return "it says nothing"
    return f"{lines[0]}; if it is to be trusted: {lines[-1]}" if "safe.directory" in lines[-1] else lines[-1]


def _run(
    folder: Path, words: tuple[str, ...], environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    # inside a git hook GIT_DIR and GIT_INDEX_FILE are set, and would win over the folder
    plain = {name: value for name, value in os.environ.items() if name not in OF_HOOKS}
    return subprocess.run(
        ["git", "-C", str(folder), *PLAIN, *words],
        env={**plain, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="surrogateescape",
        check=False,
        timeout=SECONDS,
    )
