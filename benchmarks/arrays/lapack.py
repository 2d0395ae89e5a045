"""Factorisations by side of the matrix: NumPy's only, a row to see what is left to LAPACK."""

from __future__ import annotations

from typing import Any

import numpy as np

from ._workload import Workload

LAPACK = "paceline_models.arrays.lapack"
SIDES = (32, 100, 316)


class Factorisation(Workload):
    """What the factorisations have in common: answers of several parts, compared part by part."""

    package, baseline = LAPACK, "pure_numpy"
    axes = {"n": SIDES}
    rtol, atol = 1e-9, 1e-10
    version = "1"

    def compare(self, got: Any, want: Any, rtol: float, atol: float) -> tuple[float, float, str]:
        """Compare the parts of the answer one by one; the worst counts."""
        pairs = zip(got, want, strict=True) if isinstance(want, tuple) else [(got, want)]
        absolute, relative, reasons = zip(
            *(super(Factorisation, self).compare(*pair, rtol, atol) for pair in pairs), strict=True
        )
        return max(absolute), max(relative), next((reason for reason in reasons if reason), "")


class SvdLstsq(Factorisation):
    """The thin singular value decomposition of (n, n / 2)."""

    function = "svd_lstsq"
    version = "1"

    def inputs(self, rng: np.random.Generator, n: int) -> tuple[Any, ...]:
        """Return a matrix of standard normal values."""
        return (rng.normal(size=(n, n // 2)),)

    def compare(self, got: Any, want: Any, rtol: float, atol: float) -> tuple[float, float, str]:
        """Compare the singular values and the product: vectors may have either sign."""
        (u, s, vt), (want_u, want_s, want_vt) = got, want
        return super().compare((s, u * s @ vt), (want_s, want_u * want_s @ want_vt), rtol, atol)


class KalmanPredict(Factorisation):
    """The prediction of a Kalman filter with n states."""

    function = "kalman_predict"
    axes = {"n": (4, *SIDES)}
    rtol, atol = 1e-11, 1e-12
    version = "1"

    def inputs(self, rng: np.random.Generator, n: int) -> tuple[Any, ...]:
        """Return transition, state, covariance and noise."""
        half = rng.normal(size=(n, n)) / np.sqrt(n)
        return rng.normal(size=(n, n)) / np.sqrt(n), rng.normal(size=n), half @ half.T, np.eye(n)


class Qr(Factorisation):
    """The QR decomposition."""

    function = "qr"
    version = "1"

    def inputs(self, rng: np.random.Generator, n: int) -> tuple[Any, ...]:
        """Return a matrix of standard normal values."""
        return (rng.normal(size=(n, n)),)


class Cholesky(Factorisation):
    """The Cholesky decomposition."""

    function = "cholesky"
    version = "1"

    def inputs(self, rng: np.random.Generator, n: int) -> tuple[Any, ...]:
        """Return a positive definite matrix."""
        half = rng.normal(size=(n, n)) / np.sqrt(n)
        return (half @ half.T + np.eye(n),)


class Eigh(Cholesky):
    """Eigenvalues and eigenvectors of a symmetric matrix."""

    function = "eigh"
    version = "1"
