"""SciPy's ``solve_ivp`` itself: the reference."""

from __future__ import annotations

from typing import Any

from scipy.integrate import solve_ivp

from paceline_models.ode.events._crossed import Crossed, checked


def run(fun: Any, event: Any, method: str, t_span: Any, y0: Any, rtol: float, atol: Any) -> Crossed:
    """Return the zeros of the event."""
    t0, t1, start, relative, absolute = checked(fun, event, method, t_span, y0, rtol, atol)
    got = solve_ivp(fun, (t0, t1), start, method, events=event, rtol=relative, atol=absolute)
    states = got.y_events[0].reshape(-1, start.size)
    return Crossed(got.t_events[0], states.T, got.nfev, got.t.size - 1, got.status)
