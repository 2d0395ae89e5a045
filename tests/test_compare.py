"""What a comparison says: words, tables, exit codes, and what a resumed run takes from its ledger."""

from __future__ import annotations

import io
import json
import math
import os
import random
from pathlib import Path
from threading import Event
from types import SimpleNamespace
from typing import Any

import pytest
from comparisons import built, verdict
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from syrupy.assertion import SnapshotAssertion

from paceline.outcome import Exit, PacelineError, worst
from paceline.race import between, commits, compared, pages
from paceline.race.commits import Matched, matched
from paceline.race.compared import absence, exits, number_of, number_record
from paceline.race.contenders import Absence, Contender, Pair, Place, Side
from paceline.race.driver import Effort
from paceline.race.record import pair_record
from paceline.race.tally import TOO_FEW
from paceline.race.unpaired import Compared
from paceline.report import comparison
from paceline.suite.config import Suite
from paceline.suite.questions import Benchmark, Question

LONG = {"implementation": "rust_pyo3", "n": 36500, "snow": "hysteresis"}


SAMPLE = (
    verdict("same", ratio=1.001, low=0.998, high=1.004, pairs=4, detectable=0.029, answers="identical"),
    verdict(
        "slower",
        "hydrology.GR6JCemaNeige.time_run",
        params=LONG,
        ratio=1.0512,
        low=1.0464,
        high=1.0561,
        pairs=6,
        confirmed=True,
        detectable=0.031,
        base=1e-3,
        head=1.05e-3,
        answers="max rel 1.2e-12",
    ),
    verdict("slower", params={"n": 10}, ratio=1.31, low=1.29, high=1.33, pairs=6, answers="identical"),
    verdict("faster", params={"n": 20}, ratio=0.5, low=0.49, high=0.51, pairs=4, answers="changed"),
    verdict("inconclusive", params={"n": 30}, ratio=1.02, low=0.95, high=1.1, pairs=16, detectable=0.12),
    verdict("same", params={"n": 40}, ratio=1.0, low=0.99, high=1.01, pairs=4, answers="changed"),
    verdict("worse", "kernels.Suite.peakmem_keep", kind="peakmemory", ratio=2.0, base=5e7, head=1e8),
    verdict("changed", "kernels.Suite.track_size", kind="track", ratio=2.0, base=3.0, head=6.0),
    *(
        verdict("new", "kernels.Fresh.time_it", params={"n": n}, reason="fails in base: ImportError: fresh")
        for n in (1, 2, 3)
    ),
    verdict("failed", "kernels.Odd.time_it", params={}, reason="head: the worker was killed by SIGSEGV"),
    verdict("failed", "kernels.Odd.time_never", params={}, reason="in both: ValueError: no", both=True),
    verdict("skipped", "kernels.Odd.time_peer", params={}, reason="in both: no peer", both=True),
    verdict("unmeasured", params={"n": 50}, ratio=1.04, low=0.9, high=1.2, pairs=3, reason="interrupted"),
)


@pytest.mark.parametrize("width", [80, 140])
def test_the_table_is_read_from_the_worst_down(width: int, snapshot: SnapshotAssertion) -> None:
    out = io.StringIO()
    made = comparison.table(SAMPLE, width)
    assert made is not None
    Console(file=out, width=width, color_system=None).print(made)
    text = "\n".join(line.rstrip() for line in out.getvalue().splitlines())
    assert max(map(len, text.splitlines())) <= width
    assert "\n".join([text, *comparison.lines(SAMPLE, 0.004)]) == snapshot


def test_the_document_is_what_others_rely_on(snapshot: SnapshotAssertion) -> None:
    document = [comparison.document(one) for one in sorted(SAMPLE, key=lambda one: one.rank)[:3]]
    assert json.dumps(document, indent=1) == snapshot


def test_nothing_worth_a_look_is_no_table() -> None:
    quiet = [verdict("same", answers="identical"), verdict("skipped", params={})]
    assert comparison.table(quiet, 80) is None
    every = comparison.table(quiet, 80, every=True)
    assert every is not None
    assert every.row_count == 2
    assert list(comparison.lines(quiet, None)) == ["1 skipped, 1 same of 2 cases"]


def test_a_suite_of_thousands_keeps_its_table_short() -> None:
    many = [verdict("slower", params={"n": n}, ratio=1.1 + n / 1e5) for n in range(1000)]
    made = comparison.table(many, 200)
    assert made is not None
    assert made.row_count == comparison.MOST_ROWS
    assert next(comparison.lines(many, 0.01)) == "... and 984 more: --all shows every case"
    alike = [verdict("failed", params={"n": n}, reason="ImportError") for n in range(1000)]
    made = comparison.table(alike, 200)
    assert made is not None
    assert made.row_count == 1


def test_what_a_commit_names_its_cases_does_no_harm() -> None:
    hostile = verdict("slower", "k.time_\x1b[31m\u202e[red]x", params={"n": "a\nb"}, reason="[link=x]\n" * 99)
    out = io.StringIO()
    for width in (80, 140):
        Console(file=out, width=width, color_system=None).print(comparison.table([hostile], width))
    text = out.getvalue()
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "[red]x" in text


