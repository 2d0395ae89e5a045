"""``paceline show``: hand-made ledgers, drawn, listed, named and repeated; nothing is measured."""

from __future__ import annotations

import json
import math
import shlex
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paceline.commands import show
from paceline.commands._finding import find
from paceline.outcome import Exit, PacelineError
from paceline.race.contenders import Contender, Pair, Place, Race, Side
from paceline.race.record import pair_record, race_record
from paceline.race.replay import CONFIRM, LOOK, replay, terms
from paceline.race.tally import Tally, Terms
from paceline.report import pairs, shown
from paceline.results.ledger import Ledger

BASE, HEAD = "1" * 40, "2" * 40
HERE = Place("", "", Path())
STEADY = (0.001, -0.001, 0.0005, -0.0005)


def side(order: int, log_ratio: float | None = None) -> Side:
    return Side(order, 0.001, 5, 30, 0.1, 0.2, 7, 3, log_ratio)


def race(name: str = "m.time_it(n=10)") -> Race:
    base, head = (Contender(side, HERE, "m.time_it", 0, ("10",)) for side in ("base", "head"))
    return Race(name, "m.time_it", "crew", {"n": 10}, base, (head,))


def header(**more: Any) -> dict[str, Any]:
    settings = {"base": BASE, "head": HEAD, "bench": [], "threshold": 0.025, "seconds": 0.5}
    sides = {
        "base": {"commit": BASE, "label": "11111111", "subject": "one", "python": "CPython 3.11"},
        "head": {"commit": HEAD, "label": "22222222", "subject": "two", "environment": "env"},
    }
    known = {"what": "compare", "utc": "2026-01-02T03:04:05Z", "paceline": "0.1.0", "machine": "box"}
    host = {"cpu": "A CPU", "os_version": "An OS", "kernel": "6.1"}
    return {"kind": "run", **known, "host": host, "epoch": "e1", "settings": settings, "sides": sides, **more}


def measured(one: Race, values: Sequence[float], judged: Terms = Terms()) -> list[dict[str, Any]]:  # noqa: B008
    """Return the records of a race whose pairs found these log ratios, and its end when it has one."""
    tally, records = Tally(one, judged), []
    for number, value in enumerate(values):
        null = side(2, 0.001) if tally.wants_null else None
        pair = Pair({"base": side(0), "head": side(1, value)}, null, cpu=1, steal=0.012, seconds=1.0)
        records.append(pair_record(one, number, pair, 0.005))
        tally.add(pair, 0.005)
    results = {result.name: result for result in tally.results()}
    return records if tally.active else [*records, race_record(one, results, "1", {"floor": 0.005})]


def slower(count: int = 10) -> list[float]:
    return [0.08 + STEADY[number % 4] for number in range(count)]


def write(results: Path, records: Sequence[dict[str, Any]], commit: str = HEAD) -> Path:
    with Ledger(results, "box", commit) as ledger:
        for record in records:
            ledger.write(record)
        return ledger.path


def showing(results: Path, name: str, **more: Any) -> Exit:
    known = {"out": None, "json": None, "config": Path("none")}
    return show.run(SimpleNamespace(race=name, results=results, **{**known, **more}))  # type: ignore[arg-type]


def test_pairs_belong_to_looks_until_there_is_a_suspicion() -> None:
    records = [header(), *measured(race(), slower())]
    told = replay(records, race().name)
    phases = [one.phases["head"] for one in told.pairs]
    assert phases == [LOOK] * 4 + [CONFIRM] * 6
    assert told.whole
    assert told.results["head"]["verdict"] == "slower"
    assert (told.race.threshold, told.race.baseline.name, told.damaged) == (0.025, "base", 0)


def test_a_race_between_implementations_needs_no_confirmation() -> None:
    settings = {"preset": "quick", "threshold": 0.025}
    head = header(what="race", settings=settings)
    assert terms(head) == Terms((4,), confirms=False)
    told = replay([head, *measured(race(), slower(4), terms(head))], race().name)
    assert {one.phases["head"] for one in told.pairs} == {LOOK}
    assert terms(header(settings={"looks": [2, 3]})).looks == (2, 3)
    assert terms(header(settings={"looks": [0, "x"]})).looks == Terms().looks


def test_an_unfinished_race_shows_what_there_is() -> None:
    told = replay([header(), *measured(race(), slower(6))], race().name)
    assert not told.whole
    assert len(told.pairs) == 6
    assert told.results["head"]["status"] == "unmeasured"
    assert any("has not ended" in line for line in shown.about(told, header()))


@pytest.mark.parametrize(
    "damage",
    [
        {"sides": None},
        {"sides": {"head": {"order": 1}}},
        {"steal": "much"},
        {"seconds": None},
        {"absent": {"head": "gone"}},
        {"null": [1]},
    ],
)
def test_what_is_no_pair_is_left_out_and_counted(damage: dict[str, Any]) -> None:
    records = measured(race(), slower())
    told = replay([header(), {**records[0], **damage}, *records[1:]], race().name)
    assert (len(told.pairs), told.damaged) == (9, 1)
    assert any("1 pairs of it are damaged" in line for line in shown.about(told, header()))


