"""Which cases use more than one core where they may? They are measured on one, and must carry that warning.

A race gives every case one thread and one core. So each case is called once more, outside the race, in a
worker without those limits: its processor time is compared with the wall's, and with that of the thread that
called it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from paceline.race.contenders import Contender
from paceline.race.crew import Ground
from paceline.race.process import Worker, WorkerLostError

MANY = 1.2  # processor time / time on the wall: this much is no noise of clocks
OTHERS = 0.1  # the share of it that is spent in other threads, however busy the computer is
Key = tuple[str, str]
THREADS = "works in several threads, measured on 1 core"


def probe(ground: Ground, cases: Mapping[Key, Contender]) -> dict[Key, str]:
    """Return a warning for each case that uses several cores, by race and name; the cases share a place.

    Threads that one case has left spinning in a worker would be blamed on the next one: what is found is
    asked again in a worker of its own. A case that cannot be called, or a worker that is lost, is no matter
    here: the race tells of it.
    """
    found = _probed(ground, cases)
    first = next(iter(cases), None)
    for key in [key for key in found if key != first]:
        found |= {key: _probed(ground, {key: cases[key]}).get(key, "")}
    return {key: warning for key, warning in found.items() if warning}


def _probed(ground: Ground, cases: Mapping[Key, Contender]) -> dict[Key, str]:
    found: dict[Key, str] = {}
    try:
        with ground.worker(next(iter(cases.values())), None) as worker:
            worker.greet()
            for name, contender in cases.items():
                told = _asked(ground, worker, contender)
                warning = said(told) if told else ""
                if warning:
                    found[name] = warning
    except WorkerLostError as error:
        if ground.stop.is_set():
            raise KeyboardInterrupt from error
    return found


def said(told: Mapping[str, Any]) -> str:
    """Return the warning of seconds on the wall, of the processors, and of the calling thread."""
    wall, cpu, own = (float(told[name]) for name in ("wall", "cpu", "own"))
    if cpu > MANY * wall > 0:
        return f"uses {cpu / wall:.1f} cores, measured on 1"
    return THREADS if cpu - own > OTHERS * cpu else ""


def by_place(contenders: Mapping[Key, Contender]) -> list[dict[Key, Contender]]:
    """Return named contenders, those of one place together."""
    places: dict[str, dict[Key, Contender]] = {}
    for name, one in contenders.items():
        places.setdefault(one.place.name, {})[name] = one
    return list(places.values())


def _asked(ground: Ground, worker: Worker, contender: Contender) -> Mapping[str, Any] | None:
    folder = ground.cache(contender)
    load = {"do": "load", **contender.case, "folder": str(folder) if folder else None}
    answer = worker.ask(load, ground.limits.load)
    if answer["status"] != "ready":
        return None
    told = worker.ask({"do": "cores"}, ground.limits.of(answer))
    return told if told["status"] == "ready" else None
