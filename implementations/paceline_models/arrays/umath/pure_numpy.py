"""NumPy's own functions: its vector loops for exp, log and tanh, the C library for sin and cos."""

import numpy as np

from paceline_models.arrays._numpy import ufunc

exp = ufunc(np.exp)
log = ufunc(np.log)
sin = ufunc(np.sin)
cos = ufunc(np.cos)
tanh = ufunc(np.tanh)
sqrt = ufunc(np.sqrt)
