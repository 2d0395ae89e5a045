"""The host's parsers and its fingerprint, on hosts that are made of files and texts."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path

import psutil
import pytest
from host_trees import (
    LAPTOP,
    MAC,
    MOUNT_V1,
    MOUNT_V2,
    mac,
    pc,
    silent,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from paceline.host import cgroups, linux, look_software, macos, processor, surroundings
from paceline.host.fingerprint import Fingerprint, blas_name, kernel_series, read_fingerprint
from paceline.host.source import Source, run_command


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
    assert run_command(["sh", "-c", "sleep 30.25 & sleep 30.25"], seconds=0.2) is None
    asleep = [one for one in psutil.process_iter(["cmdline"]) if one.info["cmdline"] == ["sleep", "30.25"]]
    _, alive = psutil.wait_procs(asleep, timeout=10)
    assert not alive


def test_py_cpuinfo_is_asked_only_for_a_name_that_the_kernel_does_not_give(tmp_path: Path) -> None:
    asked: list[int] = []

    def name() -> str:
        asked.append(1)
        return "Some  Processor"

    assert read_fingerprint(pc(tmp_path / "a"), name_cpu=name).cpu == "Fast(R) Core i7"
    assert not asked
    bare = Source(tmp_path / "b", silent, "Linux", "riscv64", "board", {})
    assert read_fingerprint(bare, name_cpu=name).cpu == "Some Processor"


def test_fingerprint_of_linux(tmp_path: Path) -> None:
    seen = read_fingerprint(pc(tmp_path))
    assert (seen.machine, seen.host, seen.os, seen.os_version) == ("pc", "pc", "Linux", "Some Linux 24")
    assert (seen.cores_physical, seen.cores_logical, seen.ram) == (2, 4, 16_000_000 * 1024)
    assert (seen.l1d, seen.l2, seen.l3) == (48 << 10, 1280 << 10, 12 << 20)
    assert (seen.governor, seen.turbo, seen.microcode) == ("performance", True, "0xf0")
    assert seen.signature == "6/140/1"
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


SPEED = {
    **{"cpu": "other", "signature": "25/17/1", "microcode": "0xff", "l1d": 1, "l2": 2, "l3": 3},
    **{"governor": "powersave", "turbo": False, "kernel": "6.9.0"},
}


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
