"""``paceline.toml``: what a project has set, beside asv's configuration. Every section is optional."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement

from paceline.outcome import PacelineError

FILE = "paceline.toml"
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
BUILD_KEYS = {
    "variables": "a table of environment variables and texts",
    "features": "a list of cargo features",
    "requirements": "a list of requirements such as numpy==2.4.1",
    "commands": "a list of shell commands",
    "without": "a list of packages' names",
    "dependencies": 'a file of the repository, or "none"',
    "environment_type": "one of asv's types, such as virtualenv",
}
MAY_FAIL = ("slower", "worse", "failed", "unmeasured", "inconclusive", "changed")


@dataclass(frozen=True)
class Quick:
    """What the quick preset measures: regular expressions on names, and asv attributes overridden."""

    bench: tuple[str, ...] = ()
    attributes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Racing:
    """How a project races: the parameter raced across, thresholds as fractions, the quick preset's races.

    ``thresholds`` are by regular expressions on races' names ("hydrology.GR6J.time_run(n=365)"), the first
    that fits; ``quick`` are such expressions, too.
    """

    across: str = "implementation"
    threshold: float = 0.025
    thresholds: Mapping[str, float] = field(default_factory=dict)
    quick: tuple[str, ...] = ()

    def threshold_of(self, name: str) -> float:
        """Return the threshold of a race or case."""
        return fitting(self.thresholds, name, self.threshold)


def fitting(thresholds: Mapping[str, float], name: str, otherwise: float) -> float:
    """Return the threshold of the first expression that fits a race's or case's name, else the other one."""
    return next((value for each, value in thresholds.items() if re.search(each, name)), otherwise)


@dataclass(frozen=True)
class Comparing:
    """What fails a comparison, what it leaves out, and what may use more than one thread.

    ``fail_on`` are verdicts (None: the usual ones); ``skip`` and the keys of ``threads`` are regular
    expressions on cases' names, of which the first that fits holds.
    """

    fail_on: tuple[str, ...] | None = None
    skip: tuple[str, ...] = ()
    threads: Mapping[str, int] = field(default_factory=dict)

    def skips(self, case: str) -> bool:
        """Tell whether a case is left out."""
        return any(re.search(each, case) for each in self.skip)

    def threads_of(self, case: str) -> int | None:
        """Return how many threads a case may use; None where nothing is said of it."""
        return next((count for each, count in self.threads.items() if re.search(each, case)), None)


@dataclass(frozen=True)
class Building:
    """How both sides of a comparison are built, beside what asv's configuration says.

    ``variables`` are set while building and installing; ``features`` are cargo's, for maturin;
    ``requirements`` are installed beside what a commit asks for; ``commands`` run in the commit's folder
    before it is built; ``without`` names packages that are not installed; ``dependencies`` is the file of
    the commit that says what it needs ("none": nothing does; empty: it is looked for);
    ``environment_type`` stands in place of asv's.
    """

    variables: Mapping[str, str] = field(default_factory=dict)
    features: tuple[str, ...] = ()
    requirements: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    dependencies: str = ""
    environment_type: str = ""

    @classmethod
    def told(cls, words: Mapping[str, Any]) -> Building:
        """Return what JSON tells of it."""
        made: dict[str, Any] = {
            key: tuple(one) if isinstance(one, list) else one for key, one in words.items()
        }
        return cls(**made)


def quick(root: Path) -> Quick:
    """Read the section ``[quick]``, as ``paceline run`` needs it."""
    section = _section(root, "quick")
    attributes = section.get("attributes", {})
    if not isinstance(attributes, dict):
        raise PacelineError(f"{FILE}: quick.attributes must be a table, not {attributes!r}")
    return Quick(_patterns(section, "bench"), attributes)


def racing(root: Path) -> Racing:
    """Read the section ``[race]``, and ``race`` of the section ``[quick]``."""
    section = _section(root, "race")
    across, thresholds = section.get("across", Racing.across), section.get("thresholds", {})
    if not isinstance(across, str) or not across:
        raise PacelineError(f"{FILE}: race.across must be a parameter's name, not {across!r}")
    if not isinstance(thresholds, dict):
        raise PacelineError(f"{FILE}: race.thresholds must be a table of expressions, not {thresholds!r}")
    for pattern in thresholds:
        _compiles(pattern, "race.thresholds")
    return Racing(
        across,
        _threshold(section.get("threshold", Racing.threshold), "race.threshold"),
        {pattern: _threshold(value, "race.thresholds") for pattern, value in thresholds.items()},
        _patterns(_section(root, "quick"), "race"),
    )


def comparing(root: Path) -> Comparing:
    """Read the section ``[compare]``."""
    section = _section(root, "compare")
    fail_on = section.get("fail_on")
    if fail_on is not None and not (isinstance(fail_on, list) and set(fail_on) <= {*MAY_FAIL}):
        raise PacelineError(
            f"{FILE}: compare.fail_on must be a list of {', '.join(MAY_FAIL)}; not {fail_on!r}"
        )
    threads = section.get("threads", {})
    if not isinstance(threads, dict) or not all(
        type(count) is int and count > 0 for count in threads.values()
    ):
        raise PacelineError(
            f"{FILE}: compare.threads must be a table of expressions and numbers, not {threads!r}"
        )
    for pattern in threads:
        _compiles(pattern, "compare.threads")
    skip = _patterns(section, "skip", "compare")
    return Comparing(None if fail_on is None else tuple(fail_on), skip, threads)


def building(root: Path) -> Building:
    """Read the section ``[build]``; what it has no word for is an error."""
    section = _section(root, "build")
    for key in section:
        if key not in BUILD_KEYS:
            near = difflib.get_close_matches(key, BUILD_KEYS, n=1)
            hint = f"did you mean {near[0]}?" if near else f"it has {', '.join(BUILD_KEYS)}"
            raise PacelineError(f"{FILE}: [build] has no key {key!r}: {hint}")
    variables = section.get("variables", {})
    if not isinstance(variables, dict) or not all(
        isinstance(value, str) and NAME.fullmatch(name) for name, value in variables.items()
    ):
        raise PacelineError(f"{FILE}: build.variables must be {BUILD_KEYS['variables']}, not {variables!r}")
    requirements = _texts(section, "requirements")
    for text in requirements:
        try:
            Requirement(text)
        except InvalidRequirement as error:
            told = f"{FILE}: build.requirements: {text!r} is no requirement such as numpy==2.4.1"
            raise PacelineError(told) from error
    return Building(
        variables,
        _texts(section, "features"),
        requirements,
        _texts(section, "commands"),
        _texts(section, "without"),
        _text(section, "dependencies"),
        _text(section, "environment_type"),
    )


def alerting(root: Path) -> dict[str, Any]:
    """Read the section ``[alerts]``: where alerts are sent."""
    return _section(root, "alerts")


def _section(root: Path, name: str) -> dict[str, Any]:
    section = _read(root / FILE).get(name, {})
    if not isinstance(section, dict):
        raise PacelineError(f"{FILE}: {name} must be a table, not {section!r}")
    return section


def _texts(section: Mapping[str, Any], key: str) -> tuple[str, ...]:
    found = section.get(key, [])
    if not isinstance(found, list) or not all(isinstance(one, str) and one.strip() for one in found):
        raise PacelineError(f"{FILE}: build.{key} must be {BUILD_KEYS[key]}, not {found!r}")
    return tuple(found)


def _text(section: Mapping[str, Any], key: str) -> str:
    found = section.get(key, "")
    if not isinstance(found, str):
        raise PacelineError(f"{FILE}: build.{key} must be {BUILD_KEYS[key]}, not {found!r}")
    return found


def _patterns(section: Mapping[str, Any], key: str, where: str = "quick") -> tuple[str, ...]:
    patterns = section.get(key, [])
    if not (isinstance(patterns, list) and all(isinstance(one, str) for one in patterns)):
        raise PacelineError(f"{FILE}: {where}.{key} must be a list of regular expressions, not {patterns!r}")
    for pattern in patterns:
        _compiles(pattern, f"{where}.{key}")
    return tuple(patterns)


def _compiles(pattern: str, where: str) -> None:
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        raise PacelineError(f"{FILE}: {where}: {pattern!r} is no regular expression: {error}") from error


def _threshold(value: Any, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1:
        raise PacelineError(f"{FILE}: {where} must be a fraction such as 0.025, not {value!r}")
    return float(value)


def _read(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise PacelineError(f"cannot read {path.name}: {error}") from error
