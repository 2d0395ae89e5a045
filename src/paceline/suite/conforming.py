"""What an earlier commit has left in head's environment: put as it is in base's, which stays as it is."""

from __future__ import annotations

import os
import subprocess
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from paceline.suite.installed import VERSION, read_installed, unasked

if TYPE_CHECKING:
    from paceline.suite.slots import Built

SECONDS = 600.0


def conform(base: Built, head: Built) -> Built:
    """Give head base's version of every package that differs unasked; what pip cannot do is left."""
    names = [name for name in unasked(base, head) if ":" not in name]
    wanted = {name: base.packages.get(name, "") for name in names}
    gone = [name for name, version in wanted.items() if not version]
    other = [f"{name}=={version}" for name, version in wanted.items() if VERSION.fullmatch(version)]
    if gone:
        _pip(head.python, "uninstall", "--yes", *gone)
    if other:
        _pip(head.python, "install", "--no-deps", *other)
    if not gone and not other:
        return head
    has = read_installed(head.python, *filter(None, [head.project.get("name")]))
    return replace(head, packages=has.packages, needs=has.needs)


def _pip(python: str, *words: str) -> None:
    left = ("PIP_CONSTRAINT", "PYTHONPATH", "PYTHONHOME")
    with suppress(subprocess.TimeoutExpired):  # what it could not do is told as a difference
        subprocess.run(
            [python, "-m", "pip", "--disable-pip-version-check", "--quiet", *words],
            env={name: value for name, value in os.environ.items() if name not in left},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
            timeout=SECONDS,
        )
