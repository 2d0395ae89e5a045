"""A long history read fast: what asv's files hold, kept in SQLite; only new and changed files are read.

``.paceline/cache.sqlite`` is derived: it can be deleted at any time, and is made anew when it is torn,
foreign or of another version. A file is read again when its size or the time of its last change is another.
Where the cache cannot be written, it is made in memory, and the next time costs the same again.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from paceline import processes
from paceline.results.asv_columns import Floats, Shapes, columns
from paceline.results.asv_document import UnreadableError, loaded
from paceline.results.asv_files import head_of, machine_of
from paceline.results.measurements import Machine, Run

PLACE = Path(".paceline/cache.sqlite")
_VERSION = 1  # raise it when what is kept changes
_MAKE = """
create table file (path blob primary key, size integer, changed integer, machine text, problem text,
                   head text, shapes text, figures blob, status blob) without rowid;
create table shape (id integer primary key, text text unique);
"""
_BATCH = 256  # files a transaction: what was read stays when the reading is stopped
_Stamp = tuple[int, int, str]


@dataclass(frozen=True)
class Kept:
    """One result file: its run without measurements, and its columns; ``problem`` says why it has none."""

    path: Path
    machine: Machine
    problem: str
    run: Run | None = None
    shapes: tuple[int, ...] = ()
    figures: Floats = field(default_factory=lambda: np.empty((3, 0), np.float32))
    status: NDArray[np.uint8] = field(default_factory=lambda: np.empty(0, np.uint8))


@dataclass(frozen=True)
class Shelf:
    """Everything that is kept of one results folder, by path; ``shapes`` are texts by their number."""

    kept: tuple[Kept, ...]
    shapes: Mapping[int, str]
    read: int  # files that were read this time
    warnings: tuple[str, ...] = ()


def shelf(folder: Path, place: Path = PLACE) -> Shelf:
    """Return what a results folder holds, reading what is new."""
    warnings: list[str] = []
    machines = dict(_machines(folder.resolve(), warnings))
    for attempt in range(2):
        try:
            with closing(_opened(place)) as cache:
                return _shelf(cache, folder.resolve(), machines, warnings)
        except (sqlite3.DatabaseError, ValueError, TypeError, KeyError):
            if attempt == 0:  # torn, foreign, locked for long: begin anew
                _discard(place)
    with closing(_made(sqlite3.connect(":memory:"))) as cache:
        return _shelf(cache, folder.resolve(), machines, [*warnings, f"{place} cannot be written"])


def _machines(folder: Path, warnings: list[str]) -> Iterator[tuple[Path, Machine]]:
    """Yield every machine's folder; the warnings are those of ``asv_files``, which says them again."""
    for own in sorted(path for path in folder.iterdir() if path.is_dir()):
        try:
            yield own, machine_of(loaded(own / "machine.json"))
        except UnreadableError as error:
            if any(own.glob("*.json")):
                warnings.append(f"{own.name}/machine.json: {error}; what lies beside it is left out")


def _opened(place: Path) -> sqlite3.Connection:
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise sqlite3.OperationalError(str(error)) from error
    cache = sqlite3.connect(place, timeout=20.0)
    try:
        known = cache.execute("pragma user_version").fetchone()[0] == _VERSION
        return cache if known else _made(cache)  # which fails where other tables are
    except BaseException:
        cache.close()
        raise


def _made(cache: sqlite3.Connection) -> sqlite3.Connection:
    cache.executescript(f"{_MAKE} pragma user_version = {_VERSION};")
    return cache


def _discard(place: Path) -> None:
    for ending in ("", "-journal", "-wal", "-shm"):
        with suppress(OSError):
            place.with_name(place.name + ending).unlink()


