"""``uv.lock``: what of it a project needs at run time, in the words of pip.

The lock is a graph of packages. From the project's own package its edges are followed where their markers
hold for the measured interpreter; development groups and other projects of the same workspace stay out.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit, urlunsplit

from packaging.markers import InvalidMarker, Marker

from paceline.outcome import Exit, PacelineError

NAME = "uv.lock"
PYPI = "https://pypi.org/simple"
OWN = ("editable", "virtual", "directory", "path")  # sources that lie in folders

Package = Mapping[str, Any]


def read(path: Path, folder: Path, project: str, markers: Mapping[str, str]) -> list[str] | None:
    """Return the lines that pip installs the locked packages by; None where the lock is another project's.

    ``folder`` holds the project, ``markers`` are those of the measured interpreter. Options of pip (an index
    that is not PyPI) come first. A lock that cannot be read raises PacelineError (FAILED).
    """
    try:
        packages = tomllib.loads(path.read_text(encoding="utf-8")).get("package", [])
        root = _root(packages, path.parent, folder, project)
        if root is None:
            return None
        found = list(_reached(root, packages, markers))
        lines = sorted(_line(package, path.parent) for package in found)
        return [*_indexes(found, path.parent), *lines]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        told = f"cannot read {path.name} of the commit: {type(error).__name__}: {error}"
        raise PacelineError(told, Exit.FAILED) from error


def direct(address: str) -> str:
    """Return pip's address of a git source as uv writes it: revision, subdirectory and all."""
    parts = urlsplit(address)
    asked = {key: values[0] for key, values in parse_qs(parts.query).items()}
    revision = parts.fragment or asked.get("rev") or asked.get("tag") or asked.get("branch") or ""
    below = f"#subdirectory={asked['subdirectory']}" if "subdirectory" in asked else ""
    plain = urlunsplit((parts.scheme, parts.netloc, parts.path, "", ""))
    if parts.scheme == "file" and not plain.startswith("file://"):
        plain = "file://" + parts.path
    return f"git+{plain}{'@' + revision if revision else ''}{below}"


def _root(packages: Sequence[Package], top: Path, folder: Path, project: str) -> Package | None:
    """Return the project's own package: the one that lies in its folder, else the one with its name."""
    for package in packages:
        source = package.get("source", {})
        own = source.get("editable", source.get("virtual"))
        if own is not None and (top / own).resolve() == folder.resolve():
            return package
    named = (one for one in packages if one["name"] == normal(project) and {*one.get("source", {})} & {*OWN})
    return next(named, None)


def _reached(root: Package, packages: Sequence[Package], markers: Mapping[str, str]) -> Iterator[Package]:
    """Yield every package that the root needs, once."""
    waiting: list[tuple[Package, tuple[str, ...]]] = [(root, ())]
    seen: set[tuple[str, str, str]] = set()
    told: set[tuple[str, str]] = {_key(root)}
    while waiting:
        package, extras = waiting.pop()
        edges = [*package.get("dependencies", [])]
        for extra in extras:
            edges += package.get("optional-dependencies", {}).get(extra, [])
        for edge in edges:
            if not _holds(edge.get("marker"), markers):
                continue
            target = _target(edge, packages, markers)
            wanted = tuple(edge.get("extra", ()))
            key = (*_key(target), ",".join(wanted))
            if key not in seen:
                seen.add(key)
                waiting.append((target, wanted))
            if _key(target) not in told:
                told.add(_key(target))
                yield target


def _key(package: Package) -> tuple[str, str]:
    return str(package["name"]), str(package.get("version", ""))


def _target(edge: Package, packages: Sequence[Package], markers: Mapping[str, str]) -> Package:
    """Return the package that an edge names; of several versions the one that is for this interpreter."""
    fitting = [
        one
        for one in packages
        if one["name"] == edge["name"] and one.get("version") == edge.get("version", one.get("version"))
    ]
    for one in fitting:
        forks = one.get("resolution-markers", [])
        if len(fitting) == 1 or not forks or any(_holds(fork, markers) for fork in forks):
            return one
    raise ValueError(f"nothing is locked for {edge['name']}")


def _holds(marker: str | None, markers: Mapping[str, str]) -> bool:
    if not marker:
        return True
    try:
        return Marker(marker).evaluate({"extra": "", **markers})
    except InvalidMarker as error:
        raise ValueError(str(error)) from error


def _line(package: Package, top: Path) -> str:
    name, source = package["name"], package.get("source", {})
    if "git" in source:
        return f"{name} @ {direct(source['git'])}"
    if "url" in source:
        return f"{name} @ {source['url']}"
    own = next((source[key] for key in OWN if key in source), None)
    if own is not None:
        return f"{name} @ {(top / own).resolve().as_uri()}"
    return f"{name}=={package['version']}"


def _indexes(packages: Sequence[Package], top: Path) -> list[str]:
    found = {str(one["source"]["registry"]) for one in packages if "registry" in one.get("source", {})}
    lines = []
    for address in sorted(found - {PYPI, PYPI + "/"}):
        if "://" in address:
            lines.append(f"--extra-index-url {address}")
        else:
            lines.append(f"--find-links {(top / address).resolve()}")
    return lines


def normal(name: str) -> str:
    """Return a distribution's name as all tools compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()
