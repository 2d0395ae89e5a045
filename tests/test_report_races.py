from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from asv_folder import around, declare, machine, run, sample
from race_folder import COMMIT, absent, contender, ledger, race
from report_runs import call, question, times

from paceline.outcome import Exit, PacelineError
from paceline.report import figures, gather
from paceline.report.contents import Remarks
from paceline.report.overlay import in_order
from paceline.results import races
from paceline.results.asv_files import read
from paceline.results.raced import Raced, RaceRun
from paceline.suite.questions import Benchmark

T = "m.T.time_run"
OTHER = "f" * 40


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """A working folder without a suite, with asv's results of one: a takes 1 s, b 2 s, c 3 s."""
    monkeypatch.chdir(tmp_path)
    benches = [times({"a": around(1.0), "b": around(2.0), "c": around(3.0)})]
    declare(tmp_path / "results", benches)
    run(machine(tmp_path / "results"), benches)
    return tmp_path


def against_a(contenders, n=10, **more):
    return race(contenders, {"n": n}, T, "a", **more)


def summary(folder):
    return json.loads((folder / "reports" / "summary.json").read_text())


def cells(folder, n=10):
    models = summary(folder)["machines"][0]["models"]
    (model,) = [one for one in models if one["axes"]["n"] == n]
    return {one["implementation"]: one for one in model["contenders"]}


def test_the_races_ratio_goes_before_asvs(elsewhere, capsys):
    path = ledger(elsewhere / "results", [against_a([contender("b", 0.5)])])
    assert call(capsys)[0] is Exit.OK
    found = cells(elsewhere)
    assert (found["b"]["ratio"], found["b"]["source"], found["b"]["pairs"]) == (0.5, "race", 4)
    assert (found["b"]["verdict"], found["b"]["run"]) == ("faster", path.stem)
    assert (found["a"]["seconds"], found["a"]["source"]) == (1e-3, "race")
    assert (found["c"]["source"], found["c"]["run"], found["c"]["verdict"]) == ("asv", None, "")
    assert found["c"]["ratio"] == pytest.approx(3.0)  # by asv's own median of a
    assert cells(elsewhere, 100)["b"]["source"] == "asv"


def test_what_is_unpaired_has_a_sign_and_what_is_raced_its_verdict(elsewhere, capsys):
    ledger(elsewhere / "results", [against_a([contender("b", 0.5)])])
    _, printed = call(capsys)
    text = (elsewhere / "reports" / "summary.md").read_text()
    assert "0.500 (0.490-0.510) faster<br>500 us" in text
    assert "3.00 (2.92-3.09) ‡<br>3.00 s" in text
    assert "- ‡ from asv's medians of both, not raced: unpaired; differences below 10 % are open" in text
    assert "3.00 ±2.9% ‡" in printed.out
    assert "‡ from asv's medians of both, not raced" in printed.out
    assert "0.500 ±2.0% ‡" not in printed.out


def test_the_source_and_its_noise_floor_are_told(elsewhere, capsys):
    two = [contender("b", 0.5, detectable=0.03), contender("c", 3.0, "slower", detectable=0.05)]
    path = ledger(elsewhere / "results", [against_a(two)], infra="it was warm")
    _, printed = call(capsys)
    text = (elsewhere / "reports" / "summary.md").read_text()
    for shown in (text.replace("\\", ""), printed.out):
        assert f"race {path.stem} of 2025-11-08, commit 01234567, host box (Example CPU)" in shown
        assert "2 contenders, 4 pairs each; its absolute times are not to be believed: it was warm" in shown
        assert "slow-downs of 4 % are found 19 times in 20 (median of 2 raced cases, 3 % to 5 %)" in shown
        assert "2 ratios are from asv's medians, not raced: unpaired" in shown
    (told,) = summary(elsewhere)["machines"]
    assert told["noise_floor"] == pytest.approx({"least": 0.03, "median": 0.04, "most": 0.05})
    assert [(one["run"], one["commit"], one["dirty"]) for one in told["races"]] == [
        (path.stem, COMMIT, False)
    ]


