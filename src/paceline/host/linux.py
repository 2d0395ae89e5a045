"""What Linux writes into /proc and /sys: pure functions from text to values that never raise."""

from __future__ import annotations

import re
from dataclasses import dataclass

from paceline.host.source import whole

_MOST_CPUS = 65_536
# Who made an Arm core and which it is, for kernels whose /proc/cpuinfo has numbers only.
_ARM_CORES = {
    ("0x41", "0xd03"): "Arm Cortex-A53",
    ("0x41", "0xd08"): "Arm Cortex-A72",
    ("0x41", "0xd0b"): "Arm Cortex-A76",
    ("0x41", "0xd0c"): "Arm Neoverse-N1",
    ("0x41", "0xd40"): "Arm Neoverse-V1",
    ("0x41", "0xd49"): "Arm Neoverse-N2",
    ("0x41", "0xd4f"): "Arm Neoverse-V2",
    ("0x41", "0xd8e"): "Arm Neoverse-N3",
}


@dataclass(frozen=True)
class CpuTimes:
    """The first line of /proc/stat: all time, idle and stolen time since boot, in clock ticks."""

    total: int
    idle: int
    steal: int


@dataclass(frozen=True)
class CpuInfo:
    """What /proc/cpuinfo says of the first processor, and how many there are."""

    model: str | None
    signature: str | None  # "family/model/stepping" of x86: hypervisors give all of them one name
    microcode: str | None
    flags: frozenset[str]
    logical: int
    physical: int | None


@dataclass(frozen=True)
class Mount:
    """One line of /proc/self/mountinfo."""

    root: str
    point: str
    kind: str
    options: frozenset[str]


def cpu_times(stat: str) -> CpuTimes | None:
    """Read /proc/stat; None when it has no line of all processors with its eight first fields."""
    for line in stat.splitlines():
        name, *rest = line.split() or [""]
        if name != "cpu":
            continue
        numbers = [whole(word) for word in rest[:8]]
        if len(numbers) < 8 or None in numbers:
            return None
        known = [number or 0 for number in numbers]
        return CpuTimes(total=sum(known), idle=known[3] + known[4], steal=known[7])
    return None


def steal_share(before: CpuTimes | None, after: CpuTimes | None) -> float | None:
    """Return the share of all time between two readings that the hypervisor gave to others."""
    if before is None or after is None or after.total <= before.total:
        return None
    return max(0, after.steal - before.steal) / (after.total - before.total)


def cpu_info(text: str) -> CpuInfo:
    """Read /proc/cpuinfo of x86 and Arm; what it does not say is None."""
    blocks = [pairs(block, ":") for block in re.split(r"\n\s*\n", text)]
    processors = [block for block in blocks if whole(block.get("processor")) is not None]
    first = processors[0] if processors else {}
    cores = {(block["physical id"], block["core id"]) for block in processors if _has_core(block)}
    return CpuInfo(
        model=first.get("model name") or _arm_core(first) or None,
        signature=_signature(first),
        microcode=first.get("microcode") or None,
        flags=frozenset((first.get("flags") or first.get("Features") or "").split()),
        logical=len(processors),
        physical=len(cores) or None,
    )


def _signature(block: dict[str, str]) -> str | None:
    numbers = [block.get(name) for name in ("cpu family", "model", "stepping")]
    return "/".join(number or "?" for number in numbers) if any(numbers) else None


def _has_core(block: dict[str, str]) -> bool:
    return "physical id" in block and "core id" in block


def _arm_core(block: dict[str, str]) -> str | None:
    maker, part = block.get("CPU implementer"), block.get("CPU part")
    if not maker or not part:
        return None
    return _ARM_CORES.get((maker, part), f"Arm implementer {maker} part {part}")


def pairs(text: str, separator: str | None = None) -> dict[str, str]:
    """Read lines of ``key separator value`` (white space, when none is given); others are left out."""
    found = {}
    for line in text.splitlines():
        words = line.split(separator, 1)
        if len(words) == 2:
            found[words[0].strip()] = words[1].strip()
    return found


def kilobytes(meminfo: str) -> dict[str, int]:
    """Read /proc/meminfo: each entry in bytes."""
    numbers = {key: whole((value.split() or [""])[0]) for key, value in pairs(meminfo, ":").items()}
    return {key: number * 1024 for key, number in numbers.items() if number is not None}


def cpu_list(text: str | None) -> frozenset[int]:
    """Read a list such as ``0-3,8``; empty for what is no such list."""
    cpus: set[int] = set()
    for part in (text or "").strip().split(","):
        first, dash, last = part.partition("-")
        low, high = whole(first), whole(last if dash else first)
        if low is None or high is None or not 0 <= low <= high < _MOST_CPUS:
            return frozenset()
        cpus.update(range(low, high + 1))
    return frozenset(cpus)


def written_cpus(cpus: frozenset[int]) -> str:
    """Write processors as the kernel and taskset do: ``0-3,8``."""
    runs: list[list[int]] = []
    for cpu in sorted(cpus):
        if runs and cpu == runs[-1][1] + 1:
            runs[-1][1] = cpu
        else:
            runs.append([cpu, cpu])
    return ",".join(str(low) if low == high else f"{low}-{high}" for low, high in runs)


def size(text: str | None) -> int | None:
    """Read a cache's size (``32K``, ``1M``) as bytes."""
    found = re.fullmatch(r"([0-9]{1,12})([KMG]?)", (text or "").strip())
    return int(found[1]) << {"": 0, "K": 10, "M": 20, "G": 30}[found[2]] if found else None


def pressure(text: str | None) -> float | None:
    """Return the share (0 to 1) of the last ten seconds in which a task waited for a processor."""
    found = re.search(r"^some .*?avg10=([0-9]{1,3}(?:\.[0-9]+)?)", text or "", re.MULTILINE)
    return float(found[1]) / 100 if found else None


def load_average(text: str | None) -> float | None:
    """Return the first number of /proc/loadavg: tasks that ran or wanted to, in the last minute."""
    found = re.match(r"([0-9]{1,9}(?:\.[0-9]+)?)\s", text or "")
    return float(found[1]) if found else None


def process_ticks(stat: str | None) -> tuple[str, int] | None:
    """Return a process's name and the clock ticks that it used, from /proc/PID/stat.

    The name stands in parentheses and may hold parentheses and blanks itself.
    """
    head, _, rest = (stat or "").rpartition(")")
    words = rest.split()
    if len(words) < 13:
        return None
    user, system = whole(words[11]), whole(words[12])
    if user is None or system is None:
        return None
    return head.partition("(")[2], user + system


def mounts(mountinfo: str | None) -> list[Mount]:
    """Read /proc/self/mountinfo; lines that are none are left out."""
    found = []
    for line in (mountinfo or "").splitlines():
        left, _, right = (part.split() for part in line.partition(" - "))
        if len(left) >= 6 and len(right) >= 3:
            found.append(Mount(left[3], left[4], right[0], frozenset(right[2].split(","))))
    return found


def chosen(text: str | None) -> str | None:
    """Return the word in brackets: ``always [madvise] never`` means ``madvise``."""
    found = re.search(r"\[([^\]\s]+)\]", text or "")
    return found[1] if found else None
