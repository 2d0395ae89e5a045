"""Fused chains of element functions."""

from __future__ import annotations

from typing import Any

import numpy as np

from ._workload import LARGE, MEMORY, N, Workload


class Sigmoid(Workload):
    """1 / (1 + exp(-x))."""

    package = "paceline_models.arrays.activation"
    function = "sigmoid"
    axes = {"n": N, "memory": MEMORY}
    rtol, atol = 1e-12, 1e-14
    version = "1"

    def inputs(self, rng: np.random.Generator, n: int) -> tuple[Any, ...]:
        """Return standard normal values."""
        return (rng.normal(size=n),)


class Swish(Sigmoid):
    """x / (1 + exp(-x))."""

    function = "swish"
    version = "1"


class Gelu(Sigmoid):
    """x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))) / 2."""

    function = "gelu"
    version = "1"


class ReluScaleBias(Sigmoid):
    """0.1 max(x, 0) + 0.5; a fused multiply-add may round once less."""

    function = "relu_scale_bias"
    rtol, atol = 1e-15, 1e-16
    version = "1"


class Softmax(Sigmoid):
    """exp(x) over its sum."""

    function = "softmax"
    version = "1"


class LogSoftmax(Sigmoid):
    """The logarithm of softmax."""

    function = "log_softmax"
    version = "1"


class ExpSinChain(Workload):
    """sin(exp(a + b))."""

    package = "paceline_models.arrays.activation"
    function = "exp_sin_chain"
    axes = {"n": N, "memory": MEMORY}
    rtol, atol = 1e-12, 1e-14
    version = "1"

    def inputs(self, rng: np.random.Generator, n: int) -> tuple[Any, ...]:
        """Return two series between 0 and 1."""
        return rng.uniform(size=n), rng.uniform(size=n)


class SigmoidThreads(Sigmoid):
    """The sigmoid on several threads."""

    axes = {"n": LARGE, "memory": ("out",), "threads": (1, 2)}
    version = "1"


class GeluThreads(Gelu):
    """Gelu on several threads."""

    axes = {"n": LARGE, "memory": ("out",), "threads": (1, 2)}
    version = "1"
