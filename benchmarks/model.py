"""What is asked of every implementation of a model.

A subclass names a package of ``paceline_models``, the axes of its inputs, and how to make them; every module
in that package's folder of the working tree is an implementation, and a value of the first parameter. The
names come from the working tree and never from the installed package: asv addresses a case by its index in
the product of parameters, so a list that changed with the measured commit would give results other names.
"""

from __future__ import annotations

import copy
import functools
import importlib
import sys
import zlib
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar

import numpy as np

IMPLEMENTATIONS = Path(__file__).resolve().parent.parent / "implementations"
EXTENSION = "_rust"


class Model(ABC):
    """A question. Subclasses say ``package``, ``axes`` and ``version``, and make the ``inputs``."""

    package: ClassVar[str]
    function: ClassVar[str] = "run"
    reference: ClassVar[str] = "pure_numpy"
    baseline: ClassVar[str] = "numba_jit"
    axes: ClassVar[dict[str, tuple[Any, ...]]]
    rtol: ClassVar[float] = 1e-9
    atol: ClassVar[float] = 1e-12
    version: ClassVar[str]

    params: ClassVar[list[list[Any]]]
    param_names: ClassVar[list[str]]
    rounds = 2
    repeat = (5, 200, 0.5)  # asv_runner times single calls where there is a setup: take many of them
    timeout = 120.0

    def __init_subclass__(cls) -> None:
        cls.param_names = ["implementation", *cls.axes]
        cls.params = [cls.implementations(), *(list(values) for values in cls.axes.values())]

    @classmethod
    def implementations(cls) -> list[str]:
        """Return the names of the files in the model's folder of the working tree, the reference first."""
        files = IMPLEMENTATIONS.joinpath(*cls.package.split(".")).glob("[!_]*.py")
        return sorted((file.stem for file in files), key=lambda name: (name != cls.reference, name))

    @abstractmethod
    def inputs(self, rng: np.random.Generator, *axes: Any, **named: Any) -> tuple[Any, ...]:
        """Return the arguments of every implementation for one value of each axis."""

    def compare(self, got: Any, want: Any, rtol: float, atol: float) -> tuple[float, float, str]:
        """Return the largest absolute and relative difference, and a reason where it is too large."""
        kinds = [
            f"{x.dtype}{x.shape}" if hasattr(x, "dtype") else f"a {type(x).__name__}" for x in (got, want)
        ]
        if kinds[0] != kinds[1]:
            return np.inf, np.inf, f"is {kinds[0]}, expected {kinds[1]}"
        wide = np.result_type(want, np.float64)  # whole numbers and truth values differ as numbers, too
        same = (got == want) | (np.isnan(got) & np.isnan(want))
        difference = np.where(same, 0.0, np.abs(got.astype(wide) - want.astype(wide)))
        size = np.abs(want.astype(wide))
        relative = difference / np.maximum(size, np.finfo(wide).tiny)
        bad = ~(same | (difference <= atol + rtol * size))
        index = np.unravel_index(int(np.argmax(bad)), bad.shape) if bad.any() else None
        place = "" if index is None else f"[{', '.join(map(str, index))}]"
        reason = "" if index is None else f"result{place} is {got[index]}, expected {want[index]}"
        return float(difference.max(initial=0.0)), float(relative.max(initial=0.0)), reason

    def setup(self, implementation: str, *axes: Any) -> None:
        self.module = load(f"{self.package}.{implementation}")
        self.call: Callable[..., Any] = getattr(self.module, self.function)
        self.arguments = inputs_of(type(self), *axes)
        _warm(self, implementation, *axes)

    def time_run(self, implementation: str, *axes: Any) -> None:
        self.call(*self.arguments)

    def peakmem_run(self, implementation: str, *axes: Any) -> None:
        self.call(*self.arguments)

    def peakmem_baseline(self, implementation: str, *axes: Any) -> None:
        """Imports, inputs and a warm call of the smallest size: what peakmem_run is to be seen above."""

    def thunk(self, implementation: str, *axes: Any) -> Callable[[], Any]:
        """Return what is timed, without a method around it."""
        return functools.partial(self.call, *self.arguments)

    def agreement(self, implementation: str, *axes: Any) -> dict[str, Any]:
        """Compare with the reference, and the inputs with themselves before."""
        arguments = copy.deepcopy(self.arguments)
        got, want = self.call(*arguments), _reference(type(self), *axes)
        tolerance: tuple[Any, ...] = getattr(self.module, "TOLERANCE", (self.rtol, self.atol))
        rtol, atol, *why = tolerance
        if hasattr(self.module, "FIELDS"):  # it returns less than the model
            why.append(f"It returns {', '.join(self.module.FIELDS)} only.")
            want = want[:, [load(self.package).FIELDS.index(field) for field in self.module.FIELDS]]
        max_abs, max_rel, reason = self.compare(got, want, rtol, atol)
        for position, (old, new) in enumerate(zip(self.arguments, arguments, strict=True)):
            if not _same(old, new):
                reason = f"changes its argument {position}"
        status = "differs" if reason else "agrees"
        text = (self.module.__doc__ or "").split("\n", 1)[0].replace("`", "")
        words = {"reason": reason, "text": text, "note": " ".join(why)}
        return {"status": status, "max_abs": max_abs, "max_rel": max_rel, **words}


def load(name: str) -> ModuleType:
    """Import a module; what this commit or machine has not is skipped, what is broken fails."""
    root = name.split(".", maxsplit=1)[0]
    try:
        module = importlib.import_module(name)
    except ModuleNotFoundError as error:
        missing = error.name or ""
        ours = missing.split(".", maxsplit=1)[0] == root
        if ours and missing != f"{root}.{EXTENSION}" and not f"{name}.".startswith(f"{missing}."):
            raise
        why = "built without its Rust extension" if missing.endswith(EXTENSION) else f"no {missing} here"
        raise NotImplementedError(why) from error
    build = getattr(sys.modules.get(f"{root}.{EXTENSION}"), "BUILD", {"profile": "release"})
    if build["profile"] != "release":
        raise RuntimeError(f"{root}.{EXTENSION} is a {build['profile']} build; run `make setup`")
    return module


@functools.cache
def inputs_of(kind: type[Model], *axes: Any) -> tuple[Any, ...]:
    """Return the inputs of a case, made once a process."""
    seed = zlib.crc32(repr((kind.package, kind.version, axes)).encode())
    return kind().inputs(np.random.default_rng(seed), *axes)


@functools.cache
def _reference(kind: type[Model], *axes: Any) -> Any:
    """Return the reference's answer to a case, computed once a process."""
    module = load(f"{kind.package}.{kind.reference}")
    return getattr(module, kind.function)(*copy.deepcopy(inputs_of(kind, *axes)))


def _same(old: Any, new: Any) -> bool:
    """Tell whether two arguments of any kind, or whatever they hold, are equal; NaN equals NaN."""
    try:
        np.testing.assert_equal(new, old)
    except AssertionError:
        return False
    return True


_WARM: set[tuple[Any, ...]] = set()


def _warm(model: Model, implementation: str, *axes: Any) -> None:
    """Call once outside the clock, at the smallest size: a JIT compiles, lazy things are made."""
    smallest = [
        min(values) if name == "n" else value
        for (name, values), value in zip(model.axes.items(), axes, strict=True)
    ]
    key = (type(model), implementation, *smallest)
    if key not in _WARM:
        model.call(*copy.deepcopy(inputs_of(type(model), *smallest)))
        _WARM.add(key)
