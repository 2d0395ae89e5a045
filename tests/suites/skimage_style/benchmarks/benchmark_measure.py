"""Functions of the module, with what asv reads set on them as attributes."""

import numpy as np

IMAGE = {}


def _label_setup(n, kind):
    if kind == "dense" and n > 100:
        raise NotImplementedError("too many regions")
    IMAGE["labels"] = np.random.default_rng(n).integers(0, n, (64, 64))


def _label_teardown(n, kind):
    IMAGE.pop("labels", None)


def time_areas(n, kind):
    return np.bincount(IMAGE["labels"].ravel(), minlength=n)


time_areas.setup = _label_setup
time_areas.teardown = _label_teardown
time_areas.params = [[10, 100, 1_000], ["sparse", "dense"]]
time_areas.param_names = ["n", "kind"]
time_areas.pretty_name = "Areas of labelled regions"


def time_perimeter():
    """Kept under the name that it had before it moved here."""
    image = np.zeros((64, 64), dtype=bool)
    image[16:48, 16:48] = True
    return np.count_nonzero(image[1:] != image[:-1])


time_perimeter.benchmark_name = "legacy.regions.time_perimeter"


def track_regions():
    return 42


track_regions.unit = "regions"


def mem_image():
    return np.zeros((64, 64))
