"""Environments that somebody chooses instead of commits: an interpreter that exists, or requirements.

Nothing of the project is built. An interpreter is taken as it is. For requirements (``numpy==2.3``) an
environment is made in ``.paceline/env/chosen/`` and kept: what asv's matrix asks for, with the requirements
instead of what it says of the same packages.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement

from paceline.outcome import Exit, PacelineError
from paceline.suite.config import Suite
from paceline.suite.installed import Differences, read_installed
from paceline.suite.repository import Commit
from paceline.suite.settings import building
from paceline.suite.slots import BuildFailedError, Built

RUNNER = "asv-runner"
OTHER_RUNNER = "whose versions time differently: install the same one in both"
TIMEOUT = 900.0
LAST_LINES = 12


@dataclass(frozen=True)
class Chosen:
    """What was asked for: an interpreter, or requirements by name."""

    text: str
    python: Path | None
    requirements: tuple[str, ...] = ()


def chosen(text: str) -> Chosen:
    """Return what a text asks for; PacelineError (usage) for what is neither interpreter nor requirement."""
    for place in (Path(text), Path(text) / "bin" / "python", Path(text) / "python"):
        if place.is_file() and os.access(place, os.X_OK):
            return Chosen(text, Path.cwd() / place)  # not resolved: the link is the environment
    try:
        named = tuple(str(Requirement(word)) for word in _words(text))
    except InvalidRequirement as error:
        raise PacelineError(
            f"{text!r} is neither an interpreter (or the folder of an environment) that exists, nor"
            f" requirements such as numpy==2.3: {error}"
        ) from error
    if not named:
        raise PacelineError(
            "an environment is an interpreter or requirements such as numpy==2.3, not nothing"
        )
    return Chosen(text, None, named)


def prepared(suite: Suite, one: Chosen, slot: str, here: Commit, say: Callable[[str], None]) -> Built:
    """Return a chosen environment as contenders are started in it; requirements are installed first."""
    python = str(one.python or made(suite, one.text, wanted(suite, one.requirements), say))
    return taken(suite, python, slot, here, one.text)


def taken(suite: Suite, python: str, slot: str, here: Commit, text: str) -> Built:
    """Return an interpreter that exists as contenders are started in it, named by what was asked for."""
    has = read_installed(python, suite.project)
    if RUNNER not in has.packages:
        raise PacelineError(
            f"{python} has no asv_runner, which runs benchmarks: {python} -m pip install asv_runner==0.3.2",
            Exit.FAILED,
        )
    facts = {"python": has.python, "chosen": text, "command": [], "flags": {}, "compilers": {}}
    return Built(slot, python, here, text, {}, has.packages, has.project, facts, has.needs)


def differences(base: Built, head: Built) -> Differences:
    """Name all that differs, for it was chosen; another asv_runner times otherwise, and is refused."""
    names = sorted({*base.packages, *head.packages} - {RUNNER})
    both = ((name, base.packages.get(name, "none"), head.packages.get(name, "none")) for name in names)
    also = [f"{name} {before} -> {after}" for name, before, after in both if before != after]
    if base.build.get("python") != head.build.get("python"):
        also.insert(0, f"{base.build.get('python')} -> {head.build.get('python')}")
    if dict(base.project) != dict(head.project):
        also.append("the installed project")
    before, after = base.packages.get(RUNNER), head.packages.get(RUNNER)
    told = f"asv_runner {before} -> {after}, {OTHER_RUNNER}"
    return Differences(tuple(also), (told,) if before != after else (), base.python == head.python)


def made(
    suite: Suite,
    title: str,
    requirements: Sequence[str],
    say: Callable[[str], None],
    python: str = "",
    frozen: Mapping[str, str] | None = None,
) -> Path:
    """Make an environment of requirements, or find it; a half made one is made anew.

    ``python`` is an interpreter or a version, as virtualenv takes it (our own). ``frozen`` are versions that
    are taken where the requirements allow them.
    """
    known = [sys.version, requirements, *([python, frozen] if python or frozen else [])]
    key = hashlib.sha256(json.dumps(known).encode()).hexdigest()[:12]
    folder = suite.root / ".paceline" / "env" / "chosen" / key
    program, whole = folder / "bin" / "python", folder / "whole"
    if whole.is_file():
        say(f"already made: {title}")
        return program
    say(f"making an environment with {title}")
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    which = ["--python", python] if python else []
    words = [sys.executable, "-m", "virtualenv", "--quiet", *which, str(folder)]
    _ran(words, f"make an environment for {title}")
    install = [str(program), "-m", "pip", "install", "--quiet"]
    held = folder / "frozen.txt"
    held.write_text(
        "".join(f"{name}=={version}\n" for name, version in (frozen or {}).items()), encoding="utf-8"
    )
    try:
        _ran([*install, "--constraint", str(held), *requirements], f"install {title}")
    except BuildFailedError:
        if not frozen:
            raise
        say(f"{title} cannot have all the versions beside it that the first has: taking what fits")
        _ran([*install, *requirements], f"install {title}")
    whole.touch()
    return program


def wanted(suite: Suite, requirements: Sequence[str]) -> list[str]:
    """Return what pip is asked for: asv's matrix, its packages replaced by those that are named."""
    told = (*building(suite.root).requirements, *requirements)  # what is named goes before paceline.toml
    asked = {_named(text): text for text in told}
    return [*(text for name, text in _of_matrix(suite) if name not in asked), *asked.values()]


def _named(text: str) -> str:
    """Return the name of a requirement; of what is none (a path, an address) the text."""
    try:
        return _normal(Requirement(text).name)
    except InvalidRequirement:
        return text


def _of_matrix(suite: Suite) -> Iterator[tuple[str, str]]:
    """Yield (name, requirement) of asv's first environment; asv writes ``pip+`` before what pip installs."""
    from asv.config import Config
    from asv.environment import iter_matrix

    config = Config.load(str(suite.config))
    first: dict[tuple[str, str], Any] = next(
        iter_matrix(config.environment_type or "virtualenv", config.pythons, config), {}
    )
    for (kind, name), value in first.items():
        if kind == "req" and value is not None:
            plain = name.removeprefix("pip+")
            yield _normal(Requirement(plain).name), f"{plain}{_specifier(str(value))}"
    if RUNNER not in {_normal(name.removeprefix("pip+")) for kind, name in first if kind == "req"}:
        yield RUNNER, "asv_runner==0.3.2"


def _words(text: str) -> list[str]:
    """Return the requirements of a text: one that may have spaces in it, or several with spaces between."""
    try:
        Requirement(text)
    except InvalidRequirement:
        return shlex.split(text)
    return [text]


def _specifier(value: str) -> str:
    """Return asv's version as pip writes it: "2.4" is "==2.4", nothing is any."""
    return value if not value or value[0] in "<>=!~" else f"=={value}"


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _ran(words: list[str], what: str) -> None:
    try:
        told = subprocess.run(
            words,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
            timeout=TIMEOUT,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise PacelineError(f"cannot {what}: {error}", Exit.FAILED) from error
    if told.returncode:
        lines = told.stdout.strip().splitlines()[-LAST_LINES:]
        raise BuildFailedError(f"cannot {what}: {lines[-1] if lines else 'no reason given'}", lines)
