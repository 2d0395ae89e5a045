"""Many commits against one base: their ratios compose, and release notes say what has changed."""

from __future__ import annotations

import json
import math
import random
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from comparisons import verdict
from hypothesis import given, settings
from hypothesis import strategies as st
from small_races import CLOCK, ground, small_suite
from syrupy.assertion import SnapshotAssertion

from paceline.race.commits import Matched
from paceline.race.contenders import Contender, Place
from paceline.race.driver import Effort
from paceline.race.several import Several, steps
from paceline.report import releases
from paceline.report.releases import Column, Releases
from paceline.stats.ratio import Ratio, step
from paceline.stats.verdict import Estimate, estimate
from paceline.suite.settings import Comparing

sound = st.floats(0.01, 100.0)
wide = st.floats(1.0, 2.0)
ratios = st.builds(lambda value, down, up: Ratio(value, value / down, value * up), sound, wide, wide)


@given(ratios, ratios)
def test_a_ratio_and_the_step_from_it_make_the_next_one(old: Ratio, new: Ratio) -> None:
    found = step(new, old)
    assert math.isclose(old.value * found.value, new.value, rel_tol=1e-12)
    assert found.low is not None
    assert found.high is not None
    assert found.low <= found.value <= found.high
    assert new.low is not None
    assert old.high is not None
    assert found.low >= new.low / old.high * (1 - 1e-12)  # never wider than both intervals at their worst
    back = step(old, new)
    assert math.isclose(found.value * back.value, 1.0, rel_tol=1e-12)


def told(found: Estimate) -> Ratio:
    return Ratio(found.ratio, found.low, found.high)


def drawn(seed: int, pairs: int, noise: float, effect: float) -> tuple[Ratio, Ratio]:
    """Return C / B of simulated pairs with a base: from their ratios to it, and from their own pairs."""
    rng = random.Random(seed)
    base, first, second = ([rng.gauss(0, noise) for _ in range(pairs)] for _ in "ABC")
    b = [one - shared for shared, one in zip(base, first, strict=True)]
    c = [one - shared + effect for shared, one in zip(base, second, strict=True)]
    nulls = [rng.gauss(0, noise * math.sqrt(2)) for _ in range(math.ceil(pairs / 3))]
    own = [mine - theirs for mine, theirs in zip(c, b, strict=True)]
    of_b, of_c, direct = (told(estimate(each, nulls, max(noise, 0.001))) for each in (b, c, own))
    return step(of_c, of_b), direct


looks = st.sampled_from((4, 6, 10, 16))


@settings(max_examples=60)
@given(st.integers(0, 10**9), looks, st.floats(0.0005, 0.03), st.floats(-0.5, 0.5))
def test_ratios_of_one_run_compose_within_their_intervals(
    seed: int, pairs: int, noise: float, effect: float
) -> None:
    found, direct = drawn(seed, pairs, noise, effect)
    ends = found.low, found.high, direct.low, direct.high
    assert all(end is not None for end in ends)
    assert max(found.low or 0, direct.low or 0) <= min(found.high or 0, direct.high or 0)


def test_a_step_holds_the_truth_as_often_as_its_interval_says() -> None:
    held = [
        (found.low or 0) <= math.exp(0.1) <= (found.high or 0)
        for seed in range(400)
        for found, _ in [drawn(seed, (4, 6, 10, 16)[seed % 4], 0.01, 0.1)]
    ]
    assert sum(held) >= 0.98 * len(held)


SUITE = """
COUNT = {count}
{clock}
class Loops:
    params, param_names, timer = [[1, 2]], ["n"], Clock.read
    def time_loop(self, n):
        Clock.spend(n * COUNT * 1e-7)
        return COUNT // 2500
    def track_steps(self, n):
        return n * COUNT
{more}
"""


class Quiet:
    def pair(self, *_: Any) -> None: ...
    def done(self, *_: Any) -> None: ...


