"""The compiled extension. Hydrology's kernels fill their last two arguments, ``state`` and ``fields``.

HBV-Light's fill three: the stores, the generated discharges and the fields.
"""

from pathlib import Path
from typing import Self, final

from paceline_models.hydrology._checks import Array
from paceline_models.monty.minimal._checks import Points

BUILD: dict[str, str]

def gr2m(precip: Array, pet: Array, params: Array, state: Array, fields: Array) -> None: ...
def gr2m_tuned(precip: Array, pet: Array, params: Array, state: Array, fields: Array) -> None: ...
def gr6j(precip: Array, pet: Array, params: Array, state: Array, fields: Array) -> None: ...
def gr6j_tuned(precip: Array, pet: Array, params: Array, state: Array, fields: Array) -> None: ...
def gr6j_cemaneige(
    precip: Array,
    pet: Array,
    layer_precip: Array,
    layer_temp: Array,
    layer_solid: Array,
    params: Array,
    state: Array,
    fields: Array,
) -> None: ...
def gr6j_cemaneige_tuned(
    precip: Array,
    pet: Array,
    layer_precip: Array,
    layer_temp: Array,
    layer_solid: Array,
    params: Array,
    state: Array,
    fields: Array,
) -> None: ...
def hbv_light(
    precip: Array,
    temp: Array,
    pet: Array,
    params: Array,
    weights: Array,
    stores: Array,
    generated: Array,
    fields: Array,
) -> None: ...
def hbv_light_heap_state(
    precip: Array,
    temp: Array,
    pet: Array,
    params: Array,
    weights: Array,
    stores: Array,
    generated: Array,
    fields: Array,
) -> None: ...
def hbv_light_push_fluxes(
    precip: Array,
    temp: Array,
    pet: Array,
    params: Array,
    weights: Array,
    stores: Array,
    generated: Array,
    fields: Array,
) -> None: ...
def hbv_light_tuned(
    precip: Array,
    temp: Array,
    pet: Array,
    params: Array,
    weights: Array,
    stores: Array,
    generated: Array,
    fields: Array,
) -> None: ...
def hbv_light_1mm(
    precip: Array,
    temp: Array,
    pet: Array,
    params: Array,
    weights: Array,
    stores: Array,
    generated: Array,
    fields: Array,
) -> int: ...
def hbv_light_zones(
    precip: Array,
    temp: Array,
    pet: Array,
    params: Array,
    zone_forcing: Array,
    weights: Array,
    stores: Array,
    generated: Array,
    fields: Array,
) -> None: ...

# Array operations: where out is None the answer is a new array, else out.
def arrays_exp(x: Array, out: Array | None = None) -> Array: ...
def arrays_log(x: Array, out: Array | None = None) -> Array: ...
def arrays_tanh(x: Array, out: Array | None = None) -> Array: ...
def arrays_sqrt(x: Array, out: Array | None = None) -> Array: ...
def arrays_sin(x: Array, out: Array | None = None) -> Array: ...
def arrays_cos(x: Array, out: Array | None = None) -> Array: ...
def arrays_exp_rayon(x: Array, out: Array | None = None) -> Array: ...
def arrays_log_rayon(x: Array, out: Array | None = None) -> Array: ...
def arrays_tanh_rayon(x: Array, out: Array | None = None) -> Array: ...
def arrays_sqrt_rayon(x: Array, out: Array | None = None) -> Array: ...
def arrays_sin_rayon(x: Array, out: Array | None = None) -> Array: ...
def arrays_cos_rayon(x: Array, out: Array | None = None) -> Array: ...
def arrays_exp_libm(x: Array, out: Array | None = None) -> Array: ...
def arrays_log_libm(x: Array, out: Array | None = None) -> Array: ...
def arrays_tanh_libm(x: Array, out: Array | None = None) -> Array: ...
def arrays_sin_libm(x: Array, out: Array | None = None) -> Array: ...
def arrays_cos_libm(x: Array, out: Array | None = None) -> Array: ...
def arrays_sigmoid(x: Array, out: Array | None = None) -> Array: ...
def arrays_swish(x: Array, out: Array | None = None) -> Array: ...
def arrays_gelu(x: Array, out: Array | None = None) -> Array: ...
def arrays_relu_scale_bias(x: Array, out: Array | None = None) -> Array: ...
def arrays_sigmoid_rayon(x: Array, out: Array | None = None) -> Array: ...
def arrays_swish_rayon(x: Array, out: Array | None = None) -> Array: ...
def arrays_gelu_rayon(x: Array, out: Array | None = None) -> Array: ...
def arrays_relu_scale_bias_rayon(x: Array, out: Array | None = None) -> Array: ...

