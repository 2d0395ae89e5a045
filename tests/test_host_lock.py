"""The host's lock, with real processes: who measures, who waits, who is refused, and who died."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from paceline.host import lock
from paceline.host.lock import hold, lock_path
from paceline.outcome import Exit, PacelineError

HOLDER = """
import sys
from paceline.host.lock import hold
with hold(sys.argv[1], 0, lambda text: print(text, flush=True)):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The lock of this test only; looking again costs next to no time."""
    monkeypatch.setenv("PACELINE_LOCK", str(tmp_path / "host.lock"))
    monkeypatch.setattr(lock, "LOOK_SECONDS", 0.01)
    return tmp_path / "host.lock"


@contextmanager
def holder(command: str = "paceline race gr6j") -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the host until its input is closed."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    process = subprocess.Popen([sys.executable, "-c", HOLDER, command], **pipes)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
    finally:
        process.kill()
        process.wait(timeout=30)
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()


def refused(wait: float | None = 0, say: lock.Say = pytest.fail) -> str:
    with pytest.raises(PacelineError) as raised, hold("paceline run", wait, say):
        pytest.fail("held by two")
    assert raised.value.code is Exit.FAILED
    return str(raised.value)


def held_elsewhere() -> bool:
    """Tell whether a new process finds the host taken."""
    words = [sys.executable, "-c", HOLDER, "another"]
    ended = subprocess.run(words, input="", capture_output=True, text=True, check=False, timeout=60)
    return ended.returncode != 0


def test_who_is_refused_is_told_by_whom_and_how_to_wait(path: Path) -> None:
    with holder() as process:
        text = refused()
        told = json.loads(path.read_text())
    assert f"`paceline race gr6j` (pid {process.pid}) has measured on this host since " in text
    assert "--wait SECONDS" in text
    assert set(told) == {"pid", "command", "since", "user"}
    assert told["pid"] == process.pid


def test_a_wait_ends_in_a_refusal() -> None:
    said: list[str] = []
    with holder():
        assert "did not end within 0.05 s" in refused(0.05, said.append)
    (line,) = said
    assert line.startswith("waiting: `paceline race gr6j` (pid ")
    assert line.endswith("; Ctrl-C to give up")


def test_who_waits_gets_the_host_when_the_other_ends() -> None:
    with holder() as process:
        assert process.stdin is not None
        with hold("paceline run", None, lambda _: process.stdin.close()):  # type: ignore[union-attr]
            process.wait(timeout=30)
            assert held_elsewhere()
    assert not held_elsewhere()


def test_a_holder_that_was_killed_holds_nothing(path: Path) -> None:
    with holder() as process:
        process.kill()
        process.wait(timeout=30)
        assert "gr6j" in path.read_text()
        with hold("paceline run", 0, pytest.fail):
            assert json.loads(path.read_text())["command"] == "paceline run"


def test_every_minute_it_says_again_for_whom_it_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "SAY_SECONDS", 0.0)
    said: list[str] = []

    def say(text: str) -> None:
        said.append(text)
        if len(said) == 3:
            raise KeyboardInterrupt

    with holder(), pytest.raises(KeyboardInterrupt), hold("paceline run", None, say):
        pytest.fail("held by two")
    assert len(set(said)) == 1


def test_ctrl_c_while_waiting_passes_and_the_host_can_be_had_later() -> None:
    words = [sys.executable, "-c", HOLDER.replace(", 0,", ", None,"), "waiter"]
    with holder():
        process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert process.stdout is not None
        assert "waiting" in process.stdout.readline()
        process.send_signal(signal.SIGINT)
        _, complaint = process.communicate(timeout=30)
    assert "KeyboardInterrupt" in complaint
    with hold("paceline run", 0, pytest.fail):
        pass


def test_one_process_may_hold_it_inside_itself(path: Path) -> None:
    with hold("outer", 0, pytest.fail):
        with hold("inner", 0, pytest.fail):
            assert json.loads(path.read_text())["command"] == "outer"
        assert held_elsewhere()
    assert not held_elsewhere()
    assert path.read_text() == ""


def test_what_goes_wrong_inside_passes_and_lets_go() -> None:
    with pytest.raises(ZeroDivisionError), hold("outer", 0, pytest.fail), hold("inner", 0, pytest.fail):
        raise ZeroDivisionError
    assert not held_elsewhere()


def test_a_child_that_outlives_us_does_not_hold_the_host() -> None:
    script = (
        "import os, subprocess, sys, time\n"
        "from paceline.host.lock import hold\n"
        "def say(text): print(text, flush=True)\n"
        "with hold('parent', 0, say):\n"
        "    started = subprocess.Popen(['sleep', '600'], close_fds=False)\n"
        "    forked = os.fork()\n"
        "    if not forked: time.sleep(600)\n"
        "    print(started.pid, forked, flush=True)\n"
        "    os.kill(os.getpid(), 9)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    children = [int(word) for word in process.stdout.readline().split()]
    try:
        process.wait(timeout=30)
        for child in children:
            os.kill(child, 0)  # it lives
        with hold("paceline run", 30, lambda _: None):  # the forked one lets go as soon as it runs
            pass
    finally:
        for child in children:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        process.stdout.close()


def test_a_forked_child_does_not_think_that_it_holds_it() -> None:
    with hold("parent", 0, pytest.fail):
        child = os.fork()
        if not child:
            try:
                with hold("child", 0, lambda _: None):
                    os._exit(1)
            except PacelineError:
                os._exit(42)
            finally:
                os._exit(2)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 42
        assert held_elsewhere()


def test_all_users_may_use_the_file_whatever_the_umask(path: Path) -> None:
    before = os.umask(0o077)
    try:
        with hold("paceline run", 0, pytest.fail):
            assert stat.S_IMODE(path.stat().st_mode) == 0o666
    finally:
        os.umask(before)


@pytest.mark.skipif(os.getuid() != 0, reason="only root may become somebody else")
def test_a_file_of_another_user_in_a_sticky_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sticky = tmp_path / "tmp"
    sticky.mkdir()
    sticky.chmod(0o1777)
    mine = sticky / "host.lock"
    monkeypatch.setenv("PACELINE_LOCK", str(mine))
    for mode in (0o666, 0o644):
        mine.touch()
        os.chown(mine, 65534, 65534)
        mine.chmod(mode)
        with hold("paceline run", 0, pytest.fail):
            assert held_elsewhere()
        mine.unlink()


@pytest.mark.parametrize("what", ["link", "pipe", "folder", "hard link", "no folder"])
def test_where_there_can_be_no_lock_that_is_said_and_it_goes_on(path: Path, what: str) -> None:
    victim = path.with_name("victim")
    victim.write_text("precious")
    make: dict[str, Callable[[], object]] = {
        "link": lambda: path.symlink_to(victim),
        "pipe": lambda: os.mkfifo(path),
        "folder": path.mkdir,
        "hard link": lambda: path.hardlink_to(victim),
        "no folder": lambda: os.environ.update(PACELINE_LOCK=str(victim / "lock")),
    }
    make[what]()
    said: list[str] = []
    with hold("paceline run", 0, said.append):
        pass
    (line,) = said
    assert "cannot lock" in line
    assert "PACELINE_LOCK" in line
    assert victim.read_text() == "precious"


def test_a_file_that_was_deleted_under_its_holder_does_not_stop_the_next(path: Path) -> None:
    with hold("first", 0, pytest.fail):
        path.unlink()
        with holder():
            assert "gr6j" in path.read_text()


@pytest.mark.parametrize("deleted", [1, 1000])
def test_a_file_deleted_between_opening_and_locking_is_opened_again(
    path: Path, monkeypatch: pytest.MonkeyPatch, deleted: int
) -> None:
    real, opened, said = lock.open_shared, [], []

    def open_shared(path: Path) -> int:
        opened.append(real(path))
        if len(opened) <= deleted:
            path.unlink()
        return opened[-1]

    monkeypatch.setattr(lock, "open_shared", open_shared)
    with hold("paceline run", 0, said.append):
        assert held_elsewhere() == (deleted == 1)
    assert len(opened) == (2 if deleted == 1 else 10)
    assert ["replaced" in line for line in said] == [True] * (deleted > 1)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "another process (it holds"),
        ("[1]", "another process (it holds"),
        ("\xff" * 9000, "another process (it holds"),
        ("[" * 4000, "another process (it holds"),
        (json.dumps({"pid": 1, "command": "a\x1b[3m\nb", "user": "x'"}), "`a[3mb` (pid 1, user x')"),
        (json.dumps({"pid": 1, "command": "a", "since": "0001-01-01T00:00:00+23:59"}), "`a` (pid 1)"),
    ],
)  # fmt: skip
def test_what_a_holder_wrote_is_only_text(path: Path, content: str, told: str) -> None:
    with holder():
        path.write_text(content, encoding="latin-1")
        text = refused()
    assert told in text
    assert text.isprintable()


def test_the_day_is_told_when_it_was_not_today(path: Path) -> None:
    with holder():
        path.write_text(json.dumps({"pid": 1, "command": "a", "since": "2001-02-03T12:00:00Z"}))
        assert "since 2001-02-0" in refused()


def test_tmpdir_does_not_part_users_of_one_host(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("PACELINE_LOCK")
    before = lock_path()
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    assert lock_path() == before
    assert before.name == "paceline-host.lock"