def measured(folder: Path, records: list[dict[str, Any]]) -> Several:
    counts = {"base": 2000, "head": 2000, "head2": 6000}
    extra = "    def time_new(self, n): return None\n"
    where = {
        slot: Place(
            slot,
            sys.executable,
            small_suite(folder / slot, SUITE.format(count=count, more=extra, clock=CLOCK)),
        )
        for slot, count in counts.items()
    }

    def cases(slot: str) -> list[Matched]:
        found = []
        for kind, name in (("time", "time_loop"), ("time", "time_new"), ("track", "track_steps")):
            for index, n in enumerate((1, 2)):
                one, other = (
                    Contender(side, where[side], f"bench.Loops.{name}", index, (str(n),))
                    for side in ("base", slot)
                )
                missing = name == "time_new" and slot == "head"
                found.append(Matched(one.benchmark, kind, {"n": n}, one, None if missing else other))
        return found

    ledger = SimpleNamespace(write=lambda record: records.append(json.loads(json.dumps(record))))
    (folder / "work").mkdir(exist_ok=True)
    opened: Any = SimpleNamespace(ledger=ledger, ground=ground(folder / "work"), before=list(records))
    own = {slot: cases(slot) for slot in ("head", "head2")}
    comparing = Comparing(skip=(r"time_new\(n=2",))
    return Several(own, lambda _: 0.1, Effort(0.005, answers=True), opened, Quiet(), comparing)


@pytest.mark.usefixtures("hurried")
def test_all_heads_race_the_base_in_the_same_pairs_and_go_on_from_the_ledger(tmp_path: Path) -> None:
    records: list[dict[str, Any]] = []
    several = measured(tmp_path, records)
    several.measure()
    found = several.verdicts()
    by_name = {slot: {one.name: one for one in own} for slot, own in found.items()}
    same, slower = by_name["head"], by_name["head2"]
    for n in (1, 2):
        name = f"bench.Loops.time_loop(n={n})"
        assert same[name].verdict == "same"
        assert (same[name].answers, slower[name].answers) == ("identical", "max rel 1")
        assert slower[name].verdict == "slower"
        assert slower[name].ratio == pytest.approx(3.0)
        work = slower[name].work
        assert work is not None
        assert (work.counter, work.ratio) == ("steps", 3.0)
        assert work.cost == pytest.approx(1.0)
    assert (same["bench.Loops.time_new(n=1)"].verdict, slower["bench.Loops.time_new(n=2)"].verdict) == (
        "removed", "skipped",
    )  # fmt: skip
    assert slower["bench.Loops.time_new(n=1)"].answers == "unchecked"  # it returns None
    first = next(one for one in records if one["kind"] == "pair" and "time_loop" in one["race"])
    assert set(first["sides"]) == {"base", "head", "head2"}
    since = steps(found)["head2"]["bench.Loops.time_loop(n=1)"]
    assert since.value == pytest.approx(
        (slower["bench.Loops.time_loop(n=1)"].ratio or 0) / (same["bench.Loops.time_loop(n=1)"].ratio or 1)
    )
    count = len(records)
    again = measured(tmp_path, records)
    again.measure()
    assert len(records) == count
    assert again.verdicts() == found


def column(name: str, loop: float, word: str, **more: Any) -> Column:
    ends = {"low": loop * 0.99, "high": loop * 1.01}
    own = [
        verdict(word, ratio=loop, **ends, pairs=6, answers=more.pop("answers", "identical")),
        verdict("same", "kernels.Suite.time_steady", ratio=1.0, low=0.99, high=1.01, pairs=4),
    ]
    return Column(name, f"about {name} <b>", {one.name: one for one in own}, **more)


def test_release_notes_say_what_has_changed(snapshot: SnapshotAssertion) -> None:
    first = column("v1.1", 0.5, "faster", answers="max rel 1e-12")
    second = column("v|1.2", 0.75, "slower", also_changed=("numpy 2.3 -> 2.4",))
    made = steps({"head": list(first.verdicts.values()), "head2": list(second.verdicts.values())})
    second = Column(second.name, second.subject, second.verdicts, made["head2"], second.also_changed)
    text = releases.document(
        Releases("v1.0", "first", [first, second], "a processor", "paceline compare a b c")
    )
    assert text == snapshot
    quiet = Releases("v1.0", "first", [column("v1.1", 1.0, "same")])
    assert "No case has changed." in releases.document(quiet)
    assert releases.table(quiet) is None
    assert releases.table(quiet, every=True) is not None


@pytest.mark.parametrize("word", ["unmeasured", "inconclusive", "same"])
def test_only_what_has_surely_changed_is_in_bold(word: str) -> None:
    unsure = releases.document(Releases("v1.0", "first", [column("v1.1", 1.4, word)]))
    assert (word in unsure, "**" in unsure) == (True, False)
