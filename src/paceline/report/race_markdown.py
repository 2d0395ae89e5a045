"""What races found as Markdown: a row a case, a column a contender, and what must be known to read it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from paceline.escape import markdown
from paceline.race.tally import Result
from paceline.report import race_notes, words
from paceline.report.races import Outcome, ratio, word

SURE = ("faster", "slower")
HOW = (
    "Time / time of {}; below 1 is faster. All were measured in turns, in fresh processes; an interval holds"
    " the true ratio about 98 times in 100; in bold is what is surely faster or slower."
)


def document(outcomes: Sequence[Outcome], title: str, about: Sequence[str]) -> str:
    """Return the races as Markdown, a table for every baseline; ``about`` are lines on host and versions."""
    parts = [f"## {markdown(title, 200)}", ""]
    for baseline in dict.fromkeys(one.race.baseline.name for one in outcomes):
        own = [one for one in outcomes if one.race.baseline.name == baseline]
        parts += [HOW.format(markdown(baseline)), "", *_table(own), ""]
    told = [*race_notes.notes(outcomes), *race_notes.undecided(outcomes), *race_notes.trust(outcomes)]
    return "\n".join([*parts, *(f"- {markdown(line, 500)}" for line in [*told, *about])]) + "\n"


def _table(own: Sequence[Outcome]) -> Iterator[str]:
    names = list(dict.fromkeys(result.name for one in own for result in one.results))
    yield f"| case | {' | '.join(map(markdown, [own[0].race.baseline.name, *names]))} |"
    yield f"|---|{'---|' * (len(names) + 1)}"
    for one in own:
        found = {result.name: result for result in one.results}
        case = f"{one.race.shown}, {one.at}" if one.at else one.race.shown
        cells = [_base(one), *(_cell(found.get(name)) for name in names)]
        yield f"| {markdown(case, 160)} | {' | '.join(cells)} |"


def _base(outcome: Outcome) -> str:
    seconds = outcome.baseline_seconds
    if seconds is None:
        return outcome.baseline.status if outcome.baseline else "unmeasured"
    return f"1 = {words.seconds(seconds)}"


def _cell(result: Result | None) -> str:
    if result is None:
        return "no such case"
    if not result.estimate:
        return result.status
    told = f"{words.ratio(ratio(result.estimate))} {word(result)}"
    return f"**{told}**" if result.verdict in SURE else told
