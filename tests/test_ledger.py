"""The ledger: written whole or not at all, read whatever happened to it, found by name."""

from __future__ import annotations

import errno
import json
import math
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paceline.outcome import Exit, PacelineError
from paceline.results import lines
from paceline.results.ledger import Ledger, find, read, runs

NOW = datetime(2026, 11, 21, 10, 15, tzinfo=UTC)
COMMIT = "1a2b3c4d5e6f"
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
RECORDS = st.lists(st.dictionaries(st.sampled_from(["kind", "d", "ü\n"]), VALUES), max_size=5)


def written(results: Path, *records: dict[str, object], now: datetime = NOW) -> Path:
    with Ledger(results, "lab", COMMIT, now) as ledger:
        for record in records:
            ledger.write(record)
        return ledger.path


def bare(record: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in record.items() if key not in ("schema", "run")}


def test_a_run_is_a_file_of_lines(tmp_path: Path) -> None:
    with Ledger(tmp_path, "lab", COMMIT, NOW) as ledger:
        assert ledger.run == f"20261121T101500Z-1a2b3c4d-{os.getpid()}"
        assert ledger.path == tmp_path / "lab" / "races" / f"{ledger.run}.jsonl"
        ledger.write({"kind": "run", "machine": "lab"})
        (line,) = ledger.path.read_text().splitlines()
    assert json.loads(line) == {"schema": 1, "run": ledger.run, "kind": "run", "machine": "lab"}
    ledger.close()


def test_a_record_cannot_be_of_another_run_or_schema(tmp_path: Path) -> None:
    path = written(tmp_path, {"schema": 7, "run": "x", "kind": "race"})
    assert read(path).records == ({"schema": 1, "run": path.stem, "kind": "race"},)


def test_what_json_cannot_say_is_null(tmp_path: Path) -> None:
    path = written(tmp_path, {"d": [math.nan, math.inf, 1.5], 3: (math.nan,)})  # type: ignore[dict-item]
    (record,) = read(path).records
    assert bare(record) == {"d": [None, None, 1.5], "3": [None]}
    assert "NaN" not in path.read_text()


@pytest.mark.parametrize("commit", ["", "../../x", "a b"])
def test_a_commit_never_leads_elsewhere(tmp_path: Path, commit: str) -> None:
    with Ledger(tmp_path, "lab", commit, NOW) as ledger:
        assert ledger.path.parent == tmp_path / "lab" / "races"
        assert runs(tmp_path) == [ledger.path]


def test_runs_of_one_second_and_process_have_files_of_their_own(tmp_path: Path) -> None:
    paths = [written(tmp_path, {"number": number}) for number in range(11)]
    assert len(set(paths)) == 11
    assert runs(tmp_path) == paths
    assert [read(path).records[0]["number"] for path in paths] == list(range(11))


def test_many_processes_at_once_do_not_disturb_each_other(tmp_path: Path) -> None:
    script = (
        "import sys\nfrom pathlib import Path\nfrom paceline.results.ledger import Ledger\n"
        "with Ledger(Path(sys.argv[1]), 'lab', 'abc') as ledger:\n"
        "    for number in range(20): ledger.write({'number': number, 'long': 'x' * 9000})\n"
    )
    words = [sys.executable, "-c", script, str(tmp_path)]
    processes = [subprocess.Popen(words) for _ in range(4)]
    assert [process.wait(timeout=60) for process in processes] == [0] * 4
    found = [read(path) for path in runs(tmp_path)]
    assert [len(one.records) for one in found] == [20] * 4
    assert not any(one.warnings for one in found)


@settings(deadline=None, max_examples=60)
@given(records=RECORDS, data=st.data())
def test_a_file_cut_anywhere_loses_only_the_record_that_was_cut(
    tmp_path_factory: pytest.TempPathFactory, records: list[dict[str, object]], data: st.DataObject
) -> None:
    path = written(tmp_path_factory.mktemp("cut"), *records)
    content = path.read_bytes()
    kept = data.draw(st.integers(0, len(content)))
    path.write_bytes(content[:kept])
    ends = [number for number, byte in enumerate(content) if byte == ord("\n")]
    whole = sum(end <= kept for end in ends)  # a line that lacks nothing but its end is whole
    found = read(path)
    assert [bare(record) for record in found.records] == [bare(record) for record in records[:whole]]
    torn = kept not in (0, len(content)) and kept not in ends and kept - 1 not in ends
    assert [("torn" in warning) for warning in found.warnings] == [True] * torn
    ledger, resumed = Ledger.resume(path)
    with ledger:
        assert resumed == list(found.records)
        ledger.write({"kind": "race", "after": True})
    again = read(path)
    assert again.records[:-1] == found.records
    assert again.records[-1]["after"] is True
    assert again.warnings == ()


