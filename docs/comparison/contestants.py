"""The tools: how each is made ready, and how each compares a commit with its base."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import judging
from ground import CASES, TRIALS, Ground, Ran, StepError, last_lines, must, run
from judging import Judged

ASV_FACTORS = ("1.05", "1.1")
PERCENTS = (5, 10)
ASV_INSTALLS = ("Installing", "Building", "Uninstalling", "Creating")


@dataclass(frozen=True)
class Step:
    """One tool's comparison of one commit with base, measured once, perhaps judged by several rules."""

    seconds: float
    judged: dict[str, Judged]
    installing: float = 0.0


@dataclass(frozen=True)
class Tool:
    """A tool: the rules that it judges by, what makes it ready, and one comparison with a tag."""

    rules: tuple[str, ...]
    ready: Callable[[Ground], None]
    compare: Callable[[Ground, str], Step]


def _asv(ground: Ground, *words: str, installs: Callable[[str], bool] = lambda line: False) -> Ran:
    """Run asv in another home, where its machine file goes; pip still reads the user's settings."""
    variables = {"HOME": str(ground.folder / "home")}
    for settings in (Path.home() / ".config" / "pip" / "pip.conf", Path.home() / ".pip" / "pip.conf"):
        if settings.is_file():
            variables.setdefault("PIP_CONFIG_FILE", os.environ.get("PIP_CONFIG_FILE", str(settings)))
    return run([sys.executable, "-m", "asv", *words], ground.repository, variables, installs)


def _asv_ready(ground: Ground) -> None:
    """Build the environment and the wheels of all commits, by a quick run that is thrown away."""
    (ground.folder / "home").mkdir(exist_ok=True)
    _asv(ground, "machine", "--yes")
    for tag in TRIALS.values():
        ran = _asv(ground, "continuous", "--quick", "--factor", "100", "base", tag)
        if ran.code:
            raise StepError(f"asv cannot measure {tag}: {last_lines(ran.output)}")


def _asv_compare(ground: Ground, tag: str) -> Step:
    """Measure once, with ``continuous`` at one factor; ``compare`` judges the same results by the other."""
    ran = _asv(
        ground, "continuous", "--factor", ASV_FACTORS[0], "base", tag,
        installs=lambda line: any(f" {word} " in f"{line} " for word in ASV_INSTALLS),
    )  # fmt: skip
    if ran.code not in (0, 1):
        raise StepError(f"asv continuous: exit code {ran.code}\n{last_lines(ran.output)}")
    again = _asv(ground, "compare", "--factor", ASV_FACTORS[1], "--only-changed", "base", tag)
    if again.code:
        raise StepError(f"asv compare: exit code {again.code}\n{last_lines(again.output)}")
    first = judging.asv_continuous(ran.output, ran.code)
    judged = {f"asv {ASV_FACTORS[0]}": first, f"asv {ASV_FACTORS[1]}": judging.asv(again.output)}
    return Step(ran.seconds - ran.installing, judged, ran.installing)


def _pytest_benchmark(ground: Ground, tag: str) -> Step:
    """Save base, then run the tag against it; one measurement fails by 5 % and by 10 %."""
    storage = ground.folder / "pytest"
    shutil.rmtree(storage, ignore_errors=True)
    words = [str(ground.python), "-m", "pytest", "others/test_kernels.py", "-p", "no:cacheprovider"]
    words += ["--benchmark-storage", f"file://{storage}"]
    saved = must(*words, "--benchmark-save=base", cwd=ground.repository, variables=ground.site("base"))
    rules = [f"median:{percent}%" for percent in PERCENTS]
    judge = [*words, "--benchmark-compare=0001", "--benchmark-compare-fail", *rules]
    ran = run(judge, ground.repository, ground.site(tag))
    judged = {
        f"pytest-benchmark {percent} %": judging.pytest_benchmark(ran.output, ran.code, percent, len(CASES))
        for percent in PERCENTS
    }
    return Step(saved.seconds + ran.seconds, judged)


def _pyperf(options: Sequence[str], rule: str) -> Callable[[Ground, str], Step]:
    def compare(ground: Ground, tag: str) -> Step:
        seconds = 0.0
        files = [ground.folder / "pyperf" / f"{name}.json" for name in ("base", tag)]
        files[0].parent.mkdir(exist_ok=True)
        for file in files:
            file.unlink(missing_ok=True)
            words = ["others/with_pyperf.py", "--quiet", "--inherit-environ=PYTHONPATH", *options]
            seconds += must(
                str(ground.python), *words, "-o", str(file),
                cwd=ground.repository, variables=ground.site(file.stem),
            ).seconds  # fmt: skip
        words = ["-m", "pyperf", "compare_to", "--group-by-speed", *map(str, files)]
        said = must(str(ground.python), *words, cwd=ground.folder)
        return Step(seconds + said.seconds, {rule: judging.pyperf(said.output, len(CASES))})

    return compare


def _paceline(ground: Ground, tag: str) -> Step:
    told = ground.folder / "paceline.json"
    told.unlink(missing_ok=True)
    words = ["compare", "base", tag, "--json", str(told), "--config", "asv.conf.json"]
    ran = run([sys.executable, "-m", "paceline", *words], ground.repository)
    if ran.code not in (0, 1) or not told.is_file():
        raise StepError(f"paceline compare: exit code {ran.code}\n{last_lines(ran.output)}")
    return Step(ran.seconds, {"paceline": judging.paceline(told.read_text(), len(CASES))})


def _paceline_ready(ground: Ground) -> None:
    """Build all three commits, by two comparisons that are thrown away."""
    for tag in TRIALS.values():
        _paceline(ground, tag)


def _nothing(ground: Ground) -> None:
    """Need nothing beyond the virtualenv that the ground has."""


TOOLS = {
    "asv": Tool(tuple(f"asv {factor}" for factor in ASV_FACTORS), _asv_ready, _asv_compare),
    "pytest-benchmark": Tool(
        tuple(f"pytest-benchmark {percent} %" for percent in PERCENTS), _nothing, _pytest_benchmark
    ),
    "pyperf": Tool(("pyperf",), _nothing, _pyperf((), "pyperf")),
    "pyperf-fast": Tool(("pyperf --fast",), _nothing, _pyperf(("--fast",), "pyperf --fast")),
    "paceline": Tool(("paceline",), _paceline_ready, _paceline),
}
