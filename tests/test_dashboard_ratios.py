"""Ratios in the page, in a real browser: their verdicts and crossovers are those of the report."""

from __future__ import annotations

import dashboard_pages as pages

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
