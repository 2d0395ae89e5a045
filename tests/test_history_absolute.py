"""asv's times as a series: one epoch, one machine, one environment; no ratios are lost by it."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from pathlib import Path

from paceline.alerts import nominating
from paceline.results import absolute
from paceline.results.hosts import record_host
from paceline.results.measurements import Machine, Measurement, Run, Status

START = datetime(2026, 1, 1, tzinfo=UTC)


def run(number: int, seconds: float | None, environment: str = "py3.12", machine: str = "box") -> Run:
    status = Status.FAILED if seconds is None else Status.MEASURED
    one = Measurement("k.C.time_x", "time", "seconds", {"implementation": "numba", "n": 10}, status, seconds)
    when = START + timedelta(days=number)
    return Run(Machine(machine), f"{number:040x}", when, environment, "3.12", {}, {}, (one,), when)


ORDER = {f"{number:040x}": number for number in range(40)}


def test_a_series_is_of_one_machine_and_environment() -> None:
    runs = [
        run(2, 1.0),
        run(1, 2.0),
        run(3, None),
        run(99, 1.0),
        run(1, 5.0, "py3.13"),
        run(1, 5.0, machine="b"),
    ]
    found = absolute.series(runs, ORDER, {})
    assert sorted(one.cpu for one in found) == ["b, py3.12", "box, py3.12", "box, py3.13"]
    own = next(one for one in found if one.cpu == "box, py3.12")
    assert own.case == "k.C.time_x(implementation=numba, n=10)"
    assert [round(math.exp(point.value), 9) for point in own.points] == [2.0, 1.0]


def test_times_never_cross_an_epoch(tmp_path: Path) -> None:
    record_host(tmp_path, "box", {"host": "box", "epoch": "old"}, START)
    record_host(tmp_path, "box", {"host": "box", "epoch": "new"}, START + timedelta(days=20, hours=-1))
    runs = [run(number, 1.0 if number < 20 else 2.0) for number in range(40)]
    (one,) = absolute.series(runs, ORDER, absolute.epochs(tmp_path, ["box"]))
    assert [ORDER[point.commit] for point in one.points] == list(range(20, 40))
    assert nominating.nominations([one], {}, ORDER, "") == []
    (whole,) = absolute.series(runs, ORDER, {})
    (nomination,) = nominating.nominations([whole], {}, ORDER, "")
    assert nominating.nominations([whole], {}, ORDER, "", lambda case: 2.0) == []  # what its case allows
    assert (ORDER[nomination.good], ORDER[nomination.bad]) == (18, 21)
