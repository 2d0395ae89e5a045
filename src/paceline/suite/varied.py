"""Environments that differ in one thing, made and compared: what else differs is refused, saying which."""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from paceline.outcome import Exit, PacelineError
from paceline.suite import chosen, slots, wheels
from paceline.suite.config import Suite
from paceline.suite.installed import VERSION, Differences
from paceline.suite.repository import Commit
from paceline.suite.slots import BuildFailedError, Built
from paceline.suite.variants import BUILT, PYTHON, REQUIREMENT, RUN, Variant

TOOLS = {"pip", "setuptools", "wheel", "uv"}  # they install, and take no part in what is timed
NO_PYTHON = "failed to find interpreter"  # virtualenv's words
BESIDE = "which nobody chose"
MOST_NAMED = 6


def prepared(
    suite: Suite,
    variants: Sequence[Variant],
    here: Commit,
    say: Callable[[str], None],
    log: Path,
    project: bool = False,
) -> list[Built]:
    """Return every variant's environment as contenders are started in it, made or built where it must be.

    ``project``: beside a requirement's versions the project is installed, from one wheel for all.
    """
    if project and variants[0].kind != REQUIREMENT:
        raise PacelineError("--with-project goes with --across req:PACKAGE: only there it would be missing")
    if variants[0].kind == BUILT:
        return _built(suite, variants, here, say, log)
    if variants[0].kind == RUN:
        side = chosen.taken(suite, sys.executable, "here", here, "here")
        return [
            replace(side, slot=f"variant{number}", environment=one.name, variables=dict(one.values))
            for number, one in enumerate(variants)
        ]
    sides: list[Built] = []
    beside = [str(_wheel(suite, here, say, log))] if project else []
    for number, one in enumerate(variants):
        slot = f"variant{number}"
        if one.kind == REQUIREMENT:
            sides.append(_required(suite, one, slot, here, say, sides, beside))
        else:
            sides.append(_interpreted(suite, one, slot, here, say, sides))
    return sides


def differences(base: Built, other: Built, one: Variant) -> Differences:
    """Judge what differs between two variants: what was chosen is named, all else is refused.

    What a requirement brings along (its own requirements, and what needs it) is named, too.
    """
    changed = dict(_packages(base, other))
    runner = changed.pop(chosen.RUNNER, "")
    came = _brought(base, other, one)
    also = [told for name, told in changed.items() if name in came | TOOLS]
    refused = [f"{told}, {BESIDE}" for name, told in changed.items() if name not in came | TOOLS]
    if runner:
        refused.insert(0, f"{runner}, {chosen.OTHER_RUNNER}")
    before, after = str(base.build.get("python")), str(other.build.get("python"))
    if before != after:
        (also if one.kind == PYTHON else refused).insert(0, f"{before} -> {after}")
    if base.build.get("compilers") != other.build.get("compilers"):
        also.append("the compilers")  # a variable has named them: all else is as it was
    same = bool(base.project.get("files")) and dict(base.project) == dict(other.project)
    part = "version" if one.kind == PYTHON else "files"  # compiled code is another for each Python
    if one.kind != BUILT and base.project.get(part) != other.project.get(part):
        refused.append(f"the installed project, {BESIDE}")
    return Differences(
        tuple(also), tuple(refused), one.kind == BUILT and same and not changed and not refused
    )


def _built(
    suite: Suite, variants: Sequence[Variant], here: Commit, say: Callable[[str], None], log: Path
) -> list[Built]:
    """Build the project once for each variant; all get the versions that the first one has."""
    if not here.hash:
        raise PacelineError(
            "--across env:NAME builds the project anew for each value, and here is no commit to build: run it"
            " in the project's repository, or race a variable that only matters at run time: env_nobuild:NAME"
        )
    sides: list[Built] = []
    for one in variants:
        told = json.dumps(dict(one.values), sort_keys=True)
        slot = f"across/{hashlib.sha256(told.encode()).hexdigest()[:12]}"
        say(f"{one.name}:")
        frozen = slots.frozen_by(suite, sides[0]) if sides else None
        sides.append(slots.build(suite, here, slot, say, log, frozen, one.values))
    return sides