def _shelf(
    cache: sqlite3.Connection, folder: Path, machines: Mapping[Path, Machine], warnings: list[str]
) -> Shelf:
    there = {path: stamp for own, machine in machines.items() for path, stamp in _files(own, machine)}
    inside = (
        os.fsencode(folder) + b"/",
        os.fsencode(folder) + b"0",
    )  # what lies in the folder: "0" is next to "/"
    rows = cache.execute("select path, size, changed, machine from file where path >= ? and path < ?", inside)
    known = {path: (size, changed, machine) for path, size, changed, machine in rows}
    gone = [(path,) for path in known if path not in there]
    fresh = [path for path, stamp in there.items() if known.get(path) != stamp]
    with cache:
        cache.executemany("delete from file where path = ?", gone)
    writer = _Writer(cache, dict(cache.execute("select text, id from shape")))
    found = processes.each(_reader(there, machines), fresh, few=_BATCH)
    for start in range(0, len(fresh), _BATCH):
        with cache:
            for path, told in zip(fresh[start : start + _BATCH], found, strict=False):
                writer.keep(path, there[path], told)
    shapes = dict(cache.execute("select id, text from shape"))
    rows = cache.execute("select * from file where path >= ? and path < ? order by path", inside)
    kept = tuple(_kept(row, machines[_path(row[0]).parent]) for row in rows)
    problems = [f"{one.path.parent.name}/{one.path.name}: {one.problem}" for one in kept if one.problem]
    return Shelf(kept, shapes, len(fresh), (*warnings, *problems))


def _path(name: bytes) -> Path:
    return Path(os.fsdecode(name))


def _files(own: Path, machine: Machine) -> Iterator[tuple[bytes, _Stamp]]:
    with os.scandir(own) as entries:
        for entry in entries:
            if entry.name.endswith(".json") and entry.name != "machine.json" and entry.is_file():
                told = entry.stat()
                yield os.fsencode(entry.path), (told.st_size, told.st_mtime_ns, ascii(machine.name))


_Told = tuple[str, str | None, tuple[str, ...], bytes, bytes]  # problem, head, shapes, figures, status


def _reader(there: Mapping[bytes, _Stamp], machines: Mapping[Path, Machine]) -> Callable[[bytes], _Told]:
    """Return what reads a file, or says why it cannot be read; it remembers the shapes of files before."""
    shapes: Shapes = {}

    def read(path: bytes) -> _Told:
        try:
            document = loaded(_path(path))
            head, found = head_of(document, machines[_path(path).parent]), columns(document, shapes)
        except UnreadableError as error:
            return ascii(str(error))[1:-1], None, (), b"", b""
        return "", _head_text(head), found.shapes, found.figures.tobytes(), found.status.tobytes()

    return read


@dataclass
class _Writer:
    """Puts files into the cache; what cannot be read is kept as that until the file changes."""

    cache: sqlite3.Connection
    ids: dict[str, int]

    def keep(self, path: bytes, stamp: _Stamp, told: _Told) -> None:
        """Keep what a file holds."""
        problem, head, shapes, figures, status = told
        ids = json.dumps([self._id(text) for text in shapes])
        row = (path, *stamp, problem, head, ids, figures, status)
        self.cache.execute("insert or replace into file values (?,?,?,?,?,?,?,?,?)", row)

    def _id(self, text: str) -> int:
        """Return a shape's number; another process may have put it there in the meantime."""
        if text not in self.ids:
            self.cache.execute("insert or ignore into shape (text) values (?)", (text,))
            found = self.cache.execute("select id from shape where text = ?", (text,)).fetchone()
            self.ids[text] = int(found[0])
        return self.ids[text]


def _kept(row: tuple[bytes, int, int, str, str, str | None, str, bytes, bytes], machine: Machine) -> Kept:
    path, _size, _changed, _machine, problem, head, shapes, figures, status = row
    if head is None:
        return Kept(_path(path), machine, problem)
    return Kept(
        _path(path),
        machine,
        problem,
        _head(head, machine),
        tuple(json.loads(shapes)),
        np.frombuffer(figures, np.float32).reshape(3, -1),
        np.frombuffer(status, np.uint8),
    )


def _head_text(run: Run) -> str:
    measured = run.measured.timestamp() if run.measured else None
    told = [run.commit, run.date.timestamp(), run.environment, run.python]
    return json.dumps([*told, dict(run.requirements), dict(run.variables), measured])


def _head(text: str, machine: Machine) -> Run:
    commit, date, environment, python, requirements, variables, measured = json.loads(text)
    when = None if measured is None else datetime.fromtimestamp(measured, UTC)
    then = datetime.fromtimestamp(date, UTC)
    return Run(machine, commit, then, environment, python, requirements, variables, (), when)
