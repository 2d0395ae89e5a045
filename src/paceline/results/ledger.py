"""The ledger: ``results/<machine>/races/<utc>-<hash8>-<pid>.jsonl``, one file a run, one record a line.

Every line is strict JSON with ``"schema": 1`` and ``"run"``, the file's stem; what else is in it is the
writer's affair. A line is on the disk before the next race begins, so that a kill costs at most the line
it interrupts: a torn last line is ignored with a warning, and cut before anything is appended.
"""

from __future__ import annotations

import difflib
import errno
import fcntl
import os
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from paceline.outcome import Exit, PacelineError
from paceline.results.lines import entry, machine_folder, mend, write_all, written

SCHEMA = 1
FOLDER = "races"
_NAME = re.compile(r"[0-9]{8}T[0-9]{6}Z-.+\.jsonl")
_MENDS = {
    errno.ENOSPC: "make room on that disk",
    errno.EDQUOT: "make room: the quota is used up",
    errno.EACCES: "make the folder writable, or name another with --results",
    errno.EROFS: "name a folder that can be written with --results",
}


@dataclass(frozen=True)
class Records:
    """The records of one file in the order they were written, and what could not be read."""

    records: tuple[dict[str, Any], ...] = ()
    warnings: tuple[str, ...] = ()


class Ledger:
    """The file that one run writes; what is in it when the run is killed stays."""

    def __init__(self, results: Path, machine: str, commit: str, now: datetime | None = None) -> None:
        """Create the file, and its folder where there is none; PacelineError says how to mend it."""
        folder = machine_folder(results, machine) / FOLDER
        stamp = (now or datetime.now(UTC)).astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
        short = re.sub(r"[^0-9A-Za-z]", "", commit)[:8] or "no-commit"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self.path, self._file = _created(folder, f"{stamp}-{short}-{os.getpid()}")
        except OSError as error:
            raise _unwritable(folder, error, "nothing was measured") from error
        _claim(self.path, self._file)

    @property
    def run(self) -> str:
        """The run's name: the stem of its file."""
        return self.path.stem

    @classmethod
    def resume(cls, path: Path) -> tuple[Ledger, list[dict[str, Any]]]:
        """Open a run's file to append to it, and return what it holds; a torn last line is cut off first."""
        self = cls.__new__(cls)
        self.path = path
        try:
            self._file = os.open(path, os.O_RDWR | os.O_APPEND)
        except OSError as error:
            raise _unwritable(path, error, "the run cannot be resumed") from error
        _claim(path, self._file)
        try:
            mend(self._file)
        except OSError as error:
            self.close()
            raise _unwritable(path, error, "the run cannot be resumed") from error
        return self, list(read(path).records)

    def write(self, record: Mapping[str, Any]) -> None:
        """Append one record and see it onto the disk; when that fails, what was written before stays."""
        document = {"schema": SCHEMA, "run": self.run, **record} | {"schema": SCHEMA, "run": self.run}
        line = written(document)
        end = None
        try:
            end = mend(self._file)  # whoever interrupted the last writing may have torn it
            write_all(self._file, line)
            os.fsync(self._file)
        except OSError as error:
            if end is not None:
                with suppress(OSError):
                    os.ftruncate(self._file, end)
            lost = f"this record ({record.get('kind', 'unnamed')}) is lost, all before it are kept"
            raise _unwritable(self.path, error, lost) from error

    def close(self) -> None:
        """Close the file; closing again does nothing."""
        if self._file >= 0:
            os.close(self._file)
        self._file = -1

    def __enter__(self) -> Ledger:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def read(path: Path) -> Records:
    """Read one run; what is torn, foreign or of another schema is left out with one warning each."""
    try:
        content = path.read_bytes()
    except OSError as error:
        return Records((), (f"{path} cannot be read: {error.strerror or error}",))
    *lines, last = content.split(b"\n")
    entries = [entry(line) for line in lines if line.strip()]
    tail = entry(last)
    found = [record for record in (*entries, tail) if record is not None]
    known = [record for record in found if record.get("schema") == SCHEMA]
    told = {
        "line(s) that are no records; left out": entries.count(None),
        f"record(s) of a schema other than {SCHEMA}: a newer paceline reads them; left out": (
            len(found) - len(known)
        ),
        "torn last line: the run was interrupted while writing it; ignored": int(bool(last) and tail is None),
    }
    warnings = tuple(f"{path}: {count} {what}" for what, count in told.items() if count)
    return Records(tuple(known), warnings)


def what(path: Path) -> str:
    """Return what a run did, "race" or "compare", by its first line; empty where that does not tell."""
    try:
        with path.open("rb") as file:
            header = entry(file.readline())
    except OSError:
        return ""
    return str(header.get("what", "")) if header else ""


def runs(results: Path, machine: str | None = None) -> list[Path]:
    """Return the files of all runs, or of one machine's, the newest last."""
    folders = sorted(results.glob("*")) if machine is None else [machine_folder(results, machine)]
    found = (path for folder in folders for path in (folder / FOLDER).glob("*.jsonl"))
    return sorted((path for path in found if _NAME.fullmatch(path.name)), key=_age)


def find(results: Path, name: str) -> tuple[Path, str | None]:
    """Return the file of a run and the race in it that are meant by ``run`` or ``run/race``.

    ``run`` is a file's stem, a beginning of it that no other has, or ``last``.
    """
    run, _, race = name.strip().partition("/")
    known = runs(results)
    if not known:
        raise PacelineError(f"there are no races in {results}; `paceline race` makes some")
    if run == "last":
        return known[-1], race or None
    fitting = [path for path in known if path.stem == run] or [
        path for path in known if path.stem.startswith(run)
    ]
    if len(fitting) != 1:
        raise PacelineError(_not_one(run, fitting, known))
    return fitting[0], race or None


def _not_one(run: str, fitting: list[Path], known: list[Path]) -> str:
    if fitting:
        shown = ", ".join(str(path) for path in fitting[-3:])
        return f"{run!r} names {len(fitting)} runs, such as {shown}: give more of the name, or `last`"
    stems = [path.stem for path in known]
    near = difflib.get_close_matches(run, stems, 1, cutoff=0.0) or stems[-1:]
    return f"there is no run {run!r}; the nearest is {near[0]}, the newest {stems[-1]} (`last`)"


def _age(path: Path) -> tuple[str, list[tuple[int, str]]]:
    """Sort by time, then by name with its numbers as numbers: ``-4711`` before ``-4711-2``, ``-10``."""
    stamp, _, rest = path.stem.partition("-")
    return stamp, [(int(word) if word.isdecimal() else -1, word) for word in rest.split("-")]


def _created(folder: Path, stem: str) -> tuple[Path, int]:
    """Create a file that was not there: a second run of one process and second gets a number."""
    flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_EXCL
    number = 1
    while True:
        path = folder / (f"{stem}.jsonl" if number == 1 else f"{stem}-{number}.jsonl")
        with suppress(FileExistsError):
            return path, os.open(path, flags, 0o644)
        number += 1


def _claim(path: Path, file: int) -> None:
    """Make sure that nobody else writes the file now; the claim ends with the process."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(file)
        raise PacelineError(f"{path.stem} is still being measured; wait for it, or stop it first") from error
    except OSError:  # a network disk without locks: names differ by process anyway
        pass


def _unwritable(path: Path, error: OSError, lost: str) -> PacelineError:
    mend = _MENDS.get(error.errno or 0, "see that it can be written, or name another folder with --results")
    return PacelineError(f"cannot write {path}: {error.strerror or error}; {lost}; {mend}", Exit.FAILED)
