"""``paceline show RACE``: the pairs of one race, drawn; and the command that repeats it.

RACE is ``last``, a run (its name or a beginning of it), ``run/race``, or a part of a race's name, looked for
in the newest run that has it. Of a run with several races they are listed.

Each pair is a line: its number, whether it belonged to a look or to the confirmation, the log ratio on a
scale with no change and the threshold, the A/A arm in the same line; then the contender's place in the
first turn, the processor, the host's steal, and the contender's minor page faults, involuntary switches and
processor time for each second.

JSON (``--json``), schema 1, of one race; ``log_ratio`` is ln(time / time of the baseline)::

    {"schema": 1, "run": "...", "ledger": "...", "machine": "...", "what": "compare", "utc": "...",
     "epoch": "...", "repeat": ["paceline", "compare", "..."],
     "race": {"race", "model", "benchmark", "axes": {...}, "threshold", "floor", "ended", "damaged",
              "baseline", "sides": {"base": {"commit", "label", "subject", "environment", "python"}},
              "contenders": [{"name", "status", "verdict", "ratio", "low", "high", "pairs", "confirmed",
                              "seconds", "baseline_seconds", "reason", ...}],
              "pairs": [{"number", "cpu", "steal", "seconds", "null": {...}, "absent": {...},
                         "sides": {"head": {"phase": "look", "log_ratio", "order", "seconds", "cpu",
                                            "wall", "faults", "switches", ...}}}]},
     "exits": []}

Of a run with several races: ``"races": [{"race", "contenders": [...]}]`` in place of ``"race"``.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from paceline.commands._finding import Found, find, places
from paceline.escape import plain
from paceline.outcome import Exit, PacelineError
from paceline.output import console, write_file, write_json
from paceline.race.replay import Played, Replayed, header, names, replay
from paceline.report import pairs, shown

ENDINGS = ("svg", "png")
_SIDE = ("commit", "label", "subject", "environment", "python", "dirty")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument(
        "race", metavar="RACE", help="last, a run, run/race, or a part of a race's name (of the newest run)"
    )
    parser.add_argument("--out", type=Path, metavar="FILE", help="draw it into an .svg or .png file, too")
    parser.add_argument("--config", type=Path, default=Path("asv.conf.json"), help="asv's configuration file")
    parser.add_argument(
        "--results", type=Path, help="where the ledger is (the suite's, and that of quick runs)"
    )
    parser.add_argument("--json", metavar="FILE", help="write the result as JSON; - for standard output")


def run(options: argparse.Namespace) -> Exit:
    """Show one race, or list those of a run."""
    ending = options.out.suffix.lstrip(".").lower() if options.out else ""
    if options.out and ending not in ENDINGS:
        raise PacelineError(f"--out {options.out}: the name must end in .svg or .png")
    found = find(places(options), options.race)
    screen = _Screen(stderr=options.json == "-")
    for warning in found.warnings:
        print(f"paceline: {plain(warning, 300)}", file=sys.stderr)
    if found.race is None:
        if options.out:
            raise PacelineError(f"--out draws one race, and {plain(found.path.stem)} has several: name one")
        return _listed(found, screen, options.json)
    told = replay(found.records, found.race)
    _one(found, told, screen)
    if options.out:
        _draw(options.out, ending, found, told)
        screen.say(f"drawn in {options.out}")
    if options.json:
        line = shown.repeat(header(found.records), told)
        race = {**_about(found, line), "race": _document(told), "exits": []}
        write_json(options.json, race)
    return Exit.OK


class _Screen:
    """Where lines go: as wide as a terminal is, and in ASCII where it knows no more."""

    def __init__(self, stderr: bool) -> None:
        stream = sys.stderr if stderr else sys.stdout
        encoding = (stream.encoding or "").lower().replace("-", "")
        self.ascii_only = not (stream.isatty() and encoding == "utf8")
        self._out = console(stderr=stderr)
        self.width = self._out.width if stream.isatty() else pairs.LEAST_WIDTH

    def say(self, text: str) -> None:
        """Print a line."""
        if self.ascii_only:
            text = text.replace("…", "...").encode("ascii", "backslashreplace").decode()
        self._out.print(text, markup=False, soft_wrap=True)


def _one(found: Found, told: Replayed, screen: _Screen) -> None:
    head = header(found.records)
    for line in (*shown.heading(plain(found.path.stem), head), *shown.about(told, head)):
        screen.say(line)
    for one in told.race.contenders:
        screen.say("")
        screen.say(shown.verdict(one.name, told.results[one.name]))
        for line in pairs.drawing(told, one.name, screen.width, screen.ascii_only):
            screen.say(line)
    for line in ("", *pairs.legend(screen.ascii_only), "", _again(shown.repeat(head, told))):
        screen.say(line)


def _again(line: Sequence[str]) -> str:
    if not line:
        return "the ledger does not tell which command repeats it"
    told = shown.quoted(line)
    return (
        f"again: {told}"
        if told
        else "the command that repeats it has characters that cannot be shown; see --json"
    )


def _listed(found: Found, screen: _Screen, json: str | None) -> Exit:
    """List the races of a run, with what came of them."""
    head = header(found.records)
    stem = plain(found.path.stem)
    told = [replay(found.records, name) for name in names(found.records)]
    for line in shown.heading(stem, head):
        screen.say(line)
    for one in told:
        screen.say(plain(one.race.name, 160))
        for contender in one.race.contenders:
            screen.say(f"  {shown.verdict(contender.name, one.results[contender.name])}")
    screen.say(f"{len(told)} races; paceline show {stem}/RACE draws one (a part of its name is enough)")
    if told:
        screen.say(_again(shown.repeat(head, None)))
    if json:
        races = [{"race": one.race.name, "contenders": _contenders(one)} for one in told]
        write_json(json, {**_about(found, shown.repeat(head, None)), "races": races, "exits": []})
    return Exit.OK


def _draw(path: Path, ending: str, found: Found, told: Replayed) -> None:
    from paceline.report import pairs_figure  # matplotlib is slow to load
    from paceline.report.writer import image

    caption = list(shown.heading(found.path.stem, header(found.records)))
    write_file(path, image(pairs_figure.figure(told, caption), ending))


def _about(found: Found, line: Sequence[str]) -> dict[str, Any]:
    head = header(found.records)
    known = {key: head.get(key) for key in ("machine", "what", "utc", "epoch")}
    return {"schema": 1, "run": found.path.stem, "ledger": str(found.path), **known, "repeat": list(line)}


def _document(told: Replayed) -> dict[str, Any]:
    race = told.race
    return {
        "race": race.name,
        "model": race.model,
        "benchmark": race.baseline.benchmark,
        "axes": dict(race.axes),
        "threshold": race.threshold,
        "floor": told.floor,
        "ended": told.whole,
        "damaged": told.damaged,
        "baseline": race.baseline.name,
        "sides": {
            name: {key: side[key] for key in _SIDE if key in side} for name, side in told.sides.items()
        },
        "contenders": _contenders(told),
        "pairs": [_pair(one) for one in told.pairs],
    }


def _contenders(told: Replayed) -> list[Mapping[str, Any]]:
    return [{"name": one.name, **told.results[one.name]} for one in told.race.contenders]


def _pair(one: Played) -> dict[str, Any]:
    sides = {name: {"phase": one.phases.get(name), **asdict(side)} for name, side in one.pair.sides.items()}
    return {**asdict(one.pair), "number": one.number, "sides": sides}
