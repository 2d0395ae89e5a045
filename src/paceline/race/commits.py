"""Races between two places: every case of a suite, the base against the head."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from paceline.outcome import PacelineError
from paceline.race.across import THREADS, cases, literal
from paceline.race.contenders import Contender, Place, Race
from paceline.race.crew import Ground
from paceline.race.unpaired import Compared
from paceline.race.unpaired import compare as compare_numbers
from paceline.suite.questions import Benchmark, Question

BASE, HEAD = "base", "head"
PAIRED = ("time",)
UNPAIRED = ("peakmemory", "track")
START_SECONDS, NUMBER_SECONDS = 1.0, 2.0
FIRST_PAIRS = 4


@dataclass(frozen=True)
class Matched:
    """One case of a suite that both places have, or only one: a side that lacks it is None."""

    benchmark: str
    kind: str
    params: dict[str, Any]
    base: Contender | None
    head: Contender | None

    @property
    def name(self) -> str:
        """The case as people and ledgers name it."""
        return case_name(self.benchmark, self.params)


def case_name(benchmark: str, params: Mapping[str, Any]) -> str:
    """Return the name of a benchmark's case: "kernels.Suite.time_loop(n=1000)"."""
    told = ", ".join(f"{name}={value}" for name, value in params.items())
    return f"{benchmark}({told})" if told else benchmark


def matched(
    base: Sequence[Question], head: Sequence[Question], places: tuple[Place, Place], bench: Sequence[str]
) -> list[Matched]:
    """Return every case of the two sides that the patterns name, in the head's order, then what is gone.

    A pattern is a regular expression that is searched for in the benchmark's name, whatever the case of its
    letters. Kinds that can be compared are times, peak memory and tracked numbers.
    """
    patterns = [_pattern(text) for text in bench]
    before, after = (_cases(side, place, patterns) for side, place in zip((base, head), places, strict=True))
    found = []
    for key, (params, contender) in after.items():
        there = before.get(key)
        found.append(Matched(key[0], key[1], params, there[1] if there else None, contender))
    found += [
        Matched(key[0], key[1], params, contender, None)
        for key, (params, contender) in before.items()
        if key not in after
    ]
    if not found:
        raise PacelineError(_nothing([*base, *head], bench))
    return found


def race(case: Matched, threshold: float, threads: int | None = None) -> Race:
    """Return the race of a case that both sides have; ``threads`` instead of its own parameter's."""
    assert case.base is not None
    assert case.head is not None
    threads = threads or case.params.get(THREADS, 1)
    threads = threads if isinstance(threads, int) and threads > 0 else 1
    return Race(
        name=case.name,
        model=case.benchmark,
        crew=f"{case.benchmark} threads={threads}",
        axes=case.params,
        baseline=case.base,
        contenders=(case.head,),
        threads=threads,
        threshold=threshold,
    )


def estimate(cases: Sequence[Matched], seconds: float) -> str:
    """Return about how long the first pairs of all cases take, in words."""
    return f"about {math.ceil(price(cases, seconds) / 60)} min when nothing happened"


def price(cases: Sequence[Matched], seconds: float) -> float:
    """Return about how many seconds the first pairs of all cases take."""
    paired = [case for case in cases if case.kind in PAIRED]
    crews = {case.benchmark for case in paired}
    pairs = FIRST_PAIRS * (len(crews) * START_SECONDS + len(paired) * (2.5 * seconds + 0.5))
    return pairs + NUMBER_SECONDS * (len(cases) - len(paired))


def number_of_case(ground: Ground, case: Matched) -> Compared:
    """Compare a case that is not paired; an interrupt ends its workers, which other threads wait for."""
    assert case.base is not None
    assert case.head is not None
    with ThreadPoolExecutor(1) as pool:
        task = pool.submit(compare_numbers, ground, case.base, case.head, case.kind)
        try:
            return task.result()
        except BaseException:
            ground.stop.set()
            raise


def counted(cases: Sequence[Matched]) -> int:
    """Return how many cases are measured: those that both sides have."""
    return sum(case.base is not None and case.head is not None for case in cases)


_Key = tuple[str, str, tuple[str, ...]]


def _cases(
    questions: Sequence[Question], place: Place, patterns: Sequence[re.Pattern[str]]
) -> dict[_Key, tuple[dict[str, Any], Contender]]:
    found = {}
    for benchmark in _benchmarks(questions, patterns):
        for index, values in cases(benchmark):
            texts = dict(zip(benchmark.param_names, map(literal, values), strict=True))
            contender = Contender(place.name, place, benchmark.name, index, values)
            found[benchmark.name, benchmark.kind, values] = texts, contender
    return found


def _benchmarks(questions: Sequence[Question], patterns: Sequence[re.Pattern[str]]) -> Iterator[Benchmark]:
    for question in questions:
        for benchmark in question.benchmarks:
            wanted = not patterns or any(pattern.search(benchmark.name) for pattern in patterns)
            if wanted and benchmark.kind in (*PAIRED, *UNPAIRED):
                yield benchmark


def _pattern(text: str) -> re.Pattern[str]:
    try:
        return re.compile(text, re.IGNORECASE)
    except (re.error, OverflowError, RecursionError) as error:
        raise PacelineError(f"--bench {text!r} is no regular expression: {error}") from error


def _nothing(questions: Sequence[Question], bench: Sequence[str]) -> str:
    names = sorted({one.name for question in questions for one in question.benchmarks})
    near = [name for text in bench for name in difflib.get_close_matches(text, names, n=3, cutoff=0.3)]
    shown = near or names[:6]
    told = ", ".join(shown) + (", ..." if len(names) > len(shown) else "")
    if bench:
        return f"no benchmark fits --bench {' '.join(bench)}; there are {told or 'none'}"
    return "the suite has no benchmarks that can be compared"
