"""Environments that differ in one thing: a variable, a requirement, an interpreter (``--across``).

A text says in what, and may list the values: ``env:RUSTFLAGS=-C opt-level=2,-C opt-level=3`` (set while the
project is built), ``env_nobuild:NAME`` (set while it runs; nothing is built), ``req:numpy=2.3,2.4`` (nothing
of the project is built), ``python=3.11,/opt/python``. Without values those of asv's matrix are taken. Several
variables go together, value by value: the first values of all are one environment, the second ones another.
"""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement

from paceline.outcome import PacelineError
from paceline.suite.config import Suite

BUILT, RUN, REQUIREMENT, PYTHON = "env", "env_nobuild", "req", "python"
SHAPE = re.compile(
    r"(?:(?P<kind>env|env_nobuild|req):(?P<name>[^=]+)|(?P<python>python))(?:=(?P<values>.*))?", re.S
)
NONE = "none"  # what people read where a value is empty
FEWEST = 2


@dataclass(frozen=True)
class Variant:
    """One environment: its name, what kind of thing differs, and each thing's value in it."""

    name: str
    kind: str
    values: Mapping[str, str]

    @property
    def requirement(self) -> str:
        """The requirement that it has, as pip takes it."""
        ((name, value),) = self.values.items()
        return f"{name}{value if not value or value[0] in '<>=!~' else f'=={value}'}"


def is_variation(text: str) -> bool:
    """Tell whether a text names what environments differ in, and no parameter of benchmarks."""
    return SHAPE.fullmatch(text) is not None


def variants(suite: Suite, texts: Sequence[str]) -> list[Variant]:
    """Return the environments that the texts ask for; PacelineError (usage) where they make no sense."""
    kinds, columns = [], {}
    for text in texts:
        found = SHAPE.fullmatch(text)
        if found is None:
            raise PacelineError(
                f"--across {text!r} is not one of env:NAME, env_nobuild:NAME, req:PACKAGE and python, which"
                " do not go together with a parameter"
            )
        kind, name = found["kind"] or PYTHON, (found["name"] or PYTHON).strip()
        kinds.append(kind)
        columns[name] = (
            _split(found["values"]) if found["values"] is not None else _of_matrix(suite, kind, name)
        )
        _sound(kind, name, columns[name])
    _together(texts, kinds, columns)
    rows = list(zip(*columns.values(), strict=True))
    made = [
        Variant(_name(kinds[0], columns, row), kinds[0], dict(zip(columns, row, strict=True))) for row in rows
    ]
    if len({one.name for one in made}) < len(made):
        raise PacelineError(f"--across {' '.join(texts)} has a value twice: nothing would differ")
    return made


def _split(text: str) -> list[str]:
    """Return the values of a list; one that holds a comma stands in double quotes."""
    rows = list(csv.reader([text], skipinitialspace=True))
    return [value.strip() for value in rows[0]] if rows else [""]


def _sound(kind: str, name: str, values: Sequence[str]) -> None:
    if len(values) < FEWEST:
        told = f"only {values[0] or NONE}" if values else "no value"
        example = {REQUIREMENT: "2.3,2.4", PYTHON: "3.11,3.12"}.get(kind, "one,other")
        what = kind if kind == PYTHON else f"{kind}:{name}"
        raise PacelineError(
            f"{what} has {told}, and two are needed to race: --across '{what}={example}', or more values in"
            " asv's matrix"
        )
    if kind == REQUIREMENT:
        for value in values:
            one = Variant("", kind, {name: value})
            try:
                Requirement(one.requirement)
            except InvalidRequirement as error:
                raise PacelineError(f"{one.requirement!r} is no requirement: {error}") from error


def _together(texts: Sequence[str], kinds: Sequence[str], columns: Mapping[str, Sequence[str]]) -> None:
    if len(set(kinds)) > 1 or (len(texts) > 1 and kinds[0] not in (BUILT, RUN)):
        raise PacelineError(
            f"--across {' '.join(texts)}: only variables of one kind go together, value by value"
        )
    if len(columns) < len(texts) or len({len(values) for values in columns.values()}) > 1:
        told = ", ".join(f"{name} has {len(values)}" for name, values in columns.items())
        raise PacelineError(f"variables go together value by value, so that each needs as many: {told}")


def _name(kind: str, names: Iterable[str], row: Sequence[str]) -> str:
    if kind == REQUIREMENT:
        return " ".join([*names, *row]).strip()
    return " + ".join(value or NONE for value in row)


def _of_matrix(suite: Suite, kind: str, name: str) -> list[str]:
    """Return the values that asv's matrix has; None is the variable that is not set."""
    from asv.config import Config

    config: Any = Config.load(str(suite.config))
    if kind == PYTHON:
        return [str(one) for one in config.pythons] or [sys.executable]
    matrix = config.matrix if isinstance(config.matrix, dict) else {}
    older = not {*matrix} <= {BUILT, RUN, REQUIREMENT}  # requirements by themselves, as asv once had them
    part = (matrix if kind == REQUIREMENT else {}) if older else matrix.get(kind, {})
    found: Any = next((part[one] for one in (name, f"pip+{name}") if one in part), [])
    return ["" if one is None else str(one) for one in (found if isinstance(found, list) else [found])]
