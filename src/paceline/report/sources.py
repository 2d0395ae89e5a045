"""Where a section's figures are from: its races, asv's medians, the commits; and how far to trust them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from paceline.report import words
from paceline.report.contents import Section
from paceline.results.raced import OK, Raced, RaceRun

UNPAIRED = "‡"
UNPAIRED_NOTE = f"{UNPAIRED} from asv's medians of both, not raced: unpaired; differences below 10 % are open"


def paired(section: Section) -> Iterator[str]:
    """Yield a line for every run of ``paceline race`` that figures are from, unescaped."""
    for run, count in section.races.items():
        own = [one for one in section.raced if one.run is run and one.status == OK]
        told = (
            f"race {run.name} of {run.utc:%Y-%m-%d}",
            f"commit {run.label}",
            f"host {_host(run)}",
            f"{count} contenders, {_pairs(own)}",
        )
        doubt = f"; its absolute times are not to be believed: {run.infra}" if run.infra else ""
        yield ", ".join(told) + doubt


def runs(section: Section) -> str:
    """Count the runs of ``paceline race`` that figures are from, where they are too many to be told."""
    dates = sorted(f"{run.utc:%Y-%m-%d}" for run in section.races)
    when = f"of {dates[0]}" if dates[0] == dates[-1] else f"from {dates[0]} to {dates[-1]}"
    told = f"{len(dates)} runs {when}, {sum(section.races.values()):,} contenders in all"
    doubted = sum(bool(run.infra) for run in section.races)
    return f"{told}; the absolute times of {doubted} are not to be believed" if doubted else told


def software(run: RaceRun) -> str:
    """Return the interpreter that raced and its packages."""
    versions = (f"{name} {version}" for name, version in sorted(run.packages.items()))
    return ", ".join((f"python {run.python or 'not recorded'}", *versions))


def unpaired(section: Section) -> str:
    """Say how many ratios are asv's; empty for none."""
    if not section.unpaired:
        return ""
    some = "ratio is" if section.unpaired == 1 else "ratios are"
    return f"{section.unpaired} {some} from asv's medians, not raced: unpaired, marked {UNPAIRED}"


def commits(section: Section) -> str:
    """Name every commit, where not all figures are of one; else empty."""
    if len(section.commits) < 2:
        return ""
    raced = ", ".join(dict.fromkeys(run.label for run in section.races))
    if not section.run.measurements:
        return f"figures of several commits: raced at {raced}"
    marked = f"those marked {UNPAIRED}, " if section.unpaired else ""
    where = f"asv's figures ({marked}memory, start-up) at {section.run.commit[:8]}"
    return f"figures of several commits: raced at {raced}; {where}"


def floor(section: Section) -> str:
    """Say the smallest slow-down that the races of this section find."""
    known = section.detectable
    if known is None:
        return "not measured: nothing was raced here; paceline race would tell"
    least, middle, most = map(words.percent, known)
    count = sum(one.detectable is not None for one in section.raced)
    mostly = section.mostly_detectable
    span = (
        f", {least} to {most}"
        if mostly is None
        else f"; 9 in 10 find {words.percent(mostly)}; from {least} to {most}"
    )
    span = f"median of {count:,} raced cases{span}" if count > 1 else "1 raced case"
    return f"slow-downs of {middle} are found 19 times in 20 ({span})"


def _host(run: RaceRun) -> str:
    name, cpu = run.host.get("host", run.machine), run.host.get("cpu", "")
    return f"{name} ({cpu})" if cpu else name


def _pairs(own: Sequence[Raced]) -> str:
    known = sorted({one.pairs for one in own})
    if not known:
        return "none measured to the end"
    return f"{known[0]} pairs each" if len(known) == 1 else f"{known[0]} to {known[-1]} pairs each"
