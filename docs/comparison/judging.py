"""What each tool said: its output as text, to the cases that it called slower and faster. Pure functions."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

ASV_LINE = re.compile(r"^\|\s*(?P<mark>[-+!*])\s*\|.*\|\s*(?P<name>[^|]+?)\s*\|$", re.MULTILINE)
ASV_NOTHING = "BENCHMARKS NOT SIGNIFICANTLY CHANGED"
REGRESSED = re.compile(
    r"^\s*test_(?P<case>\w+) \(.*\) - Field 'median' has failed PercentageRegressionCheck: "
    r"\S+ > (?P<threshold>\d+\.\d+)\s*$",
    re.MULTILINE,
)
PASSED = re.compile(r"^others/test_kernels\.py (\.+) +\[100%\]$", re.MULTILINE)
PYPERF_TITLE = re.compile(r"^(?P<title>Slower|Faster|Same speed) \((?P<count>\d+)\):$")
PYPERF_CASE = re.compile(r"^- (?P<name>[\w.]+): ")
PYPERF_HIDDEN = re.compile(r"^Benchmark hidden because not significant \((\d+)\): (.*)$")


class NotJudgedError(Exception):
    """The tool's output is not what a finished comparison looks like."""


@dataclass(frozen=True)
class Judged:
    """The cases that a tool called slower, and faster; ``faster`` is None where a tool never says so."""

    slower: tuple[str, ...]
    faster: tuple[str, ...] | None


def asv(output: str) -> Judged:
    """Judge by the table of ``asv continuous`` or ``asv compare --only-changed``; ``+`` is worse."""
    slower: list[str] = []
    faster: list[str] = []
    for line in ASV_LINE.finditer(output):
        if line["mark"] in "!*":
            raise NotJudgedError(f"asv: {line['name']} failed at one of the commits")
        (slower if line["mark"] == "+" else faster).append(line["name"].rpartition(".time_")[2])
    return Judged(tuple(sorted(slower)), tuple(sorted(faster)))


def asv_continuous(output: str, code: int) -> Judged:
    """Judge by ``asv continuous``; 1 may also mean "nothing built": table and exit code must agree."""
    judged = asv(output)
    whole = bool(judged.slower or judged.faster) or ASV_NOTHING in output
    if not whole or code != int(bool(judged.slower)):
        raise NotJudgedError(f"asv continuous left with {code}, and its table does not say why")
    return judged


def pytest_benchmark(output: str, code: int, percent: int, cases: int) -> Judged:
    """Judge by the lines of ``--benchmark-compare-fail=median:PERCENT%``; it never says "faster"."""
    failed = [line["case"] for line in REGRESSED.finditer(output) if float(line["threshold"]) == percent]
    passed = PASSED.search(output)  # there is no "5 passed" where something has regressed
    if not passed or len(passed[1]) != cases:
        raise NotJudgedError(f"pytest left with {code} and did not pass {cases} tests")
    if code != int(bool(REGRESSED.search(output))):
        raise NotJudgedError(f"pytest left with {code}, and its list of regressions does not say why")
    return Judged(tuple(sorted(failed)), None)


def pyperf(output: str, cases: int) -> Judged:
    """Judge by ``pyperf compare_to --group-by-speed``: what it does not hide as not significant."""
    groups: dict[str, list[str]] = {"Slower": [], "Faster": [], "Same speed": []}
    title, hidden = "", 0
    for line in output.splitlines():
        heading, case, left_out = (
            pattern.match(line) for pattern in (PYPERF_TITLE, PYPERF_CASE, PYPERF_HIDDEN)
        )
        if heading:
            title = heading["title"]
        elif case and title:
            groups[title].append(case["name"])
        elif left_out:
            hidden = int(left_out[1])
    if hidden + sum(map(len, groups.values())) != cases:
        raise NotJudgedError(f"pyperf compare_to did not speak of {cases} cases")
    return Judged(tuple(sorted(groups["Slower"])), tuple(sorted(groups["Faster"])))


def paceline(text: str, cases: int) -> Judged:
    """Judge by the JSON of ``paceline compare``: slower and faster count, inconclusive does not."""
    try:
        verdicts = [(str(one["benchmark"]), str(one["verdict"])) for one in json.loads(text)["verdicts"]]
    except (ValueError, TypeError, KeyError) as error:
        raise NotJudgedError(f"paceline compare wrote no verdicts: {error}") from error
    lost = [f"{name} is {verdict}" for name, verdict in verdicts if verdict not in PACELINE_SAYS]
    if lost or len(verdicts) != cases:
        raise NotJudgedError(f"paceline compare judged {len(verdicts)} of {cases} cases {lost}")
    return Judged(_called("slower", verdicts), _called("faster", verdicts))


PACELINE_SAYS = ("slower", "faster", "same", "inconclusive")


def _called(word: str, verdicts: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(sorted(name.rpartition(".time_")[2] for name, verdict in verdicts if verdict == word))
