"""``paceline run``: what asv is told, where results go, and how the end of asv is told."""

from __future__ import annotations

import itertools
import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest
from conftest import Paceline

from paceline import cli
from paceline.host import lock
from paceline.outcome import Exit, PacelineError
from paceline.race import canary
from paceline.race.canary import Canary
from paceline.suite import asv_run
from paceline.suite.asv_run import Order
from paceline.suite.config import load

BENCHMARK = """
class A:
    params = (["one", "two"], [1, 2, 3])
    param_names = ("implementation", "n")
    def time_run(self, implementation, n):
        pass
    def track_size(self, implementation, n):
        return 1
"""
QUICK = "[quick]\nbench = ['^small\\..*time', 'other']\nattributes = { rounds = 1, repeat = [3, 60, 0.25] }\n"
NOT_BUILT = (
    """
· Creating environments
·· Building 8ab74b05 <main> for virtualenv-py3.11
·· Error running python -m pip wheel (exit status 1)
   STDERR -------->
     error: no way to build this

     last words of the build
[ 0.00%] ·· Skipping virtualenv-py3.11
[100.00%] ··· small.A.time_run skipped
"""
    + "[100.00%] ··· and so on\n" * 40
)


@pytest.fixture
def project(suite: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A suite in a git repository, the current folder; HOME is a folder of the test's."""
    folder = suite(small=BENCHMARK)
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "somebody")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "somebody@localhost")
    for words in (
        ("init", "--quiet", "--initial-branch=main"),
        ("add", "--all"),
        ("commit", "--quiet", "-m", "a"),
    ):
        subprocess.run(["git", *words], cwd=folder, check=True, timeout=60)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def asv(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[list[str]]]:
    """Return a function that puts a script in asv's place, and returns what it is asked for."""

    monkeypatch.setattr(canary, "sing", lambda: Canary(0.02, 0.001))
    monkeypatch.setattr(canary, "read_ticks", lambda: None)

    def stands_in(script: str) -> list[list[str]]:
        asked: list[list[str]] = []
        real = asv_run.command

        def command(suite: Any, order: Order) -> list[str]:
            asked.append(real(suite, order))
            return [sys.executable, "-c", script]

        monkeypatch.setattr(asv_run, "command", command)
        return asked

    return stands_in


def saying(text: str, code: int = 0) -> str:
    return f"import sys\nprint({text!r})\nsys.exit({code})\n"


def files(folder: Path) -> set[str]:
    return {
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and ".git" not in path.parts
    }


def test_a_dry_run_shows_the_command_and_does_nothing(paceline: Paceline, project: Path) -> None:
    before = files(project)
    ended = paceline("run", "--dry-run", "--machine", "box", "--bench", "time", "HEAD^!", cwd=project)
    assert ended.returncode == 0, ended.stderr
    last = ended.stdout.splitlines()[-1].split()
    assert last[:3] == [sys.executable, "-m", "paceline.suite.asv_main"]
    assert last[3:6] == [str(project / "results"), "run", "HEAD^!"]
    assert last[last.index("--machine") + 1] == "box"
    assert last[last.index("--bench") + 1] == "time"
    assert last[last.index("--config") + 1] == str(project / "asv.conf.json")
    assert {name for name in files(project) - before if "__pycache__" not in name} == set()
    assert not list(Path(os.environ["HOME"]).iterdir())


def test_a_dry_run_counts_the_cases(paceline: Paceline, project: Path) -> None:
    told = paceline("run", "--dry-run", cwd=project).stdout
    assert "for 12 cases and a commit" in told
    (project / "paceline.toml").write_text(QUICK)
    told = paceline("run", "--dry-run", "--preset", "quick", cwd=project).stdout
    assert "for 6 cases, quick" in told


def test_the_quick_preset_is_what_paceline_toml_says(paceline: Paceline, project: Path) -> None:
    (project / "paceline.toml").write_text(QUICK)
    words = paceline("run", "--dry-run", "--preset", "quick", cwd=project).stdout.splitlines()[-1].split()
    assert words[3] == str(project / ".paceline" / "quick")
    options = list(itertools.pairwise(words))
    assert [value for name, value in options if name == "--bench"] == ["^small\\..*time", "other"]
    assert [value for name, value in options if name == "--attribute"] == ["rounds=1", "repeat=(3,60,0.25)"]


def test_the_full_preset_takes_nothing_from_quick(paceline: Paceline, project: Path) -> None:
    (project / "paceline.toml").write_text(QUICK)
    words = paceline("run", "--dry-run", cwd=project).stdout.splitlines()[-1].split()
    assert words[3] == str(project / "results")
    assert not {"--bench", "--attribute", "--quick"} & set(words)


@pytest.mark.parametrize("text", ["[quick", "[quick]\nbench = 'a'\n", "[quick]\nattributes = []\n"])
def test_settings_that_cannot_be_used_are_a_two(paceline: Paceline, project: Path, text: str) -> None:
    (project / "paceline.toml").write_text(text)
    ended = paceline("run", "--preset", "quick", "--dry-run", cwd=project)
    assert (ended.returncode, ended.stdout) == (2, "")
    (line,) = ended.stderr.splitlines()
    assert "paceline.toml" in line


