"""A module that is missing: the line of ``paceline.toml`` that brings it."""

from __future__ import annotations

import re

from paceline.suite.uv_lock import normal

MISSING = re.compile(r"ModuleNotFoundError: No module named '([A-Za-z0-9_]+)")
CALLED = {  # modules whose distributions have other names
    "yaml": "pyyaml", "sklearn": "scikit-learn", "skimage": "scikit-image", "cv2": "opencv-python",
    "PIL": "pillow", "dateutil": "python-dateutil", "bs4": "beautifulsoup4", "attr": "attrs",
    "pkg_resources": "setuptools<80", "google": "protobuf", "serial": "pyserial", "OpenSSL": "pyopenssl",
}  # fmt: skip


def advice(told: str, project: str) -> str:
    """Return what to write where a text tells that a module is missing; nothing else, or of the project.

    A project may be called after its module and more: ``ivp-rs`` installs ``ivp``.
    """
    found = MISSING.search(told)
    if found is None or normal(found[1]) in {normal(project), *normal(project).split("-")}:
        return ""
    name = CALLED.get(found[1], found[1].replace("_", "-"))
    return f'nothing declares {found[1]}: write into paceline.toml, under [build]: requirements = ["{name}"]'
