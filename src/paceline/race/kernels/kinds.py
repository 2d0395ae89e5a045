"""Three kinds of code, and known slow-downs of each: more iterations of the same loop.

Every class has the parameter ``slowdown`` in per mille. 0 and the text "again" are the same code twice.
About a millisecond a call.
"""

import hashlib

import numpy as np

SLOWDOWNS = [0, "again", 10, 30, 50]
LOOPS = 1000  # of which one per mille is one


def _loops(slowdown):
    return LOOPS + (0 if slowdown == "again" else slowdown)


class Compute:
    """Compute-bound: SHA-256 chained in C, out of the registers and the first cache."""

    params = [SLOWDOWNS]
    param_names = ["slowdown"]

    def setup(self, slowdown):
        self.loops = _loops(slowdown)

    def time_run(self, slowdown):
        hashlib.pbkdf2_hmac("sha256", b"paceline", b"salt", self.loops)


class Memory:
    """Memory-bound: NumPy walks through more than the caches hold, block by block."""

    params = [SLOWDOWNS]
    param_names = ["slowdown"]

    def setup(self, slowdown):
        self.loops = _loops(slowdown)
        self.blocks = np.ones((1050, 4096))  # 34 MB

    def time_run(self, slowdown):
        total = 0.0
        for block in self.blocks[: self.loops]:
            total += block.sum()
        return total


class Allocation:
    """Allocation-heavy: Python objects made and dropped."""

    params = [SLOWDOWNS]
    param_names = ["slowdown"]

    def setup(self, slowdown):
        self.loops = _loops(slowdown)

    def time_run(self, slowdown):
        return [{"index": index, "text": str(index), "pair": (index, index + 1.5)} for index in range(self.loops)]
