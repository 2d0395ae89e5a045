"""Which implementation to take: costs added up, a size between those that were measured, break-even."""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from conftest import Paceline
from hypothesis import given
from hypothesis import strategies as st

from paceline.commands import advise as command
from paceline.outcome import PacelineError
from paceline.report import advice, call_times
from paceline.report.advice import Cost
from paceline.report.contents import Cell, Row, Section, Table
from paceline.results.measurements import Machine, Measurement, Run, Status
from paceline.results.raced import Raced, RaceRun
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
    {
        "pure_numpy": (1e-3, 1e-1),
        "numba_jit": (1e-5, 1e-3),
        "rust_pyo3": (9e-6, 9e-4),
        "rust_other": (8e-6, 8e-4),
    },
)
STARTUP = (
    table(
        "track_import",
        "model",
        ("other", "m"),
        {"pure_numpy": (9, 0.002), "numba_jit": (9, 0.1), "rust_pyo3": (9, 0.5), "rust_other": (9, 0.1)},
    ),
    table(
        "track_first_call",
        "model",
        ("other", "m"),
        {"pure_numpy": (9, 1e-4), "numba_jit": (9, 0.9), "rust_pyo3": (9, 1e-4), "rust_other": (9, None)},
    ),
)
SECTION = Section(RUN, (TIMES,), (), (), STARTUP)


def test_the_costs_are_added_up_and_the_cheapest_comes_first() -> None:
    told = advice.advice(SECTION, TIMES, 100.0, 60)
    assert [cost.implementation for cost in told.ranked] == ["rust_pyo3", "pure_numpy", "numba_jit"]
    numpy = told.ranked[1]
    assert numpy.call == pytest.approx(1e-2)  # between the sizes, on a line in logarithms
    assert numpy.total(60) == pytest.approx(0.0021 + 60 * 1e-2)
    assert told.plain is numpy


def test_a_start_up_that_nobody_measured_is_not_nothing() -> None:
    told = advice.advice(SECTION, TIMES, 100.0, 50)
    assert [cost.implementation for cost in told.costs if not cost.known] == ["rust_other"]
    assert told.costs[-1].implementation == "rust_other"
    assert list(advice.more(told)) == [
        "rust_other may be cheaper: its runs take 4.00 ms, its start-up was not measured"
    ]
    last = advice.document(told)["costs"][-1]
    assert (last["import"], last["first_call"], last["startup_measured"]) == (0.1, None, False)
    alone = advice.advice(Section(RUN, (TIMES,), (), (), ()), TIMES, 100.0, 50)
    assert alone.best.implementation == "rust_other"  # of none it is known: calls alone are compared
    assert alone.ranked == alone.costs


def test_what_failed_at_the_size_or_the_next_larger_one_is_left_out() -> None:
    times = table("time_run", "n", (10, 100, 1000), {"good": (1, 2, 3), "bad": (1e-9, 1e-9, None)})
    section = Section(RUN, (times,), (), (), ())
    for size in (500.0, 1000.0, 5000.0):
        told = advice.advice(section, times, size, 1)
        assert [cost.implementation for cost in told.costs] == ["good"]
        assert told.left_out == (("bad", "skipped at n = 1,000"),)
    assert "left out: bad, skipped at n = 1,000" in advice.more(told)
    assert advice.advice(section, times, 50.0, 1).best.implementation == "bad"


def test_one_size_alone_tells_nothing_of_another() -> None:
    times = table("time_run", "n", (10, 1000), {"good": (1, 2), "once": (None, 1e-9)})
    section = Section(RUN, (times,), (), (), ())
    told = advice.advice(section, times, 500.0, 1)
    assert told.left_out == (("once", "measured at n = 1,000 only"),)
    assert advice.advice(section, times, 1000.0, 1).best.implementation == "once"
    with pytest.raises(ValueError, match="once: measured at n = 1,000 only"):
        advice.advice(section, replace(times, rows=times.rows[1:]), 500.0, 1)


def test_an_axis_of_words_is_asked_for_by_its_value_and_named() -> None:
    times = table("time_run", "row", ("10x10", "1000x2"), {"pure_a": (1, 2), "pure_b": (0.1, None)})
    section = Section(RUN, (times,), (), (), ())
    told = advice.advice(section, times, call_times.last(times), 1)
    assert [cost.implementation for cost in told.costs] == ["pure_a"]
    assert " of m at row = 1000x2 on lab " in advice.sentence(told, "lab")
    assert advice.document(told)["axes"] == {"row": "1000x2"}
    assert advice.advice(section, times, "10x10", 1).best.implementation == "pure_b"


