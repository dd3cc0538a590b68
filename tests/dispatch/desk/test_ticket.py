"""Tickets, contracts and history: what cannot have happened is refused where it is written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from dispatch.desk.customer import Contract
from dispatch.desk.history import ClosedTicket, PartUsed
from dispatch.desk.life import check_history
from dispatch.desk.milestone import Milestone, Severity
from dispatch.desk.ticket import EventKind, TicketEvent
from kernel.clock import moment
from kernel.errors import Refusal
from tests.desk_builders import CUSTOMER_SET, FRIDAY_16, event, make_scheme, make_ticket, minutes

SCHEME = make_scheme({Milestone.RESPOND: minutes(120), Milestone.ARRIVE: CUSTOMER_SET})


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: event(EventKind.WAITING, 1, "part", reason=" "), "ticket.reason_missing"),
        (lambda: event(EventKind.CANCELLED, 1, reason=""), "ticket.reason_missing"),
        (lambda: event(EventKind.WAITING, 1, "rain"), "ticket.unknown_wait"),
        (lambda: event(EventKind.SEVERITY_CHANGED, 1, "P5"), "ticket.unknown_severity"),
        (lambda: event(EventKind.CUSTOMER_SET, 1, "2026-03-07T09:00Z"), "ticket.not_a_customer_time"),
        (lambda: event(EventKind.CUSTOMER_SET, 1, "arrive 2026-03-07T09:00"), "clock.naive_time"),
        (lambda: event(EventKind.FORECAST_FINISH, 1, "soon"), "clock.not_a_moment"),
        (lambda: event(EventKind.ON_SITE, 1, "P1"), "ticket.value_not_used"),
        (lambda: event(EventKind.REOPENED, 1, reason=""), "ticket.reason_missing"),
        (lambda: event(EventKind.TRIAGED, 1, "by mail"), "ticket.unknown_way"),
        (lambda: event(EventKind.REMOTE_TRIED, 1), "ticket.unknown_outcome"),
        (lambda: event(EventKind.TIME_ASKED, 1, "2026-03-08T01:00Z"), "ticket.not_a_time_asked"),
        (lambda: event(EventKind.TIME_ASKED, 1, "2026-03-08T01:00Z soon"), "clock.not_a_moment"),
        (
            lambda: event(EventKind.TIME_ASKED, 1, "2026-03-08T01:00Z 2026-03-08T01:00Z"),
            "interval.ends_before_start",
        ),
        (lambda: event(EventKind.PART_NEEDED, 1, "P-1"), "ticket.not_a_part_needed"),
        (lambda: event(EventKind.PART_NEEDED, 1, "P-1 0"), "ticket.not_a_part_needed"),
        (lambda: event(EventKind.PART_NEEDED, 1, "P-1 ²"), "ticket.not_a_part_needed"),
        (lambda: event(EventKind.PART_NEEDED, 1, "P-1 " + "9" * 5000), "ticket.not_a_part_needed"),
        (lambda: event(EventKind.TOLD, 1, "2026-03-07T09:00Z"), "ticket.not_a_time_told"),
        (lambda: event(EventKind.TOLD, 1, "tomorrow front desk"), "clock.not_a_moment"),
        (lambda: event(EventKind.VERIFIED, 1, "signed"), "ticket.not_a_digest"),
        (lambda: TicketEvent("", FRIDAY_16, EventKind.ON_SITE, "E-1"), "id.malformed"),
        (
            lambda: Contract("C-1", "K-1", "test", "1", date(2026, 1, 1), date(2026, 1, 1)),
            "contract.ends_before_start",
        ),
        (lambda: PartUsed("P-1", 0), "history.no_quantity"),
        (
            lambda: ClosedTicket(
                "T-1", "A-1", "M", Severity.P2, FRIDAY_16, FRIDAY_16 - timedelta(hours=1), FRIDAY_16
            ),
            "history.out_of_order",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused(make: Callable[[], object], code: str) -> None:
    """An event without its reason or with a value nobody reads would bend a clock in silence."""
    with pytest.raises(Refusal) as refused:
        make()

    assert refused.value.code == code


@pytest.mark.parametrize(
    ("events", "codes"),
    [
        ([event(EventKind.ON_SITE, -1)], ["ticket.event_before_report"]),
        ([event(EventKind.ON_SITE, 9), event(EventKind.RESPONDED, 8)], ["ticket.events_out_of_order"]),
        ([event(EventKind.RESUMED, 5)], ["ticket.not_waiting"]),
        ([event(EventKind.CANCELLED, 5), event(EventKind.ON_SITE, 6)], ["ticket.move_refused"]),
        ([event(EventKind.REPORTED, 5)], ["ticket.reported_twice"]),
        ([event(EventKind.CUSTOMER_SET, 5, "respond 2026-03-07T09:00Z")], ["ticket.not_set_by_customer"]),
        ([TicketEvent("T-2", FRIDAY_16, EventKind.ON_SITE, "E-1")], ["ticket.other_tickets_event"]),
        (
            [
                event(EventKind.REPORTED, 0),
                event(EventKind.WAITING, 5, "part"),
                event(EventKind.WAITING, 6, "customer"),
                event(EventKind.RESUMED, 7),
                event(EventKind.CUSTOMER_SET, 8, "arrive 2026-03-07T09:00Z"),
                event(EventKind.REPAIRED, 9),
                event(EventKind.CLOSED, 9),
            ],
            [],
        ),
    ],
)
def test_a_history_is_checked_before_it_is_folded(events: list[TicketEvent], codes: list[str]) -> None:
    """The fold reads events as they stand, so what cannot stand there is found first, every one of it."""
    assert [refusal.code for refusal in check_history(make_ticket(), events, SCHEME)] == codes


def test_a_contract_holds_from_its_first_day_until_the_day_it_ends() -> None:
    """Days are half-open like every interval."""
    contract = Contract("C-1", "K-1", "test", "1", date(2026, 1, 1), date(2027, 1, 1))

    assert contract.holds_on(date(2026, 1, 1))
    assert contract.holds_on(date(2026, 12, 31))
    assert not contract.holds_on(date(2027, 1, 1))
    assert not contract.holds_on(date(2025, 12, 31))


def test_moments_are_kept_in_utc() -> None:
    """Two desks in two zones write the same moment."""
    assert make_ticket(moment("2026-03-07T00:00+08:00")) == make_ticket(FRIDAY_16)
