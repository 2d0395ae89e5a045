"""An ablation: as ``rust_pyo3``, but what the events need is allocated anew at every step."""

from __future__ import annotations

from typing import Any

from paceline_models.ode.events._by_request import crossed
from paceline_models.ode.events._crossed import Crossed


def run(fun: Any, event: Any, method: str, t_span: Any, y0: Any, rtol: float, atol: Any) -> Crossed:
    """Return the zeros of the event."""
    return crossed(fun, event, method, t_span, y0, rtol, atol, ablation="fresh_event_buffers")
