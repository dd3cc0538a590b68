"""Requests under contracts: which of its contract's calendar month a ticket is, looked up in lists sorted once."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from dispatch.desk.archived import archived_tickets
from dispatch.desk.customer import Asset, Contract, Site
from dispatch.desk.history import ClosedTicket
from dispatch.desk.milestone import TicketKind
from dispatch.desk.scheme import Scheme
from dispatch.desk.ticket import Ticket
from kernel.clock import utc, zone
from kernel.ids import natural_key

_Mark = tuple[datetime, tuple[tuple[int, int, str], ...]]
"""A ticket's place among others: when it was reported, then its id."""


@dataclass(frozen=True, slots=True)
class Requests:
    """Tickets that may count against their contract's month, by contract and time of report.

    Open tickets and closed ones, those of the repair history too. Preventive visits are nobody's request and are left
    out; a ticket given twice counts once.
    """

    marks: Mapping[str, tuple[_Mark, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, tickets: Iterable[Ticket], /) -> Requests:
        """Sort tickets, in any order."""
        marks: dict[str, set[_Mark]] = {}
        for ticket in tickets:
            if ticket.kind is not TicketKind.PREVENTIVE:
                marks.setdefault(ticket.contract, set()).add(_mark(ticket))
        return cls({contract: tuple(sorted(found)) for contract, found in marks.items()})

    def number(self, ticket: Ticket, scheme: Scheme, /) -> int:
        """Give which request of its contract's calendar month (scheme's zone) a ticket is, from 1, by time of report.

        The ticket itself may be among them or not.
        """
        here = zone(scheme.zone)
        first = ticket.reported_at.astimezone(here).date().replace(day=1)
        start = utc(datetime(first.year, first.month, 1, tzinfo=here))
        marks = self.marks.get(ticket.contract, ())
        return bisect_left(marks, _mark(ticket)) - bisect_left(marks, (start, ())) + 1


def all_requests(
    tickets: Iterable[Ticket],
    history: Iterable[ClosedTicket],
    assets: Iterable[Asset],
    sites: Iterable[Site],
    contracts: Iterable[Contract],
    schemes: Mapping[tuple[str, str], Scheme],
    /,
) -> Requests:
    """Sort the tickets at the desk together with those of the repair history; what the desk says of a ticket holds."""
    known = {ticket.id: ticket for ticket in tickets}
    archived = (ticket for ticket, _ in archived_tickets(history, assets, sites, contracts, schemes))
    return Requests.of((*known.values(), *(ticket for ticket in archived if ticket.id not in known)))


def _mark(ticket: Ticket) -> _Mark:
    return ticket.reported_at, natural_key(ticket.id)
