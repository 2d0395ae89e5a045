"""Checks of the kernel and the power: clock, battery, and settings that are recorded."""

from __future__ import annotations

from paceline.host import linux, macos
from paceline.host.check import Finding, View, fail, info, ok, unknown, warn

_CLOCKS = "/sys/devices/system/clocksource/clocksource0"
_GOOD_CLOCKS = ("tsc", "arch_sys_counter", "timebase", "tod", "riscv_clocksource", "stp")
_COARSE_STEP, _SLOW_READING = 1_000, 500.0  # nanoseconds
_ASLR = {0: "off", 1: "on, heap fixed", 2: "on"}


def clock_source(view: View) -> Finding:
    """Tell which counter the kernel reads the time from."""
    current = view.source.text(f"{_CLOCKS}/current_clocksource")
    if not current:
        return unknown("the kernel does not tell")
    if current in _GOOD_CLOCKS:
        return ok(current)
    others = (view.source.text(f"{_CLOCKS}/available_clocksource") or "").split()
    better = next((name for name in _GOOD_CLOCKS if name in others), None)
    if better:
        return fail(current, f"echo {better} | sudo tee {_CLOCKS}/current_clocksource")
    return fail(f"{current}; no better one is offered", "boot with clocksource=tsc tsc=reliable")


def timer(view: View) -> Finding:
    """Tell how fine Python's clock is, and what a reading costs."""
    step, cost = view.window.timer.step, view.window.timer.cost
    if step <= 0:
        return unknown("Python's clock did not move")
    seen = f"steps of {step} ns, {cost:.0f} ns a reading"
    if step > _COARSE_STEP or cost > _SLOW_READING:
        return warn(seen, "see the clock source above; under Rosetta or emulation use a native Python")
    return ok(seen)


def power(view: View) -> Finding:
    """Tell whether we are on battery."""
    if not view.source.exists("/sys/class/power_supply"):
        return unknown("the kernel does not tell")
    supplies = view.source.paths("/sys/class/power_supply/*")
    kinds = {path: view.source.text(f"{path}/type") for path in supplies}
    mains = [
        view.source.integer(f"{path}/online") for path, kind in kinds.items() if kind in ("Mains", "USB")
    ]
    batteries = [path for path, kind in kinds.items() if kind == "Battery" and not _of_a_device(view, path)]
    if not batteries:
        return ok("no battery")
    draining = any(view.source.text(f"{path}/status") == "Discharging" for path in batteries)
    if draining and 1 not in mains:
        return fail("on battery", "plug in the power supply")
    return ok("on mains")


def _of_a_device(view: View, path: str) -> bool:
    """Tell a mouse's or a headset's battery from the host's."""
    return view.source.text(f"{path}/scope") == "Device"


def macos_power(view: View) -> Finding:
    """Tell whether we are on battery."""
    battery = macos.on_battery(view.source.run(("pmset", "-g", "batt")))
    if battery is None:
        return unknown("pmset does not tell")
    return fail("on battery", "plug in the power supply") if battery else ok("on mains")


def low_power_mode(view: View) -> Finding:
    """Tell whether macOS saves energy."""
    mode = view.fingerprint.governor
    if mode is None:
        return unknown("pmset does not tell")
    return warn("on", "sudo pmset -a lowpowermode 0") if mode == "low-power" else ok(f"off ({mode})")


def rosetta(view: View) -> Finding:
    """Tell whether this Python is translated from another processor's code."""
    translated = macos.number(view.sysctl, "sysctl.proc_translated")
    if translated == 1:
        return fail("this Python is translated from x86-64", "arch -arm64 python3 -m venv .venv")
    if translated is None and not view.sysctl:
        return unknown("sysctl does not answer")
    return ok("native")  # Macs with Intel processors do not know the name


def kernel(view: View) -> Finding:
    """Record the system and its kernel."""
    release, system = view.fingerprint.kernel, view.fingerprint.os_version
    if not release and not system:
        return unknown("no release to be read")
    return info(", ".join(part for part in (system, f"kernel {release}" if release else None) if part))


def mitigations(view: View) -> Finding:
    """Record which defences against speculation bugs are on: they cost time."""
    folder = "/sys/devices/system/cpu/vulnerabilities"
    states = {
        path.rsplit("/", 1)[-1]: view.source.text(path) or "" for path in view.source.paths(f"{folder}/*")
    }
    if not states:
        return unknown("the kernel does not tell")
    on = [name for name, state in states.items() if state.startswith("Mitigation")]
    off = [name for name, state in states.items() if state.startswith("Vulnerable")]
    return info(f"on: {', '.join(on) or 'none'}; vulnerable: {', '.join(off) or 'none'}")


def aslr(view: View) -> Finding:
    """Record whether addresses are random: every process then has another layout."""
    setting = view.source.integer("/proc/sys/kernel/randomize_va_space")
    if setting is None:
        return unknown("the kernel does not tell")
    return info(f"{_ASLR.get(setting, setting)}: fresh processes average over it")


def isolation(view: View) -> Finding:
    """Record the processors that the scheduler leaves alone."""
    folder = "/sys/devices/system/cpu"
    isolated = view.source.text(f"{folder}/isolated")
    if isolated is None:
        return unknown("the kernel does not tell")
    quiet = linux.cpu_list(view.source.text(f"{folder}/nohz_full"))
    ticks = f"; without timer ticks: {linux.written_cpus(quiet)}" if quiet else ""
    return info(f"processors {isolated}{ticks}" if isolated else f"no processor isolated{ticks}")


def huge_pages(view: View) -> Finding:
    """Record whether large arrays get huge pages by themselves."""
    mode = linux.chosen(view.source.text("/sys/kernel/mm/transparent_hugepage/enabled"))
    return info(mode) if mode else unknown("the kernel does not tell")
