"""What ``check`` found: one file a run, one strict JSON line a case, in ``results/<machine>/checks/``."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from paceline.outcome import Exit, PacelineError
from paceline.output import strict

SCHEMA = 1
_NO_TEXTS = ("axes", "max_abs", "max_rel")
IDLE = 50  # once so many runs of check in a row told nothing that newer ones do not, older are not read


@dataclass(frozen=True)
class Case:
    """One implementation of a model at one value of every axis, and whether it agrees.

    ``max_abs`` and ``max_rel`` are the largest differences from the reference, None where nothing was
    compared; ``status`` is agrees, differs, skipped, failed or unchecked. ``text`` says which text and
    rules the implementation follows, ``note`` what it is entitled to do less or otherwise,
    ``build`` how its extension was compiled, ``inputs`` the SHA-256 of what it was given.
    """

    model: str
    implementation: str
    axes: Mapping[str, Any]
    status: str
    max_abs: float | None = None
    max_rel: float | None = None
    reason: str = ""
    text: str = ""
    note: str = ""
    build: str = ""
    inputs: str = ""
    question: str = ""  # the class that asks, as asv's names begin: several may ask about one model


class CheckLog:
    """The file that a run of ``check`` writes; what is in it when the run is killed stays."""

    def __init__(self, results: Path, machine: str, commit: str) -> None:
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        name = f"{stamp}-{commit[:8] or 'no-commit'}-{os.getpid()}.jsonl"
        self.path = results / machine / "checks" / name
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self.path.open("a", encoding="utf-8")
        except OSError as error:
            raise PacelineError(f"cannot write {self.path}: {error.strerror}", Exit.FAILED) from error

    def write(self, record: Mapping[str, Any]) -> None:
        """Append one line and see it onto the disk."""
        try:
            self._file.write(json.dumps(strict(dict(record)), allow_nan=False) + "\n")
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError as error:
            raise PacelineError(f"cannot write {self.path}: {error.strerror}", Exit.FAILED) from error

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def record(case: Case) -> dict[str, Any]:
    """Return a case as it is written and as ``check --json`` tells it."""
    return {**asdict(case), "axes": dict(case.axes)}


def newest(results: Path, machine: str) -> tuple[tuple[Case, ...], tuple[str, ...]]:
    """Return what a machine's checks told last of every case, and warnings about what could not be read."""
    cases: dict[tuple[str, str, str], Case] = {}
    warnings: list[str] = []
    idle = 0
    try:
        files = (
            sorted((results / machine / "checks").glob("*.jsonl")) if Path(machine).name == machine else []
        )
        for file in reversed(files):
            found, torn = _parsed(file.read_text(encoding="utf-8", errors="replace").splitlines())
            own = {
                (case.question or case.model, case.implementation, repr(case.axes)): case for case in found
            }
            idle = 0 if own.keys() - cases.keys() else idle + 1
            cases = own | cases  # the newer one goes first
            if torn:
                warnings.append(f"{file}: {torn} line(s) that are no check record; left out")
            if idle == IDLE:
                break
    except OSError as error:
        warnings.append(f"the checks of this machine cannot be read ({error.strerror}); left out")
    return tuple(cases.values()), tuple(warnings)


def _parsed(lines: Iterable[str]) -> tuple[list[Case], int]:
    cases, torn = [], 0
    for line in lines:
        try:
            told = json.loads(line)
            if told.get("kind") == "case":
                known = {"question": "", "inputs": "", **told}  # older records do not tell
                cases.append(_sound(Case(**{name: known[name] for name in Case.__dataclass_fields__})))
        except (ValueError, KeyError, TypeError, AttributeError):
            torn += 1
    return cases, torn


def _sound(case: Case) -> Case:
    """Return a case whose texts are texts and whose axes have plain values; TypeError for any other."""
    texts = (value for name, value in asdict(case).items() if name not in _NO_TEXTS)
    if not all(isinstance(text, str) for text in texts):
        raise TypeError("a text is none")
    if not all(value is None or isinstance(value, str | int | float) for value in case.axes.values()):
        raise TypeError("an axis has no plain value")
    return case
