"""Call compiled functions with arrays that begin, or end, where memory that must not be touched does.

    python tests/array_fence.py rust    # or numba: implementations whose names begin so

A function that reads or writes one element too far ends the process.
"""

import ctypes
import faulthandler
import importlib
import itertools
import mmap
import sys
from math import isqrt
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))
from array_workloads import implementations

from benchmarks.arrays import normalise
from benchmarks.arrays._workload import Workload

MODELS = (
    "activation", "axis", "create", "fft", "matmul", "montecarlo", "normalise", "order", "pipelines",
    "reduce", "stencil", "stream", "umath",
)  # fmt: skip
LENGTHS = (*range(36), 63, 64, 65, 100, 129, 270, 521)
PAGES = 150


class Fenced:
    """Memory for one array after another between two pages that cannot be touched."""

    def __init__(self):
        self.memory = mmap.mmap(-1, (PAGES + 2) * mmap.PAGESIZE)
        start = ctypes.addressof(ctypes.c_char.from_buffer(self.memory))
        for page in (0, PAGES + 1):
            where = ctypes.c_void_p(start + page * mmap.PAGESIZE)
            assert ctypes.CDLL(None).mprotect(where, ctypes.c_size_t(mmap.PAGESIZE), 0) == 0

    def holding(self, x, at_end):
        """Return a copy of x at the end, or at the beginning, of the memory."""
        before = PAGES * mmap.PAGESIZE - x.nbytes if at_end else 0
        place = np.ndarray(x.shape, x.dtype, self.memory, mmap.PAGESIZE + before)
        place[...] = x
        return place


def workloads():
    """Yield every workload's class once, those on threads apart, and the values of its axes but the size."""
    for model in MODELS:
        module = importlib.import_module(f"benchmarks.arrays.{model}")
        for kind in vars(module).values():
            if not isinstance(kind, type) or not issubclass(kind, Workload) or kind is Workload:
                continue
            if "threads" not in kind.axes:
                apart = {name: kind.axes[name] for name in kind.axes if name not in ("n", "memory")}
                for values in itertools.product(*apart.values()):
                    yield kind, dict(zip(apart, values, strict=True))


def run(prefix):
    """Call all functions; return how many calls there were."""
    fences, answers, calls = [Fenced() for _ in range(6)], Fenced(), 0
    normalise.ROWS = {n: (isqrt(n), n // max(isqrt(n), 1)) for n in LENGTHS}
    for kind, axes in workloads():
        found = implementations(kind.package.rpartition(".")[2], kind.function)
        compiled = {name: call for name, call in found.items() if name.startswith(prefix)}
        for n, at_end in itertools.product(LENGTHS, (True, False)):
            size = max(n, 3) if kind.function == "image" else n
            given = kind().inputs(np.random.default_rng(n), size, **axes)
            if any(isinstance(x, np.ndarray) and x.nbytes > PAGES * mmap.PAGESIZE for x in given):
                continue  # sides of matrices
            arrays = zip(given, fences, strict=False)
            given = [f.holding(x, at_end) if isinstance(x, np.ndarray) else x for x, f in arrays]
            try:
                want = found["pure_numpy"](*given)
            except ValueError:
                continue  # too few
            for name, call in compiled.items():
                got = call(*given)
                np.testing.assert_allclose(got, want, rtol=1e-5, atol=1e-8, err_msg=f"{kind.function} {name}")
                if isinstance(want, np.ndarray):
                    call(*given, out=answers.holding(np.zeros_like(want), at_end))
                calls += 1
    return calls


if __name__ == "__main__":
    faulthandler.enable()
    with np.errstate(all="ignore"):
        print(run(sys.argv[1]))
