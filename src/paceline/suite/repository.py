"""The repository that a suite lies in: its commits by name, and the working tree as one more commit."""

from __future__ import annotations

import difflib
import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from paceline.outcome import PacelineError
from paceline.suite.git import answer, asked

WRITTEN = ("results", "reports", ".paceline")  # beside asv's configuration: what measuring itself writes
MAIN = ("main", "master")
FORMAT = "%H%x00%T%x00%s%x00%cI"


@dataclass(frozen=True)
class Checkout:
    """The commit that is checked out (empty without git), and whether files differ from it or are new."""

    commit: str
    dirty: bool

    @property
    def label(self) -> str:
        """The commit as people read it: eight digits, and ``+dirty``."""
        return (self.commit[:8] or "no-commit") + ("+dirty" if self.dirty else "")


@dataclass(frozen=True)
class Commit:
    """A commit: what git knows of it, and the name people read; the committer's date, by ISO 8601."""

    hash: str
    tree: str
    subject: str
    label: str
    date: str


def checkout(folder: Path, written: Sequence[Path] = ()) -> Checkout:
    """Read the checkout that a folder lies in; what measuring itself writes there is no change."""
    commit = answer(folder, "rev-parse", "--verify", "--quiet", "HEAD")
    if not commit:
        return Checkout("", False)
    top = Path(answer(folder, "rev-parse", "--show-toplevel"))
    left = _left_out(top, [*_written(folder), *written])
    return Checkout(commit, bool(answer(folder, "status", "--porcelain", "--", ".", *left)))


def has_commits(folder: Path, commits: str) -> bool:
    """Tell whether git knows the commits; asv's own words for ranges are taken on trust."""
    if commits in ("NEW", "ALL", "EXISTING", "TAGS") or commits.startswith("HASHFILE:"):
        return True
    return bool(answer(folder, "rev-list", "--max-count=1", *commits.split(), "--"))


def resolve(folder: Path, name: str) -> Commit:
    """Return the commit that git knows by a name: a branch, a tag, a hash, ``HEAD~3``."""
    found = _named(folder, name)
    if not found:
        asked(folder, "rev-parse", "--git-dir")  # without a repository that is what is wrong
        near = difflib.get_close_matches(name, _names(folder), n=3, cutoff=0.5)
        hint = f"did you mean {', '.join(near)}?" if near else "`git branch --all` lists the branches"
        if answer(folder, "rev-parse", "--is-shallow-repository") == "true":
            hint += " (this clone is shallow: `git fetch --unshallow` fetches the rest)"
        raise PacelineError(f"git knows no commit {name!r}: {hint}")
    return _commit(folder, found)


def merge_base(
    folder: Path, branch: str | None = None, usual: str = "", written: Sequence[Path] = ()
) -> Commit:
    """Return what to compare the working tree with: where it left the branch.

    Without one that is ``usual`` (the suite's first branch), else main, master, or what origin checks out.

    On the branch itself that is HEAD when files have changed, else HEAD's first parent.
    """
    branch = branch or _first_branch(folder, usual)
    head, tip = resolve(folder, "HEAD"), resolve(folder, branch)
    base = answer(folder, "merge-base", head.hash, tip.hash)
    if not base:
        raise PacelineError(
            f"HEAD and {branch} have no commit in common; name the commit to compare with"
            " (in a shallow clone `git fetch --unshallow` mends it)"
        )
    if base != head.hash:
        return resolve(folder, base)
    if working_tree(folder, written) != head:
        return head
    if not _named(folder, "HEAD^"):
        raise PacelineError(
            f"HEAD ({head.label}) is on {branch}, nothing has changed and it has no parent here:"
            " there is nothing to compare it with; name two commits"
        )
    return resolve(folder, "HEAD^")


def working_tree(folder: Path, written: Sequence[Path] = ()) -> Commit:
    """Return HEAD when nothing has changed, else a commit of the files as they are, new ones included.

    What lies in the folders ``written`` (see ``Suite.written``) is no change.

    It is made beside refs, index and files, which stay as they are: an index of our own, and a commit object
    that nothing points to. The same files on the same HEAD give the same commit.
    """
    head = resolve(folder, "HEAD")
    tree = _tree_of_files(folder, written)
    if tree == head.tree:
        return head
    who = {"NAME": "paceline", "EMAIL": "paceline@localhost", "DATE": head.date}
    signed = {f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in who.items()}
    subject = f"the working tree on {head.label}"
    words = ("commit-tree", "--no-gpg-sign", "-p", head.hash, "-m", subject, tree)
    made = asked(folder, *words, environment=signed)
    return Commit(made, tree, subject, f"{head.label}+dirty", head.date)


