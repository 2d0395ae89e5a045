"""Results on an orphan branch: committed beside the checkout, rebased on what others pushed, and pushed."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from paceline.alerts import store
from paceline.escape import without_secrets
from paceline.outcome import Exit, PacelineError
from paceline.suite.git import answer, asked

ATTEMPTS = 5
ALL, NEW = "it all", "what is new"
_HASH = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_BRANCH = re.compile(r"[A-Za-z0-9][A-Za-z0-9_./-]{0,100}")
WHO = {
    f"GIT_{role}_{key}": value
    for role in ("AUTHOR", "COMMITTER")
    for key, value in {"NAME": "paceline", "EMAIL": "paceline@localhost"}.items()
}


def keep(repository: Path, results: Path, remote: str, branch: str, since: str = "") -> str:
    """Add what is in the results folder to the branch; return a sentence about it.

    What others have pushed stays: files are added and replaced, none is removed. A push that comes too late
    is done again on top of theirs. With ``since``, the commit of the branch that the results were taken from,
    what others have changed in the same files since then stays, too.
    """
    if since and not _HASH.fullmatch(since):
        raise PacelineError(f"{since!r} is no commit's full hash")
    if not _BRANCH.fullmatch(branch) or ".." in branch or remote.startswith("-"):
        raise PacelineError(
            f"{branch!r} of {without_secrets(remote)!r} is no branch that results are kept on"
        )
    if branch == answer(repository, "rev-parse", "--abbrev-ref", "HEAD"):
        raise PacelineError(f"{branch} is checked out: results are kept on a branch of their own")
    where = without_secrets(remote)
    for attempt in range(ATTEMPTS):
        with tempfile.TemporaryDirectory(prefix="paceline-") as folder:
            told = _tried(repository, results, remote, branch, since, Path(folder))
        if told:
            return f"{branch} of {where} has {told}"
        time.sleep(0.5 * 2**attempt)
    raise PacelineError(f"{where} took {branch} from nobody in {ATTEMPTS} attempts", Exit.FAILED)


def _tried(repository: Path, results: Path, remote: str, branch: str, since: str, folder: Path) -> str:
    """Commit on what the remote has now, and push; return what it has now, nothing if somebody was faster."""
    address = answer(repository, "remote", "get-url", remote) or remote
    asked(folder, "init", "--quiet", ".")
    asked(folder, "config", "core.symlinks", "false")  # a link of theirs would be written through
    known = answer(folder, "ls-remote", address, f"refs/heads/{branch}")
    if known:
        asked(folder, "fetch", "--quiet", "--depth=1", address, f"refs/heads/{branch}")
        asked(folder, "checkout", "--quiet", "-B", branch, "FETCH_HEAD")
    else:
        asked(folder, "checkout", "--quiet", "--orphan", branch)
    target = folder / results.name

    def laid(ours: str, theirs: str) -> None:
        place, content = Path(theirs), Path(ours).read_bytes()
        if since and place.is_file():
            name = place.relative_to(folder).as_posix()
            before = _before(repository, since, name)
            content = content if before == place.read_bytes() else _joined(content, before, place)
        place.write_bytes(content)

    try:
        shutil.copytree(results, target, dirs_exist_ok=True, symlinks=True, copy_function=laid)
    except (OSError, shutil.Error) as error:
        raise PacelineError(f"{results} does not fit onto {branch}: {error}", Exit.FAILED) from error
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


def _before(repository: Path, since: str, name: str) -> bytes:
    """Return a file as it was when the results were taken; nothing where there was none."""
    words = ("git", "-C", str(repository), "cat-file", "blob", f"{since}:{name}")
    return subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, check=False).stdout


def _joined(ours: bytes, before: bytes, place: Path) -> bytes:
    """Return a file that others have changed: theirs where we have not, else of both what fits together."""
    theirs = place.read_bytes()
    if ours in (before, theirs):
        return theirs
    if place.suffix == ".jsonl":
        known = set(theirs.splitlines())
        return theirs + b"".join(
            line for line in ours.splitlines(keepends=True) if line.rstrip() not in known
        )
    return store.joined(ours, before, theirs) if place.parent.name == store.FOLDER else ours
