from __future__ import annotations

import os

import pytest

from paceline import processes


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
