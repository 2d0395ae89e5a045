"""The Python side of ``rust_pyo3.solve_ivp``: options checked, dense solutions, sparse Jacobians."""
