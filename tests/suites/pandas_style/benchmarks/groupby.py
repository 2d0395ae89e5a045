"""Several classes share one cache: it is made once, in a process of its own, and pickled."""

# ruff: noqa: RUF012

import numpy as np

from .vb_common import setup  # noqa: F401


class _Grouped:
    params = [["sum", "max", "first"], ["int64", "float64", "datetime64[s]"]]
    param_names = ["method", "dtype"]

    def setup_cache(self):
        rng = np.random.default_rng(7)
        keys = rng.integers(0, 50, 5_000)
        return {"keys": keys, "order": np.argsort(keys, kind="stable"), "values": rng.integers(0, 99, 5_000)}

    def setup(self, cache, method, dtype):
        if method == "sum" and dtype.startswith("datetime"):
            raise NotImplementedError("dates have no sum")
        self.values = cache["values"].astype(dtype)[cache["order"]]
        self.starts = np.flatnonzero(np.diff(cache["keys"][cache["order"]], prepend=-1))


class Aggregate(_Grouped):
    def time_aggregate(self, cache, method, dtype):
        if method == "first":
            return self.values[self.starts]
        return {"sum": np.add, "max": np.maximum}[method].reduceat(self.values, self.starts)


class Transform(_Grouped):
    def time_repeat(self, cache, method, dtype):
        return np.repeat(self.values[self.starts], np.diff(self.starts, append=len(self.values)))


class Counts:
    """The cache is a tuple, and the only argument; there are no parameters."""

    def setup_cache(self):
        return np.random.default_rng(8).integers(0, 9, 2_000), 9

    def time_bincount(self, cache):
        values, groups = cache
        return np.bincount(values, minlength=groups)
