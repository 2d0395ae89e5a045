"""2,000 cases, 40 of them slower in head by 5 or 20 %: what does ``paceline compare`` find, and when?

Usage: python docs/screening/many_cases.py [--cases 2000] [--slower 40] [--minutes 45] [--report FILE]

The suite is generated into a temporary folder. Base and head are the interpreter that runs this script,
started by two small scripts that set SIDE: nothing is built, so that all of the time is measuring. The cases
are of three kinds (integer loops, NumPy sums, lists made and dropped) and take 20 us to 2 ms a call. Bars: in
45 minutes on two cores 85 % of the 5 % and 97 % of the 20 % are confirmed, and nothing else is.
"""

from __future__ import annotations

import argparse
import json
import platform
import random
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

SUITE = """
import json, os
import numpy as np

with open(os.path.join(os.path.dirname(__file__), "slower.json")) as file:
    SLOWER = json.load(file) if os.environ.get("SIDE") == "head" else {{}}


def turned(kind, number, count):
    return round(count * (1 + SLOWER.get(f"{{kind}} {{number}}", 0.0)))


class Loops:
    params, param_names = [list(range({cases}))], ["number"]
    def setup(self, number):
        self.count = turned("Loops", number, 400 * (1 + number % 37))
    def time_loop(self, number):
        x = 1
        for i in range(self.count):
            x = (x * 5 + i) & 0xFFFF
        return x


class Sums:
    params, param_names = [list(range({cases}))], ["number"]
    def setup(self, number):
        self.values = np.arange(2000.0 + 100 * (number % 23))
        self.count = turned("Sums", number, 40)
    def time_sums(self, number):
        for _ in range(self.count):
            total = self.values.sum()
        return total


class Lists:
    params, param_names = [list(range({cases}))], ["number"]
    def setup(self, number):
        self.count = turned("Lists", number, 40 * (1 + number % 11))
    def time_lists(self, number):
        for i in range(self.count):
            made = [i] * 100
        return len(made)
"""
KINDS = ("Loops", "Sums", "Lists")
SLOW_DOWNS = (0.05, 0.20)
BARS = {0.05: 0.85, 0.20: 0.97}


def main() -> int:
    """Generate, compare, judge; exit with 6 when a bar is missed, 3 when the comparison failed."""
    options = arguments()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        slower = generate(folder, options.cases, options.slower, random.Random(options.seed))  # noqa: S311
        started = time.monotonic()
        told = compare(folder, options.minutes)
        minutes = (time.monotonic() - started) / 60
    lines, kept = judged(told, slower, minutes)
    text = "\n".join(lines) + "\n"
    print(text, end="")
    if options.report:
        options.report.write_text(text, encoding="utf-8")
    return 0 if kept else 6


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--cases", type=int, default=2000)
    parser.add_argument("--slower", type=int, default=40)
    parser.add_argument("--minutes", type=float, default=45.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--report", type=Path)
    return parser.parse_args()


def generate(folder: Path, cases: int, slower: int, rng: random.Random) -> dict[str, float]:
    """Write the suite and the two interpreters; return which cases are slower, by how much."""
    each = -(-cases // len(KINDS))
    every = [f"{kind} {number}" for kind in KINDS for number in range(each)]
    chosen = {name: SLOW_DOWNS[turn % 2] for turn, name in enumerate(rng.sample(every, slower))}
    benchmarks = folder / "benchmarks"
    benchmarks.mkdir()
    (benchmarks / "__init__.py").touch()
    (benchmarks / "many.py").write_text(SUITE.format(cases=each))
    (benchmarks / "slower.json").write_text(json.dumps(chosen))
    settings = {"version": 1, "project": "many", "repo": ".", "benchmark_dir": "benchmarks"}
    (folder / "asv.conf.json").write_text(json.dumps(settings))
    for side in ("base", "head"):
        python = folder / side
        python.write_text(f'#!/bin/sh\nSIDE={side} exec "{sys.executable}" "$@"\n')
        python.chmod(0o755)
    return chosen


def compare(folder: Path, minutes: float) -> dict[str, Any]:
    """Run the command; return its JSON."""
    words = [sys.executable, "-m", "paceline", "compare", "--base-env", "./base", "--head-env", "./head"]
    words += ["--screen", "always", "--budget", str(60 * minutes), "--json", "told.json"]
    subprocess.run(words, cwd=folder, check=False)
    return dict(json.loads((folder / "told.json").read_text()))


def judged(told: dict[str, Any], slower: dict[str, float], minutes: float) -> tuple[list[str], bool]:
    """Return the report's lines, and whether every bar was kept."""
    found = {name_of(one) for one in told["verdicts"] if one["verdict"] == "slower"}
    words = [one["verdict"] for one in told["verdicts"]]
    counts = ", ".join(f"{words.count(word)} {word}" for word in sorted(set(words)))
    where = f"{datetime.now(UTC):%Y-%m-%d}, {platform.platform()}"
    lines = [f"- {where}: {len(words)} cases in {minutes:.1f} min; {counts}"]
    kept = not found - set(slower)
    lines.append(f"- called slower though they are not: {len(found - set(slower))}")
    for size, bar in BARS.items():
        those = {name for name, by in slower.items() if by == size}
        share = len(found & those) / len(those)
        kept = kept and share >= bar
        lines.append(f"- {size:.0%} slower: {len(found & those)} of {len(those)} confirmed (bar {bar:.0%})")
    return lines, kept


def name_of(one: dict[str, Any]) -> str:
    """Return the name of a case in the list of those that are slower."""
    return f"{one['benchmark'].split('.')[1]} {one['params']['number']}"


if __name__ == "__main__":
    sys.exit(main())
