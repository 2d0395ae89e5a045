from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from race_folder import COMMIT, GR6J, absent, contender, ledger, race

from paceline.results import races
from paceline.results.measurements import Run
from paceline.results.raced import cases


def known(tmp_path, versions=None):
    found = races.read(tmp_path, "sample", versions or {})
    return {(one.name, *one.axes.values()): one for one in found.cases}, found.warnings


def test_a_race_is_read_with_its_baseline_and_its_run(tmp_path):
    ledger(tmp_path, [race([contender("rust_pyo3", 0.5)], {"n": 365})], dirty=True, infra="it was warm")
    found, warnings = known(tmp_path)
    assert not warnings
    one, base = found["rust_pyo3", 365], found["numba_jit", 365]
    assert (one.ratio, one.pairs, one.verdict, one.answers) == (0.5, 4, "faster", "agrees")
    assert (base.ratio, base.seconds, base.status) == (1.0, 1e-3, "ok")
    assert (one.run.label, one.run.infra, one.run.preset) == ("01234567+dirty", "it was warm", "full")
    assert one.run.host["cpu"] == "Example CPU"
    assert "governor" not in one.run.host
    assert one.run.python == "3.11.7"


def test_the_newest_wins_case_by_case(tmp_path):
    two = [contender("rust_pyo3", 0.5), contender("rust_tuned", 0.4)]
    ledger(tmp_path, [race(two, {"n": 365}), race(two, {"n": 10})])
    ledger(tmp_path, [race([contender("rust_pyo3", 0.6)], {"n": 365})], utc="2025-11-09T10:00:00Z")
    found, _ = known(tmp_path)
    assert found["rust_pyo3", 365].ratio == 0.6
    assert found["rust_tuned", 365].ratio == 0.4
    assert found["rust_pyo3", 10].ratio == 0.5


def test_what_was_not_measured_to_its_end_never_stands_before_what_was(tmp_path):
    ledger(tmp_path, [race([contender("a", 0.5), contender("b", 0.5)], {"n": 1})])
    late = [absent("a", "unmeasured", "the budget was spent"), absent("b", "differs", "off by 1")]
    ledger(tmp_path, [race(late, {"n": 1})], utc="2025-11-09T10:00:00Z")
    found, _ = known(tmp_path)
    assert found["a", 1].ratio == 0.5
    assert (found["b", 1].status, found["b", 1].reason) == ("differs", "off by 1")


def test_only_the_version_that_asv_knows(tmp_path):
    ledger(tmp_path, [race([contender("a")], {"n": 1}, version="1")])
    assert known(tmp_path, {GR6J: "1"})[0]
    found, warnings = known(tmp_path, {GR6J: "2"})
    assert not found
    assert "another version" in warnings[0]
    ledger(tmp_path, [race([contender("a")], {"n": 1}, version="")])
    assert known(tmp_path, {GR6J: "2"})[0]


@pytest.mark.parametrize("other", [{"what": "compare"}, {"across": "backend"}])
def test_other_runs_are_no_races_across_implementations(tmp_path, other):
    ledger(tmp_path, [race([contender("a")], {"n": 1})], **other)
    assert known(tmp_path) == ({}, ())
    assert races.machines(tmp_path) == (["sample"] if "across" in other else [])


def test_why_a_baseline_was_not_fit_is_told(tmp_path):
    lost = race([absent("a", "unmeasured", "the baseline failed: boom")], {"n": 1})
    gate = {
        "kind": "gate",
        "baselines": {lost["race"]: {"status": "failed", "reason": "boom"}},
        "answers": {},
    }
    ledger(tmp_path, [lost], others=[gate])
    found, _ = known(tmp_path)
    assert (found["numba_jit", 1].status, found["numba_jit", 1].reason) == ("failed", "boom")


def test_answers_that_nobody_checked_are_the_returned_ones(tmp_path):
    one = race([contender("a"), contender("b")], {"n": 1})
    told = {"kind": "answers", "race": one["race"], "answers": {"a": "max rel 0.1", "b": "identical"}}
    gate = {"kind": "gate", "baselines": {}, "answers": {one["race"]: {"a": "unchecked", "b": "agrees"}}}
    path = ledger(tmp_path, [one])
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    records = [line for line in lines if line["kind"] != "gate"] + [gate, told]
    found = {case.name: case.answers for case in cases(path, "sample", records, [])}
    assert found == {"numba_jit": "unchecked", "a": "max rel 0.1", "b": "agrees"}


def test_torn_files_warn_and_lose_nothing_else(tmp_path):
    foreign = {"kind": "race", "race": "torn", "contenders": 3}
    path = ledger(tmp_path, [race([contender("a")], {"n": 1})], others=[foreign])
    path.write_text(path.read_text() + '{"kind": "ra')
    found, warnings = known(tmp_path)
    assert set(found) == {("a", 1), ("numba_jit", 1)}
    assert any("torn last line" in warning for warning in warnings)
    assert any("1 race(s) that cannot be understood" in warning for warning in warnings)


