"""How much processor time the control groups of this process grant it (versions 1 and 2)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

from paceline.host import linux
from paceline.host.source import Source, whole


@dataclass(frozen=True)
class Quota:
    """The tightest limit from this process up to the root of its groups.

    ``cpus``: processors' worth of time, None for no limit; ``throttled``: how often a group was
    stopped since it was made; ``readable``: whether any group could be read at all.
    """

    cpus: float | None = None
    throttled: int = 0
    readable: bool = False


def read_quota(source: Source) -> Quota:
    """Read the quota of this process's groups."""
    folders = group_folders(
        source.text("/proc/self/cgroup") or "", linux.mounts(source.text("/proc/self/mountinfo"))
    )
    quotas = [quota for folder in folders if (quota := _folder_quota(source, folder))]
    limits = [quota.cpus for quota in quotas if quota.cpus is not None]
    # The root of version 2 has neither file: standing in a group without a limit is also an answer.
    readable = bool(quotas) or any(source.exists(folder) for folder in folders)
    return Quota(min(limits, default=None), sum(quota.throttled for quota in quotas), readable)


def group_folders(groups: str, mounts: list[linux.Mount]) -> list[str]:
    """Return the folders that may limit us, from our own group up, for /proc/self/cgroup's text.

    A container often sees its own group mounted as if it were the root: the mount's root is then
    taken off the group's path.
    """
    folders = []
    for mount in mounts:
        path = _our_path(groups, mount)
        if path is None:
            continue
        inside = _below(path, mount.root)
        steps = [inside, *inside.parents] if inside != PurePosixPath(".") else [inside]
        folders += [str(PurePosixPath(mount.point) / step) for step in steps]
    return list(dict.fromkeys(folders))


def _our_path(groups: str, mount: linux.Mount) -> str | None:
    for line in groups.splitlines():
        number, _, rest = line.partition(":")
        controllers, _, path = rest.partition(":")
        if mount.kind == "cgroup2" and number == "0" and not controllers:
            return path
        if mount.kind == "cgroup" and "cpu" in controllers.split(",") and "cpu" in mount.options:
            return path
    return None


def _below(path: str, root: str) -> PurePosixPath:
    group, top = PurePosixPath(path or "/"), PurePosixPath(root or "/")
    if ".." in group.parts or not group.is_relative_to(top):
        return PurePosixPath()
    return group.relative_to(top)


def _folder_quota(source: Source, folder: str) -> Quota | None:
    stat = source.text(f"{folder}/cpu.stat")
    limit = cpu_max(source.text(f"{folder}/cpu.max"))
    if limit is None:
        micros, period = (source.integer(f"{folder}/cpu.cfs_{name}_us") for name in ("quota", "period"))
        limit = micros / period if micros and period and micros > 0 and period > 0 else None
    if stat is None and limit is None:
        return None
    return Quota(limit, whole(linux.pairs(stat or "").get("nr_throttled")) or 0, readable=True)


def cpu_max(text: str | None) -> float | None:
    """Read version 2's ``cpu.max`` (``max 100000``, ``150000 100000``) as processors; None: no limit."""
    words = (text or "").split()
    micros = whole(words[0]) if words else None
    period = whole(words[1]) if len(words) > 1 else 100_000
    return micros / period if micros and period and micros > 0 and period > 0 else None
