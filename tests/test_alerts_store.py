"""One TOML an alert: read as written, kept where people add to it, and refused where it lies."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paceline.alerts import store
from paceline.alerts.alert import Alert, Event, Sent, State, contender, fingerprint, precision
from paceline.outcome import PacelineError

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
SCALAR = st.none() | st.booleans() | st.integers(-5, 5) | TEXT


def alert(**changes: object) -> Alert:
    name = fingerprint("kernels.Loop.time_run", {"implementation": "numba"}, "time", "slower")
    made = Alert(
        fingerprint=name,
        benchmark="kernels.Loop.time_run",
        contender={"implementation": "numba"},
        metric="time",
        direction="slower",
        state=State.CONFIRMED,
        case="kernels.Loop.time_run(implementation=numba, n=10)",
        cases=("kernels.Loop.time_run(implementation=numba, n=10)",),
        good="a" * 40,
        bad="b" * 40,
        opened="2026-01-31T12:00:00Z",
        ratio=1.0521,
        low=1.041,
        high=1.063,
        pairs=6,
        culprit=True,
        subject="Push more",
        author="Ann",
    )
    return replace(made, **changes)


def test_an_alert_is_read_as_it_was_written(tmp_path: Path) -> None:
    sent = {"webhook": Sent(1, "abc", "sent", "17")}
    one = alert(events=(Event("2026-01-31T12:00:00Z", "nominated"),), sent=sent, counted=("invalid",))
    path = store.write(tmp_path, one)
    assert path == tmp_path / "alerts" / f"{one.fingerprint}.toml"
    assert store.read(tmp_path) == {one.fingerprint: one}
    assert store.read(tmp_path / "nowhere") == {}


@given(st.dictionaries(TEXT, SCALAR, max_size=3), TEXT, TEXT)
def test_whatever_is_told_in_it(params: dict[str, object], subject: str, reason: str) -> None:
    import tempfile

    kept = {key: value for key, value in contender(params).items() if value is not None}
    one = alert(contender=kept, subject=subject, reason=reason)
    with tempfile.TemporaryDirectory() as folder:
        store.write(Path(folder), one)
        assert store.read(Path(folder)) == {one.fingerprint: one}


def test_what_people_add_stays(tmp_path: Path) -> None:
    path = store.write(tmp_path, alert())
    path.write_text(
        "# Bo looks into it\n" + path.read_text().replace("[contender]", 'ticket = "X-1"\n[contender]')
    )
    store.write(tmp_path, alert(state=State.FIXED, ratio=None))
    text = path.read_text()
    assert "# Bo looks into it" in text
    assert 'ticket = "X-1"' in text
    assert (store.read(tmp_path)[alert().fingerprint].state, "ratio" in text) == (State.FIXED, False)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("schema = 1", "schema = 2"),
        ('state = "confirmed"', 'state = "gone"'),
        ("ratio = 1.0521", "ratio = -1"),
        ("schema = 1", "<<<<<<< HEAD"),
        ('fingerprint = "', 'fingerprint = "../'),
        ("pairs = 6", 'pairs = "x"'),
        ("pairs = 6", "pairs = -6"),
        ("episode = 1", "episode = 0"),
        ('state = "confirmed"', 'state = "accepted"'),
        ('state = "confirmed"', ""),
        ('benchmark = "kernels.Loop.time_run"', "benchmark = 3"),
        ("told = false", 'told = "no"'),
        ("cases = [", 'cases = "x" # ['),
        ("cases = [", "cases = [3, "),
        ('expires = ""', 'expires = "soon"'),
        ('expires = ""', "expires = 12:00:00"),
        ('opened = "2026', 'opened = "before 2026'),
        ('opened = "2026-01-31T12:00:00Z"', 'opened = ""'),
        ('opened = "2026-01-31T12:00:00Z"', ""),
        ("events = []", "events = [{ what = 'x' }]"),
        ("[contender]", "[elsewhere]\n[[contender]]"),
        ("[sent]", "[[sent]]"),
        ("events = []", "events = ['x']"),
        ("events = []", "events = [{ utc = 2026-01-31 }]"),
    ],
)
def test_a_file_that_is_no_alert_is_named(tmp_path: Path, old: str, new: str) -> None:
    path = store.write(tmp_path, alert())
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(PacelineError, match=path.name):
        store.read(tmp_path)


@pytest.mark.parametrize(
    "day", ["2026-12-01", '"2026-12-01"', "2026-12-01T01:00:00+01:00", "2026-12-01T00:00:00"]
)
def test_people_write_days_as_they_are_used_to(tmp_path: Path, day: str) -> None:
    """What a day is not taken for would be accepted for ever."""
    path = store.write(tmp_path, alert(state=State.ACCEPTED, expires="2030-01-01T00:00:00Z"))
    text = path.read_text().replace('"2030-01-01T00:00:00Z"', day)
    path.write_text(f"\ufeff{text}", newline="\r\n")  # as an editor on Windows leaves it
    (one,) = store.read(tmp_path).values()
    assert (one.expires, one.state) == ("2026-12-01T00:00:00Z", State.ACCEPTED)
    store.write(tmp_path, one)
    assert store.read(tmp_path) == {one.fingerprint: one}


def test_a_file_is_called_by_its_own_fingerprint(tmp_path: Path) -> None:
    path = store.write(tmp_path, alert())
    path.rename(path.with_name("0123456789ab.toml"))
    with pytest.raises(PacelineError, match="called by its own"):
        store.read(tmp_path)
    with pytest.raises(ValueError, match="no fingerprint"):
        store.write(tmp_path, alert(fingerprint="../../x"))


def test_a_fingerprint_is_of_the_contender_not_of_its_sizes() -> None:
    def made(**params: object) -> str:
        return fingerprint("m.C.time_run", params, "time", "slower")

    assert made(implementation="numba", n=10) == made(n=1000.0, implementation="numba")
    assert made(implementation="numba") != made(implementation="rust")
    assert made(threads=1) != made(threads=2)
    assert made(flag=True) != made(flag=False)


def test_precision_counts_what_people_were_told() -> None:
    book = {
        "a": alert(told=True),
        "b": alert(told=True, state=State.INVALID),
        "c": alert(state=State.INVALID),
        "d": alert(told=True, state=State.FIXED, counted=("invalid", "accepted")),
    }
    assert precision(book) == (3, 5)