@pytest.mark.parametrize("wrong", [0, -1, "0.5", True, None, [], 1e400])
def test_what_is_no_ratio_is_left_out(tmp_path, wrong):
    ledger(tmp_path, [race([contender("a") | {"ratio": wrong}], {"n": 1})])
    found, warnings = known(tmp_path)
    assert not found
    assert warnings


@pytest.mark.parametrize("ends", [(2.0, 3.0), (0.1, 0.2), (0.9, 0.1)])
def test_a_ratio_outside_its_interval_is_left_out(tmp_path, ends):
    wrong = dict(zip(("low", "high"), ends, strict=True))
    ledger(tmp_path, [race([contender("a", 0.5) | wrong], {"n": 1})])
    found, warnings = known(tmp_path)
    assert not found
    assert "1 race(s) that cannot be understood" in warnings[0]


@pytest.mark.parametrize("changed", [{"status": "well"}, {"verdict": "\x1b[31mred"}, {"verdict": None}])
def test_words_that_are_not_ours_are_not_understood(tmp_path, changed):
    ledger(tmp_path, [race([contender("a") | changed], {"n": 1})])
    assert not known(tmp_path)[0]


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
KEYS = st.sampled_from(["axes", "race", "baseline", "contenders", "benchmark", "version", "floor"])


@given(st.dictionaries(KEYS, JSON), JSON, JSON)
def test_any_record_is_understood_or_left_out(tmp_path_factory, changed, baselines, answers):
    path = tmp_path_factory.getbasetemp() / "20251108T100000Z-x-1.jsonl"
    head = {"kind": "run", "what": "race", "utc": "2025-11-08T10:00:00Z", "host": baselines, "sides": answers}
    gate = {"kind": "gate", "baselines": baselines, "answers": answers}
    record = race([contender("a")], {"n": 1}) | changed
    assert isinstance(cases(path, "sample", [head, gate, record], []), list)


@pytest.mark.parametrize("name", ["..", "a/b", "", "\0", "\ud800", "x" * 10_000])
def test_a_machine_whose_name_is_no_folder_has_no_races(tmp_path, name):
    assert races.read(tmp_path, name, {}) == races.Races()


def test_races_alone_stand_as_a_run_in_which_asv_measured_nothing(tmp_path):
    ledger(tmp_path, [race([contender("a")], {"n": 1})])
    run = races.as_run(races.read(tmp_path, "sample", {}).cases)
    assert isinstance(run, Run)
    assert (run.commit, run.machine.cpu, run.machine.ram) == (COMMIT, "Example CPU", "8000000000")
    assert not run.measurements
    one = races.read(tmp_path, "sample", {}).cases[0].run
    assert races.belongs(one, run)


def pair(one, number, **sides):
    return {"kind": "pair", "race": one["race"], "number": number, "sides": sides}


def side(seconds, cpu, wall=1.0, calls=100):
    return {"seconds": seconds, "cpu": cpu, "wall": wall, "calls": calls}


@pytest.mark.parametrize(
    ("told", "typical"),
    [
        (side(5e-4, 0.06), 6e-4),
        (side(5e-4, 0.01), 5e-4),  # a call that waits needs no processor
        (side(5e-4, 1.6), 5e-4),  # the time of several threads is that of no call
        (side(5e-4, 0.0), 5e-4),  # the call that warms was the measurement
        ({"seconds": 5e-4}, 5e-4),
        ({"seconds": "x", "cpu": 0.06, "wall": 1.0, "calls": 100}, None),
        (None, None),
    ],
)
def test_what_a_call_takes_is_more_than_the_least_of_its_batches(tmp_path, told, typical):
    one = race([contender("a", 0.5)], {"n": 1})
    ledger(tmp_path, [one], others=[pair(one, number, a=told) for number in range(4)])
    found, _ = known(tmp_path)
    assert found["a", 1].seconds == 5e-4
    assert found["a", 1].typical == (typical and pytest.approx(typical))
    assert found["numba_jit", 1].typical is None


def test_what_a_call_takes_is_the_middle_of_the_pairs_and_holds_no_setup(tmp_path):
    one = race([contender("a", 0.5)], {"n": 1})
    pairs = [pair(one, place, a=side(5e-4, cpu)) for place, cpu in enumerate((0.06, 0.07, 0.9))]
    ledger(tmp_path, [one], others=pairs)
    assert known(tmp_path)[0]["a", 1].typical == pytest.approx(7e-4)
    ledger(tmp_path, [one | {"setup_before_every_call": "number = 1"}], others=pairs)
    assert known(tmp_path)[0]["a", 1].typical is None


def test_older_runs_are_read_until_they_tell_nothing_new(tmp_path, monkeypatch):
    monkeypatch.setattr(races, "IDLE", 3)
    for day, name in enumerate(["lost", *"aaa", "kept", *"aa"], 10):
        ledger(tmp_path, [race([contender(name)], {"n": 1})], utc=f"2025-11-{day}T10:00:00Z")
    found, _ = known(tmp_path)
    assert {name for name, _ in found} == {"a", "kept", "numba_jit"}
