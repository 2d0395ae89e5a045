"""The same as ``rust_pyo3``, points shared out among the threads. IEEE rules."""

from paceline_models._rust import arrays_mc_pi_rayon as mc_pi

__all__ = ["mc_pi"]
