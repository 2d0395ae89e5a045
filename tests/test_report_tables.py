from __future__ import annotations

import math
import re

import pytest
from asv_folder import NAN, Bench, around, declare, machine, run
from report_runs import made, of, question, times

from paceline.report import figures, markdown, places, writer
from paceline.report.contents import Remarks


@pytest.mark.parametrize("wrong", [0.0, -1.0, math.inf, -math.inf])
def test_what_is_no_time_is_explained(tmp_path, wrong):
    text = markdown.document(of(tmp_path, times({"a": 1.0, "b": wrong})))
    assert f"failed: asv recorded {wrong:g} seconds, which cannot be" in text


def test_without_its_baseline_a_time_stands_without_a_ratio_and_says_why(tmp_path):
    report = of(tmp_path, times({"a": None, "b": 1.0}))
    text = markdown.document(report)
    assert "no ratio: a failed<br>1.00 s" in text
    assert "nothing can be compared with a" in text


def test_a_baseline_that_was_never_measured_is_said(tmp_path):
    assert "no ratio: numba_jit unmeasured" in markdown.document(
        of(tmp_path, times({"a": 1.0}), baseline="numba_jit")
    )


def test_a_single_implementation_is_shown_and_said(tmp_path):
    text = markdown.document(of(tmp_path, times({"a": around(1.0)})))
    assert "only a was measured: nothing to compare" in text


def test_a_single_size_has_figures_and_no_size_has_none(tmp_path):
    single = of(tmp_path / "one", times({"a": around(1.0), "b": around(2.0)}, n=(7,)))
    assert len(writer.write(single, tmp_path / "out1")) == 8
    bench = Bench("m.T.time_run", {"implementation": ("a", "b")}, lambda implementation: around(1.0))
    without = of(tmp_path / "two", bench)
    assert len(writer.write(without, tmp_path / "out2")) == 4
    assert "b cannot be told apart from a" in markdown.document(without)


def test_a_size_of_zero_is_not_drawn_and_said(tmp_path):
    report = of(tmp_path, times({"a": around(1.0), "b": around(2.0)}, n=(0, 10)))
    section = report.sections[0]
    figure = figures.time_figure(section.tables[0], section)
    assert "1 size not above 0: not drawn" in figure.texts[-1].get_text()
    assert len(writer.write(report, tmp_path / "out")) == 8


def test_nothing_measured_on_an_axis_draws_nothing(tmp_path):
    report = of(tmp_path, times({"a": None, "b": NAN}))
    assert not places.drawable(report.sections[0].tables[0])


def test_figures_below_two_microseconds_are_marked(tmp_path):
    text = markdown.document(of(tmp_path, times({"a": around(1.9e-6), "b": around(2.1e-6)})))
    assert "1.90 us †" in text
    assert "2.10 us |" in text
    assert "asv_runner's own 0.2-0.3 us" in text


def test_the_geometric_mean_gives_every_model_one_weight(tmp_path):
    ratios = {"one": 0.5, "two": 2.0}
    benches = [
        Bench(
            f"m.{name}.time_run",
            {"implementation": ("a", "b"), "n": sizes},
            lambda implementation, n, name=name: ratios[name] if implementation == "b" else 1.0,
        )
        for name, sizes in (("one", (1, 2, 3, 4, 5)), ("two", (1,)))
    ]
    declare(tmp_path, benches)
    run(machine(tmp_path), benches)
    report = made(
        tmp_path, [question("m.one", "one", "m", "a"), question("m.two", "two", "m", "a")], Remarks()
    )
    (mean,) = report.sections[0].means
    assert (mean.implementation, mean.models, mean.of_models) == ("b", 2, 2)
    assert mean.value == pytest.approx(1.0)


