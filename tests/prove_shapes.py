"""Every shape of repository by itself, with asv's defaults: ``python tests/prove_shapes.py FOLDER``.

Prints a table: what was edited in ``paceline.toml`` (two lines at most), what came of it, how long it took.
Then what a second comparison costs whose base and head were built before, beside measuring. Ends with 1 where
a shape gave neither a verdict nor the line that mends it, or the second comparison took over 20 s beside
measuring. Some ten minutes on two cores.
"""

from __future__ import annotations

import re
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import shapes
from shapes import Shape, lock

C = {"core.c": shapes.C_CODE, "src/kern/__init__.py": shapes.INIT}
PLAIN = {**C, "pyproject.toml": shapes.SETUPTOOLS, "setup.py": shapes.SETUP}
MESON = {**C, "pyproject.toml": shapes.MESON, "meson.build": shapes.MESON_BUILD}
RUST = {
    "pyproject.toml": shapes.MATURIN, "Cargo.toml": shapes.CARGO, "src/lib.rs": shapes.RUST,
    "python/kern/__init__.py": shapes.RUST_INIT,
    "Cargo.lock": 'version = 4\n\n[[package]]\nname = "kern"\nversion = "0.1.0"\n',
}  # fmt: skip
HELPER = {
    "pyproject.toml": "[build-system]\nrequires = ['setuptools']\nbuild-backend = 'setuptools.build_meta'\n"
    "[project]\nname = 'helper'\nversion = '0.1'\n[tool.setuptools]\npy-modules = ['helper']\n",
    "helper.py": "x = 1\n",
}
MENDED = re.compile(r"under \[build\]: (.*)")


def setuptools_with_c(folder: Path) -> Shape:
    return two(shapes.made(folder), PLAIN)


def meson_python(folder: Path) -> Shape:
    return two(shapes.made(folder), MESON)


def suite_in_a_subfolder(folder: Path) -> Shape:
    return two(shapes.made(folder, "speed"), PLAIN)


def maturin_with_features_and_a_lock(folder: Path) -> Shape:
    one = shapes.made(folder)
    one.configure('[build]\nfeatures = ["wide"]\n')
    return two(one, RUST, work=100)


def src_layout_with_uv_sources(folder: Path) -> Shape:
    helper = shapes.made(folder / "helper")
    helper.write(HELPER)
    helper.commit("helper")
    sources = f"[tool.uv.sources]\nhelper = {{ git = '{helper.root.as_uri()}', branch = 'main' }}\n"
    project = shapes.SETUPTOOLS + "dependencies = ['helper']\n" + sources
    return two(shapes.made(folder), {**PLAIN, "pyproject.toml": project})


def two_backends(folder: Path) -> Shape:
    one = shapes.made(folder)
    one.write(PLAIN)
    one.commit("base")
    one.write(MESON, work=4)
    one.commit("head", "setup.py")
    return one


def lock_file_alone(folder: Path) -> Shape:
    one = shapes.made(folder)
    project = shapes.SETUPTOOLS + "dependencies = ['six']\n"
    one.write({**PLAIN, "pyproject.toml": project, "uv.lock": lock(six="1.16.0")})
    one.commit("base")
    one.write({"uv.lock": lock(six="1.17.0")})
    one.commit("head")
    return one


def pinned_to_conda(folder: Path) -> Shape:
    matrix = {"req": {"pip+asv_runner": ["==0.3.2"], "libblas": [], "six": ["1.16.0"]}}
    one = shapes.made(folder, environment_type="conda", matrix=matrix)
    conda = "dependencies:\n  - python=3.12\n  - c-compiler\n  - attrs=23.1.0\n"
    return two(one, {**PLAIN, "environment.yml": conda})


def undeclared_dependency(folder: Path) -> Shape:
    one = shapes.made(folder)
    return two(one, {**PLAIN, "src/kern/__init__.py": "import yaml\n" + shapes.INIT})


def built_for_debugging(folder: Path) -> Shape:
    one = shapes.made(folder)
    one.configure('[build]\nvariables = { CFLAGS = "-O0 -g" }\n')
    return two(one, PLAIN)


