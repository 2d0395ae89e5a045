"""Write `src/ode/tableaus.rs`: the coefficients of SciPy's solvers, as SciPy itself holds them.

python implementations/rust/ode_tableaus.py > implementations/rust/src/ode/tableaus.rs
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.integrate import BDF, DOP853, RK23, RK45
from scipy.integrate._ivp import dop853_coefficients as dop853
from scipy.integrate._ivp import radau


def main() -> None:
    """Print the file."""
    print("//! The coefficients of SciPy's solvers, written by `ode_tableaus.py`: do not edit.")
    print("#![allow(clippy::approx_constant, clippy::excessive_precision, clippy::unreadable_literal)]")
    for line in (*explicit("RK23", RK23), *explicit("RK45", RK45), *eighth_order(), *implicit(), *backward()):
        print(line)


def explicit(name: str, method: type) -> Iterator[str]:
    """Yield the tableau of an explicit pair: A, B, C, error weights E and interpolant P."""
    for key, what in (("A", "Stages"), ("B", "Result"), ("C", "Times"), ("E", "Error"), ("P", "Interpolant")):
        yield constant(f"{name}_{key}", getattr(method, key), f"{what} of {name}.")


def eighth_order() -> Iterator[str]:
    """Yield the tableau of DOP853, its extra stages included: the row of the result stands among A."""
    yield constant("DOP853_A", dop853.A, "Stages of DOP853; row 12 is the result.")
    yield constant("DOP853_C", dop853.C, "Times of DOP853.")
    yield constant("DOP853_B", DOP853.B, "Result of DOP853.")
    yield constant("DOP853_E3", DOP853.E3, "Error of order 3 of DOP853.")
    yield constant("DOP853_E5", DOP853.E5, "Error of order 5 of DOP853.")
    yield constant("DOP853_D", DOP853.D, "Interpolant of DOP853.")


def implicit() -> Iterator[str]:
    """Yield what Radau IIA needs: times, error weights, eigenvalues, transformations, interpolant."""
    yield constant("RADAU_C", radau.C, "Times of Radau.")
    yield constant("RADAU_E", radau.E, "Error of Radau.")
    yield constant("RADAU_T", radau.T, "From transformed to stage values.")
    yield constant("RADAU_TI", radau.TI, "From stage to transformed values.")
    yield constant("RADAU_P", radau.P, "Interpolant of Radau.")
    yield constant("RADAU_MU_REAL", radau.MU_REAL, "The real eigenvalue.")
    yield constant("RADAU_MU_COMPLEX", [radau.MU_COMPLEX.real, radau.MU_COMPLEX.imag], "The complex one.")


def backward() -> Iterator[str]:
    """Yield the coefficients of the numerical differentiation formulas, by order."""
    solver = BDF(lambda t, y: y, 0.0, [0.0], 1.0)
    yield constant("BDF_GAMMA", solver.gamma, "Sums of 1/j.")
    yield constant("BDF_ALPHA", solver.alpha, "Leading coefficients.")
    yield constant("BDF_ERROR", solver.error_const, "Error constants.")


def constant(name: str, value: object, what: str) -> str:
    """Return the declaration of a constant of any number of axes."""
    array = np.asarray(value, dtype=float)
    kind = "f64"
    for length in reversed(array.shape):
        kind = f"[{kind}; {length}]"
    return f"/// {what}\n#[rustfmt::skip]\npub const {name}: {kind} = {literal(array)};"


def literal(array: np.ndarray) -> str:
    """Return an array as a Rust literal: `repr` gives digits that read back as the same number."""
    return repr(float(array)) if array.ndim == 0 else "[" + ", ".join(map(literal, array)) + "]"


if __name__ == "__main__":
    main()
