"""Factorisations as NumPy users write them: the LAPACK that NumPy was built with."""

from __future__ import annotations

import numpy as np

from paceline_models.arrays._checks import Array, array, chained, shaped, square


def svd_lstsq(a: Array) -> tuple[Array, Array, Array]:
    """Return U (m, k), the singular values (k,) and V^T (k, n)."""
    u, s, vt = np.linalg.svd(array("a", a, 2), full_matrices=False)
    return u, s, vt


def kalman_predict(f: Array, x: Array, p: Array, q: Array) -> tuple[Array, Array]:
    """Return the predicted state F x (n,) and covariance F P F^T + Q (n, n)."""
    f, x, p, q = array("f", f, 2), array("x", x, 1), array("p", p, 2), array("q", q, 2)
    square("f", f)
    chained("f", f, "x", x)
    shaped("p", p, f.shape)
    shaped("q", q, f.shape)
    return f @ x, f @ p @ f.T + q


def qr(a: Array) -> tuple[Array, Array]:
    """Return Q (m, k) with orthonormal columns and the upper triangle R (k, n)."""
    q, r = np.linalg.qr(array("a", a, 2))
    return q, r


def cholesky(a: Array) -> Array:
    """Return the lower triangle L of a = L L^T (n, n), positive definite."""
    a = array("a", a, 2)
    square("a", a)
    return np.asarray(np.linalg.cholesky(a), np.float64)


def eigh(a: Array) -> tuple[Array, Array]:
    """Return the eigenvalues (n,) and eigenvectors (n, n) of a symmetric matrix."""
    a = array("a", a, 2)
    square("a", a)
    values, vectors = np.linalg.eigh(a)
    return values, vectors
