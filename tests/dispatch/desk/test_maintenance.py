"""Preventive visits: every period owes one, spread over the days, moved but never lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.desk.clause import PreventiveClause, PreventiveTask
from dispatch.desk.customer import Contract, Site
from dispatch.desk.maintenance import (
    PreventiveEvent,
    PreventiveStanding,
    PreventiveState,
    PreventiveStep,
    PreventiveVisit,
    as_ticket,
    check_preventive,
    preventive_standing,
    with_ticket,
)
from dispatch.desk.milestone import Milestone, TicketKind
from dispatch.desk.preventive_need import needs, periods, preventive_id
from dispatch.desk.scheme_file import builtin_schemes
from dispatch.desk.ticket import EventKind, TicketEvent
from kernel.clock import moment
from kernel.errors import Refusal
from kernel.place import LatLon
from tests.desk_builders import make_scheme, minutes

NEW_YEAR = date(2026, 1, 1)
DAY = timedelta(days=1)
CLAUSE = PreventiveClause(4, (PreventiveTask.CLEAN, PreventiveTask.REPORT))
SCHEME = replace(make_scheme({Milestone.REPAIR: minutes(60)}), preventive=CLAUSE)
SCHEMES = {("test", "1"): SCHEME}
CONTRACT = Contract("C-1", "K-1", "test", "1", NEW_YEAR)
SITES = [Site("S-1", "K-1", LatLon(26.0, 119.0)), Site("S-2", "K-1", LatLon(26.1, 119.0))]
VISIT = PreventiveVisit("PM-1", "C-1", "S-1", NEW_YEAR, date(2026, 4, 1), date(2026, 2, 10))
SAID_AT = moment("2026-02-01T08:00Z")


def happened(step: PreventiveStep, on: date | None = None, minute: int = 0) -> PreventiveEvent:
    """A step of the visit."""
    return PreventiveEvent("PM-1", SAID_AT + timedelta(minutes=minute), step, "E01", "customer asked", on)


def test_the_shipped_clause_is_a_visit_every_quarter_with_a_report() -> None:
    """002 §3.4: 每季度一次的现场服务, with cleaning and suggestions for what may go wrong."""
    scheme = next(s for s in builtin_schemes().values() if s.id == "field-substitute")
    contract = replace(CONTRACT, scheme=scheme.id, version=scheme.version)

    found = needs([contract], SITES[:1], builtin_schemes(), date(2027, 1, 1))

    assert [need.period.start.month for need in found] == [1, 4, 7, 10]
    assert scheme.preventive is not None
    assert scheme.preventive.report


@pytest.mark.parametrize(
    ("first", "until", "per_year", "starts"),
    [
        ("2026-01-01", "2027-01-01", 1, ["2026-01-01"]),
        ("2026-01-01", "2026-12-31", 1, []),
        ("2026-05-31", "2027-05-31", 4, ["2026-05-31", "2026-08-31", "2026-12-01", "2027-03-01"]),
        ("2028-02-29", "2030-03-01", 1, ["2028-02-29", "2029-03-01"]),
        ("2026-01-01", "2026-11-15", 4, ["2026-01-01", "2026-04-01", "2026-07-01"]),
        (
            "2026-01-01",
            "2027-01-01",
            5,
            ["2026-01-01", "2026-03-15", "2026-05-27", "2026-08-08", "2026-10-20"],
        ),
    ],
)
def test_a_year_is_cut_evenly_from_the_contracts_first_day(
    first: str, until: str, per_year: int, starts: list[str]
) -> None:
    """Where a month has no such day the next one begins; no later period is shifted by it."""
    found = periods(date.fromisoformat(first), date.fromisoformat(until), visits_per_year=per_year)

    assert [str(period.start) for period in found] == starts


@settings(deadline=None)
@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(1, 365), st.integers(1, 1500))
def test_periods_join_and_fill_whole_years(first: date, per_year: int, days: int) -> None:
    """No day between two periods, none in both, and a year holds exactly what was promised."""
    until = first + days * DAY

    found = periods(first, until, visits_per_year=per_year)

    for one, after in pairwise(found):
        assert one.end == after.start
        assert one.start < one.end
    if found:
        assert found[0].start == first
        assert found[-1].end <= until
    assert abs(len(found) - days * per_year / 365.25) <= per_year / 300 + 1.1


def test_every_site_of_the_contracts_customer_is_visited() -> None:
    """A site without a visit would be found by its first breakdown."""
    other = Site("S-9", "K-2", LatLon(26.0, 119.0))

    found = needs([CONTRACT], [*SITES, other], SCHEMES, date(2026, 7, 1))

    assert [(need.site, need.period.start.month) for need in found] == [
        ("S-1", 1),
        ("S-2", 1),
        ("S-1", 4),
        ("S-2", 4),
    ]


def test_nothing_is_owed_after_the_contract_or_before_we_looked() -> None:
    """The past of a contract taken over is not caught up with; what ends is not served on."""
    ended = replace(CONTRACT, valid_until=date(2026, 10, 1))

    found = needs([ended], SITES[:1], SCHEMES, date(2028, 1, 1), since=date(2026, 4, 1))

    assert [need.period.start.month for need in found] == [4, 7]


def test_ids_follow_from_contract_site_and_period() -> None:
    """Two contracts whose names run together are still two."""
    assert preventive_id("A", "B-C", NEW_YEAR) != preventive_id("A-B", "C", NEW_YEAR)
    assert preventive_id("A", "B", NEW_YEAR) == preventive_id("A", "B", NEW_YEAR)


def test_the_last_move_decides_the_day_and_a_late_one_is_seen() -> None:
    """Moved within its period it keeps the promise, moved out of it it does not, and it is never gone."""
    moves = [
        happened(PreventiveStep.MOVED, date(2026, 3, 3)),
        happened(PreventiveStep.MOVED, date(2026, 4, 2), 1),
    ]

    once = preventive_standing(VISIT, moves[:1], SAID_AT + DAY, report=True)
    twice = preventive_standing(VISIT, moves, SAID_AT + DAY, report=True)

    assert (once.on, once.moved, once.outside) == (date(2026, 3, 3), 1, False)
    assert (twice.on, twice.moved, twice.outside) == (date(2026, 4, 2), 2, True)


@pytest.mark.parametrize("report", [True, False])
def test_a_report_is_owed_after_the_visit_where_the_scheme_promises_one(report: bool) -> None:
    """Quarterly with report: the visit alone is half of it."""
    done = happened(PreventiveStep.DONE, date(2026, 2, 10))
    sent = happened(PreventiveStep.REPORTED, None, 1)

    before = preventive_standing(VISIT, [done], SAID_AT + DAY, report=report)
    after = preventive_standing(VISIT, [done, sent], SAID_AT + DAY, report=report)

    assert before.report_owed is report
    assert not after.report_owed
    assert after.state is PreventiveState.DONE


def test_a_ticket_stands_for_a_visit_and_its_end_is_the_visits() -> None:
    """One id for both, so that it is opened once; made on the day it was made on where it stands."""
    contract = replace(CONTRACT, scheme="field-substitute")
    ticket = as_ticket(VISIT, contract, SITES[0], at=SAID_AT)
    late = moment("2026-02-11T20:00Z")

    def after(kind: EventKind) -> PreventiveStanding:
        ended = TicketEvent(ticket.id, late, kind, "E01", "not wanted")
        steps = with_ticket(VISIT, [happened(PreventiveStep.OPENED)], [ended], zone_name="Asia/Shanghai")
        return preventive_standing(VISIT, steps, late, report=True)

    assert (ticket.id, ticket.kind, ticket.contract) == ("PM-1", TicketKind.PREVENTIVE, "C-1")
    done = after(EventKind.DELIVERED)
    assert (done.state, done.on, done.report_owed) == (PreventiveState.DONE, date(2026, 2, 12), True)
    assert after(EventKind.CANCELLED).state is PreventiveState.CANCELLED
    assert after(EventKind.ON_SITE).state is PreventiveState.OPENED


def test_the_desks_own_word_about_a_visit_goes_before_its_tickets() -> None:
    """Written down by hand with its day, it is not told twice."""
    own = happened(PreventiveStep.DONE, date(2026, 2, 9))
    ended = TicketEvent("PM-1", moment("2026-02-11T20:00Z"), EventKind.DELIVERED, "E01")

    assert with_ticket(VISIT, [own], [ended], zone_name="UTC") == (own,)


@pytest.mark.parametrize(
    ("events", "codes"),
    [
        ([happened(PreventiveStep.OPENED), happened(PreventiveStep.DONE, NEW_YEAR, 1)], []),
        ([happened(PreventiveStep.REPORTED)], ["maintenance.no_such_move"]),
        (
            [happened(PreventiveStep.DONE, NEW_YEAR), happened(PreventiveStep.MOVED, NEW_YEAR, 1)],
            ["maintenance.no_such_move"],
        ),
        (
            [happened(PreventiveStep.CANCELLED), happened(PreventiveStep.DONE, NEW_YEAR, 1)],
            ["maintenance.no_such_move"],
        ),
        (
            [happened(PreventiveStep.OPENED, None, 5), happened(PreventiveStep.DONE, NEW_YEAR, 1)],
            ["maintenance.out_of_order"],
        ),
        ([replace(happened(PreventiveStep.OPENED), visit="PM-2")], ["maintenance.of_another"]),
    ],
)
def test_every_move_is_checked(events: list[PreventiveEvent], codes: list[str]) -> None:
    """What was made cannot be moved, what was not made has no report."""
    assert [refusal.code for refusal in check_preventive(VISIT, events)] == codes


@pytest.mark.parametrize(
    ("step", "reason", "on", "code"),
    [
        (PreventiveStep.MOVED, "", NEW_YEAR, "maintenance.reason_missing"),
        (PreventiveStep.CANCELLED, " ", None, "maintenance.reason_missing"),
        (PreventiveStep.DONE, "", None, "maintenance.day_missing"),
        (PreventiveStep.OPENED, "", NEW_YEAR, "maintenance.day_not_used"),
    ],
)
def test_a_step_that_says_too_little_or_too_much_is_refused(
    step: PreventiveStep, reason: str, on: date | None, code: str
) -> None:
    """What a step means must stand in it."""
    with pytest.raises(Refusal) as caught:
        PreventiveEvent("PM-1", SAID_AT, step, "E01", reason, on)

    assert caught.value.code == code


@pytest.mark.parametrize("per_year", [0, 366])
def test_a_number_of_visits_no_year_can_hold_is_refused(per_year: int) -> None:
    """A period of no days has no visit."""
    with pytest.raises(Refusal, match=r"maintenance\.no_figure"):
        periods(NEW_YEAR, date(2027, 1, 1), visits_per_year=per_year)


STEPS = st.lists(st.tuples(st.sampled_from(list(PreventiveStep)), st.integers(0, 200)), max_size=8)


@settings(deadline=None)
@given(STEPS, st.integers(0, 10))
def test_a_checked_history_never_loses_the_visit(
    steps: list[tuple[PreventiveStep, int]], minute: int
) -> None:
    """It has one day and one state at every moment, and only a reason ends it undone."""
    kept: list[PreventiveEvent] = []
    for step, day in steps:
        on = NEW_YEAR + day * DAY if step in {PreventiveStep.MOVED, PreventiveStep.DONE} else None
        following = [*kept, happened(step, on, len(kept))]
        if not list(check_preventive(VISIT, following)):
            kept = following
    now: datetime = SAID_AT + timedelta(minutes=minute)

    found = preventive_standing(VISIT, kept, now, report=True)

    known = [one for one in kept if one.at <= now]
    cancelled = any(one.step is PreventiveStep.CANCELLED for one in known)
    assert (found.state is PreventiveState.CANCELLED) == cancelled
    assert found.on == next((one.on for one in reversed(known) if one.on is not None), VISIT.on)
    assert found.moved == sum(one.step is PreventiveStep.MOVED for one in known)
