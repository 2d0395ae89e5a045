"""``paceline bisect GOOD BAD CASE``: the first commit after GOOD that made a case slower.

BAD is raced against GOOD by the rule of ``paceline compare``. Where that confirms it slower, the commits
between them are searched (of a merge, the first parent's side): each is built, and raced against GOOD with
fresh pairs, with half of the first log ratio as the threshold, or the threshold that was asked for where
that is more. A race that is inconclusive leads the search by what its estimate is nearest to, but is no
evidence: the commit that is found at last is raced against its parent, and named only when that confirms it
slower. Otherwise, and where commits cannot be built, lack the case or the budget is spent, the answer is
the range that verdicts prove. 1 is left with when a commit is named, 3 when not.

JSON (``--json``), schema 1; a step is one commit raced against GOOD, ``check`` the one found against its
parent::

    {"schema": 1, "run": "...", "machine": "...", "case": "...", "threshold": 0.025,
     "middle_threshold": 0.03, "good": {"commit", "label", "subject"}, "bad": {...},
     "first": {"commit", "label", "subject", "against", "verdict", "ratio", "low", "high", "pairs",
               "reason"},
     "steps": [...], "check": null,
     "found": {"commit", "label", "subject", "author", "date", "ratio", "low", "high", "pairs"},
     "suspects": [{"commit", "label", "subject"}], "reason": "", "exits": [1]}
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from paceline.commands._building import last_lines_told, log_of
from paceline.commands._measuring import (
    add_measuring,
    as_before,
    limits_of,
    positive,
    results_of,
    resumed,
    share,
)
from paceline.commands._stepping import Races, Say, matched, one_case
from paceline.commands._waiting import wait_of
from paceline.escape import plain
from paceline.host.lock import hold
from paceline.outcome import Exit, PacelineError, worst
from paceline.output import console, write_json
from paceline.race import between
from paceline.race.bisection import Search
from paceline.race.driver import Effort
from paceline.race.hunt import Found, Hunt, Step
from paceline.race.session import Plan, session
from paceline.report import hunted
from paceline.suite import repository, slots
from paceline.suite.config import Suite, load
from paceline.suite.git import answer
from paceline.suite.installed import differences, refuse_debug
from paceline.suite.repository import Commit
from paceline.suite.settings import racing
from paceline.suite.slots import Built


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("good", metavar="GOOD", help="a commit that is fast")
    parser.add_argument("bad", metavar="BAD", help="a later commit that is slower")
    parser.add_argument(
        "case", metavar="CASE", help="one case as compare prints it, or a regex that fits only it"
    )
    parser.add_argument(
        "--threshold",
        type=share,
        metavar="2.5%",
        help="what counts as a change (2.5%%, or what paceline.toml says)",
    )
    parser.add_argument("--seconds", type=positive, default=0.5, help="of measuring a side and pair (0.5)")
    parser.add_argument("--budget", type=positive, metavar="SECONDS", help="of measuring in all (none)")
    parser.add_argument("--dry-run", action="store_true", help="say how much there is to do; build nothing")
    add_measuring(parser)


def run(options: argparse.Namespace) -> Exit:
    """Find the first slower commit, and say how sure that is."""
    suite = load(options.config)
    screen = console(stderr=options.json == "-")

    def say(text: str) -> None:
        screen.print(text, markup=False, soft_wrap=True)

    folder = suite.repository or suite.root
    good = repository.resolve(folder, options.good)
    commits = repository.commits_between(folder, options.good, options.bad)
    if not commits:
        raise PacelineError(f"there is no commit between {options.good} and {options.bad}: they are the same")
    say(f"good {good.label} {plain(good.subject)}")
    say(f"bad  {commits[-1].label} {plain(commits[-1].subject)}; {_count(len(commits))} to search")
    if options.dry_run:
        return _dry(options, commits, say)
    what = f"paceline bisect {good.label} {commits[-1].label}"
    with hold(what, wait_of(options), say):
        return _hunted(suite, options, good, commits, say)


def _dry(options: argparse.Namespace, commits: Sequence[Commit], say: Say) -> Exit:
    steps = math.ceil(math.log2(len(commits)))
    say(f"at most {steps + 2} builds and {steps + 2} races when every commit can be built")
    if options.json:
        write_json(options.json, {"schema": 1, "commits": len(commits), "steps": steps + 2, "exits": []})
    return Exit.OK


def _hunted(
    suite: Suite, options: argparse.Namespace, good: Commit, commits: Sequence[Commit], say: Say
) -> Exit:
    log = log_of(suite, "bisect")
    sides = _built(suite, good, commits[-1], say, log)
    case = one_case(matched(suite, sides, []), options.case)
    threshold = options.threshold or racing(suite.root).threshold_of(case.name)
    settings = {
        "base": good.hash,
        "head": commits[-1].hash,
        "case": case.name,
        "threshold": threshold,
        "seconds": options.seconds,
    }
    results = results_of(options, suite)
    earlier = resumed(options, results, "bisect")
    if earlier:
        as_before(earlier, settings)
    described = {side.slot: between.described(side) for side in sides}
    plan = Plan("bisect", commits[-1].hash, settings, described, options.seed)
    with session(results, options.machine, plan, limits_of(options), earlier) as opened:
        say(f"case {plain(case.name, 160)}; every pair is kept in {opened.ledger.path}")
        races = Races(suite, case, opened, Effort(options.seconds, options.budget), say, log)
        parent = repository.resolve(suite.repository or suite.root, f"{commits[0].hash}^")
        hunt = Hunt(good, commits, threshold, races.race, _Telling(say, good).tell, parent)
        try:
            found = hunt.run()
        except (KeyboardInterrupt, SystemExit):
            say(f"go on with the same words and --resume {opened.ledger.run}")
            raise
    return _concluded(suite, options, found, {**settings, "run": opened.ledger.run}, opened.machine, say)


def _built(suite: Suite, good: Commit, bad: Commit, say: Say, log: Path) -> tuple[Built, Built]:
    """Build both ends; what they differ by without any commit's asking is an error."""
    with last_lines_told(say):
        sides = slots.both(suite, good, bad, say, log)
    refuse_debug(sides)
    found = differences(*sides)
    if found.refused:
        told = "; ".join(found.refused)
        raise PacelineError(f"the two environments differ by what no commit asks for: {told}", Exit.FAILED)
    for change in found.also_changed:
        say(f"also changed: {plain(change, 200)}")
    return sides


