"""Solvers in Numba: the same text for an inlined right-hand side and for one behind a pointer."""