SHAPES: tuple[tuple[Callable[[Path], Shape], int], ...] = (  # and the exit code that it must end with
    (setuptools_with_c, 1), (maturin_with_features_and_a_lock, 1), (meson_python, 1),
    (src_layout_with_uv_sources, 1), (suite_in_a_subfolder, 1), (pinned_to_conda, 1), (two_backends, 1),
    (lock_file_alone, 0), (undeclared_dependency, 1), (built_for_debugging, 3),
)  # fmt: skip


def two(one: Shape, files: dict[str, str], work: int = 1) -> Shape:
    """Commit the files, and again with four times the work."""
    for name, times in (("base", work), ("head", 4 * work)):
        one.write(files, times)
        one.commit(name)
    return one


def proved(one: Shape) -> tuple[int, str, int]:
    """Compare; where a line says what to write, write it and compare again. Return code, words, lines."""
    ended, told = one.compare("base", "head")
    found = MENDED.search(ended.stderr) if ended.returncode in (2, 3) else None
    words = list(said(ended, told))
    if found:
        one.configure(f"[build]\n{found[1]}\n")
        ended, told = one.compare("base", "head")
        words = [f"first `{found[1]}`", *said(ended, told)]
    path = one.suite / "paceline.toml"
    return ended.returncode, "; ".join(words), len(path.read_text().splitlines()) if path.exists() else 0


def beside_measuring(one: Shape) -> tuple[float, float, list[str]]:
    """Compare base with a new head, then with the earlier one, whose wheel is kept: nothing is built.

    Return the seconds and the processor's seconds but those of measuring, and what was said.
    """
    one.write({"more.py": ""})
    one.commit("more")
    one.compare("base", "more")
    before = processor_seconds()
    sides = one.commits["base"], one.commits["head"]
    child = subprocess.Popen(
        [sys.executable, "-m", "paceline", "compare", *sides, *shapes.QUICK],
        cwd=one.suite, env={**one.environment, "PYTHONUNBUFFERED": "1"}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    start, measuring, ended = time.monotonic(), 0.0, 0.0
    lines: list[str] = []
    assert child.stdout is not None
    for line in child.stdout:
        lines.append(line.rstrip())
        if line.startswith("every pair is kept"):
            measuring = time.monotonic()
        elif line.startswith("verdict ") or " of 1 cases" in line:
            ended = ended or time.monotonic()
    child.wait()
    whole = time.monotonic() - start
    return whole - (ended - measuring), processor_seconds() - before, lines


def processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def said(ended: Any, told: dict[str, Any]) -> Iterator[str]:
    for one in told.get("verdicts", []):
        yield f"{one['verdict']} {one['ratio'] or 0:.2f}"
    yield from told.get("also_changed", [])
    if not told.get("verdicts"):
        yield ended.stderr.strip().splitlines()[-1][-160:] if ended.stderr.strip() else "nothing was said"


def main(folder: Path, *names: str) -> int:
    """Prove the shapes of these names, or all; return the exit code."""
    missed, second = 0, None
    print("| shape | lines in paceline.toml | exit | what came of it | s |\n|---|---|---|---|---|")
    for make, code in SHAPES:
        if names and make.__name__ not in names:
            continue
        place = folder / make.__name__
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        start = time.monotonic()
        shape = make(place)
        got, words, lines = proved(shape)
        missed += got != code or lines > 2
        name = make.__name__.replace("_", " ")
        print(f"| {name} | {lines} | {got} | {words} | {time.monotonic() - start:.0f} |", flush=True)
        if make is setuptools_with_c:
            second = beside_measuring(shape)
    if second:
        seconds, used, told = second
        missed += seconds > 20 or any(line.startswith("building ") for line in told)
        print(
            f"\nThe second time, nothing to build: {seconds:.1f} s beside measuring; with it {used:.1f} s of"
        )
        print("the processors. " + "; ".join(line for line in told if "built" in line) + ".")
    return min(missed, 1)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve(), *sys.argv[2:]))
