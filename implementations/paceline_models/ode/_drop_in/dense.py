"""A dense solution: SciPy's ``OdeSolution``, evaluated by the extension."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import DenseOutput, OdeSolution
from scipy.integrate._ivp.bdf import BdfDenseOutput
from scipy.integrate._ivp.radau import RadauDenseOutput
from scipy.integrate._ivp.rk import Dop853DenseOutput, RkDenseOutput

from paceline_models._rust import OdeSegments


class Interpolants(Sequence[DenseOutput]):
    """The interpolants of all steps as SciPy's objects, made when they are asked for."""

    def __init__(self, segments: OdeSegments, n: int) -> None:
        self.segments = segments
        self.n = n

    def __len__(self) -> int:
        return len(self.segments)

    @overload
    def __getitem__(self, index: int) -> DenseOutput: ...
    @overload
    def __getitem__(self, index: slice) -> list[DenseOutput]: ...
    def __getitem__(self, index: int | slice) -> DenseOutput | list[DenseOutput]:
        """Return one interpolant, or those of a slice as a list."""
        places = range(len(self))[index]
        return self._make(places) if isinstance(places, int) else [self._make(place) for place in places]

    def _make(self, index: int) -> DenseOutput:
        kind, t_old, t, h, order, data = self.segments.parts(index)
        rows = data.reshape(-1, self.n)
        match kind:
            case "alternating":
                return Dop853DenseOutput(t_old, t, rows[0], rows[1:])
            case "differences":
                return BdfDenseOutput(t_old, t, h, order, rows)
            case "collocation":
                return RadauDenseOutput(t_old, t, rows[0], data[self.n :].reshape(self.n, -1))
            case _:
                return RkDenseOutput(t_old, t, rows[0], data[self.n :].reshape(self.n, -1))


class DenseSolution(OdeSolution):  # type: ignore[misc]
    """A continuous solution, as ``solve_ivp`` returns with ``dense_output=True``.

    Called with a time or an array (m,) of times, it returns the state (n,) or states (n, m); outside of the
    interval it draws the outermost interpolant on.
    """

    def __init__(self, ts: Any, segments: OdeSegments, n: int, alt_segment: bool) -> None:
        super().__init__(ts, Interpolants(segments, n), alt_segment)
        self._segments = segments
        self._alt_segment = alt_segment

    def __call__(self, t: Any) -> NDArray[np.float64]:
        """Return the state at ``t``."""
        times = np.asarray(t)
        if times.ndim > 1 or times.size == 0 or self.n_segments == 0:
            answer: NDArray[np.float64] = super().__call__(t)
            return answer
        found = np.searchsorted(self.ts_sorted, times, side=self.side)
        places = np.clip(found - 1, 0, self.n_segments - 1)
        if not self.ascending:
            places = self.n_segments - 1 - places
        if times.ndim == 0:
            return self._segments.state(int(places), float(times))
        return self._segments.states(places.astype(np.intp), times.astype(float)).T

    def __reduce__(self) -> tuple[Any, ...]:
        return OdeSolution, (self.ts, list(self.interpolants), self._alt_segment)
