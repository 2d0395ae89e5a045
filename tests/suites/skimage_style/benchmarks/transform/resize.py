"""Memory of a resize, over the memory of the image alone."""

# ruff: noqa: RUF012

import numpy as np

from . import Flip  # a benchmark class: asv finds it here a second time


class FlipWide(Flip):
    def setup(self):
        super().setup()
        self.image = np.repeat(self.image, 4, axis=1)


class Resize:
    params = [[1, 4]]
    param_names = ["factor"]
    timeout = 30

    def setup(self, factor):
        self.image = np.ones((256, 256))

    def teardown(self, factor):
        del self.image

    def time_resize(self, factor):
        return np.kron(self.image[::factor, ::factor], np.ones((factor, factor)))

    def peakmem_reference(self, factor):
        pass

    def peakmem_resize(self, factor):
        return np.kron(self.image, np.ones((factor, factor)))