@given(st.dictionaries(st.text(max_size=8), st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=5,
), max_size=4), st.sampled_from(["run", "pair", "race", "sides"]))  # fmt: skip
def test_whatever_a_record_holds_it_is_shown_or_left_out(record: dict[str, Any], kind: str) -> None:
    odd = {**record, "kind": kind, "race": race().name}
    records = [odd, *measured(race(), slower(4)), odd]
    told = replay(records, race().name)
    list(shown.about(told, odd))
    shown.quoted(shown.repeat({**header(), **record}, told))
    for one in told.race.contenders:
        assert list(pairs.drawing(told, one.name, 80, ascii_only=True))


@pytest.mark.parametrize("width", [80, 100, 300])
def test_lines_are_no_wider_than_the_terminal_and_ascii_where_it_must_be(width: int) -> None:
    told = replay([header(), *measured(race(), [*slower(9), 3.0])], race().name)
    plain = list(pairs.drawing(told, "head", width, ascii_only=True))
    rich = list(pairs.drawing(told, "head", width, ascii_only=False))
    assert all(len(line) <= min(width, 137) for line in [*plain[:11], *rich[:11]])
    assert all(line.isascii() for line in plain)
    assert len({len(line) for line in plain}) == 1
    for ascii_only in (True, False):
        assert all(len(line) <= 80 for line in pairs.legend(ascii_only))
    assert all(line.isascii() for line in pairs.legend(ascii_only=True))
    assert "●" in rich[1]
    assert plain[1].split()[:2] == ["1", "look"]
    assert plain[5].split()[:2] == ["5", "conf"]
    assert plain[1].split()[-6:] == ["2/3", "1", "1.2", "7", "3", "0.50"]
    assert plain[10].count(">") == 1, "beyond the scale"
    assert "x" in plain[1]
    assert "x" not in plain[2], "one pair in three has an A/A arm"


def test_who_is_absent_says_why() -> None:
    pair = pair_record(race(), 0, Pair({}, absent={}), 0.005)
    pair["absent"] = {"head": {"status": "failed", "reason": "no \x1b[31mluck"}}
    told = replay([header(), pair], race().name)
    assert "failed: no [31mluck" in list(pairs.drawing(told, "head", 80, ascii_only=True))[1]


@given(st.lists(st.floats(-700, 700), max_size=20), st.floats(0.01, 50))
def test_a_scale_holds_no_change_and_both_thresholds(values: list[float], cut: float) -> None:
    made = pairs.scale(values, cut, 34)
    places = [made.place(value) for value in (-cut, 0.0, cut)]
    assert 0 <= places[0] <= places[1] <= places[2] < 34
    assert all(0 <= made.place(value) < 34 for value in values)
    assert made.low < -cut < cut < made.high


def test_one_race_is_shown_with_the_command_that_repeats_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path, [header(), *measured(race(), slower())])
    assert showing(tmp_path, "last") == Exit.OK
    out = capsys.readouterr().out
    assert f"compare {path.stem}, 2026-01-02 03:04:05Z, paceline 0.1.0" in out
    assert "host: box, A CPU, An OS, 6.1; epoch e1" in out
    assert "base: 11111111 one, CPython 3.11" in out
    assert "head: slower, 1.083 (" in out
    assert "confirmed by fresh pairs" in out
    again = shlex.split(out.splitlines()[-1].removeprefix("again: "))
    assert again == [
        *("paceline", "compare", BASE, HEAD, "--bench", r"^m\.time_it$"),
        *("--threshold", "0.025", "--seconds", "0.5"),
    ]
    assert out.isascii()


def test_the_repeating_command_by_kind_of_run() -> None:
    told = replay([header(), *measured(race(), slower())], race().name)
    settings = {"models": ["gr6j"], "across": "backend", "preset": "quick", "sizes": ["5"], "threshold": 0.05}
    command = ["paceline", "race", "--config", "a b/asv.conf.json", "--machine=x", "--config"]
    head = header(what="race", settings=settings, command=command)
    place = ["--config", "a b/asv.conf.json", "--machine", "x"]
    judged = ["--preset", "quick", "--threshold"]
    assert shown.repeat(head, None) == [
        "paceline", "race", "gr6j", "--n", "5", "--across", "backend", *judged, "0.05", *place,
    ]  # fmt: skip
    assert shown.repeat(head, told) == [
        *("paceline", "race", r"^m\.time_it$", "--n", "10", "--across", "backend"),
        *("--baseline", "base", *judged, "0.025", *place),
    ]
    found = header(what="bisect", settings={"base": BASE, "head": HEAD, "case": "a(b='c d')"})
    assert (
        shown.quoted(shown.repeat(found, None)) == f"paceline bisect {BASE} {HEAD} 'a(b='\"'\"'c d'\"'\"')'"
    )
    assert shown.repeat(found, told)[1:4] == ["compare", BASE, HEAD]
    assert shown.repeat(header(what="selftest"), None)[:2] == ["paceline", "selftest"]
    assert shown.repeat(header(what="nonsense"), told) == []
    assert shown.repeat(header(settings={"base": "--json=/x", "head": HEAD}), None) == []
    assert shown.quoted(["paceline", "\x1b[2J"]) == ""


