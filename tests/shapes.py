"""Repositories as they exist, made small: each shape is a few files, and each commit one change of them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

QUICK = ("--seconds", "0.05", "--threshold", "30%")
QUESTIONS = "import kern\n\nclass Loops:\n    def time_loop(self): return kern.loop(400)\n"
C_CODE = """
#define PY_SSIZE_T_CLEAN
#include <Python.h>
static PyObject *loop(PyObject *self, PyObject *args) {
    long n; unsigned long x = 1;
    if (!PyArg_ParseTuple(args, "l", &n)) return NULL;
    for (long i = 0; i < n * WORK; i++) x = (x * 5 + i) & 0xFFFF;
    return PyLong_FromUnsignedLong(x);
}
static PyMethodDef methods[] = {{"loop", loop, METH_VARARGS, "x"}, {NULL, NULL, 0, NULL}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_core", NULL, -1, methods};
PyMODINIT_FUNC PyInit__core(void) { return PyModule_Create(&module); }
"""
PROJECT = '[project]\nname = "tiny-kern"\nversion = "0.1"\n'
INIT = "from kern._core import loop\n"
SETUPTOOLS = '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n' + PROJECT
SETUP = """
import os
from setuptools import Extension, setup
setup(
    package_dir={"": "src"}, packages=["kern"],
    ext_modules=[Extension("kern._core", ["core.c"], define_macros=[("WORK", "WORKS")])],
)
"""
MESON = '[build-system]\nrequires = ["meson-python", "ninja"]\nbuild-backend = "mesonpy"\n' + PROJECT
MESON_BUILD = """
project('tiny-kern', 'c', version: '0.1', default_options: ['buildtype=release'])
py = import('python').find_installation(pure: false)
py.extension_module('_core', 'core.c', c_args: ['-DWORK=WORKS'], install: true, subdir: 'kern')
py.install_sources('src/kern/__init__.py', subdir: 'kern')
"""
MATURIN = '[build-system]\nrequires = ["maturin>=1.9,<2"]\nbuild-backend = "maturin"\n' + PROJECT
MATURIN += 'dependencies = ["cffi"]\n[tool.maturin]\nbindings = "cffi"\nmodule-name = "kern._core"\n'
MATURIN += 'python-source = "python"\n'
CARGO = '[package]\nname = "kern"\nversion = "0.1.0"\nedition = "2021"\n[lib]\ncrate-type = ["cdylib"]\n'
CARGO += "[features]\nwide = []\n"
RUST = """
#[no_mangle]
pub extern "C" fn kern_loop(n: u64) -> u64 {
    let work = if cfg!(feature = "wide") { WORKS } else { 100 };
    (0..n * work).fold(1u64, |x, i| (x * 5 + i) & 0xFFFF)
}
"""
RUST_INIT = "from kern._core import lib\n\ndef loop(n): return lib.kern_loop(n)\n"


@dataclass
class Shape:
    """A repository with an asv suite, and the environment that commands run with."""

    root: Path
    suite: Path
    environment: Mapping[str, str]
    commits: dict[str, str] = field(default_factory=dict)

    def write(self, files: Mapping[str, str], work: int = 1) -> None:
        """Write files of the repository; WORKS in them is how often the loop goes round."""
        for name, text in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text.replace("WORKS", str(work)))

    def commit(self, name: str, *gone: str) -> None:
        """Commit what is there, without some files; the commit is known by the name."""
        for path in gone:
            (self.root / path).unlink()
        git(self.root, "add", "--all")
        git(self.root, "commit", "--quiet", "--message", name)
        self.commits[name] = git(self.root, "rev-parse", "HEAD")

    def configure(self, text: str) -> None:
        """Write ``paceline.toml`` beside asv's configuration: it is no part of the commits."""
        (self.suite / "paceline.toml").write_text(text)

    def compare(self, base: str, head: str, *words: str) -> tuple[subprocess.CompletedProcess[str], Any]:
        """Run ``paceline compare``; return how it ended, and its JSON."""
        told = self.root.parent / "told.json"
        told.unlink(missing_ok=True)
        ended = subprocess.run(
            [sys.executable, "-m", "paceline", "compare", self.commits[base], self.commits[head],
             *QUICK, "--json", str(told), *words],
            cwd=self.suite, env=dict(self.environment), capture_output=True, text=True, check=False,
            timeout=600,
        )  # fmt: skip
        return ended, json.loads(told.read_text()) if told.exists() else {}


def made(folder: Path, below: str = "", **settings: Any) -> Shape:
    """Make an empty repository with a suite, in a subfolder where one is named; asv's defaults hold."""
    root, home = folder / "project", folder / "home"
    home.mkdir(parents=True)
    suite = root / below
    (suite / "benchmarks").mkdir(parents=True)
    (suite / "benchmarks" / "__init__.py").touch()
    (suite / "benchmarks" / "kernels.py").write_text(QUESTIONS)
    python = f"{sys.version_info[0]}.{sys.version_info[1]}"
    described = {"version": 1, "project": "tiny-kern", "repo": ".." if below else ".", "branches": ["main"]}
    described |= {"pythons": [python], "environment_type": "virtualenv", **settings}
    described.setdefault("matrix", {"req": {"pip+asv_runner": ["==0.3.2"]}})
    (suite / "asv.conf.json").write_text(json.dumps(described))
    (root / ".gitignore").write_text("results\n__pycache__\npaceline.toml\n.paceline\n")
    git(root, "init", "--quiet", "--initial-branch", "main")
    cache = subprocess.check_output([sys.executable, "-m", "pip", "cache", "dir"], text=True).strip()
    known = {name: value for name, value in os.environ.items() if name != "CI"}
    cargo = {name: str(Path.home() / folder) for name, folder in HOMES.items() if name not in known}
    return Shape(root, suite, {**known, **cargo, "HOME": str(home), "PIP_CACHE_DIR": cache})


HOMES = {"CARGO_HOME": ".cargo", "RUSTUP_HOME": ".rustup"}  # rustup's own, beside a home that is not its own


def git(root: Path, *words: str) -> str:
    named = ("-c", "user.name=somebody", "-c", "user.email=somebody@localhost")
    return subprocess.check_output(["git", "-C", str(root), *named, *words], text=True).strip()


def lock(**versions: str) -> str:
    """Return a ``uv.lock`` of the project with what it needs: name -> version, or a source in braces."""
    packages = [
        f'[[package]]\nname = "{name}"\nversion = "0.1"\nsource = {version}\n'
        if version.startswith("{")
        else f'[[package]]\nname = "{name}"\nversion = "{version}"\n'
        'source = { registry = "https://pypi.org/simple" }\n'
        for name, version in versions.items()
    ]
    edges = "".join(f'    {{ name = "{name}" }},\n' for name in versions)
    own = '[[package]]\nname = "tiny-kern"\nversion = "0.1"\nsource = { editable = "." }\n'
    return "version = 1\nrevision = 3\n\n" + "\n".join([*packages, f"{own}dependencies = [\n{edges}]\n"])