def test_only_names_that_say_so_need_no_compiler() -> None:
    times = table("time_run", "n", (10,), {"cython_x": (1,), "cpp_y": (2,), "numba_jit": (3,)})
    told = advice.advice(Section(RUN, (times,), (), (), ()), times, 10.0, 1)
    assert told.plain is not None
    assert told.plain.implementation == "numba_jit"
    others = replace(times, rows=times.rows[:2])
    told = advice.advice(Section(RUN, (others,), (), (), ()), others, 10.0, 1)
    assert advice.sentence(told, "lab").endswith("; no choice is known to need no compiler.")
    assert advice.document(told)["turns_without_compiler"] == []


def test_sums_of_times_that_were_measured_apart_are_rough() -> None:
    then = datetime(2026, 1, 1, tzinfo=UTC)
    race = RaceRun("r", "lab", then + timedelta(days=3), infra="the loop was slow")
    raced = Raced(race, "f.M.time_run", "", {}, "numba_jit", "pure_numpy", "ok")
    cell = Cell("measured", Median(1e-3), raced=raced, beside=Median(2e-3))
    times = replace(TIMES, rows=(Row("pure_numpy", (cell, cell)),))
    section = Section(replace(RUN, measured=then), (times,), (), (), STARTUP)
    told = advice.advice(section, times, 10.0, 1)
    assert list(advice.more(told)) == [
        "rough: the times of race r are not to be believed to a few per cent: the host was not steady "
        "(the loop was slow)",
        "rough: start-up was measured on 2026-01-01, runs were on 2026-01-04",
        "rough: a run of pure_numpy took 2.00 ms on 2026-01-01 (asv), 1.00 ms on 2026-01-04 (race): "
        "two speeds are added up",
    ]
    assert "take pure_numpy: about 3.10 ms (" in advice.sentence(told, "lab")
    near = replace(raced, run=RaceRun("r", "lab", then))
    steady = replace(cell, raced=near, beside=Median(1.05e-3))
    times = replace(TIMES, rows=(Row("pure_numpy", (steady, steady)),))
    assert advice.advice(section, times, 10.0, 1).doubts == ()


def test_it_changes_its_mind_at_the_break_even() -> None:
    plain = advice.without_compiler(advice.advice(SECTION, TIMES, 100.0, 1).ranked)
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
    start = "For 10,000 runs of m at n = 1,000 on lab, after NumPy and SciPy are imported, take rust_pyo3: "
    assert said.startswith(start)
    assert "; without a compiler take numba_jit: " in said
    only = advice.Advice(TIMES, 10.0, 1, (Cost("pure_numpy", 0.0, 0.0, 1e-3),))
    assert advice.sentence(only, "lab").endswith("it needs no compiler.")


def test_of_several_environments_the_newest_counts_and_is_named_first() -> None:
    def measured(environment: str, day: int) -> Section:
        one = Measurement("f.M.time_run", "time", "seconds", {}, Status.MEASURED, 1.0)
        when = datetime(2026, 1, day, tzinfo=UTC)
        return Section(
            replace(RUN, environment=environment, measured=when, measurements=[one]), (TIMES,), (), (), ()
        )

    options = argparse.Namespace(model="m", axis=[], n=None)
    found = command._tables([measured("a", 1), measured("b", 3), measured("c", 2)], options)
    assert [section.run.environment for section, _ in found] == ["b", "c", "a"]


def test_a_value_of_an_axis_of_words_can_be_asked_for() -> None:
    times = table("time_run", "row", ("10x10", "1000x2"), {"pure_a": (1, 2)})
    section = Section(RUN, (times,), (), (), ())
    for axis, at in (([], "1000x2"), (["row=10x10"], "10x10")):
        options = argparse.Namespace(model="m", axis=axis, n=None)
        ((_, found),) = command._tables([section], options)
        assert command._at(found, options) == at
    with pytest.raises(PacelineError, match="row is '10x10' or '1000x2'"):
        command._tables([section], argparse.Namespace(model="m", axis=["row=9x9"], n=None))
    with pytest.raises(PacelineError, match="m has no axis 'n'"):
        command._tables([SECTION], argparse.Namespace(model="m", axis=["n=10"], n=None))


def test_the_command_on_the_sample_results(paceline: Paceline, tmp_path: Path) -> None:
    told = tmp_path / "told.json"
    words = ("advise", "gr6j", "--n", "3650", "--runs", "1,000", "--machine", "vm", "--json", str(told))
    ended = paceline(*words, cwd=ROOT)
    assert ended.returncode == 0, ended.stderr
    document = json.loads(told.read_text())
    assert ended.stdout.startswith(document["sentence"])
    totals = [cost["seconds"] for cost in document["costs"] if cost["startup_measured"]]
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
