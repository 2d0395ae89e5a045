"""Races between the values of one parameter, or between places, at every size, against a baseline."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

from paceline.outcome import PacelineError
from paceline.race.contenders import Contender, Place, Race
from paceline.suite.questions import Benchmark, Question

IMPLEMENTATION = "implementation"
THREADS = "threads"


def races(
    questions: Sequence[Question],
    place: Place,
    across: str = IMPLEMENTATION,
    baseline: str | None = None,
    sizes: Sequence[str] = (),
    threshold: float = 0.025,
) -> list[Race]:
    """Return a race for every benchmark that has the parameter, at every value of its other parameters.

    The baseline is the value named, else the class's own, else the first. ``sizes`` are values of ``n`` as
    the user wrote them; none means all. PacelineError where a name fits no benchmark.
    """
    found = [
        race
        for question in questions
        for benchmark in question.benchmarks
        if benchmark.kind == "time" and across in benchmark.param_names
        for race in _races(question, benchmark, place, across, baseline, sizes, threshold)
    ]
    if not found:
        raise PacelineError(_nothing(questions, across, baseline, sizes))
    return found


def between(
    questions: Sequence[Question],
    places: Mapping[str, Place],
    baseline: str,
    sizes: Sequence[str] = (),
    threshold: float = 0.025,
) -> list[Race]:
    """Return a race for every case of every timed benchmark, between places by their names.

    PacelineError where there is none at these sizes.
    """
    found = [
        _between(question, benchmark, index, values, places, baseline, threshold)
        for question in questions
        for benchmark in question.benchmarks
        if benchmark.kind == "time"
        for index, values in cases(benchmark)
    ]
    kept = [one for one in found if not sizes or str(one.axes.get("n", sizes[0])) in sizes]
    if not kept:
        raise PacelineError(
            f"nothing to race at n = {', '.join(sizes)}" if found else "the suite has no timed benchmark"
        )
    return kept


def _between(
    question: Question,
    benchmark: Benchmark,
    index: int,
    values: tuple[str, ...],
    places: Mapping[str, Place],
    baseline: str,
    threshold: float,
) -> Race:
    made = {name: Contender(name, place, benchmark.name, index, values) for name, place in places.items()}
    told = ", ".join(f"{name}={text}" for name, text in zip(benchmark.param_names, values, strict=True))
    axes = {name: literal(text) for name, text in zip(benchmark.param_names, values, strict=True)}
    threads = _threads(axes)
    return Race(
        name=f"{benchmark.name}({told})" if told else benchmark.name,
        model=_model(question.model, question, benchmark),
        crew=f"{benchmark.name} threads={threads}",
        axes=axes,
        baseline=made.pop(baseline),
        contenders=tuple(made.values()),
        threads=threads,
        threshold=threshold,
        title=_model(question.shown, question, benchmark),
    )


def _threads(axes: Mapping[str, Any]) -> int:
    threads = axes.get(THREADS, 1)
    return threads if isinstance(threads, int) and threads > 0 else 1


def literal(text: str) -> Any:
    """Return the number or text that asv writes as ``repr``; of anything else the ``repr``, for JSON."""
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return text
    return value if value is None or isinstance(value, bool | int | float | str) else text


def cases(benchmark: Benchmark) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield the index and the parameters' texts of each of a benchmark's cases."""
    yield from enumerate(product(*benchmark.params))


def _races(
    question: Question,
    benchmark: Benchmark,
    place: Place,
    across: str,
    baseline: str | None,
    sizes: Sequence[str],
    threshold: float,
) -> Iterator[Race]:
    position = benchmark.param_names.index(across)
    names = _told(benchmark.params[position])
    own = question.baseline if across == IMPLEMENTATION and question.baseline in names.values() else None
    wanted = baseline or own or names[benchmark.params[position][0]]
    grouped: dict[tuple[str, ...], list[Contender]] = {}
    for index, values in cases(benchmark):
        others = values[:position] + values[position + 1 :]
        name = names[values[position]]
        own_threads = _threads({THREADS: literal(values[position])}) if across == THREADS else None
        one = Contender(name, place, benchmark.name, index, values, own_threads)
        grouped.setdefault(others, []).append(one)
    axes_names = [name for name in benchmark.param_names if name != across]
    for others, contenders in grouped.items():
        axes = {name: literal(text) for name, text in zip(axes_names, others, strict=True)}
        base = next((one for one in contenders if one.name == wanted), None)
        if base is None or len(contenders) == 1 or (sizes and str(axes.get("n", sizes[0])) not in sizes):
            continue
        told = ", ".join(f"{name}={text}" for name, text in zip(axes_names, others, strict=True))
        threads = max(one.threads or _threads(axes) for one in contenders)
        yield Race(
            name=f"{benchmark.name}({told})",
            model=_model(question.model, question, benchmark),
            crew=f"{benchmark.name} threads={threads}",
            axes=axes,
            baseline=base,
            contenders=tuple(one for one in contenders if one is not base),
            threads=threads,
            threshold=threshold,
            title=_model(question.shown, question, benchmark),
        )


def _told(texts: Sequence[str]) -> dict[str, str]:
    """Return what people read for each text of a value; the text itself where two would read alike."""
    read = {text: str(literal(text)) for text in texts}
    return {text: text if list(read.values()).count(name) > 1 else name for text, name in read.items()}


def _model(name: str, question: Question, benchmark: Benchmark) -> str:
    """Return the name, with the benchmark's where a class times several things."""
    timed = [one for one in question.benchmarks if one.kind == "time"]
    return name if len(timed) == 1 else f"{name}.{benchmark.name.rpartition('.')[2]}"


def _nothing(questions: Sequence[Question], across: str, baseline: str | None, sizes: Sequence[str]) -> str:
    timed = [one for question in questions for one in question.benchmarks if one.kind == "time"]
    having = [one for one in timed if across in one.param_names]
    if not having:
        known = sorted({name for one in timed for name in one.param_names})
        told = ", ".join(known) or "none"
        return f"no timed benchmark has the parameter {across!r}; --across one of: {told}"
    values = sorted(
        {str(literal(text)) for one in having for text in one.params[one.param_names.index(across)]}
    )
    if len(values) == 1:
        return f"{across} has the value {values[0]} only: there is nothing to compare"
    if baseline is not None and baseline not in values:
        return f"no benchmark has {baseline!r} as a value of {across}; --baseline one of: {', '.join(values)}"
    known_sizes = sorted(
        {text for one in having if "n" in one.param_names for text in one.params[one.param_names.index("n")]}
    )
    return f"nothing to race at n = {', '.join(sizes)}; the sizes are {', '.join(known_sizes) or 'none'}"
