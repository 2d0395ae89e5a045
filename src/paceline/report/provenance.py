"""Where a section's figures are from, as Markdown: the host, its races, the software, the noise floor."""

from __future__ import annotations

from collections.abc import Iterator

from paceline.escape import markdown
from paceline.report import cells, sources
from paceline.report.contents import Section
from paceline.results.raced import RaceRun

_SHOWN = 3  # runs of races that are told one by one; more are counted, and folded away


def lines(section: Section) -> Iterator[str]:
    """Yield what stands at the head of a machine's section."""
    if told := sources.commits(section):
        yield from (f"**{markdown(told, 300)}**", "")
    yield from (f"- {label}: {markdown(value, 300)}" for label, value in cells.host(section).items())
    races = [markdown(told, 500) for told in sources.paired(section)]
    if len(races) > _SHOWN:
        yield f"- paired ratios: {markdown(sources.runs(section), 300)}"
    else:
        yield from (f"- paired ratios: {told}" for told in races)
    if section.run.measurements:
        yield from (f"- raced with: {told}" for told in dict.fromkeys(map(_software, section.races)))
    if told := sources.unpaired(section):
        yield f"- unpaired ratios: {markdown(told)}"
    yield f"- noise floor: {markdown(sources.floor(section), 200)}"
    yield from (f"- {markdown(said, 300)}" for said in section.remarks)
    if len(races) > _SHOWN:
        yield from ("", *_folded(races))


def _software(run: RaceRun) -> str:
    return markdown(sources.software(run), 300)


def _folded(races: list[str]) -> Iterator[str]:
    """Yield a list that GitHub opens when it is asked to."""
    yield from ("<details><summary>The runs that the ratios are from</summary>", "")
    yield from (f"- {told}" for told in races)
    yield from ("", "</details>")
