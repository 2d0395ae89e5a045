"""Storage in half precision in Rust, 8 bytes an observation; compared in float32, sixteen lanes."""

from __future__ import annotations

from paceline_models._rust import monty_minimal_f16 as _mean
from paceline_models._rust import monty_minimal_knn as _nearest
from paceline_models.monty.minimal._episode import run_with

PAYLOAD = 8
TOLERANCE = (5e-4, 0.0, "Coordinates are stored in half precision.")

run = run_with(_mean, _nearest)
