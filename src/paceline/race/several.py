"""Several commits compared in one go: all race the first one in the same pairs of fresh processes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from paceline.race import answers, commits, compared
from paceline.race.commits import BASE, PAIRED, Matched, number_of_case
from paceline.race.compared import Verdict
from paceline.race.contenders import Contender, Pair, Race
from paceline.race.driver import Effort, Run, Watch
from paceline.race.session import Session
from paceline.race.tally import Tally, Terms
from paceline.race.unpaired import Compared
from paceline.stats.ratio import Ratio, step
from paceline.suite.settings import Comparing

SKIPPED = "paceline.toml leaves it out"


class Several(Watch):
    """Every case of a base and its heads, by slot, on its way to a verdict for each head."""

    def __init__(
        self,
        cases: Mapping[str, Sequence[Matched]],
        threshold: Callable[[str], float],
        effort: Effort,
        opened: Session,
        watch: Watch,
        settings: Comparing = Comparing(),  # noqa: B008 - frozen
    ) -> None:
        self._cases, self._opened, self._watch, self._settings = cases, opened, watch, settings
        self._answers: dict[str, dict[str, str]] = {}
        self._numbers: dict[tuple[str, str, str], Compared] = {}
        races = _races(cases, threshold, settings)
        self._run = Run(races, Terms(), effort, opened.ground, opened.ledger.write, self)
        self._replay()

    @property
    def floor(self) -> float:
        """s0, the noise floor of this run."""
        return self._run.floor

    @property
    def races(self) -> int:
        """How many races there are."""
        return len(self._run.tallies)

    def measure(self) -> None:
        """Race what can be raced, then compare the other numbers while the budget lasts."""
        self._run.measure()
        for head, cases in self._cases.items():
            for case in cases:
                key = (head, case.kind, case.name)
                if case.kind in PAIRED or not _both(case, self._settings) or key in self._numbers:
                    continue
                if self._run.over:
                    return
                found = self._numbers[key] = number_of_case(self._opened.ground, case)
                self._opened.ledger.write({**compared.number_record(case, found), "side": head})

    def pair(self, tally: Tally, pair: Pair) -> None:
        """Compare what the calls of a race's first pair returned, and keep it in the ledger."""
        name = tally.race.name
        known = self._run.known[name].answers
        if known and name not in self._answers:
            told = {
                one.name: answers.compare(known.get(BASE), known.get(one.name))
                for one in tally.race.contenders
            }
            self._answers[name] = told
            self._opened.ledger.write({"kind": "answers", "race": name, "answers": told})
        self._watch.pair(tally, pair)

    def done(self, tally: Tally) -> None:
        """Hand on that a race has ended."""
        self._watch.done(tally)

    def verdicts(self) -> dict[str, list[Verdict]]:
        """Return a verdict for every case of each head, by the head's slot."""
        return {
            head: compared.with_work([self._verdict(head, case) for case in cases])
            for head, cases in self._cases.items()
        }

    def _replay(self) -> None:
        """Take in what an earlier part of this run has found: it is not measured again."""
        self._run.replay(self._opened.before)
        for record in self._opened.before:
            if record.get("kind") == "answers":
                self._answers[str(record["race"])] = dict(record["answers"])
            elif record.get("kind") == "number":
                key = str(record["side"]), str(record["type"]), str(record["case"])
                self._numbers[key] = compared.number_of(record)

    def _verdict(self, head: str, case: Matched) -> Verdict:
        if case.base is None or case.head is None:
            return compared.one_sided(case)
        if self._settings.skips(case.name):
            return Verdict(case.benchmark, case.kind, case.params, "skipped", reason=SKIPPED)
        if case.kind in PAIRED:
            told = self._answers.get(case.name, {}).get(head, answers.UNCHECKED)
            warning = self._run.known[case.name].cores.get(head, "")
            return compared.timed(case, self._run.tallies[case.name], told, self.floor, warning)
        found = self._numbers.get((head, case.kind, case.name))
        if found is None:
            reason = "the budget was spent" if self._run.over else "not measured to the end"
            return Verdict(case.benchmark, case.kind, case.params, "unmeasured", reason=reason)
        return compared.counted(case, found)


def steps(verdicts: Mapping[str, Sequence[Verdict]]) -> dict[str, dict[str, Ratio]]:
    """Return each head's ratio to the commit before it, by slot and case, from their ratios to the base."""
    found: dict[str, dict[str, Ratio]] = {}
    before: dict[str, Ratio] = {}
    for place, (head, own) in enumerate(verdicts.items()):
        now = {
            one.name: Ratio(one.ratio, one.low, one.high) for one in own if one.kind in PAIRED and one.ratio
        }
        found[head] = {
            name: step(ratio, before[name]) if place else ratio
            for name, ratio in now.items()
            if not place or name in before
        }
        before = now
    return found


def _both(case: Matched, settings: Comparing) -> bool:
    return case.base is not None and case.head is not None and not settings.skips(case.name)


def _races(
    cases: Mapping[str, Sequence[Matched]], threshold: Callable[[str], float], settings: Comparing
) -> list[Race]:
    """Return a race for every timed case, in which all heads that have it race the base."""
    first: dict[str, Matched] = {}
    heads: dict[str, list[Contender]] = {}
    for own in cases.values():
        for case in own:
            if case.kind in PAIRED and _both(case, settings) and case.head is not None:
                first.setdefault(case.name, case)
                heads.setdefault(case.name, []).append(case.head)
    return [
        replace(commits.race(case, threshold(name), settings.threads_of(name)), contenders=tuple(heads[name]))
        for name, case in first.items()
    ]
