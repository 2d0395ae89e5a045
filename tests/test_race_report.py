"""What races found, as people and programs read it: tables, sentences, notes, JSON."""

from __future__ import annotations

import io
import json
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from paceline.outcome import Exit
from paceline.race.contenders import Absence, Contender, Pair, Place, Race, Side
from paceline.race.tally import Result, Tally, Terms
from paceline.report import race_document, race_notes, race_screen, races
from paceline.report.races import Outcome
from paceline.stats.verdict import Estimate

PLACE = Place("here", "python", Path())


def contender(name):
    return Contender(name, PLACE, "m.T.time_run", 0, (repr(name),))


def result(name, ratio=None, verdict="faster", half=0.01, **more):
    if ratio is None:
        return Result(name, **more)
    found = Estimate(math.log(ratio), half / 3, 9, 0.004, half, 4)
    known = {"status": "ok", "verdict": verdict, "seconds": 1e-3 * ratio, "baseline_seconds": 1e-3}
    return Result(name, estimate=found, detectable=0.029, **{**known, **more})


def outcome(*results, model="gr6j", axes=None, **more):
    axes = {"n": 3650} if axes is None else axes
    told = ", ".join(f"{name}={value!r}" for name, value in axes.items())
    others = tuple(contender(one.name) for one in results)
    race = Race(f"m.{model}.time_run({told})", model, "crew", axes, contender("numba_jit"), others)
    return Outcome(race, results, more.pop("floor", 0.005), **more)


SKIPPED = Absence("skipped", "No module named 'hydrogr'")
SAMPLE = [
    outcome(
        result("pure_numpy", 287.0, "slower"),
        result("rust_pyo3", 0.981, "inconclusive"),
        result("rust_tuned", 0.526),
        result("hydrogr", status="skipped", reason=SKIPPED.reason),
        axes={"n": 365},
        answers=dict.fromkeys(("pure_numpy", "rust_pyo3", "rust_tuned"), "agrees"),
        notes={"rust_tuned": "It rounds."},
    ),
    outcome(
        result("pure_numpy", status="differs", reason="off by 3.1"),
        result("rust_pyo3", 1.002, "same", half=0.004),
        result("rust_tuned", 0.412),
        result("hydrogr", status="skipped", reason=SKIPPED.reason),
        axes={"n": 3650},
        answers={"rust_pyo3": "agrees", "rust_tuned": "agrees"},
        notes={"rust_tuned": "It rounds."},
    ),
    outcome(
        result("pure_numpy", status="unmeasured", reason="the baseline numba_jit failed: it crashed"),
        result("rust_pyo3", status="failed", reason="gave no answer within 60 s"),
        axes={"n": 36_500},
        baseline=Absence("failed", "it crashed"),
    ),
    outcome(
        result("fast", 0.9),
        result("other", 1.3, "slower"),
        model="sort.Sorted",
        axes={},
        setup="the benchmark says number = 1",
        answers={"fast": "max rel 1e-12", "other": "changed"},
    ),
]


def shown(parts, width=80):
    console = Console(file=io.StringIO(), width=width, highlight=False)
    for part in parts:
        console.print(part, markup=False, soft_wrap=isinstance(part, str))
    return "\n".join(line.rstrip() for line in console.file.getvalue().splitlines())


@pytest.mark.parametrize("width", [60, 80, 140])
def test_all_that_a_terminal_shows(width, snapshot):
    assert shown(race_screen.closing(SAMPLE, width, None), width) == snapshot


def test_the_document(snapshot):
    assert json.dumps(race_document.races(SAMPLE), indent=1) == snapshot


@pytest.mark.parametrize("width", [50, 80, 200])
def test_tables_fit_their_reader_and_have_no_empty_cell(width):
    wide = [outcome(*SAMPLE[0].results, axes={"n": 10**k, "snow": "hysteresis"}) for k in range(7)]
    tables = [table for _, table in races.tables(wide, width)]
    assert max(map(len, shown(tables, width).splitlines())) <= width
    assert "…" not in shown(tables, width)
    cells = [str(cell) for table in tables for column in table.columns for cell in column.cells]
    assert len(cells) >= 7 * 5
    assert all(cells)


def test_a_contender_that_one_size_lacks_says_so():
    assert "no such case" in shown([table for _, table in races.tables(SAMPLE[:3], 140)], 140)


def test_what_anybody_named_is_shown_as_it_is():
    odd = outcome(result("[red]x[/]", 0.5), model="[bold]m", axes={"n": "[/]\x1b[31m"})
    text = shown(race_screen.closing([odd], 100, None), 100)
    assert "[red]x[/]" in text
    assert "[bold]m: time" in text
    assert "\x1b" not in text


