"""What an order of races comes to: contenders, baselines, gates, thresholds, minutes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from paceline.outcome import PacelineError
from paceline.race.across import races
from paceline.race.contenders import Absence, Place
from paceline.race.gate import checkable, gate, gate_of, plans, record, said
from paceline.race.order import FULL, QUICK, Order, minutes, order_of
from paceline.results.checks import Case
from paceline.suite.questions import Benchmark, Question
from paceline.suite.settings import Racing, racing


def question(checkable_=True, baseline=None, params=(("'a'", "'b'"), ("1", "2"))):
    benchmark = Benchmark("m.T.time_x", "time", ("implementation", "n"), params)
    return Question("m.T", "t", "m", None, baseline, checkable_, (benchmark,))


def found(question_, **more):
    return races([question_], Place("here", "python", Path()), **more)


def test_a_class_s_baseline_that_is_no_value_gives_way_to_the_first():
    assert {one.baseline.name for one in found(question(baseline="numba_jit"))} == {"a"}
    assert {one.baseline.name for one in found(question(baseline="b"))} == {"b"}


def test_values_that_read_alike_keep_their_texts():
    (race,) = found(question(params=(("1", "'1'", "2"), ("5",))))
    assert [race.baseline.name, *(one.name for one in race.contenders)] == ["1", "'1'", "2"]


def test_threads_that_are_raced_across_are_each_contender_s_own():
    benchmark = Benchmark("m.T.time_x", "time", ("implementation", "threads"), (("'a'", "'b'"), ("1", "2")))
    asked = Question("m.T", "t", "m", None, None, False, (benchmark,))
    for race in found(asked, across="threads"):
        assert race.threads == 2  # not pinned to one processor
        assert {one.name: one.threads for one in (race.baseline, *race.contenders)} == {"1": 1, "2": 2}
    assert [one.threads for one in found(asked)] == [1, 2]


def test_one_value_is_nothing_to_compare():
    with pytest.raises(PacelineError, match="a only: there is nothing to compare"):
        found(question(params=(("'a'",), ("1", "2"))))


def test_the_gate_keeps_every_case_apart_and_comes_back_from_the_ledger():
    asked = question()
    own = found(asked)
    assert checkable([asked], own) == own
    assert checkable([question(checkable_=False)], own) == []
    (plan,) = plans([asked], own, "implementation")
    assert [index for index, _ in plan.cases] == [0, 2, 1, 3]
    cases = [
        Case("t", "a", {"n": 1}, "agrees", question="m.T"),
        Case("t", "b", {"n": 1}, "differs", reason="off", build="debug", question="m.T"),
        Case("t", "a", {"n": 2}, "skipped", reason="no memory", question="m.T"),
        Case("t", "b", {"n": 2}, "agrees", note="It rounds.", question="m.T"),
        Case("t", "b", {"n": 2}, "differs", question="m.U"),  # another question about the same model
    ]
    made = gate(own, [asked], cases, "implementation")
    one, two = (race.name for race in own)
    assert made.absent[one] == {"b": Absence("differs", "off")}
    assert made.baselines == {two: Absence("skipped", "no memory")}
    assert made.absent[two] == {"b": Absence("skipped", "the baseline a is skipped: no memory")}
    assert made.answers[one] == {"a": "agrees", "b": "differs"}
    assert (made.notes, made.builds) == ({"t": {"b": "It rounds."}}, {"t": {"b": "debug"}})
    assert gate_of(json.loads(json.dumps(record(made)))) == made
    assert said(Absence("failed", "")) == "failed"


def test_an_order_comes_back_from_the_ledger():
    order = Order(("a",), sizes=("5",), preset=QUICK, thresholds={"x": 0.1}, only=("y",), machine="box")
    assert order_of(json.loads(json.dumps(order.settings))) == order
    with pytest.raises(PacelineError, match="does not say how it was judged"):
        order_of({"preset": "other"})


def test_thresholds_and_the_quick_races_are_found_by_expressions():
    place = Place("here", "python", Path())
    order = Order(threshold=0.03, thresholds={r"n=1\)": 0.05}, only=("n=[12]",))
    assert [one.threshold for one in order.races([question()], place)] == [0.05, 0.03]
    with pytest.raises(PacelineError, match=r"quick\.race"):
        Order(only=("n=9",)).races([question()], place)


def test_an_estimate_grows_with_pairs_and_contenders():
    small, large = found(question()), found(question(params=(("'a'", "'b'", "'c'"), ("1", "2"))))
    assert minutes(small, QUICK, 0)[0] == minutes(small, QUICK, 0)[1]
    assert minutes(small, FULL, 0)[0] < minutes(large, FULL, 0)[0] < minutes(large, FULL, 0)[1]
    assert minutes(small, QUICK, 40)[0] > minutes(small, QUICK, 0)[0]


def test_settings_of_races(tmp_path):
    assert racing(tmp_path) == Racing()
    text = '[quick]\nrace = ["a"]\n[race]\nacross = "kind"\nthreshold = 0.05\nthresholds = { "n=1" = 0.1 }\n'
    (tmp_path / "paceline.toml").write_text(text)
    assert racing(tmp_path) == Racing("kind", 0.05, {"n=1": 0.1}, ("a",))


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("race = 3", "race must be a table"),
        ("[race]\nacross = ''", "race.across must be"),
        ("[race]\nthreshold = 2.5", "race.threshold must be a fraction"),
        ("[race]\nthreshold = true", "race.threshold must be a fraction"),
        ("[race]\nthresholds = 3", "race.thresholds must be a table"),
        ("[race]\nthresholds = { '(' = 0.1 }", "no regular expression"),
        ("[race]\nthresholds = { a = 7 }", "race.thresholds must be a fraction"),
        ("[quick]\nrace = 'a'", "quick.race must be a list"),
    ],
)
def test_settings_of_races_that_cannot_be_meant(tmp_path, text, what):
    (tmp_path / "paceline.toml").write_text(text)
    with pytest.raises(PacelineError, match=what):
        racing(tmp_path)