def test_one_noisy_case_of_many_is_not_the_noise_of_all(elsewhere, capsys):
    many = [contender(f"b{place}", 0.5, detectable=0.03 + place / 100) for place in range(19)]
    ledger(elsewhere / "results", [against_a([*many, contender("noisy", 0.5, detectable=11.0)])])
    _, printed = call(capsys)
    told = "(median of 20 raced cases; 9 in 10 find 20 %; from 3 % to 1100 %)"
    assert told in printed.out
    assert told in (elsewhere / "reports" / "summary.md").read_text()
    assert summary(elsewhere)["machines"][0]["noise_floor"]["nine_in_ten"] == pytest.approx(0.2)


@pytest.mark.parametrize(
    ("commit", "dirty", "label"), [(OTHER, False, "ffffffff"), (COMMIT, True, "01234567+dirty")]
)
def test_two_commits_are_never_mixed_in_silence(elsewhere, capsys, commit, dirty, label):
    ledger(elsewhere / "results", [against_a([contender("b")])], commit=commit, dirty=dirty)
    _, printed = call(capsys)
    told = f"figures of several commits: raced at {label}; asv's figures"
    assert told in printed.out
    assert f"commit {label}, 01234567: time" in printed.out
    assert told in (elsewhere / "reports" / "summary.md").read_text()
    assert summary(elsewhere)["machines"][0]["commits"] == [label, "01234567"]


def test_one_commit_is_nothing_to_speak_of(elsewhere, capsys):
    ledger(elsewhere / "results", [against_a([contender("b")])])
    assert "several commits" not in call(capsys)[1].out


def test_races_of_several_commits_are_told_at_their_table(elsewhere, capsys):
    ledger(elsewhere / "results", [against_a([contender("b")]), against_a([contender("b")], 100)])
    ledger(elsewhere / "results", [against_a([contender("b")])], commit=OTHER, utc="2025-11-09T10:00:00Z")
    call(capsys)
    text = (elsewhere / "reports" / "summary.md").read_text()
    assert "- raced at several commits: " in text
    assert text.count("- paired ratios: ") == 2


def test_many_runs_are_counted_and_folded_away(elsewhere, capsys):
    for day in range(1, 6):
        told = ledger(
            elsewhere / "results", [against_a([contender("b")], day)], utc=f"2025-11-0{day}T10:00:00Z",
            infra="it was warm" if day == 3 else "",
        )  # fmt: skip
    call(capsys)
    text = (elsewhere / "reports" / "summary.md").read_text()
    assert (
        "- paired ratios: 5 runs from 2025-11-01 to 2025-11-05, 5 contenders in all; the absolute times of 1"
        in text
    )
    before, folded = text.split("<details><summary>The runs that the ratios are from</summary>\n\n")
    assert told.stem not in before
    assert folded.partition("\n\n</details>")[0].count("\n- race ") == 4
    assert text.count("- raced with: ") == 1


def test_a_commit_that_was_asked_for_has_its_own_races_only(elsewhere, capsys):
    ledger(elsewhere / "results", [against_a([contender("b")])], commit=OTHER)
    call(capsys, "--commit", "0123")
    assert cells(elsewhere)["b"]["source"] == "asv"
    call(capsys, "--commit", "ffff")
    assert set(cells(elsewhere)) == {"a", "b"}
    with pytest.raises(PacelineError, match="01234567, ffffffff"):
        call(capsys, "--commit", "eeee")


def test_races_alone_make_a_report(elsewhere, capsys):
    quick = elsewhere / "quick"
    ledger(quick, [against_a([contender("b", 0.5)], n) for n in (100, 10)], machine="other")
    code, printed = call(capsys, "--results", str(quick))
    assert code is Exit.OK
    assert "paceline:" not in printed.err.replace("paceline: the suite could not", "")
    found = cells(elsewhere)
    assert (found["b"]["ratio"], found["a"]["seconds"]) == (0.5, 1e-3)
    (told,) = summary(elsewhere)["machines"]
    assert (told["machine"], told["commit"], told["asv"]) == ("other", COMMIT, False)
    assert [one["axes"]["n"] for one in told["models"]] == [10, 100]
    assert not told["remarks"]


