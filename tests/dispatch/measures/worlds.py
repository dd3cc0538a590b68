"""Cases for tests of the measures: a report on Monday 2 March 2026 at 08:00 UTC, then steps hours after it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from dispatch.desk.milestone import Milestone, Severity, TicketKind, Wait
from dispatch.desk.scheme import Scheme
from dispatch.desk.ticket import EventKind, RemoteOutcome, Ticket, TicketEvent
from dispatch.measures.case import Case
from dispatch.measures.period import Period, period
from kernel.clock import moment
from tests.desk_builders import CUSTOMER_SET, make_scheme, minutes

MONDAY = moment("2026-03-02T08:00Z")
MARCH = "2026-03-01..2026-03-31"
UTC = ZoneInfo("UTC")

SCHEME = make_scheme(
    {
        Milestone.RESPOND: minutes(120),
        Milestone.ARRIVE: CUSTOMER_SET,
        Milestone.REPAIR: minutes(24 * 60),
    },
    pauses={Wait.CUSTOMER: frozenset({Milestone.REPAIR})},
)


def hours(number: float, /) -> datetime:
    """Hours after the Monday's report."""
    return MONDAY + timedelta(hours=number)


def in_march(now: datetime | None = None) -> Period:
    """March 2026, judged at its end unless said otherwise."""
    return period(MARCH, now=now or moment("2026-04-01T00:00Z"), zone=UTC)


def step(after_h: float, kind: EventKind, value: str = "", /, **changes: Any) -> TicketEvent:
    """A step of the ticket `T-1` so many hours after the report."""
    given: dict[str, Any] = {"ticket": "T-1", "by": "E-1", "reason": "because"} | changes
    return TicketEvent(at=hours(after_h), kind=kind, value=value, **given)


def case(
    *events: TicketEvent,
    ticket: str = "T-1",
    asset: str = "A-1",
    kind: TicketKind = TicketKind.FAULT,
    severity: Severity = Severity.P2,
    scheme: Scheme | None = SCHEME,
    reported_h: float = 0,
    cause: str = "",
    area: str = "north",
    archived: bool = False,
) -> Case:
    """A case with the given steps; restored and over as they say."""
    told = Ticket(ticket, "S-1", asset, "test", "1", severity, kind, hours(reported_h))
    restored_at = over_at = None
    cancelled = False
    for event in events:
        if event.kind in {EventKind.REPAIRED, EventKind.DELIVERED}:
            restored_at = restored_at or event.at
        elif event.kind in {EventKind.CLOSED, EventKind.CANCELLED}:
            over_at, cancelled = event.at, event.kind is EventKind.CANCELLED
        elif event.kind is EventKind.REOPENED:
            restored_at = over_at = None
            cancelled = False
    return Case(told, events, scheme, "M1", area, cause, restored_at, over_at, cancelled, archived)


_VALUES: dict[EventKind, st.SearchStrategy[str]] = {
    EventKind.WAITING: st.sampled_from([str(wait) for wait in Wait]),
    EventKind.SEVERITY_CHANGED: st.sampled_from([str(severity) for severity in Severity]),
    EventKind.REMOTE_TRIED: st.sampled_from([str(outcome) for outcome in RemoteOutcome]),
    EventKind.CUSTOMER_SET: st.integers(1, 90).map(
        lambda number: f"{Milestone.ARRIVE} {hours(number).isoformat()}"
    ),
    EventKind.FORECAST_FINISH: st.integers(1, 90).map(lambda number: hours(number).isoformat()),
    EventKind.PART_NEEDED: st.just("P-1 2"),
    EventKind.PART_SHORT: st.just("P-1 2"),
    EventKind.TOLD: st.integers(1, 90).map(lambda number: f"{hours(number).isoformat()} reception"),
    EventKind.TIME_ASKED: st.integers(1, 90).map(
        lambda number: f"{hours(number).isoformat()} {hours(number + 1).isoformat()}"
    ),
}


@st.composite
def histories(draw: st.DrawFn) -> tuple[TicketEvent, ...]:
    """Up to twelve steps of any kind in order of time, whether or not they make sense together."""
    kinds = draw(st.lists(st.sampled_from(list(EventKind)), max_size=12))
    at = 0.0
    events = []
    for kind in kinds:
        at += draw(st.integers(0, 3600)) / 360
        events.append(step(at, kind, draw(_VALUES[kind]) if kind in _VALUES else ""))
    return tuple(events)
