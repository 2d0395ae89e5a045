"""Filters on a small image; parameters without names, functions made at import."""

# ruff: noqa: RUF012

import functools

import numpy as np


def _box(image, radius):
    total = np.zeros_like(image)
    for step in range(-radius, radius + 1):
        total += np.roll(image, step, axis=0)
    return total / (2 * radius + 1)


class FiltersSuite:
    """The image is a global of the instance, as asv's own template shows it."""

    params = ([(64, 64), (128, 96)], [None, np.uint8, np.float32], [False, True])

    def setup(self, shape, dtype, masked):
        image = np.random.default_rng(3).random(shape)
        self.image = image if dtype is None else (255 * image).astype(dtype).astype(float)
        self.mask = self.image > 0.5 if masked else None

    def time_threshold(self, shape, dtype, masked):
        return np.mean(self.image if self.mask is None else self.image[self.mask])

    def time_box(self, shape, dtype, masked):
        return _box(self.image, 2)


class Partials:
    """Partial objects, whose text holds an address that changes with every process."""

    params = [[functools.partial(_box, radius=1), functools.partial(_box, radius=5)]]
    param_names = ["filter"]

    def setup(self, filter_):
        self.image = np.ones((128, 128))

    def time_filter(self, filter_):
        return filter_(self.image)

    time_filter.pretty_name = "A box filter, by radius"


class Regions:
    """Windows into one image, as tuples of slices."""

    params = [[(slice(0, 32), slice(0, 32)), (slice(None), slice(None, None, 4)), np.s_[..., ::-1]]]
    param_names = ["window"]

    def setup(self, window):
        self.image = np.arange(128.0 * 128.0).reshape(128, 128)

    def time_window_sum(self, window):
        return self.image[window].sum()