def test_a_line_that_lacks_only_its_end_is_kept(tmp_path: Path) -> None:
    path = written(tmp_path, {"kind": "run"}, {"kind": "race"})
    path.write_bytes(path.read_bytes().removesuffix(b"\n"))
    assert read(path).warnings == ()
    ledger, resumed = Ledger.resume(path)
    with ledger:
        ledger.write({"kind": "end"})
    assert [record["kind"] for record in resumed] == ["run", "race"]
    assert [record["kind"] for record in read(path).records] == ["run", "race", "end"]


@settings(deadline=None, max_examples=60)
@given(content=st.binary(max_size=200))
def test_any_file_is_read_and_can_be_appended_to(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = tmp_path_factory.mktemp("any") / "a.jsonl"
    path.write_bytes(content)
    before = read(path)
    ledger, _ = Ledger.resume(path)
    with ledger:
        ledger.write({"kind": "end"})
    assert read(path).records == (*before.records, {"schema": 1, "run": "a", "kind": "end"})


def test_foreign_lines_are_counted_in_one_warning(tmp_path: Path) -> None:
    path = written(tmp_path, {"kind": "run"}, {"kind": "race"})
    first, second = path.read_bytes().splitlines()
    foreign = [b"garbage", b"[1]", b"\xff\xfe", b'{"schema": NaN}', b"[" * 100_000, b"", b"\0\0"]
    newer = [b'{"schema": 2, "kind": "race"}', b'{"kind": "race"}']
    path.write_bytes(b"\n".join([first, *foreign, *newer, second, b""]))
    found = read(path)
    assert [record["kind"] for record in found.records] == ["run", "race"]
    assert [warning.removeprefix(f"{path}: ")[:9] for warning in found.warnings] == ["6 line(s)", "2 record("]


def test_a_file_that_cannot_be_read_is_a_warning(tmp_path: Path) -> None:
    assert "cannot be read" in read(tmp_path / "none.jsonl").warnings[0]
    assert read(tmp_path).records == ()


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> Callable[[int, int], None]:
    """Return a function that fills the disk: so many bytes still fit, then every write fails."""
    real = os.write

    def fill(room: int, code: int = errno.ENOSPC) -> None:
        left = [room]

        def write(file: int, content: bytes) -> int:
            if not left[0]:
                raise OSError(code, os.strerror(code))
            done = real(file, content[: left[0]])
            left[0] -= done
            return done

        monkeypatch.setattr(lines.os, "write", write)

    return fill


@pytest.mark.parametrize("room", [0, 1, 30])
def test_a_full_disk_loses_one_record_and_says_so(
    tmp_path: Path, full: Callable[..., None], monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    with Ledger(tmp_path, "lab", COMMIT, NOW) as ledger:
        ledger.write({"kind": "run"})
        before = ledger.path.read_bytes()
        full(room)
        with pytest.raises(PacelineError) as raised:
            ledger.write({"kind": "race", "d": [0.1] * 20})
        monkeypatch.undo()
        assert raised.value.code is Exit.FAILED
        for word in (
            str(ledger.path),
            "No space left",
            "(race) is lost",
            "all before it are kept",
            "make room",
        ):
            assert word in str(raised.value)
        assert ledger.path.read_bytes() == before
        ledger.write({"kind": "end"})
    assert [record["kind"] for record in read(ledger.path).records] == ["run", "end"]
    assert read(ledger.path).warnings == ()


def test_a_disk_that_fails_to_sync_loses_the_record_it_says_it_loses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fsync(_: int) -> None:
        raise OSError(errno.EIO, "I/O error")

    with Ledger(tmp_path, "lab", COMMIT, NOW) as ledger:
        ledger.write({"kind": "run"})
        monkeypatch.setattr(os, "fsync", fsync)
        with pytest.raises(PacelineError, match="I/O error"):
            ledger.write({"kind": "race"})
        assert [record["kind"] for record in read(ledger.path).records] == ["run"]


def test_what_could_not_be_cut_off_at_once_is_before_the_next_record(
    tmp_path: Path, full: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    def ftruncate(_: int, __: int) -> None:
        raise OSError(errno.EIO, "I/O error")

    with Ledger(tmp_path, "lab", COMMIT, NOW) as ledger:
        ledger.write({"kind": "run"})
        full(20)
        monkeypatch.setattr(os, "ftruncate", ftruncate)
        with pytest.raises(PacelineError, match="No space"):
            ledger.write({"kind": "race"})
        monkeypatch.undo()
        assert "torn" in read(ledger.path).warnings[0]
        ledger.write({"kind": "end"})
    assert [record["kind"] for record in read(ledger.path).records] == ["run", "end"]


def test_ctrl_c_amid_a_record_spoils_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.write

    def write(file: int, content: bytes) -> int:
        real(file, content[:10])
        raise KeyboardInterrupt

    with Ledger(tmp_path, "lab", COMMIT, NOW) as ledger:
        ledger.write({"kind": "run"})
        monkeypatch.setattr(os, "write", write)
        with pytest.raises(KeyboardInterrupt):
            ledger.write({"kind": "race"})
        monkeypatch.undo()
        ledger.write({"kind": "end"})
    assert [record["kind"] for record in read(ledger.path).records] == ["run", "end"]


def test_a_disk_that_is_really_full(small_disk: Path) -> None:
    count = 0
    with Ledger(small_disk, "lab", COMMIT, NOW) as ledger:
        try:
            while count < 1000:
                ledger.write({"kind": "pair", "long": "x" * 5000})
                count += 1
        except PacelineError as error:
            complaint = str(error)
        found = read(ledger.path)
    assert "make room" in complaint
    assert 5 < len(found.records) == count < 100
    assert found.warnings == ()


def test_a_folder_that_cannot_be_written_is_said_with_how_to_mend_it(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(PacelineError, match=r"cannot write .*--results") as raised:
        Ledger(tmp_path / "file", "lab", COMMIT)
    assert raised.value.code is Exit.FAILED
    for machine in ("", "..", "a/b"):
        with pytest.raises(PacelineError, match="machine's name"):
            Ledger(tmp_path, machine, COMMIT)


def test_a_run_that_is_still_written_is_not_resumed(tmp_path: Path) -> None:
    with Ledger(tmp_path, "lab", COMMIT, NOW) as ledger:
        ledger.write({"kind": "run"})
        with pytest.raises(PacelineError, match="still being measured"):
            Ledger.resume(ledger.path)
    Ledger.resume(ledger.path)[0].close()
    with pytest.raises(PacelineError, match="cannot be resumed"):
        Ledger.resume(tmp_path / "none.jsonl")


def test_a_child_of_a_killed_run_does_not_keep_it_from_being_resumed(tmp_path: Path) -> None:
    script = (
        "import os, subprocess, sys\nfrom pathlib import Path\nfrom paceline.results.ledger import Ledger\n"
        "ledger = Ledger(Path(sys.argv[1]), 'lab', 'abc')\nledger.write({'kind': 'run'})\n"
        "nowhere = {'stdout': subprocess.DEVNULL, 'stderr': subprocess.DEVNULL}\n"
        "child = subprocess.Popen(['sleep', '600'], close_fds=False, **nowhere)\n"
        "print(child.pid, flush=True)\nos.kill(os.getpid(), 9)\n"
    )
    words = [sys.executable, "-c", script, str(tmp_path)]
    child = int(subprocess.run(words, capture_output=True, text=True, check=False, timeout=60).stdout)
    try:
        ledger, records = Ledger.resume(runs(tmp_path)[-1])
        ledger.close()
        assert [record["kind"] for record in records] == ["run"]
    finally:
        os.kill(child, 9)


def test_runs_of_all_machines_by_time(tmp_path: Path) -> None:
    assert runs(tmp_path / "none") == []
    stamps = [NOW.replace(hour=hour) for hour in (9, 12, 3)]
    for machine, now in zip(("b", "a", "c"), stamps, strict=True):
        Ledger(tmp_path, machine, COMMIT, now).close()
    (tmp_path / "a" / "races" / "notes.jsonl").write_text("")
    (tmp_path / "benchmarks.json").write_text("")
    assert [path.parts[-3] for path in runs(tmp_path)] == ["c", "b", "a"]
    assert [path.parts[-3] for path in runs(tmp_path, "b")] == ["b"]
    with pytest.raises(PacelineError, match="machine's name"):
        runs(tmp_path, "../x")


def test_a_run_is_found_by_its_name_its_beginning_or_as_the_last(tmp_path: Path) -> None:
    early = written(tmp_path, now=NOW.replace(hour=8))
    late = written(tmp_path)
    assert find(tmp_path, early.stem) == (early, None)
    assert find(tmp_path, "20261121T08") == (early, None)
    assert find(tmp_path, "last") == (late, None)
    assert find(tmp_path, "last/3f") == (late, "3f")
    assert find(tmp_path, f"{early.stem}/3f/x") == (early, "3f/x")
    second = written(tmp_path)
    assert find(tmp_path, late.stem) == (late, None), "a whole name wins over the beginning of another"
    assert find(tmp_path, "last") == (second, None)


def test_a_name_that_is_no_run_names_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(PacelineError, match=r"no races in .*paceline race"):
        find(tmp_path, "last")
    early = written(tmp_path, now=NOW.replace(hour=8))
    late = written(tmp_path)
    with pytest.raises(PacelineError, match=f"nearest is {early.stem}, the newest {late.stem}") as raised:
        find(tmp_path, early.stem.replace("T08", "T8"))
    assert raised.value.code is Exit.USAGE
    for name in ("2026", "", "/x"):
        with pytest.raises(PacelineError, match="names 2 runs, such as"):
            find(tmp_path, name)
    for name in ("zzz", "*", "..", "../.."):
        with pytest.raises(PacelineError, match="the nearest is 2026"):
            find(tmp_path, name)
