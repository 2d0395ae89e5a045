"""Suites in the manner of NumPy, pandas and scikit-image race as they are, every timed case of them."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import psutil
import pytest
from small_races import against_itself, ground, measured

from paceline.race.answers import compare
from paceline.race.contenders import Pair, Place
from paceline.race.pair import Known
from paceline.suite.discover import questions

SUITES = Path(__file__).parent / "suites"
ABSENT = {
    "numpy_style": {
        "bench_optional.Guarded.time_guarded": (
            "skipped", "a_package_that_nobody_has is not installed",
        ),
        "bench_core.Reduction.time_sum(-1, 'complex64')": ("skipped", "no complex sums along the last axis"),
        "bench_ufunc.Accumulate.time_accumulate('subtract', 100000)": (
            "skipped", "skip_params of the suite",
        ),
    },
    "pandas_style": {
        "groupby.Aggregate.time_aggregate('sum', 'datetime64[s]')": ("skipped", "dates have no sum"),
        "groupby.Transform.time_repeat('sum', 'datetime64[s]')": ("skipped", "dates have no sum"),
        "troubles.Raises.time_divide(0)": ("failed", "ZeroDivisionError: "),
        "troubles.RaisesInSetup.time_never": ("failed", "FileNotFoundError: no such data: prices.csv"),
        "troubles.Exits.time_exit('politely')": ("failed", "SystemExit: 0"),
        "troubles.Exits.time_exit('with words')": ("failed", "SystemExit: enough"),
        "troubles.NotImported.time_name_error": ("failed", "NameError: name 'run' is not defined"),
    },
    "skimage_style": {
        "benchmark_measure.time_areas(1000, 'dense')": ("skipped", "too many regions"),
    },
}  # fmt: skip
EACH = {
    "numpy_style": {"bench_sort.SortOnce.time_sort_in_place": "the benchmark says number = 1"},
    "pandas_style": {
        "containers.Drain.time_popitem(100)": "a later call without setup raises KeyError",
        "containers.Drain.time_popitem(1000)": "a later call without setup raises KeyError",
    },
    "skimage_style": {"benchmark_timing.Batched.time_pop_all": "calls without setup take 0."},
}
ANSWERS = {
    "numpy_style": {"bench_sort.Shuffled.time_argsort('stable', 'int16', 1000)": "identical"},
    "pandas_style": {"groupby.Counts.time_bincount": "identical", "troubles.time_neighbour": "identical"},
    "skimage_style": {"legacy.regions.time_perimeter": "identical"},
}
PARTIAL = "benchmark_filters.Partials.time_filter(functools.partial(<function _box>"
Found = tuple[str, dict[str, tuple[Pair, Known]]]


pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", params=sorted(ABSENT))
def found(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Found:
    """Race every timed case of a suite against itself, one pair, in two workers where none fails."""
    suite = SUITES / request.param
    here = tuple(Place(side, sys.executable, suite / "benchmarks") for side in ("base", "head"))
    before = _files(suite)
    races = [
        race
        for question in questions(suite / "asv.conf.json")
        for benchmark in question.benchmarks
        if benchmark.kind == "time"
        for race in against_itself(benchmark.name, here, benchmark.params)
    ]
    told = measured(races, ground(tmp_path_factory.mktemp("work")), seconds=0.002)
    assert len(told) == len(races) > 25, "two races have one name"
    assert psutil.Process().children(recursive=True) == []
    assert _files(suite) == before, "a suite was changed"
    return request.param, told


def _files(suite: Path) -> set[str]:
    return {os.path.relpath(path, suite) for path in suite.rglob("*") if "__pycache__" not in path.parts}


def test_every_case_is_ready_or_lacks_what_the_suite_says(found: Found) -> None:
    suite, told = found
    absent = {name: pair.absent for name, (pair, _) in told.items() if pair.absent}
    assert set(absent) == set(ABSENT[suite]), {
        name: absent[name] for name in set(absent) ^ set(ABSENT[suite])
    }
    for name, (status, reason) in ABSENT[suite].items():
        assert set(absent[name]) == {"base", "head"}
        for one in absent[name].values():
            assert one.status == status
            assert one.reason.startswith(reason), one.reason


def test_whatever_is_ready_has_a_ratio(found: Found) -> None:
    for name, (pair, known) in found[1].items():
        if not pair.absent:
            assert set(pair.sides) == {"base", "head"}, name
            assert pair.sides["head"].log_ratio is not None, name
            assert known.version, name


def test_what_needs_setup_before_every_call_is_recognised(found: Found) -> None:
    suite, told = found
    for name, reason in EACH[suite].items():
        assert told[name][1].each.startswith(reason), (name, told[name][1].each)


def test_what_is_returned_is_compared(found: Found) -> None:
    suite, told = found
    for name, expected in ANSWERS[suite].items():
        known = told[name][1].answers
        assert compare(known["base"], known["head"]) == expected, name


def test_an_address_in_a_parameter_s_text_is_no_part_of_its_name(found: Found) -> None:
    suite, told = found
    partials = [known for name, (_, known) in told.items() if name.startswith(PARTIAL)]
    assert len(partials) == (2 if suite == "skimage_style" else 0)
    for known in partials:
        assert compare(known.answers["base"], known.answers["head"]) == "identical"
