"""The command line as a process: what it prints, what it leaves with, and what it leaves behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from conftest import Paceline

from paceline import __version__, cli
from paceline.outcome import Exit, PacelineError
from paceline.results.checks import newest

GOOD = """
class Good:
    params = (["one", "two"], [1, 2])
    param_names = ("implementation", "n")
    def time_run(self, implementation, n):
        pass
    def agreement(self, implementation, n):
        return {"status": "agrees", "max_abs": float("nan"), "max_rel": float("inf"), "reason": ""}
"""
SLOW = """
import os, subprocess, sys, time

class Slow:
    params = (["fast", "also_fast", "hangs", "never"],)
    param_names = ("implementation",)
    def time_run(self, implementation):
        pass
    def agreement(self, implementation):
        if implementation == "hangs":
            child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
            with open(os.path.join(os.path.dirname(__file__), os.pardir, "started"), "w") as file:
                file.write("{} {}".format(os.getpid(), child.pid))
            time.sleep(600)
        return {"status": "agrees", "max_abs": 0.0, "max_rel": 0.0, "reason": ""}

class Hanging(Slow):
    params = (["hangs"],)
    def agreement(self, implementation):
        time.sleep(600)
"""


def test_help_lists_every_command_and_every_exit_code(paceline: Paceline, tmp_path: Path) -> None:
    told = paceline("--help", cwd=tmp_path)
    assert (told.returncode, told.stderr) == (0, "")
    for name in cli.COMMANDS:
        assert f"\n    {name} " in told.stdout
    for code in (0, 1, 2, 3, 4, 5, 70, 130, 143):
        assert str(code) in told.stdout


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_every_command_has_a_help_with_its_own_arguments(
    paceline: Paceline, tmp_path: Path, name: str
) -> None:
    told = paceline(name, "--help", cwd=tmp_path)
    assert (told.returncode, told.stderr) == (0, "")
    assert told.stdout.startswith(f"usage: paceline {name} ")
    assert "--json" in told.stdout


def test_version(paceline: Paceline, tmp_path: Path) -> None:
    assert paceline("--version", cwd=tmp_path).stdout == f"paceline {__version__}\n"


@pytest.mark.parametrize("words", [(), ("nonsense",), ("check", "--nonsense"), ("check", "--jobs", "many")])
def test_usage_errors_are_a_two(paceline: Paceline, tmp_path: Path, words: tuple[str, ...]) -> None:
    told = paceline(*words, cwd=tmp_path)
    assert (told.returncode, told.stdout) == (2, "")
    assert told.stderr.startswith("usage: paceline")


def test_an_error_of_ours_is_one_line(paceline: Paceline, tmp_path: Path) -> None:
    told = paceline("check", cwd=tmp_path)
    assert (told.returncode, told.stdout) == (2, "")
    (line,) = told.stderr.splitlines()
    assert line.startswith("paceline: no asv configuration at asv.conf.json; ")


class Commands:
    """Stands in for a command's module."""

    def __init__(self, act: Callable[[], object]) -> None:
        self.act = act

    def add_arguments(self, parser: object) -> None:
        pass

    def run(self, options: object) -> object:
        return self.act()


def left_with(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> int:
    monkeypatch.setattr(cli, "_command", lambda name: Commands(act))
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    return cli.main(["check"])


def raising(error: BaseException) -> Callable[[], object]:
    def act() -> object:
        raise error

    return act


@pytest.mark.parametrize("code", [code for code in Exit if code is not Exit.OK])
def test_the_code_of_an_error_and_of_a_command_is_the_process_s(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], code: Exit
) -> None:
    assert left_with(monkeypatch, raising(PacelineError("mend it so", code))) == code
    assert capsys.readouterr() == ("", "paceline: mend it so\n")
    assert left_with(monkeypatch, lambda: code) == code


