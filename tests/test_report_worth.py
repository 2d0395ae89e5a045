"""What changes are worth, what first calls cost, and heat-maps."""

from __future__ import annotations

import dataclasses
import math
from pathlib import Path

import pytest
from asv_folder import Bench, around, declare, machine, run
from hypothesis import given
from hypothesis import strategies as st
from race_folder import contender, ledger, race
from report_runs import made, of, question, times

from paceline.report import ablations, claims, first_calls, gather, heatmap, markdown, places, summary, writer
from paceline.report.contents import Remarks, Report
from paceline.results import races
from paceline.stats.ratio import Ratio

CLAIM = """
[[claim]]
change = "memory reserved beforehand"
model = "t"
without = "rust_grow"
with = "rust"
says = [1.1, 1.2]
source = "a plan"
"""


def raced(folder, ratios, baseline="numba_jit", axes=({"n": 10}, {"n": 100})):
    """Return a section of races alone: a ratio for each implementation, at every size."""
    own = [contender(name, one, "faster" if one < 1 else "slower") for name, one in ratios.items()]
    ledger(folder, [race(own, one, "m.T.time_run", baseline) for one in axes])
    found = races.read(folder, "sample", {}).cases
    return gather.section(races.as_run(found), [question("m.T", "t", "m", baseline)], Remarks(), raced=found)


def the_claim(**more):
    (found,), _ = claims.parse(CLAIM, "claims.toml")
    return dataclasses.replace(found, **more)


@pytest.mark.parametrize(
    ("grow", "verdict"),
    [
        (0.5, "less"),
        (0.575, "as claimed"),
        (1.0, "more"),
        (0.3, "slower, not faster"),
        (0.55, "open"),
        (0.61, "open"),
    ],
)
def test_a_claim_stands_beside_what_is_measured(tmp_path, grow, verdict):
    section = raced(tmp_path, {"rust": 0.5, "rust_grow": grow})
    (one,) = ablations.ablations(section, [the_claim()])
    assert ablations.verdict(one) == verdict
    assert [worth.axes for worth in one.cases] == [{"n": 10}, {"n": 100}]
    worth = one.cases[0].ratio
    assert worth.low < worth.value < worth.high
    assert worth.high / worth.low == pytest.approx(math.exp(2 * math.hypot(0.02, 0.02)), rel=0.01)


@pytest.mark.parametrize(
    ("ratio", "paired", "verdict"),
    [
        (Ratio(1.3, 0.9, 9.0), True, "open"),
        (Ratio(1.15, 1.12, 1.18), True, "as claimed"),
        (Ratio(1.15, 1.12, 1.18), False, "open"),
        (Ratio(1.25, 1.24, 1.26), False, "open"),
        (Ratio(1.5, 1.45, 1.55), False, "more"),
        (Ratio(5.0), True, "open"),
    ],
)
def test_a_claim_is_judged_by_whole_intervals(ratio, paired, verdict):
    case = ablations.Worth("m.T.time_run", "t", "", {}, ratio, paired)
    assert ablations.verdict(ablations.Ablation(the_claim(), "m", (case,))) == verdict


def test_a_claim_of_one_number_is_known_to_a_few_per_cent():
    case = ablations.Worth("m.T.time_run", "t", "", {}, Ratio(2.0, 1.97, 2.03), True)
    claim = the_claim(low=2.0, high=2.0)
    assert ablations.verdict(ablations.Ablation(claim, "m", (case,))) == "as claimed"


def test_the_side_that_was_raced_against_needs_no_second_ratio(tmp_path):
    section = raced(tmp_path, {"rust_grow": 1.5}, baseline="rust")
    (one,) = ablations.ablations(section, [the_claim()])
    assert one.cases[0].ratio.value == pytest.approx(1.5)
    assert one.cases[0].paired


def test_claims_without_a_race_say_so_and_those_of_other_models_nothing(tmp_path):
    section = raced(tmp_path, {"rust": 0.5})
    found = ablations.ablations(section, [the_claim(), the_claim(model="other"), the_claim(benchmark="Knn")])
    assert [ablations.verdict(one) for one in found] == ["not measured"]


