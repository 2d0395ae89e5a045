"""Agreement: does every implementation give the reference's answer, at every size?

One worker a model answers its cases one after the other. A worker that fails, dies, hangs or runs out of
memory costs the case that it was at; another takes over for the rest.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from typing import Any

from paceline.race.process import Worker, WorkerLostError
from paceline.race.session import free_memory
from paceline.results.checks import Case
from paceline.suite.config import Suite
from paceline.suite.questions import Benchmark, Question

IMPLEMENTATION = "implementation"
STATUSES = ("agrees", "differs", "skipped", "failed", "unchecked")


@dataclass(frozen=True)
class Plan:
    """One question's cases: which benchmark is set up, and the index and parameters of each case.

    ``across`` is the parameter whose values are told apart as implementations.
    """

    question: Question
    benchmark: Benchmark
    cases: tuple[tuple[int, dict[str, Any]], ...]
    across: str = IMPLEMENTATION


def plan(questions: Sequence[Question], sizes: Sequence[str] = ()) -> list[Plan]:
    """Return what there is to check: a benchmark for every question that has implementations."""
    plans = []
    for question in questions:
        timed = [
            one for one in question.benchmarks if IMPLEMENTATION in one.param_names and one.kind == "time"
        ]
        if timed:
            plans.append(Plan(question, timed[0], tuple(_cases(timed[0], sizes))))
    return plans


def check(
    suite: Suite,
    plans: Sequence[Plan],
    python: str,
    seconds: float,
    jobs: int,
    found: Callable[[Case], None],
) -> list[Case]:
    """Check every case, ``jobs`` models at once; ``found`` hears of each in the caller's thread.

    Each worker may have its share of the memory that is free.
    """
    stop = Event()
    cases: list[Case] = []
    jobs = max(1, jobs)
    memory = free_memory() / jobs
    with TemporaryDirectory(prefix="paceline-") as folder, ThreadPoolExecutor(max_workers=jobs) as pool:
        place = Path(folder)
        streams = [_Stream(suite, one, python, seconds, stop, place, memory) for one in plans]
        try:
            running = {pool.submit(stream.run): stream for stream in streams}
            while running:
                done, _ = wait(running, timeout=0.2, return_when=FIRST_COMPLETED)
                for stream in running.values():
                    for case in stream.fresh():
                        cases.append(case)
                        found(case)
                for future in done:
                    running.pop(future)
                    future.result()
        finally:
            stop.set()
    return cases


class _Stream:
    """The cases of one model as they are answered: filled by its thread, emptied by the caller's."""

    def __init__(
        self,
        suite: Suite,
        plan: Plan,
        python: str,
        seconds: float,
        stop: Event,
        folder: Path,
        memory: float,
    ) -> None:
        self._suite, self._plan, self._python, self._seconds, self._stop = suite, plan, python, seconds, stop
        self._folder, self._memory = folder, memory
        self._answered: list[Case] = []
        self._told = 0

    def run(self) -> None:
        waiting = list(self._plan.cases)
        while waiting and not self._stop.is_set():
            try:
                with self._worker() as worker:
                    while waiting and not self._stop.is_set():
                        index, params = waiting[0]
                        command = {"do": "agree", "benchmark": self._plan.benchmark.name, "index": index}
                        answer = worker.ask(command, self._seconds)
                        waiting.pop(0)
                        self._answered.append(_case(self._plan, params, answer))
                        if self._answered[-1].status == "failed":
                            break  # a fresh worker: this one may have been left in any state
            except WorkerLostError as error:
                if self._stop.is_set():
                    return
                _, params = waiting.pop(0)
                lost = {"status": "failed", "reason": f"the worker {error}"}
                self._answered.append(_case(self._plan, params, lost))

    def _worker(self) -> Worker:
        """Start a worker in a folder of its own: what a setup writes has no place in the user's."""
        benchmarks, memory = self._suite.benchmarks, self._memory
        return Worker(self._python, benchmarks, self._folder, self._stop, memory=memory, scratch=True)

    def fresh(self) -> Iterator[Case]:
        """Yield what was answered since the last call; what arrives meanwhile comes with the next."""
        while self._told < len(self._answered):
            self._told += 1
            yield self._answered[self._told - 1]


def _cases(benchmark: Benchmark, sizes: Sequence[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    for index, values in enumerate(product(*benchmark.params)):
        params = {name: _literal(value) for name, value in zip(benchmark.param_names, values, strict=True)}
        if not sizes or str(params.get("n", sizes[0])) in sizes:
            yield index, params


def _literal(text: str) -> Any:
    """Return the number or text that asv writes as ``repr``; of anything else the ``repr``, for JSON."""
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return text
    return value if value is None or isinstance(value, bool | int | float | str) else text


def _case(plan: Plan, params: dict[str, Any], answer: dict[str, Any]) -> Case:
    status = answer.get("status")
    reason = str(answer.get("reason", ""))
    if status not in STATUSES:
        status, reason = "failed", f"agreement told the status {status!r}"
    return Case(
        model=plan.question.model,
        implementation=str(params[plan.across]),
        axes={name: value for name, value in params.items() if name != plan.across},
        status=str(status),
        max_abs=answer.get("max_abs"),
        max_rel=answer.get("max_rel"),
        reason=reason,
        text=str(answer.get("text", "")),
        note=str(answer.get("note", "")),
        build=str(answer.get("build", "")),
        inputs=str(answer.get("inputs", "")),
        question=plan.question.key,
    )