class _Telling:
    """Says what became of each commit."""

    def __init__(self, say: Say, good: Commit) -> None:
        self._say, self._good, self._number = say, good, 0

    def tell(self, step: Step, search: Search | None) -> None:
        """Say a line about a step: which commit, what it showed, and what is left."""
        self._number += 1
        parent = "" if step.against == self._good else f" against its parent {step.against.label}"
        left = f"; {_count(len(search.suspects))} left, {search.steps} more to measure" if search else ""
        told = plain(step.told, 300)
        subject = plain(step.commit.subject, 50)
        self._say(f"step {self._number}: {step.commit.label} {subject}{parent}: {told}{left}")


def _concluded(
    suite: Suite,
    options: argparse.Namespace,
    found: Found,
    settings: Mapping[str, Any],
    machine: str,
    say: Say,
) -> Exit:
    culprit = found.culprit
    exits = [Exit.SLOWER if culprit else Exit.FAILED]
    author = ""
    if culprit:
        author = answer(suite.repository or suite.root, "log", "-1", "--format=%an", culprit.commit.hash)
    for line in hunted.lines(found, author):
        say(line)
    say(f"paceline show {settings['run']} lists its races")
    if options.json:
        told = {**settings, "machine": machine, "exits": [int(code) for code in exits]}
        write_json(options.json, hunted.document(found, told, author))
    return worst(exits)


def _count(number: int) -> str:
    return f"{number} commit{'' if number == 1 else 's'}"
