"""A worker that crashes, hangs or lies costs its own case; the rest goes on."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

from paceline.race.check import check, plan
from paceline.race.process import AHEAD, Worker, WorkerLostError
from paceline.results.checks import Case
from paceline.suite.config import load
from paceline.suite.discover import questions

TESTS = Path(__file__).parent
SECONDS = 3.0
TOLD = {
    "first": ("agrees", ""),
    "differs": ("differs", "result[3] is 7.5, expected 5.0"),
    "not_here": ("skipped", "no such compiler here"),
    "raises_in_setup": ("failed", "OSError: setup has no file"),
    "raises": ("failed", "ZeroDivisionError: of all things"),
    "prints": ("agrees", ""),
    "writes_to_fd_1": ("agrees", ""),
    "reads_stdin": ("agrees", ""),
    "exits": ("failed", "SystemExit: enough"),
    "exits_0": ("failed", "SystemExit: 0"),
    "aborts": ("failed", "the worker was killed by SIGABRT"),
    "segfaults": ("failed", "the worker was killed by SIGSEGV"),
    "kills_itself": ("failed", "the worker was killed by SIGKILL"),
    "real_time_signal": ("failed", "the worker was killed by signal 37"),
    "hangs": ("failed", f"the worker gave no answer within {SECONDS:g} s"),
    "closes_pipes": ("failed", "the worker ended with exit code"),
    "no_memory": ("failed", "MemoryError"),
    "needs_memory": ("agrees", ""),
    "tears_down_badly": ("failed", "ValueError: teardown is broken"),
    "odd_status": ("failed", "agreement told the status 'splendid'"),
    "tells_nothing": ("failed", "agreement told the status 'None'"),
    "tells_text": ("failed", "TypeError: agreement told 'agrees', not a dictionary"),
    "tells_nan": ("differs", "nan"),
    "interrupts_itself": ("failed", "KeyboardInterrupt"),
    "leaves_children": ("failed", "the worker ended with exit code 7"),
    "last": ("agrees", ""),
}


def answers(folder: Path, seconds: float = 60.0) -> list[Case]:
    config = folder / "asv.conf.json"
    return check(load(config), plan(questions(config)), sys.executable, seconds, 2, lambda case: None)


@pytest.fixture(scope="module")
def troubles(tmp_path_factory: pytest.TempPathFactory) -> list[Case]:
    folder = tmp_path_factory.mktemp("troubles")
    (folder / "asv.conf.json").write_text(
        '{"version": 1, "project": "p", "repo": ".", "benchmark_dir": "benchmarks"}'
    )
    (folder / "benchmarks").symlink_to(TESTS / "suites" / "troubles" / "benchmarks")
    return answers(folder, SECONDS)


@pytest.mark.parametrize("implementation", TOLD)
def test_a_trouble_costs_its_own_case(troubles: list[Case], implementation: str) -> None:
    told = [
        case
        for case in troubles
        if case.model == "troubles.Troubles" and case.implementation == implementation
    ]
    status, reason = TOLD[implementation]
    assert [case.status for case in told] == [status], told
    assert told[0].reason.startswith(reason), told[0].reason


def test_every_case_is_answered_once_and_in_the_suite_s_order(troubles: list[Case]) -> None:
    named = [case.implementation for case in troubles if case.model == "troubles.Troubles"]
    assert named == list(TOLD)


def test_without_agreement_nothing_is_called_agreeing(troubles: list[Case]) -> None:
    unchecked = [case for case in troubles if case.model == "troubles.Unchecked"]
    assert {case.status for case in unchecked} == {"unchecked"}
    assert [(case.implementation, dict(case.axes)) for case in unchecked] == [
        ("one", {"n": 1}), ("one", {"n": 2}), ("two", {"n": 1}), ("two", {"n": 2}),
    ]  # fmt: skip


def test_what_the_suite_skips_is_skipped_with_its_reason(troubles: list[Case]) -> None:
    skipped = [case for case in troubles if case.model == "troubles.Skipping" and case.status != "agrees"]
    assert [(case.implementation, case.axes, case.status) for case in skipped] == [
        ("two", {"n": 2}, "skipped")
    ]
    assert "skip_params" in skipped[0].reason


def test_our_modules_do_not_shadow_those_of_the_suite(kept_suite: Callable[[str], Path]) -> None:
    told = answers(kept_suite("shadows"))
    assert [(case.implementation, case.status, case.reason) for case in told] == [
        ("module", "agrees", "[]"), ("path", "agrees", "[]"),
    ]  # fmt: skip


def test_a_setup_cache_is_made_and_handed_on(suite: Callable[..., Path]) -> None:
    folder = suite(
        cached="""
class Cached:
    params = (["one", "two"],)
    param_names = ("implementation",)
    def setup_cache(self):
        return {"answer": 42}
    def setup(self, cache, implementation):
        self.answer = cache["answer"]
    def time_run(self, cache, implementation):
        pass
    def agreement(self, cache, implementation):
        good = self.answer == cache["answer"] == 42
        return {"status": "agrees" if good else "differs", "reason": implementation}
"""
    )
    assert [(case.status, case.reason) for case in answers(folder)] == [("agrees", "one"), ("agrees", "two")]


def test_functions_without_a_class_are_unchecked(suite: Callable[..., Path]) -> None:
    folder = suite(
        functions="""
