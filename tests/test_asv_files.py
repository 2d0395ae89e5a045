from __future__ import annotations

import json
import math
import subprocess
import sys

import pytest
from asv_folder import DATE, NAN, SAMPLE, Bench, around, declare, machine, run, sample

from paceline.outcome import Exit, PacelineError
from paceline.results.asv_files import decoded, read
from paceline.results.measurements import Status, newest


def one(folder, bench):
    declare(folder, [bench])
    run(machine(folder), [bench])
    archive = read(folder)
    return archive.runs[0].measurements, archive.warnings


def test_every_case_comes_with_its_parameters_decoded(tmp_path):
    archive = read(sample(tmp_path))
    assert archive.warnings == ()
    (only,) = archive.runs
    cases = [case for case in only.measurements if case.benchmark == "hydrology.GR6J.time_run"]
    assert len(cases) == 15
    assert cases[4].params == {"implementation": "numba_jit", "n": 3650}
    assert cases[4].value == pytest.approx(4e-7 + 3.3e-8 * 3650)
    assert cases[4].low < cases[4].value < cases[4].high
    assert (cases[4].kind, cases[4].unit) == ("time", "seconds")


def test_the_run_knows_machine_commit_date_and_environment(tmp_path):
    only = read(sample(tmp_path)).runs[0]
    assert only.machine.cpu == "Example CPU @ 3.00GHz"
    assert only.machine.cores == "4"
    assert only.commit.startswith("01234567")
    assert only.date.timestamp() * 1000 == DATE
    assert only.measured.timestamp() * 1000 == DATE + 3_600_000
    assert only.environment == "virtualenv-py3.11-numpy2.4"
    assert only.requirements == {"numpy": "2.4", "numba": "0.68"}


def test_null_is_failed_and_nan_is_skipped(tmp_path):
    values = {"a": around(1.0), "c": NAN}
    axes = {"implementation": ("a", "b", "c")}
    bench = Bench("m.T.time_run", axes, lambda **case: values.get(case["implementation"]))
    cases, warnings = one(tmp_path, bench)
    assert [case.status for case in cases] == [Status.MEASURED, Status.FAILED, Status.SKIPPED]
    assert [case.value for case in cases] == [1.0, None, None]
    assert warnings == ()


def test_a_benchmark_that_failed_throughout_is_one_null(tmp_path):
    cases, _ = one(
        tmp_path, Bench("m.T.time_run", {"implementation": ("a", "b")}, lambda implementation: None)
    )
    assert [case.status for case in cases] == [Status.FAILED] * 2


def test_a_single_sample_has_no_interval(tmp_path):
    cases, _ = one(tmp_path, Bench("m.time_x", {}, lambda: (1.0, -math.inf, math.inf)))
    assert (cases[0].value, cases[0].low, cases[0].high) == (1.0, None, None)
    assert cases[0].params == {}


def test_dropped_columns_and_recorded_samples(tmp_path):
    bench = Bench("m.time_x", {}, lambda: 1.0)
    declare(tmp_path, [bench])
    path = run(machine(tmp_path), [bench])
    document = json.loads(path.read_text())
    document["results"]["m.time_x"] = [
        [1.0],
        [],
        "1",
        DATE,
        1.0,
        [0.9],
        [1.1],
        None,
        None,
        None,
        None,
        [[1.0, NAN, 1.2]],
    ]
    path.write_text(json.dumps(document))
    assert read(tmp_path).runs[0].measurements[0].samples == (1.0, 1.2)
    document["results"]["m.time_x"] = [[1.0], []]
    path.write_text(json.dumps(document))
    assert read(tmp_path).runs[0].measurements[0].value == 1.0


def test_another_version_is_not_comparable_counted_and_said(tmp_path):
    benches = [
        Bench("m.A.time_run", {}, lambda: 1.0, version="2", recorded_version="1"),
        Bench("m.B.time_run", {}, lambda: 1.0, version="2", recorded_version="2"),
        Bench("m.C.time_run", {}, lambda: 1.0, version="2", recorded_version=None),
    ]
    declare(tmp_path, benches)
    run(machine(tmp_path), benches)
    archive = read(tmp_path)
    assert [case.benchmark for case in archive.runs[0].measurements] == ["m.B.time_run", "m.C.time_run"]
    (warning,) = archive.warnings
    assert "1 benchmarks have another version" in warning


def test_parameters_come_from_the_result_file_not_from_the_suite_of_today(tmp_path):
    """An older commit had no numba_jit: its times must not slide under that name."""
    axes = {"implementation": ("a", "numba_jit", "z")}
    declare(tmp_path, [Bench("m.T.time_run", axes, lambda implementation: 1.0)])
    times = {"a": 1.0, "z": 9.0}
    old = Bench("m.T.time_run", {"implementation": ("a", "z")}, lambda implementation: times[implementation])
    run(machine(tmp_path), [old])
    cases = read(tmp_path).runs[0].measurements
    assert {case.params["implementation"]: case.value for case in cases} == {"a": 1.0, "z": 9.0}


