"""What the tests of the evidence matcher share: implementations, the real Monty's runs, small objects."""

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from benchmarks import _objects

FOLDER = Path(__file__).parent.parent / "implementations/paceline_models/monty/evidence"
HAS_RUST = find_spec("paceline_models._rust") is not None
PEERS = ("tbp_monty",)
OTHER_RULES = tuple(file.stem for file in FOLDER.glob("*_f32_approx.py"))
NAMES = sorted(
    file.stem
    for file in FOLDER.glob("[!_]*.py")
    if file.stem not in PEERS + OTHER_RULES and (HAS_RUST or not file.stem.startswith("rust_"))
)
REFERENCE = np.load(Path(__file__).parent / "data/reference_monty_evidence.npz")
RUNS = sorted({key.split(".")[0] for key in REFERENCE.files})
PARTS = ("pos", "frame", "pose_defined", "hsv", "curv")


def implementation(name):
    return import_module(f"paceline_models.monty.evidence.{name}")


def reference_objects(run):
    """Return the objects of a run of the real Monty."""
    count = sum(key.startswith(f"{run}.o") and key.endswith(".pos") for key in REFERENCE.files)
    return [tuple(REFERENCE[f"{run}.o{i}.{part}"] for part in PARTS) for i in range(count)]


def arguments(run):
    """Return objects, observations, displacements and k of a run of the real Monty."""
    return (
        reference_objects(run),
        REFERENCE[f"{run}.sensed"],
        REFERENCE[f"{run}.displacement"],
        int(REFERENCE[f"{run}.k"]),
    )


def small(samples=60, count=3, seed=1, target=None, steps=6, turn=0.7, noisy=False):
    """Return small objects and a path over one of them."""
    while True:
        objects = [_objects.object_of(number, samples, seed=seed) for number in range(count)]
        try:
            return objects, _objects.sensor_path(objects, target, steps, turn, noisy, seed)
        except ValueError:  # so few nodes that the path came to an end
            seed += 1


def same(got, want):
    """Assert that two answers are equal bit for bit."""
    for one, other in zip(got.evidence, want.evidence, strict=True):
        np.testing.assert_array_equal(one, other)
    for field in ("mlh_object", "mlh_evidence", "mlh_index", "mlh_rotation", "object_best", "checksum"):
        np.testing.assert_array_equal(getattr(got, field), getattr(want, field), err_msg=field)
    assert got.possible == want.possible
    assert got.terminal == want.terminal
