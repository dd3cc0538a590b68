"""A snoozed line: the last word counts, it wakes on its day, and nobody is left alone for ever."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.replenish.snooze import LONGEST_DAYS, Snooze, asleep, check_snooze
from kernel.errors import Refusal
from tests.stock_builders import NOW

TODAY = NOW.date()
DAY = timedelta(days=1)


def said(until_on: date | None, *, hours: float = -1, place: str = "FUZHOU") -> Snooze:
    """A word about P-1, so many hours from now."""
    return Snooze("P-1", place, NOW + timedelta(hours=hours), until_on, "the year's order", "keeper")


def test_the_last_word_counts_for_each_part_and_place() -> None:
    """Ending early is a word like any other; another place's line is another line."""
    long = said(TODAY + 10 * DAY, hours=-3)
    ended = said(None, hours=-2)
    elsewhere = said(TODAY + DAY, hours=-2, place="XIAMEN")
    again = said(TODAY + 2 * DAY)

    assert asleep((long,), at=NOW, on=TODAY) == {("P-1", "FUZHOU"): long}
    assert asleep((long, ended, elsewhere), at=NOW, on=TODAY) == {("P-1", "XIAMEN"): elsewhere}
    assert asleep((long, ended, again), at=NOW, on=TODAY) == {("P-1", "FUZHOU"): again}


def test_a_line_sleeps_until_the_day_before_it_wakes() -> None:
    """Snoozed until the twentieth: on the nineteenth it sleeps, on the twentieth somebody looks."""
    row = said(TODAY + 5 * DAY)

    assert asleep((row,), at=NOW, on=TODAY + 4 * DAY)
    assert not asleep((row,), at=NOW, on=TODAY + 5 * DAY)


@given(
    st.lists(st.tuples(st.integers(-3, 3), st.none() | st.integers(-2, 4)), max_size=6), st.integers(-3, 3)
)
def test_what_is_said_later_changes_nothing_now(words: list[tuple[int, int | None]], hours: int) -> None:
    """A review of this morning, made again tomorrow, finds what it found."""
    rows = tuple(
        said(None if days is None else TODAY + days * DAY, hours=at)
        for at, days in sorted(words, key=lambda w: w[0])
    )
    moment = NOW + timedelta(hours=hours)

    known = tuple(row for row in rows if row.at <= moment)

    assert asleep(rows, at=moment, on=TODAY) == asleep(known, at=moment, on=TODAY)


@pytest.mark.parametrize(
    ("until", "code"),
    [
        (TODAY, "replenish.snooze_over"),
        (TODAY - DAY, "replenish.snooze_over"),
        (TODAY + (LONGEST_DAYS + 1) * DAY, "replenish.snooze_too_long"),
        (date.max, "replenish.snooze_too_long"),
    ],
)
def test_a_snooze_that_holds_nothing_or_for_ever_is_refused(until: date, code: str) -> None:
    """Over at once, or longer than anybody remembers: asked about before it is written."""
    with pytest.raises(Refusal) as refused:
        check_snooze(said(until), on=TODAY)

    assert refused.value.code == code
    check_snooze(said(TODAY + LONGEST_DAYS * DAY), on=TODAY)


def test_a_snooze_says_why_and_its_end_need_not() -> None:
    """Who finds the line in a month wants to know what it waits for."""
    with pytest.raises(Refusal) as refused:
        replace(said(TODAY + DAY), reason=" ")

    assert refused.value.code == "replenish.snooze_without_reason"
    assert replace(said(None), reason="").until_on is None
