"""Two commits of a project, built and installed side by side: each in a slot, ``.paceline/env/<slot>/``."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, TextIO

import psutil

from paceline.outcome import Exit, PacelineError
from paceline.suite import wheels
from paceline.suite.config import Suite
from paceline.suite.conforming import conform
from paceline.suite.installed import VERSION, differences, read_installed
from paceline.suite.repository import Commit, blobs
from paceline.suite.settings import building

STOP_SECONDS = 20.0
SETTINGS = (  # files of a commit that say how it is built
    *("/Cargo.lock", "/rust-toolchain", "/rust-toolchain.toml", "/.cargo/config", "/.cargo/config.toml"),
    *("/meson.options", "/uv.lock", "/poetry.lock", "/pdm.lock", "/requirements.txt", "/requirements.lock"),
    *("/environment.yml", "/environment.yaml"),
)


@dataclass(frozen=True)
class Built:
    """A commit that is built and installed, and the interpreter that has it.

    ``build`` has the command, flags and compilers, whether the wheel was "cached" or "built", the recipe
    (flags and compilers as they were outside the commit), the interpreter's version, the commit's own files
    that say how to build (path -> hash), and the frozen packages that the commit could not do with.
    """

    slot: str
    python: str  # absolute path of the environment's interpreter
    commit: Commit
    environment: str  # asv's name of it
    variables: Mapping[str, str]  # that asv's matrix sets for running
    packages: Mapping[str, str]  # name -> version of all but the project
    project: Mapping[str, str]  # name, version, files (a hash) of the project's distribution; may be empty
    build: Mapping[str, Any]
    needs: Mapping[str, Sequence[str]] = field(default_factory=dict)  # name -> requirements as declared


class BuildFailedError(PacelineError):
    """A commit that cannot be built or installed; ``lines`` are the last of the command that failed."""

    def __init__(self, message: str, lines: Sequence[str]) -> None:
        super().__init__(message, Exit.FAILED)
        self.lines = tuple(lines)


def build(
    suite: Suite,
    commit: Commit,
    slot: str,
    say: Callable[[str], None],
    log: Path,
    constrain: Path | None = None,
    variables: Mapping[str, str] | None = None,
) -> Built:
    """Build a commit and install it into a slot; nothing is done where it is there already.

    ``constrain`` is a file of frozen versions, as pip freezes them. ``variables`` are set while it is built,
    those that are empty are taken out. What asv and its commands print goes to the end of ``log``. A commit
    that cannot be built raises BuildFailedError.
    """
    frozen = _read_frozen(constrain) if constrain else None
    folder = _own(suite)
    request = {
        "config": str(suite.config),
        "slot": slot,
        "environments": str(folder / "env" / slot),
        "wheels": str(folder / "wheels"),
        "source": str(suite.repository or suite.root),
        "commit": commit.hash,
        "tree": commit.tree,
        "title": f"{commit.label} ({commit.subject})",
        "frozen": frozen,
        "building": asdict(building(suite.root)),
        "variables": dict(variables or {}),
    }
    told = _asv(suite, request, say, log)
    names = [name for name in told["names"] if name]
    has = read_installed(told["python"], *names)
    settings = blobs(suite.repository or suite.root, commit.hash, SETTINGS)
    facts = {**told["build"], "python": has.python, "settings": settings}
    where = (told["python"], commit, told["environment"], told["variables"])
    return Built(slot, *where, has.packages, has.project, facts, has.needs)


def both(
    suite: Suite, base: Commit, head: Commit, say: Callable[[str], None], log: Path
) -> tuple[Built, Built]:
    """Build two commits into the slots ``base`` and ``head``; head gets the versions that base has."""
    first, second = several(suite, (base, head), say, log)
    return first, second


def several(
    suite: Suite, commits: Sequence[Commit], say: Callable[[str], None], log: Path
) -> tuple[Built, ...]:
    """Build commits into the slots ``base``, ``head``, ``head2``...; all get the versions that base has.

    Environments that have drifted apart since they were made are made anew, once.
    """
    sides = _all(suite, commits, say, log)
    if any(differences(sides[0], side).refused for side in sides[1:]):
        say("the environments have drifted apart: making them anew")
        for side in sides:
            remove(suite, side.slot)
            wheels.forget(_own(suite) / "wheels", str(side.build["key"]))
        sides = _all(suite, commits, say, log)
    return sides


def remove(suite: Suite, slot: str) -> None:
    """Remove what a slot holds."""
    shutil.rmtree(_own(suite) / "env" / slot, ignore_errors=True)


def _all(suite: Suite, commits: Sequence[Commit], say: Callable[[str], None], log: Path) -> tuple[Built, ...]:
    first = build(suite, commits[0], "base", say, log)
    frozen = frozen_by(suite, first)
    others = (
        conform(first, build(suite, one, f"head{number}" if number > 1 else "head", say, log, frozen))
        for number, one in enumerate(commits[1:], 1)
    )
    return first, *others


def frozen_by(suite: Suite, first: Built) -> Path:
    """Write down the versions that a side has, for others to have the same; return the file."""
    frozen = _own(suite) / "env" / first.slot / "frozen-for-head.txt"
    lines = (f"{name}=={version}\n" for name, version in first.packages.items())
    frozen.write_text("".join(lines), encoding="utf-8")
    return frozen


def _own(suite: Suite) -> Path:
    """Return the folder of what can be made again; git is told to leave it alone."""
    folder = suite.root / ".paceline"
    ignore = folder / ".gitignore"
    if not ignore.exists():
        try:
            folder.mkdir(parents=True, exist_ok=True)
            ignore.write_text("*\n", encoding="utf-8")
        except OSError as error:
            raise PacelineError(f"cannot write {folder}: {error.strerror}", Exit.FAILED) from error
    return folder


def _read_frozen(path: Path) -> dict[str, str]:
    """Read pip's ``name==version`` lines; what pip could not take as a constraint is left out."""
    pairs = (line.partition("==") for line in path.read_text(encoding="utf-8").splitlines())
    return {name: version for name, _, version in pairs if ":" not in name and VERSION.fullmatch(version)}


