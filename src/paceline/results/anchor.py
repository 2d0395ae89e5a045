"""``results/anchor.toml``: the frozen commit that history is measured against, and those before it.

::

    schema = 1
    commit = "<hash>"            # the anchor
    set = "2026-01-31T12:00:00Z"

    [[earlier]]                  # the newest last
    commit = "<hash>"
    [earlier.overlap]            # log ratio, by case, of the anchor that came after it to this one
    "kernels.Suite.time_loop(n=1000)" = 0.0123

    [benchmarks]                 # what the anchor lacks, and the first commit that has it
    "kernels.New.time_run" = "<hash>"

When an anchor is replaced, both are raced against each other once, the *overlap*: what was measured against
the earlier one is then moved by it, so that the series goes on.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import tomlkit

from paceline.outcome import PacelineError
from paceline.output import write_file
from paceline.results.foreign import mapping, text

FILE = "anchor.toml"
SCHEMA = 1
_HASH = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


@dataclass(frozen=True)
class Earlier:
    """An anchor of before; ``overlap``: by case the log ratio of the next anchor to it."""

    commit: str
    overlap: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Anchors:
    """The anchor (empty where there is none), those before it, and the anchors of what it lacks."""

    commit: str = ""
    set: str = ""
    earlier: tuple[Earlier, ...] = ()
    benchmarks: Mapping[str, str] = field(default_factory=dict)

    def offset(self, base: str, case: str) -> float | None:
        """Return what is added to a case's log ratio to a base; None where the base is no anchor of it."""
        if not base:
            return None
        own = self.benchmarks.get(case.partition("(")[0])
        if own:
            return 0.0 if own == base else None
        if base == self.commit:
            return 0.0
        moved = 0.0
        for one in reversed(self.earlier):
            if case not in one.overlap:
                return None
            moved -= one.overlap[case]
            if one.commit == base:
                return moved
        return None

    @property
    def all(self) -> frozenset[str]:
        """Every commit that is or was an anchor of something."""
        known = (self.commit, *(one.commit for one in self.earlier), *self.benchmarks.values())
        return frozenset(filter(None, known))

    def replaced(self, commit: str, when: str, overlap: Mapping[str, float]) -> Anchors:
        """Return what holds once there is another anchor; ``overlap`` is its log ratio to this one.

        A benchmark with an anchor of its own keeps it.
        """
        if commit == self.commit:
            return self
        before = (*self.earlier, Earlier(self.commit, dict(overlap))) if self.commit else ()
        return Anchors(commit, when, before, self.benchmarks)


def read(results: Path) -> Anchors:
    """Read the anchors; none where there is no file. PacelineError for a file that holds something else."""
    path = results / FILE
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Anchors()
    except (OSError, ValueError) as error:
        raise PacelineError(f"cannot read {path}: {error}; mend it, or take it from git") from error
    if document.get("schema") != SCHEMA:
        raise PacelineError(f"{path} is of schema {document.get('schema')!r}: a newer paceline reads it")
    try:
        return _anchors(document)
    except KeyError as error:
        raise PacelineError(f"{path}: {error} is missing; mend it, or take it from git") from error
    except (ValueError, TypeError, AttributeError) as error:
        raise PacelineError(f"{path}: {error}; mend it, or take it from git") from error


def write(results: Path, anchors: Anchors) -> Path:
    """Write the anchors; return the file."""
    document: dict[str, Any] = {"schema": SCHEMA, "commit": anchors.commit, "set": anchors.set}
    document["earlier"] = [
        {"commit": one.commit, "overlap": dict(sorted(one.overlap.items()))} for one in anchors.earlier
    ]
    document["benchmarks"] = dict(sorted(anchors.benchmarks.items()))
    path = results / FILE
    write_file(path, tomlkit.dumps(document).encode())
    return path


def _anchors(document: Mapping[str, Any]) -> Anchors:
    earlier = tuple(
        Earlier(_hash(one["commit"]), {str(key): _log(value) for key, value in one["overlap"].items()})
        for one in document.get("earlier", ())
    )
    own = {str(name): _hash(commit) for name, commit in mapping(document.get("benchmarks")).items()}
    return Anchors(_hash(document.get("commit")), text(document.get("set")), earlier, own)


def _hash(value: Any) -> str:
    if not isinstance(value, str) or not _HASH.fullmatch(value):
        raise ValueError(f"{value!r} is no commit's full hash")
    return value


def _log(value: Any) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(f"{value!r} is no log ratio")
    return number
