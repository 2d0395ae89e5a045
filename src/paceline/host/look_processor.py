"""Checks of the processor: its speed, its heat and its cores."""

from __future__ import annotations

from paceline.host import linux, macos, processor
from paceline.host.check import Finding, View, fail, info, ok, unknown, warn
from paceline.host.fingerprint import cores_hint

DRIFT = 0.02  # of the median: the largest variation and trend of a quiet core
_CPUFREQ = "/sys/devices/system/cpu/cpu[0-9]*/cpufreq"
_POWER_SAVERS = ("powersave", "ondemand", "conservative", "schedutil", "userspace")


def processor_name(view: View) -> Finding:
    """Name the processor by the kernel, cross-checked with py-cpuinfo."""
    seen = view.fingerprint.cpu
    if not seen:
        return unknown("neither the kernel nor py-cpuinfo names the processor")
    microcode = f", microcode {view.fingerprint.microcode}" if view.fingerprint.microcode else ""
    other = view.name_cpu()
    differs = f"; py-cpuinfo calls it {other}" if other and other.lower() != seen.lower() else ""
    return info(f"{seen}{microcode}{differs}")


def governor(view: View) -> Finding:
    """Tell whether the clock frequency follows the load."""
    name = view.fingerprint.governor
    if name is None:
        return unknown("no cpufreq: the governor is not visible here (usual in virtual machines)")
    preference = processor.per_cpu(view.source, "energy_performance_preference")
    seen = name + (f", energy preference {preference}" if preference else "")
    if name == "performance":
        return ok(seen)
    if name == "powersave" and preference == "performance":
        return info(seen)  # intel_pstate's and amd_pstate's own governor, told to be fast
    if any(word in _POWER_SAVERS for word in name.split("+")):
        return warn(seen, f"echo performance | sudo tee {_CPUFREQ}/scaling_governor")
    return info(seen)


def frequency(view: View) -> Finding:
    """Tell between which frequencies the clock may move."""
    low, high = (_megahertz(view, f"cpuinfo_{end}_freq") for end in ("min", "max"))
    if low is None or high is None:
        return unknown("no cpufreq: the range is not visible here")
    driver = processor.per_cpu(view.source, "scaling_driver") or "unknown driver"
    capped = _megahertz(view, "scaling_max_freq")
    limit = f", limited to {capped:,} MHz" if capped is not None and capped < high else ""
    return info(f"{low:,} to {high:,} MHz{limit} ({driver})")


def _megahertz(view: View, name: str) -> int | None:
    text = processor.per_cpu(view.source, name) or ""
    kilohertz = [int(word) for word in text.split("+") if word.isascii() and word.isdigit()]
    return (min(kilohertz) if "min" in name else max(kilohertz)) // 1000 if kilohertz else None


def turbo(view: View) -> Finding:
    """Tell whether the clock may exceed its base frequency for a while."""
    on = view.fingerprint.turbo
    if on is None:
        return unknown("the kernel does not tell")
    if not on:
        return ok("off: the clock stays at its base frequency")
    if view.source.exists("/sys/devices/system/cpu/intel_pstate/no_turbo"):
        mend = "echo 1 | sudo tee /sys/devices/system/cpu/intel_pstate/no_turbo"
    else:
        mend = "echo 0 | sudo tee /sys/devices/system/cpu/cpufreq/boost"
    return info("on: the speed depends on heat and on busy neighbours", mend)


def drift(view: View) -> Finding:
    """Tell whether one fixed loop takes the same time again and again."""
    variation, trend = view.window.variation, view.window.trend
    if variation is None or trend is None:
        return unknown("the loop did not run often enough")
    seen = f"{len(view.window.spins)} runs of a fixed loop: variation {variation:.1%}, trend {trend:+.1%}"
    if variation > DRIFT or abs(trend) > DRIFT:
        return warn(seen, "close other programs, wait until the host is cool, then: paceline doctor")
    return ok(seen)


