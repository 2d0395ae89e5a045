"""Which implementation to take: costs added up, a size between those that were measured, break-even."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from conftest import Paceline
from hypothesis import given
from hypothesis import strategies as st

from paceline.report import advice
from paceline.report.advice import Cost
from paceline.report.contents import Cell, Row, Section, Table
from paceline.results.measurements import Machine, Run
from paceline.stats.ratio import Median

ROOT = Path(__file__).resolve().parents[1]
RUN = Run(Machine("lab"), "abc", datetime.now(UTC), "env", "3.11", {}, {}, [])


def table(
    function: str, axis: str, columns: Sequence[object], rows: dict[str, Sequence[float | None]]
) -> Table:
    cells = {
        name: tuple(Cell("measured", Median(value)) if value else Cell("skipped") for value in values)
        for name, values in rows.items()
    }
    made = tuple(Row(name, own) for name, own in cells.items())
    return Table("m", "m", "f", f"f.M.{function}", "seconds", (), axis, tuple(columns), made, "numba_jit")


TIMES = table(
    "time_run",
    "n",
    (10, 1000),
    {"pure_numpy": (1e-3, 1e-1), "numba_jit": (1e-5, 1e-3), "rust_pyo3": (9e-6, 9e-4)},
)
STARTUP = (
    table(
        "track_import",
        "model",
        ("other", "m"),
        {"pure_numpy": (9, 0.002), "numba_jit": (9, 0.1), "rust_pyo3": (9, None)},
    ),
    table(
        "track_first_call",
        "model",
        ("other", "m"),
        {"pure_numpy": (9, 1e-4), "numba_jit": (9, 0.9), "rust_pyo3": (9, 1e-4)},
    ),
)
SECTION = Section(RUN, (TIMES,), (), (), STARTUP)


def test_the_costs_are_added_up_and_the_cheapest_comes_first() -> None:
    told = advice.advice(SECTION, TIMES, 100.0, 50)
    assert [cost.implementation for cost in told.costs] == ["rust_pyo3", "pure_numpy", "numba_jit"]
    numpy = told.costs[1]
    assert numpy.call == pytest.approx(1e-2)  # between the sizes, on a line in logarithms
    assert numpy.total(50) == pytest.approx(0.0021 + 50 * 1e-2)
    assert (told.best.known, numpy.known) == (False, True)
    assert told.plain is numpy


def test_it_changes_its_mind_at_the_break_even() -> None:
    plain = advice.without_compiler(advice.advice(SECTION, TIMES, 100.0, 1).costs)
    edge = advice.break_even(*plain)
    assert edge == pytest.approx((1.0 - 0.0021) / (1e-2 - 1e-4))
    for runs, best in ((math.floor(edge), "pure_numpy"), (math.floor(edge) + 1, "numba_jit")):
        found = advice.advice(SECTION, TIMES, 100.0, runs).plain
        assert found is not None
        assert found.implementation == best
    assert list(advice.turns(plain)) == ["from about 100 runs on numba_jit, below it pure_numpy"]


costs = st.builds(
    Cost, st.sampled_from(["a", "b", "rust_c", "d"]), st.floats(0, 10), st.floats(0, 10), st.floats(1e-9, 10)
)


@given(costs, costs, st.integers(1, 10**9))
def test_beyond_the_break_even_the_cheaper_call_is_cheaper_all_told(
    one: Cost, other: Cost, runs: int
) -> None:
    edge = advice.break_even(one, other)
    if edge is not None and abs(runs - edge) > 1e-6 * edge + 1e-6:
        fast, slow = sorted((one, other), key=lambda cost: cost.call)
        assert (fast.total(runs) < slow.total(runs)) == (runs > edge) or math.isclose(
            fast.total(runs), slow.total(runs), rel_tol=1e-9
        )


def test_a_size_that_nobody_measured_is_said() -> None:
    told = advice.advice(SECTION, TIMES, 1e5, 1)
    assert told.best.beyond
    assert "beyond the sizes that were measured" in advice.sentence(told, "lab")
    assert not advice.advice(SECTION, TIMES, 1000.0, 1).best.beyond


def test_the_sentence_names_a_choice_without_a_compiler() -> None:
    said = advice.sentence(advice.advice(SECTION, TIMES, 1000.0, 10_000), "lab")
    assert said.startswith("For 10,000 runs of m at n = 1,000 on lab take rust_pyo3: ")
    assert "; without a compiler take numba_jit: " in said
    only = advice.Advice(TIMES, 10.0, 1, (Cost("pure_numpy", 0.0, 0.0, 1e-3),))
    assert advice.sentence(only, "lab").endswith("it needs no compiler.")


def test_the_command_on_the_sample_results(paceline: Paceline, tmp_path: Path) -> None:
    told = tmp_path / "told.json"
    words = ("advise", "gr6j", "--n", "3650", "--runs", "1,000", "--machine", "vm", "--json", str(told))
    ended = paceline(*words, cwd=ROOT)
    assert ended.returncode == 0, ended.stderr
    document = json.loads(told.read_text())
    assert ended.stdout.startswith(document["sentence"])
    totals = [cost["seconds"] for cost in document["costs"]]
    assert totals == sorted(totals)
    assert document["best"] == document["costs"][0]["implementation"]
    assert document["without_compiler"] in [cost["implementation"] for cost in document["costs"]]


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("gr6jx",), 2, "no model is called 'gr6jx'"),
        (("gr6j_cemaneige",), 2, "say which: --axis snow=hysteresis, --axis snow=plain"),
        (("gr6j_cemaneige", "--axis", "snow=deep"), 2, "snow = 'deep': snow is 'plain' or 'hysteresis'"),
        (("gr6j", "--axis", "snow=plain"), 2, "gr6j has no axis 'snow'"),
        (("sigmoid",), 2, "sigmoid stands for 3 rows (activation, memory = alloc; activation, memory = out;"),
        (("gr6j", "--runs", "0"), 2, "no number of runs"),
        (("gr6j", "--machine", "nowhere"), 2, "no results of machine"),
    ],
)
def test_what_cannot_be_advised(paceline: Paceline, words: tuple[str, ...], code: int, told: str) -> None:
    ended = paceline("advise", *words, *(() if "--machine" in words else ("--machine", "vm")), cwd=ROOT)
    assert ended.returncode == code
    assert told in ended.stderr
