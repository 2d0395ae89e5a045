"""asv's own machine file, ``~/.asv-machine.json``: written before asv asks, or leaves fields out.

asv calls a machine by the name that is given, else by the host's name, else, when the file knows
one machine only, by that one. Its six fields become parameters of every series that ``asv publish``
draws. So they hold nothing that an update changes: the system without its version, the memory in
whole gigabytes. An entry that exists is never touched, for the same reason.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from asv.machine import MachineCollection

from paceline.outcome import PacelineError
from paceline.output import write_file

_VERSION = "version"  # asv keeps the file's version among the machines' names


def ensure_machine(name: str | None, host: Mapping[str, Any]) -> str:
    """Return the machine's name as asv will use it, after adding an entry if asv has none.

    ``host`` is ``Fingerprint.document()``. Raises PacelineError when the name is unusable, the file
    is broken, or HOME cannot be written.
    """
    path = machine_file()
    entries = _entries(path)
    wanted, known = _found(name, host, entries, path)
    if known is None:
        _write(path, {**entries, wanted: asv_fields(wanted, host)})
    return known or wanted


def machine_name(name: str | None, host: Mapping[str, Any]) -> str:
    """Return the machine's name as asv will use it; what asv does not know keeps the name it has."""
    path = machine_file()
    wanted, known = _found(name, host, _entries(path), path)
    return known or wanted


def _found(
    name: str | None, host: Mapping[str, Any], entries: Mapping[str, Any], path: Path
) -> tuple[str, str | None]:
    """Return the name that is wanted, and the one that asv knows the machine by, if it does."""
    own = str(host.get("host") or "unknown")
    wanted = _usable(name if name is not None else own)
    if wanted in entries:
        return wanted, _name_of(entries[wanted], wanted, path)
    if len(entries) == 1 and wanted == own:
        key, entry = next(iter(entries.items()))
        return wanted, _name_of(entry, key, path)
    return wanted, None


def machine_file() -> Path:
    """Return the file's path by asv's rule; a link is followed, so that it stays one."""
    path = Path(MachineCollection.get_machine_file_path())
    try:
        return path.resolve()
    except (OSError, RuntimeError):
        return path


def asv_fields(name: str, host: Mapping[str, Any]) -> dict[str, str]:
    """Return asv's six fields, all text; what the fingerprint does not know is empty, as in asv."""
    ram, cores = host.get("ram"), host.get("cores_logical")
    return {
        "machine": name,
        "os": str(host.get("os") or ""),
        "arch": str(host.get("arch") or ""),
        "cpu": str(host.get("cpu") or ""),
        "num_cpu": str(cores) if cores else "",
        "ram": f"{max(1, round(ram / (1 << 30)))}GB" if ram else "",
    }


def _entries(path: Path) -> dict[str, Any]:
    """Read the machines; none when there is no file."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        raise PacelineError(f"cannot read asv's machine file {path}: {error.strerror or error}") from error
    except (ValueError, RecursionError) as error:
        raise PacelineError(f"asv's machine file {path} is not JSON; mend it or move it away") from error
    if not isinstance(document, dict) or document.get(_VERSION) != MachineCollection.api_version:
        raise PacelineError(
            f"asv's machine file {path} is not of version {MachineCollection.api_version}; "
            "run `asv update`, or move it away"
        )
    return {key: value for key, value in document.items() if key != _VERSION}


def _name_of(entry: Any, key: str, path: Path) -> str:
    """Return the name that asv makes the folder of: the entry's, whatever it is listed under."""
    named = entry.get("machine") if isinstance(entry, dict) else None
    if not isinstance(named, str) or not named:
        raise PacelineError(
            f'the entry {key!r} in {path} has no field "machine"; add it, or remove the entry'
        )
    return named


def _usable(name: str) -> str:
    if not name or name in (".", "..", _VERSION) or "/" in name or "\0" in name:
        raise PacelineError(f"{name!r} cannot be a machine's name: it names a folder in results/")
    return name


def _write(path: Path, entries: dict[str, Any]) -> None:
    document = {**entries, _VERSION: MachineCollection.api_version}
    text = json.dumps(document, indent=4, sort_keys=True) + "\n"
    try:
        write_file(path, text.encode())
    except PacelineError as error:
        message = f"{error}; asv keeps its machines there: set HOME to a folder that can be written"
        raise PacelineError(message, error.code) from error
