from __future__ import annotations

import argparse
import ast
import io
import itertools
import json
import math
import re
from pathlib import Path

import matplotlib
import pytest
from asv_folder import DATE, NAN, Bench, around, declare, machine, run, sample
from hypothesis import given
from hypothesis import strategies as st
from matplotlib import image as matplotlib_image

import paceline.report
from paceline.commands import report as command
from paceline.outcome import Exit, PacelineError
from paceline.report import escape, figures, gather, markdown, places, style, summary, words, writer
from paceline.report.contents import Remarks, Report
from paceline.results.asv_files import read
from paceline.results.measurements import newest
from paceline.stats.ratio import Ratio
from paceline.suite.questions import Question


def question(key, model, family, baseline="numba_jit"):
    return Question(key, model, family, "pure_numpy", baseline, True, ())


QUESTIONS = [
    question("hydrology.GR6J", "gr6j", "hydrology"),
    question("hydrology.GR6JCemaNeige", "gr6j_cemaneige", "hydrology"),
    question("arrays.elementwise.Sigmoid", "sigmoid", "arrays"),
    question("startup.Startup", "startup", "startup", None),
]
REMARKS = Remarks(
    reasons={
        ("gr6j", "hydrogr", frozenset({("n", 36_500)})): "ran out of memory",
        ("gr6j", "pure_numpy", frozenset()): "too slow at this size",
    },
    notes={("gr6j", "hydrogr"): "returns Qsim only"},
)


def made(folder, questions=QUESTIONS, remarks=REMARKS):
    archive = read(folder)
    sections = tuple(gather.section(each, questions, remarks) for each in newest(archive.runs))
    return Report(sections, archive.warnings)


def of(tmp_path, *benches, baseline="a", **remarks):
    """Report one suite of class ``m.T`` with model ``t``."""
    declare(tmp_path, benches)
    run(machine(tmp_path), benches)
    asked = [question("m.T", "t", "m", baseline)]
    return made(tmp_path, asked, Remarks(**remarks))


def times(values, n=(10, 100)):
    return Bench(
        "m.T.time_run",
        {"implementation": tuple(values), "n": n},
        lambda implementation, n: values[implementation],
    )