def test_several_races_are_listed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    second = race("m.time_it(n=20)")
    records = [header(), *measured(race(), slower()), *measured(second, [*STEADY])]
    path = write(tmp_path, records)
    told = tmp_path / "told.json"
    assert showing(tmp_path, path.stem[:12], json=str(told)) == Exit.OK
    out = capsys.readouterr().out
    assert "m.time_it(n=10)\n  head: slower" in out
    assert "m.time_it(n=20)\n  head: same" in out
    assert f"2 races; paceline show {path.stem}/RACE" in out
    document = json.loads(told.read_text())
    assert [one["race"] for one in document["races"]] == ["m.time_it(n=10)", "m.time_it(n=20)"]
    with pytest.raises(PacelineError, match="has several"):
        showing(tmp_path, "last", out=tmp_path / "a.svg")


def test_json_of_one_race(tmp_path: Path) -> None:
    write(tmp_path, [header(), *measured(race(), slower())])
    told = tmp_path / "told.json"
    showing(tmp_path, "last", json=str(told))
    found = json.loads(told.read_text())
    assert found["schema"] == 1
    assert found["race"]["threshold"] == 0.025
    assert found["race"]["sides"]["head"]["commit"] == HEAD
    assert [one["sides"]["head"]["phase"] for one in found["race"]["pairs"]] == [LOOK] * 4 + [CONFIRM] * 6
    assert math.isclose(found["race"]["pairs"][0]["sides"]["head"]["log_ratio"], 0.081)
    assert found["race"]["contenders"][0]["confirmed"] is True
    assert found["repeat"][:2] == ["paceline", "compare"]


@pytest.mark.parametrize("ending", ["svg", "png"])
def test_a_figure_of_a_race_is_the_same_every_time(tmp_path: Path, ending: str) -> None:
    nasty = race("m.time_$x$(n=<b>)")
    write(tmp_path / "r", [header(), *measured(nasty, slower())])
    one, two = tmp_path / f"one.{ending}", tmp_path / f"two.{ending}"
    for path in (one, two):
        showing(tmp_path / "r", "last", out=path)
    assert one.read_bytes() == two.read_bytes()
    assert one.read_bytes()[:5] == (b"<?xml" if ending == "svg" else b"\x89PNG\r")
    with pytest.raises(PacelineError, match=r"\.svg or \.png"):
        showing(tmp_path / "r", "last", out=tmp_path / "one.pdf")


def test_how_a_race_is_named(tmp_path: Path) -> None:
    name, other = "m.time_it(n=10)", "m.time_it(n='a/b')"
    first = write(tmp_path, [header(), *measured(race("old.time_it(n=10)"), slower())], "a" * 40)
    records = [header(), *measured(race(name), slower()), *measured(race(other), slower())]
    second = write(tmp_path, records, "b" * 40)
    later = second.with_name(f"29990101T000000Z-{second.stem.partition('-')[2]}.jsonl")
    second.rename(later)
    for text in (f"{later.stem}/{name}", "last/N=10", "2999/n=10", name, "m.time_it(n=10", "N=10"):
        found = find([tmp_path], text)
        assert (found.path, found.race) == (later, name)
    assert find([tmp_path], "last/a/b").race == other
    assert find([tmp_path], "a/b").race == other, "no run is called a"
    assert find([tmp_path], "last").race is None
    assert find([tmp_path], "old").path == first
    for text, told in (
        ("time_it", r"names 2 races of 2999.*\n  m\.time_it\(n=10\)\n"),
        ("last/none", "has no race 'none'; the nearest"),
        ("nothing_like_it", "no run and no race is called"),
        ("2", "names 2 runs"),
    ):
        with pytest.raises(PacelineError, match=told):
            find([tmp_path], text)
    with pytest.raises(PacelineError, match="there are no races"):
        find([tmp_path / "empty"], "last")


def test_nothing_in_a_ledger_reaches_the_terminal_as_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    evil = "\x1b[31m\u202eevil\r\n"
    one = race(f"m.time_it(n={evil})")
    sides = {"head": {"label": evil, "subject": evil}, evil: {"commit": evil}}
    head = header(utc=evil, machine=evil, sides=sides, epoch=evil, command=["--config", evil], paceline=evil)
    write(tmp_path, [head, *measured(one, slower())])
    showing(tmp_path, "last")
    out = capsys.readouterr().out
    assert not set("\x1b\u202e\r") & set(out)
    assert "cannot be shown" in out
