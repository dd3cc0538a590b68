"""Small schemes, calendars, tickets and events for tests of the desk."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from dispatch.desk.clause import LoanerClause
from dispatch.desk.clock import ClockState, clocks
from dispatch.desk.milestone import Milestone, Promise, Severity, SeverityChange, TicketKind, Wait
from dispatch.desk.scheme import Scheme
from dispatch.desk.term import Term, Unit
from dispatch.desk.ticket import EventKind, Ticket, TicketEvent
from kernel.calendars import BusinessCalendar, weekly
from kernel.clock import moment

FRIDAY_16 = moment("2026-03-06T16:00Z")
"""A Friday afternoon."""
OFFICE = weekly("office", "UTC", {"mon-fri": "08:00-17:00"})
"""Monday to Friday, nine hours a day."""


def minutes(amount: int, calendar: str = "") -> Term:
    """A time promised in minutes."""
    return Term(Promise.TIMED, "test", amount, Unit.MINUTE, calendar)


NOT_PROMISED = Term(Promise.NOT_PROMISED, "test")
CUSTOMER_SET = Term(Promise.CUSTOMER_SET, "test")


def make_scheme(
    terms: Mapping[Milestone, Term | Mapping[Severity, Term]],
    *calendars: BusinessCalendar,
    change: SeverityChange = SeverityChange.TIGHTEN_ONLY,
    pauses: Mapping[Wait, frozenset[Milestone]] | None = None,
    remote_excepted: frozenset[Milestone] = frozenset(),
    loaner: LoanerClause | None = None,
) -> Scheme:
    """A scheme of the milestones named; one term stands for every severity."""
    return Scheme(
        id="test",
        version="1",
        effective_on=date(2020, 1, 1),
        names={"en": "Test", "zh": "测试"},
        document="test",
        zone="UTC",
        currency="CNY",
        milestones={
            milestone: dict.fromkeys(Severity, term) if isinstance(term, Term) else term
            for milestone, term in terms.items()
        },
        severity_change=change,
        calendars={calendar.id: calendar for calendar in calendars},
        pauses=pauses or {},
        remote_excepted=remote_excepted,
        loaner=loaner,
    )


def make_ticket(
    reported_at: datetime = FRIDAY_16, *, severity: Severity = Severity.P2, remote: bool = False
) -> Ticket:
    """A fault at a site."""
    return Ticket("T-1", "S-1", "A-1", "test", "1", severity, TicketKind.FAULT, reported_at, remote=remote)


def event(kind: EventKind, at: datetime | float, value: str = "", reason: str = "because") -> TicketEvent:
    """An event of the ticket; a number is minutes after the report on that Friday."""
    when = at if isinstance(at, datetime) else FRIDAY_16 + timedelta(minutes=at)
    return TicketEvent("T-1", when, kind, "E-1", reason, value)


REPAIR = Milestone.REPAIR
PREMIUM = make_scheme({REPAIR: minutes(180, "office")}, OFFICE, pauses={Wait.CUSTOMER: frozenset({REPAIR})})
"""Three business hours, Monday to Friday 08-17; waiting for the customer stops the clock."""
ELAPSED = make_scheme({REPAIR: minutes(600)}, pauses={Wait.CUSTOMER: frozenset({REPAIR})})


def repair(
    scheme: Scheme,
    *events: TicketEvent,
    now: datetime | float = 0,
    reported_at: datetime = FRIDAY_16,
    severity: Severity = Severity.P2,
) -> ClockState:
    """The repair clock at `now` (a number: minutes after that Friday's report)."""
    at = now if isinstance(now, datetime) else FRIDAY_16 + timedelta(minutes=now)
    return clocks(make_ticket(reported_at, severity=severity), events, scheme, {}, at)[REPAIR]
