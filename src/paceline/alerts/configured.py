"""The sinks that ``paceline.toml`` asks for: ``[alerts.sinks.<name>]``, each a file in ``sinks/``."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from paceline.alerts import sinks
from paceline.outcome import PacelineError

SECRETS = ("url", "user", "password", "token")


@dataclass(frozen=True)
class Sink:
    """A sink with its settings; ``link`` of ``[alerts]`` is among them."""

    name: str
    module: ModuleType
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def sends(self) -> bool:
        """Whether it sends messages; else it writes a file."""
        return hasattr(self.module, "send")

    @property
    def edits(self) -> bool:
        """Whether what it has sent can be edited."""
        return bool(getattr(self.module, "EDITS", False))

    def path(self, root: Path) -> Path:
        """Return the file that it writes: inside the project, wherever the settings point."""
        told = self.settings.get("path", self.module.PATH)
        if not isinstance(told, str) or not told or "\0" in told:
            raise PacelineError(f"paceline.toml: path of the sink {self.name} must be a file, not {told!r}")
        if not (root / told).resolve().is_relative_to(root.resolve()):
            raise PacelineError(f"paceline.toml: path of the sink {self.name} leads out: {told!r}")
        return root / told


def names() -> list[str]:
    """Return the names of all sinks: those of the files."""
    return sorted(one.name for one in pkgutil.iter_modules(sinks.__path__) if not one.name.startswith("_"))


def sink(name: str, settings: Mapping[str, Any]) -> Sink:
    """Return a sink by its name; PacelineError lists those that there are."""
    if name not in names():
        raise PacelineError(f"paceline.toml: there is no sink {name!r}; there are {', '.join(names())}")
    for key in SECRETS:
        if key in settings:
            raise PacelineError(
                f"paceline.toml: {key} of the sink {name} is a secret, and the file is no place for it:"
                f" put it into an environment variable, and the variable's name into {key}_env"
            )
    return Sink(name, importlib.import_module(f"paceline.alerts.sinks.{name}"), settings)


def configured(section: Mapping[str, Any]) -> list[Sink]:
    """Return the sinks of the section ``[alerts]``."""
    every = section.get("sinks", {})
    link = section.get("link", "")
    if not isinstance(every, dict) or not all(isinstance(one, dict) for one in every.values()):
        raise PacelineError("paceline.toml: alerts.sinks must hold a table for each sink")
    if not isinstance(link, str):
        raise PacelineError(f"paceline.toml: alerts.link must be a web address, not {link!r}")
    return [sink(str(name), {"link": link, **settings}) for name, settings in every.items()]
