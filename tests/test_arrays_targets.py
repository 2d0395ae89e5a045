"""docs/arrays/targets.py: from ledgers to the tables of docs/arrays.md."""

import importlib.util
import json
import sys
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[1] / "docs"
SPEC = importlib.util.spec_from_file_location("array_targets", DOCS / "arrays" / "targets.py")
targets = importlib.util.module_from_spec(SPEC)
sys.modules[SPEC.name] = targets  # where dataclasses look for names
SPEC.loader.exec_module(targets)

RACE = "arrays.stream.Diff.time_run(n=1000000, memory='{}')"


def ledger(path, memory="out", rust=1e-3, count=4):
    """Write four pairs in which NumPy takes two, Numba one millisecond."""
    name = RACE.format(memory)
    race = {"kind": "race", "race": name, "benchmark": "arrays.stream.Diff.time_run", "floor": 0.005}
    race["axes"] = {"n": 1_000_000, "memory": memory}
    seconds = {"pure_numpy": 2e-3, "numba_jit": 1e-3, "rust_pyo3": rust}
    sides = {side: {"seconds": value} for side, value in seconds.items()}
    pair = {"kind": "pair", "race": name, "sides": sides, "null": {"log_ratio": 0.001}}
    path.write_text("".join(json.dumps(one) + "\n" for one in [*[pair] * count, race]))
    return path


def test_a_row_tells_ratios_times_and_its_share_of_the_limit(tmp_path):
    by_class = targets.cases([ledger(tmp_path / "one")])
    row = list(targets.rows(by_class, {("copy", 1_000_000): 20e9}))[-1]
    _, name, n, by_numpy, best, by_numba, own, share, _ = row.split("|")
    assert [cell.strip() for cell in (name, n, best, own, share)] == [
        "Diff",
        "1,000,000",
        "-",
        "1.00",
        "0.80",
    ]
    assert by_numpy.strip().startswith("2 (1.9")
    assert "misses" not in by_numba


def test_a_row_tells_what_it_moves_and_what_limits_it(tmp_path):
    by_class = targets.cases([ledger(tmp_path / "one")])
    row = list(targets.bounds(by_class, {("copy", 1_000_000): 20e9}))[-1]
    assert row == "| Diff | 16 (copy) | 0.80 | 1.00 | 0.80 | nothing |"
    assert set(targets.WHAT_LIMITS) <= set(targets.PASSES)


def test_a_missed_target_is_called_so(tmp_path):
    by_class = targets.cases([ledger(tmp_path / "one", rust=3e-3)])
    row = list(targets.rows(by_class, {}))[-1]
    assert row.count("misses") == 2


def test_the_last_ledger_counts_and_a_place_for_the_answer_is_preferred(tmp_path):
    found = [ledger(tmp_path / "1", rust=9.0), ledger(tmp_path / "2"), ledger(tmp_path / "3", "alloc", 5.0)]
    case = targets.chosen(targets.cases(found), "Diff", n=1_000_000)
    assert case.nanoseconds("rust_pyo3", 1_000_000) == pytest.approx(1.0)


def test_one_pair_is_no_ratio(tmp_path):
    case = targets.chosen(targets.cases([ledger(tmp_path / "one", count=1)]), "Diff")
    assert targets.told(case.ratio("pure_numpy", "rust_pyo3")) == "not raced"


def test_what_was_not_raced_is_told_not_left_away():
    assert targets.document({}, {}).count("not raced") > 30


def test_the_document_has_a_place_for_the_tables():
    text = (DOCS / "arrays.md").read_text(encoding="utf-8")
    placed = targets.placed(text, "the tables\n")
    assert targets.placed(placed, "the tables\n") == placed
    assert "\nthe tables\n" in placed


def test_limits_are_the_mean_of_what_was_measured(tmp_path):
    path = tmp_path / "limits.jsonl"
    rates = ({"bytes_per_second": 2e9}, {"bytes_per_second": 4e9})
    path.write_text("".join(json.dumps({"kernel": "copy", "n": 10, **rate}) + "\n" for rate in rates))
    assert targets.read_limits(path) == {("copy", 10): 3e9}
