from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

from paceline import processes
from paceline.outcome import Exit, PacelineError


@pytest.mark.parametrize("few", [0, 100])
def test_what_is_made_comes_in_order(monkeypatch, few):
    monkeypatch.setattr(processes, "processors", lambda: 2)
    offset = object()  # which cannot be pickled

    def work(item):
        return item * 2, offset is not None, os.getpid()

    found = list(processes.each(work, range(20), few))
    assert [one[:2] for one in found] == [(item * 2, True) for item in range(20)]
    assert (os.getpid() in {one[2] for one in found}) is (few == 100)


def test_an_error_comes_out_and_leaves_nothing_behind(monkeypatch):
    monkeypatch.setattr(processes, "processors", lambda: 2)

    def work(item):
        return 1 // (item - 3)

    with pytest.raises(ZeroDivisionError):
        list(processes.each(work, range(9), 0))
    assert list(processes.each(abs, [-1, -2], 0)) == [1, 2]


def test_one_processor_needs_no_further_process(monkeypatch):
    monkeypatch.setattr(processes, "processors", lambda: 1)
    assert set(processes.each(lambda _: os.getpid(), range(20), 0)) == {os.getpid()}


LATE = """
import os, signal, sys, time
from paceline import processes

def ended(*_):
    raise SystemExit(143)

forked = []

def late():
    if len(forked) > 1:  # the second starts when the first has done everything
        time.sleep(2)

os.register_at_fork(before=lambda: forked.append(1), after_in_child=late)
signal.signal(signal.SIGTERM, ended)
processes.processors = lambda: 2
print(sum(processes.each(abs, range(20), 0)))
"""


def test_a_process_that_starts_when_all_is_done_holds_nothing_up():
    done = subprocess.run(
        [sys.executable, "-c", LATE], capture_output=True, text=True, timeout=30, check=True
    )
    assert done.stdout == "190\n"


def test_a_process_that_the_system_ends_is_told(monkeypatch):
    monkeypatch.setattr(processes, "processors", lambda: 2)

    def work(item):
        if item == 7:
            os.kill(os.getpid(), signal.SIGKILL)
        return item

    with pytest.raises(PacelineError, match="was ended by the system: is there too little memory") as caught:
        list(processes.each(work, range(20), 0))
    assert caught.value.code == Exit.FAILED


def test_ctrl_c_ends_all_processes_without_a_word_of_theirs():
    program = """
import time
from paceline import processes
processes.processors = lambda: 2
print("begun", flush=True)
try:
    list(processes.each(lambda _: time.sleep(0.2), range(1000), 0))
except KeyboardInterrupt:
    print("interrupted")
"""
    child = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        start_new_session=True,
    )  # fmt: skip
    assert child.stdout is not None
    assert child.stdout.readline() == "begun\n"
    while len(psutil.Process(child.pid).children()) < 2:
        time.sleep(0.01)
    os.killpg(child.pid, signal.SIGINT)
    out, err = child.communicate(timeout=60)
    assert (out, err) == ("interrupted\n", "")
    with pytest.raises(ProcessLookupError):
        os.killpg(child.pid, 0)
