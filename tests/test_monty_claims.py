"""What stands beside the seed's claims: the verdict on a measured ratio, and tables put between marks."""

import re
import runpy
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[1] / "docs"
PAGE = (DOCS / "monty.md").read_text(encoding="utf-8")


@pytest.fixture
def claims(monkeypatch):
    for name in ("RAYON_NUM_THREADS", "NUMBA_NUM_THREADS"):
        monkeypatch.setenv(name, "2")  # the script would set them
    monkeypatch.setattr("sys.path", list(__import__("sys").path))
    return runpy.run_path(str(DOCS / "monty" / "claims.py"), run_name="claims")


@pytest.mark.parametrize(
    ("expected", "measured", "want"),
    [
        ((1.1, 1.2), [1.15], "as claimed"),
        ((1.1, 1.2), [1.3, 1.15, 1.05, 1.01], "more in 1, as claimed in 1, less in 1, nothing in 1"),
        ((1.1, 1.2), [0.9], "the opposite"),
        ((0.125, 0.5), [0.1, 0.1], "more"),
        ((0.125, 0.5), [0.6, 0.99], "less in 1, nothing in 1"),
        ((0.125, 0.5), [2.0], "the opposite"),
        ((0.2, 0.5), [0.4, 1.0], "as claimed in 1, nothing in 1"),
    ],
)
def test_a_claim_is_judged_in_its_own_direction(claims, expected, measured, want):
    assert claims["verdict"](expected, measured) == want


def test_an_effect_whose_quartiles_hold_one_is_none(claims):
    times = claims["np"].array([[1.0, ratio] for ratio in (0.8, 0.9, 0.95, 1.02, 1.1)])
    assert claims["effect"](times) == 1.0
    assert claims["effect"](times * [1.0, 2.0]) == pytest.approx(1.9)


def test_tables_go_between_their_marks():
    placed = runpy.run_path(str(DOCS / "monty" / "put.py"), run_name="put")["placed"]
    names = re.findall(r"<!-- made: (\w+) -->", PAGE)
    assert names == ["speed", "claims", "threads", "sizes"]
    for name in names:
        changed = placed(PAGE, name, "new\n")
        assert f"<!-- made: {name} -->\n\nnew\n\n<!-- end -->" in changed
        assert placed(changed, name, "new") == changed
        assert [one for one in names if f"<!-- made: {one} -->" in changed] == names
        assert changed.count("<!-- end -->") == 4
    with pytest.raises(ValueError, match="made: other"):
        placed(PAGE, "other", "new")


def test_every_claim_of_the_seed_has_its_row():
    table = PAGE.partition("<!-- made: claims -->")[2].partition("<!-- end -->")[0]
    for word in ("printing", "memory that grows", "cloned", "index", "early termination", "batches", "SIMD"):
        assert word in table
    for word in ("two threads", "half precision", "mapped", "training step", "matching step", "Python"):
        assert word in table
