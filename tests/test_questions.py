"""How a user's words name the questions of a suite."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from paceline.outcome import Exit, PacelineError
from paceline.suite.questions import Benchmark, Question, matching, normal, titled


def question(key: str, model: str | None = None, *names: str) -> Question:
    benchmarks = tuple(Benchmark(f"{key}.{name}", "time", (), ()) for name in names or ("time_run",))
    return Question(key, model or key, key.split(".", maxsplit=1)[0], None, None, True, benchmarks)


SUITE = (
    question("hydrology.GR6J", "gr6j", "peakmem_run", "time_run"),
    question("hydrology.GR6JCemaNeige", "gr6j_cemaneige"),
    question("hydrology.HBVLight", "hbv_light"),
    question("arrays.elementwise.Sigmoid", "elementwise"),
    question("arrays.elementwise.ReLU", "elementwise"),
    question("arrays.sorting.Argsort", "sorting"),
    question("ode.Rober", "rober"),
    question("top_level", None, "time_it"),
)


def named(*words: str) -> list[str]:
    return [one.key for one in matching(SUITE, words)]


@pytest.mark.parametrize(
    ("word", "keys"),
    [
        ("GR6J", ["hydrology.GR6J"]),  # a class, though the name begins another's
        ("gr6j", ["hydrology.GR6J"]),
        ("gr_6_j", ["hydrology.GR6J"]),
        ("HBV_Light", ["hydrology.HBVLight"]),
        ("hbvlight", ["hydrology.HBVLight"]),
        ("hydrology", ["hydrology.GR6J", "hydrology.GR6JCemaNeige", "hydrology.HBVLight"]),
        ("HYDROLOGY", ["hydrology.GR6J", "hydrology.GR6JCemaNeige", "hydrology.HBVLight"]),
        ("hydrology.GR6J", ["hydrology.GR6J"]),
        ("hydrology.gr6j_cemaneige", ["hydrology.GR6JCemaNeige"]),
        ("elementwise", ["arrays.elementwise.Sigmoid", "arrays.elementwise.ReLU"]),
        ("arrays.elementwise", ["arrays.elementwise.Sigmoid", "arrays.elementwise.ReLU"]),
        ("elementwise.sigmoid", ["arrays.elementwise.Sigmoid"]),
        ("arrays.elementwise.Sigmoid", ["arrays.elementwise.Sigmoid"]),
        ("relu", ["arrays.elementwise.ReLU"]),
        ("rober", ["ode.Rober"]),
        ("top_level", ["top_level"]),
        ("^ode", ["ode.Rober"]),
        (r"GR6J.*\.time_", ["hydrology.GR6J", "hydrology.GR6JCemaNeige"]),
        ("peakmem", ["hydrology.GR6J"]),
        ("^arrays", ["arrays.elementwise.Sigmoid", "arrays.elementwise.ReLU", "arrays.sorting.Argsort"]),
    ],
)
def test_a_word_is_a_class_a_module_both_a_model_or_else_an_expression(word: str, keys: list[str]) -> None:
    assert named(word) == keys


def test_no_word_means_all_and_many_keep_the_suite_s_order_once_each() -> None:
    assert named() == [one.key for one in SUITE]
    assert named("rober", "hydrology", "gr6j") == [
        "hydrology.GR6J", "hydrology.GR6JCemaNeige", "hydrology.HBVLight", "ode.Rober",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("word", "nearest"),
    [("HBVLigth", "hbv_light"), ("robber", "rober"), ("GR6J_CEMANEIG", "gr6j_cemaneige")],
)
def test_a_word_that_hits_nothing_names_the_nearest_first(word: str, nearest: str) -> None:
    many = (*SUITE, *(question(f"zoo.Animal{n}", f"aaa_animal_{n}") for n in range(20)))
    with pytest.raises(PacelineError, match=f"no model is called '{word}'; the nearest: {nearest}") as raised:
        matching(many, [word])
    assert raised.value.code is Exit.USAGE
    assert "\n" not in str(raised.value)


def test_one_bad_word_among_good_ones_is_an_error() -> None:
    with pytest.raises(PacelineError, match="'nonsense'"):
        named("gr6j", "nonsense")


@pytest.mark.parametrize(
    "word", ["(", "*", "[a", "(?P<a>x)(?P<a>y)", "a{99999999999999}", "(" * 3000 + ")" * 3000]
)
def test_a_bad_expression_is_a_usage_error(word: str) -> None:
    with pytest.raises(PacelineError, match="regular expression") as raised:
        named(word)
    assert raised.value.code is Exit.USAGE


@given(st.text())
@example("")
@example("_")
@example("\ud800")
@example("\\")
def test_no_text_crashes(word: str) -> None:
    try:
        found = matching(SUITE, [word])
    except PacelineError:
        return
    assert found
    assert set(found) <= set(SUITE)


@given(st.sampled_from(SUITE), st.data())
def test_a_class_is_found_however_it_is_written(one: Question, data: st.DataObject) -> None:
    klass = one.key.rpartition(".")[2]
    spelled = "".join(data.draw(st.sampled_from([c, c.upper(), c.lower(), f"_{c}"])) for c in klass)
    assert normal(spelled) == normal(klass)
    assert one in matching(SUITE, [spelled])


def test_an_empty_suite_knows_no_model() -> None:
    assert matching((), []) == []
    with pytest.raises(PacelineError, match="no model is called 'x'"):
        matching((), ["x"])


def test_questions_about_one_model_are_told_apart() -> None:
    asked = titled(
        [question("a.Sigmoid", "activation"), question("a.Gelu", "activation"), question("h.GR6J", "gr6j")]
    )
    assert [one.shown for one in asked] == ["activation.Sigmoid", "activation.Gelu", "gr6j"]
    assert [one.model for one in asked] == ["activation", "activation", "gr6j"]
