"""Normalisation in Numba: the same loops, sums in any order (``reassoc``, ``contract``)."""

from __future__ import annotations

from paceline_models.arrays._checks import Array
from paceline_models.arrays._numba import compiled_reassoc, of_each, of_x
from paceline_models.arrays.normalise import _calls, _loops

_zscore = compiled_reassoc(_loops.zscore)
_layer_norm = compiled_reassoc(_loops.layer_norm)


@compiled_reassoc
def _zscore_rows(x: Array, out: Array) -> None:
    for i in range(x.shape[0]):
        _zscore(x[i], out[i])


@compiled_reassoc
def _layer_norm_rows(x: Array, gamma: Array, beta: Array, out: Array) -> None:
    for i in range(x.shape[0]):
        _layer_norm(x[i], gamma, beta, out[i])


zscore = of_x(_zscore)
layer_norm = of_each(_layer_norm, "x", "gamma", "beta")
zscore_2d = _calls.zscore_2d(_zscore_rows)
layer_norm_rows = _calls.layer_norm_rows(_layer_norm_rows)
batch_norm = _calls.batch_norm(compiled_reassoc(_loops.batch_norm))
image_normalize = _calls.image_normalize(compiled_reassoc(_loops.extremes), compiled_reassoc(_loops.scaled))