def test_a_dirty_tree_is_said_to_be_left_out(paceline: Paceline, project: Path) -> None:
    words = ("run", "--dry-run")
    assert "the working tree has changes" not in paceline(*words, cwd=project).stdout
    (project / "benchmarks" / "small.py").write_text(BENCHMARK + "# changed\n")
    assert "the working tree has changes" in paceline(*words, cwd=project).stdout


def test_what_asv_is_asked_for_and_what_is_told(
    project: Path, asv: Callable[..., list[list[str]]], capsys: pytest.CaptureFixture[str]
) -> None:
    asked = asv(saying("[ 50.00%] ··· small.A.time_run ok"))
    assert cli.main(["run", "--json", "-", "--machine", "box"]) == 0
    out, err = capsys.readouterr()
    told = json.loads(out)
    assert (told["schema"], told["machine"], told["asv"], told["exits"]) == (1, "box", 0, [])
    assert told["infra"] == ""
    assert told["results"] == str(project / "results")
    assert "[ 50.00%] ··· small.A.time_run ok" in Path(told["log"]).read_text()
    assert "measured; asv's own output is in" in err
    ((*_, _launch, interleave),) = asked
    assert interleave == "--interleave-rounds"
    known = json.loads(Path(os.environ["HOME"], ".asv-machine.json").read_text())
    assert known["box"]["machine"] == "box"
    (line,) = (project / "results" / "box" / "host.jsonl").read_text().splitlines()
    assert json.loads(line)["machine"] == "box"


@pytest.mark.parametrize("command", ["run", "check"])
def test_the_only_machine_that_asv_knows_is_this_one_as_asv_has_it(
    project: Path, asv: Callable[..., list[list[str]]], capsys: pytest.CaptureFixture[str], command: str
) -> None:
    """asv would file its results under that name: hosts and checks belong beside them."""
    asv(saying("fine"))
    entry = {"machine": "lab", "os": "Linux"}
    Path(os.environ["HOME"], ".asv-machine.json").write_text(json.dumps({"lab": entry, "version": 1}))
    assert platform.node() != "lab"
    assert cli.main([command, "--json", "-"]) == 0
    assert json.loads(capsys.readouterr().out)["machine"] == "lab"
    assert [path.name for path in (project / "results").iterdir()] == ["lab"]


def test_quick_results_go_to_a_folder_of_their_own(
    project: Path, asv: Callable[..., list[list[str]]], capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "paceline.toml").write_text(QUICK)
    asv(saying("fine"))
    assert cli.main(["run", "--preset", "quick", "--machine", "box"]) == 0
    assert not (project / "results").exists()
    assert (project / ".paceline" / "quick" / "box" / "host.jsonl").is_file()


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("fine", 0, "measured; asv's own output"),
        ("some failed", 2, "some cases failed; the reasons are in "),
        ("no idea", 1, "asv ended with exit code 1"),
        ("killed", 137, "asv ended with exit code 137"),
        (NOT_BUILT, 2, "asv could not build a commit"),
        ("·· Failed to build the project and import the benchmark suite.", 1, "asv ended with exit code 1"),
    ],
)
def test_how_asv_ends_is_how_we_end(
    project: Path, asv: Callable[..., list[list[str]]], capsys: pytest.CaptureFixture[str],
    text: str, code: int, said: str,
) -> None:  # fmt: skip
    asv(saying(text, code))
    assert cli.main(["run", "--machine", "box"]) == (3 if code else 0)
    out = capsys.readouterr().out
    assert said in out
    if code not in (0, 2):
        assert text in out
    if text is NOT_BUILT:
        assert "last words of the build" in out
        assert "and so on" not in out


def test_asv_that_fails_to_build_but_ends_well_is_not_well(
    project: Path, asv: Callable[..., list[list[str]]]
) -> None:
    asv(saying(NOT_BUILT, 0))
    assert cli.main(["run", "--machine", "box"]) == 3


def test_output_that_is_no_text_is_kept(project: Path, asv: Callable[..., list[list[str]]]) -> None:
    asv("import os\nos.write(1, b'\\xff\\xfe \\xc2\\xb7\\n')\n")
    assert cli.main(["run", "--machine", "box"]) == 0


