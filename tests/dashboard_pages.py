"""Pages for tests in a real browser: an ordinary one with races and a history, a hostile and an empty one."""

from __future__ import annotations

import math
import shutil
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from asv_folder import DATE, NAN, Bench, around, declare, machine, run
from histories import Plan, write
from race_folder import COMMIT, contender, ledger, race

from paceline.commands._asked import asked
from paceline.commands._gathering import chosen, found, sections
from paceline.report.contents import Report
from paceline.report.dashboard.known import Known, Said
from paceline.report.dashboard.page import page
from paceline.results import alert_files, raced_tracks, tracks
from paceline.results.anchor import Anchors
from paceline.results.history import Compared
from paceline.results.hosts import read_hosts
from paceline.suite.questions import Question

NOW = datetime(2026, 1, 31, tzinfo=UTC)
URL = "https://commits.invalid/"
EVIL = "</script><script>window.pwned=1</script><img src=x onerror=window.pwned=1>\u202e\"'\n\u05d0\u05d1"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
BROWSER = [
    pytest.mark.slow,
    pytest.mark.skipif(
        CHROMIUM is None, reason="no Chromium here: `apt-get install chromium` (CI does) runs these"
    ),
]


@dataclass
class Seen:
    """What a browser complained of, and asked for."""

    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


def watched(browser_page) -> Seen:
    seen = Seen()
    browser_page.on("console", lambda one: one.type in ("error", "warning") and seen.errors.append(one.text))
    browser_page.on("pageerror", lambda error: seen.errors.append(str(error)))
    browser_page.on("request", lambda one: seen.requests.append(one.url))
    return seen


def of(root: Path, questions=(), **more) -> Known:
    """Return what a page of a results folder shows."""
    cache = more.pop("cache", root.parent / "cache.sqlite")
    every = found(root, cache)
    if not questions:
        questions, _ = asked(every.archive, every.cases, root / "none")
    made, _ = sections(chosen(every, None, None), every.archive, questions)
    past = tracks.read(root, every.archive.declared, cache)
    warnings: list[str] = []
    names = {track.machine.name for track in past.tracks}
    return Known(
        report=Report(tuple(made)),
        made=NOW,
        project=more.pop("project", "small"),
        tracks=(*past.tracks, *more.pop("raced", ())),
        questions=questions,
        commit_url=URL,
        alerts=alert_files.alerts(root, warnings),
        notes=alert_files.notes(root, warnings),
        hosts={name: read_hosts(root, name) for name in names if name and "/" not in name},
        **more,
    )


def ordinary(folder: Path) -> Path:
    """Races over three sizes with a crossover; a history of 60 commits, an alert, a note, two epochs."""
    root = folder / "results"
    made = write(root, Plan(commits=60, models=4, implementations=4, alerts=1, seed=3))
    names = ("rust_tuned", "rust_pyo3", "pure_numpy")
    ratios = {100: (1.4, 1.0, 60.0), 1_000: (0.8, 0.99, 70.0), 10_000: (0.5, 0.98, 80.0)}
    verdicts = {1.0: "same", 0.99: "same", 0.98: "same"}

    def word(one):
        return verdicts.get(one, "slower" if one > 1 else "faster")

    races = [
        race(
            [contender(*pair, word(pair[1])) for pair in zip(names, own, strict=True)],
            {"n": n},
            "fam.Raced.time_run",
        )
        for n, own in ratios.items()
    ]
    ledger(root, races, machine="alpha", commit=made.commits[-1])
    said = {hash: Said(f"Change number {place}", "A. Author", "") for place, hash in enumerate(made.commits)}
    models = [Question("fam.Raced", "raced", "fam", None, "numba_jit", False, ())]
    models += [
        Question(
            f"family{one % 3}.Model{one:04d}", f"model{one}", f"family{one % 3}", None, "numba_jit", False, ()
        )
        for one in range(4)
    ]
    return _written(folder, of(root, models, commits=said, raced=_raced(made)))