@pytest.mark.parametrize(
    "error",
    [
        ValueError("x"),
        OSError(2, "gone"),
        AssertionError(),
        RecursionError(),
        MemoryError(),
        ExceptionGroup("g", [ValueError()]),
    ],
)
def test_a_bug_is_a_seventy_and_never_a_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: Exception
) -> None:
    assert left_with(monkeypatch, raising(error)) == 70
    said = capsys.readouterr().err
    assert "Traceback" in said
    assert said.endswith("paceline: this is a bug in paceline; please report the lines above\n")


def test_an_import_that_fails_in_a_command_is_a_bug_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "_command", raising_for(ImportError("no such library")))
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    assert cli.main(["check"]) == 70


def raising_for(error: Exception) -> Callable[[str], object]:
    def act(name: str) -> object:
        raise error

    return act


def test_ctrl_c_in_a_command_is_a_130(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert left_with(monkeypatch, raising(KeyboardInterrupt())) == 130
    assert capsys.readouterr().err == "paceline: interrupted; what was measured so far is kept\n"


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_everything_and_keeps_what_was_found(
    suite: Callable[..., Path], sign: signal.Signals
) -> None:
    folder = suite(slow=SLOW)
    child = subprocess.Popen(
        [sys.executable, "-m", "paceline", "check", "--machine", "m", "--jobs", "2"],
        cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    try:
        started = descendants_once(folder / "started", child)
        child.send_signal(sign)
        out, err = child.communicate(timeout=60)
    finally:
        child.kill()
    assert child.returncode == {signal.SIGINT: 130, signal.SIGTERM: 143}[sign], err
    assert "Traceback" not in out + err
    _, alive = psutil.wait_procs(started, timeout=10)
    assert not alive
    with pytest.raises(ProcessLookupError):
        os.killpg(child.pid, 0)
    cases, warnings = newest(folder / "results", "m")
    assert ([case.implementation for case in cases], warnings) == (["fast", "also_fast"], ())
    assert {case.status for case in cases} == {"agrees"}


def descendants_once(started: Path, child: subprocess.Popen[str]) -> list[psutil.Process]:
    """Wait until the suite says that it hangs, and its record is written; return who must end."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        records = [
            line for file in started.parent.rglob("checks/*.jsonl") for line in file.read_text().splitlines()
        ]
        if started.exists() and started.read_text() and len(records) == 3:
            found = psutil.Process(child.pid).children(recursive=True)
            assert len(found) >= 3, "two workers, and the child of one"
            return found
        assert child.poll() is None, child.communicate()
        time.sleep(0.05)
    raise AssertionError("the suite never hung")


def test_a_reader_that_leaves_is_no_verdict(suite: Callable[..., Path]) -> None:
    folder = suite(good=GOOD)
    reading, writing = os.pipe()
    os.close(reading)
    child = subprocess.run(
        [sys.executable, "-m", "paceline", "check"],
        cwd=folder, stdout=writing, stderr=subprocess.PIPE, text=True, check=False, timeout=60,
    )  # fmt: skip
    os.close(writing)
    assert (child.returncode, child.stderr) == (0, "")


def test_json_on_standard_output_is_strict_and_alone(paceline: Paceline, suite: Callable[..., Path]) -> None:
    told = paceline("check", "--json", "-", cwd=suite(good=GOOD))
    assert told.returncode == 0, told.stderr

    def refuse(name: str) -> None:
        raise AssertionError(f"{name} is no JSON")

    document = json.loads(told.stdout, parse_constant=refuse)
    assert document["schema"] == 1
    assert [case["max_abs"] for case in document["cases"]] == [None] * 4
    assert "4 cases: 4 agrees" in told.stderr


def test_without_json_people_read_standard_output(paceline: Paceline, suite: Callable[..., Path]) -> None:
    told = paceline("check", cwd=suite(good=GOOD))
    assert "4 cases: 4 agrees" in told.stdout
    assert told.stderr == ""


def test_json_to_a_file(paceline: Paceline, suite: Callable[..., Path]) -> None:
    folder = suite(good=GOOD)
    told = paceline("check", "--json", "new/check.json", cwd=folder)
    assert "4 cases: 4 agrees" in told.stdout
    assert json.loads((folder / "new" / "check.json").read_text())["exits"] == []