def test_a_benchmark_that_is_gone_is_left_out_and_said(tmp_path):
    declare(tmp_path, [Bench("m.time_new", {}, lambda: 1.0)])
    run(machine(tmp_path), [Bench("m.time_old", {}, lambda: 1.0)])
    archive = read(tmp_path)
    assert archive.runs[0].measurements == ()
    assert "no longer in benchmarks.json" in archive.warnings[0]


TORN = {
    "torn": b'{"commit_hash": "abc", "results": {',
    "empty": b"",
    "binary": b"\xff\xfe\x00\x80",
    "list": b"[1, 2]",
    "foreign": b'{"hello": "world"}',
    "no results": b'{"commit_hash": "abc"}',
    "results a list": b'{"commit_hash": "abc", "results": [], "params": {"machine": "sample"}}',
    "deep": b"[" * 100_000,
    "old format": b'{"version": 1, "commit_hash": "abc", "results": {}}',
    "other machine": b'{"version": 2, "commit_hash": "a", "results": {}, "params": {"machine": "x"}}',
    "huge number": b'{"date": ' + b"9" * 5000 + b"}",
}


@pytest.mark.parametrize("content", TORN.values(), ids=TORN.keys())
def test_a_torn_or_foreign_file_costs_one_warning_and_itself(tmp_path, content):
    sample(tmp_path)
    (tmp_path / "sample" / "deadbeef-env.json").write_bytes(content)
    archive = read(tmp_path)
    (warning,) = archive.warnings
    assert warning.startswith("sample/deadbeef-env.json: ")
    assert str(tmp_path) not in warning
    assert len(archive.runs) == 1


def test_a_folder_named_like_a_file_costs_one_warning(tmp_path):
    sample(tmp_path)
    (tmp_path / "sample" / "x.json").mkdir()
    assert len(read(tmp_path).warnings) == 1


@pytest.mark.parametrize("content", [None, b"{", b"{}", b'{"machine": 3}'])
def test_without_a_machine_file_its_results_are_left_out_and_said(tmp_path, content):
    sample(tmp_path)
    path = tmp_path / "sample" / "machine.json"
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    archive = read(tmp_path)
    assert archive.runs == ()
    assert archive.warnings[0].startswith("sample/machine.json: ")


def test_without_benchmarks_json_the_rest_is_still_read(tmp_path):
    sample(tmp_path)
    (tmp_path / "benchmarks.json").write_text("{torn")
    archive = read(tmp_path)
    assert "parameters have no names" in archive.warnings[0]
    case = archive.runs[0].measurements[0]
    assert case.params == {"param1": "pure_numpy", "param2": 365}
    assert case.kind == "time"


ROWS = {
    "too few results": [[1.0], [["'a'", "'b'"]], "1"],
    "too many axes": [[1.0], [["'a'"], ["1"]], "1"],
    "a product without end": [None, [["1"] * 10_001, ["1"] * 10_001], "1"],
    "no list": 3,
    "empty": [],
    "results no list": [7, [["'a'"]], "1"],
}


@pytest.mark.parametrize("cells", ROWS.values(), ids=ROWS.keys())
def test_a_row_that_cannot_be_read_costs_one_warning_and_itself(tmp_path, cells):
    axes = {"implementation": ("a", "b")} if cells != ROWS["a product without end"] else {"p": "a", "q": "b"}
    benches = [Bench("m.A.time_run", axes, lambda **_: 1.0), Bench("m.B.time_run", {}, lambda: 1.0)]
    declare(tmp_path, benches)
    path = run(machine(tmp_path), benches)
    document = json.loads(path.read_text())
    document["results"]["m.A.time_run"] = cells
    path.write_text(json.dumps(document))
    archive = read(tmp_path)
    assert [case.benchmark for case in archive.runs[0].measurements] == ["m.B.time_run"]
    assert "m.A.time_run" in archive.warnings[0]


@pytest.mark.parametrize("value", ["text", True, {"a": 1}, [1.0]])
def test_what_is_no_number_has_failed_and_says_so(tmp_path, value):
    cases, _ = one(tmp_path, Bench("m.track_x", {}, lambda: value, kind="track", unit="unit"))
    assert (cases[0].status, cases[0].reason) == (Status.FAILED, "asv recorded no number")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("'rust_pyo3'", "rust_pyo3"),
        ("36500", 36500),
        ("0.5", 0.5),
        ("None", None),
        ("True", True),
        ("(1, 2)", "(1, 2)"),
        ("<function f>", "<function f>"),
        ("nan", "nan"),
        ("'a' (0)", "'a' (0)"),
        ("'" + "x" * 10_000 + "'", "x" * 10_000),
        ("__import__('os')", "__import__('os')"),
        ("(" * 5000, "(" * 5000),
        (r"'\x00'", "\x00"),
        ("1" * 5000, "1" * 5000),
    ],
)
def test_parameters_are_decoded_and_never_run(text, value):
    assert decoded(text) == value


