"""What ``paceline compare`` found, as tracks: each case's ratio to the anchor, commit by commit.

Ratios are paired, so that they cross epochs, and hosts of one processor model: a track is a model. Where
there is no anchor, the base that most commits were compared with takes its place. Of a commit that was
compared more than once the newest comparison counts.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import numpy as np

from paceline.results.anchor import Anchors
from paceline.results.asv_columns import MEASURED, NONE
from paceline.results.history import TIME, Compared
from paceline.results.measurements import Machine, Run
from paceline.results.tracks import Case, Track

KIND = "ratio"
FEWEST = 2  # commits of a track


def tracks(compared: Sequence[Compared], anchors: Anchors, dates: Mapping[str, datetime]) -> list[Track]:
    """Return a track for every processor model; ``dates`` are those of the commits, others are left out."""
    known = [one for one in compared if one.metric == TIME and one.ratio and one.head in dates]
    against = anchors if anchors.all else Anchors(_usual([one.base for one in known]))
    by_cpu: dict[str, list[tuple[Compared, float]]] = {}
    for one in sorted(known, key=lambda one: (one.utc, one.run)):
        offset = against.offset(one.base, one.case)
        if offset is not None:
            by_cpu.setdefault(one.cpu, []).append((one, offset))
    made = [_track(cpu, own, against.commit, dates) for cpu, own in sorted(by_cpu.items())]
    return [track for track in made if len(track.runs) >= FEWEST]


def _usual(bases: Iterable[str]) -> str:
    """Return the commit that most were compared with; the first of several."""
    most = Counter(filter(None, bases)).most_common(1)
    return most[0][0] if most else ""


def _track(
    cpu: str, own: Sequence[tuple[Compared, float]], anchor: str, dates: Mapping[str, datetime]
) -> Track:
    heads = sorted({one.head for one, _ in own}, key=lambda commit: (dates[commit], commit))
    cases: dict[str, Case] = {}
    for one, _ in own:  # a later step of a bisection does not tell the parameters
        if one.params or one.case not in cases:
            cases[one.case] = Case(one.benchmark, KIND, "", dict(one.params))
    rows = {commit: row for row, commit in enumerate(heads)}
    columns = {case: column for column, case in enumerate(cases)}
    figures = np.full((3, len(rows), len(columns)), np.nan, np.float32)
    status = np.full((len(rows), len(columns)), NONE, np.uint8)
    for one, offset in own:
        at = rows[one.head], columns[one.case]
        ends = (one.ratio, one.low, one.high)
        figures[:, *at] = [math.nan if end is None else end * math.exp(offset) for end in ends]
        status[at] = MEASURED
    machine = Machine(next((one.machine for one, _ in reversed(own) if one.machine), cpu), cpu=cpu)
    environment = f"raced against {anchor[:8]}"
    runs = tuple(Run(machine, commit, dates[commit], environment, "", {}, {}, ()) for commit in heads)
    return Track(machine, environment, runs, tuple(cases.values()), figures, status, anchor)
