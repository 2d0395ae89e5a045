"""A branch as alerts need it: its commits in order, their subjects, and the slow-downs that they accept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from paceline.results import acceptance
from paceline.results.acceptance import Acceptance
from paceline.suite import repository
from paceline.suite.git import asked
from paceline.suite.trailers import ACCEPT

MOST = 20_000  # commits, the newest
_FORMAT = f"%H%x00%s%x00%an%x00%(trailers:key={ACCEPT},valueonly,unfold,separator=%x01)%x00"


@dataclass(frozen=True)
class Branch:
    """``order`` numbers the commits, the oldest first; of a merge, the first parent's side."""

    order: Mapping[str, int] = field(default_factory=dict)
    subjects: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    accepted: Mapping[str, Sequence[Acceptance]] = field(default_factory=dict)

    @property
    def head(self) -> str:
        """The newest commit."""
        return max(self.order, key=lambda commit: self.order[commit], default="")

    def parent(self, commit: str) -> str:
        """Return the commit before; nothing where there is none."""
        number = self.order.get(commit, -1)
        return next((one for one, at in self.order.items() if at == number - 1), "")


def read(folder: Path, name: str) -> Branch:
    """Read a branch by its name; PacelineError where git knows none."""
    tip = repository.resolve(folder, name)
    words = ("log", "--first-parent", f"--max-count={MOST}", f"--format={_FORMAT}", tip.hash, "--")
    lines = [line.split("\0") for line in asked(folder, *words).split("\n")]
    whole = [line for line in reversed(lines) if len(line) == 5]
    return Branch(
        {line[0]: number for number, line in enumerate(whole)},
        {line[0]: (line[1], line[2]) for line in whole},
        {line[0]: found for line in whole if (found := accepts(line[3]))},
    )


def accepts(trailers: str) -> list[Acceptance]:
    """Return what a commit's ``Perf-accept:`` lines accept."""
    return [found for one in trailers.split("\x01") if (found := acceptance.parsed(one))]
