"""The side-by-side of tools: what their real outputs mean, how its steps are kept, and its table."""

from __future__ import annotations

import json
import math
import re
import sys
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "comparison"
sys.path.insert(0, str(FOLDER))  # a script's own folder is on its path

import compare_tools  # noqa: E402
import ground  # noqa: E402
import judging  # noqa: E402
import table  # noqa: E402
from contestants import TOOLS, Step, Tool  # noqa: E402
from judging import Judged, NotJudgedError  # noqa: E402

BUT_TEXT = ("allocation", "integer_loop", "memory", "polynomial")


def output(name: str) -> str:
    return (FOLDER / "outputs" / f"{name}.txt").read_text()


# What the tools said.


def test_asv_has_a_plus_for_worse_and_a_minus_for_better() -> None:
    assert judging.asv_continuous(output("asv_slower"), 1) == Judged(("integer_loop",), ("text",))
    assert judging.asv(output("asv_compare_slower")) == judging.asv(output("asv_slower"))
    assert judging.asv_continuous(output("asv_faster"), 0) == Judged((), ("memory",))
    assert judging.asv(output("asv_compare_faster")) == Judged((), ("memory",))


def test_asv_may_find_nothing() -> None:
    assert judging.asv_continuous(output("asv_same"), 0) == Judged((), ())
    assert judging.asv("") == Judged((), ())  # asv compare prints nothing at all then


@pytest.mark.parametrize(
    ("text", "code"),
    [("", 1), ("", 0), ("·· Failed to build the project", 1), ("asv_same", 1), ("asv_slower", 0)],
)
def test_asv_must_not_be_believed_when_its_exit_code_and_its_table_differ(text: str, code: int) -> None:
    text = output(text) if text.startswith("asv_") else text
    with pytest.raises(NotJudgedError, match=f"left with {code}"):
        judging.asv_continuous(text, code)


def test_a_benchmark_that_fails_at_one_commit_is_no_slow_down() -> None:
    failed = re.sub(r"^\| -  ", "| !  ", output("asv_faster"), flags=re.MULTILINE)
    with pytest.raises(NotJudgedError, match="failed at one of the commits"):
        judging.asv(failed)


def test_pytest_benchmark_judges_each_threshold_by_itself() -> None:
    text = output("pytest_slower")
    assert judging.pytest_benchmark(text, 1, 5, 5) == Judged(BUT_TEXT, None)
    assert judging.pytest_benchmark(text, 1, 10, 5) == Judged(BUT_TEXT, None)
    only_five = text.replace("40.600509290 > 10", "40.600509290 > 5")
    assert judging.pytest_benchmark(only_five, 1, 10, 5).slower == ("allocation", "integer_loop", "memory")
    assert judging.pytest_benchmark(output("pytest_same"), 0, 5, 5) == Judged((), None)


@pytest.mark.parametrize(
    ("name", "code", "cases"),
    [("pytest_same", 1, 5), ("pytest_slower", 0, 5), ("pytest_same", 0, 6), ("pytest_slower", 2, 5)],
)
def test_pytest_that_ended_otherwise_is_not_judged(name: str, code: int, cases: int) -> None:
    with pytest.raises(NotJudgedError, match=f"pytest left with {code}"):
        judging.pytest_benchmark(output(name), code, 5, cases)


def test_a_failed_test_is_not_judged() -> None:
    with pytest.raises(NotJudgedError, match="did not pass 5 tests"):
        judging.pytest_benchmark(output("pytest_same").replace(".....", "..F.."), 1, 5, 5)


def test_pyperf_groups_by_speed_and_hides_what_is_not_significant() -> None:
    others = ("allocation", "memory", "polynomial", "text")
    assert judging.pyperf(output("pyperf_both"), 5) == Judged(("integer_loop",), others)
    assert judging.pyperf(output("pyperf_hidden"), 5) == Judged((), others)


def test_pyperf_must_have_spoken_of_all_cases() -> None:
    with pytest.raises(NotJudgedError, match="6 cases"):
        judging.pyperf(output("pyperf_hidden"), 6)


def verdicts(*said: str) -> str:
    names = [f"kernels.time_{case}" for case in ground.CASES]
    return json.dumps(
        {"verdicts": [{"benchmark": name, "verdict": word} for name, word in zip(names, said, strict=False)]}
    )


def test_of_pacelines_verdicts_inconclusive_is_neither() -> None:
    text = verdicts("slower", "faster", "same", "inconclusive", "slower")
    assert judging.paceline(text, 5) == Judged(("integer_loop", "text"), ("polynomial",))


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"verdicts": [{}]}', verdicts("same", "same"), verdicts(*["same"] * 4, "failed"),
     verdicts(*["unmeasured"] * 5)],
)  # fmt: skip
def test_paceline_must_have_judged_all_cases(text: str) -> None:
    with pytest.raises(NotJudgedError, match="paceline compare"):
        judging.paceline(text, 5)


