"""Numbers that are no times, and a cache made by the module's own function."""

import sys

import numpy as np


def setup_cache():
    return {"table": np.arange(5_000).reshape(500, 10), "label": "cached"}


def track_size(cache):
    return len(cache["table"].tobytes())


track_size.unit = "bytes"


def track_digits(cache, base):
    return len(np.base_repr(int(cache["table"].sum()), base))


track_digits.unit = "digits"
track_digits.params = [2, 16]
track_digits.param_names = ["base"]


def time_transpose(cache):
    return np.ascontiguousarray(cache["table"].T)


class Interpreter:
    """Has a cache of its own: None, which asv does not pass on."""

    unit = "modules"

    def setup_cache(self):
        return None

    def track_modules(self):
        return len(sys.modules)
