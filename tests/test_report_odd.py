"""Reports of what should not be: impossible numbers, hostile names of parameters, nothing to compare with."""

from __future__ import annotations

import json
import math
import re

import pytest
from asv_folder import NAN, Bench, around, declare, machine, run
from report_runs import made, question

from paceline.output import strict
from paceline.report import contrast_page, drawings, first_calls, heatmap, markdown, writer
from paceline.report.contents import Remarks, Report
from paceline.report.contrast import Place, contrast

ODD = {
    "fine": around(1.0), "nan": NAN, "none": None, "zero": 0.0, "negative": -1.0, "infinite": math.inf,
    "below": -math.inf, "tiny": 1e-300, "huge": 1e300,
}  # fmt: skip


def odd(folder, baseline):
    """Every odd number is a time and a start-up."""
    plain = {name: value[0] if isinstance(value, tuple) else value for name, value in ODD.items()}
    start = {"implementation": tuple(ODD), "model": ("t",)}
    benches = [
        Bench(
            "m.T.time_run",
            {"implementation": tuple(ODD), "n": (1, 10)},
            lambda implementation, n: ODD[implementation],
        ),
        Bench(
            "startup.S.track_import",
            start,
            lambda implementation, model: plain[implementation],
            "track",
            "seconds",
        ),
        Bench("startup.S.track_first_call", start, lambda implementation, model: 0.1, "track", "seconds"),
    ]
    declare(folder, benches)
    run(machine(folder), benches)
    asked = [question("m.T", "t", "m", baseline), question("startup.S", "startup", "startup", None)]
    return made(folder, asked, Remarks())


@pytest.mark.parametrize("baseline", ["fine", "nan", "infinite", "missing", "huge"])
def test_impossible_numbers_have_a_word_and_never_a_crash(tmp_path, baseline):
    report = odd(tmp_path / "results", baseline)
    (section,) = report.sections
    writer.write(report, tmp_path / "out")
    text = (tmp_path / "out" / "summary.md").read_text()
    assert "which cannot be" in text
    assert not re.search(r"\binfx|\b0x", text)
    assert not [line for line in text.splitlines() if re.search(r"\|\s*\|", line)]
    for told in first_calls.first_calls(section, {}):
        assert all(math.isfinite(cost.load) and cost.load >= 0 for cost in told.costs)
    found = contrast("machines", Place("one", section), Place("other", section))
    assert "side by side" in contrast_page.document(found, "x")
    json.dumps(strict(contrast_page.data(found)), allow_nan=False)
    for family in found.families:
        contrast_page.heat(found, family)


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", "a\n| b |\n# c", "\u202e\u05d0", "x" * 10_000, "$\\frac{", ""]
)
def test_hostile_names_of_parameters_stay_text(tmp_path, name):
    bench = Bench("m.T.time_run", {"implementation": ("a", "b"), name: (1, 10)}, lambda **_: around(1.0))
    declare(tmp_path / "results", [bench])
    run(machine(tmp_path / "results"), [bench])
    report = made(tmp_path / "results", [question("m.T", "t", "m", "a")], Remarks())
    text = markdown.document(report)  # figures of such names: test_report_hostile.py
    assert "<script" not in text
    assert "\u202e" not in text
    assert not [line for line in text.splitlines() if line.startswith("# c")]
    assert max(map(len, text.splitlines())) < 2000


@pytest.mark.parametrize("names", [("only",), ("",)], ids=["one implementation", "a nameless one"])
def test_one_alone_has_nothing_to_be_compared_with(tmp_path, names):
    bench = Bench("m.T.time_run", {"implementation": names, "n": (5,)}, lambda **_: around(1.0))
    declare(tmp_path / "results", [bench])
    run(machine(tmp_path / "results"), [bench])
    report = made(tmp_path / "results", [question("m.T", "t", "m", names[0])], Remarks())
    assert heatmap.sheets(report.sections[0]) == []
    assert "nothing to compare" in markdown.document(report)


def test_nothing_at_all_is_a_report_too(tmp_path):
    assert len(writer.write(Report(()), tmp_path)) == 2


def test_a_whole_number_that_no_float_can_hold_is_a_name(tmp_path):
    bench = Bench("m.T.time_run", {"implementation": ("a", "b"), "n": (1, 10**400)}, lambda **_: around(1.0))
    declare(tmp_path / "results", [bench])
    run(machine(tmp_path / "results"), [bench])
    report = made(tmp_path / "results", [question("m.T", "t", "m", "a")], Remarks())
    assert report.sections[0].tables[0].columns == (1, 10**400)
    assert " n = 1 |" in markdown.document(report)
    assert not drawings.drawings(report)[1:]  # the heat-map alone
