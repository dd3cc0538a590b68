"""Open tickets and how their promises stand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from fastapi import APIRouter, Depends

from api.asked import (
    AtAsked,
    ClockAsked,
    CursorAsked,
    DatabaseAsked,
    LimitAsked,
    RegionAsked,
    at_or_now,
    cursor,
    strict,
    uncursor,
)
from api.schemas import ClockOut, TicketOut, TicketsOut
from dispatch.desk.clock import clocks
from dispatch.desk.scheme import Scheme
from dispatch.desk.ticket import Ticket, TicketEvent
from kernel.calendars import BusinessCalendar
from storage.rows.region import only_region
from storage.rows.schemes import schemes_in
from storage.rows.tickets import calendars, ticket_page

router = APIRouter(prefix="/v1/tickets", tags=["tickets"], dependencies=[Depends(strict)])


@router.get("")
def list_tickets(
    database: DatabaseAsked,
    clock: ClockAsked,
    region: RegionAsked = "",
    at: AtAsked = "",
    limit: LimitAsked = 50,
    after: CursorAsked = "",
) -> TicketsOut:
    """Open tickets by id, each with its clocks at the moment asked for."""
    now = at_or_now(at, clock)
    started = uncursor(after, parts=1)
    with database.reading() as connection:
        which = only_region(connection, region)
        page = ticket_page(connection, which, most=limit, after=started[0] if started else "")
        known = calendars(connection, which)
        schemes = schemes_in(connection, which)
    return TicketsOut(
        region=which,
        at=now,
        tickets=[
            _ticket(one, page.events.get(one.id, ()), schemes[one.scheme, one.version], known, now)
            for one in page.tickets
        ],
        next=cursor(page.next_after) if page.next_after else None,
    )


def _ticket(
    ticket: Ticket,
    events: tuple[TicketEvent, ...],
    scheme: Scheme,
    calendars: Mapping[str, BusinessCalendar],
    now: datetime,
) -> TicketOut:
    return TicketOut(
        id=ticket.id,
        site=ticket.site,
        asset=ticket.asset,
        contract=ticket.contract,
        scheme=ticket.scheme,
        version=ticket.version,
        severity=ticket.severity.value,
        kind=ticket.kind.value,
        reported_at=ticket.reported_at,
        symptom=ticket.symptom,
        text=ticket.text,
        clocks=[
            ClockOut(
                milestone=one.milestone.value,
                promise=one.promise.value,
                state=one.state.value,
                due_at=one.due_at,
                met_at=one.met_at,
                elapsed_s=one.elapsed_s,
                remaining_s=one.remaining_s,
            )
            for one in clocks(ticket, events, scheme, calendars, now).values()
        ],
    )
