"""What an implementation costs before its first answer: import, first call (JIT), size on disk.

Each number comes from fresh interpreters with an empty compilation cache: times are the median of three.
Imports are timed after those of NumPy and SciPy; sizes are those of the files that an implementation brings
beside Python, NumPy and SciPy: its own modules, the extension, the packages that it imports.
"""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
import tempfile
from importlib import import_module
from inspect import isabstract
from pathlib import Path
from pkgutil import iter_modules
from statistics import median
from typing import Any

from ._agreement import EXTENSION, load
from .model import Model, inputs_of

FAMILIES = [
    import_module(f".{found.name}", __package__)
    for found in iter_modules([str(Path(__file__).parent)])
    if not found.name.startswith("_") and found.name not in ("model", "startup")
]
SUITE = Path(__file__).resolve().parent
KINDS = [
    kind
    for family in FAMILIES
    for kind in vars(family).values()
    if isinstance(kind, type) and issubclass(kind, Model) and not isabstract(kind)
]
MODELS: dict[str, type[Model]] = {kind.package.rpartition(".")[2]: kind for kind in reversed(KINDS)}
"""The first class that asks about a package stands for it."""
TIMES = 3  # fresh interpreters for a time
NAMES = sorted({name for kind in MODELS.values() for name in kind.implementations()})

CHILD = """
import importlib, json, pickle, sys, time
import numpy, scipy
name, function, arguments, extension = sys.argv[1:]
before = {key.split(".")[0] for key in sys.modules}
start = time.perf_counter()
call = getattr(importlib.import_module(name), function)
imported = time.perf_counter() - start
with open(arguments, "rb") as file:
    arguments = pickle.load(file)
times = []
while len(times) < 2 or (len(times) < 6 and sum(times[1:]) < 1):
    start = time.perf_counter()
    call(*arguments)
    times.append(time.perf_counter() - start)
root = name.split(".")[0]
files = [module.__file__ for key, module in list(sys.modules.items())
         if key.startswith(root) and getattr(module, "__file__", None)]
suite = {"benchmarks"}  # arguments may be functions of it
others = {key.split(".")[0] for key in sys.modules} - before - {root} - suite - sys.stdlib_module_names
folders = [sys.modules[key].__path__[0] for key in others
           if getattr(sys.modules.get(key), "__path__", None)]
print(json.dumps({"import": imported, "first": times[0], "later": min(times[1:]),
                  "files": files, "folders": folders}))
"""


class Startup:
    """Cost of the first call by implementation and model; parameters as in asv's other classes."""

    param_names = ("implementation", "model")
    params = (NAMES, sorted(MODELS))
    timeout = 300.0
    version = "2"

    def setup(self, implementation: str, model: str) -> None:
        self.kind = MODELS[model]
        if implementation not in self.kind.implementations():
            raise NotImplementedError(f"{model} has no {implementation}")
        load(f"{self.kind.package}.{implementation}")

    def track_import(self, implementation: str, model: str) -> float:
        """Seconds of the import, after NumPy and SciPy."""
        return median(float(_child(self.kind, implementation)["import"]) for _ in range(TIMES))

    def track_first_call(self, implementation: str, model: str) -> float:
        """Seconds that the first call takes longer than the fastest later one, with an empty JIT cache."""
        every = [_child(self.kind, implementation) for _ in range(TIMES)]
        return median(max(0.0, float(told["first"]) - float(told["later"])) for told in every)

    def track_size(self, implementation: str, model: str) -> int:
        """Bytes on disk that it brings beside Python, NumPy and SciPy."""
        told = _child(self.kind, implementation)
        inside = (file for folder in told["folders"] for file in Path(folder).rglob("*"))
        packages = sum(file.stat().st_size for file in inside if _installed(file))
        return packages + sum(Path(file).stat().st_size for file in told["files"])


Startup.track_import.unit = "seconds"  # type: ignore[attr-defined]
Startup.track_first_call.unit = "seconds"  # type: ignore[attr-defined]
Startup.track_size.unit = "bytes"  # type: ignore[attr-defined]


def _installed(file: Path) -> bool:
    return file.is_file() and "__pycache__" not in file.parts


def _child(kind: type[Model], implementation: str) -> Any:
    """Start a fresh interpreter that imports and calls; return what it tells."""
    smallest = [values[0] for values in kind.axes.values()]
    with tempfile.TemporaryDirectory() as folder:
        arguments = Path(folder, "arguments.pickle")
        arguments.write_bytes(pickle.dumps(inputs_of(kind, *smallest)))
        command = [sys.executable, "-c", CHILD, f"{kind.package}.{implementation}", kind.function]
        environment = {"NUMBA_CACHE_DIR": folder, "PATH": "", "HOME": folder, "PYTHONPATH": str(SUITE.parent)}
        told = subprocess.run(
            [*command, str(arguments), EXTENSION],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
    if told.returncode:
        last = told.stderr.strip().splitlines()[-1:] or [f"it ended with exit code {told.returncode}"]
        raise RuntimeError(last[0])
    return json.loads(told.stdout)
