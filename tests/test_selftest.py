"""The self-test: trials, their rates and bars from a ledger alone, its report, and a real short one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from paceline import cli
from paceline.commands import selftest as command
from paceline.race import selftest
from paceline.race.selftest import AGAIN, KINDS, Rate
from paceline.report import trust
from paceline.stats.binomial import lower, upper

VERDICTS = {AGAIN: "same", "+1 %": "slower", "+3 %": "slower", "+5 %": "slower"}
RATIOS = {AGAIN: 1.001, "+1 %": 1.01, "+3 %": 1.03, "+5 %": 1.05}


def pair(trial: int, null: bool = False, seconds: float = 1.0) -> dict[str, Any]:
    arms = KINDS[trial % len(KINDS)].arms
    side = {"log_ratio": 0.0}
    return {
        "kind": "pair",
        "race": f"trial {trial}",
        "seconds": seconds,
        "sides": dict.fromkeys(("baseline", *arms), side),
        "null": side if null else None,
        "steal": 0.01,
    }


def ended(trial: int, **verdicts: str) -> dict[str, Any]:
    told = {**VERDICTS, **verdicts}
    contenders = [
        {
            "name": arm,
            "status": "unmeasured" if told[arm] == "unmeasured" else "ok",
            "verdict": told[arm],
            "ratio": RATIOS[arm] + 0.002 * (trial // len(KINDS) % 2),
            "suspected": None,
        }
        for arm in KINDS[trial % len(KINDS)].arms
    ]
    return {"kind": "race", "race": f"trial {trial}", "contenders": contenders}


def ledger(trials: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {
            "kind": "run",
            "utc": "2026-01-31T12:00:00Z",
            "command": ["paceline", "selftest", "--trials", str(trials)],
            "host": {"cpu": "A CPU | with a bar", "cores_logical": 2},
            "settings": {"busy": 2},
        }
    ]
    for trial in range(trials):
        found += [pair(trial, null=True), pair(trial), pair(trial), pair(trial, null=True), ended(trial)]
    return found


def test_trials_take_the_kinds_in_turn_and_race_known_slow_downs() -> None:
    races = selftest.trials(range(8), sys.executable)
    assert [race.model for race in races] == [kind.name for kind in KINDS] * 2
    assert len({race.crew for race in races}) == 8
    assert [race.threshold for race in races[:4]] == [0.025, 0.025, 0.025, 0.005]
    assert [one.name for one in races[3].contenders] == [AGAIN, "+1 %", "+3 %", "+5 %"]
    assert {one.benchmark for one in races[1].contenders} == {"memory.Memory.time_run"}
    assert races[0].baseline.params == ("0",)


def test_the_rates_are_those_of_the_finished_trials() -> None:
    records = [*ledger(8), ended(8, again="slower"), pair(9), ended(9, again="unmeasured")]
    rows = selftest.rows(records)
    assert [row.trials for row in rows] == [3, 2, 2, 2]
    assert selftest.finished(records) == set(range(9))
    assert selftest.total(rows, AGAIN) == Rate(1, 9)
    assert selftest.total(rows, "+5 %") == Rate(9, 9)
    assert selftest.total(rows, "+1 %") == Rate(2, 2)
    assert rows[1].spread == pytest.approx(0.001)
    assert rows[1].off == pytest.approx(0.002)


def test_the_seconds_of_a_verdict_are_those_of_its_own_workers() -> None:
    row = selftest.rows(ledger(1))[0]
    with_null, without = 3 / 5, 2 / 4  # of a second: baseline, arm and A/A of five workers; two of four
    assert row.quiet_seconds == pytest.approx(2 * with_null + 2 * without)


def test_a_bar_that_is_missed_is_a_six(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def trials(options: Any, opened: Any) -> None:
        for record in [*ledger(40)[1:], ended(40, again="slower")]:
            opened.ledger.write(record)

    monkeypatch.setattr(command, "_trials", trials)
    words = ["--results", str(tmp_path), "--machine", "lab", "--json", str(tmp_path / "told.json")]
    assert cli.main(["selftest", *words]) == 6
    assert json.loads((tmp_path / "told.json").read_text())["exits"] == [6]


def test_one_false_alarm_is_a_bar_missed_and_so_is_a_slow_down_that_is_not_found() -> None:
    assert selftest.missed(selftest.rows(ledger(40))) == []
    alarmed = selftest.missed(selftest.rows([*ledger(4), ended(4, again="slower")]))
    assert alarmed == ["1 of 5 comparisons of identical code were called slower"]
    records = ledger(4) + [
        {**ended(trial), "contenders": [{**one, "verdict": "same"} for one in ended(trial)["contenders"]]}
        for trial in range(4, 12)
    ]
    told = selftest.missed(selftest.rows(records))
    assert told[0] == "+5 % was found 4 times in 12; it should be 99%"


def test_few_trials_miss_a_bar_only_when_chance_does_not_explain_it() -> None:
    assert not Rate(19, 20).misses(0.99)
    assert Rate(95, 100).misses(0.99)
    assert Rate(297, 300).misses(0.99) is False
    assert Rate(296, 300).misses(0.99)
    assert not Rate(0, 0).misses(0.99)


def test_bounds_are_exact() -> None:
    assert Rate(297, 300).lower95 == pytest.approx(lower(297, 300))
    assert Rate(0, 3000).upper95 == pytest.approx(upper(0, 3000))
    assert (Rate(0, 0).lower95, Rate(0, 0).upper95) == (0.0, 1.0)


def test_the_report_of_a_self_test(snapshot: SnapshotAssertion) -> None:
    records = ledger(9)
    rows = selftest.rows(records)
    assert trust.markdown(rows, records) == snapshot
    assert "\n".join(trust.lines(rows)) == snapshot


@pytest.mark.slow
def test_a_real_short_self_test(tmp_path: Path) -> None:
    words = ["selftest", "--trials", "4", "--seconds", "0.03", "--machine", "box"]
    more = ["--results", "told", "--json", "told.json", "--report", "told.md"]
    told = subprocess.run(
        [sys.executable, "-m", "paceline", *words, *more],
        cwd=tmp_path,
        env={**os.environ, "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert told.returncode in (0, 6), told.stderr  # on a busy computer a bar may be missed
    document = json.loads((tmp_path / "told.json").read_text())
    assert document["schema"] == 1
    assert (document["trials"], document["busy"], document["aa"]["verdicts"]) == (4, 0, 4)
    assert [row["trials"] for row in document["kinds"]] == [1, 1, 1, 1]
    assert {row["slowdown"] for row in document["power"]} == {0.01, 0.03, 0.05}
    assert "No load added" in (tmp_path / "told.md").read_text()
    (file,) = (tmp_path / "told" / "box" / "races").glob("*.jsonl")
    kinds = [json.loads(line)["kind"] for line in file.read_text().splitlines()]
    assert kinds[0] == "run"
    assert kinds[-1] == "end"
    assert kinds.count("race") == 4
