"""A page of open tickets with what happened to them: what a list of clocks needs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import ColumnElement, Connection, or_, select

from dispatch.desk.ticket import EventKind, Ticket, TicketEvent
from kernel.calendars import BusinessCalendar
from kernel.hours import Hours
from storage.dataset import ticket_tables
from storage.rows.head import read_calendars
from storage.tables.desk import SiteRow, TicketEventRow, TicketRow
from storage.tables.region import CalendarDayRow


@dataclass(frozen=True, slots=True)
class TicketPage:
    """Tickets in order of their id, their events, and where the next page starts; None: that was all."""

    tickets: tuple[Ticket, ...]
    events: dict[str, tuple[TicketEvent, ...]]
    next_after: str | None


def ticket_page(
    connection: Connection,
    region: str,
    *,
    most: int,
    after: str = "",
    ticket: str = "",
    over: bool = False,
) -> TicketPage:
    """Read tickets by id.

    Args:
        connection: to read with.
        region: its id.
        most: tickets in the page.
        after: id of the last ticket of the page before.
        ticket: only this one, where given.
        over: those closed or cancelled, and not reopened since, as well.
    """
    query = (
        select(TicketRow, SiteRow.c.remote)
        .join(
            SiteRow,
            (SiteRow.c.region_id == TicketRow.c.region_id) & (SiteRow.c.site_id == TicketRow.c.site_id),
        )
        .where(TicketRow.c.region_id == region, TicketRow.c.ticket_id > after)
    )
    if not over:
        query = query.where(~_over())
    if ticket:
        query = query.where(TicketRow.c.ticket_id == ticket)
    found = connection.execute(query.order_by(TicketRow.c.ticket_id).limit(most + 1)).mappings().all()
    rows = found[:most]
    tickets = tuple(replace(ticket_tables.TICKETS.make(dict(row)), remote=row["remote"]) for row in rows)
    events: dict[str, list[TicketEvent]] = {}
    happened = (
        select(TicketEventRow)
        .where(
            TicketEventRow.c.region_id == region,
            TicketEventRow.c.ticket_id.in_([one.id for one in tickets]),
        )
        .order_by(TicketEventRow.c.at, TicketEventRow.c.position)
    )
    for row in connection.execute(happened).mappings():
        events.setdefault(row["ticket_id"], []).append(ticket_tables.TICKET_EVENTS.make(dict(row)))
    return TicketPage(
        tickets,
        {name: tuple(of_one) for name, of_one in events.items()},
        tickets[-1].id if len(found) > most else None,
    )


def _over() -> ColumnElement[bool]:
    """The last of a ticket's events that end it or open it again is one that ends it."""
    end, again = TicketEventRow.alias("ended"), TicketEventRow.alias("reopened")
    here = (end.c.region_id == TicketRow.c.region_id) & (end.c.ticket_id == TicketRow.c.ticket_id)
    later = or_(again.c.at > end.c.at, (again.c.at == end.c.at) & (again.c.position > end.c.position))
    opened = select(again.c.position).where(
        again.c.region_id == end.c.region_id,
        again.c.ticket_id == end.c.ticket_id,
        again.c.kind == EventKind.REOPENED,
        later,
    )
    ends = (EventKind.CLOSED, EventKind.CANCELLED)
    return select(end.c.position).where(here, end.c.kind.in_(ends), ~opened.exists()).exists()


def ticket_events(connection: Connection, region: str, ticket: str) -> tuple[TicketEvent, ...]:
    """The events of one ticket in order of time."""
    happened = (
        select(TicketEventRow)
        .where(TicketEventRow.c.region_id == region, TicketEventRow.c.ticket_id == ticket)
        .order_by(TicketEventRow.c.at, TicketEventRow.c.position)
    )
    rows = connection.execute(happened).mappings()
    return tuple(ticket_tables.TICKET_EVENTS.make(dict(row)) for row in rows)


def calendars(connection: Connection, region: str) -> dict[str, BusinessCalendar]:
    """The region's business calendars by id, with their single dates."""
    days: dict[str, list[tuple[date, tuple[Hours, ...]]]] = {}
    for name, on, hours in connection.execute(
        select(CalendarDayRow.c.calendar_id, CalendarDayRow.c.on_day, CalendarDayRow.c.hours).where(
            CalendarDayRow.c.region_id == region
        )
    ):
        days.setdefault(name, []).append((on, hours))
    return {
        one.id: replace(one, exceptions=tuple(days.get(one.id, [])))
        for one in read_calendars(connection, region)
    }
