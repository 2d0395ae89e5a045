"""What an interpreter has installed, and how the two sides of a comparison differ in it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from paceline.outcome import Exit, PacelineError
from paceline.suite.interpreter import ask

if TYPE_CHECKING:
    from paceline.suite.slots import Built

SCRIPT = Path(__file__).with_name("_installed.py")
SECONDS = 120.0
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
VERSION = re.compile(r"\d[A-Za-z0-9.!+]*")  # what pip can be asked for
MEND = "which no commit asks for: delete .paceline/env and .paceline/wheels, and compare again"


@dataclass(frozen=True)
class Installed:
    """What an interpreter has: its version, name -> version of all but the project, and the project.

    ``needs`` holds the requirements that each distribution declares; ``project`` its name, version and a
    hash of its files, and is empty where it is not installed.
    """

    python: str
    packages: Mapping[str, str]
    needs: Mapping[str, Sequence[str]]
    project: Mapping[str, str]


@dataclass(frozen=True)
class Differences:
    """How two sides differ: what the commits themselves changed, and what must not differ."""

    also_changed: tuple[str, ...]
    refused: tuple[str, ...]
    identical: bool


def read_installed(python: str, *names: str) -> Installed:
    """Ask an interpreter what it has; ``names`` are those the project may have, the likeliest first."""
    failed = f"{python} cannot tell what it has installed"
    told = ask(python, SCRIPT, *names, cwd=None, seconds=SECONDS, failed=failed)
    try:
        return Installed(**json.loads(told))
    except (ValueError, TypeError) as error:
        raise PacelineError(f"{failed}: {error}", Exit.FAILED) from error


def differences(base: Built, head: Built) -> Differences:
    """Judge every difference: made by a commit (measured, named), or not (refused, with what mends it)."""
    asked, unasked = _packages(base, head)
    before, after = base.build, head.build
    also = [*_settings(before.get("settings", {}), after.get("settings", {})), *_backends(base, head), *asked]
    refused = [f"{change}, {MEND}" for change in unasked]
    built = list(_facts(before, after, ("flags", "compilers")))
    if before.get("recipe") == after.get("recipe"):
        also += built  # asked alike: then it is what the commit's own files make of it
    else:
        refused += [f"{change}, {MEND}" for change in built or ["another way of building"]]
    if before.get("python") != after.get("python"):
        refused.append(f"{before.get('python')} -> {after.get('python')}, {MEND}")
    if dict(base.variables) != dict(head.variables):
        refused.append(f"other variables in asv's matrix, {MEND}")
    same = bool(base.project.get("files")) and dict(base.project) == dict(head.project)
    alike = same and dict(base.packages) == dict(head.packages) and not refused
    return Differences(tuple(also), tuple(refused), alike)


def refuse_debug(sides: Sequence[Built]) -> None:
    """Raise PacelineError where a side has an extension that was built for debugging: it is never timed."""
    for side in sides:
        told = side.project.get("debug")
        if told:
            mend = "--release (maturin develop --release)" if "Rust" in told else "CFLAGS=-O2 or more"
            raise PacelineError(f"{side.slot}: {told}, which is not timed: build it with {mend}", Exit.FAILED)


def unasked(base: Built, head: Built) -> list[str]:
    """Return the packages that differ though neither commit asks for it."""
    named = _asked_for(base, head)
    return [name for name in _differing(base, head) if name not in named]


def _differing(base: Built, head: Built) -> list[str]:
    every = sorted({*base.packages, *head.packages})
    return [name for name in every if base.packages.get(name) != head.packages.get(name)]


def _packages(base: Built, head: Built) -> tuple[list[str], list[str]]:
    """Return the packages that differ: those that a commit asks for, and those that none does."""
    none = {*unasked(base, head)}
    told = {
        name: f"{name} {base.packages.get(name) or 'none'} -> {head.packages.get(name) or 'none'}"
        for name in _differing(base, head)
    }
    asked = [text for name, text in told.items() if name not in none]
    return asked, [text for name, text in told.items() if name in none]


def _asked_for(base: Built, head: Built) -> set[str]:
    """Return what the two commits require differently, and all that this requires in turn."""
    own = [_own_needs(side) for side in (base, head)]
    waiting = {*_named(own[0] ^ own[1]), *base.build.get("relaxed", ()), *head.build.get("relaxed", ())}
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        seen.add(name)
        declared = (need for side in (base, head) for need in side.needs.get(name, ()))
        waiting |= set(_named(declared)) - seen
    return seen


def _own_needs(side: Built) -> set[str]:
    """Return what a commit requires: declared in its metadata, found in its files, and to be built."""
    told = side.build.get("needs", {}).get("told", ())
    return {*side.needs.get(side.project.get("name", ""), ()), *told, *_backend(side)[1]}


def _backend(side: Built) -> tuple[str, list[str]]:
    name, requires = side.build.get("backend", ("", []))
    return name, requires


def _backends(base: Built, head: Built) -> list[str]:
    before, after = _backend(base)[0], _backend(head)[0]
    return [f"build backend {before} -> {after}"] if before != after else []


def _named(requirements: Iterable[str]) -> Iterator[str]:
    for requirement in requirements:
        found = NAME.match(requirement)
        if found:
            yield re.sub(r"[-_.]+", "-", found[0]).lower()


def _settings(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[str]:
    """Yield what became of files that say how to build, by their paths."""
    for path in sorted({*before, *after}):
        if path not in before:
            yield f"{path} (new)"
        elif path not in after:
            yield f"{path} (removed)"
        elif before[path] != after[path]:
            yield path


def _facts(before: Mapping[str, Any], after: Mapping[str, Any], kinds: Sequence[str]) -> Iterator[str]:
    for kind in kinds:
        old, new = before.get(kind, {}), after.get(kind, {})
        for name in sorted({*old, *new}):
            if old.get(name) != new.get(name):
                yield f"{name} {old.get(name) or 'none'} -> {new.get(name) or 'none'}"
