"""The events model on the drop-in's request."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from paceline_models._rust import ode_solve
from paceline_models.ode._drop_in.steps import request_of
from paceline_models.ode.events._crossed import Crossed, checked


def crossed(fun: Any, event: Any, method: str, *rest: Any, ablation: str | None = None) -> Crossed:
    """Return the zeros of the event; ``rest`` is t_span, y0, rtol and atol."""
    given = checked(fun, event, method, *rest)
    request = request_of(fun, method, given, ablation=ablation)
    request.events = [(event, math.inf, 0.0)]
    _, _, found, _, _, counts, status = ode_solve(request)
    times, states = found[0] if found else ([], [])
    y = np.array(states, dtype=np.float64).reshape(-1, given.y0.size).T
    return Crossed(np.array(times, dtype=np.float64), y, counts[0], counts[3], status)