def test_a_number_from_nothing_has_a_rank() -> None:
    odd = [verdict("changed", ratio=ratio) for ratio in (math.nan, math.inf, 2.0, None, 0.0)]
    assert sorted(odd, key=lambda one: one.rank)[0].ratio in (2.0, 0.0, None)


@pytest.mark.parametrize(
    ("words", "strict", "codes"),
    [
        (["same", "faster", "better", "changed", "new", "removed", "skipped"], False, []),
        (["same", "slower"], False, [1]),
        (["worse"], False, [1]),
        (["same", "failed"], False, [3]),
        (["slower", "failed"], False, [1, 3]),
        (["same", "unmeasured"], False, [3]),
        (["same", "inconclusive"], False, []),
        (["same", "inconclusive"], True, [3]),
        (["skipped"], False, [3]),
        (["unmeasured"], False, [3]),
        ([], False, [3]),
    ],
)
def test_exit_codes(words: list[str], strict: bool, codes: list[int]) -> None:
    found = exits([verdict(word) for word in words], strict)
    assert found == codes
    assert worst(found) == (codes[0] if codes else 0)


def test_what_fails_on_both_sides_is_not_the_head_s_failure() -> None:
    both = verdict("failed", both=True)
    assert exits([both, verdict("same")], strict=True) == []
    assert exits([both], strict=False) == [Exit.FAILED], "nothing was measured"


def test_a_suspicion_that_nobody_had_time_to_confirm_is_not_measured() -> None:
    suspected = verdict("inconclusive", reason=f"slower by 4 pairs, {TOO_FEW}")
    assert exits([suspected, verdict("same")]) == [Exit.FAILED]
    assert exits([verdict("inconclusive"), verdict("same")]) == []


RAISED, SKIPPED = Absence("failed", "ValueError: x"), Absence("skipped", "no peer")


@pytest.mark.parametrize(
    ("base", "head", "told"),
    [
        (RAISED, None, ("new", "fails in base: ValueError: x", False)),
        (Absence("absent", "no such case"), None, ("new", "base: no such case", False)),
        (None, RAISED, ("failed", "head: ValueError: x", False)),
        (None, SKIPPED, ("removed", "head: no peer", False)),
        (RAISED, RAISED, ("failed", "in both: ValueError: x", True)),
        (SKIPPED, SKIPPED, ("skipped", "in both: no peer", True)),
        (RAISED, SKIPPED, ("failed", "base: ValueError: x; head: no peer", True)),
        (SKIPPED, RAISED, ("failed", "base: no peer; head: ValueError: x", False)),
    ],
)
def test_why_a_side_has_no_number(base: Absence | None, head: Absence | None, told: Any) -> None:
    assert absence(base, head) == told


PLACES = Place("base", "python-b", Path("b")), Place("head", "python-h", Path("b"))


def case(kind: str = "time", benchmark: str = "kernels.time_loop", **params: Any) -> Matched:
    texts = tuple(repr(value) for value in params.values())
    base, head = (Contender(one.name, one, benchmark, 0, texts) for one in PLACES)
    return Matched(benchmark, kind, params, base, head)


values = st.floats(allow_infinity=False) | st.builds(
    Absence, st.sampled_from(["failed", "skipped"]), st.text()
)


@given(values, values, st.sampled_from(["", "same", "worse", "changed"]), st.integers(1, 3))
def test_a_number_comes_back_from_its_line(base: Any, head: Any, word: str, processes: int) -> None:
    found = Compared(base, head, word, processes)
    line = json.dumps(number_record(case("track"), found))
    record = json.loads(line.replace("NaN", "null"))
    assert repr(number_of(record)) == repr(found)


def question(key: str, *benchmarks: Benchmark) -> Question:
    return Question(key, key, "kernels", None, None, False, benchmarks)


def benchmark(name: str, kind: str = "time", *sizes: str) -> Benchmark:
    return Benchmark(name, kind, ("n",) if sizes else (), (sizes,) if sizes else ())


def test_cases_are_matched_by_name_and_values() -> None:
    base = [question("k.S", benchmark("k.S.time_a", "time", "1", "2"), benchmark("k.S.time_old"))]
    head = [question("k.S", benchmark("k.S.time_a", "time", "2", "3"), benchmark("k.S.timeraw_b", "timeraw"))]
    found = {one.name: (bool(one.base), bool(one.head)) for one in matched(base, head, PLACES, [])}
    assert found == {
        "k.S.time_a(n=2)": (True, True),
        "k.S.time_a(n=3)": (False, True),
        "k.S.time_a(n=1)": (True, False),
        "k.S.time_old": (True, False),
    }
    twos = next(one for one in matched(base, head, PLACES, ["TIME_A"]) if one.base and one.head)
    assert twos.base is not None
    assert twos.head is not None
    assert (twos.base.index, twos.head.index) == (1, 0), "each side's own place in its product"
    assert compared.one_sided(next(iter(matched([], head, PLACES, ["time_a"])))).verdict == "new"


