"""What a commit asks for, put into its environment: found in its files, and installed by pip."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from paceline.suite.needs import Needs, Place, backend, named, needs, pyproject
from paceline.suite.settings import Building
from paceline.suite.uv_lock import normal

RUNNER = "asv-runner"
GIVEN = os.environ.get("PIP_CONSTRAINT", "")
UNISOLATED = ("--no-build-isolation", "--no-isolation")
MATURIN, TARGET = "MATURIN_PEP517_ARGS", "CARGO_TARGET_DIR"
OF_CARGO = ("maturin", "setuptools", "setuptools_rust")  # backends that may call cargo


@dataclass
class Provision:
    """One environment, what may be in it (``frozen``), and what its commit asks for (``needs``).

    ``matrix`` is what asv's configuration installs: name -> version, empty where any will do.
    ``ask`` runs the environment's own Python with words, and raises where it fails.
    """

    ask: Callable[[Sequence[str]], Any]
    tell: Callable[[str], None]
    building: Building
    frozen: Mapping[str, str] | None
    folder: Path  # of what is written for pip
    matrix: Mapping[str, str] = field(default_factory=dict)
    own_deps: bool = False  # asv's configuration says itself what is installed (--no-deps)
    relaxed: list[str] = field(default_factory=list)
    needs: Needs = field(default_factory=lambda: Needs(""))
    told: list[str] = field(default_factory=list)  # the same as it can be compared with another checkout's

    def find(self, place: Place) -> None:
        """Find out what the commit asks for, without what asv's configuration has chosen."""
        found = needs(place, self.building.dependencies, not self.own_deps)
        taken = {name for name, version in self.matrix.items() if version}
        left = {*taken, *map(normal, self.building.without), RUNNER, normal(place.project), "pip"}
        fixed = sorted(found.fixed & taken)
        if fixed:
            self.tell(f"asv's matrix says the versions of {', '.join(fixed)}, not {found.source}")
        lines, pins = (
            tuple(line for line in each if named(line) not in left) for each in (found.lines, found.pins)
        )
        self.needs = Needs(found.source, lines, pins, found.options, found.whole)
        self.told = self.needs.told(place.top)  # before pip builds in folders of the checkout

    def constrain(self) -> str:
        """Let pip take the frozen versions, without what the commit itself says otherwise; return them."""
        free = {*self.relaxed, *self.needs.fixed}
        lines = [f"{name}=={version}" for name, version in (self.frozen or {}).items() if name not in free]
        lines += [pin for pin in self.needs.pins if named(pin) not in self.relaxed]
        text = "".join(f"{line}\n" for line in lines)
        if self.frozen is None and not lines:
            return text
        path = self.folder / "frozen.txt"
        path.write_text(text, encoding="utf-8")
        # as an address: pip splits the variable at spaces
        os.environ["PIP_CONSTRAINT"] = " ".join(filter(None, (GIVEN, path.as_uri())))
        return text

    def key(self) -> str:
        """Return what the installed packages depend on, as a short text."""
        told = [self.told, self.needs.options, self.building.requirements, self.constrain()]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]

    def install(self, present: Mapping[str, str]) -> None:
        """Install what the commit asks for, and what paceline.toml adds; ``present`` is there already."""
        found, extra = self.needs, list(self.building.requirements)
        # pip takes an installed package of the same version for the one at an address
        stale = [name for name in map(named, filter(_is_direct, found.lines)) if name in present]
        if stale:
            self.ask(["-m", "pip", "uninstall", "--quiet", "--yes", *stale])
        if found.lines:
            path = self.folder / "needs.txt"
            path.write_text("".join(f"{line}\n" for line in (*found.options, *found.lines)), encoding="utf-8")
            self.ask(_pip("--no-deps" if found.whole else "", "--requirement", str(path)))
        if extra:
            self.ask(_pip(*extra))

    def tools(self, folder: Path, commands: Sequence[str], present: Mapping[str, str]) -> None:
        """Install what the build requires where it is not isolated, and asv's commands do not name it."""
        text = " ".join(commands)
        if not any(word in text for word in UNISOLATED):
            return
        wanted = [line for line in backend(folder)[1] if named(line) not in {*present, *_mentioned(text)}]
        if wanted:
            self.ask(_pip(*wanted))

    def cargo(self, folder: Path, flags: str) -> None:
        """Keep what cargo compiles outside the checkout, which is wiped: of the next commit little is new.

        ``flags`` tell compilers and flags apart. A backend of the project's own keeps it where it wants to.
        """
        if TARGET not in os.environ and backend(folder)[0].partition(".")[0] in OF_CARGO:
            os.environ[TARGET] = str(self.folder.resolve() / f"cargo-{flags}")

    def features(self, folder: Path) -> None:
        """Hand cargo's features to maturin, beside those that the commit's own ``pyproject.toml`` names."""
        if not self.building.features:
            return
        name = backend(folder)[0]
        if name.partition(".")[0] != "maturin":
            self.tell(f"features are for maturin: this commit is built by {name}, without them")
            os.environ.pop(MATURIN, None)
            return
        own = pyproject(folder).get("tool", {}).get("maturin", {}).get("features", [])
        every = ",".join(dict.fromkeys([*map(str, own), *self.building.features]))
        given = self.building.variables.get(MATURIN, "")
        os.environ[MATURIN] = f"{given} --features {every}".strip()


def _pip(*words: str) -> list[str]:
    return ["-m", "pip", "install", "--quiet", *filter(None, words)]


def _is_direct(line: str) -> bool:
    return " @ " in line


def _mentioned(text: str) -> set[str]:
    return {named(word) for word in text.split()}
