"""Every check of the host, on Linux and macOS, on hosts that are made of files and texts."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
from host_trees import (
    CPU,
    LAPTOP,
    MAC,
    MOUNT_V1,
    answering,
    found,
    level,
    mac,
    pc,
    silent,
    tree,
    view,
)

from paceline.host import look_software, window
from paceline.host.check import Check, Finding, Level, View
from paceline.host.checks import CHECKS
from paceline.host.doctor import examine, results
from paceline.host.source import Source


def test_a_quiet_laptop_is_fit(tmp_path: Path) -> None:
    seen = found(view(pc(tmp_path)))
    assert [name for name, result in seen.items() if result.level in (Level.WARN, Level.FAIL)] == ["rust"]
    assert seen["governor"].level is Level.OK
    assert seen["frequency"].seen == "400 to 4,700 MHz (intel_pstate)"
    assert seen["smt"].seen == "4 threads on 2 cores"
    assert seen["rust"].mend.startswith("install Rust from https://rustup.rs")


def test_an_empty_host_is_unknown_and_breaks_nothing(tmp_path: Path) -> None:
    seen = found(view(Source(tmp_path, silent, "Linux", "x86_64", "pc", {})))
    told = {"drift", "timer", "threads", "python", "blas", "rust", "counters"}
    assert {name for name, result in seen.items() if result.level is not Level.UNKNOWN} <= told


def test_a_quota_limits_version_2(tmp_path: Path) -> None:
    source = pc(tmp_path, {"sys/fs/cgroup/user.slice/cpu.max": "150000 100000"})
    result = found(view(source))["quota"]
    assert (result.level, result.seen) == (Level.FAIL, "1.5 of 4 processors")


def test_a_quota_limits_version_1(tmp_path: Path) -> None:
    folder = "sys/fs/cgroup/cpu,cpuacct/slurm/job"
    change = {
        "proc/self/cgroup": "3:cpu,cpuacct:/slurm/job\n1:name=systemd:/",
        "proc/self/mountinfo": MOUNT_V1,
        f"{folder}/cpu.cfs_quota_us": "200000",
        f"{folder}/cpu.cfs_period_us": "100000",
    }
    assert found(view(pc(tmp_path / "a", change)))["quota"].seen == "2 of 4 processors"
    change[f"{folder}/cpu.cfs_quota_us"] = "-1"
    assert level(view(pc(tmp_path / "b", change)), "quota") is Level.OK


def test_a_quota_as_large_as_our_mask_does_not_limit(tmp_path: Path) -> None:
    change = {
        "sys/fs/cgroup/user.slice/job/cpu.max": "200000 100000",
        "proc/self/status": "Cpus_allowed_list:\t2-3",
    }
    seen = found(view(pc(tmp_path, change)))
    assert seen["quota"].level is Level.OK
    assert (seen["affinity"].level, seen["affinity"].seen) == (Level.INFO, "2 of 4 processors: 2-3")


def test_being_stopped_while_we_watched_fails(tmp_path: Path) -> None:
    source = pc(tmp_path)
    before = window.snapshot(source)
    tree(tmp_path, {"sys/fs/cgroup/user.slice/job/cpu.stat": "nr_throttled 3"})
    result = found(view(source, before=before))["quota"]
    assert result.level is Level.FAIL
    assert "stopped 3 times" in result.seen


def test_the_root_group_without_any_limit_is_fine(tmp_path: Path) -> None:
    change: dict[str, str | None] = {
        f"sys/fs/cgroup/user.slice/job/cpu.{name}": None for name in ("max", "stat")
    }
    source = pc(tmp_path, {**change, "proc/self/cgroup": "0::/", "sys/fs/cgroup/cgroup.procs": ""})
    assert level(view(source), "quota") is Level.OK


def test_steal_heat_swap_and_neighbours_are_what_moved(tmp_path: Path) -> None:
    source = pc(tmp_path)
    before = window.snapshot(source)
    after = {
        "proc/stat": "cpu  150 0 50 850 10 0 5 10 0 0",
        "proc/vmstat": "pswpin 5\npswpout 70",
        f"{CPU}/cpu1/thermal_throttle/core_throttle_count": "5",
        "proc/17/stat": LAPTOP["proc/17/stat"].replace("30 20", f"30 {20 + os.sysconf('SC_CLK_TCK')}"),
    }
    tree(tmp_path, after)
    shot = replace(window.snapshot(source), seconds=before.seconds + 1)
    seen = found(view(source, before=before, after=shot))
    levels = {name: seen[name].level.value for name in ("steal", "thermal", "swap", "neighbours")}
    assert levels == {"steal": "warn", "thermal": "fail", "swap": "warn", "neighbours": "warn"}
    assert seen["neighbours"].seen == "100% of one processor: a (busy) one 100%"
    assert "throttled 2 times" in seen["thermal"].seen


@pytest.mark.parametrize(
    ("governor", "preference", "expected"),
    [
        ("powersave", "balance_performance", Level.WARN),
        ("powersave", "performance", Level.INFO),
        ("powersave", None, Level.WARN),
        ("schedutil", None, Level.WARN),
        ("performance", "performance", Level.OK),
    ],
)
def test_governors(tmp_path: Path, governor: str, preference: str | None, expected: Level) -> None:
    change = {f"{CPU}/cpu{n}/cpufreq/scaling_governor": governor for n in range(4)}
    if preference:
        change |= {f"{CPU}/cpu{n}/cpufreq/energy_performance_preference": preference for n in range(4)}
    result = found(view(pc(tmp_path, change)))["governor"]
    assert result.level is expected
    assert ("scaling_governor" in result.mend) == (expected is Level.WARN)


def test_cores_with_different_governors_are_seen(tmp_path: Path) -> None:
    result = found(view(pc(tmp_path, {f"{CPU}/cpu2/cpufreq/scaling_governor": "powersave"})))["governor"]
    assert (result.level, result.seen) == (Level.WARN, "performance+powersave")


def test_no_cpufreq_at_all_is_unknown(tmp_path: Path) -> None:
    change: dict[str, str | None] = {name: None for name in LAPTOP if "cpufreq" in name or "pstate" in name}
    seen = found(view(pc(tmp_path, change)))
    assert [seen[name].level.value for name in ("governor", "frequency", "turbo")] == ["unknown"] * 3


def test_turbo_off_is_fine_on_amd_too(tmp_path: Path) -> None:
    change = {f"{CPU}/intel_pstate/no_turbo": None, f"{CPU}/cpufreq/boost": "0"}
    assert level(view(pc(tmp_path, change)), "turbo") is Level.OK


def test_hybrid_cores_warn_unless_we_are_kept_on_one_kind(tmp_path: Path) -> None:
    change = {"sys/devices/cpu_core/cpus": "0-1", "sys/devices/cpu_atom/cpus": "2-3"}
    result = found(view(pc(tmp_path / "a", change)))["hybrid"]
    assert (result.level, result.mend) == (Level.WARN, "taskset -c 0-1 paceline run")
    kept = change | {"proc/self/status": "Cpus_allowed_list: 1"}
    assert level(view(pc(tmp_path / "b", kept)), "hybrid") is Level.INFO
    arm = {f"{CPU}/cpu{n}/cpu_capacity": "1024" if n > 1 else "400" for n in range(4)}
    result = found(view(pc(tmp_path / "c", arm, arch="aarch64")))["hybrid"]
    assert result.mend == "taskset -c 2-3 paceline run"


def test_two_memory_nodes_warn_unless_we_are_kept_on_one(tmp_path: Path) -> None:
    nodes = "sys/devices/system/node"
    change = {f"{nodes}/online": "0-1", f"{nodes}/node0/cpulist": "0-1", f"{nodes}/node1/cpulist": "2-3"}
    assert level(view(pc(tmp_path / "a", change)), "numa") is Level.WARN
    kept = change | {"proc/self/status": "Cpus_allowed_list: 2-3"}
    assert level(view(pc(tmp_path / "b", kept)), "numa") is Level.INFO


def test_a_clock_other_than_tsc_fails_with_the_command_that_mends_it(tmp_path: Path) -> None:
    clock = "sys/devices/system/clocksource/clocksource0"
    result = found(view(pc(tmp_path / "a", {f"{clock}/current_clocksource": "hpet"})))["clock"]
    assert (result.level, result.mend) == (Level.FAIL, f"echo tsc | sudo tee /{clock}/current_clocksource")
    alone = {f"{clock}/current_clocksource": "hpet", f"{clock}/available_clocksource": "hpet"}
    assert found(view(pc(tmp_path / "b", alone)))["clock"].mend.startswith("boot with")
    arm = {f"{clock}/current_clocksource": "arch_sys_counter"}
    assert level(view(pc(tmp_path / "c", arm)), "clock") is Level.OK


def test_batteries(tmp_path: Path) -> None:
    supply = "sys/class/power_supply"
    change = {f"{supply}/AC/online": "0", f"{supply}/BAT0/status": "Discharging"}
    assert level(view(pc(tmp_path / "a", change)), "power") is Level.FAIL
    mouse = change | {f"{supply}/BAT0/scope": "Device"}
    assert found(view(pc(tmp_path / "b", mouse)))["power"].seen == "no battery"


def test_load_and_pressure(tmp_path: Path) -> None:
    assert level(view(pc(tmp_path / "a", {"proc/loadavg": "2.00 1 1 1/3 4"})), "load") is Level.WARN
    pressed = {"proc/pressure/cpu": "some avg10=25.00 avg60=0.10 avg300=0.00 total=1"}
    assert level(view(pc(tmp_path / "b", pressed)), "load") is Level.WARN
    assert level(view(pc(tmp_path / "c", {"proc/pressure/cpu": None})), "load") is Level.OK


def test_little_memory_warns(tmp_path: Path) -> None:
    change = {"proc/meminfo": "MemTotal: 16000000 kB\nMemAvailable: 900000 kB"}
    assert level(view(pc(tmp_path, change)), "memory") is Level.WARN


@pytest.mark.parametrize(
    ("spins", "expected"),
    [
        ((0.01,) * 30, Level.OK),
        ((0.01,) * 29 + (0.05,), Level.OK),  # one interruption is not drift
        ((0.010,) * 10 + (0.0105,) * 20, Level.WARN),  # it got slower
        ((0.010, 0.0108) * 15, Level.WARN),  # it is restless
        ((0.01,) * 3, Level.UNKNOWN),
    ],
)
def test_drift(tmp_path: Path, spins: tuple[float, ...], expected: Level) -> None:
    assert level(view(pc(tmp_path), spins=spins), "drift") is expected


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, Level.INFO),
        ({"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "2"}, Level.FAIL),
        ({"OMP_NUM_THREADS": "1"}, Level.WARN),  # Numba and Rayon still take all
        ({"OMP_NUM_THREADS": "4"}, Level.OK),  # and so do all
        ({"OMP_NUM_THREADS": "1,2", "NUMBA_NUM_THREADS": "1", "RAYON_NUM_THREADS": "1"}, Level.OK),
        ({"OMP_NUM_THREADS": "many", "NUMBA_NUM_THREADS": "1"}, Level.FAIL),
    ],
)
def test_threads(tmp_path: Path, variables: dict[str, str], expected: Level) -> None:
    assert level(view(pc(tmp_path, variables=variables)), "threads") is expected


def test_what_threads_advises_mends_it(tmp_path: Path) -> None:
    for number, source in enumerate((pc(tmp_path / "a"), mac(tmp_path / "b"))):
        unequal = replace(source, variables={"OMP_NUM_THREADS": "2", "MKL_NUM_THREADS": "1"})
        advice = found(view(unequal))["threads"].mend.removeprefix("export ")
        mended = replace(source, variables=dict(word.split("=") for word in advice.split()))
        assert level(view(mended), "threads") is Level.OK, number


def test_rust_is_named_with_its_flags(tmp_path: Path) -> None:
    source = pc(tmp_path, run=answering(MAC), variables={"RUSTFLAGS": "-C target-cpu=native"})
    assert found(view(source))["rust"].seen == "rustc 1.90.0, cargo 1.90.0, RUSTFLAGS -C target-cpu=native"


def test_a_debug_python_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(look_software, "slow_python", lambda: "a debug build")
    assert level(view(pc(tmp_path)), "python") is Level.FAIL


def test_a_mac_never_claims_pinning(tmp_path: Path) -> None:
    seen = found(view(mac(tmp_path)))
    assert seen["hybrid"].level is Level.WARN
    assert seen["hybrid"].seen.startswith("4 performance and 4 efficiency cores; macOS cannot keep")
    assert {"steal", "quota", "governor", "clock"}.isdisjoint(seen)
    assert not [name for name, result in seen.items() if result.level is Level.FAIL]
    assert seen["swap"].seen == "0.5 GB in use"
    assert seen["neighbours"].seen == "13% of one processor: Browser 12%"


@pytest.mark.parametrize(
    ("change", "check", "expected"),
    [
        ({"pmset_-g_batt": "Now drawing from 'Battery Power'"}, "power", Level.FAIL),
        ({"pmset_-g": " lowpowermode  1"}, "low-power-mode", Level.WARN),
        ({"pmset_-g_therm": "CPU_Speed_Limit \t= 70"}, "thermal", Level.WARN),
        ({"pmset_-g_therm": "CPU_Speed_Limit \t= 100"}, "thermal", Level.OK),
        (
            {"sysctl": MAC["sysctl"].replace("proc_translated: 0", "proc_translated: 1")},
            "rosetta",
            Level.FAIL,
        ),
        ({"sysctl": "hw.ncpu: 8\nkern.hv_vmm_present: 1"}, "virtual-machine", Level.WARN),
        ({"sysctl": "hw.ncpu: 8\nvm.loadavg: { 4,20 1,00 1,00 }"}, "load", Level.WARN),
    ],
)
def test_macs_that_are_not_fit(tmp_path: Path, change: dict[str, str], check: str, expected: Level) -> None:
    assert level(view(mac(tmp_path, **change)), check) is expected


def test_a_mac_without_any_answer_is_unknown(tmp_path: Path) -> None:
    seen = found(view(Source(tmp_path, silent, "Darwin", "arm64", "mac", {})))
    unknown = {"processor", "virtual-machine", "thermal", "smt", "load", "memory", "swap", "power", "rosetta"}
    assert {seen[name].level for name in unknown} == {Level.UNKNOWN}


def test_a_check_that_breaks_is_unknown(tmp_path: Path) -> None:
    def broken(_view: View) -> Finding:
        raise RuntimeError("odd host")

    (result,) = results(view(pc(tmp_path)), [Check("odd", "why", broken)])
    assert (result.level, result.seen) == (Level.UNKNOWN, "the check itself failed: RuntimeError: odd host")


@pytest.mark.parametrize("system", ["Linux", "Darwin"])
def test_names_are_used_once_and_every_check_says_why(system: str) -> None:
    here = [check for check in CHECKS if system in check.systems]
    assert len({check.id for check in here}) == len(here)
    assert all(check.why for check in here)


def test_what_warns_or_fails_says_how_to_mend_it(tmp_path: Path) -> None:
    seen = [*results(view(pc(tmp_path / "a"), spins=(0.01, 0.02) * 9)), *results(view(mac(tmp_path / "b")))]
    assert all(result.mend for result in seen if result.level in (Level.WARN, Level.FAIL))


def test_this_host_is_examined() -> None:
    examination = examine(seconds=0.2)
    assert examination.fingerprint.machine
    assert not [result for result in examination.results if "check itself failed" in result.seen]


def test_watching_leaves_our_mask_alone(tmp_path: Path) -> None:
    if not hasattr(os, "sched_getaffinity"):
        pytest.skip("no masks here")
    mask = os.sched_getaffinity(0)
    assert len(window.watch(pc(tmp_path), 0.0).spins) >= 6
    assert os.sched_getaffinity(0) == mask
