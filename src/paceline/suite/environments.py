"""asv's environments as they lie on the disk: what in them must not be used again."""

from __future__ import annotations

import shutil
from pathlib import Path

from paceline.suite.config import Suite

PURE_WHEEL = "*-none-any.whl"
BUILT = "asv-build-cache"
INSTALLED = "asv-install-status.json"


def forget_pure_builds(suite: Suite) -> list[Path]:
    """Remove cached wheels that were built without the compiler that is here now; return their folders.

    Only in projects with a Cargo.toml: elsewhere a pure wheel is what the project is.
    """
    if shutil.which("cargo") is None or not _has_rust(suite.root):
        return []
    forgotten = []
    for wheel in suite.environments.glob(f"*/{BUILT}/*/{PURE_WHEEL}"):
        shutil.rmtree(wheel.parent, ignore_errors=True)
        wheel.parents[2].joinpath(INSTALLED).unlink(missing_ok=True)
        forgotten.append(wheel.parent)
    return forgotten


def _has_rust(root: Path) -> bool:
    """Tell whether the project has a Rust crate, without looking into environments and results."""
    return any(next(root.glob(pattern), None) for pattern in ("Cargo.toml", "*/Cargo.toml", "*/*/Cargo.toml"))
