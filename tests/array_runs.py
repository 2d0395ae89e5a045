"""What the tests of array operations share: which functions there are, their arguments, and layouts."""

import importlib
import warnings
import zlib
from dataclasses import dataclass

import numpy as np

from benchmarks.arrays import activation, axis, normalise, reduce, stream, umath
from benchmarks.arrays._workload import Workload

SPECIAL = (0.0, -0.0, np.inf, -np.inf, np.nan, 5e-324, -1e-310, 1e100, -1e100, 1.0, -1.0, 709.9, -745.2, 3e5)
EPSILON = np.finfo(float).eps
IN_ORDER = {"sum_axis0", "sum_axis1", "var_axis0", "std_axis1", "corrcoef"}
SERIES = {"diff", "diff2", "gradient", "convolve3", "cumsum", "diff_cumsum"}
MATRIX = {*IN_ORDER, "zscore_2d", "layer_norm_rows", "batch_norm"}
COLUMNS = {"layer_norm_rows": 2, "batch_norm": 4}
ARGUMENTS = {"exp_sin_chain": 2, "weighted_mean": 2, "covariance": 2, "mse": 2, "layer_norm": 3}
LEAST = {"softmax": 1, "log_softmax": 1, "image_normalize": 1, "gradient": 2, "convolve3": 3, "corrcoef": 1}
# Where an answer is all rounding error: angles that an exponential has made, means of -1e100 and 1e100.
WITHOUT = {"exp_sin_chain": (3.0, 1e300), "layer_norm": (1e50, 1e300), "layer_norm_rows": (1e50, 1e300)}


@dataclass(frozen=True)
class Case:
    """A function of an implementation, and the reference's."""

    kind: type[Workload]
    name: str

    def __str__(self) -> str:
        return f"{self.kind.function}-{self.name}"

    @property
    def function(self):
        return self.kind.function

    @property
    def call(self):
        return _function(self.kind, self.name)

    @property
    def reference(self):
        return _function(self.kind, "pure_numpy")

    @property
    def returns_number(self) -> bool:
        return self.kind.package.endswith("reduce") and self.function != "corrcoef"

    @property
    def in_place(self) -> bool:
        apart = IN_ORDER | SERIES - {"cumsum"}
        return not self.returns_number and self.function not in apart


def _function(kind, name):
    return getattr(importlib.import_module(f"{kind.package}.{name}"), kind.function)


def has_rust() -> bool:
    try:
        importlib.import_module("paceline_models._rust")
    except ImportError:
        return False
    return True


def cases(*modules, reference=False) -> list[Case]:
    """Return every function of every implementation but the reference, those on several threads included."""
    found = {}
    for module in modules:
        for kind in vars(module).values():
            if isinstance(kind, type) and issubclass(kind, Workload) and kind.__module__ == module.__name__:
                for name in kind.implementations():
                    found.setdefault((kind.function, name), Case(kind, name))
    rust = has_rust()
    return [
        case
        for (_, name), case in found.items()
        if (reference or name != "pure_numpy") and (rust or not name.startswith("rust"))
    ]


ALL = (umath, activation, normalise, reduce, axis, stream)


def arguments(function: str, count: int, seed: int = 0, special: bool = False) -> list[np.ndarray]:
    """Return arguments with about ``count`` elements (a matrix is about square), some of them special."""
    rng = np.random.default_rng([seed, count, zlib.crc32(function.encode())])
    rows = int(np.sqrt(count)) if function in MATRIX else 0
    shape = (rows, count // rows if rows else 0) if function in MATRIX else (count,)
    shapes = [shape] * ARGUMENTS.get(function, 1) + [shape[1:]] * COLUMNS.get(function, 0)
    given = [rng.normal(0.5, 1.0, size) for size in shapes]
    if special:
        low, high = WITHOUT.get(function, (np.inf, np.inf))
        allowed = [v for v in SPECIAL if not low < abs(v) < high]
        for x in given:
            chosen = rng.random(x.shape) < 0.2
            x[chosen] = rng.choice(allowed, size=int(chosen.sum()))
    elif function in ("log", "sqrt", "batch_norm"):
        given = [np.abs(x) for x in given]
    return given


def scale(case: Case, given: list[np.ndarray]):
    """Return what the tolerance is a share of."""
    with np.errstate(all="ignore"):
        found = np.asarray(case.kind().scale(*given))
    return np.where(np.isfinite(found), found, 1.0)


def assert_agrees(case: Case, given, got, want, note="") -> None:
    want, got = np.asarray(want), np.asarray(got)
    assert got.dtype == np.float64, note
    assert got.shape == want.shape, note
    with np.errstate(all="ignore"):
        same = (got == want) | (np.isnan(got) & np.isnan(want))
        close = np.abs(got - want) <= case.kind.atol * scale(case, given) + case.kind.rtol * np.abs(want)
    assert (same | close).all(), (note, got[~(same | close)][:3], want[~(same | close)][:3])


def quietly(function, *args, **named):
    """Call without NumPy's warnings, which only NumPy's implementations give."""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return function(*args, **named)


def strided(x):
    wide = np.full((*x.shape[:-1], 2 * x.shape[-1]), np.nan) if x.ndim else np.full(2, np.nan)
    view = wide[..., ::2]
    view[...] = x
    return view if x.ndim else x.copy()


def backwards(x):
    return x[..., ::-1].copy()[..., ::-1] if x.ndim else x.copy()


def misaligned(x):
    view = np.zeros(x.size * 8 + 1, np.uint8)[1:].view(np.float64).reshape(x.shape)
    view[...] = x
    return view


def fortran(x):
    return np.asfortranarray(x)


def readonly(x):
    x = x.copy()
    x.flags.writeable = False
    return x


LAYOUTS = (strided, backwards, misaligned, fortran, readonly)