def broad(folder: Path) -> Path:
    """Two families of twenty models, raced at one size."""
    root = folder / "results"
    names = [f"{family}.Model{one:02d}" for family in ("first", "second") for one in range(20)]
    ledger(
        root,
        [race([contender("rust_pyo3", 0.5)], {"n": 10}, f"{name}.time_run") for name in names],
        machine="alpha",
    )
    models = [
        Question(name, name.lower(), name.partition(".")[0], None, "numba_jit", False, ()) for name in names
    ]
    return _written(folder, of(root, models))


def crowd(folder: Path) -> Path:
    """Twenty implementations; one that never loses, and others that do in 1 to 20 cases; later races."""
    root = folder / "results"

    def own(n):
        every = [contender("never", 0.5)]
        lost = [(f"slow_{place}", n <= place) for place in range(20)]
        return every + [
            contender(name, *((2.0, "slower") if slow else (0.5, "faster"))) for name, slow in lost
        ]

    ledger(root, [race(own(n), {"n": n}, "a.Model.time_run") for n in range(20)], machine="alpha")
    for day in range(1, 4):
        later = [race([contender("never")], {"n": day}, "a.Later.time_run")]
        told = "it was warm" if day == 1 else ""
        ledger(root, later, utc=f"2025-11-1{day}T10:00:00Z", commit="f" * 40, machine="alpha", infra=told)
    models = [
        Question(f"a.{name}", name.lower(), "a", None, "numba_jit", False, ()) for name in ("Model", "Later")
    ]
    return _written(folder, of(root, models))


def environments(folder: Path) -> Path:
    """One model on two hosts; on one of them in two environments, in which the ratios differ."""
    root = folder / "results"
    for host, numpy, ratio in (("alpha", "2.3", 0.5), ("alpha", "2.4", 2.0), ("beta", "2.4", 0.25)):
        own = Bench(
            "m.T.time_run",
            {"implementation": ("numba_jit", "rust_pyo3"), "n": (10, 100)},
            lambda implementation, n, ratio=ratio: around(
                n * (ratio if implementation == "rust_pyo3" else 1)
            ),
        )
        declare(root, [own])
        for day, letter in enumerate("ab"):
            place = machine(root, host)
            run(place, [own], letter * 40, DATE + day, f"virtualenv-numpy{numpy}", machine_name=host)
    return _written(folder, of(root, [Question("m.T", "t", "m", None, "numba_jit", False, ())]))


def _raced(made):
    """Ratios of one case to an anchor: two implementations, one of which gets slower at half time."""
    dates = {
        hash: datetime.fromtimestamp(when / 1000, UTC)
        for hash, when in zip(made.commits, made.dates, strict=True)
    }
    benchmark = "family0.Model0000.time_run"
    own = [
        Compared(
            f"run{place}", f"{place:03}", "Alpha CPU", made.commits[0], hash, f"{benchmark}({name})",
            benchmark, {"implementation": name, "n": 100}, "time", "same", False, ratio, ratio * 0.99,
            ratio * 1.01, 4, machine="alpha",
        )
        for place, hash in enumerate(made.commits[1:], 1)
        for name, ratio in (("numba_jit", 1.0), ("rust_pyo3", 1.2 if place > 30 else 1.0))
    ]  # fmt: skip
    return raced_tracks.tracks(own, Anchors(made.commits[0]), dates)