def heat(view: View) -> Finding:
    """Tell whether a core slowed itself down because of heat while we watched."""
    before, after = view.window.before.hot, view.window.after.hot
    if before is None or after is None:
        return unknown("no throttle counters here")
    if after > before:
        return fail(
            f"throttled {after - before} times while we watched",
            "let it cool and clean its fans, or lower the clock: sudo cpupower frequency-set -u 2GHz",
        )
    return ok(f"no throttling while we watched ({after} since boot)")


def macos_heat(view: View) -> Finding:
    """Tell whether macOS limits the speed because of heat."""
    limit = macos.speed_limit(view.source.run(("pmset", "-g", "therm")))
    if limit is None:
        return unknown("pmset does not tell")
    if limit < 100:
        return warn(f"heat limits the speed to {limit} %", "let it cool, then: pmset -g therm")
    return ok("no thermal limit")


def threads_per_core(view: View) -> Finding:
    """Tell whether two processors share one core."""
    found = view.fingerprint
    if not found.cores_physical or not found.cores_logical:
        return unknown("the kernel does not tell")
    if found.cores_logical <= found.cores_physical:
        return ok(f"{found.cores_physical} cores, one thread each")
    mend = "echo off | sudo tee /sys/devices/system/cpu/smt/control" if found.os == "Linux" else ""
    return info(f"{found.cores_logical} threads on {found.cores_physical} cores", mend)


def kinds_of_core(view: View) -> Finding:
    """Tell whether some cores are slower by design, and whether we may land on any."""
    kinds = processor.kinds_of_core(view.source, view.fingerprint.arch)
    if not processor.online(view.source):
        return unknown("the kernel does not tell")
    if len(kinds) < 2:
        return ok("all cores alike")
    fast, mask = linux.written_cpus(kinds[0]), allowed(view)
    seen = "; ".join(f"kind {number}: {linux.written_cpus(kind)}" for number, kind in enumerate(kinds, 1))
    if mask and any(mask <= kind for kind in kinds):
        return info(f"{seen}; we are kept on {linux.written_cpus(mask)}")
    return warn(seen, f"taskset -c {fast} paceline run")


def memory_nodes(view: View) -> Finding:
    """Tell whether some memory is farther from some cores."""
    nodes = linux.cpu_list(view.source.text("/sys/devices/system/node/online"))
    if not nodes:
        return unknown("the kernel does not tell")
    if len(nodes) == 1:
        return ok("one memory node")
    lists = (view.source.text(f"/sys/devices/system/node/node{node}/cpulist") for node in sorted(nodes))
    mask = allowed(view)
    if mask and any(mask <= linux.cpu_list(text) for text in lists):
        return info(f"{len(nodes)} memory nodes; our cores belong to one")
    home = min(nodes)
    mend = f"numactl --cpunodebind={home} --membind={home} paceline run"
    return warn(f"{len(nodes)} memory nodes, and we may use cores of all", mend)


def affinity(view: View) -> Finding:
    """Which processors may we use? Batch systems always set a mask: it is recorded only."""
    mask = allowed(view)
    if not mask:
        return unknown("the kernel does not tell")
    total = cores_hint(view.fingerprint)
    if len(mask) >= total:
        return ok(f"all {total} processors")
    return info(f"{len(mask)} of {total} processors: {linux.written_cpus(mask)}")


def allowed(view: View) -> frozenset[int]:
    """Return the processors that this process may use; empty when unknown."""
    status = linux.pairs(view.source.text("/proc/self/status") or "", ":")
    return linux.cpu_list(status.get("Cpus_allowed_list"))


def macos_cores(view: View) -> Finding:
    """Tell the kinds of core; which one runs us is the system's choice, nothing can be pinned."""
    kinds = macos.cores_by_level(view.sysctl)
    if len(kinds) < 2:
        return info(
            "cores alike; macOS cannot keep a process on one core, so a race never claims the same core"
        )
    seen = " and ".join(f"{count} {name.lower()}" for name, count in kinds)
    mend = "keep the terminal in the foreground and do not use nice: background work lands on slow cores"
    return warn(f"{seen} cores; macOS cannot keep a process on one core or kind of core", mend)
