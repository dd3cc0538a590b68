"""Attainment: kept, broken, open and excluded are all there is; the first promise is not the last one."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from dispatch.desk.milestone import Milestone, Severity, Wait
from dispatch.desk.ticket import EventKind, TicketEvent
from dispatch.measures.case import Case
from dispatch.measures.promises import (
    Attainment,
    By,
    Outcome,
    Version,
    as_first_promised,
    attainment,
    judged,
)
from tests.dispatch.measures.worlds import case, histories, hours, in_march, step

MOVES = {EventKind.WAITING, EventKind.RESUMED, EventKind.SEVERITY_CHANGED, EventKind.CUSTOMER_SET}
ARRIVE = f"{Milestone.ARRIVE} "


def told(cases: Iterable[Case], *, now_h: float = 700) -> list[Attainment]:
    """Attainment in March as of so many hours after the Monday."""
    return list(attainment(judged(cases, {}, in_march(hours(now_h)))))


def outcome(one: Case, milestone: Milestone, version: Version, *, now_h: float = 700) -> Outcome:
    """What became of one promise of one case."""
    row = next(row for row in judged([one], {}, in_march(hours(now_h))) if row.milestone is milestone)
    return row.first if version is Version.FIRST else row.last


@given(st.lists(histories(), max_size=4), st.integers(0, 200))
def test_attained_breached_open_and_excluded_are_all(
    all_events: list[tuple[TicketEvent, ...]], now_h: int
) -> None:
    """A promise that falls between the words would vanish from the report."""
    given_cases = [
        case(*events, severity=list(Severity)[number % 4], area=f"area-{number % 2}")
        for number, events in enumerate(all_events)
    ]

    rows = told(given_cases, now_h=now_h)

    for row in rows:
        assert row.attained + row.breached + row.open + row.excluded == row.total
    for milestone in (Milestone.RESPOND, Milestone.ARRIVE, Milestone.REPAIR):
        for version in Version:
            for by in By:
                group = [r for r in rows if (r.milestone, r.version, r.by) == (milestone, version, by)]
                assert sum(row.total for row in group) == len(given_cases)
            whole = [r for r in rows if (r.milestone, r.version, r.by) == (milestone, version, By.ALL)]
            parts = [r for r in rows if (r.milestone, r.version, r.by) == (milestone, version, By.SEVERITY)]
            for one in Outcome:
                assert sum(r.counts[one] for r in whole) == sum(r.counts[one] for r in parts)


@given(histories(), st.integers(0, 200))
def test_without_a_move_the_first_promise_is_the_last(events: tuple[TicketEvent, ...], now_h: int) -> None:
    """Only waits, changes of severity and times named again may tell the two apart."""
    plain = case(*(event for event in events if event.kind not in MOVES))

    for row in judged([plain], {}, in_march(hours(now_h))):
        assert row.first is row.last


def test_a_wait_that_pauses_makes_the_last_promise_later_than_the_first() -> None:
    """Twenty hours with the customer: 24 h repair kept by the clock, not by the calendar."""
    waited = case(
        step(1, EventKind.WAITING, Wait.CUSTOMER),
        step(21, EventKind.RESUMED),
        step(30, EventKind.REPAIRED),
    )

    assert outcome(waited, Milestone.REPAIR, Version.FIRST) is Outcome.BREACHED
    assert outcome(waited, Milestone.REPAIR, Version.LAST) is Outcome.ATTAINED


def test_the_first_time_a_customer_names_is_the_first_promise() -> None:
    """He asked for 10:00, then agreed to 14:00: who comes at 13:00 kept the last word, not the first."""
    moved = case(
        step(0.5, EventKind.CUSTOMER_SET, ARRIVE + hours(2).isoformat()),
        step(1, EventKind.CUSTOMER_SET, ARRIVE + hours(6).isoformat()),
        step(5, EventKind.ON_SITE),
    )

    assert outcome(moved, Milestone.ARRIVE, Version.FIRST) is Outcome.BREACHED
    assert outcome(moved, Milestone.ARRIVE, Version.LAST) is Outcome.ATTAINED


def test_a_step_the_customer_set_no_time_for_is_excluded() -> None:
    """There was nothing to be late for."""
    came = case(step(5, EventKind.ON_SITE))

    assert outcome(came, Milestone.ARRIVE, Version.LAST) is Outcome.NO_TIME_SET


def test_what_ended_before_it_was_due_is_excluded_and_after_it_breached() -> None:
    """A cancelled ticket broke no promise that was not yet due."""
    early, late = case(step(1, EventKind.CANCELLED)), case(step(3, EventKind.CANCELLED))

    assert outcome(early, Milestone.RESPOND, Version.LAST) is Outcome.NO_LONGER_NEEDED
    assert outcome(late, Milestone.RESPOND, Version.LAST) is Outcome.BREACHED


def test_the_archive_is_not_asked_for_steps_it_does_not_keep() -> None:
    """An archive without a response time says nothing about responses."""
    old = case(step(1, EventKind.ON_SITE), step(30, EventKind.REPAIRED), archived=True)

    assert outcome(old, Milestone.RESPOND, Version.LAST) is Outcome.NOT_RECORDED
    assert outcome(old, Milestone.REPAIR, Version.LAST) is Outcome.BREACHED


def test_only_reports_of_the_period_count() -> None:
    """A ticket belongs to one period: that of its report."""
    assert told([case(step(1, EventKind.RESPONDED), reported_h=-100)]) == []


def test_tickets_without_a_scheme_have_a_row_of_their_own() -> None:
    """Nobody can say what they were promised, and nobody may lose them."""
    nobody = case(scheme=None)

    rows = attainment(judged([nobody], {}, in_march()), without_scheme=1)

    assert [(row.milestone, row.excluded, row.total) for row in rows] == [(None, 1, 1)] * 2


def test_what_moves_a_promise_is_left_out_of_the_first() -> None:
    """Waits, severities and later customer times go; everything else stays in its order."""
    kept = step(0.5, EventKind.CUSTOMER_SET, ARRIVE + hours(2).isoformat())
    events = (
        kept,
        step(1, EventKind.WAITING, Wait.PART),
        step(2, EventKind.RESUMED),
        step(2, EventKind.CUSTOMER_SET, ARRIVE + hours(9).isoformat()),
        step(3, EventKind.ON_SITE),
    )

    assert as_first_promised(events) == (kept, events[-1])
