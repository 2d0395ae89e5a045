"""What every implementation of the events model is asked and returns."""

from __future__ import annotations

from typing import Any, NamedTuple

from paceline_models.ode import _checks
from paceline_models.ode._solution import Array


class Crossed(NamedTuple):
    """Where an event function is zero, and what finding that cost."""

    t: Array
    """Times (m,) of the zeros."""
    y: Array
    """States (n, m) at these times."""
    nfev: int
    """Calls of the right-hand side."""
    nsteps: int
    """Accepted steps."""
    status: int
    """0: the end was reached; -1: the step became too small."""


def checked(fun: Any, event: Any, method: Any, t_span: Any, y0: Any, rtol: Any, atol: Any) -> _checks.Checked:
    """Return the checked arguments: a ``ValueError`` names what is wrong."""
    given = _checks.callback(fun, method, t_span, y0, rtol, atol, None)
    if not callable(event):
        raise ValueError(f"event must be callable, not {type(event).__name__}")  # noqa: TRY004
    if given.t0 == given.t1:
        raise ValueError(f"t_span is {t_span!r}, but must not be empty")
    return given
