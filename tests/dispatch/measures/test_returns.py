"""First-time fix: one visit, and the days have passed without a return."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dispatch.desk.milestone import TicketKind
from dispatch.desk.ticket import EventKind, TicketEvent
from dispatch.measures.case import Case
from dispatch.measures.returns import Fix, causes, first_time_fix, repeats, visits_made
from tests.dispatch.measures.worlds import case, histories, hours, in_march, step

DAY_H = 24


def fixed(after_h: float = 4, *, ticket: str = "T-1", reported_h: float = 0, cause: str = "") -> Case:
    """A fault put right on one visit."""
    return case(
        step(after_h - 1, EventKind.ON_SITE),
        step(after_h, EventKind.REPAIRED),
        ticket=ticket,
        reported_h=reported_h,
        cause=cause,
    )


def became(*cases: Case, days: int = 7, now_h: float = 700) -> dict[Fix, int]:
    """What became of the cases, words without any left out."""
    counts = first_time_fix(cases, in_march(hours(now_h)), days=days).counts
    return {fix: number for fix, number in counts.items() if number}


@given(st.lists(histories(), max_size=4), st.integers(1, 20), st.integers(0, 700))
def test_held_and_returned_are_all_that_were_judged(
    all_events: list[tuple[TicketEvent, ...]], days: int, now_h: int
) -> None:
    """Both questions are asked of the same tickets."""
    cases = [case(*events, ticket=f"T-{n}") for n, events in enumerate(all_events)]

    found = first_time_fix(cases, in_march(hours(now_h)), days=days)

    assert found.held + found.returned == found.total
    assert set(found.counts) == set(Fix)


def test_one_visit_without_a_return_is_a_first_time_fix() -> None:
    """The plain case."""
    assert became(fixed()) == {Fix.FIRST_TIME: 1}


def test_a_second_visit_is_not_a_first_time_fix() -> None:
    """The customer had to let us in twice."""
    twice = case(
        step(1, EventKind.ON_SITE),
        step(2, EventKind.LEFT),
        step(5, EventKind.ON_SITE),
        step(6, EventKind.REPAIRED),
    )

    assert became(twice) == {Fix.MORE_VISITS: 1}


def test_two_of_a_crew_make_one_visit() -> None:
    """They came together."""
    crew = case(
        step(1, EventKind.ON_SITE), step(1.1, EventKind.ON_SITE, by="E-2"), step(3, EventKind.REPAIRED)
    )

    assert visits_made(crew) == 1


def test_a_fault_reported_within_the_days_is_a_return_and_later_it_is_not() -> None:
    """Day 7 still counts, the hour after it does not."""
    on_the_last_day = fixed(4 + 7 * DAY_H + 3, ticket="T-2", reported_h=4 + 7 * DAY_H)
    an_hour_later = fixed(4 + 7 * DAY_H + 3, ticket="T-2", reported_h=5 + 7 * DAY_H)

    assert became(fixed(), on_the_last_day)[Fix.CAME_BACK] == 1
    assert Fix.CAME_BACK not in became(fixed(), an_hour_later)


def test_a_reopened_ticket_came_back() -> None:
    """The same ticket or a new one: the customer's equipment stopped again."""
    again = case(
        step(1, EventKind.ON_SITE),
        step(2, EventKind.REPAIRED),
        step(20, EventKind.REOPENED),
        step(30, EventKind.REPAIRED),
    )

    assert became(again) == {Fix.CAME_BACK: 1}


def test_nothing_is_counted_before_its_days_have_passed() -> None:
    """Returns are known early, repairs that hold only late: counted at once, every week would look bad."""
    back = fixed(30, ticket="T-2", reported_h=20)

    assert became(fixed(), back, now_h=7 * DAY_H) == {}


def test_another_asset_another_kind_and_a_cancelled_report_are_no_returns() -> None:
    """A training booked a day later says nothing about the repair."""
    others = (
        case(ticket="T-2", asset="A-2", reported_h=20),
        case(ticket="T-3", kind=TicketKind.TRAINING, reported_h=20),
        case(step(21, EventKind.CANCELLED, ticket="T-4"), ticket="T-4", reported_h=20),
    )

    assert became(fixed(), *others) == {Fix.FIRST_TIME: 1}


def test_a_repair_at_a_distance_and_the_archive_are_told_apart() -> None:
    """Nobody went there; nobody counted the visits."""
    remote = case(step(2, EventKind.RESPONDED), step(3, EventKind.REPAIRED), ticket="T-2", asset="A-2")
    old = case(
        step(1, EventKind.ON_SITE), step(2, EventKind.REPAIRED), ticket="T-3", asset="A-3", archived=True
    )

    assert became(remote, old) == {Fix.AT_A_DISTANCE: 1, Fix.NOT_RECORDED: 1}


def test_the_same_cause_again_is_a_repeat() -> None:
    """Another cause is not, nor the same cause on another asset, nor too long ago."""
    first = fixed(cause="belt worn")
    again = fixed(100, ticket="T-2", reported_h=96, cause="belt worn")
    other = fixed(110, ticket="T-3", reported_h=105, cause="fuse blown")
    unknown = fixed(120, ticket="T-4", reported_h=115)

    found = repeats([first, again, other, unknown], in_march(), days=7)

    assert (found.repeated, found.known, found.unknown) == (1, 3, 1)
    assert repeats([first, again], in_march(), days=3).repeated == 0


@given(st.lists(st.sampled_from("abcd"), max_size=12))
def test_a_pareto_falls_and_ends_at_the_whole(letters: list[str]) -> None:
    """Most frequent first, and the last running share is all of them."""
    cases = [fixed(ticket=f"T-{n}", cause=letter) for n, letter in enumerate(letters)]

    rows = causes(cases, in_march())

    assert sum(row.tickets for row in rows) == len(letters)
    assert [row.tickets for row in rows] == sorted((row.tickets for row in rows), reverse=True)
    assert not rows or rows[-1].running == 1
