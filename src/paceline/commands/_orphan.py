"""Results on an orphan branch: committed beside the checkout, rebased on what others pushed, and pushed."""

from __future__ import annotations

import re
import shutil
import tempfile
import time
from pathlib import Path

from paceline.escape import without_secrets
from paceline.outcome import Exit, PacelineError
from paceline.suite.git import answer, asked

ATTEMPTS = 5
ALL, NEW = "it all", "what is new"
_BRANCH = re.compile(r"[A-Za-z0-9][A-Za-z0-9_./-]{0,100}")
WHO = {
    f"GIT_{role}_{key}": value
    for role in ("AUTHOR", "COMMITTER")
    for key, value in {"NAME": "paceline", "EMAIL": "paceline@localhost"}.items()
}


def keep(repository: Path, results: Path, remote: str, branch: str) -> str:
    """Add what is in the results folder to the branch; return a sentence about it.

    What others have pushed stays: files are added and replaced, none is removed. A push that comes too late
    is done again on top of theirs.
    """
    if not _BRANCH.fullmatch(branch) or ".." in branch or remote.startswith("-"):
        raise PacelineError(
            f"{branch!r} of {without_secrets(remote)!r} is no branch that results are kept on"
        )
    if branch == answer(repository, "rev-parse", "--abbrev-ref", "HEAD"):
        raise PacelineError(f"{branch} is checked out: results are kept on a branch of their own")
    where = without_secrets(remote)
    for attempt in range(ATTEMPTS):
        with tempfile.TemporaryDirectory(prefix="paceline-") as folder:
            told = _tried(repository, results, remote, branch, Path(folder))
        if told:
            return f"{branch} of {where} has {told}"
        time.sleep(0.5 * 2**attempt)
    raise PacelineError(f"{where} took {branch} from nobody in {ATTEMPTS} attempts", Exit.FAILED)


def _tried(repository: Path, results: Path, remote: str, branch: str, folder: Path) -> str:
    """Commit on what the remote has now, and push; return what it has now, nothing if somebody was faster."""
    address = answer(repository, "remote", "get-url", remote) or remote
    asked(folder, "init", "--quiet", ".")
    known = answer(folder, "ls-remote", address, f"refs/heads/{branch}")
    if known:
        asked(folder, "fetch", "--quiet", "--depth=1", address, f"refs/heads/{branch}")
        asked(folder, "checkout", "--quiet", "-B", branch, "FETCH_HEAD")
    else:
        asked(folder, "checkout", "--quiet", "--orphan", branch)
    target = folder / results.name
    shutil.copytree(results, target, dirs_exist_ok=True, symlinks=True)
    asked(folder, "add", "--all", "--force", "--", results.name)
    if not answer(folder, "status", "--porcelain"):
        return ALL
    asked(folder, "commit", "--quiet", "--no-gpg-sign", "-m", "Results", environment=WHO)
    try:
        asked(folder, "push", "--quiet", address, f"HEAD:refs/heads/{branch}")
    except PacelineError:
        if answer(folder, "ls-remote", address, f"refs/heads/{branch}") != known:
            return ""
        raise
    return NEW
