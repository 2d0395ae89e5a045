"""``paceline report --compare`` and ``--epochs``: two machines, or a host before and after a change."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from rich.text import Text

from paceline.commands._gathering import Found, chosen, sections
from paceline.escape import plain, slug
from paceline.outcome import Exit, PacelineError
from paceline.output import console, strict, write_file, write_json
from paceline.report import contrast_page
from paceline.report.contents import Section
from paceline.report.contrast import Contrast, Place, contrast
from paceline.report.writer import ENDINGS, image
from paceline.results import absolute, races
from paceline.results.hosts import HostRecord, read_hosts
from paceline.results.measurements import newest
from paceline.suite.questions import Question

_LEFT_OUT = ("epoch", "host", "machine")
_LINES = 12  # of each contrast, on a screen


def run(every: Found, questions: Sequence[Question], options: argparse.Namespace) -> Exit:
    """Write a page for each contrast, and print what it says."""
    found = [_machines(every, questions, *options.compare)] if options.compare else []
    found += _epochs(every, questions, options.machine) if options.epochs else []
    screen = console(stderr=options.json == "-")
    for one in found:
        path = _write(one, options.out)
        screen.print(Text(plain(contrast_page.title(one), 200)))
        lines = list(contrast_page.told(one)) or ["no case was measured in both"]
        for line in (*lines[: _LINES - 1], *lines[-1:]) if len(lines) > _LINES else lines:
            screen.print(Text(plain(line, 300)), soft_wrap=True)
        screen.print(Text(f"Read {path}; programs read {path.with_suffix('.json')}"), soft_wrap=True)
    if options.json:
        told = [contrast_page.data(one) for one in found]
        write_json(options.json, told[0] if len(told) == 1 else {"schema": 1, "contrasts": told, "exits": []})
    return Exit.OK if any(one.matches for one in found) else Exit.FAILED


def _machines(every: Found, questions: Sequence[Question], first: str, second: str) -> Contrast:
    """Compare the newest of two machines, in the same environment where both have one."""
    if first == second:
        raise PacelineError(f"--compare takes two machines; {first!r} was given twice")
    sides = [_sections(chosen(every, name, None), every, questions) for name in (first, second)]
    shared = [
        (one, other) for one in sides[0] for other in sides[1] if one.run.environment == other.run.environment
    ]
    here, there = shared[0] if shared else (sides[0][0], sides[1][0])
    return contrast("machines", Place(first, here), Place(second, there))


def _sections(known: Found, every: Found, questions: Sequence[Question]) -> list[Section]:
    made, _ = sections(known, every.archive, questions)
    return made


def _epochs(every: Found, questions: Sequence[Question], machine: str | None) -> list[Contrast]:
    """Compare the last two epochs of each machine's host that have figures."""
    names = dict.fromkeys((*(run.machine.name for run in every.archive.runs), *every.raced))
    if machine is not None:
        chosen(every, machine, None)  # which says what there is, where there is no such machine
        names = {machine: None}
    found = [one for name in names for one in _of_host(every, questions, name)]
    if not found:
        raise PacelineError(
            "no host has figures of two epochs: nothing has changed on it, or nothing was measured since. "
            "`paceline race` measures now",
            Exit.FAILED,
        )
    return found


def _of_host(every: Found, questions: Sequence[Question], machine: str) -> Iterator[Contrast]:
    try:
        records = read_hosts(every.folder, machine).records
    except PacelineError:  # a name that cannot be a folder has no records
        return
    last = _epochs_in_order([record for record in records if record.name == records[-1].name])
    sides = [(epoch, one) for epoch in last if (one := _within(every, questions, machine, epoch))]
    if len(sides) < 2:
        return
    (before, here), (after, there) = sides[-2:]
    more = tuple(_changes(last[before], last[after]))
    first, second = Place(f"{machine}, epoch {before}", here), Place(f"{machine}, epoch {after}", there)
    yield contrast("epochs", first, second, more)


def _epochs_in_order(records: Sequence[HostRecord]) -> dict[str, HostRecord]:
    """Return each epoch's last record; an epoch that came back (turbo off, and on again) is the last."""
    last: dict[str, HostRecord] = {}
    for record in records:
        last.pop(record.epoch, None)
        last[record.epoch] = record
    return last


def _within(every: Found, questions: Sequence[Question], machine: str, epoch: str) -> Section | None:
    """Return the newest of what a machine measured in an epoch; None for nothing."""
    known = absolute.epochs(every.folder, [machine])[machine]
    runs = [
        run
        for run in every.archive.runs
        if run.machine.name == machine and absolute.held(known, run.measured or run.date) == epoch
    ]
    versions = {name: one.version for name, one in every.archive.declared.items()}
    raced = races.every(every.folder, machine, versions).cases
    own = races.newest(one for one in raced if one.run.epoch == epoch)
    if not runs and not own:
        return None
    only = replace(
        every, archive=replace(every.archive, runs=newest(runs)), raced={machine: own} if own else {}
    )
    return _sections(only, every, questions)[0]


def _changes(before: HostRecord, after: HostRecord) -> Iterator[tuple[str, str, str]]:
    """Yield what the fingerprints of two epochs tell apart."""
    for name in dict.fromkeys((*before.host, *after.host)):
        here, there = (_text(one.host, name) for one in (before, after))
        if here != there and name not in _LEFT_OUT:
            yield name, here, there


def _text(host: Mapping[str, object], name: str) -> str:
    value = host.get(name)
    return "not recorded" if value is None else str(value)


def _write(found: Contrast, out: Path) -> Path:
    names = (found.first.name, found.second.name)
    machine = names[0].rpartition(", epoch ")[0]
    name = "-".join(("compare", *map(slug, names))) if found.kind == "machines" else f"epochs-{slug(machine)}"
    folder = Path("figures", name)
    for family in found.families:
        figure = contrast_page.heat(found, family)
        for ending in ENDINGS:
            path = out / folder / f"{contrast_page.stem(family)}.{ending}"
            write_file(path, image(figure, ending))
    page = contrast_page.document(found, folder.as_posix())
    write_file(out / f"{name}.md", page.encode("utf-8", "replace"))
    text = json.dumps(strict(contrast_page.data(found)), indent=2, allow_nan=False)
    write_file(out / f"{name}.json", f"{text}\n".encode())
    return out / f"{name}.md"
