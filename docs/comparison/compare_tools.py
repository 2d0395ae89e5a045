"""Which tool cries wolf, which one finds 5 %? All on the same suite and machine, in turns. See README.md."""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import shlex
import signal
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import FrameType
from typing import Any

import table
from contestants import TOOLS, Step
from ground import CASES, HERE, TRIALS, Ground, StepError, pins, prepare
from judging import NotJudgedError

SCHEMA = 1
DEFAULT = ("asv", "pytest-benchmark", "pyperf-fast", "paceline")
MEASURED_WITH = ("asv", "asv_runner", "paceline")
INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the steps that are missing, then write the report; 130 when interrupted, 3 when a step failed."""
    options = _options(arguments)
    record = options.resume or options.out
    try:
        header, done = _begin(record, options)
        _measure(record, options, header, done)
    except KeyboardInterrupt:
        _say(f"interrupted; go on with: {Path(sys.argv[0]).name} --resume {record}")
        return INTERRUPTED
    except StepError as error:
        _say(str(error))
        return 3
    if options.report:
        options.report.write_text(rendered(header, done))
        _say(f"wrote {options.report}")
    return 3 if any("failed" in step for step in done) else 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repetitions", type=int, default=10, help="of all tools, both comparisons (10)")
    parser.add_argument("--tools", nargs="+", choices=TOOLS, default=list(DEFAULT), help="%(default)s")
    parser.add_argument("--seed", type=int, default=1, help="of the order of the steps (1)")
    parser.add_argument("--out", type=Path, default=Path("comparison.jsonl"), help="a new file for the steps")
    parser.add_argument("--resume", type=Path, help="go on with the steps of this file")
    parser.add_argument("--report", type=Path, help="write the table to this Markdown file")
    options = parser.parse_args(arguments)
    if not options.resume and options.out.exists():
        parser.error(f"{options.out} exists: --resume {options.out} goes on with it, --out names another")
    if options.resume and not options.resume.is_file():
        parser.error(f"there is no {options.resume} to go on with")
    return options


def order(seed: int, repetition: int, tools: Sequence[str]) -> list[tuple[str, str]]:
    """Return one repetition's steps, a tool and a trial each, in an order that the seed decides."""
    steps = [(tool, trial) for tool in sorted(tools) for trial in TRIALS]
    random.Random(f"{seed} {repetition}").shuffle(steps)  # noqa: S311 - no secret
    return steps


def _begin(record: Path, options: argparse.Namespace) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return the header and the steps of a file; a new file is begun."""
    if options.resume:
        return read(record)
    header = {
        "schema": SCHEMA,
        "date": _now(),
        "seed": options.seed,
        "command": shlex.join([Path(sys.executable).name, Path(sys.argv[0]).name, *sys.argv[1:]]),
        "machine": _machine(),
        "versions": _versions(),
    }
    append(record, header)
    return header, []


def read(record: Path) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Read header and steps; a last line that is torn is cut off the file."""
    whole, _, torn = record.read_text().rpartition("\n")
    try:
        header, *steps = [json.loads(line) for line in whole.splitlines()]
        if header["schema"] != SCHEMA:
            raise StepError(f"{record} has schema {header['schema']}, not {SCHEMA}")
    except (ValueError, TypeError, KeyError) as error:
        raise StepError(f"{record} is no record of this script: {error!r}") from error
    if torn:
        record.write_text(f"{whole}\n")
    return header, steps


def append(record: Path, line: dict[str, Any]) -> None:
    """Add one line, and see it on the disk."""
    with record.open("a") as file:
        file.write(json.dumps(line) + "\n")
        file.flush()
        os.fsync(file.fileno())


def _measure(
    record: Path, options: argparse.Namespace, header: dict[str, Any], done: list[dict[str, Any]]
) -> None:
    missing = list(_missing(options, header["seed"], done))
    if not missing:
        return
    with tempfile.TemporaryDirectory(prefix="side-by-side-", ignore_cleanup_errors=True) as name:
        ground = prepare(Path(name), _say)
        for tool in sorted({tool for _, tool, _ in missing}):
            _say(f"making {tool} ready")
            TOOLS[tool].ready(ground)
        for number, (repetition, tool, trial) in enumerate(missing, 1):
            done.append(
                {"repetition": repetition, "tool": tool, "trial": trial, **_step(ground, tool, trial)}
            )
            append(record, done[-1])
            _say(f"{number}/{len(missing)} {_sentence(done[-1])}")


def _missing(
    options: argparse.Namespace, seed: int, done: Sequence[dict[str, Any]]
) -> Iterator[tuple[int, str, str]]:
    had = {(step["repetition"], step["tool"], step["trial"]) for step in done}
    for repetition in range(1, options.repetitions + 1):
        for tool, trial in order(seed, repetition, options.tools):
            if (repetition, tool, trial) not in had:
                yield repetition, tool, trial


def _step(ground: Ground, tool: str, trial: str) -> dict[str, Any]:
    """Let a tool compare once; what fails is a step as well, and says why."""
    began = _now()
    try:
        step: Step = TOOLS[tool].compare(ground, TRIALS[trial])
    except (StepError, NotJudgedError) as error:
        return {"began": began, "failed": str(error)}
    return {"began": began, **asdict(step)}


def _sentence(step: dict[str, Any]) -> str:
    said = f"repetition {step['repetition']}, {step['tool']}, {step['trial']}"
    if "failed" in step:
        return f"{said}: failed: {step['failed']}"
    found = "; ".join(f"{rule}: {len(one['slower'])} slower" for rule, one in step["judged"].items())
    return f"{said}: {step['seconds']:.0f} s; {found}"


def rendered(header: dict[str, Any], steps: Sequence[dict[str, Any]]) -> str:
    """Return the report of all tools that have a step."""
    used = {step["tool"] for step in steps}
    tallies = [
        table.tally(rule, name, steps, len(CASES))
        for name, tool in TOOLS.items()
        for rule in tool.rules
        if name in used
    ]
    return table.report(header, tallies)


def _machine() -> dict[str, Any]:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.is_file() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return {
        "cpu": models[0] if models else platform.machine(),
        "cores": os.cpu_count(),
        "load": os.getloadavg()[0],
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
    }


def _versions() -> dict[str, str]:
    found = {}
    for name in MEASURED_WITH:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found | pins((HERE / "requirements.txt").read_text())


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    for number in (signal.SIGINT, signal.SIGTERM):  # SIGINT is ignored where a shell started us with "&"
        signal.signal(number, _interrupt)
    sys.exit(main())
