from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest
from asv_folder import DATE, Bench, around, declare, machine, run, sample
from report_runs import call, times

import paceline.report
from paceline.outcome import Exit, PacelineError


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """A working folder without a suite."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


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
    assert "1 benchmark has no parameter" in (elsewhere / "reports/summary.md").read_text()


def test_warnings_of_the_results_are_printed_and_kept(elsewhere, capsys):
    sample(elsewhere / "results")
    (elsewhere / "results" / "sample" / "x-y.json").write_text("{torn")
    _, printed = call(capsys)
    assert "sample/x-y.json: not JSON" in printed.err
    assert "x-y.json" in (elsewhere / "reports" / "summary.md").read_text()


def test_the_dashboard_stands_beside_asvs_own_pages(elsewhere, capsys):
    sample(elsewhere / "results")
    with pytest.raises(PacelineError, match="asv publish"):
        call(capsys, "--asv-pages", "html")
    own = '<ul><li id="nav-li-graphdisplay"></li></ul>'
    (elsewhere / "html" / "index.html").write_text(own)
    for _ in range(2):
        call(capsys, "--asv-pages", "html")
    assert (elsewhere / "html" / "index.html").read_text().count('href="paceline.html"') == 1
    assert (elsewhere / "html" / "paceline.html").stat().st_size > 1_000_000
    assert (elsewhere / "reports" / "index.html").is_file()


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
            "paceline.suite.questions",
            "paceline.suite.repository",
        }
