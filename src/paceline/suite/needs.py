"""What a commit asks to have installed beside it: from its lock file, its requirements, or its metadata.

The first of these that is there says it: ``uv.lock``; what the wheel (or ``pyproject.toml``) declares, with
``[tool.uv.sources]``, at the versions that ``requirements*.txt`` or conda's file pins; where nothing is
declared, those files themselves.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from email.parser import Parser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from packaging.requirements import InvalidRequirement, Requirement

from paceline.outcome import Exit, PacelineError
from paceline.suite import requirement_files, uv_lock
from paceline.suite.uv_lock import normal

NOTHING = "none"
LEFT_OUT = {".git", "__pycache__", "target", "build", "dist", ".venv", "node_modules"}


@dataclass(frozen=True)
class Needs:
    """Requirements as pip takes them, and the file that says so.

    ``options`` name indexes; ``lines`` are installed, without what they need in turn where ``whole``;
    ``pins`` only say at which version. Each is one requirement.
    """

    source: str
    lines: tuple[str, ...] = ()
    pins: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    whole: bool = False

    @property
    def fixed(self) -> set[str]:
        """The names whose versions the commit itself says: nobody else's version holds for them."""
        exact = {named(line) for line in self.lines if " @ " in line or re.search(r"===?[^*]*$", line)}
        return {*exact, *map(named, self.pins)} - {""}

    def told(self, top: Path) -> list[str]:
        """Return the requirements as they can be compared with another checkout's: paths by their content."""
        return sorted({*(_told(line, top) for line in self.lines), *self.pins})


@dataclass(frozen=True)
class Place:
    """A commit's files: the checkout, the project's folder in it, and its wheel where there is one."""

    top: Path
    folder: Path
    project: str
    wheel: Path | None
    markers: Mapping[str, str]  # of the measured interpreter


def needs(place: Place, chosen: str = "", declared: bool = True) -> Needs:
    """Return what a commit asks for; ``chosen`` names its file in paceline.toml ("none": nothing does).

    Without ``declared``, what the project only declares is left to asv's configuration.
    """
    if chosen == NOTHING:
        return Needs(NOTHING)
    document = pyproject(place.folder)
    if chosen:
        path = next((at / chosen for at in (place.folder, place.top) if (at / chosen).is_file()), None)
        if path is None:
            return Needs(f"{chosen} (which this commit has not)")
        return _locked(path, place) if path.name == uv_lock.NAME else _listed(path)
    for path in _above(place, (uv_lock.NAME,)):
        found = uv_lock.read(path, place.folder, place.project, place.markers)
        if found is not None:
            return _of_lock(found)
    file = next(_above(place, (*requirement_files.TEXTS, *requirement_files.CONDA)), None)
    own = _declared(place, document)
    if not own:
        return _listed(file) if file else Needs("")
    sources = document.get("tool", {}).get("uv", {}).get("sources", {})
    lines = [_sourced(line, sources, place.folder) for line in own]
    pins = tuple(line for line in requirement_files.read(file) if _is_pin(line)) if file else ()
    if not declared:
        named_ = set(map(named, pins))
        lines = [line for line in lines if " @ " in line or named(line) in named_]
    return Needs(f"pyproject.toml, {file.name}" if file and pins else "pyproject.toml", tuple(lines), pins)


def pyproject(folder: Path) -> dict[str, Any]:
    """Return a folder's ``pyproject.toml``; nothing where there is none that can be read."""
    try:
        return tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def backend(folder: Path) -> tuple[str, list[str]]:
    """Return the build backend of a project, and what its build requires."""
    told = pyproject(folder).get("build-system", {})
    requires = [str(one) for one in told.get("requires", ["setuptools"])]
    return str(told.get("build-backend", "setuptools.build_meta:__legacy__")), requires