def call(capsys, *words):
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    code = command.run(parser.parse_args(list(words)))
    return code, capsys.readouterr()


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """A working folder without a suite."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_whole_document(tmp_path, snapshot):
    assert markdown.document(made(sample(tmp_path))) == snapshot


def test_the_whole_summary(tmp_path, snapshot):
    assert json.dumps(summary.document(made(sample(tmp_path))), indent=1) == snapshot


def test_the_terminal(elsewhere, capsys, snapshot):
    code, printed = call(capsys, "--results", str(sample(elsewhere / "results")))
    assert code is Exit.OK
    assert "\n".join(line.rstrip() for line in printed.out.splitlines()) == snapshot
    assert len(printed.out.splitlines()) <= 40
    assert "\x1b" not in printed.out


def test_every_ratio_of_the_document_is_in_the_summary(tmp_path):
    report = made(sample(tmp_path))
    text = markdown.document(report)
    for model in summary.document(report)["machines"][0]["models"]:
        for contender in model["contenders"]:
            if contender["ratio"] and contender["implementation"] != model["baseline"]:
                assert words.ratio(Ratio(contender["ratio"], contender["low"], contender["high"])) in text


def test_failed_and_skipped_stay_with_their_reason_and_notes_stand_below(tmp_path):
    text = markdown.document(made(sample(tmp_path)))
    assert "failed: ran out of memory" in text
    assert "skipped: too slow at this size" in text
    assert "- hydrogr: returns Qsim only" in text


def test_no_cell_is_empty(tmp_path):
    rows = [line for line in markdown.document(made(sample(tmp_path))).splitlines() if line.startswith("|")]
    assert rows
    assert not [row for row in rows if re.search(r"\|\s*\|", row)]


def test_links_lead_to_files_that_are_written(tmp_path):
    out = tmp_path / "reports"
    written = writer.write(made(sample(tmp_path / "results")), out)
    links = re.findall(r"\]\(([^)]+)\)", (out / "summary.md").read_text())
    assert len(links) == 8
    assert {out / link for link in links} <= set(written)
    assert all(path.stat().st_size > 0 for path in written)


def test_a_run_without_new_data_changes_no_byte(tmp_path):
    report = made(sample(tmp_path / "results"))
    first = {path: path.read_bytes() for path in writer.write(report, tmp_path / "reports")}
    second = {path: path.read_bytes() for path in writer.write(report, tmp_path / "reports")}
    assert first == second


def test_the_summary_is_strict_json(tmp_path):
    report = of(tmp_path, times({"a": math.inf, "b": NAN, "c": (1.0, -math.inf, math.inf)}))
    writer.write(report, tmp_path / "out")

    def refuse(constant):
        raise AssertionError(constant)

    document = json.loads((tmp_path / "out" / "summary.json").read_text(), parse_constant=refuse)
    assert document["schema"] == 1


@pytest.mark.parametrize(
    ("ratio", "said"),
    [
        (Ratio(0.525, 0.515, 0.535), "x runs 1.90x faster than y (1.87-1.94) at n = 3"),
        (Ratio(2.35, 2.30, 2.40), "x runs 2.35x slower than y (2.30-2.40) at n = 3"),
        (Ratio(0.97, 0.93, 1.01), "x cannot be told apart from y (ratio 0.930-1.010) at n = 3"),
        (Ratio(1.0, 1.0, 1.0), "x cannot be told apart from y (ratio 1.000-1.000) at n = 3"),
        (Ratio(0.5), "x ran 2.00x faster than y at n = 3, but too few samples to decide anything"),
        (Ratio(118.2, 110.0, 131.0), "x runs 118x slower than y (110-131) at n = 3"),
        (Ratio(0.9985, 0.998, 0.999), "x runs 1.002x faster than y (1.001-1.002) at n = 3"),
    ],
)
def test_sentences(ratio, said):
    assert words.sentence("x", "y", ratio, " at n = 3") == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (1.2e-3, "1.20 ms"), (9.996e-4, "1.00 ms"), (123e-6, "123 us"), (3.25, "3.25 s"), (1234.0, "1,234 s"),
        (2.5e-9, "2.50 ns"), (1e-15, "1e-06 ns"), (-0.5, "-500 ms"),
    ],
)  # fmt: skip
def test_times_have_sensible_units(value, said):
    assert words.seconds(value) == said


@given(st.floats(1e-12, 1e9), st.floats(0.5, 1), st.floats(1, 2))
def test_any_ratio_can_be_said(value, low, high):
    assert words.ratio(Ratio(value, value * low, value * high))
    assert words.sentence("x", "y", Ratio(value, value * low, value * high), "")


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
    assert len(writer.write(single, tmp_path / "out1")) == 6
    bench = Bench("m.T.time_run", {"implementation": ("a", "b")}, lambda implementation: around(1.0))
    without = of(tmp_path / "two", bench)
    assert len(writer.write(without, tmp_path / "out2")) == 2
    assert "b cannot be told apart from a" in markdown.document(without)


def test_a_size_of_zero_is_not_drawn_and_said(tmp_path):
    report = of(tmp_path, times({"a": around(1.0), "b": around(2.0)}, n=(0, 10)))
    section = report.sections[0]
    figure = figures.time_figure(section.tables[0], section)
    assert "1 sizes not above 0 are not drawn" in figure.texts[-1].get_text()
    assert len(writer.write(report, tmp_path / "out")) == 6


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


HOSTILE = {
    "pipe": "a|b",
    "backtick": "`a`",
    "script": "<script>alert(1)</script>",
    "newline": "a\n\n# Heading\n| x |",
    "right to left": "\u202ealpha\u202c \u05d0\u05d1\u05d2",
    "long": "x" * 10_000,
    "link": "[a](https://example.org) ![b](x.png) www.example.org",
    "mathematics": "$\\frac{a}{b$",
    "folders": "../../../etc/passwd",
    "nothing": "",
    "surrogate": "\ud800",
    "escape": "\x1b[31mred\x1b[0m",
    "rich": "[bold red]x[/]",
}


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_names_are_shown_and_never_obeyed(elsewhere, capsys, name):
    bench = Bench(
        "m.T.time_run",
        {"implementation": ("a", name), "n": (10, 100), "mode": (name,)},
        lambda implementation, n, mode: around(1.0),
    )
    benches = [bench]
    declare(elsewhere / "results", benches)
    folder = machine(elsewhere / "results", name, folder="m1", cpu=name)
    path = run(folder, benches, machine_name=name)
    path.write_text(json.dumps(json.loads(path.read_text()) | {"env_name": name}))
    code, printed = call(capsys, "--out", str(elsewhere / "out"))
    assert code is Exit.OK
    assert "\x1b" not in printed.out + printed.err
    text = (elsewhere / "out" / "summary.md").read_text()
    assert "<script" not in text
    assert not re.search(r"[\u202a-\u202e\u2066-\u2069\x1b]", text)
    assert not [line for line in text.splitlines() if line.startswith("# H")]
    assert max(map(len, text.splitlines())) < 1000
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows if "mean" not in row} >= {4}
    files = [path for path in (elsewhere / "out").rglob("*") if path.is_file()]
    assert len(files) == 6
    assert all(path.resolve().is_relative_to((elsewhere / "out").resolve()) for path in files)
    document = json.loads((elsewhere / "out" / "summary.json").read_text())
    assert len(document["machines"][0]["models"]) == 2


@given(st.text())
def test_markdown_of_any_text_is_one_line_that_opens_nothing(text):
    shown = escape.markdown(text)
    assert "\n" not in shown
    assert "<" not in shown
    assert not re.search(r"(?<!\\)(\\\\)*[|`]", shown)


@given(st.text(), st.text())
def test_slugs_are_safe_and_differ(one, other):
    assert re.fullmatch(r"[0-9A-Za-z_-][0-9A-Za-z_.-]*", escape.slug(one))
    assert (escape.slug(one) == escape.slug(other)) == (one == other)


@given(st.lists(st.floats(0, 1), max_size=12), st.floats(0.01, 0.3))
def test_labels_are_spread_apart_and_within_the_axes(wanted, step):
    placed = sorted(figures.spread(wanted, step, 0.0, 1.0))
    step = min(step, 1 / max(1, len(wanted) - 1))
    assert all(b - a >= step - 1e-9 for a, b in itertools.pairwise(placed))
    assert all(-1e-9 <= place <= 1 + 1e-9 for place in placed)


@given(st.floats(1e-9, 1e6), st.floats(1.0001, 1e9))
def test_ticks_are_few_apart_and_inside(low, factor):
    found = figures.ticks(low, low * factor)
    assert len(found) <= 13
    assert all(low <= tick <= low * factor for tick in found)
    assert found == sorted(set(found))


def overlapping(boxes):
    return [(a, b) for i, a in enumerate(boxes) for b in boxes[:i] if a.overlaps(b)]


def crowded(tmp_path):
    names = [f"implementation_number_{index}" for index in range(12)]
    values = {name: around(1e-3 * (1 + index % 3 / 1000)) for index, name in enumerate(names)}
    return of(tmp_path, times(values, n=(10, 11, 12, 100, 1_000_000)), baseline=names[0])


@pytest.mark.parametrize("make", [sample, None], ids=["sample", "crowded"])
@pytest.mark.parametrize("draw", [figures.time_figure, figures.ratio_figure])
def test_no_label_lies_on_another_or_outside(tmp_path, make, draw):
    report = made(make(tmp_path)) if make else crowded(tmp_path)
    section = report.sections[0]
    for table in section.tables:
        figure = draw(table, section)
        figure.canvas.draw()
        (axes,) = figure.axes
        renderer = figure.canvas.get_renderer()
        whole = figure.bbox
        labels = [text.get_window_extent(renderer) for text in (*axes.texts, *figure.texts)]
        xticks = [text.get_window_extent(renderer) for text in axes.get_xticklabels() if text.get_text()]
        yticks = [text.get_window_extent(renderer) for text in axes.get_yticklabels() if text.get_text()]
        others = [axes.xaxis.label.get_window_extent(renderer), axes.yaxis.label.get_window_extent(renderer)]
        assert not overlapping([*labels, *xticks, *others])
        assert not overlapping([*yticks, *others])
        assert all(whole.x0 <= box.x0 and box.x1 <= whole.x1 for box in (*labels, *xticks, *yticks, *others))


def test_figures_name_model_baseline_units_and_host(tmp_path):
    section = made(sample(tmp_path)).sections[0]
    table = section.tables[0]
    time, ratio = figures.time_figure(table, section), figures.ratio_figure(table, section)
    titles = [[text.get_text() for text in figure.texts[:2]] for figure in (time, ratio)]
    assert titles[0] == ["gr6j", "time per call; the baseline is numba_jit"]
    assert titles[1] == ["gr6j", "time / time of numba_jit; below 1 is faster"]
    assert "time per call" in time.axes[0].get_ylabel()
    assert ratio.axes[0].get_ylabel() == "ratio to the baseline (no unit)"
    assert "n (number of" in time.axes[0].get_xlabel()
    caption = time.texts[-1].get_text()
    assert all(word in caption for word in ("Example CPU", "01234567", "2025-11-07", "unpaired"))


def test_images_are_what_they_say(tmp_path):
    section = made(sample(tmp_path)).sections[0]
    figure = figures.ratio_figure(section.tables[0], section)
    pixels = matplotlib_image.imread(io.BytesIO(writer.image(figure, "png")))
    assert pixels.shape[0] > 500
    assert pixels.shape[1] > 900
    assert pixels[..., :3].std() > 0.05
    svg = writer.image(figure, "svg")
    assert svg.startswith(b"<?xml")
    assert b"<dc:date>" not in svg


def test_what_a_user_set_for_matplotlib_changes_nothing(tmp_path):
    section = made(sample(tmp_path)).sections[0]

    def drawn():
        return writer.image(figures.time_figure(section.tables[0], section), "svg")

    before = drawn()
    with matplotlib.rc_context({"axes.facecolor": "black", "font.size": 30, "text.usetex": True}):
        assert drawn() == before


def test_a_name_looks_the_same_everywhere():
    assert style.look("numba_jit").colour == style.BLUE
    assert style.look("somebody_s_own") == style.look("somebody_s_own")
    known = [
        "pure_numpy",
        "numba_jit",
        "numba_parallel",
        "rust_pyo3",
        "rust_tuned",
        "rust_heap_state",
        "hydrogr",
    ]
    assert len({style.look(name) for name in known}) == len(known)


def test_a_suite_that_cannot_be_read_still_has_a_report(elsewhere, capsys):
    sample(elsewhere / "results")
    code, printed = call(capsys)
    assert code is Exit.OK
    assert "named after their classes" in printed.err
    models = json.loads((elsewhere / "reports" / "summary.json").read_text())["machines"][0]["models"]
    assert {(model["model"], model["family"], model["baseline"]) for model in models} == {
        ("hydrology.GR6J", "hydrology", "numba_jit"),
        ("hydrology.GR6JCemaNeige", "hydrology", "numba_jit"),
        ("arrays.elementwise.Sigmoid", "arrays", "numba_jit"),
    }


def test_only_the_models_asked_for(elsewhere, capsys):
    sample(elsewhere / "results")
    call(capsys, "sigmoid")
    models = json.loads((elsewhere / "reports" / "summary.json").read_text())["machines"][0]["models"]
    assert {model["model"] for model in models} == {"arrays.elementwise.Sigmoid"}
    with pytest.raises(PacelineError, match="no model"):
        call(capsys, "sigmoit_xyz")


def test_json_on_standard_output_is_all_there_is(elsewhere, capsys):
    sample(elsewhere / "results")
    code, printed = call(capsys, "--json", "-")
    assert code is Exit.OK
    assert json.loads(printed.out)["schema"] == 1
    assert "below 1 is faster" in printed.err


def test_nothing_measured_says_what_to_run(elsewhere, capsys):
    with pytest.raises(PacelineError, match="paceline run") as caught:
        call(capsys)
    assert caught.value.code is Exit.FAILED
    declare(elsewhere / "results", [])
    with pytest.raises(PacelineError, match="paceline run") as caught:
        call(capsys)
    assert caught.value.code is Exit.FAILED


def test_everything_failed_is_reported_and_is_no_success(elsewhere, capsys):
    benches = [times({"a": None, "b": None})]
    declare(elsewhere / "results", benches)
    run(machine(elsewhere / "results"), benches)
    code, _ = call(capsys, "--json", "all.json")
    assert code is Exit.FAILED
    assert "failed" in (elsewhere / "reports" / "summary.md").read_text()
    assert json.loads((elsewhere / "all.json").read_text())["exits"] == [3]


def test_machine_and_commit_choose(elsewhere, capsys):
    benches = [times({"a": around(1.0), "b": around(2.0)})]
    results = elsewhere / "results"
    declare(results, benches)
    for name in ("fast", "slow"):
        folder = machine(results, name)
        run(folder, benches, "a" * 40, DATE, machine_name=name)
        run(folder, benches, "b" * 40, DATE + 1000, machine_name=name)

    def chosen(*words):
        call(capsys, *words)
        document = json.loads((elsewhere / "reports" / "summary.json").read_text())
        return [(entry["machine"], entry["commit"][0]) for entry in document["machines"]]

    assert chosen() == [("fast", "b"), ("slow", "b")]
    assert chosen("--machine", "slow", "--commit", "aaaa") == [("slow", "a")]
    with pytest.raises(PacelineError, match="'fast', 'slow'"):
        chosen("--machine", "none")
    with pytest.raises(PacelineError, match="fits no commit"):
        chosen("--commit", "cccc")
    with pytest.raises(PacelineError, match="fits several"):
        chosen("--commit", "")


def test_models_that_only_older_commits_have_are_named(elsewhere, capsys):
    old = Bench("m.Old.time_run", {"implementation": ("a", "b"), "n": (1, 2)}, lambda **_: 1.0)
    new = times({"a": around(1.0), "b": around(2.0)})
    results = elsewhere / "results"
    declare(results, [old, new])
    folder = machine(results)
    run(folder, [old], "a" * 40, DATE)
    run(folder, [new], "b" * 40, DATE + 1000)
    call(capsys)
    assert (
        "not measured at this commit, but at others: m.Old (aaaaaaaa)"
        in (elsewhere / "reports/summary.md").read_text()
    )


def test_benchmarks_without_implementations_are_counted(elsewhere, capsys):
    bench = Bench("m.time_plain", {"n": (1, 2)}, lambda n: 1.0)
    declare(elsewhere / "results", [bench])
    run(machine(elsewhere / "results"), [bench])
    code, printed = call(capsys)
    assert code is Exit.OK
    assert "nothing that was measured can be compared" in printed.out
    assert "1 benchmarks have no parameter" in (elsewhere / "reports/summary.md").read_text()


def test_warnings_of_the_results_are_printed_and_kept(elsewhere, capsys):
    sample(elsewhere / "results")
    (elsewhere / "results" / "sample" / "x-y.json").write_text("{torn")
    _, printed = call(capsys)
    assert "sample/x-y.json: not JSON" in printed.err
    assert "x-y.json" in (elsewhere / "reports" / "summary.md").read_text()


def test_reports_are_pure_and_only_the_writer_writes():
    folder = Path(paceline.report.__file__).parent
    for path in folder.glob("*.py"):
        names = {
            node.module
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.ImportFrom) and node.module
        }
        assert path.name == "writer.py" or "paceline.output" not in names
        assert not {name for name in names if name.startswith(("paceline.suite", "asv"))} - {
            "paceline.suite.questions"
        }
