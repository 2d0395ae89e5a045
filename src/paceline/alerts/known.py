"""What the life of an alert is decided by: commits in order, what races found, what the history nominates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from paceline.alerts.alert import Alert
from paceline.results.acceptance import Acceptance
from paceline.results.history import Compared
from paceline.results.measurements import Scalar


@dataclass(frozen=True)
class Nomination:
    """A change that the history shows: between two commits, of one case, on one processor model."""

    case: str
    benchmark: str
    params: Mapping[str, Scalar]
    good: str
    bad: str
    cpu: str = ""
    creep: bool = False


@dataclass(frozen=True)
class Wish:
    """A race that would settle something: ``bisect`` asks for the first slower commit between the two."""

    base: str
    head: str
    benchmark: str
    case: str
    why: str
    bisect: bool = False


@dataclass(frozen=True)
class Known:
    """What is known besides the alerts.

    ``order`` numbers the commits of the branch, the oldest first; ``anchors`` are commits whose comparisons
    are points of the history, no evidence; ``accepted``: by commit what its message accepts; ``down``:
    fingerprints whose series is back where it was.
    """

    order: Mapping[str, int]
    compared: Sequence[Compared] = ()
    nominated: Sequence[Nomination] = ()
    anchors: frozenset[str] = frozenset()
    accepted: Mapping[str, Sequence[Acceptance]] = field(default_factory=dict)
    down: frozenset[str] = frozenset()
    racing: bool = True  # whether wishes can come true
    subjects: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # by commit: subject, author

    @property
    def head(self) -> str:
        """The newest commit of the branch."""
        return max(self.order, key=lambda commit: self.order[commit], default="")

    def on_branch(self, one: Compared) -> bool:
        """Whether both commits are on the branch, the base before the head."""
        return (
            one.base in self.order and one.head in self.order and self.order[one.base] < self.order[one.head]
        )

    def parent(self, one: Compared) -> bool:
        """Whether the base is the head's parent."""
        return self.on_branch(one) and self.order[one.head] - self.order[one.base] == 1


def about(alert: Alert, one: Compared) -> bool:
    """Whether a comparison is about an alert's cases."""
    return one.case in alert.cases and one.metric == alert.metric
