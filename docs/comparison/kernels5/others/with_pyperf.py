"""The five kernels as pyperf sees them."""

import kernels5
import pyperf

runner = pyperf.Runner()
for name in ("integer_loop", "polynomial", "memory", "allocation", "text"):
    runner.bench_func(name, getattr(kernels5, name))
