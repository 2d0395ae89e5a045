"""What macOS's sysctl and pmset print: pure functions from text to values that never raise."""

from __future__ import annotations

import re
from collections.abc import Mapping

from paceline.host.linux import pairs
from paceline.host.source import Source, whole

_SYSCTL = (
    "sysctl", "hw", "machdep.cpu", "kern.osproductversion", "kern.osrelease", "kern.hv_vmm_present",
    "sysctl.proc_translated", "vm.loadavg", "vm.swapusage",
)  # fmt: skip
_MOST_LEVELS = 8  # kinds of core; today's chips have two
_POWER_MODES = {0: "automatic", 1: "low-power", 2: "high-power"}


def read_sysctl(source: Source) -> dict[str, str]:
    """Return macOS's own names and values; empty elsewhere. Names that it does not know are left out."""
    if source.system != "Darwin":
        return {}
    return pairs(source.run(_SYSCTL) or "", ":")


def number(sysctl: Mapping[str, str], *names: str) -> int | None:
    """Return the first of these entries that is a whole number."""
    found = (whole(sysctl.get(name)) for name in names)
    return next((value for value in found if value is not None), None)


def cores_by_level(sysctl: Mapping[str, str]) -> list[tuple[str, int]]:
    """Return Apple's kinds of core with their counts, the fastest first: Performance, Efficiency."""
    counted = []
    for level in range(min(number(sysctl, "hw.nperflevels") or 0, _MOST_LEVELS)):
        count = number(sysctl, f"hw.perflevel{level}.physicalcpu")
        if count is not None:
            counted.append((sysctl.get(f"hw.perflevel{level}.name", f"level {level}"), count))
    return counted


def power_mode(pmset: str | None) -> str | None:
    """Read ``pmset -g``: automatic, low-power or high-power; None when it does not say."""
    found = re.search(r"^\s*(?:lowpowermode|powermode)\s+([0-9])\s*$", pmset or "", re.MULTILINE)
    return _POWER_MODES.get(int(found[1])) if found else None


def on_battery(pmset: str | None) -> bool | None:
    """Read ``pmset -g batt``: whether the power is drawn from the battery."""
    found = re.search(r"drawing from '([^']*)'", pmset or "")
    return "battery" in found[1].lower() if found else None


def speed_limit(pmset: str | None) -> int | None:
    """Read ``pmset -g therm``: the percentage of full speed that heat leaves; 100 when none was noted."""
    found = re.search(r"CPU_Speed_Limit\s*=\s*([0-9]{1,3})\b", pmset or "")
    if found:
        return int(found[1])
    return 100 if "No thermal warning level" in (pmset or "") else None


def load_average(sysctl: Mapping[str, str]) -> float | None:
    """Read ``vm.loadavg`` (``{ 1.20 1.10 1.00 }``): the last minute's."""
    found = re.match(r"\{\s*([0-9]{1,9}[.,][0-9]+)", sysctl.get("vm.loadavg", ""))
    return float(found[1].replace(",", ".")) if found else None


def swap_used(sysctl: Mapping[str, str]) -> int | None:
    """Read ``vm.swapusage``: bytes of swap in use."""
    found = re.search(r"used\s*=\s*([0-9]{1,9}(?:[.,][0-9]+)?)M", sysctl.get("vm.swapusage", ""))
    return int(float(found[1].replace(",", ".")) * (1 << 20)) if found else None


def busy_processes(ps: str | None) -> list[tuple[int, str, float]]:
    """Read ``ps -A -o pid=,pcpu=,comm=``: pid, name and share of one core, the busiest first."""
    found = re.findall(
        r"^[ \t]*([0-9]{1,9})[ \t]+([0-9]{1,6}[.,][0-9]+)[ \t]+(\S.*?)[ \t]*$", ps or "", re.MULTILINE
    )
    shares = [
        (int(pid), name.rsplit("/", 1)[-1], float(share.replace(",", ".")) / 100)
        for pid, share, name in found
    ]
    return sorted(shares, key=lambda item: -item[2])
