"""What a call of `rust_pyo3` costs above its kernel: its time with the fewest elements it takes.

    .venv/bin/python docs/arrays/overhead.py

Each function is called as a program calls it, ``f(x, gamma, beta, out=out)``, in a loop, with one to four
elements (a row of a matrix, a pixel); what is printed is the best of some batches less an empty loop, in
nanoseconds, the interpreter's own part of a call included. Kernels of so few elements take 5 to 40 ns of it.
The bar is 250 ns. With a name or more (``adam batch_norm``), only these functions.
"""

from __future__ import annotations

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
SMALLEST: dict[str, tuple[Any, ...]] = {  # where that of the benchmarks has more elements than are needed
    "batch_norm": (np.ones((1, 1)), np.ones(1), np.ones(1), np.ones(1), np.ones(1)),
    "layer_norm_rows": (np.ones((1, 1)), np.ones(1), np.ones(1)),
    "zscore_2d": (np.ones((1, 1)),),
    "corrcoef": (np.ones((1, 2)),),
    "percentile": (np.ones(1), np.array([50.0])),
    "bincount": (np.zeros(1, np.int64), 1),
    "heat_step": (np.ones(3), 0.1, 1),
    "mlp": (np.ones((1, 1)), np.ones((1, 1)), np.ones(1), np.ones((1, 1)), np.ones(1)),
}


def nanoseconds(
    function: Callable[..., object], given: tuple[Any, ...], out: Any = None, loops: int = 2_000
) -> float:
    """Return the time of a call, written out: the best of many batches, less an empty loop."""
    names = {f"x{k}": value for k, value in enumerate(given)}
    call = f"f({', '.join([*names, *(['out=out'] if out is not None else [])])})"
    scope = {"f": function, "out": out, **names}
    best = [min(timeit.repeat(text, globals=scope, number=loops, repeat=40)) for text in (call, "pass")]
    return (best[0] - best[1]) / loops * 1e9


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
    if kind.function in SMALLEST:
        return SMALLEST[kind.function]
    for n in (1, 2, 3, 4, 9, 64, 1_000):
        try:
            given = kind().inputs(np.random.default_rng(0), n, **axes)
            function(*given)
        except (ValueError, KeyError, IndexError):
            continue
        return given
    raise LookupError(f"{kind.__name__} takes no small input")


def main() -> None:
    """Print a row a function, and what is above the bar."""
    print("| function | new array | `out=` |\n|---|--:|--:|")
    took: list[tuple[float, str]] = []
    for name, function, given in functions():
        if sys.argv[1:] and name not in sys.argv[1:]:
            continue
        times = {"": nanoseconds(function, given)}
        answer = function(*given)
        if isinstance(answer, np.ndarray):
            times[", out="] = nanoseconds(function, given, np.empty_like(answer))
        took += [(one, name + how) for how, one in times.items()]
        filled = f"{times[', out=']:.0f}" if len(times) > 1 else "-"
        print(f"| {name} | {times['']:.0f} | {filled} |", flush=True)
    took.sort()
    middle, largest = took[len(took) // 2], took[-1]
    print(f"\n{len(took)} ways to call: the middle one takes {middle[0]:.0f} ns ({middle[1]}), ", end="")
    print(f"the longest {largest[0]:.0f} ns ({largest[1]}).")
    above = [f"{name} {one:.0f}" for one, name in reversed(took) if one > BAR]
    print(f"Above {BAR:.0f} ns: {'; '.join(above) or 'none'}.")


if __name__ == "__main__":
    main()
