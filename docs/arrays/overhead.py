"""What a call of `rust_pyo3` costs above its kernel: its time with the fewest elements it takes.

    .venv/bin/python docs/arrays/overhead.py

Each function is called in a loop of C with one to four elements (a row of a matrix, a pixel), with ``out=``
and without; what is printed is the best of some batches less that of an empty call, in nanoseconds. Kernels
of so few elements take 5 to 20 ns of it; where a workload's smallest input is larger, the row says so. The
bar is 250 ns.
"""

from __future__ import annotations

import functools
import importlib
import sys
import timeit
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402

from benchmarks.arrays._workload import Workload  # noqa: E402

BAR = 250.0
MODELS = (
    "umath", "activation", "normalise", "reduce", "axis", "stream", "create", "order", "matmul", "stencil",
    "fft", "montecarlo", "pipelines",
)  # fmt: skip
LARGER = {
    "mlp": "64 x 32 x 10",
    "heat_step": "a hundred steps",
    "corrcoef": "ten series",
    "percentile": "three ranks",
    "layer_norm_rows": "16 x 64",
    "zscore_2d": "16 x 64",
}


def nothing(*_: Any, **__: Any) -> None:
    """Return at once."""


def nanoseconds(call: Callable[[], object], loops: int = 2_000, batches: int = 25) -> float:
    """Return the time of a call: the best batch."""
    return min(timeit.repeat(call, number=loops, repeat=batches)) / loops * 1e9


def functions() -> Iterator[tuple[str, Callable[..., Any], tuple[Any, ...]]]:
    """Yield every function of `rust_pyo3` with the smallest input that it takes."""
    for model in MODELS:
        module = importlib.import_module(f"benchmarks.arrays.{model}")
        rust = importlib.import_module(f"paceline_models.arrays.{model}.rust_pyo3")
        seen = set()
        for kind in vars(module).values():
            if not isinstance(kind, type) or not issubclass(kind, Workload) or kind is Workload:
                continue
            function = getattr(rust, kind.function, None)
            if function is None or kind.function in seen:
                continue
            seen.add(kind.function)
            apart = {name: kind.axes[name][0] for name in kind.axes if name not in ("n", "memory", "threads")}
            yield kind.function, function, smallest(kind, function, apart)


def smallest(kind: type[Workload], function: Callable[..., Any], axes: dict[str, Any]) -> tuple[Any, ...]:
    """Return the arguments with the fewest elements for which there is an answer."""
    for n in (1, 2, 3, 4, 9, 64, 1_000):
        try:
            given = kind().inputs(np.random.default_rng(0), n, **axes)
            function(*given)
        except (ValueError, KeyError, IndexError):
            continue
        return given
    raise LookupError(f"{kind.__name__} takes no small input")


def main() -> None:
    """Print a row a function, and the largest."""
    empty = nanoseconds(functools.partial(nothing, 1))
    print("| function | new array | `out=` | smallest input |\n|---|--:|--:|---|")
    worst: list[tuple[float, str]] = []
    for name, function, given in functions():
        alone = nanoseconds(functools.partial(function, *given)) - empty
        answer = function(*given)
        filled = "-"
        if isinstance(answer, np.ndarray):
            took = nanoseconds(functools.partial(function, *given, out=np.empty_like(answer))) - empty
            filled = f"{took:.0f}"
        worst.append((alone, name))
        print(f"| {name} | {alone:.0f} | {filled} | {LARGER.get(name, '')} |", flush=True)
    above = [f"{name} {took:.0f}" for took, name in sorted(worst, reverse=True) if took > BAR]
    took, name = sorted(worst)[len(worst) // 2]
    print(f"\n{len(worst)} functions; the middle one takes {took:.0f} ns ({name}).")
    print(f"Above {BAR:.0f} ns: {', '.join(above) or 'none'}.")


if __name__ == "__main__":
    main()
