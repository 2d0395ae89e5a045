"""One commit in one slot: asv's environment made, the project built and installed, the wheel kept.

Runs in the process that ``asv_build`` starts, and drives asv's own ``Environment``.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from asv.util import ProcessError, check_output

from paceline.outcome import Exit
from paceline.suite import wheels
from paceline.suite.installed import read_installed
from paceline.suite.needs import Place, backend
from paceline.suite.provision import Provision
from paceline.suite.request import Request, UnbuildableError
from paceline.suite.settings import Building
from paceline.suite.uv_lock import normal

STATE = "paceline-built.json"
OF_WHEELS = ("variables", "features", "commands", "environment_type")  # of [build]
CONFLICT = re.compile(r"The user requested \(constraint\) ([A-Za-z0-9._-]+)==")


@dataclass
class Builder:
    """One environment of asv's in a slot, and what is done to it; ``step`` says how far it got."""

    request: Request
    tell: Callable[[str], None]
    config: Any
    environment: Any
    repo: Any
    own_deps: bool = False  # asv's configuration says itself what is installed
    step: str = "make the environment for"
    markers: dict[str, str] = field(default_factory=dict)
    provision: Provision = field(init=False)

    def __post_init__(self) -> None:
        building = Building.told(self.request.building)
        ways = (self._pip, self.tell, building, self.request.frozen, Path(self.request.environments))
        self.provision = Provision(*ways, own_deps=self.own_deps)

    def run(self) -> dict[str, Any]:
        """Make the environment, build, install; return what the parent must know."""
        with self._alone(), self._whole():
            present = bool(self.environment.check_presence())
            if not present:
                self.tell(f"making the environment {self.request.slot} ({self.environment.name})")
            frozen = self.provision.constrain()
            self.environment.create()
            self.provision.matrix = self._matrix()
            facts = self._facts()
            state = self._state()
            same = state.get("key") == wheels.key_of(facts) and state.get("asked") == self._asked(frozen)
            if same and self.environment.installed_commit_hash == self.request.commit:
                self.tell(f"already built: {self.request.title}")
                return {**state["built"], "wheel": "cached"}
            return self._install(facts, state, self._asked(frozen))

    @property
    def _place(self) -> Path:
        return Path(self.environment._path)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the slot: two builds at once would spoil each other's environment."""
        self._place.parent.mkdir(parents=True, exist_ok=True)
        with (self._place.parent / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise UnbuildableError(
                    f"another paceline is building into the slot {self.request.slot}: wait for it to end",
                    Exit.USAGE,
                ) from error
            yield

    @contextmanager
    def _whole(self) -> Iterator[None]:
        """Mark the environment while it is worked on; one that still is marked was left half made."""
        mark = self._place.with_suffix(".unfinished")
        if mark.exists():
            self.tell(f"the environment {self.request.slot} was left half made: making it anew")
            shutil.rmtree(self._place, ignore_errors=True)
        mark.touch()
        try:
            yield
        except Exception:
            mark.unlink()  # a command failed, and asv has put down that nothing is installed
            raise
        mark.unlink()

    def _state(self) -> dict[str, Any]:
        """Return what was put down of the last installation; nothing when asv has made the folder anew."""
        try:
            told = json.loads((self._place / STATE).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return told if isinstance(told, dict) and isinstance(told.get("built"), dict) else {}

    def _variables(self) -> dict[str, str]:
        """Return the environment variables that builds run with, the environment's programs first."""
        programs = str(self._place / "bin") + os.pathsep + os.environ.get("PATH", "")
        return {**os.environ, **self.environment.build_env_vars, "PATH": programs}

    def _asked(self, frozen: str) -> str:
        """Return what the environment depends on beside the commit."""
        return json.dumps([frozen, self.request.building], sort_keys=True)

    def _matrix(self) -> dict[str, str]:
        """Return what asv's matrix installs: name -> version, empty where any will do."""
        return {
            normal(name.removeprefix("pip+")): version or ""
            for name, version in self.environment.requirements.items()
        }

    def _facts(self) -> dict[str, Any]:
        """Return all that a wheel depends on."""
        *python, self.markers = json.loads(self.environment.run(["-c", wheels.ASK_PYTHON]))
        variables = self._variables()
        return {
            "tree": self.request.tree,
            "subdir": self.config.repo_subdir,
            "command": self.config.build_command,
            "matrix": [self.environment.requirements, self.environment.build_env_vars],
            "python": python,
            "building": {name: self.request.building.get(name) for name in OF_WHEELS},
            "processor": wheels.processor(),
            "flags": wheels.flags(variables),
            "compilers": wheels.compilers(variables, Path.cwd()),
            **({"variables": dict(self.request.variables)} if self.request.variables else {}),
        }

    def _install(self, facts: Mapping[str, Any], state: Mapping[str, Any], asked: str) -> dict[str, Any]:
        """Let asv check out, build (or take the kept wheel) and install the commit."""
        key, commit = wheels.key_of(facts), self.request.commit
        self.environment._set_installed_commit_hash(None)  # other flags or another compiler since
        self.environment._cache._remove_cache_dir(commit)
        kept = wheels.find(Path(self.request.wheels), key)
        cached = kept is not None and self._take(kept)
        self._stand_beside(key, str(state.get("needs", "")))
        self.step = "check out"
        if cached:
            self.tell(f"installing {self.request.title}, built before")
        self.environment.install_project(self.config, self.repo, commit)
        built = {**self._described(facts), "key": key, "wheel": "cached" if cached else "built"}
        told = {"key": key, "built": built, "asked": asked, "needs": self.provision.key()}
        (self._place / STATE).write_text(json.dumps(told), encoding="utf-8")
        return built

    def _described(self, facts: Mapping[str, Any]) -> dict[str, Any]:
        """Return how it was built; compilers as they are in the commit's folder, which may choose its own."""
        folder = self._top / (self.config.repo_subdir or "")
        variables = self._variables()
        wheel = self._wheel()
        return {
            "command": self.config.build_command,
            "recipe": {name: facts[name] for name in ("flags", "compilers")},
            "flags": facts["flags"],
            "compilers": wheels.compilers(variables, folder if folder.is_dir() else Path.cwd()),
            "relaxed": self.provision.relaxed,
            "backend": backend(folder),
            "needs": {"source": self.provision.needs.source, "told": self.provision.told},
            "distribution": wheel.name.partition("-")[0] if wheel else "",
        }

    @property
    def _top(self) -> Path:
        return Path(self.environment._build_root)

    def _wheel(self) -> Path | None:
        """Return the one wheel of the commit; None where there is none, or more."""
        found = list((Path(self.environment._cache._path) / self.request.commit).glob("*.whl"))
        return found[0] if len(found) == 1 else None

    def _take(self, wheel: wheels.Wheel) -> bool:
        """Put a kept wheel where asv looks for it, and install what its build had installed beside it."""
        here = self._packages()
        missing = [
            f"{name}=={version}" for name, version in wheel.beside.items() if here.get(name) != version
        ]
        if missing:
            try:
                self.environment.run(["-m", "pip", "install", "--quiet", "--no-deps", *missing])
            except ProcessError:
                return False  # it can still be built
        cache = self.environment._cache
        shutil.copy2(wheel.path, cache.create_cache_dir(self.request.commit))
        cache.finalize_cache_dir(self.request.commit)
        return True

    def _stand_beside(self, key: str, there: str) -> None:
        """Follow asv's building and installing: say what is done, keep the wheel, ease a conflict.

        ``there`` tells what an earlier commit had installed: where this one asks for the same, it is there.
        """
        building, installing = self.environment._build_project, self.environment._install_project

        def build(repo: Any, commit: str, folder: str) -> None:
            self.step = "build"
            if not Path(folder).is_dir():
                raise UnbuildableError(f"{self.request.title} has no folder {self.config.repo_subdir}")
            self.tell(f"building {self.request.title}")
            before = self._packages()
            self._prepare(Path(folder), before)
            building(repo, commit, folder)
            self._keep(key, before)

        def install(repo: Any, commit: str, folder: str) -> None:
            self.step = "install what is needed by"
            place = Place(self._top, Path(folder), self.config.project, self._wheel(), self.markers)
            self.provision.find(place)
            if self.provision.key() != there:
                (self._place / STATE).unlink(missing_ok=True)
                self._eased(lambda: self.provision.install(self._packages()))
            self.step = "install"
            self._eased(lambda: installing(repo, commit, folder))

        self.environment._build_project, self.environment._install_project = build, install

    def _prepare(self, folder: Path, present: Mapping[str, str]) -> None:
        """Do what comes before a build: its tools, features, and the commands of paceline.toml."""
        commands = self.config.build_command
        self.provision.tools(folder, [commands] if isinstance(commands, str) else commands or [], present)
        variables = self._variables()
        told = {"flags": wheels.flags(variables), "compilers": wheels.compilers(variables, folder)}
        self.provision.cargo(folder, wheels.key_of(told)[:8])
        self.provision.features(folder)
        for command in self.provision.building.commands:
            variables = {**self._variables(), "ASV_BUILD_DIR": str(folder), "ASV_ENV_DIR": str(self._place)}
            check_output(
                ["/bin/sh", "-c", command],
                cwd=str(folder),
                env=variables,
                timeout=self.environment._install_timeout,
            )

    def _pip(self, words: Sequence[str]) -> Any:
        return self.environment.run(list(words), env={**os.environ, **self.environment.build_env_vars})

    def _eased(self, action: Callable[[], None]) -> None:
        """Do it again as long as what pip calls a conflict can be freed."""
        while True:
            try:
                action()
            except ProcessError as error:
                if not self._relax(f"{error.stdout}\n{error.stderr}"):
                    raise
            else:
                return

    def _keep(self, key: str, before: Mapping[str, str]) -> None:
        """Keep the wheel that was built, with what the build had installed; without a wheel do without."""
        wheel, after = self._wheel(), self._packages()
        if wheel:
            beside = {name: version for name, version in after.items() if before.get(name) != version}
            wheels.keep(Path(self.request.wheels), key, wheel, beside)

    def _packages(self) -> Mapping[str, str]:
        return read_installed(self.environment.find_executable("python"), self.config.project).packages

    def _relax(self, told: str) -> bool:
        """Free what pip calls a conflict between the frozen versions and what the commit requires."""
        relaxed = self.provision.relaxed
        names = {normal(name) for name in CONFLICT.findall(told)}
        new = sorted(names & set(self.request.frozen or ()) - set(relaxed))
        relaxed += new
        self.provision.constrain()
        return bool(new)
