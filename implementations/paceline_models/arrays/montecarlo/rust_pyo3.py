"""Monte Carlo in Rust: the same text as ``numba_jit``, AVX-512 where the processor has it. IEEE rules."""

from paceline_models._rust import arrays_black_scholes_paths as black_scholes_paths
from paceline_models._rust import arrays_mc_pi as mc_pi
from paceline_models._rust import arrays_random_walk as random_walk

__all__ = ["black_scholes_paths", "mc_pi", "random_walk"]
