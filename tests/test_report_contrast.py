"""Two machines side by side, and a host before and after a change."""

from __future__ import annotations

import json

import pytest
from asv_folder import SAMPLE, Bench, around, declare, machine, run, sample
from race_folder import contender, ledger, race
from report_runs import call

from paceline.outcome import Exit, PacelineError

HOST = {"host": "box", "cpu": "Example CPU", "kernel": "6.1"}


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """A working folder without a suite."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def timed(name, ratio, verdict, seconds):
    return contender(name, ratio, verdict, seconds=seconds, baseline_seconds=seconds / ratio)


def two_machines(folder):
    """``fast`` takes 0.6 of the time; there rust_tuned gains more, rust_pyo3 as much."""
    sample(folder)
    fast = machine(folder, "fast", cpu="Other CPU")
    run(fast, SAMPLE, machine_name="fast", requirements={"numpy": "2.3", "numba": "0.68"})
    here = [timed("rust_pyo3", 0.98, "same", 9.8e-4), timed("rust_tuned", 0.5, "faster", 5e-4)]
    there = [timed("rust_pyo3", 0.98, "same", 5.9e-4), timed("rust_tuned", 0.4, "faster", 2.4e-4)]
    ledger(folder, [race(here, {"n": 365})])
    ledger(folder, [race(there, {"n": 365})], machine="fast")
    return folder


def test_two_machines_side_by_side(elsewhere, capsys, snapshot):
    two_machines(elsewhere / "results")
    code, printed = call(capsys, "--compare", "sample", "fast")
    assert code is Exit.OK
    page = elsewhere / "reports" / "compare-sample-fast"
    assert page.with_suffix(".md").read_text() == snapshot(name="document")
    assert printed.out == snapshot(name="terminal")
    assert not (elsewhere / "reports" / "summary.md").exists()
    told = json.loads(page.with_suffix(".json").read_text())
    case = next(
        one for one in told["cases"] if (one["implementation"], one["axes"].get("n")) == ("rust_tuned", 365)
    )
    assert case == snapshot(name="case")
    assert {"what": "versions", "first": "numba 0.68, numpy 2.4", "second": "numba 0.68, numpy 2.3"} in told[
        "differs"
    ]
    links = [
        elsewhere / "reports" / "figures" / "compare-sample-fast" / f"heat-hydrology.{one}"
        for one in ("svg", "png")
    ]
    assert all(link.stat().st_size > 10_000 for link in links)


def test_only_the_models_that_were_asked_for(elsewhere, capsys):
    two_machines(elsewhere / "results")
    call(capsys, "GR6J", "--compare", "sample", "fast", "--json", "told.json")
    told = json.loads((elsewhere / "told.json").read_text())
    assert {case["benchmark"] for case in told["cases"]} == {"hydrology.GR6J.time_run"}
    assert (told["kind"], told["paired"], told["exits"]) == ("machines", False, [])


@pytest.mark.parametrize(
    ("words", "message"), [(("sample", "none"), "there are"), (("sample", "sample"), "twice")]
)
def test_machines_that_cannot_be_compared(elsewhere, capsys, words, message):
    sample(elsewhere / "results")
    with pytest.raises(PacelineError, match=message):
        call(capsys, "--compare", *words)


def test_machines_without_a_case_in_common(elsewhere, capsys):
    folder = elsewhere / "results"
    mine, other = (
        Bench(f"m.{name}.time_run", {"implementation": ("a", "b")}, lambda **_: around(1.0)) for name in "TU"
    )
    declare(folder, [mine, other])
    run(machine(folder), [mine])
    run(machine(folder, "fast"), [other], machine_name="fast")
    code, printed = call(capsys, "--compare", "sample", "fast")
    assert code is Exit.FAILED
    assert "no case was measured in both" in printed.out


def changed(folder, epochs=("before", "after")):
    """A host whose kernel changed: all takes 1.2 times as long, and rust_tuned gains nothing any more."""
    sample(folder)
    kernels = {"before": "6.1", "after": "6.18"}
    for day, epoch in enumerate(epochs, 8):
        slower = epoch == "after"
        own = [
            timed("rust_pyo3", 0.98, "same", 1.2e-3 if slower else 1e-3),
            timed(
                "rust_tuned",
                1.0 if slower else 0.5,
                "same" if slower else "faster",
                1.2e-3 if slower else 5e-4,
            ),
        ]
        path = ledger(folder, [race(own, {"n": 365})], utc=f"2025-11-{day:02}T10:00:00Z")
        lines = path.read_text().splitlines()
        lines[0] = json.dumps(json.loads(lines[0]) | {"epoch": epoch})
        path.write_text("\n".join(lines) + "\n")
        host = HOST | {"kernel": kernels[epoch], "epoch": epoch}
        record = {
            "schema": 1,
            "utc": f"2025-11-{day:02}T00:00:00Z",
            "machine": "sample",
            "epoch": epoch,
            "host": host,
        }
        with (folder / "sample" / "host.jsonl").open("a") as file:
            file.write(json.dumps(record) + "\n")
    return folder


def test_before_and_after_a_change_of_a_host(elsewhere, capsys, snapshot):
    changed(elsewhere / "results")
    code, printed = call(capsys, "--epochs")
    assert code is Exit.OK
    assert (elsewhere / "reports" / "epochs-sample.md").read_text() == snapshot(name="document")
    assert "unpaired" in (elsewhere / "reports" / "epochs-sample.md").read_text()
    assert "| kernel" in (elsewhere / "reports" / "epochs-sample.md").read_text()
    assert "rust_tuned / numba_jit is higher there: 0.500 here, 1.00 there (2.00x)" in printed.out


def test_a_host_that_has_not_changed_says_so(elsewhere, capsys):
    changed(elsewhere / "results", epochs=("before",))
    with pytest.raises(PacelineError, match="two epochs") as caught:
        call(capsys, "--epochs")
    assert caught.value.code is Exit.FAILED


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "\u202ea|b\n# x", "x" * 5000, "../../etc"])
def test_hostile_machines_are_shown_and_never_obeyed(elsewhere, capsys, name):
    folder = sample(elsewhere / "results")
    run(machine(folder, name, folder="evil", cpu=name), SAMPLE, machine_name=name)
    code, printed = call(capsys, "sigmoid", "--compare", "sample", name)
    assert code is Exit.OK
    written = [path for path in (elsewhere / "reports").rglob("*") if path.is_file()]
    assert len(written) == 4
    text = next(path for path in written if path.suffix == ".md").read_text()
    assert "<script" not in text
    assert "\u202e" not in text + printed.out
    assert not [line for line in text.splitlines() if line.startswith("# x")]


def test_an_epoch_that_came_back_is_the_last(elsewhere, capsys):
    changed(elsewhere / "results", epochs=("before", "after"))
    records = elsewhere / "results" / "sample" / "host.jsonl"
    lines = records.read_text().splitlines()
    again = json.loads(lines[0]) | {"utc": "2025-11-20T00:00:00Z"}
    records.write_text("\n".join((*lines, json.dumps(again), "")))
    call(capsys, "--epochs", "--json", "told.json")
    told = json.loads((elsewhere / "told.json").read_text())
    assert [told[side]["name"] for side in ("first", "second")] == [
        "sample, epoch after",
        "sample, epoch before",
    ]


def test_ratios_to_different_baselines_are_not_compared(elsewhere, capsys):
    folder = elsewhere / "results"
    for name, baseline, ratio in (("one", "a", 0.5), ("two", "c", 0.1)):
        own = timed("b", ratio, "faster", 1e-3)
        ledger(folder, [race([own], {"n": 1}, "m.T.time_run", baseline)], machine=name)
    _, printed = call(capsys, "--compare", "one", "two")
    assert "takes 1.00x the time" in printed.out
    assert "None" not in printed.out
    assert "is lower there" not in printed.out
