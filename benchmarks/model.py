"""What is asked of every implementation of a model.

A subclass names a package of ``paceline_models``, the axes of its inputs, and how to make them; every module
in that package's folder of the working tree is an implementation, and a value of the first parameter. The
names come from the working tree and never from the installed package: asv addresses a case by its index in
the product of parameters, so a list that changed with the measured commit would give results other names.
Only a copy of this folder alone, outside any clone, asks about what is installed.

Two axes are no inputs. ``memory`` says where the answer goes: ``alloc`` (a new array), ``out`` (an array that
is passed as ``out=``), ``inplace`` (the first argument, copied afresh before each call, outside the clock).
``threads`` is how many threads an implementation may use.

A module may have ``prepare``: it is given the first input, outside the clock, and what it returns (an index,
a plan) takes that input's place in every call.
"""

from __future__ import annotations

import copy
import functools
import zlib
from abc import ABC, abstractmethod
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from ._agreement import changed, described, difference, digest, entitled, load, misplaced

NO_INPUTS = ("memory", "threads")


def _answers() -> Path:
    """Return where the answers are: in the working tree; for a copy of this folder alone, what is installed.

    Looking for the package does not import it.
    """
    beside = Path(__file__).resolve().parent.parent / "implementations"
    installed = None if beside.is_dir() else find_spec("paceline_models")
    return Path(installed.origin).parent.parent if installed and installed.origin else beside


IMPLEMENTATIONS = _answers()


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
        return difference(got, want, rtol, atol)

    def setup(self, implementation: str, *axes: Any) -> None:
        self.module = load(f"{self.package}.{implementation}")
        _warm(self, implementation, *axes)
        self.call, self.arguments = self.ready(inputs_of(type(self), *axes), *axes)

    def ready(self, given: tuple[Any, ...], *axes: Any) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        """Return what is called and its arguments, prepared, with somewhere to put the answer."""
        function: Callable[..., Any] = getattr(self.module, self.function)
        arguments = given
        if hasattr(self.module, "prepare"):
            arguments = (self.module.prepare(given[0]), *given[1:])
        memory = dict(zip(self.axes, axes, strict=True)).get("memory", "alloc")
        if memory == "inplace":
            arguments = copy.deepcopy(arguments)
            function = functools.partial(function, out=arguments[0])
        elif memory == "out":
            function = functools.partial(function, out=np.empty_like(function(*arguments)))
        return function, arguments

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
        if why_not := entitled(self.module):
            return {"status": "differs", "reason": why_not, **described(self.module)}
        before = inputs_of(type(self), *axes)
        given = copy.deepcopy(before)
        call, arguments = self.ready(given, *axes)
        got, want = call(*arguments), _reference(type(self), *axes)
        tolerance: tuple[Any, ...] = getattr(self.module, "TOLERANCE", (self.rtol, self.atol))
        rtol, atol, *why = tolerance
        if hasattr(self.module, "FIELDS"):  # it returns less than the model
            why.append(f"It returns {', '.join(self.module.FIELDS)} only.")
            want = want[:, [load(self.package).FIELDS.index(field) for field in self.module.FIELDS]]
        max_abs, max_rel, reason = self.compare(got, want, rtol, atol)
        reason = changed(before, given) or misplaced(call, got) or reason
        status = "differs" if reason else "agrees"
        told = {"status": status, "max_abs": max_abs, "max_rel": max_rel, "reason": reason}
        told["inputs"] = digest(before)
        return {**told, "note": " ".join(why), **described(self.module)}


def inputs_of(kind: type[Model], *axes: Any) -> tuple[Any, ...]:
    """Return the inputs of a case, made once a process."""
    asked = (value for name, value in zip(kind.axes, axes, strict=True) if name not in NO_INPUTS)
    return _made(kind, *asked)


@functools.cache
def _made(kind: type[Model], *axes: Any) -> tuple[Any, ...]:
    seed = zlib.crc32(repr((kind.package, kind.version, axes)).encode())
    return kind().inputs(np.random.default_rng(seed), *axes)


@functools.cache
def _reference(kind: type[Model], *axes: Any) -> Any:
    """Return the reference's answer to a case, computed once a process."""
    module = load(f"{kind.package}.{kind.reference}")
    return getattr(module, kind.function)(*copy.deepcopy(inputs_of(kind, *axes)))


_WARM: set[tuple[Any, ...]] = set()


def _warm(model: Model, implementation: str, *axes: Any) -> None:
    """Call once outside the clock, at the smallest size: a JIT compiles, lazy things are made."""
    smallest = [
        min(values) if name == "n" else value
        for (name, values), value in zip(model.axes.items(), axes, strict=True)
    ]
    key = (type(model), implementation, *smallest)
    if key not in _WARM:
        call, arguments = model.ready(copy.deepcopy(inputs_of(type(model), *smallest)), *smallest)
        call(*arguments)
        _WARM.add(key)