def _asv(suite: Suite, request: Mapping[str, Any], say: Callable[[str], None], log: Path) -> dict[str, Any]:
    """Have asv do it in a process of its own; hand on what it says, return what it built."""
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        file = log.open("a", encoding="utf-8")
    except OSError as error:
        raise PacelineError(f"cannot write {log}: {error.strerror}", Exit.FAILED) from error
    with file, _child(suite, request, file) as child:
        assert child.stdout is not None
        last: dict[str, Any] = {}
        for line in child.stdout:
            last = json.loads(line)
            if "say" in last:
                say(last["say"])
        code = child.wait()
    if "built" in last:
        return dict(last["built"])
    if "failed" in last:
        raise _error(last["failed"], log)
    raise BuildFailedError(f"building ended with exit code {code}; all that was printed is in {log}", ())


def _error(failed: Mapping[str, Any], log: Path) -> PacelineError:
    """Return the error of what could not be done; only where a command failed does the log tell more."""
    if failed["code"] == Exit.USAGE:
        return PacelineError(failed["message"])
    return BuildFailedError(f"{failed['message']}; all that was printed is in {log}", failed["lines"])


@contextmanager
def _child(suite: Suite, request: Mapping[str, Any], log: TextIO) -> Iterator[subprocess.Popen[str]]:
    """Start the building process; whatever happens, leave nothing of it behind."""
    # -P: the suite's folder may hold modules that are named like others
    words = [sys.executable, "-P", "-m", "paceline.suite.asv_build", json.dumps(request)]
    child = subprocess.Popen(
        words,
        cwd=suite.root,
        env=_surroundings(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=log,
        text=True,
        start_new_session=True,
    )
    try:
        yield child
    finally:
        _end(child)


def _surroundings() -> dict[str, str]:
    """Return the environment that asv works in: our own interpreter is the first ``python3.x`` that it finds.

    As in a virtual environment that is activated: what stands before it may be a shim of pyenv that is none.
    """
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)))
    quiet = {"PYTHONUNBUFFERED": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1"}
    return {**os.environ, **quiet, "PATH": path}


def _end(child: subprocess.Popen[str]) -> None:
    """End the process and all that it started: asv gives each command a process group of its own."""
    started: list[psutil.Process] = []
    if child.poll() is None:
        with suppress(psutil.NoSuchProcess):
            started = psutil.Process(child.pid).children(recursive=True)
        child.terminate()
    try:
        child.wait(timeout=STOP_SECONDS)
    except subprocess.TimeoutExpired:
        pass
    finally:  # a second Ctrl-C, too
        for process in started:
            with suppress(psutil.NoSuchProcess):  # psutil sees whether the number is another's by now
                process.kill()
        child.kill()
        child.wait()
        if child.stdout is not None:
            child.stdout.close()
