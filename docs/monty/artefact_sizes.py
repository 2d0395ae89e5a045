"""How large the minimal loop is as a program, by build profile: the table of docs/monty.md.

Builds docs/monty/size with cargo in a temporary folder, generic x86-64 or what the host is, and weighs it;
beside it the same loop as a library without the standard library (x86-64 only), which must answer as
`rust_pyo3` does.

    .venv/bin/python docs/monty/artefact_sizes.py
"""

from __future__ import annotations

import ctypes
import os
import platform
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
EXTENSION = HERE.parents[1] / "implementations" / "paceline_models"
PROFILES = {
    "dev": "debug",
    "release": "release: opt-level 3",
    "stripped": "release, stripped",
    "small": "opt-level z, fat LTO, one codegen unit, stripped",
    "smallest": "the same and panic = abort",
}


SEED = {
    "dev": "3,900",
    "release": "472",
    "stripped": "385",
    "smallest": "150-200 expected",
}  # its figures, KB


def cargo(package: Path, profile: str, target: str) -> None:
    """Build a package with a profile."""
    command = ["cargo", "build", "--quiet", "--profile", profile, "--manifest-path", package / "Cargo.toml"]
    environment = {key: value for key, value in os.environ.items() if "RUSTFLAGS" not in key}
    subprocess.run(command, check=True, env={**environment, "CARGO_TARGET_DIR": target})


def built(profile: str, target: str) -> Path:
    """Return the program, built with a profile."""
    cargo(HERE / "size", profile, target)
    return Path(target, "debug" if profile == "dev" else profile, "monty_minimal")


def without_std(target: str) -> Path:
    """Return the library that needs no standard library, once it has answered as the extension does."""
    from paceline_models._rust import monty_minimal

    cargo(HERE / "size" / "no_std", "release", target)
    library = Path(target, "release", "libmonty_no_std.so")
    call = ctypes.CDLL(str(library)).monty_minimal
    call.restype = ctypes.c_float
    t = 0.1 * np.arange(100)
    curve = np.stack([np.sin(t), np.cos(t), t / 2.0, np.sin(t) + np.cos(t)], axis=1).astype(np.float32)
    got, want = np.empty((2, 100), np.float32)
    confidence = call(*(ctypes.c_void_p(curve.ctypes.data), ctypes.c_size_t(100), ctypes.c_size_t(10)),
                      ctypes.c_void_p(got.ctypes.data))  # fmt: skip
    told = monty_minimal(curve, curve, 10, 10, np.inf, want)[0]
    if confidence != told or not np.array_equal(got, want):
        raise SystemExit(f"the library without std answers {confidence}, the extension {told}")
    return library


def seconds_of(program: Path) -> float:
    """Return the seconds from start to end of the program with the row 10 x 10: the least of fifty."""
    times = []
    for _ in range(50):
        start = time.perf_counter()
        subprocess.run([program, "1"], check=True, stdout=subprocess.DEVNULL)
        times.append(time.perf_counter() - start)
    return min(times)


def main() -> None:
    """Print the table."""
    print("| build | KB | the seed, KB | start, 10 x 10 and end, ms |\n|---|--:|--:|--:|")
    with tempfile.TemporaryDirectory() as target:
        for profile, words in PROFILES.items():
            program = built(profile, target)
            size, seconds = program.stat().st_size / 1e3, seconds_of(program)
            print(f"| {words} | {size:,.0f} | {SEED.get(profile, '')} | {1e3 * seconds:.2f} |")
        if platform.machine() == "x86_64":
            size = without_std(target).stat().st_size / 1e3
            print(f"| a library without the standard library (no_std), opt-level z | {size:,.1f} | | |")
    for extension in EXTENSION.glob("_rust*.so"):
        size = extension.stat().st_size / 1e3
        print(f"| the whole extension with all models, as installed, stripped | {size:,.0f} | | |")


if __name__ == "__main__":
    main()
