"""The questions of a suite: its benchmark classes as paceline sees them, and how a user names them."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from paceline.outcome import PacelineError


@dataclass(frozen=True)
class Benchmark:
    """One benchmark function, with the values of its parameters as asv writes them (``repr``)."""

    name: str  # "hydrology.GR6J.time_run"
    kind: str  # "time", "peakmemory", "track", ...
    param_names: tuple[str, ...]
    params: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Question:
    """One benchmark class (or module of functions): the model it asks about, and its benchmarks.

    ``key`` is how asv's names begin ("hydrology.GR6J"); ``model`` is the last part of the class's
    ``package``, else the key; ``family`` is the module's first part.
    """

    key: str
    model: str
    family: str
    reference: str | None
    baseline: str | None
    checkable: bool
    benchmarks: tuple[Benchmark, ...]
    title: str = ""  # the model, with its class where several ask about one model

    @property
    def shown(self) -> str:
        """The name that people read."""
        return self.title or self.model


def titled(questions: Sequence[Question]) -> list[Question]:
    """Return the questions with titles that tell apart those that ask about one model."""
    count = Counter(question.model for question in questions)
    return [
        replace(one, title=f"{one.model}.{one.key.rpartition('.')[2]}" if count[one.model] > 1 else "")
        for one in questions
    ]


def normal(name: str) -> str:
    """Return a name as it is compared: lower-cased, without underscores."""
    return name.lower().replace("_", "")


def matching(questions: Sequence[Question], names: Iterable[str]) -> list[Question]:
    """Return the questions that the user's words mean, in the suite's order; all, for no words.

    A word is a class, a module, ``module.class`` or a model's name (compared lower-cased and
    without ``_``); otherwise a regular expression on the benchmarks' names. A word that hits
    nothing is an error that names the nearest.
    """
    words = list(names)
    if not words:
        return list(questions)
    hits = [_hits(questions, word) for word in words]
    return [question for question in questions if any(question in found for found in hits)]


def _hits(questions: Sequence[Question], word: str) -> list[Question]:
    exact = [question for question in questions if normal(word) in _names(question)]
    if exact:
        return exact
    try:
        pattern = re.compile(word)
    except (re.error, OverflowError, RecursionError) as error:
        raise PacelineError(f"{word!r} is neither a model nor a regular expression: {error}") from error
    found = [q for q in questions if any(pattern.search(benchmark.name) for benchmark in q.benchmarks)]
    if found:
        return found
    known = {normal(question.model): question.model for question in questions}
    nearest = difflib.get_close_matches(normal(word), known, n=3, cutoff=0.4) or sorted(known)[:8]
    told = ", ".join(known[name] for name in nearest) or "none, the suite has no benchmarks"
    raise PacelineError(f"no model is called {word!r}; the nearest: {told}")


def _names(question: Question) -> set[str]:
    module, _, klass = question.key.rpartition(".")
    last = module.rpartition(".")[2]
    parts = (question.key, module, klass, last, f"{last}.{klass}", question.model)
    return {normal(part) for part in parts if part}