def hostile(folder: Path) -> Path:
    """Everything that others write is an attack, every number is odd."""
    root = folder / "results"
    values = iter([1.0, NAN, None, math.inf, -1.0, 0.0, 1e-300, 2.0] * 2)
    bench = Bench(
        "m.T.time_run", {"implementation": (EVIL, "x" * 10_000), "n": (1, 2, 3, 4)}, lambda **_: next(values)
    )
    alone = Bench("m.Alone.time_run", {"implementation": ("only",), EVIL: (EVIL,)}, lambda **_: 1.0)
    declare(root, [bench, alone])
    own = machine(root, EVIL, folder="evil", cpu=EVIL)
    for place, letter in enumerate("ab"):
        run(own, [bench, alone], letter * 40, DATE + place, machine_name=EVIL, requirements={EVIL: EVIL})
        values = iter([math.inf, 1.0, -3.0, None, NAN, 0.0, 5.0, 1.0] * 2)
    (root / "notes.toml").write_text(
        '[[note]]\ndate = 2025-11-07\ntext = "<script>window.pwned=1</script>"\n'
    )
    (root / "alerts").mkdir()
    (root / "alerts" / "e.toml").write_text(
        'benchmark = "<b onclick=1>"\nreason = "<img src=x onerror=window.pwned=1>"\n'
    )
    said = {letter * 40: Said(EVIL, EVIL, EVIL) for letter in "ab"}
    questions = [
        Question("m.T", EVIL, EVIL, None, None, False, ()),
        Question("m.Alone", "alone", "m", None, "only", False, ()),
    ]
    return _written(folder, of(root, questions, commits=said, project=EVIL, warnings=[EVIL]))


def odd(folder: Path) -> Path:
    """Sizes, times and names that a browser can stumble over; a fixed alert, and one of another processor."""
    root = folder / "results"
    far = iter([1e-300, 1e300, 1.0, 2.0] * 20)
    names = ("numba_jit", "constructor", "__proto__", "a%7Cb|c")
    benches = [
        Bench("odd.Far.time_run", {"implementation": names, "n": (1, 10)}, lambda **_: next(far)),
        Bench("odd.Huge.time_run", {"implementation": names[:2], "n": (2.5, 1e300)}, lambda **_: 1e-3),
        Bench(
            "odd.Words.time_run",
            {"implementation": names[:2], "mode": ("", None, True, NAN)},
            lambda **_: 1e-3,
        ),
    ]
    declare(root, benches)
    for name, cpu in (("constructor", "One CPU"), ("other", "Other CPU")):
        for place, letter in enumerate("abcd"):
            run(machine(root, name, cpu=cpu), benches, letter * 40, DATE + place, machine_name=name)
    (root / "alerts").mkdir()
    for name, told in {
        "fixed": 'state = "fixed"\ncases = ["odd.Huge.time_run(n=2.5)"]',
        "open": 'cpu = "Other CPU"\nratio = 1.2\ncases = ["odd.Words.time_run(mode=True)"]',
    }.items():
        case = "Huge" if name == "fixed" else "Words"
        words = f'benchmark = "odd.{case}.time_run"\n{told}\n[contender]\nimplementation = "numba_jit"\n'
        (root / "alerts" / f"{name}.toml").write_text(words)
    questions = [
        Question(f"odd.{one}", one.lower(), "odd", None, "numba_jit", False, ())
        for one in ("Far", "Huge", "Words")
    ]
    return _written(folder, of(root, questions))


def empty(folder: Path) -> Path:
    return _written(folder, Known(Report(()), NOW))


def _written(folder: Path, known: Known) -> Path:
    path = folder / "index.html"
    path.write_bytes(page(known))
    return path


def go(tab, fragment):
    """Follow a link within the page, and wait until it is drawn."""
    before = tab.get_attribute("html", "data-ready")
    tab.evaluate("hash => { location.hash = hash }", fragment)
    settle(tab, before)


def settle(tab, before):
    tab.wait_for_function("before => document.documentElement.dataset.ready !== before", arg=before)


def act(tab, what):
    before = tab.get_attribute("html", "data-ready")
    what()
    settle(tab, before)


__all__ = [
    "BROWSER", "CHROMIUM", "COMMIT", "EVIL", "URL", "Seen", "act", "crowd", "empty", "go", "hostile", "odd",
    "ordinary", "settle", "watched",
]  # fmt: skip
