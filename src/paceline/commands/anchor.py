"""``paceline anchor``: the frozen commit that history is measured against.

``show`` prints it. ``set COMMIT`` makes a commit the anchor; where there is one already, the two must have
been raced against each other (the *overlap*), so that the series can go on: ``--race`` races them first.
``race [COMMIT]`` races a commit (HEAD) against the anchor; benchmarks that the anchor lacks are anchored at
the first commit that was measured with them.

JSON (``--json``), schema 1::

    {"schema": 1, "commit": "...", "set": "...", "earlier": ["..."], "benchmarks": {"name": "commit"},
     "overlap": 12, "exits": []}

``overlap`` is how many cases the earlier anchor and this one have been raced in.
"""

from __future__ import annotations

import argparse
import json
import math
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from paceline.commands._measuring import positive
from paceline.escape import plain
from paceline.outcome import Exit, PacelineError, worst
from paceline.output import console, write_json
from paceline.results import anchor, history
from paceline.results.anchor import Anchors
from paceline.suite import repository
from paceline.suite.config import Suite, load

NONE = "there is no anchor; `paceline anchor set COMMIT`"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument(
        "action", choices=("show", "set", "race"), metavar="ACTION",
        help="show it; set COMMIT; race a commit against it",
    )  # fmt: skip
    parser.add_argument("commit", nargs="?", metavar="COMMIT", help="with set; with race (HEAD)")
    parser.add_argument("--race", action="store_true", help="set: race the two anchors first, if need be")
    parser.add_argument("--budget", type=positive, metavar="SECONDS", help="of measuring (compare's own)")
    parser.add_argument("--config", type=Path, default=Path("asv.conf.json"), help="asv's configuration file")
    parser.add_argument("--results", type=Path, help="where the ledgers are (the suite's results folder)")
    parser.add_argument("--json", metavar="FILE", help="write the anchor as JSON; - for standard output")


def run(options: argparse.Namespace) -> Exit:
    """Show, set or race."""
    suite = load(options.config)
    results = (options.results or suite.results).resolve()
    folder = suite.repository or suite.root
    screen = console(stderr=options.json == "-")
    anchors = anchor.read(results)
    if options.action == "race":
        return _race(options, results, folder, anchors)
    if options.action == "set":
        anchors = _set(options, suite, results, anchors)
        path = anchor.write(results, anchors)
        screen.print(f"{path}: history is measured against {anchors.commit}", markup=False, soft_wrap=True)
    if options.action == "show":
        told = f"{anchors.commit} since {anchors.set}" if anchors.commit else NONE
        screen.print(plain(told, 200), markup=False, soft_wrap=True)
    if options.json:
        write_json(options.json, _document(anchors))
    return Exit.OK


def _set(options: argparse.Namespace, suite: Suite, results: Path, anchors: Anchors) -> Anchors:
    if not options.commit:
        raise PacelineError("name the commit: `paceline anchor set COMMIT`")
    commit = repository.resolve(suite.repository or suite.root, options.commit).hash
    overlap: Mapping[str, float] = {}
    if anchors.commit and anchors.commit != commit:
        overlap = _overlap(results, anchors.commit, commit)
        if not overlap and options.race:
            _compare(options, results, anchors.commit, commit, [])
            overlap = _overlap(results, anchors.commit, commit)
        if not overlap:
            raise PacelineError(
                f"the series cannot go on without an overlap: `paceline compare {anchors.commit[:12]}"
                f" {commit[:12]}` first, or --race",
                Exit.FAILED,
            )
    return anchors.replaced(commit, f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", overlap)


def _overlap(results: Path, base: str, head: str) -> dict[str, float]:
    """Return the newest log ratios of two commits by case, which the ledgers have."""
    compared, _ = history.comparisons(results)
    return {
        one.case: math.log(one.ratio)
        for one in compared
        if (one.base, one.head) == (base, head) and one.metric == history.TIME and one.ratio
    }


def _race(options: argparse.Namespace, results: Path, folder: Path, anchors: Anchors) -> Exit:
    """Race a commit against the anchor, and what the anchor lacks against the first commit that has it."""
    if not anchors.commit:
        raise PacelineError(NONE)
    head = repository.resolve(folder, options.commit or "HEAD").hash
    codes = []
    if head != anchors.commit:
        code, told = _compare(options, results, anchors.commit, head, [])
        codes.append(code)
        new = {name: head for name in _new(told) if name not in anchors.benchmarks}
        if new:
            anchors = replace(anchors, benchmarks={**anchors.benchmarks, **new})
            anchor.write(results, anchors)
    for base in sorted(set(anchors.benchmarks.values()) - {head}):
        names = [name for name, commit in anchors.benchmarks.items() if commit == base]
        codes.append(_compare(options, results, base, head, names)[0])
    return worst(Exit(code) if code in set(Exit) else Exit.FAILED for code in codes)


def _new(told: Mapping[str, Any]) -> list[str]:
    """Return the timed benchmarks of which the anchor has no case at all."""
    every = [one for one in told.get("verdicts", []) if one.get("kind") == "time"]
    old = {one["benchmark"] for one in every if one["verdict"] != "new"}
    return sorted({str(one["benchmark"]) for one in every} - old)


def _compare(
    options: argparse.Namespace, results: Path, base: str, head: str, benchmarks: Sequence[str]
) -> tuple[int, dict[str, Any]]:
    """Run `paceline compare` in a process of its own; return its exit code and its document."""
    words = ["compare", base, head, "--config", str(options.config), "--results", str(results)]
    words += ["--budget", str(options.budget)] if options.budget else []
    for name in benchmarks:
        words += ["--bench", f"^{re.escape(name)}$"]
    print(f"$ {shlex.join(['paceline', *words])}", file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory() as folder:
        document = Path(folder) / "compare.json"
        command = [sys.executable, "-m", "paceline", *words, "--json", str(document)]
        code = subprocess.run(command, stdout=sys.stderr, check=False).returncode
        told = json.loads(document.read_text()) if document.is_file() else {}
    return code, told


def _document(anchors: Anchors) -> dict[str, Any]:
    return {
        "schema": 1,
        "commit": anchors.commit,
        "set": anchors.set,
        "earlier": [one.commit for one in anchors.earlier],
        "benchmarks": dict(anchors.benchmarks),
        "overlap": len(anchors.earlier[-1].overlap) if anchors.earlier else 0,
        "exits": [],
    }
