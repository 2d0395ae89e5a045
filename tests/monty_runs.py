"""The minimal Monty loop's implementations, and observations for them: shared by its tests."""

import importlib
from functools import cache
from pathlib import Path

import numpy as np
from hypothesis import strategies as st

FOLDER = Path(__file__).parents[1] / "implementations" / "paceline_models" / "monty" / "minimal"


def _has_rust():
    try:
        importlib.import_module("paceline_models._rust")
    except ModuleNotFoundError:
        return False
    return True


HAS_RUST = _has_rust()
NAMES = tuple(
    file.stem for file in sorted(FOLDER.glob("[!_]*.py")) if HAS_RUST or not file.stem.startswith("rust")
)
INDEXES = tuple(name for name in NAMES if name.endswith(("_grid", "_kdtree")))
EXACT = tuple(name for name in NAMES if name != "rust_f16")
PREPARED = tuple(name for name in NAMES if "\ndef prepare(" in (FOLDER / f"{name}.py").read_text())
STEPPED = tuple(name for name in NAMES if "\ndef run_steps(" in (FOLDER / f"{name}.py").read_text())


@cache
def implementation(name):
    return importlib.import_module(f"paceline_models.monty.minimal.{name}")


def curve(n):
    t = 0.1 * np.arange(n)
    return np.stack([np.sin(t), np.cos(t), t / 2.0, np.sin(t) + np.cos(t)], axis=1).astype(np.float32)


def scattered(seed, n, size=1.0, duplicates=0):
    """Return n random points (n, 4), the last few of them copies of others' positions."""
    rng = np.random.default_rng(seed)
    points = rng.uniform(-size, size, (n, 4)).astype(np.float32)
    for copy in range(min(duplicates, n - 1)):
        points[n - 1 - copy, :3] = points[rng.integers(0, n - 1 - copy), :3]
    return points


points = st.builds(
    scattered,
    st.integers(0, 2**32 - 1),
    st.integers(1, 70),
    st.sampled_from([1e-3, 1.0, 30.0]),
    st.sampled_from([0, 0, 1, 20]),
)