def test_two_questions_about_one_model_do_not_share_their_figures(tmp_path):
    benches = [
        Bench(f"m.{name}.time_run", {"implementation": ("a", "b"), "n": (1, 2)}, lambda **_: 1.0)
        for name in ("Sin", "Cos")
    ]
    declare(tmp_path, benches)
    run(machine(tmp_path), benches)
    report = made(
        tmp_path, [question("m.Sin", "unary", "m", "a"), question("m.Cos", "unary", "m", "a")], Remarks()
    )
    tables = report.sections[0].tables
    assert [table.name for table in tables] == ["unary.Sin", "unary.Cos"]
    assert len({places.stem(table) for table in tables}) == 2


def test_memory_is_above_the_baseline_case_where_there_is_one(tmp_path):
    axes = {"implementation": ("a", "b"), "n": (10, 100)}
    peak = Bench("m.T.peakmem_run", axes, lambda implementation, n: 5e6 + 1e3 * n, "peakmemory", "bytes")
    below = Bench(
        "m.T.peakmem_baseline", {"implementation": ("a", "b")},
        lambda implementation: 5e6 if implementation == "a" else None, "peakmemory", "bytes",
    )  # fmt: skip
    (table,) = of(tmp_path / "one", peak, below).sections[0].memory
    assert [cell.median.value for cell in table.rows[0].cells] == [1e4, 1e5]
    assert [cell.reason for cell in table.rows[1].cells] == ["its baseline case has no figure"] * 2
    text = markdown.document(of(tmp_path / "two", peak))
    assert "peak memory, imports included" in text
    assert "5.01 MB" in text


def test_two_environments_of_one_commit_never_mix(tmp_path):
    benches = [times({"a": around(1.0), "b": around(2.0)})]
    declare(tmp_path, benches)
    folder = machine(tmp_path)
    run(folder, benches, environment="py3.11")
    run(folder, benches, environment="py3.12")
    report = made(tmp_path, [question("m.T", "t", "m", "a")], Remarks())
    assert [section.run.environment for section in report.sections] == ["py3.11", "py3.12"]
    assert list(places.folders(report).values()) == ["sample-py3.11", "sample-py3.12"]


def test_sizes_that_were_not_selected_are_left_out_and_said(tmp_path):
    peak = Bench(
        "m.T.peakmem_run", {"implementation": ("a", "b"), "n": (10, 100, 1000)},
        lambda implementation, n: 5e6 if n == 100 else NAN, "peakmemory", "bytes",
    )  # fmt: skip
    (table,) = of(tmp_path, peak).sections[0].memory
    assert (table.columns, table.unselected) == ((100,), (10, 1000))
    text = markdown.document(of(tmp_path, peak))
    assert "not selected, most likely): n = 10, n = 1,000" in text


def test_a_size_that_was_skipped_for_a_reason_stays(tmp_path):
    reasons = {("t", "b", frozenset({("n", 10)})): "no such file"}
    of_ten = {"a": NAN, "b": NAN}
    bench = Bench(
        "m.T.time_run", {"implementation": ("a", "b"), "n": (10, 100)},
        lambda implementation, n: of_ten[implementation] if n == 10 else 1.0,
    )  # fmt: skip
    (table,) = of(tmp_path, bench, reasons=reasons).sections[0].tables
    assert table.columns == (10, 100)


def test_a_mean_over_fewer_sizes_is_marked(tmp_path):
    bench = Bench(
        "m.T.time_run", {"implementation": ("a", "b", "c"), "n": (10, 100)},
        lambda implementation, n: None if (implementation, n) == ("b", 100) else 1.0,
    )  # fmt: skip
    report = of(tmp_path, bench)
    assert {mean.implementation: (mean.cases, mean.whole) for mean in report.sections[0].means} == {
        "b": (1, False),
        "c": (2, True),
    }
    text = markdown.document(report)
    assert re.search(r"\| b +\| +1.00 §‡ \| 1 of 1 \| 1 of 2 \|", text)
    assert "- § cases are missing" in text