@pytest.mark.parametrize(
    ("bench", "word"), [("tine_a", "there are k.time_a"), ("(", "no regular expression")]
)
def test_a_pattern_that_is_none(bench: str, word: str) -> None:
    with pytest.raises(PacelineError, match=word) as caught:
        matched([question("k", benchmark("k.time_a"))], [], PLACES, [bench])
    assert caught.value.code == Exit.USAGE


@pytest.mark.parametrize("broken", ["python-b", "python-h"])
def test_a_side_that_cannot_import_the_suite_does_not_end_it(
    broken: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A new module that imports what base has not: its workers say so, case by case."""

    def asked(config: Path, python: str, variables: Any) -> list[Question]:
        if python == broken:
            raise PacelineError("the benchmarks cannot be imported: no fresh", Exit.FAILED)
        return [question("k", benchmark("k.time_a"))]

    monkeypatch.setattr(between, "questions", asked)
    suite = Suite(tmp_path / "asv.conf.json", "tiny", tmp_path, tmp_path, tmp_path)
    said: list[str] = []
    sides = built("base"), built("head")
    (one,) = between.matched_cases(suite, sides, [], said.append)
    assert one.base is not None
    assert one.head is not None
    assert (one.base.place.python, one.head.place.python) == ("python-b", "python-h")
    side = "base" if broken == "python-b" else "head"
    assert said == [f"in {side} the benchmarks cannot be imported: no fresh"]


def test_both_sides_are_read_from_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment just installed, and one read before, differ by a MiB in every process."""
    library = tmp_path / "env" / "lib" / "python3"
    library.mkdir(parents=True)
    (library / "a.so").write_text("a")
    (library / "gone.so").symlink_to(tmp_path / "nowhere")
    asked: list[int] = []
    monkeypatch.setattr(os, "posix_fadvise", lambda *words: asked.append(words[3]), raising=False)
    pages.forget(str(tmp_path / "env" / "bin" / "python"))
    assert asked == [os.POSIX_FADV_DONTNEED]
    monkeypatch.delattr(os, "posix_fadvise")
    pages.forget("python")


def pair(log_ratio: float) -> Pair:
    def side(value: float | None) -> Side:
        return Side(0, 1e-3, 5, 5, 1.0, 1.0, 0, 0, value)

    return Pair({"base": side(None), "head": side(log_ratio)}, side(0.0))


class Heard:
    """A watch that counts."""

    def __init__(self) -> None:
        self.cases = 0

    def pair(self, tally: Any, pair: Any) -> None: ...

    def done(self, tally: Any) -> None: ...

    def counted(self) -> None:
        self.cases += 1


def comparing(cases: list[Matched], before: list[dict[str, Any]], written: list[Any]) -> between.Comparison:
    opened = SimpleNamespace(
        ground=SimpleNamespace(rng=random.Random(1), stop=Event()),
        ledger=SimpleNamespace(write=written.append),
        before=before,
    )
    return between.Comparison(cases, lambda _: 0.025, Effort(), opened, Heard())  # type: ignore[arg-type]


def test_what_the_ledger_has_is_not_measured_again(monkeypatch: pytest.MonkeyPatch) -> None:
    timed, sized = case(n=1000), case("track", "kernels.track_size")
    race = commits.race(timed, 0.025)
    before = [pair_record(race, number, pair(0.0), 0.001) for number in range(4)]
    before.append({"kind": "answers", "race": timed.name, "answers": {"head": "max rel 1e-9"}})
    before.append(number_record(sized, Compared(3.0, 4.0, "changed")))
    monkeypatch.setattr(commits, "compare_numbers", lambda *_: pytest.fail("measured again"))
    written: list[Any] = []
    found = comparing([timed, sized], json.loads(json.dumps(before)), written)
    found.measure()
    assert {one["kind"] for one in written} == {"race"}, "its end alone was not written down before"
    first, second = found.verdicts()
    assert (first.verdict, first.pairs, first.answers) == ("same", 4, "max rel 1e-9")
    assert (second.verdict, second.base, second.head, second.reason) == ("changed", 3.0, 4.0, "")


def test_what_was_interrupted_shows_what_there_is() -> None:
    timed = case(n=1000)
    race = commits.race(timed, 0.025)
    before = [pair_record(race, number, pair(0.1), 0.005) for number in range(3)]
    (found,) = comparing([timed], before, []).verdicts()
    assert (found.verdict, found.pairs) == ("unmeasured", 3)
    assert found.ratio == pytest.approx(math.exp(0.1))
    assert found.reason == "not measured to the end (3 pairs)"


def test_an_interrupt_ends_the_workers_that_threads_wait_for(monkeypatch: pytest.MonkeyPatch) -> None:
    def waits(ground: Any, *_: Any) -> Compared:
        raise KeyboardInterrupt

    monkeypatch.setattr(commits, "compare_numbers", waits)
    found = comparing([case("track")], [], [])
    with pytest.raises(KeyboardInterrupt):
        found.measure()
    assert found._opened.ground.stop.is_set()