def test_the_newest_commit_of_each_machine_in_every_environment(tmp_path):
    bench = [Bench("m.time_x", {}, lambda: 1.0)]
    declare(tmp_path, bench)
    fast, slow = machine(tmp_path, "fast"), machine(tmp_path, "slow")
    for folder, name, commit, date, environment in [
        (fast, "fast", "a" * 40, DATE, "py3.11"),
        (fast, "fast", "b" * 40, DATE + 1000, "py3.11"),
        (fast, "fast", "b" * 40, DATE + 1000, "py3.12"),
        (slow, "slow", "a" * 40, DATE, "py3.11"),
    ]:
        run(folder, bench, commit, date, environment, machine_name=name)
    chosen = [(each.machine.name, each.commit[0], each.environment) for each in newest(read(tmp_path).runs)]
    assert chosen == [("fast", "b", "py3.11"), ("fast", "b", "py3.12"), ("slow", "a", "py3.11")]


def test_our_own_folders_beside_asv_s_files_are_left_alone(tmp_path):
    sample(tmp_path)
    for name in ("races", "checks"):
        (tmp_path / "sample" / name).mkdir()
        (tmp_path / "sample" / name / "x.jsonl").write_text("{}")
    (tmp_path / "alerts").mkdir()
    assert read(tmp_path).warnings == ()


def test_no_results_folder_is_an_error_that_says_what_to_run(tmp_path):
    with pytest.raises(PacelineError, match="paceline run") as caught:
        read(tmp_path / "none")
    assert caught.value.code is Exit.FAILED


SUITE = """
import time


class Sleep:
    params = (["short", "long", "none", "broken"], [1, 2])
    param_names = ["implementation", "n"]
    version = "1"
    number, repeat, rounds, warmup_time = 1, (2, 3, 1.0), 1, 0

    def setup(self, implementation, n):
        if implementation == "none":
            raise NotImplementedError

    def time_run(self, implementation, n):
        if implementation == "broken":
            raise RuntimeError("no")
        time.sleep(n * {"short": 0.001, "long": 0.002}[implementation])

    def track_size(self, implementation, n):
        return n * 1000

    track_size.unit = "bytes"
"""


@pytest.mark.slow
def test_what_asv_itself_writes_is_read(tmp_path):
    """A tiny suite, really measured by the pinned asv."""

    def command(*words):
        subprocess.run(words, cwd=tmp_path, check=False, capture_output=True, text=True, timeout=300)

    (tmp_path / "benchmarks").mkdir()
    (tmp_path / "benchmarks" / "__init__.py").touch()
    (tmp_path / "benchmarks" / "naps.py").write_text(SUITE)
    configuration = {
        "version": 1, "project": "naps", "repo": ".", "branches": ["main"], "environment_type": "existing",
        "results_dir": "results", "benchmark_dir": "benchmarks",
    }  # fmt: skip
    (tmp_path / "asv.conf.json").write_text(json.dumps(configuration))
    command("git", "init", "-q", "-b", "main")
    command("git", "add", ".")
    command("git", "-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "-qm", "naps")
    head = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=tmp_path, check=True, capture_output=True, text=True
    ).stdout.strip()
    machine(tmp_path / "results", "here")
    asv_machine = {
        "here": {"machine": "here", "cpu": "C", "num_cpu": "2", "os": "O", "arch": "A", "ram": "1"}
    }
    (tmp_path / ".asv-machine.json").write_text(json.dumps(asv_machine | {"version": 1}))
    subprocess.run(
        [sys.executable, "-m", "asv", "run", "--python=same", "--set-commit-hash", head, "--machine", "here"],
        cwd=tmp_path, check=False, capture_output=True, timeout=300,
        env={"HOME": str(tmp_path), "PATH": "/usr/local/bin:/usr/bin:/bin"},
    )  # fmt: skip
    archive = read(tmp_path / "results")
    assert archive.warnings == ()
    (only,) = archive.runs
    assert only.commit == head
    cases = {tuple(case.params.values()): case for case in only.measurements if case.kind == "time"}
    assert {key: str(case.status) for key, case in cases.items()} == {
        (implementation, n): status
        for implementation, status in
        {"short": "measured", "long": "measured", "none": "skipped", "broken": "failed"}.items()
        for n in (1, 2)
    }  # fmt: skip
    assert 0.004 < cases["long", 2].value < 0.1
    sizes = [case.value for case in only.measurements if case.kind == "track"]
    assert sizes[:4] == [1000, 2000, 1000, 2000]


def test_the_sample_is_what_it_says(tmp_path):
    archive = read(sample(tmp_path))
    assert set(archive.declared) == {bench.name for bench in SAMPLE}
