"""What evidence makes of an alert, rule by rule."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from paceline.alerts import life
from paceline.alerts.alert import Alert, State
from paceline.alerts.known import Known, Nomination
from paceline.alerts.life import update
from paceline.alerts.wishing import due, searched, wishes
from paceline.results.acceptance import Acceptance
from paceline.results.history import Compared

NOW, LATER, LATE = "2026-01-01T00:00:00Z", "2026-03-01T00:00:00Z", "2027-01-01T00:00:00Z"
COMMITS = [f"{number:040x}" for number in range(10)]
ORDER = {commit: number for number, commit in enumerate(COMMITS)}
BENCH = "k.C.time_x"


def raced(
    base: int, head: int, verdict: str = "slower", n: int = 10, cpu: str = "cpu", **more: Any
) -> Compared:
    told = {"confirmed": verdict == "slower", "ratio": 1.1 if verdict == "slower" else 1.0, **more}
    case = f"{BENCH}(implementation=numba, n={n})"
    params = {"implementation": "numba", "n": n}
    return Compared(
        f"run{base}-{head}",
        NOW,
        cpu,
        COMMITS[base],
        COMMITS[head],
        case,
        BENCH,
        params,
        "time",
        verdict,
        **told,
    )


def known(*compared: Compared, head: int = 9, **more: Any) -> Known:
    order = {commit: number for commit, number in ORDER.items() if number <= head}
    return Known(order, compared, **{"anchors": frozenset({COMMITS[0]}), **more})


def only(book: dict[str, Alert]) -> Alert:
    (one,) = book.values()
    return one


def nominated(good: int, bad: int) -> Nomination:
    case = f"{BENCH}(implementation=numba, n=10)"
    return Nomination(case, BENCH, {"implementation": "numba", "n": 10}, COMMITS[good], COMMITS[bad])


def test_a_parent_race_opens_an_alert_and_sizes_share_it() -> None:
    facts = known(raced(3, 4), raced(3, 4, n=1000, ratio=1.3), head=4)
    one = only(update({}, facts, NOW))
    assert (one.state, one.culprit, one.bad, len(one.cases), one.ratio) == (
        State.CONFIRMED,
        True,
        COMMITS[4],
        2,
        1.3,
    )
    assert due(one, facts)


def test_evidence_taken_twice_changes_nothing() -> None:
    facts = known(raced(3, 4), raced(4, 5, "same"), nominated=[nominated(2, 5)])
    once = update({}, facts, NOW)
    assert update(once, facts, LATER) == once


def test_what_is_not_confirmed_or_only_against_the_anchor_opens_nothing() -> None:
    facts = known(raced(3, 4, "inconclusive"), raced(3, 4, confirmed=False), raced(0, 5), raced(5, 4))
    assert update({}, facts, NOW) == {}


def test_a_nomination_waits_for_its_race_and_is_dropped_where_that_says_same() -> None:
    facts = known(nominated=[nominated(3, 6)])
    book = update({}, facts, NOW)
    (wish,) = wishes(book, facts)
    assert (only(book).state, wish.base, wish.head, wish.bisect) == (State.NEW, COMMITS[3], COMMITS[6], False)
    assert not due(only(book), facts)
    again = known(raced(3, 6, "same"), nominated=[nominated(3, 6)])
    dropped = update(book, again, LATER)
    assert (only(dropped).state, only(dropped).told, wishes(dropped, again)) == (State.FIXED, False, [])
    assert update(dropped, again, LATE) == dropped


def test_a_confirmed_range_is_bisected_once_and_narrowed() -> None:
    facts = known(raced(3, 6), nominated=[nominated(3, 6)], head=6)
    book = update({}, facts, NOW)
    (wish,) = wishes(book, facts)
    assert (wish.bisect, due(only(book), facts)) == (True, False)
    steps = (raced(3, 6), raced(3, 4, "same"), raced(4, 5))
    named = update({}, known(*steps, head=6), NOW)
    assert (only(named).good, only(named).bad, only(named).culprit) == (COMMITS[4], COMMITS[5], True)
    given_up = searched(only(book), NOW, "one could not be built")
    assert wishes({given_up.fingerprint: given_up}, facts) == []
    assert due(given_up, facts)


def test_before_the_first_notice_it_is_raced_against_the_newest_commit() -> None:
    facts = known(raced(3, 4))
    book = update({}, facts, NOW)
    (wish,) = wishes(book, facts)
    assert (wish.base, wish.head, due(only(book), facts)) == (COMMITS[3], COMMITS[9], False)
    there = known(raced(3, 4), raced(3, 9))
    assert due(only(update(book, there, NOW)), there)
    gone = update(book, known(raced(3, 4), raced(3, 9, "same")), NOW)
    assert (only(gone).state, only(gone).told) == (State.FIXED, False)
    assert due(only(book), replace(facts, racing=False))


def test_only_the_commit_before_it_and_the_same_processor_say_that_it_is_gone() -> None:
    book = update({}, known(raced(3, 4)), NOW)
    for facts in (raced(2, 9, "same"), raced(3, 9, "inconclusive"), raced(3, 9, "same", cpu="other")):
        assert only(update(book, known(raced(3, 4), facts), NOW)).state is State.CONFIRMED
    assert only(update(book, known(raced(3, 4), raced(3, 9, "faster")), NOW)).state is State.FIXED


def test_what_was_fixed_may_come_again_as_another_episode() -> None:
    book = update({}, known(raced(3, 4), raced(3, 6, "same")), NOW)
    told = {name: replace(one, told=True) for name, one in book.items()}
    again = only(update(told, known(raced(3, 4), raced(3, 6, "same"), raced(7, 8)), LATER))
    assert (again.state, again.episode, again.told, again.counted) == (State.CONFIRMED, 2, False, ("fixed",))


def test_noise_is_not_told_again_for_the_same_commits() -> None:
    facts = known(raced(3, 4), nominated=[nominated(2, 5)])
    book = {name: one.moved(State.INVALID, NOW, "noise") for name, one in update({}, facts, NOW).items()}
    assert update(book, facts, LATER) == book
    assert only(update(book, known(raced(5, 6)), LATER)).episode == 2


def test_what_is_accepted_expires_and_slower_than_that_is_new() -> None:
    book = update({}, known(raced(3, 4)), NOW)
    kept = {name: one.moved(State.ACCEPTED, NOW, "wanted", expires=LATER) for name, one in book.items()}
    assert update(kept, known(raced(3, 4)), NOW) == kept
    assert only(update(kept, known(raced(3, 4)), LATE)).state is State.CONFIRMED
    more = only(update(kept, known(raced(3, 4), raced(6, 7)), NOW))
    assert (more.state, more.episode, more.good) == (State.CONFIRMED, 2, COMMITS[6])


def test_a_commit_accepts_its_own_slow_down_only() -> None:
    for at, state in ((4, State.ACCEPTED), (5, State.CONFIRMED)):
        facts = known(raced(3, 4), accepted={COMMITS[at]: [Acceptance(BENCH, None, "wanted")]})
        assert only(update({}, facts, NOW)).state is state
    others = (Acceptance("k.Other.time_x", None, "wanted"), Acceptance(BENCH, 0.001, "so much only"))
    other = known(raced(3, 4), accepted={COMMITS[4]: others})
    assert only(update({}, other, NOW)).state is State.CONFIRMED


def test_a_nomination_that_nobody_races_ends() -> None:
    facts = known(nominated=[nominated(3, 6)])
    book = update({}, facts, NOW)
    assert only(update(book, facts, LATER)).state is State.INVALID


@pytest.mark.parametrize(("infra", "count"), [("", 1), ("it was hot", 0)])
def test_numbers_of_a_host_that_is_not_believed_raise_nothing(infra: str, count: int) -> None:
    number = replace(raced(3, 4), metric="peakmemory", confirmed=False, infra=infra)
    assert len(update({}, known(number), NOW)) == count


def test_creep_is_confirmed_by_the_race_against_the_anchor_and_may_be_looked_into_again() -> None:
    creep = replace(nominated(0, 5), creep=True)
    one = only(update({}, known(raced(0, 5), nominated=[creep], head=5), NOW))
    assert (one.state, one.creep, one.culprit) == (State.CONFIRMED, True, False)
    settled = update({}, known(raced(3, 4, "same"), nominated=[nominated(3, 4)]), NOW)
    assert only(settled).state is State.FIXED
    assert only(update(settled, known(raced(3, 4, "same"), nominated=[creep]), NOW)).creep
    assert life.CREEP_AGAIN > 10