def named(line: str) -> str:
    """Return the name that a requirement is about; nothing where it is an address alone."""
    found = re.match(r"[A-Za-z0-9][A-Za-z0-9._-]*", line)
    return normal(found[0]) if found and "://" not in line.partition(" @ ")[0] else ""


def _locked(path: Path, place: Place) -> Needs:
    found = uv_lock.read(path, place.folder, place.project, place.markers)
    if found is None:
        raise PacelineError(f"{path.name} of the commit does not know {place.project}", Exit.FAILED)
    return _of_lock(found)


def _of_lock(found: Sequence[str]) -> Needs:
    options = tuple(line for line in found if line.startswith("-"))
    return Needs(uv_lock.NAME, tuple(found[len(options) :]), (), options, whole=True)


def _listed(path: Path) -> Needs:
    found = requirement_files.read(path)
    options = tuple(line for line in found if line.startswith("-"))
    return Needs(path.name, tuple(found[len(options) :]), (), options)


def _above(place: Place, names: Sequence[str]) -> Iterator[Path]:
    """Yield the files of these names in the project's folder, then above it up to the checkout's top."""
    folder = place.folder
    while folder.is_relative_to(place.top):
        yield from (folder / name for name in names if (folder / name).is_file())
        folder = folder.parent


def _declared(place: Place, document: Mapping[str, Any]) -> list[str]:
    """Return the requirements that hold here, of the wheel or else of ``pyproject.toml``."""
    if place.wheel is not None:
        found = _of_wheel(place.wheel)
    else:
        found = [str(one) for one in document.get("project", {}).get("dependencies", [])]
    lines = []
    for text in found:
        try:
            one = Requirement(text)
        except InvalidRequirement:
            continue
        if one.marker is None or one.marker.evaluate({"extra": "", **place.markers}):
            one.marker = None
            lines.append(str(one))
    return lines


def _of_wheel(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as wheel:
        name = next((one for one in wheel.namelist() if one.endswith(".dist-info/METADATA")), None)
        text = wheel.read(name).decode("utf-8", "replace") if name else ""
    return [str(one) for one in Parser().parsestr(text, headersonly=True).get_all("Requires-Dist") or []]


def _sourced(line: str, sources: Mapping[str, Any], folder: Path) -> str:
    """Return a requirement with the address that ``[tool.uv.sources]`` gives it."""
    source = next((one for name, one in sources.items() if normal(name) == named(line)), None)
    if isinstance(source, list):
        source = source[0] if source else None
    if not isinstance(source, dict):
        return line
    name = named(line)
    if "git" in source:
        words = [f"{key}={source[key]}" for key in ("rev", "tag", "branch", "subdirectory") if key in source]
        return f"{name} @ {uv_lock.direct(source['git'] + ('?' + '&'.join(words) if words else ''))}"
    if "url" in source:
        return f"{name} @ {source['url']}"
    if "path" in source:
        return f"{name} @ {(folder / source['path']).resolve().as_uri()}"
    return line


def _is_pin(line: str) -> bool:
    return bool(re.fullmatch(r"[A-Za-z0-9._-]+\s*===?\s*[^\s*;,]+(\s*;.*)?", line))


def _told(line: str, top: Path) -> str:
    """Return a requirement that does not depend on where the checkout lies."""
    name, _, address = line.partition(" @ ")
    if not address.startswith("file:"):
        return line
    path = Path(unquote(urlsplit(address).path))
    inside = path.relative_to(top.resolve()).as_posix() if path.is_relative_to(top.resolve()) else path.name
    return f"{name} @ {inside} {_content(path)}"


def _content(path: Path) -> str:
    """Return a short hash of a file, or of all files of a folder."""
    whole = hashlib.sha256()
    files = [path] if path.is_file() else sorted(path.rglob("*"))
    for file in files:
        if file.is_file() and not LEFT_OUT & {*file.relative_to(path).parts}:
            whole.update(f"{file.relative_to(path)}\0".encode() + file.read_bytes())
    return whole.hexdigest()[:12]