# The ground.


def test_the_commits_differ_in_the_comment_or_in_the_rounds_only() -> None:
    source = (FOLDER / "kernels5" / "src" / "kernels5" / "__init__.py").read_text()
    assert source.count(ground.ROUNDS) == 1
    assert {tag: change.split()[2] for tag, change in ground.CHANGES.items()} == {
        "same": "100",
        "slow": "105",
    }
    assert set(ground.CHANGES) == set(ground.TRIALS.values())
    for case in ground.CASES:
        body = source.partition(f"def {case}()")[2].partition("\ndef ")[0]
        assert body.count("range(ROUNDS)") == 1, case


def test_every_tool_sees_every_case() -> None:
    suites = FOLDER / "kernels5"
    for case in ground.CASES:
        assert f"def time_{case}(" in (suites / "benchmarks" / "kernels.py").read_text()
        assert f"def test_{case}(" in (suites / "others" / "test_kernels.py").read_text()
        assert f'"{case}"' in (suites / "others" / "with_pyperf.py").read_text()


def test_pins_are_read_from_a_requirements_file() -> None:
    assert ground.pins("numpy==2.4.6  # as ever\n# nothing==1\n\nscipy\npyperf==2.10.0\n") == {
        "numpy": "2.4.6",
        "pyperf": "2.10.0",
    }
    assert {"numpy", "pyperf", "pytest-benchmark", "hatchling"} <= set(
        ground.pins((FOLDER / "requirements.txt").read_text())
    )


def test_installing_is_counted_apart(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "print('Installing x', flush=True); print('done', flush=True)"]
    ran = ground.run(command, tmp_path, installs=lambda line: "Installing" in line)
    assert (ran.code, ran.output) == (0, "Installing x\ndone\n")
    assert 0 < ran.installing < ran.seconds
    assert ground.run(command, tmp_path).installing == 0


def test_a_command_that_must_succeed_says_how_it_ended(tmp_path: Path) -> None:
    with pytest.raises(ground.StepError, match=r"exit code 3\nenough"):
        ground.must(sys.executable, "-c", "print('enough'); raise SystemExit(3)", cwd=tmp_path)


# The steps.


