"""Discovery: which questions a suite asks, told by the interpreter that will answer them."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from paceline.outcome import PacelineError
from paceline.suite.config import load
from paceline.suite.interpreter import ask
from paceline.suite.questions import Benchmark, Question, titled
from paceline.suite.undeclared import absent_here

SCRIPT = Path(__file__).with_name("_discovery.py")
SECONDS = 300.0


def questions(
    config: Path, python: str = sys.executable, variables: Mapping[str, str | None] = MappingProxyType({})
) -> list[Question]:
    """Return the questions of the suite that an asv configuration names, in the suite's order.

    ``variables`` are set for the interpreter that tells them; those that are None are taken out.
    """
    suite = load(config)
    if not suite.benchmarks.is_dir():
        raise PacelineError(
            f"{config} names the benchmarks folder {suite.benchmarks.name}, which is not there"
        )
    failed = f"the benchmarks in {suite.benchmarks.name}/ cannot be imported"
    told = ask(
        python,
        SCRIPT,
        str(suite.benchmarks),
        cwd=suite.root,
        seconds=SECONDS,
        failed=failed,
        variables=variables,
    )
    return _questions(json.loads(told))


def questions_here(config: Path) -> list[Question]:
    """Return the questions as the interpreter that runs paceline has them; what it lacks is named."""
    try:
        return questions(config)
    except PacelineError as error:
        more = absent_here(str(error), load(config).project)
        raise PacelineError(f"{error}; {more}", error.code) if more else error from None


def _questions(told: Iterable[dict[str, Any]]) -> list[Question]:
    def key(benchmark: dict[str, Any]) -> str:
        return str(benchmark["name"]).rpartition(".")[0]

    grouped: dict[str, list[dict[str, Any]]] = {}
    for benchmark in told:  # not always side by side: a module may define functions around a class
        grouped.setdefault(key(benchmark), []).append(benchmark)
    return titled([_question(name, group) for name, group in grouped.items()])


def _question(key: str, told: list[dict[str, Any]]) -> Question:
    first = told[0]
    package = first["package"]
    return Question(
        key=key,
        model=package.rpartition(".")[2] if package else key,
        family=key.partition(".")[0],
        reference=first["reference"],
        baseline=first["baseline"],
        checkable=first["checkable"],
        benchmarks=tuple(_benchmark(one) for one in told),
    )


def _benchmark(told: dict[str, Any]) -> Benchmark:
    params = tuple(tuple(values) for values in told["params"])
    return Benchmark(told["name"], told["kind"], tuple(told["param_names"]), params)
