"""A module that is missing: the line of ``paceline.toml`` that brings it."""

from __future__ import annotations

import re
import sys

from paceline.suite.uv_lock import normal

MISSING = re.compile(r"ModuleNotFoundError: No module named '([A-Za-z0-9_]+)")
CALLED = {  # modules whose distributions have other names
    "yaml": "pyyaml", "sklearn": "scikit-learn", "skimage": "scikit-image", "cv2": "opencv-python",
    "PIL": "pillow", "dateutil": "python-dateutil", "bs4": "beautifulsoup4", "attr": "attrs",
    "pkg_resources": "setuptools<80", "google": "protobuf", "serial": "pyserial", "OpenSSL": "pyopenssl",
}  # fmt: skip


def advice(told: str, project: str) -> str:
    """Return what to write where a text tells that a module is missing; nothing else, or of the project."""
    found = MISSING.search(told)
    if found is None or _own(found[1], project):
        return ""
    return (
        f"nothing declares {found[1]}: write into paceline.toml, under [build]:"
        f' requirements = ["{_distribution(found[1])}"]'
    )


def absent_here(told: str, project: str) -> str:
    """Return what mends a module that is missing beside paceline itself; nothing for another text."""
    found = MISSING.search(told)
    if found is None:
        return ""
    what = "the project" if _own(found[1], project) else _distribution(found[1])
    return f"this command takes what is installed beside paceline: install {what} for {sys.executable}"


def _own(module: str, project: str) -> bool:
    """Tell whether a module is the project's, which may be called after it and more: ``ivp-rs``."""
    return normal(module) in {normal(project), *normal(project).split("-")}


def _distribution(module: str) -> str:
    return CALLED.get(module, module.replace("_", "-"))
