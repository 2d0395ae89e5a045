"""The host's parsers, fingerprint, checks and history, on hosts that are made of files and texts."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paceline.host import cgroups, linux, look_software, macos, processor, surroundings, window
from paceline.host.check import Check, Finding, Level, Result, View
from paceline.host.checks import CHECKS
from paceline.host.doctor import examine, results
from paceline.host.fingerprint import Fingerprint, blas_name, kernel_series, read_fingerprint
from paceline.host.source import Source, run_command
from paceline.outcome import PacelineError
from paceline.results.hosts import read_hosts, record_host

CPU = "sys/devices/system/cpu"
MOUNT_V2 = "30 23 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw"
MOUNT_V1 = "33 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct"

LAPTOP = {
    "proc/cpuinfo": "\n\n".join(
        f"processor\t: {n}\nmodel name\t: Fast(R)  Core i7\nmicrocode\t: 0xf0\nphysical id\t: 0\n"
        f"core id\t\t: {n // 2}\nflags\t\t: fpu avx2"
        for n in range(4)
    ),
    "proc/meminfo": "MemTotal:  16000000 kB\nMemAvailable: 12000000 kB\nSwapTotal: 0 kB\nSwapFree: 0 kB",
    "proc/stat": "cpu  100 0 50 800 10 0 5 0 0 0\ncpu0 1 2 3",
    "proc/loadavg": "0.05 0.10 0.20 1/300 4242",
    "proc/pressure/cpu": "some avg10=0.50 avg60=0.10 avg300=0.00 total=1",
    "proc/vmstat": "pswpin 5\npswpout 7",
    "proc/self/status": "Name:\tpython\nCpus_allowed_list:\t0-3",
    "proc/self/cgroup": "0::/user.slice/job",
    "proc/self/mountinfo": "1 0 8:1 / / rw - ext4 /dev/sda1 rw\n" + MOUNT_V2,
    "proc/1/cgroup": "0::/init.scope",
    "proc/17/stat": "17 (a (busy) one) S 1 1 1 0 -1 0 0 0 0 0 30 20 0 0 20 0 1 0 5",
    "proc/sys/kernel/osrelease": "6.8.0-45-generic",
    "proc/sys/kernel/randomize_va_space": "2",
    "etc/os-release": 'PRETTY_NAME="Some Linux 24"\nID=some',
    "sys/fs/cgroup/user.slice/job/cpu.max": "max 100000",
    "sys/fs/cgroup/user.slice/job/cpu.stat": "usage_usec 5\nnr_throttled 0",
    f"{CPU}/online": "0-3",
    f"{CPU}/isolated": "",
    f"{CPU}/intel_pstate/no_turbo": "0",
    f"{CPU}/vulnerabilities/meltdown": "Mitigation: PTI",
    "sys/devices/system/node/online": "0",
    "sys/devices/system/clocksource/clocksource0/current_clocksource": "tsc",
    "sys/devices/system/clocksource/clocksource0/available_clocksource": "tsc hpet acpi_pm",
    "sys/kernel/mm/transparent_hugepage/enabled": "always [madvise] never",
    "sys/class/power_supply/AC/type": "Mains",
    "sys/class/power_supply/AC/online": "1",
    "sys/class/power_supply/BAT0/type": "Battery",
    "sys/class/power_supply/BAT0/status": "Charging",
}
for number in range(4):
    LAPTOP |= {
        f"{CPU}/cpu{number}/topology/thread_siblings_list": "0-1" if number < 2 else "2-3",
        f"{CPU}/cpu{number}/cpufreq/scaling_governor": "performance",
        f"{CPU}/cpu{number}/cpufreq/scaling_driver": "intel_pstate",
        f"{CPU}/cpu{number}/cpufreq/cpuinfo_min_freq": "400000",
        f"{CPU}/cpu{number}/cpufreq/cpuinfo_max_freq": "4700000",
        f"{CPU}/cpu{number}/thermal_throttle/core_throttle_count": "3",
    }
for level, kind, size in (
    (1, "Data", "48K"),
    (1, "Instruction", "32K"),
    (2, "Unified", "1280K"),
    (3, "Unified", "12M"),
):
    folder = f"{CPU}/cpu0/cache/index{level if kind != 'Instruction' else 0}"
    LAPTOP |= {f"{folder}/level": str(level), f"{folder}/type": kind, f"{folder}/size": size}

MAC = {
    "sysctl": "hw.ncpu: 8\nhw.logicalcpu: 8\nhw.physicalcpu: 8\nhw.memsize: 17179869184\nhw.nperflevels: 2\n"
    "hw.perflevel0.name: Performance\nhw.perflevel0.physicalcpu: 4\nhw.perflevel1.name: Efficiency\n"
    "hw.perflevel1.physicalcpu: 4\nhw.perflevel0.l1dcachesize: 131072\nhw.perflevel0.l2cachesize: 12582912\n"
    "hw.l1dcachesize: 65536\nmachdep.cpu.brand_string: Apple M1\nkern.osproductversion: 15.1\n"
    "kern.osrelease: 24.1.0\nkern.hv_vmm_present: 0\nsysctl.proc_translated: 0\n"
    "vm.loadavg: { 0.20 1.10 1.00 }\nvm.swapusage: total = 1024.00M  used = 512.00M  free = 512.00M",
    "pmset -g": "System-wide power settings:\nCurrently in use:\n lowpowermode         0\n sleep  1",
    "pmset -g batt": "Now drawing from 'AC Power'\n -InternalBattery-0 100%; charged;",
    "pmset -g therm": "Note: No thermal warning level has been recorded",
    "ps": "  1   0.5 /sbin/launchd\n 99  12.5 /Applications/Some Browser.app/Contents/Browser",
    "cargo": "cargo 1.90.0 (abc 2025-01-01)",
    "rustc": "rustc 1.90.0 (abc 2025-01-01)",
}


def silent(_command: Sequence[str]) -> str | None:
    return None


def answering(answers: dict[str, str]) -> Callable[[Sequence[str]], str | None]:
    """A runner that answers by the whole command, else by its first word."""
    return lambda command: (
        answers.get(" ".join(command)) or (None if command[0] == "pmset" else answers.get(command[0]))
    )


def tree(root: Path, *parts: dict[str, str | None]) -> Path:
    files: dict[str, str | None] = {}
    for part in parts:
        files |= part
    for name, text in files.items():
        if text is not None:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text + "\n")
    return root


def pc(root: Path, change: dict[str, str | None] | None = None, **more: Any) -> Source:
    more = {"run": silent, "variables": {}, "arch": "x86_64", **more}
    return Source(root=tree(root, LAPTOP, change or {}), system="Linux", node="pc", **more)


def mac(root: Path, **change: str) -> Source:
    answers = MAC | {name.replace("_", " "): text for name, text in change.items()}
    return Source(root, answering(answers), "Darwin", "arm64", "mac", {})


def view(source: Source, **watched: Any) -> View:
    shot = window.snapshot(source)
    seen = {"before": shot, "after": shot, "spins": (0.01,) * 30, "timer": window.Timer(40, 60.0), **watched}
    sysctl = macos.read_sysctl(source)
    fingerprint = read_fingerprint(source, None, sysctl, name_cpu=lambda: None)
    return View(source, fingerprint, window.Window(**seen), sysctl)


def found(seen: View) -> dict[str, Result]:
    return {result.id: result for result in results(seen)}


def level(seen: View, check: str) -> Level:
    return found(seen)[check].level


# --- parsers ---------------------------------------------------------------------------------


def test_stat_is_read_with_steal() -> None:
    before = linux.cpu_times("cpu  100 0 100 700 100 0 0 0 0 0")
    after = linux.cpu_times("cpu  150 0 100 740 100 0 0 10 9 9\ncpu0 1")
    assert linux.steal_share(before, after) == pytest.approx(0.1)
    assert linux.steal_share(before, before) is None
    assert linux.cpu_times("cpu 1 2 3") is None


@pytest.mark.parametrize(
    ("text", "cpus"),
    [
        ("0-3,8", {0, 1, 2, 3, 8}),
        ("5", {5}),
        ("", set()),
        ("3-1", set()),
        ("0-", set()),
        ("0-99999999999", set()),
        ("x", set()),
    ],
)
def test_cpu_lists(text: str, cpus: set[int]) -> None:
    assert linux.cpu_list(text) == cpus


@given(st.frozensets(st.integers(0, 300), min_size=1))
def test_written_cpus_read_back(cpus: frozenset[int]) -> None:
    assert linux.cpu_list(linux.written_cpus(cpus)) == cpus


def test_arm_cores_have_names_without_asking_anybody() -> None:
    text = "processor : 0\nCPU implementer : 0x41\nCPU part : 0xd0c\nFeatures : fp asimd"
    assert linux.cpu_info(text).model == "Arm Neoverse-N1"
    assert linux.cpu_info(text.replace("0xd0c", "0xfff")).model == "Arm implementer 0x41 part 0xfff"


def test_process_names_may_hold_anything() -> None:
    assert linux.process_ticks(LAPTOP["proc/17/stat"]) == ("a (busy) one", 50)


def test_quota_texts() -> None:
    assert cgroups.cpu_max("max 100000") is None
    assert cgroups.cpu_max("150000 100000") == 1.5
    assert cgroups.cpu_max("50000") == 0.5
    assert cgroups.cpu_max("1 0") is None


def test_groups_are_found_where_a_container_mounts_its_own_as_the_root() -> None:
    mounts = linux.mounts("33 31 0:29 /docker/abc /sys/fs/cgroup/cpu ro - cgroup cgroup rw,cpu")
    assert cgroups.group_folders("4:cpu:/docker/abc", mounts) == ["/sys/fs/cgroup/cpu"]
    inner = cgroups.group_folders("4:cpu:/docker/abc/x", mounts)
    assert inner == ["/sys/fs/cgroup/cpu/x", "/sys/fs/cgroup/cpu"]
    assert cgroups.group_folders("0::/../other", linux.mounts(MOUNT_V2)) == ["/sys/fs/cgroup"]


def test_perf_counts_or_does_not() -> None:
    assert look_software.counted("123456,,instructions:u,1000,100.00,,") == "counts instructions"
    assert (
        look_software.counted("<not supported>,,instructions:u,0,100.00,,") == "counts no instructions here"
    )
    assert look_software.counted(None) == "absent or not permitted"


def test_blas_by_numpys_own_account() -> None:
    assert (
        blas_name({"Build Dependencies": {"blas": {"name": "openblas", "version": "0.3"}}}) == "openblas 0.3"
    )
    assert blas_name({"Build Dependencies": {"blas": {"name": "auto", "found": False}}}) is None
    assert blas_name({"Build Dependencies": "?"}) is None
    assert blas_name(None) is None


PARSERS: list[Callable[[str], object]] = [
    linux.cpu_times, linux.cpu_info, linux.pairs, linux.kilobytes, linux.cpu_list, linux.size, linux.pressure,
    linux.load_average, linux.process_ticks, linux.mounts, linux.chosen, cgroups.cpu_max, macos.power_mode,
    macos.on_battery, macos.speed_limit, macos.busy_processes, processor.cpuinfo_brand, kernel_series,
    look_software.counted,
    lambda text: cgroups.group_folders(text, linux.mounts(MOUNT_V2 + "\n" + MOUNT_V1)),
    lambda text: macos.load_average({"vm.loadavg": text}),
    lambda text: macos.swap_used({"vm.swapusage": text}),
    lambda text: macos.cores_by_level({"hw.nperflevels": text, "hw.perflevel0.physicalcpu": text}),
]  # fmt: skip
WORDS = "cpu some avg10= processor : 0 - / , ( ) [ ] { } 1 -1 ² ١ 99999999999999999999 used = M K \n \t \0"
PIECES = st.lists(st.sampled_from([*WORDS.split(" "), *LAPTOP.values(), *MAC.values()]), max_size=12)


@pytest.mark.parametrize("parser", PARSERS)
@settings(deadline=None)  # a busy host is slow, not wrong
@given(text=st.one_of(st.text(), PIECES.map(" ".join), PIECES.map("".join)))
def test_garbage_never_raises(parser: Callable[[str], object], text: str) -> None:
    parser(text)


# --- reading ---------------------------------------------------------------------------------


def test_files_that_cannot_be_read_are_none(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "bytes").write_bytes(b"\xff\xfe 7")
    source = Source(tmp_path)
    assert source.text("/folder") is None
    assert source.text("/none") is None
    assert source.integer("/bytes") is None
    assert "7" in (source.text("/bytes") or "")


def test_commands_that_are_absent_fail_or_say_nothing_are_none() -> None:
    assert run_command(["no-such-command-anywhere"]) is None
    assert run_command(["false"]) is None
    assert run_command(["true"]) is None
    assert run_command(["echo", " word "]) == "word"


def test_a_command_that_hangs_is_killed_with_its_children() -> None:
    begun = time.monotonic()
    assert run_command(["sh", "-c", "sleep 30 & sleep 30"], seconds=0.2) is None
    assert time.monotonic() - begun < 5


def test_py_cpuinfo_is_asked_only_for_a_name_that_the_kernel_does_not_give(tmp_path: Path) -> None:
    asked: list[int] = []

    def name() -> str:
        asked.append(1)
        return "Some  Processor"

    assert read_fingerprint(pc(tmp_path / "a"), name_cpu=name).cpu == "Fast(R) Core i7"
    assert not asked
    bare = Source(tmp_path / "b", silent, "Linux", "riscv64", "board", {})
    assert read_fingerprint(bare, name_cpu=name).cpu == "Some Processor"


# --- fingerprint and epoch -------------------------------------------------------------------


def test_fingerprint_of_linux(tmp_path: Path) -> None:
    seen = read_fingerprint(pc(tmp_path))
    assert (seen.machine, seen.host, seen.os, seen.os_version) == ("pc", "pc", "Linux", "Some Linux 24")
    assert (seen.cores_physical, seen.cores_logical, seen.ram) == (2, 4, 16_000_000 * 1024)
    assert (seen.l1d, seen.l2, seen.l3) == (48 << 10, 1280 << 10, 12 << 20)
    assert (seen.governor, seen.turbo, seen.microcode) == ("performance", True, "0xf0")
    assert (seen.virtualisation, seen.container) == ("none", "none")
    json.dumps(seen.document(), allow_nan=False)


def test_fingerprint_of_macos(tmp_path: Path) -> None:
    seen = read_fingerprint(mac(tmp_path), "studio")
    assert (seen.machine, seen.host, seen.cpu, seen.kernel) == ("studio", "mac", "Apple M1", "24.1.0")
    assert (seen.l1d, seen.l2, seen.l3, seen.ram) == (131072, 12582912, None, 16 << 30)
    assert (seen.governor, seen.virtualisation, seen.container) == ("automatic", "none", "none")


def test_a_host_that_tells_nothing_has_a_fingerprint_too(tmp_path: Path) -> None:
    seen = read_fingerprint(Source(tmp_path, silent, "", "", "", {}), name_cpu=lambda: None)
    assert (seen.machine, seen.os, seen.cpu, seen.ram, seen.turbo) == ("unknown", "unknown", None, None, None)
    assert len(seen.epoch) == 12


SPEED = {"cpu": "other", "microcode": "0xff", "governor": "powersave", "turbo": False, "kernel": "6.9.0"}


@pytest.mark.parametrize("name", [field.name for field in fields(Fingerprint)])
def test_the_epoch_changes_with_what_can_change_the_speed_only(tmp_path: Path, name: str) -> None:
    seen = read_fingerprint(pc(tmp_path))
    other = replace(seen, **{name: SPEED.get(name, "something else")})
    assert (other.epoch != seen.epoch) == (name in SPEED)


def test_a_bug_fix_kernel_is_no_new_epoch(tmp_path: Path) -> None:
    seen = read_fingerprint(pc(tmp_path))
    assert replace(seen, kernel="6.8.12-99-custom").epoch == seen.epoch
    assert replace(seen, turbo=None).epoch != seen.epoch


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"proc/cpuinfo": "processor : 0\nflags : fpu hypervisor"}, "a hypervisor"),
        ({"proc/cpuinfo": "processor : 0\nflags : hypervisor", "sys/class/dmi/id/sys_vendor": "QEMU"}, "kvm"),
        ({"sys/class/dmi/id/sys_vendor": "Amazon EC2", "sys/class/dmi/id/product_name": "m7.metal"}, "none"),
        ({"sys/hypervisor/type": "xen"}, "xen"),
        ({"proc/sys/kernel/osrelease": "5.15.0-microsoft-standard-WSL2"}, "hyper-v (WSL)"),
        ({"proc/cpuinfo": None}, None),
    ],
)
def test_virtual_machines(tmp_path: Path, change: dict[str, str | None], kind: str | None) -> None:
    assert surroundings.virtualisation(pc(tmp_path, change), {}) == kind


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({".dockerenv": ""}, "docker"),
        ({"run/.containerenv": ""}, "podman"),
        ({"proc/1/cgroup": "4:cpu:/kubepods/pod1"}, "kubepods"),
        ({"run/systemd/container": "lxc"}, "lxc"),
        (
            {"proc/self/mountinfo": "1 0 0:9 / / rw - overlay overlay rw"},
            "a container (its root is an overlay)",
        ),
        ({"proc/1/cgroup": None, "proc/self/mountinfo": None}, None),
    ],
)
def test_containers(tmp_path: Path, change: dict[str, str | None], kind: str | None) -> None:
    assert surroundings.container(pc(tmp_path, change)) == kind


# --- checks on Linux -------------------------------------------------------------------------


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
    assert (result.level, result.mend) == (Level.WARN, "taskset -c 0-1 paceline race")
    kept = change | {"proc/self/status": "Cpus_allowed_list: 1"}
    assert level(view(pc(tmp_path / "b", kept)), "hybrid") is Level.INFO
    arm = {f"{CPU}/cpu{n}/cpu_capacity": "1024" if n > 1 else "400" for n in range(4)}
    result = found(view(pc(tmp_path / "c", arm, arch="aarch64")))["hybrid"]
    assert result.mend == "taskset -c 2-3 paceline race"


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


# --- checks on macOS -------------------------------------------------------------------------


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


# --- the whole -------------------------------------------------------------------------------


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


def test_this_host_is_examined_in_about_four_seconds() -> None:
    begun = time.monotonic()
    examination = examine(seconds=0.2)
    assert time.monotonic() - begun < 8  # a busy test host; alone it takes about one second
    assert examination.fingerprint.machine
    assert not [result for result in examination.results if "check itself failed" in result.seen]


def test_watching_leaves_our_mask_alone(tmp_path: Path) -> None:
    if not hasattr(os, "sched_getaffinity"):
        pytest.skip("no masks here")
    mask = os.sched_getaffinity(0)
    assert len(window.watch(pc(tmp_path), 0.0).spins) >= 6
    assert os.sched_getaffinity(0) == mask


# --- host.jsonl ------------------------------------------------------------------------------


def test_one_line_for_each_change(tmp_path: Path) -> None:
    seen = read_fingerprint(pc(tmp_path / "pc"))
    other = replace(seen, governor="powersave")
    written = [record_host(tmp_path, "lab", host.document()) for host in (seen, seen, other, other, seen)]
    assert written == [True, False, True, False, True]
    history = read_hosts(tmp_path, "lab")
    assert [record.epoch for record in history.records] == [seen.epoch, other.epoch, seen.epoch]
    assert history.records[0].host == seen.document()
    for line in (tmp_path / "lab" / "host.jsonl").read_text().splitlines():
        assert json.loads(line)["schema"] == 1


def test_hosts_of_one_machine_do_not_hide_each_other(tmp_path: Path) -> None:
    one = read_fingerprint(pc(tmp_path / "pc")).document()
    two = {**one, "host": "second"}
    assert [record_host(tmp_path, "lab", host) for host in (one, two, one, two)] == [True, True, False, False]
    latest = read_hosts(tmp_path, "lab").latest("second")
    assert latest is not None
    assert latest.name == "second"


def test_a_torn_last_line_costs_itself_only(tmp_path: Path) -> None:
    host = read_fingerprint(pc(tmp_path / "pc")).document()
    record_host(tmp_path, "lab", host)
    path = tmp_path / "lab" / "host.jsonl"
    whole = path.read_bytes()
    path.write_bytes(whole + whole[:40])
    history = read_hosts(tmp_path, "lab")
    assert len(history.records) == 1
    assert "torn last line" in history.warnings[0]
    assert record_host(tmp_path, "lab", {**host, "governor": "powersave"})
    assert path.read_bytes().startswith(whole + whole[:40] + b"\n")
    assert len(read_hosts(tmp_path, "lab").records) == 2


@settings(deadline=None)
@given(content=st.binary(max_size=200))
def test_any_history_is_read_and_can_be_appended_to(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    folder = tmp_path_factory.mktemp("history")
    (folder / "lab").mkdir()
    (folder / "lab" / "host.jsonl").write_bytes(content)
    before = len(read_hosts(folder, "lab").records)
    record_host(folder, "lab", {"host": "pc", "epoch": "e", "ram": float("nan")})
    assert len(read_hosts(folder, "lab").records) == before + 1


def test_a_history_that_is_not_there_or_cannot_be_written(tmp_path: Path) -> None:
    assert read_hosts(tmp_path, "lab").records == ()
    (tmp_path / "file").write_text("")
    with pytest.raises(PacelineError, match="cannot write"):
        record_host(tmp_path / "file", "lab", {"host": "pc"})
    for name in ("", "..", "a/b"):
        with pytest.raises(PacelineError, match="machine's name"):
            record_host(tmp_path, name, {})