def test_a_report_of_claims_as_markdown_and_json(tmp_path, snapshot):
    section = raced(tmp_path, {"rust": 0.5, "rust_grow": 0.6, "pure": 30.0})
    told = (the_claim(), the_claim(low=None, high=None, text="half | the <b>memory</b>", without="pure"))
    report = Report((section,), claims=told)
    text = markdown.document(report)
    start = text.index("#### What each change is worth")
    assert text[start : text.index("\n#### ", start + 1)] == snapshot(name="markdown")
    assert summary.document(report)["machines"][0]["ablations"] == snapshot(name="json")


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        ("[[claim", "claims.toml: "),
        ("claim = 1", "written as"),
        ("claim = [1]", "no names"),
        (CLAIM.replace('model = "t"\n', ""), "model must be given"),
        (CLAIM.replace("[1.1, 1.2]", "[2, 1]"), "says is"),
        (CLAIM.replace("[1.1, 1.2]", "-1"), "says is"),
        (CLAIM.replace("[1.1, 1.2]", "nan"), "says is"),
        (CLAIM.replace("source", "sauce"), "sauce is unknown"),
    ],
)
def test_claims_that_cannot_be_understood_are_named(text, warning):
    found, warnings = claims.parse(text, "claims.toml")
    assert not found
    assert len(warnings) == 1
    assert warning in warnings[0]


@given(st.text())
def test_no_text_stops_a_report(text):
    claims.parse(text, "claims.toml")


def started(tmp_path, imports, first, calls):
    """Return a section in which every implementation's start-up is known."""
    names = tuple(calls)
    track = {"implementation": names, "model": ("t",)}
    benches = [
        times({name: around(value) for name, value in calls.items()}),
        Bench(
            "startup.S.track_import", track, lambda implementation, model: imports[implementation], "track"
        ),
        Bench(
            "startup.S.track_first_call", track, lambda implementation, model: first[implementation], "track"
        ),
    ]
    declare(tmp_path, benches)
    run(machine(tmp_path), benches)
    questions = [question("m.T", "t", "m"), question("startup.S", "startup", "startup", None)]
    return made(tmp_path, questions, Remarks()).sections[0]


def test_calls_that_make_a_first_call_good(tmp_path, snapshot):
    section = started(
        tmp_path,
        {"pure_numpy": 0.0, "numba_jit": 0.1, "rust": 0.01, "slow": 0.0},
        {"pure_numpy": 0.0, "numba_jit": 0.9, "rust": 0.0, "slow": 1.0},
        {"pure_numpy": 0.1, "numba_jit": 0.01, "rust": 0.05, "slow": 0.2},
    )
    (told,) = first_calls.first_calls(section, {"t": "pure_numpy"})
    assert {cost.implementation: first_calls.pays_from(told, cost) for cost in told.costs} == {
        "pure_numpy": "-",
        "numba_jit": "call 12",  # 1 s for 0.09 s a call
        "rust": "the first call",
        "slow": "never",
    }
    report = Report((section,), references={"t": "pure_numpy"})
    text = markdown.document(report)
    start = text.index("### What the first call costs")
    assert text[start : text.index("\n### Start-up")] == snapshot(name="markdown")
    assert summary.document(report)["machines"][0]["first_calls"] == snapshot(name="json")


def test_without_start_up_there_is_nothing_to_say(tmp_path):
    report = of(tmp_path, times({"a": around(1.0), "b": around(2.0)}))
    assert not first_calls.first_calls(report.sections[0], {})


def test_numbers_that_a_suite_tracks_stand_beside_its_times(tmp_path):
    axes = {"implementation": ("a", "b"), "n": (10, 100)}
    errors = Bench("m.T.track_error", axes, lambda implementation, n: 1e-9 * n, "track", "")
    limit = Bench(
        "m.T.track_bandwidth", {"kernel": ("copy",), "n": (10,)}, lambda **_: 6e10, "track", "bytes/s"
    )
    benches = [times({"a": around(1.0), "b": around(2.0)}), errors, limit]
    declare(tmp_path, benches)
    run(machine(tmp_path), benches)
    text = markdown.document(made(tmp_path, [question("m.T", "t", "m", "a")], Remarks()))
    assert "t, track\\_error (no unit)" in text or "t, track_error (no unit)" in text
    assert "1.00e-08" in text or "1e-08" in text
    assert "60,000,000,000" in text or "6e+10 bytes/s" in text


LIMIT = """
[limit]
benchmark = "m.L.track_bandwidth"
[limit.rows]
"m.T" = { bytes = 16, kernel = "copy" }
"""


def test_shares_of_what_the_machine_can_do(tmp_path):
    limit = Bench(
        "m.L.track_bandwidth", {"kernel": ("copy", "read"), "n": (10, 100, 1000)},
        lambda kernel, n: 1600.0 if kernel == "copy" else 1.0, "track", "bytes/s",
    )  # fmt: skip
    benches = [times({"a": around(2.0), "b": around(1.0)}), limit]
    declare(tmp_path, benches)
    run(machine(tmp_path), benches)
    asked = [question("m.T", "t", "m", "a"), question("m.L", "l", "m", None)]
    report = dataclasses.replace(made(tmp_path, asked, Remarks()), limit=claims.limit(LIMIT))
    assert "| n = 100 | 1.6e-06 GB/s |" in markdown.document(report)
    assert "b 100%, a 50%" in markdown.document(report)
    (told,) = summary.document(report)["machines"][0]["bandwidth"]
    assert told["shares"] == {"b": 1.0, "a": 0.5}
    assert claims.limit("[limit]") is None
    assert claims.limit("[[claim]]") is None


