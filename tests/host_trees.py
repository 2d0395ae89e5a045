"""Hosts that are made of files and texts: a laptop with Linux, and a Mac."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from paceline.host import macos, window
from paceline.host.check import Level, Result, View
from paceline.host.doctor import results
from paceline.host.fingerprint import read_fingerprint
from paceline.host.source import Source

CPU = "sys/devices/system/cpu"
MOUNT_V2 = "30 23 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw"
MOUNT_V1 = "33 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct"

LAPTOP = {
    "proc/cpuinfo": "\n\n".join(
        f"processor\t: {n}\ncpu family\t: 6\nmodel\t\t: 140\n"
        f"model name\t: Fast(R)  Core i7\nstepping\t: 1\nmicrocode\t: 0xf0\nphysical id\t: 0\n"
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