@pytest.mark.parametrize(
    ("one", "told"),
    [
        (result("a", 0.5), "gr6j: a runs 2.00x faster than numba_jit (1.98-2.02) at n = 3,650"),
        (result("a", 2.0, "slower"), "gr6j: a runs 2.00x slower than numba_jit (1.98-2.02) at n = 3,650"),
        (
            result("a", 1.0, "same"),
            "gr6j: a is as fast as numba_jit within 2.5 % at 95 % (0.990-1.010) at n = 3,650",
        ),
        (
            result("a", 1.02, "inconclusive"),
            "gr6j: a is undecided against numba_jit (ratio 1.010-1.030) at n = 3,650",
        ),
        (result("a", status="failed"), "gr6j: nothing was measured against numba_jit at n = 3,650"),
    ],
)
def test_a_race_in_a_sentence(one, told):
    assert races.sentence(outcome(one)) == told


def test_a_race_that_was_interrupted_keeps_what_there_is_and_claims_nothing():
    half = outcome(result("a", 0.5, "", status="unmeasured", reason="interrupted after 3 pairs"))
    assert races.sentence(half) == "gr6j: not measured to the end at n = 3,650"
    assert "0.500 (0.495-0.505) so far" in shown([table for _, table in races.tables([half], 80)])
    assert race_document.races([half])[0]["contenders"][0]["verdict"] == "unmeasured"


def test_setup_before_every_call_says_at_which_sizes():
    two = [outcome(result("a", 0.5), axes={"n": n}, setup="slow" if n == 1 else "") for n in (1, 2)]
    assert "gr6j: setup before every call at n = 1: slow" in race_notes.notes(two)


def test_the_fastest_comes_first_and_the_baseline_is_named_once():
    told = races.sentence(
        outcome(result("slow", 3.0, "slower"), result("runs", 0.5), result("like", 1.0, "same"))
    )
    assert told.startswith(
        "gr6j: runs runs 2.00x faster than numba_jit (1.98-2.02) at n = 3,650; like as fast "
    )
    assert told.endswith("; slow 3.00x slower (2.97-3.03)")
    assert told.count("numba_jit") == 1


@given(st.integers(4, 60), st.integers(1, 30))
def test_no_more_lines_than_there_is_room_for(most, models):
    many = [outcome(*SAMPLE[0].results, model=f"m{k}") for k in range(models)]
    parts = race_screen.closing(many, 200, most)
    assert len(shown(parts, 200).splitlines()) <= most
    assert any("m0" in part for part in parts if isinstance(part, str))


def test_exits():
    fine, undecided = outcome(result("a", 0.5)), outcome(result("a", 1.0, "inconclusive"))
    skipped = outcome(result("a", 2.0, "slower"), result("b", status="skipped"))
    assert race_document.exits([fine, undecided, skipped], strict=False) == []
    assert race_document.exits([fine, undecided], strict=True) == [Exit.FAILED]
    assert race_document.exits([outcome(result("a", status="skipped"))], strict=False) == [Exit.FAILED]
    for status in ("failed", "unmeasured"):
        assert race_document.exits([fine, outcome(result("a", status=status))], False) == [Exit.FAILED]
    assert race_document.exits(SAMPLE, strict=False) == [Exit.WRONG_ANSWERS, Exit.FAILED]
    bad = outcome(result("a", status="unmeasured"), baseline=Absence("differs", ""))
    assert race_document.exits([fine, bad], strict=False) == [Exit.WRONG_ANSWERS, Exit.FAILED]


def test_what_was_not_decided_is_listed_and_clipped():
    many = [outcome(result("a", 1.0, "inconclusive"), axes={"n": k}) for k in range(9)]
    (line,) = race_notes.undecided(many)
    assert line.endswith(" and 3 more")
    assert line.count("gr6j a at n = ") == 6
    assert race_notes.undecided([outcome(result("a", 0.5))]) == []


def test_the_live_table_shows_what_is_running_first_and_fits():
    tallies = []
    for number in range(6):
        race = outcome(result("a", 0.5), result("b", 0.5), model=f"m{number}", axes={"n": number}).race
        tallies.append(Tally(race, Terms((2,), confirms=False)))
    side = Side(0, 1e-3, 3, 15, 0.1, 0.1, 0, 0)
    for value in (0.5, 0.51):
        sides = {name: Side(0, 1e-3, 3, 15, 0.1, 0.1, 0, 0, math.log(value)) for name in ("a", "b")}
        tallies[0].add(Pair({**sides, "numba_jit": side}), 0.005)
    tallies[3].add(Pair({**sides, "numba_jit": side}), 0.005)
    text = shown(
        [race_screen.live(tallies, {"m.m0.time_run(n=0)": 2, "m.m3.time_run(n=3)": 3}, 0.005, 5, "x")]
    )
    rows = [line.split()[0] for line in text.splitlines()[2:]]
    assert rows[:3] == ["m3", "m3", "m1"]
    assert text.splitlines()[-1].strip() == "7 more rows"
    whole = shown([race_screen.live(tallies, {}, 0.005, 99, "x")])
    assert "0.505 (" in whole
