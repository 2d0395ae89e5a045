"""Ratios in the page, in a real browser: their verdicts and crossovers are those of the report."""

from __future__ import annotations

import random

import dashboard_pages as pages
import pytest
from raced_tables import raced_table

from paceline.report import crossings

pytest_plugins = ["dashboard_browser"]
pytestmark = pages.BROWSER
AGAINST = """async ([table, baseline]) => {
    const { against } = await import("paceline/ratios");
    return against(table, 0, baseline).map((one) => [one.name, one.verdict, one.derived, one.source]);
}"""


def raced(name, value, low, high, verdict="", threshold=0.025):
    cell = {
        "status": "measured", "time": [value, low, high], "ratio": [value, low, high], "race": 0,
        "verdict": verdict, "threshold": threshold,
    }  # fmt: skip
    return {"name": name, "cells": [cell]}


def test_another_baseline_does_not_turn_the_same_into_slower(opened):
    rows = [
        raced("numba_jit", 1, 1, 1),
        raced("rust_serial", 0.992, 0.987, 0.997, "same"),
        raced("rust_pyo3", 0.316, 0.299, 0.333, "faster"),
        raced("rust_tuned", 0.995, 0.993, 0.997, "same"),
        raced("numpy_best", 1.01, 0.96, 1.06, "inconclusive"),
        raced("rust_naive", 0.95, 0.94, 0.96, "faster"),
        raced("strict", 0.98, 0.979, 0.981, "faster", threshold=0.005),
    ]
    told = opened().evaluate(AGAINST, [{"baseline": "numba_jit", "rows": rows}, "rust_serial"])
    assert told == [
        ["numba_jit", "same", False, "race"],  # of the race itself: 1.008 (1.003-1.013)
        ["rust_serial", "baseline", False, "race"],
        ["rust_pyo3", "faster", True, "race"],
        ["rust_tuned", "same", True, "race"],  # 1.003 (0.998-1.008)
        ["numpy_best", "inconclusive", True, "race"],
        ["rust_naive", "faster", True, "race"],  # 0.958 (0.946-0.969)
        ["strict", "same", True, "race"],  # 0.988 (0.983-0.993): the wider threshold of the two holds
    ]


def test_a_race_the_other_way_up_keeps_its_verdict(opened):
    tab = opened()
    for verdict, turned in (("faster", "slower"), ("slower", "faster"), ("inconclusive", "inconclusive")):
        rows = [raced("numba_jit", 1, 1, 1), raced("rust_pyo3", 0.9, 0.85, 0.95, verdict)]
        told = tab.evaluate(AGAINST, [{"baseline": "numba_jit", "rows": rows}, "rust_pyo3"])
        assert told[0] == ["numba_jit", turned, False, "race"]


def test_medians_of_asv_are_open_below_a_tenth(opened):
    rows = [raced("numba_jit", 1, 1, 1), raced("a", 1.2, 1.19, 1.21), raced("b", 1.3, 1.29, 1.31)]
    for row in rows:
        del row["cells"][0]["race"], row["cells"][0]["threshold"]
    told = opened().evaluate(AGAINST, [{"baseline": "numba_jit", "rows": rows}, "a"])
    assert [verdict for _, verdict, _, _ in told] == ["faster", "baseline", "inconclusive"]
    assert {source for _, _, _, source in told} == {"asv"}


CROSSED = """async (all) => {
    const { crossovers, rounded } = await import("paceline/crossover");
    const names = ["value", "low", "high", "verdict"];
    const item = (one) => Object.fromEntries(names.map((name, place) => [name, one[place]]));
    return all.map(([sizes, cases]) => crossovers(sizes, cases.map(item)).map(({ at, low, high, then }) =>
        [at, low, high, then, rounded(at)]));
}"""
VERDICTS = ("faster", "slower", "same", "inconclusive")
ZSCORE = [(0.306, 0.299, 0.313, "faster"), (1.17, 0.281, 4.88, "inconclusive"), (4.68, 4.49, 4.88, "slower")]


def by_report(sizes, cases):
    """Return what the report says of a line of ratios."""
    table = raced_table(sizes, cases)
    return [
        [one.size, one.low, one.high, "slower" if one.rising else "faster", crossings.rounded(one.size)]
        for _, one in crossings.crossings(table)
    ]


def series(seed):
    """Return sizes, and ratios of which some are open and some have no interval."""
    rng = random.Random(seed)
    cases = []
    for _ in range(rng.randint(2, 8)):
        value, wide = rng.lognormvariate(0, 0.5), rng.uniform(1.001, 1.5)
        verdict = ("faster" if value < 1 else "slower") if rng.random() < 0.7 else rng.choice(VERDICTS)
        ends = (None, None) if rng.random() < 0.1 else (value / wide, value * wide)
        cases.append((value, *ends, verdict))
    return tuple(10 * 7**place for place in range(len(cases))), cases


def test_crossovers_are_those_of_the_report(opened):
    sizes = (10_000, 100_000, 1_000_000)
    level = (0.992, 0.987, 0.997, "same")
    known = [
        (sizes, ZSCORE),
        (sizes, list(reversed(ZSCORE))),
        (sizes, [ZSCORE[0], level, ZSCORE[2]]),
        (sizes, [ZSCORE[2], level, ZSCORE[0]]),
        (sizes, [level, level, ZSCORE[2]]),
        ((0, -1, 10), ZSCORE),
        *map(series, range(200)),
    ]
    told = opened().evaluate(CROSSED, known)
    assert told[0][0][4] == "76,000"
    assert sum(map(len, told)) > 100
    for (own_sizes, cases), found in zip(known, told, strict=True):
        expected = by_report(own_sizes, cases)
        assert [one[3:] for one in found] == [one[3:] for one in expected]
        for one, other in zip(found, expected, strict=True):
            assert one[:3] == pytest.approx(other[:3], rel=1e-9)


def test_a_page_says_the_crossover_that_the_report_says(opened):
    tab = opened("view=ratios&model=raced")
    own = [(1.4, "slower"), (0.8, "faster"), (0.5, "faster")]
    cases = [(value, value * 0.98, value * 1.02, verdict) for value, verdict in own]
    ((_, low, high, _, at),) = by_report((100, 1_000, 10_000), cases)
    said = tab.inner_text("h3:has-text('Crossover') + *")
    between = f"{crossings.rounded(low)} to {crossings.rounded(high)}"
    assert said.startswith(f"rust_tuned is faster than numba_jit from n* = {at} on ({between})")
