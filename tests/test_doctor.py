"""``paceline doctor``: what it prints, its JSON and its exit codes."""

from __future__ import annotations

import argparse
import json
import re
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from paceline import cli
from paceline.commands import doctor
from paceline.host.check import Level, Result
from paceline.host.doctor import Examination
from paceline.host.fingerprint import Fingerprint, read_fingerprint
from paceline.host.source import Source
from paceline.outcome import Exit

MEND = "echo performance | sudo tee /sys/[a-b]*/governor"


def fingerprint() -> Fingerprint:
    seen = read_fingerprint(
        Source(Path("/no-such-root"), lambda _: None, "Linux", "x86_64", "pc", {}), name_cpu=lambda: None
    )
    return replace(seen, cpu="Fast [i7]", cores_physical=2, cores_logical=4, ram=16 << 30, python="3.11.7")


def result(name: str, level: Level, seen: str = "seen [bold]this[/bold]") -> Result:
    return Result(name, level, seen, f"why {name}", MEND if level in (Level.WARN, Level.FAIL) else "")


def examination(*levels: Level) -> Examination:
    return Examination(fingerprint(), tuple(result(f"check-{n}", level) for n, level in enumerate(levels)))


FIT = examination(Level.OK, Level.INFO, Level.WARN, Level.UNKNOWN)
UNFIT = examination(Level.OK, Level.FAIL)


def plain(found: Examination) -> list[str]:
    text = StringIO()
    doctor.show(found, Console(file=text, width=160, highlight=False))
    return text.getvalue().splitlines()


def terminal(found: Examination, width: int) -> str:
    text = StringIO()
    doctor.show(found, Console(file=text, width=width, force_terminal=True, highlight=False))
    return re.sub(r"\x1b\[[0-9;]*m", "", text.getvalue())


def test_every_check_is_a_line_and_only_what_needs_it_says_why() -> None:
    lines = plain(FIT)
    assert lines[0].startswith("pc: Fast [i7] (x86_64, 2 cores, 4 processors, 16 GB), epoch ")
    assert lines[1:] == [
        "ok    check-0  seen [bold]this[/bold]",
        "info  check-1  seen [bold]this[/bold]",
        "WARN  check-2  seen [bold]this[/bold]",
        "               why   why check-2",
        f"               mend  {MEND}",
        "?     check-3  seen [bold]this[/bold]",
        "1 ok, 1 info, 1 warn, 1 unknown: fit for ratios; absolute times are as noisy as the warnings say",
        "next: paceline check",
    ]


def test_an_unfit_host_is_told_so() -> None:
    lines = plain(UNFIT)
    assert lines[-2] == "1 ok, 1 fail: this host is not fit to measure; mend what failed"
    assert lines[-1] == "next: paceline doctor (after mending), then: paceline check"


def test_a_quiet_host_is_fit() -> None:
    assert plain(examination(Level.OK))[-2] == "1 ok: fit to measure"


@pytest.mark.parametrize("warnings", [0, 4, 9, 40])
def test_elsewhere_than_on_a_terminal_at_most_40_lines(warnings: int) -> None:
    levels = (
        [Level.FAIL] + [Level.WARN] * warnings + [Level.OK] * 15 + [Level.INFO] * 12 + [Level.UNKNOWN] * 8
    )
    lines = plain(examination(*levels))
    assert len(lines) <= 40
    assert any(line.startswith("FAIL") for line in lines)
    assert lines[-1].startswith("next: paceline")


def test_long_texts_stay_one_line_elsewhere_and_are_folded_on_a_terminal() -> None:
    long = Examination(fingerprint(), (result("long", Level.OK, "word " * 80),))
    assert max(map(len, plain(long))) > 300
    assert max(map(len, terminal(long, 80).splitlines())) <= 80


def test_a_terminal_shows_text_as_it_is() -> None:
    shown = terminal(FIT, 120)
    assert "seen [bold]this[/bold]" in shown
    assert MEND in shown


def test_the_json_has_its_documented_form() -> None:
    document = doctor.document(UNFIT, [Exit.HOST_NOT_FIT])
    assert list(document) == ["schema", "host", "checks", "summary", "exits"]
    assert document["schema"] == 1
    assert document["host"]["epoch"] == UNFIT.fingerprint.epoch
    assert document["checks"][1] == {
        "id": "check-1", "level": "fail", "seen": "seen [bold]this[/bold]",
        "why": "why check-1", "mend": MEND,
    }  # fmt: skip
    assert document["summary"] == {"ok": 1, "info": 0, "warn": 0, "fail": 1, "unknown": 0}
    assert document["exits"] == [5]
    for name in document["host"]:
        assert f'"{name}"' in (doctor.__doc__ or "")


@pytest.mark.parametrize(
    ("found", "words", "code"),
    [(FIT, [], 0), (FIT, ["--strict"], 0), (UNFIT, [], 0), (UNFIT, ["--strict"], 5)],
)
def test_exit_codes(monkeypatch: pytest.MonkeyPatch, found: Examination, words: list[str], code: int) -> None:
    monkeypatch.setattr(doctor, "examine", lambda _machine: found)
    assert cli.main(["doctor", *words]) == code


def test_json_goes_where_it_is_sent(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(doctor, "examine", lambda _machine: UNFIT)
    assert cli.main(["doctor", "--json", "-", "--strict"]) == 5
    printed = capsys.readouterr()
    assert json.loads(printed.out)["exits"] == [5]
    assert "not fit" in printed.err
    assert cli.main(["doctor", "--json", str(tmp_path / "doctor.json")]) == 0
    assert json.loads((tmp_path / "doctor.json").read_text())["exits"] == []


def test_the_machines_name_is_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    names = []
    monkeypatch.setattr(doctor, "examine", lambda machine: names.append(machine) or FIT)
    parser = argparse.ArgumentParser()
    doctor.add_arguments(parser)
    assert doctor.run(parser.parse_args(["--machine", "lab"])) is Exit.OK
    assert names == ["lab"]


def test_this_host_really(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    target = tmp_path / "doctor.json"
    assert cli.main(["doctor", "--json", str(target), "--machine", "lab"]) == 0
    document = json.loads(target.read_text())
    assert document["host"]["machine"] == "lab"
    assert sum(document["summary"].values()) == len(document["checks"]) > 20
    assert [path.name for path in tmp_path.iterdir()] == ["doctor.json"]
