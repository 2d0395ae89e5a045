"""Stolen and idle time between two readings of /proc/stat."""

from __future__ import annotations

import collections
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paceline.host.steal import Ticks, idlest, read_ticks, steal_share


def reading(path: Path, *cpus: tuple[int, int, int]) -> Ticks:
    """Write and read a /proc/stat with (busy, idle, stolen) ticks of every processor."""
    rows = [f"{busy} 0 0 {idle} 0 0 0 {stolen} 0 0" for busy, idle, stolen in cpus]
    busy, idle, stolen = map(sum, zip(*cpus, strict=True))
    lines = [f"cpu  {busy} 0 0 {idle} 0 0 0 {stolen} 0 0"]
    lines += [f"cpu{number} {row}" for number, row in enumerate(rows)]
    path.write_text("\n".join([*lines, "intr 12 0 0", "ctxt 5", ""]))
    ticks = read_ticks(path)
    assert ticks is not None
    return ticks


def test_what_was_stolen_is_a_share_of_all_time(tmp_path: Path) -> None:
    before = reading(tmp_path / "stat", (100, 100, 10), (100, 100, 0))
    after = reading(tmp_path / "stat", (140, 140, 30), (150, 150, 0))
    assert steal_share(before, after) == pytest.approx(20 / 200)


def test_no_time_or_no_counters_is_unknown(tmp_path: Path) -> None:
    ticks = reading(tmp_path / "stat", (1, 2, 3))
    assert steal_share(ticks, ticks) is None
    assert steal_share(None, ticks) is None
    assert steal_share(ticks, None) is None


def test_the_idlest_is_among_the_allowed(tmp_path: Path) -> None:
    before = reading(tmp_path / "stat", (0, 500, 0), (0, 10, 0), (0, 0, 0))
    after = reading(tmp_path / "stat", (90, 510, 0), (50, 60, 0), (5, 95, 0))
    assert idlest(before, after, {0, 1, 2}) == 2
    assert idlest(before, after, {0, 1}) == 1
    assert idlest(before, after, [0]) == 0


def test_ties_and_hosts_without_counters_take_any(tmp_path: Path) -> None:
    ticks = reading(tmp_path / "stat", (0, 5, 0), (0, 5, 0))
    taken = collections.Counter(idlest(ticks, ticks, (0, 1)) for _ in range(200))
    assert min(taken[0], taken[1]) > 20
    assert idlest(None, None, {3}) == 3
    assert {idlest(None, ticks, {3, 4}) for _ in range(200)} == {3, 4}


def test_a_processor_that_came_or_went_is_never_the_idlest(tmp_path: Path) -> None:
    one = reading(tmp_path / "stat", (0, 5, 0))
    two = reading(tmp_path / "stat", (0, 6, 0), (0, 900, 0))
    assert idlest(one, two, {0, 1}) == 0
    assert idlest(two, Ticks(one.all, {0: two.cpus[0], 9: two.cpus[1]}), {1, 9}) in (1, 9)


def test_no_file_is_no_ticks(tmp_path: Path) -> None:
    assert read_ticks(tmp_path / "stat") is None
    assert read_ticks(tmp_path) is None


def test_this_host_can_be_read_where_it_can(tmp_path: Path) -> None:
    ticks = read_ticks()
    assert (ticks is None) == (not Path("/proc/stat").exists())
    if ticks is not None:
        assert ticks.cpus
        assert ticks.all.total > 0


@settings(deadline=None)
@given(text=st.text(st.sampled_from("cpu 0123456789\n-x"), max_size=200))
def test_any_text_is_read(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.getbasetemp() / "any-stat"
    path.write_text(text)
    ticks = read_ticks(path)
    assert ticks is None or ticks.all.total >= 0 or "-" in text
