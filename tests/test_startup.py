"""The start-up benchmarks: what they count, and what they leave out."""

import pytest

from benchmarks.startup import MODELS, Startup, _child


def told(implementation):
    return _child(MODELS["gr2m"], implementation)


def names(folders):
    return {folder.rpartition("/")[2] for folder in folders}


def test_the_reference_brings_only_its_own_files():
    answer = told("pure_numpy")
    assert names(answer["folders"]) == set()
    assert all("paceline_models" in file for file in answer["files"])
    assert any(file.endswith("gr2m/pure_numpy.py") for file in answer["files"])


def test_numba_is_what_a_numba_implementation_brings():
    answer = told("numba_jit")
    assert {"numba", "llvmlite"} <= names(answer["folders"])
    assert not {"numpy", "scipy", "logging", "email"} & names(answer["folders"])
    assert answer["import"] > 0.0
    assert answer["first"] > 0.0


def test_what_a_model_has_not_is_skipped():
    with pytest.raises(NotImplementedError, match="gr2m has no rust_heap_state"):
        Startup().setup("rust_heap_state", "gr2m")


def test_sizes_are_bytes_of_files_that_are_there():
    startup = Startup()
    startup.setup("pure_numpy", "gr2m")
    assert 1_000 < startup.track_size("pure_numpy", "gr2m") < 1_000_000


def test_times_are_the_middle_of_three_fresh_interpreters(monkeypatch):
    told = iter([(3.0, 9.0, 1.0), (1.0, 2.0, 1.0), (2.0, 4.0, 1.0)] * 2)
    answers = ({"import": load, "first": first, "later": later} for load, first, later in told)
    monkeypatch.setattr("benchmarks.startup._child", lambda kind, implementation: next(answers))
    startup = Startup()
    startup.kind = MODELS["gr2m"]
    assert startup.track_import("pure_numpy", "gr2m") == 2.0
    assert startup.track_first_call("pure_numpy", "gr2m") == 3.0


def test_a_start_up_that_crashes_tells_how_it_ended(monkeypatch):
    from benchmarks import startup

    kind = startup.MODELS["gr2m"]
    monkeypatch.setattr(startup, "CHILD", "import os; os._exit(9)")
    with pytest.raises(RuntimeError, match="exit code 9"):
        startup._child(kind, "pure_numpy")
    monkeypatch.setattr(startup, "CHILD", "raise ValueError('the last line')")
    with pytest.raises(RuntimeError, match="the last line"):
        startup._child(kind, "pure_numpy")


def test_a_start_up_is_a_fresh_interpreter_with_an_empty_cache():
    from benchmarks import startup

    told = startup._child(startup.MODELS["gr2m"], "pure_numpy")
    assert told["import"] > 0
    assert told["first"] > 0
    assert told["later"] > 0
    assert any(name.endswith("gr2m/pure_numpy.py") for name in told["files"])
    assert not [name for name in told["folders"] if "paceline" in name]