def test_progress_is_told(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "nothing\n[ 12.50%] ··· small.A.time_run    ok\n[100.00%] ··· x\n"
    monkeypatch.setattr(asv_run, "command", lambda *_: [sys.executable, "-c", saying(text)])
    heard: list[tuple[float, str]] = []
    order = Order("HEAD^!", "box", project / "results")
    ended = asv_run.run(
        load(project / "asv.conf.json"), order, project / "log", lambda *told: heard.append(told)
    )
    assert heard == [(12.5, "small.A.time_run    ok"), (100.0, "x")]
    assert ended.code == 0
    assert ended.unbuilt == ()


def test_whatever_happens_nothing_of_asv_is_left_behind(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = (
        "import os, signal, subprocess, sys, time\n"
        "signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        "print(f'[ 1.00%] {child.pid}', flush=True)\n"
        "time.sleep(600)\n"
    )
    monkeypatch.setattr(asv_run, "command", lambda *_: [sys.executable, "-c", script])
    monkeypatch.setattr(asv_run, "STOP_SECONDS", 0.3)
    started: list[psutil.Process] = []

    def interrupted(percent: float, text: str) -> None:
        started.extend(psutil.Process().children(recursive=True))
        assert int(text) in [process.pid for process in started]
        raise KeyboardInterrupt

    order = Order("HEAD^!", "box", project / "results")
    with pytest.raises(KeyboardInterrupt):
        asv_run.run(load(project / "asv.conf.json"), order, project / "log", interrupted)
    _, alive = psutil.wait_procs(started, timeout=10)
    assert not alive
    assert "[ 1.00%]" in (project / "log").read_text()


def test_a_log_that_cannot_be_written_is_a_three(project: Path) -> None:
    (project / "file").write_text("in the way")
    order = Order("HEAD^!", "box", project / "results")
    with pytest.raises(PacelineError, match="cannot write") as raised:
        asv_run.run(load(project / "asv.conf.json"), order, project / "file" / "log", lambda *_: None)
    assert raised.value.code is Exit.FAILED


def test_the_config_is_relative_to_itself_and_not_to_where_one_stands(
    paceline: Paceline, project: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    config = os.path.relpath(project / "asv.conf.json", elsewhere)
    ended = paceline("run", "--dry-run", "--config", config, cwd=elsewhere)
    assert ended.returncode == 0, ended.stderr
    words = ended.stdout.splitlines()[-1].split()
    assert words[3] == str(project / "results")
    assert words[words.index("--config") + 1] == str(project / "asv.conf.json")


def test_a_dry_run_tells_json_too(paceline: Paceline, project: Path) -> None:
    ended = paceline("run", "--dry-run", "--json", "-", "--machine", "box", cwd=project)
    told = json.loads(ended.stdout)
    assert (told["schema"], told["machine"], told["asv"], told["exits"]) == (1, "box", None, [])
    assert told["infra"] == ""
    assert "paceline.suite.asv_main" in ended.stderr


def test_an_unusual_machine_is_said_and_changes_no_exit_code(
    project: Path, asv: Callable[..., list[list[str]]], capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    asv(saying("fine"))
    songs = iter([Canary(0.020, 0.001), Canary(0.023, 0.001)])
    monkeypatch.setattr(canary, "sing", lambda: next(songs))
    assert cli.main(["run", "--machine", "box", "--json", "told.json"]) == 0
    out = capsys.readouterr().out
    (line,) = [line for line in out.splitlines() if line.startswith("infra: ")]
    told = json.loads((project / "told.json").read_text())
    assert told["infra"] == "an integer loop took 20 ms at the start and 23 ms at the end"
    assert line.endswith(told["infra"])
    (kept,) = (project / "results" / "box" / "canary.jsonl").read_text().splitlines()
    assert json.loads(kept)["loop"] == 0.020
    (host,) = (project / "results" / "box" / "host.jsonl").read_text().splitlines()
    assert json.loads(kept)["epoch"] == json.loads(host)["epoch"]


def test_the_host_is_held_while_asv_runs_and_not_after(
    project: Path, asv: Callable[..., list[list[str]]], capsys: pytest.CaptureFixture[str]
) -> None:
    asv("import os, pathlib; print('lock:', pathlib.Path(os.environ['PACELINE_LOCK']).read_text())")
    assert cli.main(["run", "--machine", "box", "--json", "-", "main"]) == 0
    log = Path(json.loads(capsys.readouterr().out)["log"]).read_text()
    assert json.loads(log.partition("lock: ")[2])["command"] == "paceline run main"
    assert lock.lock_path().read_text() == ""


def test_a_host_that_is_taken_is_a_three(
    project: Path, asv: Callable[..., list[list[str]]], paceline: Paceline
) -> None:
    with lock.hold("paceline race gr6j", 0, print):
        for words in (("--no-wait",), ("--wait", "0")):
            ended = paceline("run", *words, cwd=project)
            assert ended.returncode == 3
            (line,) = ended.stderr.splitlines()
            assert f"`paceline race gr6j` (pid {os.getpid()}) has measured on this host since" in line
            assert "--wait SECONDS" in line
        assert paceline("run", "--dry-run", "--no-wait", cwd=project).returncode == 0
    assert not (project / "results").exists()


@pytest.mark.parametrize("words", [("--wait", "-1"), ("--wait", "nan"), ("--wait", "1", "--no-wait")])
def test_a_wait_that_means_nothing_is_a_two(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        cli.main(["run", *words])
    assert "usage" in capsys.readouterr().err
