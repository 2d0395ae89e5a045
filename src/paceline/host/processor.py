"""The processor as the kernel describes it: name, cores, caches, governor and turbo."""

from __future__ import annotations

import functools
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from paceline.host import linux, macos
from paceline.host.source import Source, run_command

_CPU = "/sys/devices/system/cpu"
_CPUINFO_SECONDS = 2.5


@dataclass(frozen=True)
class Caches:
    """Bytes of each level as one core sees it; None is unknown."""

    l1d: int | None = None
    l2: int | None = None
    l3: int | None = None


def linux_caches(source: Source) -> Caches:
    """Read the caches of the first processor."""
    found = {}
    for folder in source.paths(f"{_CPU}/cpu0/cache/index*"):
        level, kind = source.integer(f"{folder}/level"), source.text(f"{folder}/type")
        if level is not None and kind in ("Data", "Unified"):
            found[level] = linux.size(source.text(f"{folder}/size"))
    return Caches(found.get(1), found.get(2), found.get(3))


def macos_caches(sysctl: dict[str, str]) -> Caches:
    """Read the caches of the fastest kind of core."""
    return Caches(
        macos.number(sysctl, "hw.perflevel0.l1dcachesize", "hw.l1dcachesize"),
        macos.number(sysctl, "hw.perflevel0.l2cachesize", "hw.l2cachesize"),
        macos.number(sysctl, "hw.perflevel0.l3cachesize", "hw.l3cachesize"),
    )


def online(source: Source) -> frozenset[int]:
    """Return the processors that the kernel uses."""
    return linux.cpu_list(source.text(f"{_CPU}/online"))


def physical_cores(source: Source) -> int | None:
    """Count the cores by who shares one; None when the kernel does not say."""
    lists = (
        source.text(f"{folder}/thread_siblings_list") for folder in source.paths(f"{_CPU}/cpu[0-9]*/topology")
    )
    return len({cpus for text in lists if (cpus := linux.cpu_list(text))}) or None


def per_cpu(source: Source, name: str) -> str | None:
    """Return a cpufreq setting of all processors: one word, or all that occur, joined by ``+``."""
    words = {source.text(path) for path in source.paths(f"{_CPU}/cpu[0-9]*/cpufreq/{name}")}
    return "+".join(sorted(word for word in words if word)) or None


def governor(source: Source) -> str | None:
    """Return the frequency governor; on macOS the power mode, which does the same there."""
    if source.system == "Darwin":
        return macos.power_mode(source.run(("pmset", "-g")))
    return per_cpu(source, "scaling_governor")


def turbo(source: Source) -> bool | None:
    """Tell whether the processor may run above its base frequency; None when it does not say."""
    no_turbo = source.integer(f"{_CPU}/intel_pstate/no_turbo")
    if no_turbo is not None:
        return no_turbo == 0
    boost = source.integer(f"{_CPU}/cpufreq/boost")
    return None if boost is None else boost != 0


def kinds_of_core(source: Source, arch: str) -> list[frozenset[int]]:
    """Return the processors of each kind of core; one group, or none, where all are alike.

    Intel names its two kinds. Arm gives each core a capacity; on x86 that number only tells
    favoured cores of one kind, so it is not asked there.
    """
    named = [linux.cpu_list(source.text(f"/sys/devices/{kind}/cpus")) for kind in ("cpu_core", "cpu_atom")]
    if all(named):
        return named
    if not arch.lower().startswith(("arm", "aarch")):
        return []
    groups: dict[int, set[int]] = {}
    for path in source.paths(f"{_CPU}/cpu[0-9]*/cpu_capacity"):
        capacity, numbers = source.integer(path), linux.cpu_list(path.split("/")[-2].removeprefix("cpu"))
        if capacity is not None:
            groups.setdefault(capacity, set()).update(numbers)
    return [frozenset(groups[capacity]) for capacity in sorted(groups, reverse=True)]


@functools.cache
def cpuinfo_name() -> str | None:
    """Return the processor's name by py-cpuinfo: asked once, in its own process, with a time limit.

    It takes more than a second, and may hang where it runs foreign code to ask the processor.
    """
    return cpuinfo_brand(_limited((sys.executable, "-m", "cpuinfo", "--json")))


def _limited(command: Sequence[str]) -> str | None:
    return run_command(command, _CPUINFO_SECONDS)


def cpuinfo_brand(text: str | None) -> str | None:
    """Read py-cpuinfo's JSON; None when it holds no name."""
    try:
        document = json.loads(text or "")
    except (ValueError, RecursionError):
        return None
    brand = document.get("brand_raw") if isinstance(document, dict) else None
    return plain(brand) if isinstance(brand, str) else None


def plain(text: str | None) -> str | None:
    """Return a name with single blanks: makers pad theirs."""
    return " ".join((text or "").split()) or None
