"""Where do I lose? What is slower by its race, the worst first, and what has changed since last time."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from paceline.report import losses
from paceline.report.contents import Cell, Row, Section, Table
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


def test_what_is_new_and_what_is_gone_is_said() -> None:
    found = losses.losses(section(), {"m": "pure_numpy"})
    assert not any("new" in line for line in losses.lines(found, None))
    before = [found[0].key, "m at n = 5: rust_pyo3 / numba_jit"]
    assert list(losses.lines(found, before)) == [
        "rust_naive runs 3.00x slower than numba_jit (2.99-3.01): m at n = 10",
        "rust_pyo3 runs 1.20x slower than numba_jit (1.19-1.21): m at n = 20, new",
        "no longer slower: m at n = 5: rust_pyo3 / numba_jit",
    ]


def test_of_a_long_list_each_implementation_has_its_worst_case() -> None:
    one = losses.losses(section(), {})
    found = sorted(one * 10, key=lambda loss: -loss.ratio.value)
    known = [loss.key for loss in one if loss.implementation != "rust_pyo3"]
    assert list(losses.lines(found, known)) == [
        "pure_numpy runs 60.0x slower than numba_jit (60.0-60.0): m at n = 20; slower in 20 cases",
        "rust_naive runs 3.00x slower than numba_jit (2.99-3.01): m at n = 10; slower in 10 cases",
        "rust_pyo3 runs 1.20x slower than numba_jit (1.19-1.21): m at n = 20; slower in 10 cases, "
        "10 of them new",
        "40 cases in all: summary.json has every one",
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
        == "5 more implementations are slower somewhere; 20 cases in all: summary.json has every one"
    )


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"machines": 3}', '{"machines": [{"machine": "a"}]}', "null"]
)
def test_an_earlier_report_that_cannot_be_read_is_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / "summary.json"
    path.write_text(text)
    assert losses.earlier(path) == {}
    assert losses.earlier(tmp_path / "nothing") == {}


def test_an_earlier_report_is_read(tmp_path: Path) -> None:
    path = tmp_path / "summary.json"
    path.write_text(json.dumps({"machines": [{"machine": "lab", "losses": ["a", "b"]}]}))
    assert losses.earlier(path) == {"lab": ["a", "b"]}
