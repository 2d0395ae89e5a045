"""Wheels that were built for a comparison, kept by commit, flags and compiler: ``.paceline/wheels/<key>/``.

A wheel's folder also holds ``beside.json``: the packages that the build itself put into its environment
(build tools, mostly). Who takes the wheel installs them too, or two environments would differ by them.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

KEPT = 20
BESIDE = "beside.json"
FLAGS = (
    *(
        "RUSTFLAGS",
        "CARGO_ENCODED_RUSTFLAGS",
        "MATURIN_PEP517_ARGS",
        "PACELINE_TARGET_CPU",
        "RUSTUP_TOOLCHAIN",
    ),
    *("CC", "CXX", "FC", "CPPFLAGS", "CFLAGS", "CXXFLAGS", "FFLAGS", "LDFLAGS", "ARCHFLAGS"),
    *("CMAKE_ARGS", "SKBUILD_CMAKE_ARGS", "MACOSX_DEPLOYMENT_TARGET"),
)
FLAG_FAMILIES = ("CARGO_PROFILE_", "CARGO_BUILD_")
COMPILER_SECONDS = 30.0
# asked of the environment's own Python: [tag, platform, markers]
ASK_PYTHON = (
    "import json, platform, sys, sysconfig\n"
    "full = '%d.%d.%d' % sys.version_info[:3]\n"
    "markers = {'python_version': '%d.%d' % sys.version_info[:2], 'python_full_version': full,\n"
    "           'implementation_name': sys.implementation.name,\n"
    "           'platform_python_implementation': platform.python_implementation()}\n"
    "print(json.dumps([sys.implementation.cache_tag, sysconfig.get_platform(), markers]))\n"
)


@dataclass(frozen=True)
class Wheel:
    """A kept wheel, and the packages (name -> version) that its build left in its environment."""

    path: Path
    beside: Mapping[str, str]


def find(folder: Path, key: str) -> Wheel | None:
    """Return the wheel of a key; None when there is none, or only half of one."""
    place = folder / key
    paths = list(place.glob("*.whl"))
    try:
        beside = json.loads((place / BESIDE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if len(paths) != 1 or not isinstance(beside, dict):
        return None
    os.utime(place)  # the newest are kept: newest by use
    return Wheel(paths[0], beside)


def keep(folder: Path, key: str, wheel: Path, beside: Mapping[str, str]) -> None:
    """Copy a freshly built wheel into the cache, whole or not at all, and let the oldest ones go."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".new-") as place:
        new = Path(place) / key
        new.mkdir()
        shutil.copy2(wheel, new)
        (new / BESIDE).write_text(json.dumps(dict(beside)), encoding="utf-8")
        forget(folder, key)
        with suppress(OSError):  # somebody else has just kept the same
            new.rename(folder / key)
    kept = sorted((path for path in folder.iterdir() if path.name[0] != "."), key=_used, reverse=True)
    for path in kept[KEPT:]:
        shutil.rmtree(path, ignore_errors=True)


def forget(folder: Path, key: str) -> None:
    """Remove the wheel of a key, if there is one."""
    shutil.rmtree(folder / key, ignore_errors=True)


def key_of(facts: Mapping[str, Any]) -> str:
    """Return the key of all that a wheel depends on."""
    return hashlib.sha256(json.dumps(facts, sort_keys=True, default=str).encode()).hexdigest()[:24]


def flags(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that change what compilers make, as they are set."""
    return {
        name: value
        for name, value in sorted(environment.items())
        if value and (name in FLAGS or name.startswith(FLAG_FAMILIES))
    }


def compilers(environment: Mapping[str, str], folder: Path) -> dict[str, str]:
    """Return the first line that each compiler tells of itself in a folder (rustup heeds where it is)."""
    found = {}
    for name in ("rustc", "cargo", "cc", "c++"):
        program = environment.get({"cc": "CC", "c++": "CXX"}.get(name, ""), "") or name
        told = _version(program.split()[0], environment, folder)
        if told:
            found[name] = told
    return found


def processor() -> str:
    """Return what `native` code is made for: the processor's model and instruction sets."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return f"{platform.machine()} {platform.processor()}"
    first = {line for line in lines if line.startswith(("model name", "flags", "Features", "CPU part"))}
    return hashlib.sha256("\n".join(sorted(first)).encode()).hexdigest()[:16]


def _version(program: str, environment: Mapping[str, str], folder: Path) -> str:
    path = shutil.which(program, path=environment.get("PATH"))
    if path is None:
        return ""
    try:
        told = subprocess.run(
            [path, "--version"],
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            timeout=COMPILER_SECONDS,
        ).stdout.splitlines()
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return told[0].strip() if told else ""


def _used(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
