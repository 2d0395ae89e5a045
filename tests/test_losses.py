"""Where do I lose? What is slower by its race, the worst first, and what has changed since last time."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from paceline.report import losses
from paceline.report.claims import Claim
from paceline.report.contents import Cell, Report, Row, Section, Table
from paceline.results.measurements import Machine, Run
from paceline.stats.ratio import Median, Ratio

RUN = Run(Machine("lab"), "abc", datetime.now(UTC), "env", "3.11", {}, {}, [])


def cell(ratio: float, verdict: str | None) -> Cell:
    raced: Any = SimpleNamespace(verdict=verdict) if verdict else None
    return Cell("measured", Median(1.0), Ratio(ratio, ratio - 0.01, ratio + 0.01), raced=raced)


def section() -> Section:
    rows = (
        Row("pure_numpy", (cell(50, "slower"), cell(60, "slower"))),
        Row("numba_jit", (cell(1, "same"), cell(1, "same"))),
        Row("rust_pyo3", (cell(0.9, "faster"), cell(1.2, "slower"))),
        Row("rust_naive", (cell(3.0, "slower"), cell(1.5, "inconclusive"))),
        Row("rust_asv", (cell(9.0, None), cell(9.0, None))),
    )
    table = Table("m", "m", "f", "f.M.time_run", "seconds", (), "n", (10, 20), rows, "numba_jit")
    return Section(RUN, (table,), (), (), ())


def test_the_worst_comes_first_and_only_what_a_race_decided() -> None:
    found = losses.losses(section(), {"m": "pure_numpy"})
    assert [(loss.implementation, loss.where) for loss in found] == [
        ("rust_naive", " at n = 10"),
        ("rust_pyo3", " at n = 20"),
    ]
    assert len(losses.losses(section(), {})) == 4  # no reference is known: all of them


def report(before: Sequence[str] | None, **more: Any) -> Report:
    earlier = {} if before is None else {("lab", "env"): before}
    return Report((section(),), references={"m": "pure_numpy"}, earlier=earlier, **more)


def test_what_is_new_and_what_is_gone_is_said() -> None:
    found = losses.losses(section(), {"m": "pure_numpy"})
    assert losses.since(section(), report(None)) is None
    assert not any("new" in line for line in losses.lines(found, None))
    before = [found[0].key, "m at n = 10: rust_pyo3 / numba_jit"]
    known = losses.since(section(), report(before))
    assert list(losses.lines(found, known)) == [
        "rust_naive runs 3.00x slower than numba_jit (2.99-3.01): m at n = 10",
        "rust_pyo3 runs 1.20x slower than numba_jit (1.19-1.21): m at n = 20, new",
        "no longer slower: m at n = 10: rust_pyo3 / numba_jit",
    ]


UNDECIDED, NO_RACE = "m at n = 20: rust_naive / numba_jit", "m at n = 10: rust_asv / numba_jit"
ELSEWHERE = "other at n = 10: rust_naive / numba_jit"


def test_what_has_no_verdict_is_not_gone_and_not_new_next_time() -> None:
    known = losses.since(section(), report([UNDECIDED, NO_RACE, ELSEWHERE]))
    assert known is not None
    assert known.gone == ()
    assert known.undecided == (NO_RACE, UNDECIDED, ELSEWHERE)
    assert known.kept == (NO_RACE, UNDECIDED)  # what no longer exists is told once
    assert f"slower before, not decided this time: {UNDECIDED}" in losses.lines([], known)


def test_models_that_were_not_asked_for_are_kept_in_silence() -> None:
    known = losses.since(section(), report([ELSEWHERE], partial=True))
    assert known is not None
    assert (known.gone, known.undecided, known.kept) == ((), (), (ELSEWHERE,))


def test_another_environment_of_the_machine_has_losses_of_its_own() -> None:
    other = replace(report(None), earlier={("lab", "other env"): [UNDECIDED]})
    assert losses.since(section(), other) is None


def test_references_and_what_is_slow_on_purpose_are_counted_apart() -> None:
    claims = (
        Claim("one pass", "m", "rust_naive", "rust_pyo3"),
        Claim("several", "m", "rust_pyo3", "rust_batch"),
    )
    assert list(losses.told(section(), report(None, claims=claims))) == [
        "rust_pyo3 runs 1.20x slower than numba_jit (1.19-1.21): m at n = 20",
        "not listed: 1 case of rust_naive (slow on purpose, to show what a change is worth)",
        "not listed: 2 cases of pure_numpy (references, there to be right)",
    ]
    alone = replace(section(), tables=(replace(section().tables[0], rows=section().tables[0].rows[:2]),))
    assert list(losses.told(alone, report(None))) == [
        "Nowhere: no race found anything else slower.",
        "not listed: 2 cases of pure_numpy (references, there to be right)",
    ]


def test_a_long_list_of_what_is_gone_says_how_many_more() -> None:
    known = losses.Since(gone=tuple(map(str, range(20))))
    assert list(losses.lines([], known))[-1] == "no longer slower: 5 more"


def test_of_a_long_list_each_implementation_has_its_worst_case() -> None:
    one = losses.losses(section(), {})
    found = sorted(one * 10, key=lambda loss: -loss.ratio.value)
    known = [loss.key for loss in one if loss.implementation != "rust_pyo3"]
    new = frozenset(loss.key for loss in one) - set(known)
    assert list(losses.lines(found, losses.Since(new))) == [
        "pure_numpy runs 60.0x slower than numba_jit (60.0-60.0): m at n = 20; slower in 20 cases",
        "rust_naive runs 3.00x slower than numba_jit (2.99-3.01): m at n = 10; slower in 10 cases",
        "rust_pyo3 runs 1.20x slower than numba_jit (1.19-1.21): m at n = 20; slower in 10 cases, "
        "10 of them new",
        "40 cases in this list: summary.json has every one",
    ]


def test_a_list_of_many_implementations_is_cut_and_says_so() -> None:
    found = [
        replace(loss, implementation=f"rust_{place}")
        for place in range(20)
        for loss in losses.losses(section(), {})[:1]
    ]
    lines = list(losses.lines(found, None))
    assert len(lines) == losses.MOST + 1
    assert lines[0].endswith("m at n = 20; slower in 1 case")
    assert (
        lines[-1]
        == "5 more implementations are slower somewhere; 20 cases in this list: summary.json has every one"
    )


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"machines": 3}', '{"machines": [{"machine": "a"}]}', "null"]
)
def test_an_earlier_report_that_cannot_be_read_is_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / "summary.json"
    path.write_text(text)
    assert losses.earlier(path) == {}
    assert losses.earlier(tmp_path / "nothing") == {}


def test_an_earlier_report_is_read_by_machine_and_environment(tmp_path: Path) -> None:
    one = {"machine": "lab", "environment": "env", "losses": ["a"], "losses_before": ["b"]}
    path = tmp_path / "summary.json"
    path.write_text(json.dumps({"machines": [one, one | {"environment": "other", "losses": []}]}))
    assert losses.earlier(path) == {("lab", "env"): ["a", "b"], ("lab", "other"): ["b"]}