def test_squares_tell_by_number_arrow_and_colour():
    fast, slow, even = (heatmap.Square(*one) for one in ((0.25, "▼"), (4.0, "▲"), (1.01, "≈")))
    assert (fast.text, slow.text, even.text) == ("▼ 0.250", "▲ 4.00", "≈ 1.01")
    assert fast.colour[2] > fast.colour[0]
    assert slow.colour[0] > slow.colour[2]
    assert even.colour == (1.0, 1.0, 1.0)
    assert heatmap.Square(8.0, "▲").colour == heatmap.Square(1e9, "▲").colour


def test_a_broad_family_has_a_heat_map_for_each_model(tmp_path):
    names = [f"x{number}" for number in range(heatmap.BROADEST // 2 + 1)]
    wide = [
        Bench(
            f"m.{kind}.time_run",
            {"implementation": ("a", *(f"{kind}{name}" for name in names))},
            lambda **_: 1.0,
        )
        for kind in ("T", "U")
    ]
    declare(tmp_path, wide)
    run(machine(tmp_path), wide)
    asked = [question("m.T", "t", "m", "a"), question("m.U", "u", "m", "a")]
    sheets = heatmap.sheets(made(tmp_path, asked, Remarks()).sections[0])
    assert [sheet.title for sheet in sheets] == ["m, t", "m, u"]
    assert len({len(sheet.names) for sheet in sheets}) == 1


def test_figures_that_would_be_the_same_are_not_drawn_again(tmp_path, monkeypatch):
    out = tmp_path / "out"
    report = of(tmp_path / "results", times({"a": around(1.0), "b": around(2.0)}))
    first = writer.write(report, out)
    drawn = []
    monkeypatch.setattr(writer, "_images", lambda one: drawn.append(one.stem.name) or [b"", b""])
    assert writer.write(report, out) == first
    assert not drawn
    (out / "figures" / "sample" / "t-time.png").unlink()
    writer.write(report, out)
    other = of(tmp_path / "results", times({"a": around(1.0), "b": around(3.0)}))
    writer.write(other, out)
    assert drawn == ["t-time", "heat-m-a", "t-time", "t-ratio"]


def test_figures_that_no_report_shows_any_more_are_removed(tmp_path):
    out = tmp_path / "out"
    report = of(tmp_path / "results", times({"a": around(1.0), "b": around(2.0)}))
    writer.write(report, out)
    mine, stale = out / "figures" / "mine.svg", out / "figures" / "sample" / "gone-time.svg"
    mine.write_text("<svg/>")
    stale.write_bytes((out / "figures" / "sample" / "t-time.svg").read_bytes())
    writer.write(dataclasses.replace(report, partial=True), out)
    assert stale.exists()  # other models may show it
    written = writer.write(report, out)
    assert {path for path in out.rglob("*.*") if path.suffix in (".svg", ".png")} == {
        mine,
        *written[2:],
    }


TWO_TABLES = Bench(
    "m.T.time_run",
    {"implementation": ("a", "b"), "n": (10, 100), "mode": ("x", "y")},
    lambda implementation, n, mode: around(1.0),
)


def test_a_long_report_leaves_figures_out_and_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr("paceline.report.places.MOST", 1)
    text = markdown.document(of(tmp_path, TWO_TABLES))
    assert "1 of 2 tables have them" in text
    assert text.count("-ratio.svg") == 1


def test_in_a_long_report_only_curves_are_drawn(tmp_path, monkeypatch):
    monkeypatch.setattr("paceline.report.places.MANY", 2)
    curve = Bench("m.T.time_more", {"implementation": ("a", "b"), "n": (1, 2, 3)}, lambda **_: around(1.0))
    both = of(tmp_path / "few", TWO_TABLES)
    assert len(places.pictured(both)[0]) == 2
    (drawn,) = places.pictured(of(tmp_path / "many", TWO_TABLES, curve))[0]
    assert drawn.columns == (1, 2, 3)


def test_the_claims_of_this_suite_are_about_what_it_has():
    root = Path(__file__).resolve().parents[1]
    text = (root / "benchmarks" / claims.FILE).read_text()
    found, warnings = claims.parse(text, claims.FILE)
    assert not warnings
    models = root / "implementations" / "paceline_models"
    names = [(claim.model, name) for claim in found for name in (claim.without, claim.with_)]
    assert not [one for one in names if not list(models.glob(f"*/{one[0]}/{one[1]}.py"))]
    for row in claims.limit(text).rows:
        family, module, name = row.split(".")
        assert f"class {name}(" in (root / "benchmarks" / family / f"{module}.py").read_text(), row
