"""What is asked after closing: tickets that were closed, what happened to them, what was asked since."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from dispatch.desk.survey import SurveyEvent
from dispatch.desk.ticket import EventKind, Ticket, TicketEvent
from storage.dataset import owed_tables, ticket_tables
from storage.rows.facts import values_among, values_in
from storage.tables.desk import TicketEventRow


@dataclass(frozen=True, slots=True)
class AskedAbout:
    """A ticket that was closed once, what happened to it and what its customer was asked, in order of time."""

    ticket: Ticket
    events: tuple[TicketEvent, ...]
    asked: tuple[SurveyEvent, ...]


def asked_about(connection: Connection, region: str, *, ticket: str = "") -> list[AskedAbout]:
    """Every ticket that was closed once, or one of them; those kept as closed only have nothing left to ask."""
    closed = select(TicketEventRow.c.ticket_id).where(
        TicketEventRow.c.region_id == region, TicketEventRow.c.kind == EventKind.CLOSED.value
    )
    if ticket:
        closed = closed.where(TicketEventRow.c.ticket_id == ticket)
    numbers = set(connection.execute(closed).scalars())
    events: dict[str, list[TicketEvent]] = {}
    for event in values_among(connection, ticket_tables.TICKET_EVENTS, region, "ticket_id", numbers):
        events.setdefault(event.ticket, []).append(event)
    asked: dict[str, list[SurveyEvent]] = {}
    wanted = {"ticket_id": ticket} if ticket else {}
    for one in values_in(connection, owed_tables.SURVEY_EVENTS, region, **wanted):
        asked.setdefault(one.ticket, []).append(one)
    return [
        AskedAbout(
            one,
            tuple(sorted(events[one.id], key=lambda event: event.at)),
            tuple(sorted(asked.get(one.id, ()), key=lambda event: event.at)),
        )
        for one in values_among(connection, ticket_tables.TICKETS, region, "ticket_id", numbers)
    ]
