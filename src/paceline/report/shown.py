"""A run of the ledger and one race of it in words: what it was, and the command that repeats it."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from paceline.escape import plain
from paceline.race.across import IMPLEMENTATION
from paceline.race.order import FULL
from paceline.race.replay import Replayed, mapping, number, terms
from paceline.report import words

_COMMIT = re.compile(r"[0-9a-f]{7,64}")
_CARRIED = ("--config", "--results", "--machine")


def heading(path: str, head: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is told of a run: what and when, on which host, with which options."""
    utc = plain(head.get("utc") or "an unknown time").replace("T", " ")
    version = plain(head.get("paceline") or "?")
    yield f"{plain(head.get('what') or 'run')} {path}, {utc}, paceline {version}"
    host = mapping(head.get("host"))
    facts = [head.get("machine"), host.get("cpu"), host.get("os_version"), host.get("kernel")]
    yield f"host: {', '.join(plain(one) for one in facts if one)}; epoch {plain(head.get('epoch') or '?')}"


def about(told: Replayed, head: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is told of one race: its sides, its contenders, and how it was judged."""
    yield f"race: {plain(told.race.name, 160)}"
    for name, side in told.sides.items():
        yield f"{plain(name)}: {_side(side)}"
    against = ", ".join(plain(one.name) for one in told.race.contenders) or "nobody"
    yield f"{against} against {plain(told.race.baseline.name)}"
    judged = terms(head)
    looks = ", ".join(map(str, judged.looks))
    fresh = "; slower needs fresh pairs" if judged.confirms else ""
    floor = words.percent(told.floor) if told.floor else "unknown"
    threshold = words.percent(told.race.threshold)
    yield f"threshold {threshold}, noise floor {floor} a pair, looks at {looks} pairs{fresh}"
    if not told.whole:
        yield "this race has not ended: what there is"
    if told.damaged:
        yield f"{told.damaged} pairs of it are damaged in the ledger, and left out"


def verdict(name: str, result: Mapping[str, Any]) -> str:
    """Return a contender's verdict, ratio, pairs and seconds in a line."""
    told = [plain(result.get("verdict") or result.get("status") or "unmeasured"), *_numbers(result)]
    if result.get("confirmed"):
        told.append("confirmed by fresh pairs")
    if result.get("reason"):
        told.append(plain(result["reason"], 200))
    return f"{plain(name)}: {', '.join(told)}"


def _numbers(result: Mapping[str, Any]) -> Iterator[str]:
    ratio, low, high = (number(result.get(key)) for key in ("ratio", "low", "high"))
    if ratio is not None and low is not None and high is not None:
        yield f"{ratio:.3f} ({low:.3f}-{high:.3f}) of {result.get('pairs', 0)} pairs"
    own, base = number(result.get("seconds")), number(result.get("baseline_seconds"))
    if own is not None and base is not None:
        yield f"{words.seconds(own)} / {words.seconds(base)}"


def repeat(head: Mapping[str, Any], told: Replayed | None) -> list[str]:
    """Return the words of the command that measures a race again, or a whole run; empty where none is known.

    Every word is data: it is only ever printed, and quoted for a shell.
    """
    settings, what = mapping(head.get("settings")), head.get("what")
    if told:
        settings = {**settings, "threshold": told.race.threshold}
        what = "compare" if what == "bisect" else what  # one race of a search is a comparison
    what = "compare" if what == "releases" else what  # of many commits
    made = {
        "compare": _compare,
        "bisect": _bisect,
        "race": _race,
        "selftest": _selftest,
    }
    line = made[str(what)](settings, told) if what in made else []
    return ["paceline", str(what), *line, *_carried(head)] if line else []


def quoted(line: Sequence[str]) -> str:
    """Return words for a shell; nothing where one holds what a terminal does not show."""
    if any(plain(word, 1000) != word for word in line if word):
        return ""
    return shlex.join(line)


def _compare(settings: Mapping[str, Any], told: Replayed | None) -> list[str]:
    sides = told.sides if told else {}
    ends = [_commit(mapping(sides.get(key)).get("commit") or settings.get(key)) for key in ("base", "head")]
    ends += [_commit(one) for one in _texts(settings.get("more"))]
    if not all(ends):
        return []
    bench = [f"^{_escaped(told.race.baseline.benchmark)}$"] if told else _texts(settings.get("bench"))
    return [*ends, *(word for one in bench for word in ("--bench", one)), *_effort(settings)]


def _bisect(settings: Mapping[str, Any], told: Replayed | None) -> list[str]:
    ends = [_commit(settings.get(key)) for key in ("base", "head")]
    case = settings.get("case")
    if not all(ends) or not isinstance(case, str):
        return []
    return [*ends, case, *_effort(settings)]


def _race(settings: Mapping[str, Any], told: Replayed | None) -> list[str]:
    models = [f"^{_escaped(told.race.baseline.benchmark)}$"] if told else _texts(settings.get("models"))
    sizes = _texts(settings.get("sizes"))
    if told and "n" in told.race.axes:
        sizes = [str(told.race.axes["n"])]
    line = [*models, *(word for one in sizes for word in ("--n", one))]
    across = settings.get("across")
    if isinstance(across, str) and across != IMPLEMENTATION:
        line += [word for one in _several(across) for word in ("--across", one)]
        line += ["--with-project"] if settings.get("with_project") is True else []
    baseline = told.race.baseline.name if told else settings.get("baseline")
    line += ["--baseline", baseline] if isinstance(baseline, str) and baseline else []
    line += ["--preset", str(settings.get("preset") or FULL)]
    threshold = told.race.threshold if told else number(settings.get("threshold"))
    return [*line, *(["--threshold", f"{threshold:.12g}"] if threshold else [])]


def _several(across: str) -> list[str]:
    """Return the words of what was raced across: several variables are kept as a shell would read them."""
    try:
        return shlex.split(across)
    except ValueError:
        return [across]


def _selftest(settings: Mapping[str, Any], told: Replayed | None) -> list[str]:
    busy, seconds = number(settings.get("busy")) or 0, number(settings.get("seconds")) or 0.25
    return ["--busy", f"{busy:.0f}", "--seconds", f"{seconds:g}"]


def _effort(settings: Mapping[str, Any]) -> list[str]:
    known = {key: number(settings.get(key)) for key in ("threshold", "seconds")}
    return [word for key, value in known.items() if value for word in (f"--{key}", f"{value:.12g}")]


def _carried(head: Mapping[str, Any]) -> Iterator[str]:
    """Yield the options of the run's own command line that say where things are."""
    line = _texts(head.get("command"))
    for place, word in enumerate(line):
        name, equals, value = word.partition("=")
        if name in _CARRIED and (equals or place + 1 < len(line)):
            yield from (name, value if equals else line[place + 1])


def _side(side: Mapping[str, Any]) -> str:
    commit = plain(side.get("label") or str(side.get("commit") or "")[:8] or "no commit")
    dirty = "+dirty" if side.get("dirty") is True else ""
    subject = f" {plain(side['subject'], 60)}" if side.get("subject") else ""
    facts = [plain(side[key], 60) for key in ("environment", "python") if side.get(key)]
    return ", ".join([f"{commit}{dirty}{subject}", *facts])


def _commit(value: object) -> str:
    return value if isinstance(value, str) and _COMMIT.fullmatch(value) else ""


def _escaped(name: str) -> str:
    return name.replace(".", r"\.") if re.fullmatch(r"[\w.]+", name) else re.escape(name)


def _texts(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else []
