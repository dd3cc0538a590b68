"""The desk's loans with what happened to them and to their tickets, read together."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from dispatch.desk.loan import LoanEvent, TicketLoan
from dispatch.desk.ticket import Ticket, TicketEvent
from storage.dataset import owed_tables, ticket_tables
from storage.rows.facts import values_among, values_in


@dataclass(frozen=True, slots=True)
class LoanThere:
    """A loan, its steps, its ticket (None: kept as closed only) and what happened to that."""

    loan: TicketLoan
    steps: tuple[LoanEvent, ...]
    ticket: Ticket | None
    events: tuple[TicketEvent, ...]


def loans_there(connection: Connection, region: str) -> list[LoanThere]:
    """Every loan of the desk, in the order they were reserved."""
    loans: tuple[TicketLoan, ...] = values_in(connection, owed_tables.TICKET_LOANS, region)
    steps: dict[str, list[LoanEvent]] = {}
    for step in values_in(connection, owed_tables.LOAN_EVENTS, region):
        steps.setdefault(step.loan, []).append(step)
    numbers = {loan.ticket for loan in loans}
    tickets: dict[str, Ticket] = {
        one.id: one for one in values_among(connection, ticket_tables.TICKETS, region, "ticket_id", numbers)
    }
    events: dict[str, list[TicketEvent]] = {}
    for event in values_among(connection, ticket_tables.TICKET_EVENTS, region, "ticket_id", numbers):
        events.setdefault(event.ticket, []).append(event)
    return [
        LoanThere(
            loan,
            tuple(sorted(steps.get(loan.id, ()), key=lambda one: one.at)),
            tickets.get(loan.ticket),
            tuple(sorted(events.get(loan.ticket, ()), key=lambda one: one.at)),
        )
        for loan in sorted(loans, key=lambda one: (one.reserved_at, one.id))
    ]
