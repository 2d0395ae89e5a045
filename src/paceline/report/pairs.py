"""The pairs of a race as lines of text: pure drawing, in Unicode or in ASCII, for any width from 80 on.

A value is 100 ln ratio: near 0 that is the difference in per cent. A scale holds every value, 0 and the
threshold; values far off all others are at its ends, as arrows.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from paceline.escape import plain
from paceline.race.contenders import Side
from paceline.race.replay import LOOK, Played, Replayed

LEAST_WIDTH = 80
_FIXED, _WIDEST = 46, 91
_FAR = 8.0  # times the usual distance from the middle
_SHORT = ((1e9, "G"), (1e6, "M"), (1e3, "k"))


@dataclass(frozen=True)
class Signs:
    """The characters that a drawing is made of."""

    zero: str
    threshold: str
    contender: str
    null: str
    both: str


UNICODE = Signs("│", "┊", "●", "×", "⊗")
ASCII = Signs("|", ":", "o", "x", "*")


@dataclass(frozen=True)
class Scale:
    """A stretch of values, in 100 ln ratio, on so many characters."""

    low: float
    high: float
    width: int

    def place(self, value: float) -> int:
        """Return the character that a value falls on; those beyond the ends are at the ends."""
        share = (value - self.low) / (self.high - self.low)
        return min(self.width - 1, max(0, round(share * (self.width - 1))))


def scale(values: Sequence[float], threshold: float, width: int) -> Scale:
    """Return a scale for values, 0 and both thresholds; what lies far off most values does not stretch it."""
    usual = list(values)
    if usual:
        middle = median(usual)
        off = _FAR * max(median(abs(value - middle) for value in usual), threshold / 4)
        usual = [value for value in usual if abs(value - middle) <= off] or [middle]
    low, high = min([-threshold, *usual]), max([threshold, *usual])
    room = 0.04 * (high - low)
    return Scale(low - room, high + room, width)


def drawing(told: Replayed, name: str, width: int, ascii_only: bool) -> Iterator[str]:
    """Yield the lines of one contender: a scale, and a line a pair."""
    signs = ASCII if ascii_only else UNICODE
    cut = 100 * math.log1p(told.race.threshold)
    mine = [one for one in told.pairs if name in one.pair.sides or name in one.pair.absent]
    values = [value for one in mine for value in values_of(one, name) if value is not None]
    made = scale(values, cut, min(_WIDEST, max(LEAST_WIDTH, width) - _FIXED))
    yield f"  # phase {_ticks(made, cut)} order cpu steal% faults invol cpu/w"
    for one in mine:
        yield _line(one, name, made, cut, signs)


def legend(ascii_only: bool) -> Iterator[str]:
    """Yield what the signs mean."""
    signs = ASCII if ascii_only else UNICODE
    arms = f"{signs.contender} contender, {signs.null} A/A arm (the baseline again), {signs.both} both"
    yield f"{arms}; {signs.zero} no change, {signs.threshold} threshold"
    yield "in 100 ln ratio: near 0 per cent; right is slower; < and > are off the scale"


def values_of(one: Played, name: str) -> tuple[float | None, float | None]:
    """Return the values of a contender and of the A/A arm in a pair, in 100 ln ratio."""
    side, null = one.pair.sides.get(name), one.pair.null
    own = 100 * side.log_ratio if side and side.log_ratio is not None else None
    again = 100 * null.log_ratio if null and null.log_ratio is not None else None
    return own, again


def _line(one: Played, name: str, made: Scale, cut: float, signs: Signs) -> str:
    start = f"{one.number:>3} {_phase(one, name):<5} "
    side = one.pair.sides.get(name)
    if side is None:
        absence = one.pair.absent.get(name)
        why = f"{plain(absence.status)}: {plain(absence.reason, 300)}" if absence else "no batch was timed"
        return start + plain(why, made.width + 30)
    return f"{start}{_dots(values_of(one, name), made, cut, signs)} {_facts(one, side)}"


def _phase(one: Played, name: str) -> str:
    """Return what a pair was for: a look, or the confirmation; nothing when it was decided before."""
    phase = one.phases.get(name, "")
    return phase if phase in ("", LOOK) else "conf"


def _dots(values: tuple[float | None, float | None], made: Scale, cut: float, signs: Signs) -> str:
    cells = [" "] * made.width
    for mark, value in ((signs.threshold, -cut), (signs.threshold, cut), (signs.zero, 0.0)):
        cells[made.place(value)] = mark
    own, null = values
    if null is not None:
        cells[made.place(null)] = _or_arrow(null, made, signs.null)
    if own is not None:
        place = made.place(own)
        alike = null is not None and made.place(null) == place
        cells[place] = _or_arrow(own, made, signs.both if alike else signs.contender)
    return "".join(cells)


def _or_arrow(value: float, made: Scale, sign: str) -> str:
    return "<" if value < made.low else ">" if value > made.high else sign


def _ticks(made: Scale, cut: float) -> str:
    """Return the line above the plot: the ends, 0 and the upper threshold where there is room."""
    cells = [" "] * made.width
    for value, where in ((0.0, "middle"), (made.low, "start"), (made.high, "end"), (cut, "middle")):
        text = "0" if value == 0 else f"{value:+.3g}"
        place = made.place(value)
        at = {"start": 0, "end": made.width - len(text)}.get(where, place - len(text) // 2)
        at = min(max(0, at), made.width - len(text))
        if all(cell == " " for cell in cells[max(0, at - 1) : at + len(text) + 1]):
            cells[at : at + len(text)] = text
    return "".join(cells)


def _facts(one: Played, side: Side) -> str:
    """Return what else a pair has: all figures are the contender's; the steal is the host's."""
    arms = len(one.pair.sides) + (one.pair.null is not None)
    cpu = "-" if one.pair.cpu is None else plain(one.pair.cpu, 3)
    steal = "-" if one.pair.steal is None else f"{100 * one.pair.steal:.1f}"
    share = f"{side.cpu / side.wall:.2f}" if side.wall > 0 else "-"
    order = f"{int(side.order) + 1}/{arms}"
    return f"{order:>5} {cpu:>3} {steal:>6} {_short(side.faults):>6} {_short(side.switches):>5} {share:>5}"


def _short(count: float) -> str:
    """Return a count in five characters."""
    if count < 1e5:
        return f"{count:.0f}"
    size, unit = next(pair for pair in _SHORT if count >= pair[0])
    return f"{count / size:.3g}{unit}"
