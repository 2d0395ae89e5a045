"""The five kernels as asv and paceline see them."""

# ruff: noqa: ANN201, D103

import kernels5


def time_integer_loop():
    return kernels5.integer_loop()


def time_polynomial():
    return kernels5.polynomial()


def time_memory():
    return kernels5.memory()


def time_allocation():
    return kernels5.allocation()


def time_text():
    return kernels5.text()
