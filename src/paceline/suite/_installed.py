"""Runs inside the measured interpreter: tells what is installed there as JSON. Nothing of ours is imported.

Usage: python _installed.py NAME... (of the measured project, the likeliest first). Standard library only.
"""
# ruff: noqa: UP006, UP035, UP045

import csv
import email.parser
import hashlib
import json
import os
import platform
import re
import sys
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path
from typing import Any, Dict, Iterator, List, Optional
from urllib.parse import unquote, urlparse

LEFT_OUT = {"RECORD", "INSTALLER", "REQUESTED", "direct_url.json"}  # they tell how and from where, not what
LEFT_FOLDERS = {".git", "__pycache__", "build", "dist", ".eggs", "target", ".venv", ".paceline"}
DEBUG_RUST = b"unsafe precondition(s) violated"  # of the checks that only debug assertions bring along
GCC = re.compile(rb"GNU (?:C|C\+\+|Fortran)[0-9]+ [\x20-\x7e]*")  # as compilers sign what they debug
LEVEL = re.compile(rb" -O([0-9a-z]*)")


def main(names: List[str]) -> None:
    sys.path.pop(0)  # this script's own folder: its modules are not installed here
    found = {}  # type: Dict[str, Dict[str, Any]]
    for one in distributions():
        found.setdefault(one["name"], one)  # the first on the path is the one that is imported
    project = of_project(found, [normal(name) for name in names])
    others = {name: version_of(one) for name, one in found.items() if one is not project}
    answer = {
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "packages": dict(sorted({**others, **of_conda()}.items())),
        "needs": {name: one["needs"] for name, one in sorted(found.items()) if one["needs"]},
        "project": {},
    }
    if project is not None:
        words = {"name": project["name"], "version": project["version"], "files": hash_of(project)}
        debug = debug_of(files_of(project))
        if debug:
            words["debug"] = debug
        answer["project"] = words
    json.dump(answer, sys.stdout)


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def distributions() -> Iterator[Dict[str, Any]]:
    for place in map(Path, sys.path):
        if not place.is_dir():
            continue
        for path in sorted(place.iterdir()):
            if path.suffix == ".dist-info":
                yield from described(path, path / "METADATA")
            elif path.suffix == ".egg-info":
                yield from described(path, path / "PKG-INFO" if path.is_dir() else path)


def described(path: Path, metadata: Path) -> Iterator[Dict[str, Any]]:
    """Yield a distribution's name, version, requirements, and where it came from; nothing of half a one."""
    try:
        with metadata.open(encoding="utf-8", errors="replace") as file:
            headers = email.parser.Parser().parse(file, headersonly=True)
    except OSError:
        return
    if headers["Name"]:
        yield {
            "name": normal(str(headers["Name"])),
            "version": str(headers["Version"]),
            "needs": sorted(map(str, headers.get_all("Requires-Dist") or [])),
            "path": path,
            "url": direct_url(path),
        }


def direct_url(path: Path) -> Dict[str, Any]:
    try:
        told = json.loads((path / "direct_url.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


def of_project(found: Dict[str, Dict[str, Any]], names: List[str]) -> Optional[Dict[str, Any]]:
    """Return the distribution of one of the names, else the only one installed from this computer."""
    for name in names:
        if name in found:
            return found[name]
    local = [one for one in found.values() if str(one["url"].get("url", "")).startswith("file:")]
    return local[0] if len(local) == 1 else None


def of_conda() -> Dict[str, str]:
    """Return what conda has installed, libraries too: ``conda:NAME`` -> version and build."""
    parts = (path.stem.rsplit("-", 2) for path in Path(sys.prefix, "conda-meta").glob("*.json"))
    return {"conda:" + part[0]: f"{part[1]} {part[2]}" for part in parts if len(part) == 3}


def version_of(one: Dict[str, Any]) -> str:
    """Return a version, with what it does not tell of what came from a repository or a folder."""
    commit = one["url"].get("vcs_info", {}).get("commit_id")
    if commit:
        return f"{one['version']} {commit[:8]}"
    if str(one["url"].get("url", "")).startswith("file:"):
        return f"{one['version']} {hashed(files_of(one))[:8]}"
    return str(one["version"])


def hash_of(project: Dict[str, Any]) -> str:
    """Return a hash over the project's files; empty where nothing tells which they are."""
    files = files_of(project)
    return hashed(files) if files else ""


def files_of(project: Dict[str, Any]) -> Dict[str, Path]:
    """Return a distribution's files, by the names it has for them; none where nothing tells."""
    path = project["path"]
    if project["url"].get("dir_info", {}).get("editable"):
        return beneath(Path(unquote(urlparse(project["url"]["url"]).path)))
    record, listing = path / "RECORD", path / "installed-files.txt"
    if record.is_file():
        with record.open(encoding="utf-8", newline="") as file:
            return {row[0]: path.parent / row[0] for row in csv.reader(file) if row}
    if listing.is_file():
        names = [name.strip() for name in listing.read_text(encoding="utf-8").splitlines()]
        return {name: path / name for name in names if name}
    if path.parent.name not in ("site-packages", "dist-packages"):
        return beneath(path.parent)  # `setup.py develop`: the metadata lie in the project itself
    return {}


def debug_of(files: Dict[str, Path]) -> str:
    """Return which extension looks unoptimised, and why; nothing when none does."""
    for name, path in sorted(files.items()):
        if not name.endswith(tuple(EXTENSION_SUFFIXES)) or path.name.startswith("lib"):
            continue
        try:
            text = path.read_bytes()
        except OSError:
            continue
        if DEBUG_RUST in text:
            return f"{name} is a debug build of Rust"
        told = [LEVEL.findall(one) for one in GCC.findall(text)]
        if told and not any(each and each[-1] not in (b"0", b"g") for each in told):
            return f"{name} was compiled without optimisation"
    return ""


def beneath(root: Path) -> Dict[str, Path]:
    files = {}
    for folder, inside, names in os.walk(str(root)):
        inside[:] = [name for name in inside if name not in LEFT_FOLDERS]
        files.update({str(Path(folder, name).relative_to(root)): Path(folder, name) for name in names})
    return files


def hashed(files: Dict[str, Path]) -> str:
    whole = hashlib.sha256()
    for name, path in sorted(files.items()):
        # a bill of materials holds the time of the build
        if path.suffix != ".pyc" and path.name not in LEFT_OUT and path.parent.name != "sboms":
            whole.update(f"{name}\0{content(path)}\n".encode("utf-8", "surrogateescape"))
    return whole.hexdigest()


def content(path: Path) -> str:
    try:
        text = path.read_bytes()
    except OSError:
        return "missing"
    if text.startswith(b"#!"):
        text = text.partition(b"\n")[2]  # a script's first line names the interpreter of its environment
    return hashlib.sha256(text).hexdigest()


if __name__ == "__main__":
    main(sys.argv[1:])