def here(folder: Path, written: Sequence[Path] = ()) -> Commit:
    """Return the working tree as a commit; without git, or without a commit, one that has no hash."""
    if not checkout(folder).commit:
        return Commit("", "", "", "no-commit", "")
    return working_tree(folder, written)


def commits_between(folder: Path, good: str, bad: str) -> list[Commit]:
    """Return the commits after ``good`` up to ``bad``, oldest first; of a merge, the first parent's side."""
    first, last = resolve(folder, good), resolve(folder, bad)
    if first.hash != answer(folder, "merge-base", first.hash, last.hash):
        raise PacelineError(
            f"{good} ({first.label}) is no ancestor of {bad} ({last.label}): name an older commit of its line"
        )
    span = f"{first.hash}..{last.hash}"
    told = asked(folder, "log", "--reverse", "--first-parent", f"--format={FORMAT}", span, "--")
    return [_parsed(line) for line in told.split("\n") if line]


def blobs(folder: Path, commit: str, names: tuple[str, ...]) -> dict[str, str]:
    """Return the hashes of a commit's files that have one of these names (or end in it), by path."""
    told = asked(folder, "ls-tree", "-r", "-z", "--full-tree", commit)
    found = (line.split("\t", 1) for line in told.split("\0") if "\t" in line)
    return {path: facts.split()[2] for facts, path in found if f"/{path}".endswith(names)}


def _tree_of_files(folder: Path, written: Sequence[Path]) -> str:
    """Write the files as they are into git's store, through an index of our own; return their tree."""
    top = Path(asked(folder, "rev-parse", "--show-toplevel"))
    index = top / asked(top, "rev-parse", "--git-path", "index")
    with tempfile.TemporaryDirectory(prefix="paceline-") as place:
        own = Path(place) / "index"
        private = {"GIT_INDEX_FILE": str(own)}
        if index.is_file():
            shutil.copy2(index, own)  # with it what git knows of unchanged files, and of sparse checkouts
        else:
            asked(top, "read-tree", "HEAD", environment=private)
        nested = asked(top, "ls-files", "--others", "--exclude-standard", "-z", environment=private)
        # a repository inside this one has no place in a commit: asv would look for it in .gitmodules
        inner = [top / path.rstrip("/") for path in nested.split("\0") if path.endswith("/")]
        left = _left_out(top, [*_written(folder), *written, *inner])
        asked(top, "add", "--all", "--", ":(top)", *left, environment=private)
        return asked(top, "write-tree", environment=private)


def _written(folder: Path) -> list[Path]:
    return [folder / name for name in WRITTEN]


def _left_out(top: Path, places: Sequence[Path]) -> list[str]:
    """Return what leaves places out of what git is asked; of a path that it ignores anyway git complains."""
    paths = [Path(os.path.relpath(place.parent.resolve() / place.name, top.resolve())) for place in places]
    inside = dict.fromkeys(path.as_posix() for path in paths if path.parts and path.parts[0] != "..")
    return [f":(exclude,top,literal){path}" for path in inside if not answer(top, "check-ignore", "--", path)]


def _first_branch(folder: Path, usual: str) -> str:
    """Return the branch that others leave: asv's first, else main, master, or what origin checks out."""
    candidates = list(dict.fromkeys(filter(None, (usual, *MAIN))))
    for name in candidates:
        for known in (name, f"origin/{name}"):
            if _named(folder, known):
                return known
    default = answer(folder, "rev-parse", "--abbrev-ref", "--verify", "--quiet", "origin/HEAD")
    if default:
        return default
    raise PacelineError(
        f"there is no branch {' or '.join(candidates)} to compare with: name a commit,"
        ' or set "branches" in asv.conf.json'
    )


def _commit(folder: Path, hash: str) -> Commit:
    return _parsed(asked(folder, "log", "-1", f"--format={FORMAT}", hash, "--"))


def _parsed(line: str) -> Commit:
    hash, tree, subject, date = line.split("\0")
    return Commit(hash, tree, subject, hash[:8], date)


def _named(folder: Path, name: str) -> str:
    """Return the hash of the one commit that a name stands for; nothing when there is none."""
    if name.startswith("-"):
        return ""
    found = answer(folder, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
    return found if found.isalnum() else ""  # of a range there are two


def _names(folder: Path) -> list[str]:
    words = ("for-each-ref", "--format=%(refname:short)", "refs/heads", "refs/tags", "refs/remotes")
    return answer(folder, *words).splitlines()
