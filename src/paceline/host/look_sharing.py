"""Checks of whom we share this host with: hypervisors, quotas, neighbours and their memory."""

from __future__ import annotations

from paceline.host import linux, macos, surroundings
from paceline.host.check import Finding, View, fail, info, ok, unknown, warn
from paceline.host.fingerprint import cores_hint
from paceline.host.look_processor import allowed
from paceline.host.window import macos_neighbours

STEAL = 0.005  # of all processor time
LOAD = 0.1  # runnable tasks, and busy neighbours, for each processor
PRESSURE = 0.1  # of the last ten seconds, in which a task had to wait
_LITTLE_MEMORY = 0.1  # of all
_SHOWN_NEIGHBOURS = 3


def virtual_machine(view: View) -> Finding:
    """Tell whether there is a hypervisor below us."""
    name = view.fingerprint.virtualisation
    if name is None:
        return unknown("neither a flag nor a maker's name tells")
    if name == surroundings.NONE:
        return ok("none")
    return warn(name, "believe ratios only; keep absolute history on a host of your own")


def container(view: View) -> Finding:
    """Tell whether we are in a container."""
    name = view.fingerprint.container
    if name is None:
        return unknown("the control groups cannot be read")
    if name == surroundings.NONE:
        return ok("none")
    return warn(name, "measure on the host itself, or start the container without --cpus and --memory")


def steal(view: View) -> Finding:
    """Tell how much of our time the hypervisor gave to others."""
    share = linux.steal_share(view.window.before.times, view.window.after.times)
    if share is None:
        return unknown("/proc/stat does not tell")
    seen = f"{share:.1%} of the processors' time while we watched"
    if share > STEAL:
        return warn(seen, "use a dedicated instance or a quieter hour; with noise, more pairs are needed")
    return ok(seen)


def quota(view: View) -> Finding:
    """Tell whether a control group stops us when we use too much."""
    before, after = view.window.before.quota, view.window.after.quota
    if not after.readable:
        return unknown("the control groups cannot be read")
    throttled = after.throttled - before.throttled
    times = f"; stopped {throttled} times while we watched" if throttled > 0 else ""
    mend = "systemctl set-property UNIT CPUQuota= (Docker: no --cpus; Kubernetes: no limits.cpu)"
    usable = len(allowed(view)) or cores_hint(view.fingerprint)
    if after.cpus is not None and after.cpus < usable:
        return fail(f"{after.cpus:g} of {usable} processors{times}", mend)
    if throttled > 0:
        return fail(f"no smaller than our processors{times}", mend)
    return ok("none" if after.cpus is None else f"{after.cpus:g} processors, as many as we may use")


def load(view: View) -> Finding:
    """Tell whether others want the processors too."""
    source = view.source
    macos_load = macos.load_average(view.sysctl)
    average = linux.load_average(source.text("/proc/loadavg")) if source.system == "Linux" else macos_load
    if average is None:
        return unknown("no load average")
    waiting = linux.pressure(source.text("/proc/pressure/cpu"))
    each = average / cores_hint(view.fingerprint)
    pressed = "" if waiting is None else f", pressure {waiting:.1%}"
    seen = f"{average:.2f} ({each:.2f} a processor){pressed}"
    if each > LOAD or (waiting or 0) > PRESSURE:
        return warn(seen, "stop what else runs (top), wait a minute, then: paceline doctor")
    return ok(seen)


def neighbours(view: View) -> Finding:
    """Tell which other processes use the processors now."""
    if view.source.system == "Darwin":
        shares = macos_neighbours(view.source)
    elif view.window.after.processes:
        shares = view.window.neighbours
    else:
        return unknown("the processes cannot be read")
    total = sum(share for _, share in shares)
    named = [f"{name} {share:.0%}" for name, share in shares[:_SHOWN_NEIGHBOURS] if share >= 0.01]
    seen = f"{total:.0%} of one processor" + (f": {', '.join(named)}" if named else "")
    if total > LOAD * cores_hint(view.fingerprint):
        return warn(seen, f"stop {shares[0][0]} while you measure")
    return ok(seen)


def memory(view: View) -> Finding:
    """Tell whether there is memory left."""
    total = view.fingerprint.ram
    if not total:
        return unknown("the size of the memory cannot be read")
    free = linux.kilobytes(view.source.text("/proc/meminfo") or "").get("MemAvailable")
    if free is None:
        return info(f"{_gigabytes(total)}; what is free is not told")
    seen = f"{_gigabytes(free)} of {_gigabytes(total)} available"
    if free < _LITTLE_MEMORY * total:
        return warn(seen, "close other programs: ps -eo rss,comm --sort=-rss | head")
    return ok(seen)


def swap(view: View) -> Finding:
    """Tell whether memory goes to disk and back while we watch."""
    if view.source.system == "Darwin":
        used = macos.swap_used(view.sysctl)
        return unknown("not told") if used is None else info(f"{_gigabytes(used)} in use")
    sizes = linux.kilobytes(view.source.text("/proc/meminfo") or "")
    if "SwapTotal" not in sizes:
        return unknown("/proc/meminfo does not tell")
    used = sizes["SwapTotal"] - sizes.get("SwapFree", 0)
    before, after = view.window.before.swapped, view.window.after.swapped
    if before is not None and after is not None and after > before:
        return warn(f"{after - before} pages moved while we watched", "sudo swapoff -a && sudo swapon -a")
    return info(f"{_gigabytes(used)} in use, nothing moved") if used else ok("none in use")


def _gigabytes(size: int) -> str:
    return f"{size / (1 << 30):.1f} GB"