def time_it(implementation, n):
    pass
time_it.params = (["one", "two"], [3])
time_it.param_names = ("implementation", "n")
def setup(implementation, n):
    if implementation == "two":
        raise NotImplementedError("only one")
"""
    )
    told = answers(folder)
    assert [(case.model, case.implementation, case.status, case.reason) for case in told] == [
        ("functions", "one", "unchecked", ""), ("functions", "two", "skipped", "only one"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "value", ["1j", "b'x'", "{1, 2}", "...", "object()", "float('nan')", "1e999", "None", "(1, 2)"]
)
def test_any_parameter_can_be_recorded(suite: Callable[..., Path], tmp_path: Path, value: str) -> None:
    from paceline.results.checks import CheckLog, newest, record

    folder = suite(
        odd=f"""
class Odd:
    params = (["one"], [{value}])
    param_names = ("implementation", "value")
    def time_run(self, implementation, value):
        pass
"""
    )
    (case,) = answers(folder)
    assert case.status == "unchecked"
    log = CheckLog(tmp_path, "m", "")
    log.write({"kind": "case", **record(case)})
    log.close()
    (read,), warnings = newest(tmp_path, "m")
    assert (read.status, warnings) == ("unchecked", ())


def test_closing_a_worker_ends_it_and_what_it_started(kept_suite: Callable[[str], Path]) -> None:
    folder = kept_suite("troubles")
    with Worker(sys.executable, folder / "benchmarks", folder) as worker:
        pid = worker._process.pid
        with pytest.raises(WorkerLostError, match="no answer within 1 s"):
            worker.ask({"do": "agree", "benchmark": "troubles.Troubles.time_run", "index": 14}, 1.0)
        assert psutil.pid_exists(pid)
    assert not psutil.pid_exists(pid)
    with pytest.raises(ProcessLookupError):
        os.killpg(pid, 0)


def test_a_worker_that_is_timed_is_ahead_of_others_where_the_system_grants_it(
    kept_suite: Callable[[str], Path],
) -> None:
    folder = kept_suite("troubles")
    own = os.getpriority(os.PRIO_PROCESS, 0)
    with Worker(sys.executable, folder / "benchmarks", folder) as worker:
        pid = worker._process.pid
        try:
            os.setpriority(os.PRIO_PROCESS, pid, AHEAD)
            granted = AHEAD if own <= 0 else own
            os.setpriority(os.PRIO_PROCESS, pid, own)
        except OSError:
            granted = own
        for ahead, priority in ((True, granted), (False, own)):
            worker.pin({min(os.sched_getaffinity(0))} if hasattr(os, "sched_getaffinity") else (), ahead)
            assert os.getpriority(os.PRIO_PROCESS, pid) == priority


def test_a_worker_of_another_protocol_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = tmp_path / "worker.py"
    script.write_text("print('{\"protocol\": 99}', flush=True)\ninput()\n")
    monkeypatch.setattr("paceline.race.process.SCRIPT", script)
    with pytest.raises(WorkerLostError, match="protocol 99, not 2"):
        Worker(sys.executable, tmp_path, tmp_path)


@pytest.mark.parametrize("line", ["no json", "[1]", '"text"'])
def test_nonsense_on_the_pipe_is_no_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    script = tmp_path / "worker.py"
    script.write_text(f"print({line!r}, flush=True)\ninput()\n")
    monkeypatch.setattr("paceline.race.process.SCRIPT", script)
    with pytest.raises(WorkerLostError, match="something else than an answer"):
        Worker(sys.executable, tmp_path, tmp_path)


def test_an_interpreter_without_asv_runner_is_a_failed_case_with_that_reason(
    kept_suite: Callable[[str], Path], tmp_path: Path
) -> None:
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" -S -E "$@"\n')
    python.chmod(0o755)
    config = kept_suite("shadows") / "asv.conf.json"
    cases = check(load(config), plan(questions(config)), str(python), 60.0, 1, lambda case: None)
    assert [case.status for case in cases] == ["failed", "failed"]
    assert "No module named 'asv_runner'" in cases[0].reason


def test_an_exception_in_the_caller_ends_the_workers_at_once(
    suite: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = suite(
        slow="""
import time
class Slow:
    params = (["quick", "slow"],)
    param_names = ("implementation",)
    def time_run(self, implementation):
        pass
    def agreement(self, implementation):
        if implementation == "slow":
            time.sleep(600)
        return {"status": "agrees"}
"""
    )
    config = folder / "asv.conf.json"
    before = set(psutil.Process().children(recursive=True))
    ask, lost = Worker.ask, []

    def heard(self: Worker, command: dict[str, Any], seconds: float) -> dict[str, Any]:
        try:
            return ask(self, command, seconds)
        except WorkerLostError as error:
            lost.append(str(error))
            raise

    monkeypatch.setattr(Worker, "ask", heard)

    def interrupted(case: Case) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check(load(config), plan(questions(config)), sys.executable, 60.0, 1, interrupted)
    assert set(psutil.Process().children(recursive=True)) <= before
    assert lost == ["was stopped"], "it waited for the case to run out of time"
