"""A package with a benchmark in its ``__init__``."""

import numpy as np


class Flip:
    def setup(self):
        self.image = np.arange(64 * 64).reshape(64, 64)

    def time_flip(self):
        return self.image[::-1].copy()