# The evidence matcher: arrays in groups, the last of which is filled.
_Group = tuple[object, ...]

def monty_evidence_scan(nodes: _Group, observed: _Group, rules: _Group, run: _Group) -> None: ...
def monty_evidence_bounded(nodes: _Group, observed: _Group, rules: _Group, run: _Group) -> None: ...

# The minimal Monty loop: the last array is filled.
def monty_minimal(
    observations: Points, queries: Points, train: int, epochs: int, theta: float, evidence: Points
) -> tuple[float, int]: ...
def monty_minimal_no_prealloc(
    observations: Points, queries: Points, train: int, epochs: int, theta: float, evidence: Points
) -> tuple[float, int]: ...
def monty_minimal_clone(
    observations: Points, queries: Points, train: int, epochs: int, theta: float, evidence: Points
) -> tuple[float, int]: ...
def monty_minimal_batch(
    observations: Points, queries: Points, train: int, epochs: int, theta: float, evidence: Points
) -> tuple[float, int]: ...
def monty_minimal_soa(
    observations: Points, queries: Points, train: int, epochs: int, theta: float, evidence: Points
) -> tuple[float, int]: ...
def monty_minimal_simd(
    observations: Points, queries: Points, train: int, epochs: int, theta: float, evidence: Points
) -> tuple[float, int]: ...
def monty_minimal_simd_approx(
    observations: Points, queries: Points, train: int, epochs: int, theta: float, evidence: Points
) -> tuple[float, int]: ...
def monty_minimal_f16(
    observations: Points, queries: Points, train: int, epochs: int, theta: float, evidence: Points
) -> tuple[float, int]: ...
def monty_minimal_rayon(
    observations: Points, queries: Points, train: int, epochs: int, theta: float, evidence: Points
) -> tuple[float, int]: ...
def monty_minimal_verbose(
    observations: Points,
    queries: Points,
    train: int,
    epochs: int,
    theta: float,
    evidence: Points,
    log: str | Path,
) -> tuple[float, int]: ...
def monty_minimal_knn(
    observations: Points,
    queries: Points,
    epochs: int,
    theta: float,
    k: int,
    radius: float,
    evidence: Points,
) -> tuple[float, int]: ...
def monty_minimal_knn_early_exit(
    observations: Points,
    queries: Points,
    epochs: int,
    theta: float,
    k: int,
    radius: float,
    evidence: Points,
) -> tuple[float, int]: ...

@final
class MontyGrid:
    def __new__(cls, observations: Points, cell: float) -> Self: ...
    @property
    def nbytes(self) -> int: ...
    def run(
        self, queries: Points, epochs: int, theta: float, k: int, radius: float, evidence: Points
    ) -> tuple[float, int]: ...

@final
class MontyKdTree:
    def __new__(cls, observations: Points) -> Self: ...
    @property
    def nbytes(self) -> int: ...
    def run(
        self, queries: Points, epochs: int, theta: float, k: int, radius: float, evidence: Points
    ) -> tuple[float, int]: ...

@final
class MontyFile:
    def __new__(cls, path: str) -> Self: ...
    def run(
        self, queries: Points, train: int, epochs: int, theta: float, evidence: Points
    ) -> tuple[float, int]: ...

@final
class MontySteps:
    def __new__(cls, capacity: int) -> Self: ...
    def append(self, observation: Points) -> None: ...
    def step(self, observation: Points) -> float: ...
    def reset(self) -> None: ...
    @property
    def confidence(self) -> float: ...

@final
class MontyStepsSimd:
    def __new__(cls, capacity: int) -> Self: ...
    def append(self, observation: Points) -> None: ...
    def step(self, observation: Points) -> float: ...
    def reset(self) -> None: ...
    @property
    def confidence(self) -> float: ...
