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
from pathlib import Path
from typing import Any, Dict, Iterator, List, Optional
from urllib.parse import unquote, urlparse

LEFT_OUT = {"RECORD", "INSTALLER", "REQUESTED", "direct_url.json"}  # they tell how and from where, not what
LEFT_FOLDERS = {".git", "__pycache__", "build", "dist", ".eggs"}


def main(names: List[str]) -> None:
    sys.path.pop(0)  # this script's own folder: its modules are not installed here
    found = {}  # type: Dict[str, Dict[str, Any]]
    for one in distributions():
        found.setdefault(one["name"], one)  # the first on the path is the one that is imported
    project = of_project(found, [normal(name) for name in names])
    others = {name: one["version"] for name, one in found.items() if one is not project}
    answer = {
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "packages": dict(sorted({**others, **of_conda()}.items())),
        "needs": {name: one["needs"] for name, one in sorted(found.items()) if one["needs"]},
        "project": {},
    }
    if project is not None:
        words = {"name": project["name"], "version": project["version"], "files": hash_of(project)}
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


def hash_of(project: Dict[str, Any]) -> str:
    """Return a hash over the project's files; empty where nothing tells which they are."""
    path = project["path"]
    if project["url"].get("dir_info", {}).get("editable"):
        return hashed(beneath(Path(unquote(urlparse(project["url"]["url"]).path))))
    record, listing = path / "RECORD", path / "installed-files.txt"
    if record.is_file():
        with record.open(encoding="utf-8", newline="") as file:
            return hashed({row[0]: path.parent / row[0] for row in csv.reader(file) if row})
    if listing.is_file():
        names = [name.strip() for name in listing.read_text(encoding="utf-8").splitlines()]
        return hashed({name: path / name for name in names if name})
    if path.parent.name not in ("site-packages", "dist-packages"):
        return hashed(beneath(path.parent))  # `setup.py develop`: the metadata lie in the project itself
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
