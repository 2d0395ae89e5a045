"""The dashboard of ``paceline report``: what it knows, from results, git and the configuration."""

from __future__ import annotations

import argparse
import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from paceline.commands._gathering import Found, key_of
from paceline.outcome import PacelineError
from paceline.output import write_file
from paceline.report.contents import Report
from paceline.report.dashboard.known import Known, Said
from paceline.report.dashboard.page import page
from paceline.results import alert_files, anchor, history, raced_tracks, tracks
from paceline.results.anchor import Anchors
from paceline.results.history import Compared
from paceline.results.hosts import HostHistory, read_hosts
from paceline.results.tracks import Track, only
from paceline.suite import commits
from paceline.suite.config import Suite, load
from paceline.suite.questions import Question

NAME = "index.html"
COMPARISONS = 300  # as many are read, the newest; of more, a warning tells
_BESIDE = "paceline.html"  # its name in the folder of asv's pages
_MARK, _LINK = (
    '<li id="nav-li-graphdisplay">',
    f'<li id="nav-li-paceline"><a href="{_BESIDE}">paceline</a></li>',
)


def write(
    report: Report,
    found: Found,
    questions: Sequence[Question],
    wanted: Sequence[Question],
    options: argparse.Namespace,
) -> list[Path]:
    """Write the page with all of ``wanted``; beside asv's own pages, too, where the options name them."""
    suite = _suite(options.config)
    warnings: list[str] = []
    past = tracks.read(found.folder, found.archive.declared)
    compared, anchors = _compared(found.folder, warnings)
    hashes = {run.commit for track in past.tracks for run in track.runs} | {one.head for one in compared}
    said = _said(suite, options.config, hashes)
    raced = raced_tracks.tracks(compared, anchors, _dates(said, past.tracks))
    mine = [one for one in (*past.tracks, *raced) if options.machine in (None, one.machine.name)]
    if options.models:
        keys = {question.key for question in wanted}
        mine = [only(track, lambda case: key_of(case.benchmark) in keys) for track in mine]
    names = {track.machine.name for track in mine} | {one.run.machine.name for one in report.sections}
    known = Known(
        report=report,
        made=datetime.now(UTC),
        project=suite.project if suite else "",
        tracks=[track for track in mine if track.cases],
        questions=questions,
        commits=said,
        commit_url=suite.commit_url if suite else "",
        alerts=alert_files.alerts(found.folder, warnings),
        notes=alert_files.notes(found.folder, warnings),
        hosts={name: _hosts(found.folder, name) for name in sorted(names)},
        warnings=(*past.warnings, *warnings),
    )
    return list(_written(known, options.out, options.asv_pages))


def _written(known: Known, out: Path, asv_pages: Path | None) -> Iterator[Path]:
    if asv_pages is None:
        write_file(out / NAME, page(known))
        yield out / NAME
        return
    link = os.path.relpath(asv_pages / "index.html", out)
    write_file(out / NAME, page(replace(known, links=(("asv's own pages", link),))))
    yield out / NAME
    write_file(asv_pages / _BESIDE, page(replace(known, links=(("asv's own pages", "index.html"),))))
    yield asv_pages / _BESIDE
    _link_back(asv_pages / "index.html")


def _link_back(path: Path) -> None:
    """Put a link to the dashboard into asv's page, which ``asv publish`` writes anew every time."""
    try:
        text = path.read_text("utf-8")
    except OSError as error:
        raise PacelineError(f"{path} cannot be read ({error.strerror}); run `asv publish` first") from error
    if _LINK not in text and _MARK in text:
        write_file(path, text.replace(_MARK, f"{_LINK}\n        {_MARK}", 1).encode())


def _hosts(results: Path, machine: str) -> HostHistory:
    try:
        return read_hosts(results, machine)
    except (PacelineError, ValueError):  # a name that cannot be a folder has no records
        return HostHistory()


def _suite(config: Path) -> Suite | None:
    try:
        return load(config)
    except PacelineError:
        return None


def _compared(results: Path, warnings: list[str]) -> tuple[list[Compared], Anchors]:
    """Return what comparisons of commits found, and the anchor; one that cannot be read is a warning."""
    found, torn = history.comparisons(results, COMPARISONS)
    warnings += torn
    try:
        return found, anchor.read(results)
    except PacelineError as error:
        warnings.append(str(error))
        return found, Anchors()


def _dates(said: Mapping[str, Said], past: Sequence[Track]) -> dict[str, datetime]:
    """Return when every commit was made: asv knows, or git."""
    dates = {run.commit: run.date for track in past for run in track.runs}
    for commit, one in said.items():
        with suppress(ValueError):
            dates.setdefault(commit, datetime.fromisoformat(one.date).astimezone(UTC))
    return dates


def _said(suite: Suite | None, config: Path, hashes: Collection[str]) -> dict[str, Said]:
    """Ask git for what it knows of every commit that was measured."""
    folder = (suite.repository or suite.root) if suite else config.resolve().parent
    return {hash: Said(*told) for hash, told in commits.told(folder, hashes).items()}
