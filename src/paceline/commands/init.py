"""``paceline init``: adds paceline to a repository. Asks nothing, overwrites nothing, runs nothing of it.

With an asv suite: a ``paceline.toml`` beside its configuration and the workflows. Without one also
``asv.conf.json`` and a suite with an example model. The last line is the next command.

JSON (``--json``), schema 1::

    {"schema": 1, "config": "asv.conf.json", "written": ["..."], "kept": ["..."], "notes": ["..."],
     "next": ["paceline", "race"], "exits": []}
"""

from __future__ import annotations

import argparse
import os
import shlex
from pathlib import Path

from paceline.commands import _planting
from paceline.escape import plain
from paceline.outcome import Exit, PacelineError
from paceline.output import console, write_file, write_json
from paceline.suite.git import answer, asked
from paceline.suite.repository import MAIN


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument(
        "folder", nargs="?", type=Path, default=Path(), metavar="DIR", help="the repository (.)"
    )
    parser.add_argument("--dry-run", action="store_true", help="say what would be written; write nothing")
    parser.add_argument("--json", metavar="FILE", help="write what was done as JSON; - for standard output")


def run(options: argparse.Namespace) -> Exit:
    """Write what is missing, and say what was written, what was kept, and what comes next."""
    try:
        root = Path(asked(options.folder, "rev-parse", "--show-toplevel"))
    except PacelineError as error:
        raise PacelineError(
            f"no git repository can be read, and what is measured is commits: {error}"
        ) from error
    found = _planting.look(root, _trunk(root), _listed(root))
    planned = _planting.plan(found)
    out = console(stderr=options.json == "-")
    kept = [name for name in planned.files if _taken(root, name)]
    written = [name for name in planned.files if name not in kept]
    for name in written:
        _writable(root, name)
    for name in written if not options.dry_run else ():
        write_file(root / name, planned.files[name].encode())
    older = "HEAD~1" if answer(root, "rev-parse", "--verify", "--quiet", "HEAD~1") else "HEAD"
    following = _next(found, planned, older)
    verb = "would write" if options.dry_run else "wrote"
    lines = [*(f"{verb} {name}" for name in written), *(f"kept  {name}" for name in kept), *planned.notes]
    block = _planting.agents(planned.config, across=not found.config)
    for line in [*lines, "for AGENTS.md:", *(f"    {line}" for line in block.splitlines())]:
        out.print(plain(line, 300) if not line.startswith("    ") else line, markup=False, soft_wrap=True)
    out.print(f"Next: {shlex.join(following)}", markup=False, soft_wrap=True)
    if options.json:
        told = {"schema": 1, "config": planned.config, "written": written, "kept": kept}
        write_json(options.json, {**told, "notes": list(planned.notes), "next": following, "exits": []})
    return Exit.OK


def _taken(root: Path, name: str) -> bool:
    """Whether a path is there already, or leads out of the repository by a link."""
    path = root / name
    return path.exists() or path.is_symlink() or not path.resolve().is_relative_to(root.resolve())


def _writable(root: Path, name: str) -> None:
    """Refuse what cannot be written, before anything is."""
    there = next(one for one in (root / name).parents if one.exists() or one.is_symlink())
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        what = "cannot be written to" if there.is_dir() else "is no folder"
        raise PacelineError(f"{there} {what}, and {name} would lie in it; nothing was written", Exit.FAILED)


def _trunk(root: Path) -> str:
    """Return the branch whose history it is: what origin checks out, main or master, else what is here."""
    default = answer(root, "rev-parse", "--abbrev-ref", "--verify", "--quiet", "origin/HEAD")
    here = answer(root, "symbolic-ref", "--quiet", "--short", "HEAD")
    every = answer(root, "for-each-ref", "--sort=-committerdate", "--format=%(refname:short)", "refs/heads")
    names = every.splitlines()
    usual = [name for name in MAIN if name in names]
    return next(filter(None, (default.removeprefix("origin/"), *usual, here, *names)), MAIN[0])


def _listed(root: Path) -> list[str]:
    """Return the configurations of asv that git sees, wherever they are; none of what it ignores."""
    words = ("ls-files", "-z", "--cached", "--others", "--exclude-standard", "--")
    return answer(root, *words, *(f":(glob)**/{name}" for name in _planting.CONFIGS)).split("\0")


def _next(found: _planting.Found, planned: _planting.Plan, older: str) -> list[str]:
    """Return the command that shows most now, for the folder that the user is in."""
    config = os.path.relpath(found.root / planned.config)
    more = [] if config == _planting.CONFIGS[0] else ["--config", config]
    if not found.config:
        return ["paceline", "race", *more]
    return ["paceline", "compare", older, "--dry-run", *more]
