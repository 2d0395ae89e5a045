"""What this system runs inside of: a virtual machine, a container, or nothing."""

from __future__ import annotations

from paceline.host import linux, macos
from paceline.host.source import Source

NONE = "none"
_VENDORS = {
    "qemu": "kvm", "kvm": "kvm", "amazon ec2": "kvm (Amazon EC2)", "google": "kvm (Google)",
    "microsoft corporation": "hyper-v", "vmware": "vmware", "innotek": "virtualbox", "xen": "xen",
    "parallels": "parallels", "openstack": "kvm (OpenStack)", "digitalocean": "kvm (DigitalOcean)",
    "hetzner": "kvm (Hetzner)", "apple": "apple",
}  # fmt: skip
_CONTAINERS = (
    "docker",
    "kubepods",
    "containerd",
    "libpod",
    "lxc",
    "garden",
    "nspawn",
    "apptainer",
    "buildkit",
)


def virtualisation(source: Source, sysctl: dict[str, str]) -> str | None:
    """Return the hypervisor's name, ``none``, or None when it cannot be told."""
    if source.system == "Darwin":
        present = macos.number(sysctl, "kern.hv_vmm_present")
        return None if present is None else ("apple" if present else NONE)
    if "microsoft" in (source.text("/proc/sys/kernel/osrelease") or "").lower():
        return "hyper-v (WSL)"
    named = source.text("/sys/hypervisor/type")
    if named:
        return named
    flags = linux.cpu_info(source.text("/proc/cpuinfo") or "").flags
    vendor = _vendor(source)
    if "hypervisor" in flags:
        return vendor or "a hypervisor"
    if flags and source.arch in ("x86_64", "i686", "i386", "AMD64"):
        return NONE
    return vendor  # Arm has no such flag: a maker of virtual machines is the only sign


def _vendor(source: Source) -> str | None:
    names = [source.text(f"/sys/class/dmi/id/{name}") or "" for name in ("sys_vendor", "product_name")]
    seen = " ".join(names).lower()
    if "metal" in names[1].lower():
        return None
    return next((name for sign, name in _VENDORS.items() if sign in seen), None)


def container(source: Source) -> str | None:
    """Return the container's kind, ``none``, or None when it cannot be told."""
    if source.system == "Darwin":
        return NONE
    if source.exists("/.dockerenv"):
        return "docker"
    if source.exists("/run/.containerenv"):
        return "podman"
    if source.variables.get("APPTAINER_CONTAINER") or source.variables.get("SINGULARITY_CONTAINER"):
        return "apptainer"
    if named := source.text("/run/systemd/container"):
        return named
    groups = source.text("/proc/1/cgroup")
    for name in _CONTAINERS:
        if name in (groups or ""):
            return name
    mounts = linux.mounts(source.text("/proc/self/mountinfo"))
    if any(mount.point == "/" and mount.kind == "overlay" for mount in mounts):
        return "a container (its root is an overlay)"
    return NONE if groups is not None or mounts else None
