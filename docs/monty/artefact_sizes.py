"""How large the minimal loop is as a program, by build profile: the table of docs/monty.md.

Builds docs/monty/size with cargo in a temporary folder, generic x86-64 or what the host is, and weighs it.

    .venv/bin/python docs/monty/artefact_sizes.py
"""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
EXTENSION = HERE.parents[1] / "implementations" / "paceline_models"
PROFILES = {
    "dev": "debug",
    "release": "release: opt-level 3",
    "stripped": "release, stripped",
    "small": "opt-level z, fat LTO, one codegen unit, stripped",
    "smallest": "the same and panic = abort",
}


def built(profile: str, target: str) -> Path:
    """Return the program, built with a profile."""
    command = [
        "cargo",
        "build",
        "--quiet",
        "--profile",
        profile,
        "--manifest-path",
        HERE / "size" / "Cargo.toml",
    ]
    environment = {key: value for key, value in os.environ.items() if "RUSTFLAGS" not in key}
    subprocess.run(command, check=True, env={**environment, "CARGO_TARGET_DIR": target})
    return Path(target, "debug" if profile == "dev" else profile, "monty_minimal")


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
    print("| build | KB | start, 10 x 10 and end, ms |\n|---|---|---|")
    with tempfile.TemporaryDirectory() as target:
        for profile, words in PROFILES.items():
            program = built(profile, target)
            print(f"| {words} | {program.stat().st_size / 1e3:,.0f} | {1e3 * seconds_of(program):.2f} |")
    for extension in EXTENSION.glob("_rust*.so"):
        size = extension.stat().st_size / 1e3
        print(f"| the whole extension with all models, as installed, stripped | {size:,.0f} | |")


if __name__ == "__main__":
    main()
