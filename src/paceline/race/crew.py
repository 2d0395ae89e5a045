"""The workers of one pair: fresh processes, started together, pinned together, and always ended."""

from __future__ import annotations

import hashlib
import os
import random
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any

from paceline.host.steal import Ticks, idlest, read_ticks
from paceline.outcome import what_the_system_refuses
from paceline.race.contenders import HASH_SEED, THREAD_VARIABLES, Absence, Contender
from paceline.race.process import START_SECONDS, Worker, WorkerLostError

PADDING = 4096  # the environment block is up to so many bytes longer: it moves the stack
CACHE_SECONDS = 600.0
LOAD_SECONDS = 300.0  # imports and setup, before a benchmark could tell its own limit


@dataclass(frozen=True)
class Limits:
    """What a worker may use: seconds a command, bytes of memory; ``asked`` goes before a benchmark's own."""

    timeout: float = 60.0
    memory: float | None = None
    asked: bool = False

    @property
    def load(self) -> float:
        """The seconds that loading a case may take."""
        return self.timeout if self.asked else max(self.timeout, LOAD_SECONDS)

    def of(self, told: Mapping[str, Any]) -> float:
        """Return the seconds that a case may take for one command, from what its worker told when loading."""
        own = told.get("timeout")
        return float(own) if own and not self.asked else self.timeout


class Ground:
    """What all crews of a run share: limits, folders, the caches that were made, and the stop sign."""

    def __init__(self, limits: Limits, folder: Path, stop: Event, rng: random.Random) -> None:
        self.limits, self.folder, self.stop, self.rng = limits, folder, stop, rng
        self.caches: dict[tuple[str, str], Absence | Path] = {}
        self.keys: dict[tuple[str, str], str] = {}  # (place, benchmark) -> the key of its setup_cache
        self._ticks: Ticks | None = read_ticks()
        self.cpus = frozenset(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else frozenset()

    def quietest(self) -> int | None:
        """Return the processor idle the most since the last time; None where there is no choice."""
        before, self._ticks = self._ticks, read_ticks()
        if not self.cpus:
            return None
        if before is None or self._ticks is None:
            return self.rng.choice(sorted(self.cpus))
        return idlest(before, self._ticks, self.cpus)

    def worker(self, contender: Contender, threads: int | None) -> Worker:
        """Start a worker in a contender's place; it is not asked anything yet. No ``threads``: no limit."""
        place = contender.place
        variables = {
            **dict.fromkeys(THREAD_VARIABLES if threads else (), str(threads)),
            "PYTHONHASHSEED": HASH_SEED,
            "PACELINE_PADDING": "." * self.rng.randrange(PADDING),
            **place.variables,
        }
        folder = self.folder / place.name
        with what_the_system_refuses():
            folder.mkdir(parents=True, exist_ok=True)
        return Worker(
            place.python,
            place.benchmarks,
            folder,
            self.stop,
            variables,
            self.limits.memory,
            greet=False,
            scratch=True,  # setup may write files, and teardown of another worker must not remove them
        )

    def cache(self, contender: Contender) -> Path | None:
        """Return the folder of a case's setup_cache value, where it has been made."""
        key = self.keys.get((contender.place.name, contender.benchmark))
        made = self.caches.get((contender.place.name, key)) if key is not None else None
        return made if isinstance(made, Path) else None

    def make_cache(self, contender: Contender, told: Mapping[str, Any]) -> Absence | None:
        """Run a case's setup_cache once for its place, in a worker of its own; tell why it cannot be."""
        key = str(told["key"])
        place = contender.place.name
        self.keys[place, contender.benchmark] = key
        if (place, key) not in self.caches:
            self.caches[place, key] = self._made(contender, key, float(told.get("timeout") or CACHE_SECONDS))
        made = self.caches[place, key]
        return made if isinstance(made, Absence) else None

    def _made(self, contender: Contender, key: str, seconds: float) -> Absence | Path:
        folder = self.folder / contender.place.name / hashlib.sha256(key.encode()).hexdigest()[:12]
        folder.mkdir(parents=True, exist_ok=True)
        command = {"do": "cache", **contender.case, "folder": str(folder)}
        try:
            with self.worker(contender, 1) as worker:
                worker.greet()
                answer = worker.ask(command, seconds)
        except WorkerLostError as error:
            return Absence("failed", f"setup_cache: the worker {error}")
        if answer["status"] != "ready":
            return Absence(str(answer["status"]), f"setup_cache: {answer.get('reason', '')}")
        return folder


class Crew:
    """The workers of one pair, by contender's name; a context manager that leaves none behind."""

    def __init__(self, ground: Ground, threads: int = 1) -> None:
        self.ground, self.threads = ground, threads
        self._workers: dict[str, Worker] = {}

    def start(self, members: Mapping[str, Contender]) -> dict[str, Absence]:
        """Start a worker for each name that has none, all at once; tell which cannot be started."""
        lost: dict[str, Absence] = {}
        fresh = [name for name in members if name not in self._workers]
        for name in fresh:
            try:
                one = members[name]
                self._workers[name] = self.ground.worker(one, one.threads or self.threads)
            except WorkerLostError as error:
                lost[name] = Absence("failed", f"the worker {error}")
        hello = {name: {"do": "hello"} for name in fresh if name in self._workers}
        for name, answer in self.ask_all(hello, START_SECONDS).items():
            if answer["status"] != "ready":
                lost[name] = Absence("failed", answer["reason"])
        return lost

    def pin(self, cpu: int | None) -> None:
        """Let all workers run on one processor, ahead of others; for None wherever this process may."""
        for worker in self._workers.values():
            worker.pin(self.ground.cpus if cpu is None else {cpu}, ahead=cpu is not None)

    def ask(self, name: str, command: Mapping[str, Any], seconds: float) -> dict[str, Any]:
        """Return a worker's answer; that of one that is lost, or was left in any state, is "failed"."""
        return self.ask_all({name: command}, seconds)[name]

    def ask_all(self, commands: Mapping[str, Mapping[str, Any]], seconds: float) -> dict[str, dict[str, Any]]:
        """Let several workers do their commands at the same time, and return their answers."""
        answers = {}
        for name, command in commands.items():
            try:
                self._workers[name].send(command)
            except WorkerLostError as error:
                answers[name] = self._lost(name, error)
        for name in commands:
            if name not in answers:
                try:
                    answers[name] = self._workers[name].receive(seconds)
                except WorkerLostError as error:
                    answers[name] = self._lost(name, error)
            if answers[name].get("status") == "failed":
                self.lose(name, orphans=True)  # nothing was torn down
        return answers

    def lose(self, name: str, orphans: bool = False) -> None:
        """End a worker, whatever state it is in; with ``orphans`` also what has left it."""
        if name in self._workers:
            self._workers[name].close(orphans)
            self._workers.pop(name, None)  # only now: an interrupt in between finds it again

    def has(self, name: str) -> bool:
        """Tell whether a worker lives."""
        return name in self._workers

    def close(self) -> None:
        """End all workers; a Ctrl-C that comes just then is raised when it is done."""
        interrupt: BaseException | None = None
        while self._workers:
            try:
                self.lose(next(iter(self._workers)))
            except (KeyboardInterrupt, SystemExit) as error:
                interrupt = error
        if interrupt is not None:
            raise interrupt

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _lost(self, name: str, error: WorkerLostError) -> dict[str, Any]:
        if self.ground.stop.is_set():
            raise KeyboardInterrupt from error
        return {"status": "failed", "reason": f"the worker {error}"}