def test_sizes_and_implementations_that_only_raced_have_their_place(elsewhere, capsys):
    ledger(elsewhere / "results", [against_a([contender("d", 0.5)], 1000)])
    call(capsys)
    found = cells(elsewhere, 1000)
    assert (found["d"]["ratio"], found["b"]["status"], found["b"]["ratio"]) == (0.5, "unmeasured", None)
    assert cells(elsewhere, 10)["d"]["status"] == "unmeasured"


def test_cases_stand_in_the_order_of_the_suite_and_not_of_the_turns():
    told = Benchmark(T, "time", ("implementation", "row"), (("'a'",), ("'10x10'", "'50x10'", "'5x5'")))
    run = RaceRun("r", "m", datetime(2026, 1, 1, tzinfo=UTC))
    raced = [Raced(run, T, "1", {"row": row}, "a", "b", "ok") for row in ("new", "5x5", "10x10", "50x10")]
    found = [one.axes["row"] for one in in_order(raced, told)]
    assert found == ["10x10", "50x10", "5x5", "new"]
    assert in_order(raced, None) == raced


def test_why_a_contender_has_no_ratio_stands_in_its_cell(elsewhere, capsys):
    lost = [absent("b", "differs", "off by 3"), absent("c", "unmeasured", "the budget was spent")]
    ledger(elsewhere / "results", [against_a([*lost, absent("d", "skipped", "no wheel")])])
    _, printed = call(capsys)
    text = (elsewhere / "reports" / "summary.md").read_text()
    assert "differs: off by 3" in text
    assert "skipped: no wheel" in text
    assert cells(elsewhere)["c"]["source"] == "asv"  # it has a figure of asv's
    assert "differs: b: off by 3" in printed.out


def test_a_race_against_another_baseline_is_not_mixed_in(elsewhere, capsys):
    ledger(elsewhere / "results", [against_a([contender("b", 0.5)])])
    other = race([contender("b", 0.9)], {"n": 10}, T, "c")
    ledger(elsewhere / "results", [other], utc="2025-11-07T10:00:00Z")
    call(capsys)
    assert cells(elsewhere)["b"]["ratio"] == 0.5


def test_what_differs_in_a_check_has_no_ratio_of_asvs_either(elsewhere, capsys):
    folder = elsewhere / "results" / "sample" / "checks"
    folder.mkdir()
    case = {
        "kind": "case", "model": "m.T", "implementation": "b", "axes": {"n": 10}, "status": "differs",
        "max_abs": 1.0, "max_rel": 1.0, "reason": "off by 1", "text": "", "note": "", "build": "",
    }  # fmt: skip
    (folder / "20251108T100000Z-x-1.jsonl").write_text(json.dumps(case) + "\n")
    call(capsys)
    assert (cells(elsewhere)["b"]["status"], cells(elsewhere)["b"]["ratio"]) == ("differs", None)


def test_a_race_goes_to_the_environment_that_it_fits(elsewhere, capsys):
    benches = [times({"a": around(1.0), "b": around(2.0)})]
    folder = elsewhere / "results" / "sample"
    for path in folder.glob("0*.json"):
        path.unlink()
    for version in ("1.26", "2.4"):
        run(folder, benches, environment=f"numpy{version}", requirements={"numpy": version})
    ledger(elsewhere / "results", [against_a([contender("b")])])
    call(capsys)
    assert [(one["environment"], len(one["races"])) for one in summary(elsewhere)["machines"]] == [
        ("numpy1.26", 0),
        ("numpy2.4", 1),
    ]


