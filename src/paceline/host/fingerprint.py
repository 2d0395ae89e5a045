"""The host's fingerprint: what it is, and the epoch, which is what can change its speed."""

from __future__ import annotations

import functools
import hashlib
import json
import platform
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from paceline.host import linux, macos, processor, surroundings
from paceline.host.source import Source


@dataclass(frozen=True)
class Fingerprint:
    """What a host is, as far as it can be read; None is unknown, never a guess. Sizes are bytes."""

    machine: str  # asv's word: the folder in results/; the host's name unless the user gives another
    host: str
    os: str  # "Linux", "Darwin"
    os_version: str | None
    kernel: str | None
    arch: str
    cpu: str | None
    signature: str | None  # family, model and stepping, where the processor has such numbers
    microcode: str | None
    cores_physical: int | None
    cores_logical: int | None
    l1d: int | None
    l2: int | None
    l3: int | None
    ram: int | None
    governor: str | None
    turbo: bool | None
    virtualisation: str | None
    container: str | None
    python: str
    implementation: str
    numpy: str | None
    blas: str | None

    @property
    def epoch(self) -> str:
        """A short hash of exactly what can change the speed: the rule is the list in here.

        Signature and caches belong to it because hypervisors give processors of several generations one name.
        """
        processor = [self.cpu, self.signature, self.microcode, self.l1d, self.l2, self.l3]
        parts = [*processor, self.governor, self.turbo, kernel_series(self.kernel)]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:12]

    def document(self) -> dict[str, Any]:
        """Return the fields and the epoch as JSON has them."""
        return {**asdict(self), "epoch": self.epoch}


def kernel_series(release: str | None) -> str | None:
    """Return a kernel's major.minor; a bug fix release is no new epoch."""
    found = re.match(r"([0-9]{1,6})\.([0-9]{1,6})", release or "")
    return f"{found[1]}.{found[2]}" if found else None


def read_fingerprint(
    source: Source | None = None,
    machine: str | None = None,
    sysctl: dict[str, str] | None = None,
    name_cpu: Callable[[], str | None] = processor.cpuinfo_name,
) -> Fingerprint:
    """Read this host's fingerprint in some milliseconds; never raises for what cannot be read.

    ``name_cpu`` (slow: py-cpuinfo) is asked only where the kernel gives the processor no name.
    """
    source = source or Source()
    entries = macos.read_sysctl(source) if sysctl is None else sysctl
    hardware = _macos(source, entries) if source.system == "Darwin" else _linux(source)
    name = hardware.pop("cpu") or name_cpu()
    caches = hardware.pop("caches")
    return Fingerprint(
        machine=machine or source.node or "unknown",
        host=source.node or "unknown",
        os=source.system or "unknown",
        arch=source.arch or "unknown",
        cpu=processor.plain(name),
        l1d=caches.l1d, l2=caches.l2, l3=caches.l3,
        governor=processor.governor(source),
        turbo=processor.turbo(source),
        virtualisation=surroundings.virtualisation(source, entries),
        container=surroundings.container(source),
        python=platform.python_version(),
        implementation=platform.python_implementation(),
        numpy=numpy_version(),
        blas=blas_name(numpy_config()),
        **hardware,
    )  # fmt: skip


def _linux(source: Source) -> dict[str, Any]:
    info = linux.cpu_info(source.text("/proc/cpuinfo") or "")
    release = linux.pairs(source.text("/etc/os-release") or "", "=")
    return {
        "cpu": info.model,
        "signature": info.signature,
        "microcode": info.microcode or source.text("/sys/devices/system/cpu/cpu0/microcode/version"),
        "cores_physical": processor.physical_cores(source) or info.physical,
        "cores_logical": len(processor.online(source)) or info.logical or None,
        "caches": processor.linux_caches(source),
        "ram": linux.kilobytes(source.text("/proc/meminfo") or "").get("MemTotal"),
        "os_version": release.get("PRETTY_NAME", "").strip("\"'") or None,
        "kernel": source.text("/proc/sys/kernel/osrelease"),
    }


def _macos(source: Source, sysctl: dict[str, str]) -> dict[str, Any]:
    return {
        "cpu": sysctl.get("machdep.cpu.brand_string"),
        "signature": _signature(sysctl),
        "microcode": sysctl.get("machdep.cpu.microcode_version"),
        "cores_physical": macos.number(sysctl, "hw.physicalcpu"),
        "cores_logical": macos.number(sysctl, "hw.logicalcpu", "hw.ncpu"),
        "caches": processor.macos_caches(sysctl),
        "ram": macos.number(sysctl, "hw.memsize"),
        "os_version": sysctl.get("kern.osproductversion"),
        "kernel": sysctl.get("kern.osrelease") or source.run(("uname", "-r")),
    }


def _signature(sysctl: dict[str, str]) -> str | None:
    numbers = [sysctl.get(f"machdep.cpu.{name}") for name in ("family", "model", "stepping")]
    return "/".join(number or "?" for number in numbers) if any(numbers) else None


@functools.cache
def numpy_version() -> str | None:
    """Return NumPy's version; None when it cannot be imported."""
    try:
        import numpy as np
    except Exception:  # a broken wheel raises anything; the doctor must still speak
        return None
    return str(np.__version__)


@functools.cache
def numpy_config() -> Any:
    """Return NumPy's own account of how it was built; None when it has none."""
    try:
        import numpy as np

        return np.show_config(mode="dicts")
    except Exception:  # as above
        return None


def blas_name(config: Any) -> str | None:
    """Return the BLAS that NumPy was built with, from ``show_config(mode="dicts")``."""
    entry: Any = config
    for key in ("Build Dependencies", "blas"):
        entry = entry.get(key) if isinstance(entry, dict) else None
    if not isinstance(entry, dict) or not entry.get("found", True) or not entry.get("name"):
        return None
    version = entry.get("version")
    known = version and str(version).lower() not in ("unknown", "none")
    return f"{entry['name']} {version}" if known else str(entry["name"])


def cores_hint(fingerprint: Fingerprint) -> int:
    """Return how many processors there are at least; one when that is unknown."""
    return max(1, fingerprint.cores_logical or fingerprint.cores_physical or 1)
