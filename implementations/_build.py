"""Build backend of ``paceline_models``: with the Rust extension where cargo is, else pure, and loudly so.

A PEP 517 backend that hands everything to maturin, after fixing the three things that make timings of
the extension comparable: the release profile, the instruction set (the host's own, as Numba's always is),
and a target folder outside the checkout, so that asv's ``git clean`` does not throw compiled crates away.
Without cargo it hands over to hatchling, and the wheel carries no extension.

Environment variables
---------------------
PACELINE_TARGET_CPU
    the instruction set, ``native`` unless said otherwise (``x86-64-v3`` for wheels that travel).
CARGO_TARGET_DIR
    where compiled crates go; by default a folder of the user's cache keyed by compiler and flags.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

MATURIN = "maturin==1.16.0"
HATCHLING = "hatchling>=1.27"
EDITABLES = "editables~=0.5"  # hatchling's own need where packages are named
NO_CARGO = """
====================================================================================================
 paceline_models is built WITHOUT its Rust extension: no cargo on PATH.
 The NumPy and Numba implementations work; every Rust implementation will be skipped.
 To get it: install Rust from https://rustup.rs, then build again (`make setup`).
====================================================================================================
"""


def has_cargo() -> bool:
    return shutil.which("cargo") is not None


def target_folder(flags: str) -> Path:
    """Return the folder for compiled crates: outside any checkout, one per compiler and flags."""
    compiler = subprocess.run(["rustc", "-vV"], capture_output=True, text=True, check=True).stdout
    key = hashlib.sha256(f"{compiler}\n{flags}".encode()).hexdigest()[:16]
    if platform.system() == "Darwin":
        cache = Path.home() / "Library" / "Caches"
    else:
        cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "paceline" / "target" / key


def rust_flags() -> str:
    """Return RUSTFLAGS with Numba's defaults, except where the user has chosen otherwise.

    Numba compiles for the host's own instruction set, and does not run LLVM's SLP vectoriser, which packs
    neighbouring divisions of a serial chain into one vector and so lengthens the chain (decision 2).
    """
    flags = os.environ.get("RUSTFLAGS", "").split()
    text = " ".join(flags)
    if "target-cpu" not in text:
        flags += ["-C", f"target-cpu={os.environ.get('PACELINE_TARGET_CPU', 'native')}"]
    if "vectorize-slp" not in text:
        flags += ["-C", "no-vectorize-slp"]
    return " ".join(flags)


def backend() -> ModuleType:
    """Return maturin's hooks, ready to compile, or hatchling's where there is no cargo."""
    if not has_cargo():
        print(NO_CARGO, file=sys.stderr, flush=True)
        from hatchling import build

        return build
    import maturin

    flags = rust_flags()
    os.environ["RUSTFLAGS"] = flags
    os.environ.setdefault("CARGO_TARGET_DIR", str(target_folder(flags)))
    return maturin


def get_requires_for_build_wheel(config_settings: object = None) -> list[str]:
    return [MATURIN] if has_cargo() else [HATCHLING]


def get_requires_for_build_editable(config_settings: object = None) -> list[str]:
    return [MATURIN] if has_cargo() else [HATCHLING, EDITABLES]


get_requires_for_build_sdist = get_requires_for_build_wheel


def build_wheel(wheel_directory: str, config_settings: object = None, metadata: str | None = None) -> str:
    return str(backend().build_wheel(wheel_directory, config_settings, metadata))


def build_editable(wheel_directory: str, config_settings: object = None, metadata: str | None = None) -> str:
    return str(backend().build_editable(wheel_directory, config_settings, metadata))


def build_sdist(sdist_directory: str, config_settings: object = None) -> str:
    return str(backend().build_sdist(sdist_directory, config_settings))
