"""What a manager looks at first: promises missed, the engineers' scorecard, contracts that run out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.desk.clause import Breach, Per
from dispatch.desk.customer import Contract
from dispatch.desk.milestone import Milestone, Severity
from dispatch.desk.ticket import EventKind, TicketEvent
from dispatch.measures.engineers import scorecards
from dispatch.measures.misses import misses
from dispatch.measures.period import MOST_PERIODS, Every, cut, period
from dispatch.measures.promises import judged
from dispatch.measures.renewals import renewals, running_out
from dispatch.measures.restore import Phase
from dispatch.measures.returns import first_time_fix
from kernel.clock import moment
from kernel.errors import Refusal
from tests.desk_builders import make_scheme, minutes
from tests.dispatch.measures.worlds import MARCH, UTC, case, histories, hours, in_march, step

PRICED = replace(
    make_scheme(
        {Milestone.RESPOND: minutes(60), Milestone.ARRIVE: minutes(120), Milestone.REPAIR: minutes(600)}
    ),
    breach={Milestone.REPAIR: Breach(Per.HOUR, dict.fromkeys(Severity, 500))},
)
LATE = (
    step(0.5, EventKind.RESPONDED),
    step(1, EventKind.TRAVELLING),
    step(2, EventKind.ON_SITE),
    step(3, EventKind.WAITING, "part"),
    step(12, EventKind.RESUMED),
    step(12.5, EventKind.REPAIRED),
)


def test_a_miss_says_by_how_much_what_the_time_went_on_and_what_it_costs() -> None:
    """Due after 10 hours, done after 12 and a half, nine of them waiting for a part: three started hours."""
    (miss,) = misses([case(*LATE, scheme=PRICED, cause="fuse")], {}, in_march())

    assert (miss.milestone, miss.due_at, miss.ended_at) == (Milestone.REPAIR, hours(10), hours(12.5))
    assert (miss.late_s, miss.spent_on, miss.cause, miss.cents) == (9000, Phase.PART, "fuse", 1500)


def test_a_promise_still_open_is_missed_from_its_due_time_on() -> None:
    """Nobody needs to wait for the end of a ticket to hear that it is late."""
    waiting = case(step(0.5, EventKind.RESPONDED), scheme=PRICED)

    before = misses([waiting], {}, in_march(hours(2)))
    after = misses([waiting], {}, in_march(hours(3)))

    assert before == ()
    assert [(one.milestone, one.ended_at, one.late_s) for one in after] == [(Milestone.ARRIVE, None, 3600)]


def test_a_miss_belongs_to_the_day_it_fell_due() -> None:
    """Yesterday's misses are no longer today's, however late they still are."""
    open_case = case(scheme=PRICED)
    days = [
        period(day, now=hours(90), zone=UTC) for day in ("2026-03-02..2026-03-02", "2026-03-03..2026-03-03")
    ]

    found = [{one.milestone for one in misses([open_case], {}, day)} for day in days]

    assert found == [{Milestone.RESPOND, Milestone.ARRIVE, Milestone.REPAIR}, set()]


@given(st.lists(histories(), max_size=4), st.integers(0, 700))
def test_misses_are_the_breaches_that_attainment_counts(
    told: list[tuple[TicketEvent, ...]], now_h: int
) -> None:
    """Judged in a period that holds reports and due times alike, both lists say the same."""
    known = [case(*events, ticket=f"T-{n}") for n, events in enumerate(told)]
    days = period("2026-01-01..2026-12-31", now=hours(now_h), zone=UTC)
    seen = [one for one in known if one.ticket.reported_at <= days.now]

    found = {(one.ticket, one.milestone) for one in misses(seen, {}, days)}

    broken = {(one.case.ticket.id, one.milestone) for one in judged(seen, {}, days) if one.last == "breached"}
    assert found == broken


def test_a_scorecard_counts_what_its_engineer_did() -> None:
    """One fixed at once, one that came back; both arrivals promised, one in time."""
    held = case(step(1, EventKind.ON_SITE, by="E-1"), step(2, EventKind.REPAIRED, by="E-1"), scheme=PRICED)
    back = case(
        step(5, EventKind.ON_SITE, ticket="T-2", by="E-1"),
        step(6, EventKind.REPAIRED, ticket="T-2", by="E-1"),
        ticket="T-2",
        asset="A-2",
        scheme=PRICED,
    )
    again = case(ticket="T-3", asset="A-2", reported_h=30, scheme=PRICED)

    everyone, one = scorecards([held, back, again], {}, (), in_march(), engineers=["E-1", "E-2"], days=7)

    assert (one.engineer, one.visits, one.first_time, one.decided) == ("E-1", 2, 1, 2)
    assert (one.came_back, one.judged, one.on_time, one.promised) == (1, 2, 1, 2)
    assert one.fix_interval is not None
    low, high = one.fix_interval
    assert (low < 0.2, high > 0.8) == (True, True), "two cases say very little"
    assert (everyone.visits, everyone.travel_share) == (2, None)


@given(st.lists(histories(), max_size=4))
def test_scorecards_add_up_to_the_region_s_own_figure(told: list[tuple[TicketEvent, ...]]) -> None:
    """No repair of the crew is counted twice or lost on the way to a person."""
    known = [case(*events, ticket=f"T-{n}", asset=f"A-{n}") for n, events in enumerate(told)]
    crew = {event.by for events in told for event in events}

    rows = scorecards(known, {}, (), in_march(), engineers=crew, days=7)

    whole = first_time_fix(known, in_march(), days=7)
    assert sum(row.decided for row in rows[1:]) == whole.decided == (rows[0].decided if rows else 0)
    assert sum(row.judged for row in rows[1:]) == whole.total


def contract(name: str, first: str, until: str | None, scheme: str = "test") -> Contract:
    """A contract of the one customer."""
    ends = None if until is None else date.fromisoformat(until)
    return Contract(name, "C-1", scheme, "1", date.fromisoformat(first), ends)


def test_a_contract_another_continues_does_not_run_out() -> None:
    """Renewed is renewed: only what really ends is brought to the manager."""
    first = contract("K-1", "2025-04-01", "2026-04-01")
    today = date(2026, 3, 6)

    alone = running_out([first], today=today, within_days=30)
    continued = running_out([first, contract("K-2", "2026-04-01", None)], today=today, within_days=30)
    late = running_out([first, contract("K-2", "2026-04-02", None)], today=today, within_days=30)
    other = running_out([first, contract("K-2", "2026-04-01", None, "another")], today=today, within_days=30)

    assert [(one.id, last_on) for one, last_on in alone] == [("K-1", date(2026, 3, 31))]
    assert continued == ()
    assert len(late) == len(other) == 1
    assert running_out([first], today=today, within_days=24) == ()


def test_a_contract_that_runs_out_brings_its_promises_and_its_lateness() -> None:
    """Who asks for a renewal has to know how it went: two kept, one broken, three started hours late."""
    made = case(*LATE, scheme=PRICED)
    mine = replace(made, ticket=replace(made.ticket, contract="K-1"))

    (row,) = renewals(
        [contract("K-1", "2025-04-01", "2026-04-01")],
        [mine, case(*LATE, scheme=PRICED, ticket="T-2")],
        [],
        {("test", "1"): PRICED},
        {},
        now=hours(100),
        today=date(2026, 3, 6),
        within_days=30,
    )

    assert (row.tickets, row.attained, row.breached, row.late_cents) == (1, 2, 1, 1500)
    assert (row.days_left, row.charged_cents) == (25, 0)


def test_a_ticket_keeps_the_promises_it_was_opened_under_in_the_talk_about_the_next() -> None:
    """Softer terms from now on make no lateness of the year before undone."""
    softer = replace(PRICED, version="2", milestones={}, breach={})
    made = case(*LATE, scheme=PRICED)
    mine = replace(made, ticket=replace(made.ticket, contract="K-1"))
    moved = replace(contract("K-1", "2025-04-01", "2026-04-01"), version="2")

    (row,) = renewals(
        [moved],
        [mine],
        [],
        {("test", "1"): PRICED, ("test", "2"): softer},
        {},
        now=hours(100),
        today=date(2026, 3, 6),
        within_days=30,
    )

    assert (row.attained, row.breached, row.late_cents) == (2, 1, 1500)


@given(st.dates(date(2025, 12, 1), date(2026, 3, 1)), st.integers(0, 60), st.sampled_from(Every))
def test_pieces_of_a_period_are_the_period(first: date, days: int, every: Every) -> None:
    """Nothing falls between two pieces, and nothing into both."""
    last = first + timedelta(days=days)
    whole = period(f"{first}..{last}", now=moment("2026-07-01T00:00Z"), zone=UTC)

    pieces = cut(whole, every)

    assert (pieces[0].start, pieces[-1].end) == (whole.start, whole.end)
    assert all(one.end == other.start for one, other in pairwise(pieces))


def test_days_to_come_are_no_piece_and_too_many_are_refused() -> None:
    """An empty bar would be read as a bad day."""
    running = period(MARCH, now=moment("2026-03-03T12:00Z"), zone=UTC)

    assert [one.last.day for one in cut(running, Every.DAY)] == [1, 2, 3]
    with pytest.raises(Refusal, match=r"period\.too_many"):
        cut(period("2025-01-01..2025-12-31", now=moment("2026-03-03T12:00Z"), zone=UTC), Every.DAY)
    assert MOST_PERIODS >= 31
