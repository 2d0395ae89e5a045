"""A scripted history of 60 commits: each slow-down told once, at the right commit, and nothing else."""

from __future__ import annotations

import math

import pytest
from alert_world import CPU, World, hash_of

from paceline.alerts.alert import OPEN, Alert, State, precision

STEP, LARGE = math.log(1.05), math.log(1.2)
CREEPS = (12, 20, 28, 36, 44)
LEVELS = {
    "kernels.Step.time_run(implementation=numba)": lambda c: STEP * (c >= 17),
    "kernels.Large.time_run(implementation=numba)": lambda c: LARGE * (20 <= c < 35),
    "kernels.Creep.time_run(implementation=numba)": lambda c: sum(math.log(1.01) for at in CREEPS if c >= at),
    "kernels.Modes.time_run(implementation=numba)": lambda c: 0.0,
    "kernels.Revert.time_run(implementation=numba)": lambda c: STEP * (42 <= c < 50),
    "kernels.Same.time_run(implementation=numba)": lambda c: 0.0,
    "kernels.Faster.time_run(implementation=numba)": lambda c: -LARGE * (c >= 25),
}
MODES = {"kernels.Modes.time_run(implementation=numba)": (0.2, 0.04)}
BROKEN = frozenset({30})


def lived(seed: int, parents: bool, spread: float = 0.005) -> World:
    world = World(LEVELS, 60, seed, spread, MODES, BROKEN)
    for number in range(1, 60):
        if number not in BROKEN:
            world.push(number, parents)
    return world


def named(world: World) -> dict[str, Alert]:
    return {one.benchmark.split(".")[1]: one for one in world.book.values() if one.told}


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.slow)])
@pytest.mark.parametrize("parents", [True, False], ids=["each against its parent", "only the anchor"])
def test_each_is_told_once_at_its_commit_and_nothing_else(seed: int, parents: bool) -> None:
    world = lived(seed, parents)
    told = named(world)
    assert set(told) == {"Step", "Large", "Creep", "Revert"}
    culprits = {"Step": 17, "Large": 20, "Revert": 42}
    assert {name: told[name].bad for name in culprits} == {name: hash_of(at) for name, at in culprits.items()}
    assert all(told[name].culprit for name in culprits)
    assert sorted(world.notices) == sorted({one.fingerprint for one in told.values()})
    states = {name: one.state for name, one in told.items()}
    assert states == {
        "Step": State.CONFIRMED,
        "Large": State.FIXED,
        "Creep": State.CONFIRMED,
        "Revert": State.FIXED,
    }
    assert told["Creep"].creep
    assert precision(world.book) == (4, 4)
    assert [one for one in world.book.values() if one.state in OPEN and not one.told] == []


def test_a_fleet_of_three_models_shows_a_step_by_the_anchor_alone() -> None:
    """Their ratios to the anchor lie 6 % apart, and each commit is measured on one of them."""
    case = "kernels.Step.time_run(implementation=numba)"
    cpus = {CPU: {}, "B": {case: 0.015}, "C": {case: -0.045}}
    world = World({case: lambda c: STEP * (c >= 40)}, 60, 3, cpus=cpus)
    for number in range(1, 49):
        world.push(number, parents=False)
        if world.notices:
            break
    (one,) = world.book.values()
    assert (one.bad, one.culprit, number - 40 <= 8) == (hash_of(40), True, True)


def test_a_fleet_without_a_change_is_left_alone() -> None:
    case = "kernels.Same.time_run(implementation=numba)"
    world = World({case: lambda c: 0.0}, 60, 4, cpus={CPU: {}, "B": {case: 0.015}, "C": {case: -0.045}})
    for number in range(1, 60):
        world.push(number)
    assert world.notices == []


def test_what_is_slower_on_one_model_only_is_told_once() -> None:
    case = "kernels.Same.time_run(implementation=numba)"
    world = World({case: lambda c: 0.0}, 60, 5, cpus={CPU: {}, "B": {case: 0.05}, "C": {}})
    for number in range(1, 60):
        world.push(number)
    (one,) = world.book.values()
    assert (len(world.notices), one.cpu, one.creep, one.state) == (1, "B", True, State.CONFIRMED)


@pytest.mark.slow
def test_in_twenty_histories_the_commit_is_the_right_one() -> None:
    """At least 95 % of the injected steps, at 1 % noise, one notice each, no other alert."""
    right = other = 0
    for seed in range(20):
        told = named(world := lived(100 + seed, parents=seed % 2 == 0, spread=0.01))
        culprits = {"Step": 17, "Large": 20, "Revert": 42}
        right += sum(name in told and told[name].bad == hash_of(at) for name, at in culprits.items())
        other += len(set(told) - {*culprits, "Creep"})
        assert len(world.notices) == len(set(world.notices))
    assert (right >= 0.95 * 60, other) == (True, 0)
