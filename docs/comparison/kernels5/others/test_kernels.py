"""The five kernels as pytest-benchmark sees them."""

# ruff: noqa: ANN001, ANN201, D103

import kernels5


def test_integer_loop(benchmark):
    benchmark(kernels5.integer_loop)


def test_polynomial(benchmark):
    benchmark(kernels5.polynomial)


def test_memory(benchmark):
    benchmark(kernels5.memory)


def test_allocation(benchmark):
    benchmark(kernels5.allocation)


def test_text(benchmark):
    benchmark(kernels5.text)