class Contest:
    """Two tools that answer at once, one of which may be told to be interrupted or to fail."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.steps: list[tuple[str, str]] = []
        self.stop_at = 0
        self.failing = ""
        tools = {name: Tool((f"{name} rule",), lambda _: None, self.answer(name)) for name in ("one", "two")}
        monkeypatch.setattr(compare_tools, "TOOLS", tools)
        monkeypatch.setattr(compare_tools, "prepare", lambda folder, say: ground.Ground(folder))

    def answer(self, name: str) -> Any:
        def compare(_: ground.Ground, tag: str) -> Step:
            if len(self.steps) + 1 == self.stop_at:
                raise KeyboardInterrupt
            self.steps.append((name, tag))
            if name == self.failing:
                raise NotJudgedError("of all things")
            slower = ("text", "memory") if tag == "slow" else ()
            return Step(2.0, {f"{name} rule": Judged(slower, ())})

        return compare


@pytest.fixture
def contest(monkeypatch: pytest.MonkeyPatch) -> Contest:
    return Contest(monkeypatch)


def asked(record: Path, *more: str, by: str = "--out") -> int:
    words = ["--repetitions", "3", "--tools", "one", "two", by, str(record), *more]
    return compare_tools.main(words)


def test_all_tools_take_turns_in_an_order_that_the_seed_decides() -> None:
    orders = [compare_tools.order(1, repetition, ["one", "two"]) for repetition in range(1, 30)]
    assert orders == [compare_tools.order(1, repetition, ["two", "one"]) for repetition in range(1, 30)]
    assert {frozenset(steps) for steps in orders} == {
        frozenset((tool, trial) for tool in ("one", "two") for trial in ("identical", "slower"))
    }
    assert len({tuple(steps) for steps in orders}) > 10


def test_an_interrupted_run_goes_on_where_it_was(contest: Contest, tmp_path: Path) -> None:
    record = tmp_path / "steps.jsonl"
    contest.stop_at = 6
    assert asked(record) == 130
    assert len(record.read_text().splitlines()) == 1 + 5
    contest.stop_at = 0
    with record.open("a") as file:
        file.write('{"repetition": 2, "to')  # the power went
    assert asked(record, "--report", str(tmp_path / "table.md"), by="--resume") == 0
    _, steps = compare_tools.read(record)
    assert len(steps) == 12
    assert [(step["tool"], ground.TRIALS[step["trial"]]) for step in steps] == contest.steps
    assert [(step["tool"], step["trial"]) for step in steps[:4]] == compare_tools.order(1, 1, ["one", "two"])
    assert (
        "| one rule | 15 | 0 | 0 (at most 18.1) | 0 | 15 | 6 | 40 (at least 19.1) | 4 | 0 |"
        in (tmp_path / "table.md").read_text()
    )


def test_a_finished_run_is_only_rendered(contest: Contest, tmp_path: Path) -> None:
    assert asked(tmp_path / "steps.jsonl") == 0
    contest.stop_at = 13
    assert asked(tmp_path / "steps.jsonl", by="--resume") == 0
    assert len(contest.steps) == 12


def test_what_failed_is_counted_as_failed(contest: Contest, tmp_path: Path) -> None:
    contest.failing = "two"
    assert asked(tmp_path / "steps.jsonl", "--report", str(tmp_path / "table.md")) == 3
    text = (tmp_path / "table.md").read_text()
    assert "| two rule | 0 | 0 | — | — | 0 | 0 | — | — | 6 |" in text
    assert '"failed": "of all things"' in (tmp_path / "steps.jsonl").read_text()


def test_a_file_is_never_overwritten(
    contest: Contest, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "steps.jsonl").write_text("")
    with pytest.raises(SystemExit, match="2"):
        asked(tmp_path / "steps.jsonl")
    assert "--resume" in capsys.readouterr().err


@pytest.mark.parametrize(
    "text", ["", "no JSON\n", "no line", "[]\n", '{"schema": 2}\n', '{"schema": 2}\ntorn']
)
def test_a_file_of_something_else_is_refused(contest: Contest, tmp_path: Path, text: str) -> None:
    record = tmp_path / "steps.jsonl"
    record.write_text(text)
    assert asked(record, by="--resume") == 3
    assert record.read_text() == text


# The table.


def steps(rule: str, faster: tuple[str, ...] | None = ()) -> list[dict[str, Any]]:
    said = {"identical": ["text"], "slower": ["text", "memory", "allocation"]}
    return [
        {
            "repetition": repetition,
            "tool": "one",
            "trial": trial,
            "seconds": 10.0 * repetition,
            "judged": {rule: {"slower": slower, "faster": faster}},
        }
        for repetition in (1, 2, 3)
        for trial, slower in said.items()
    ]


def test_the_tally_of_a_rule() -> None:
    assert table.tally("rule", "one", steps("rule", ("memory",)), 5) == table.Tally(
        "rule", identical=15, alarms=3, faster=3, slower=15, found=9, seconds=40.0, failed=0
    )
    assert table.tally("rule", "one", steps("rule", None), 5).faster is None
    assert table.tally("rule", "another", steps("rule"), 5).seconds is None


def test_half_a_repetition_has_no_seconds_but_counts() -> None:
    tally = table.tally("rule", "one", steps("rule")[:3], 5)
    assert (tally.identical, tally.slower, tally.seconds) == (10, 5, 20.0)


def test_the_bounds_are_exact() -> None:
    assert math.isclose(table.upper(0, 50), 1 - 0.05 ** (1 / 50))
    assert math.isclose(table.lower(50, 50), 0.05 ** (1 / 50))
    assert (table.lower(0, 50), table.upper(50, 50)) == (0.0, 1.0)
    assert table.lower(9, 15) < 9 / 15 < table.upper(9, 15)


def test_the_report_tells_how_it_was_made() -> None:
    header = {
        "date": "2025-11-07T12:00:00+00:00",
        "command": "python compare_tools.py --repetitions 3",
        "versions": {"asv": "0.6.6", "pyperf": "2.10.0"},
        "machine": {"cpu": "Example CPU", "cores": 2, "load": 0.5, "system": "Linux 6", "python": "3.11.7"},
    }
    text = table.report(header, [table.tally("rule", "one", steps("rule", None), 5)])
    for part in (
        "2025-11-07",
        "Example CPU, 2 cores, load 0.5",
        "asv 0.6.6, pyperf 2.10.0.",
        header["command"],
    ):
        assert str(part) in text
    assert "| rule | 15 | 3 | 20 (at most 44.0) | never says | 15 | 9 | 60 (at least 36.0) | 40 | 0 |" in text
    lines = [line for line in text.splitlines() if line.startswith("|")]
    assert len({line.count("|") for line in lines}) == 1


def test_every_rule_of_every_tool_has_a_line_when_it_was_asked() -> None:
    rules = [rule for tool in TOOLS.values() for rule in tool.rules]
    assert len(rules) == len(set(rules)) == 7