def _wheel(suite: Suite, here: Commit, say: Callable[[str], None], log: Path) -> Path:
    """Build the project once, as a comparison would, and return its wheel."""
    if not here.hash:
        raise PacelineError("--with-project builds the project, and here is no repository to build it from")
    side = slots.build(suite, here, "project", say, log)
    found = wheels.find(suite.root / ".paceline" / "wheels", str(side.build["key"]))
    if found is None:
        raise PacelineError("building the project has left no wheel that could be installed", Exit.FAILED)
    return found.path


def _required(
    suite: Suite,
    one: Variant,
    slot: str,
    here: Commit,
    say: Callable[[str], None],
    sides: Sequence[Built],
    beside: Sequence[str] = (),
) -> Built:
    (name,) = one.values
    frozen = {key: version for key, version in _first(sides).items() if key != _normal(name)}
    wanted = [*chosen.wanted(suite, [one.requirement]), *beside]
    place = chosen.made(suite, one.name, wanted, say, frozen=frozen)
    return chosen.taken(suite, str(place), slot, here, one.name)


def _interpreted(
    suite: Suite, one: Variant, slot: str, here: Commit, say: Callable[[str], None], sides: Sequence[Built]
) -> Built:
    """Take an interpreter that exists as it is; for a version make an environment of asv's matrix."""
    (text,) = one.values.values()
    if os.sep in text:
        python = chosen.chosen(text).python
        if python is None:
            raise PacelineError(
                f"--across python: {text} is no interpreter, nor the folder of an environment"
            )
        return chosen.taken(suite, str(python), slot, here, one.name)
    title = f"Python {text}"
    try:
        place = chosen.made(suite, title, chosen.wanted(suite, []), say, text, _first(sides))
    except BuildFailedError as error:
        if NO_PYTHON not in str(error):
            raise
        raise PacelineError(
            f"there is no Python {text} on PATH: name its interpreter's path instead"
        ) from error
    return chosen.taken(suite, str(place), slot, here, one.name)


def _first(sides: Sequence[Built]) -> Mapping[str, str]:
    packages = sides[0].packages if sides else {}
    sound = VERSION.fullmatch
    return {name: version for name, version in packages.items() if ":" not in name and sound(version)}


def _packages(base: Built, other: Built) -> Iterator[tuple[str, str]]:
    for name in sorted({*base.packages, *other.packages}):
        before, after = base.packages.get(name), other.packages.get(name)
        if before != after:
            yield name, f"{name} {before or 'none'} -> {after or 'none'}"


def _brought(base: Built, other: Built, one: Variant) -> set[str]:
    """Return the packages that a chosen requirement moves: itself, what it needs, and what needs it."""
    if one.kind != REQUIREMENT:
        return set()
    needs: dict[str, set[str]] = {}
    for side in (base, other):
        for package, declared in side.needs.items():
            needs.setdefault(package, set()).update(_named(declared))
    (chosen_one,) = (_normal(name) for name in one.values)
    down, up = {chosen_one}, {chosen_one}
    for _ in needs:
        down |= {need for package in down for need in needs.get(package, ())}
        up |= {package for package, declared in needs.items() if declared & up}
    return down | up


def _named(requirements: Sequence[str]) -> set[str]:
    found = (re.match(r"[A-Za-z0-9][A-Za-z0-9._-]*", text) for text in requirements)
    return {_normal(one[0]) for one in found if one}


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def refuse(found: Mapping[str, Differences]) -> None:
    """Raise PacelineError (failed) where variants differ by what nobody chose, with all of it."""
    told = [f"{name}: {change}" for name, one in found.items() for change in one.refused]
    if told:
        more = f"; and {len(told) - MOST_NAMED} more" if len(told) > MOST_NAMED else ""
        raise PacelineError(
            f"these environments differ by more than what is raced:"
            f" {'; '.join(told[:MOST_NAMED])}{more}. Make them alike, or"
            " compare two as they are with --base-env and --head-env",
            Exit.FAILED,
        )
