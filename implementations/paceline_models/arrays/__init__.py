"""Array operations: what NumPy users chain all day, in NumPy, Numba and Rust.

Every model is a package; every implementation a module in it with one function a workload:
``activation.rust_pyo3.sigmoid(x, out=None)``. Arrays are float64 of any layout; answers are new C-contiguous
arrays, or ``out``, which is filled and returned. What arguments are refused, and how: ``_checks``.
"""