def test_times_of_a_host_that_was_not_steady_are_marked(elsewhere, capsys):
    ledger(elsewhere / "results", [against_a([contender("b")])], infra="it was warm")
    call(capsys)
    text = (elsewhere / "reports" / "summary.md").read_text()
    assert "are not to be believed to a few per cent: the host was not steady; ratios are paired" in text
    figures = (elsewhere / "reports" / "figures").rglob("*.svg")
    assert [one.stem for one in figures if "rough" in one.read_text()] == ["m.T-time"]


def test_a_report_of_one_model_forgets_nothing_that_others_lost(elsewhere, capsys):
    both = [race([contender("b", 2.0, "slower")], {"n": 10}, f"m.{name}.time_run", "a") for name in "TU"]
    ledger(elsewhere / "results", both)
    for words, losses, before in (((), 2, 0), (("m.U",), 1, 1), ((), 2, 0)):
        call(capsys, *words)
        (told,) = summary(elsewhere)["machines"]
        assert (len(told["losses"]), len(told["losses_before"])) == (losses, before)
        text = (elsewhere / "reports" / "summary.md").read_text()
        assert "no longer slower" not in text
        assert ", new" not in text


def test_torn_ledgers_warn(elsewhere, capsys):
    path = ledger(elsewhere / "results", [against_a([contender("b")])])
    path.write_text(path.read_text()[:-9])
    _, printed = call(capsys)
    assert "torn last line" in printed.err
    assert cells(elsewhere)["b"]["source"] == "race"


HOSTILE = ["a|b", "<script>alert(1)</script>", "a\n\n# Heading", "\u202ex", "x" * 5000, "\x1b[31mred"]


@pytest.mark.parametrize("name", HOSTILE)
def test_what_a_ledger_says_is_shown_and_never_obeyed(elsewhere, capsys, name):
    odd = contender(name, 0.5, "same")
    lost = absent("b", "failed", name)
    told = {"kind": "answers", "race": against_a([])["race"], "answers": {name: name}}
    one = against_a([odd, lost])
    path = ledger(elsewhere / "results", [one], commit=name[:40].replace("/", "|"), infra=name, others=[told])
    code, printed = call(capsys, "--out", str(elsewhere / "reports"))
    assert code is Exit.OK
    assert path.is_file()
    assert "\x1b" not in printed.out + printed.err
    text = (elsewhere / "reports" / "summary.md").read_text()
    assert "<script" not in text
    assert "\u202e" not in text
    assert not [line for line in text.splitlines() if line.startswith("# H")]


def test_the_whole_document_and_terminal_of_a_race(elsewhere, capsys, snapshot):
    results = sample(elsewhere / "raced")
    slow = contender("pure_numpy", 110.0, "slower")
    own = [contender("rust_pyo3", 0.99, "same"), contender("rust_tuned", 0.52), slow]
    ordered = [race(own, {"n": n}) for n in (365, 3650)]
    ordered.append(race([*own[1:2], contender("rust_pyo3", 0.96, "inconclusive")], {"n": 36500}))
    ledger(results, ordered, dirty=True)
    _, printed = call(capsys, "--results", str(results))
    assert "\n".join(line.rstrip() for line in printed.out.splitlines()) == snapshot(name="terminal")
    assert len(printed.out.splitlines()) <= 40
    assert (elsewhere / "reports" / "summary.md").read_text() == snapshot(name="document")


def test_a_figure_marks_the_points_that_are_asvs(elsewhere):
    results = elsewhere / "results"
    ledger(results, [against_a([contender("b", 0.5)])])
    (found,) = read(results).runs
    raced = races.read(results, "sample", {}).cases
    section = gather.section(found, [question("m.T", "t", "m", "a")], Remarks(), raced=raced)
    figure = figures.ratio_figure(section.tables[0], section)
    caption = figure.texts[-1].get_text()
    assert all(word in caption for word in ("race of 2025-11-08", "asv: commit 01234567", "hollow points"))
    hollow = [line for line in figure.axes[0].lines if line.get_markerfacecolor() == "white"]
    assert [len(line.get_xdata()) for line in hollow] == [1, 2]  # b at 100; c at 10 and at 100
