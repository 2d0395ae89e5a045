"""Shared by all modules, which import ``setup`` by name: it then runs before each of their benchmarks."""

import random
import tempfile
from pathlib import Path

import numpy as np


def setup(*args, **kwargs):
    random.seed(1234)
    np.random.seed(1234)  # as old suites do


class FileIO:
    """Removes the file that a benchmark has written; a parent, with no benchmark of its own."""

    def setup(self, *params):
        handle = tempfile.NamedTemporaryFile(suffix=".txt", delete=False)  # noqa: SIM115
        handle.close()
        self.path = Path(handle.name)

    def teardown(self, *params):
        self.path.unlink()  # raises when it ran twice for one setup
