"""A page of open tickets with what happened to them: what a list of clocks needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Integer, Select, bindparam, or_, select

from dispatch.desk.ticket import EventKind, Ticket, TicketEvent
from kernel.errors import Refusal
from storage.dataset import ticket_tables
from storage.order import By, Orders, Place, behind, in_order, values_at
from storage.ready import Asked, Ready, several
from storage.rows.kept import as_kept, read_as
from storage.rows.standing import COME, Standing, stands_at
from storage.scope import Scope
from storage.tables.desk import SiteRow, TicketEventRow, TicketRow
from storage.tables.paper import ReportRow


@dataclass(frozen=True, slots=True)
class TicketPage:
    """Tickets in the order asked for, their events and customers, and where the next page starts; None: that was all."""

    tickets: tuple[Ticket, ...]
    events: dict[str, tuple[TicketEvent, ...]]
    customers: dict[str, str]
    next_after: Place | None


@dataclass(frozen=True, slots=True)
class Wish:
    """Which tickets a page is of; what is empty leaves none out.

    Args:
        site, customer, asset, contract, scheme: ids.
        over: those closed or cancelled, and not reopened since, as well.
        where: a condition more: how far somebody's rights reach.
        sort: one of `TICKET_ORDERS`.
        text: words that stand, as they are, in the number, the symptom or what was said.
    """

    site: str = ""
    customer: str = ""
    asset: str = ""
    contract: str = ""
    scheme: str = ""
    over: bool = False
    where: ColumnElement[bool] | None = None
    sort: str = "number"
    text: str = ""


TICKET_ORDERS: Orders = {
    "number": (By(TicketRow.c.ticket_id),),
    "newest": (By(TicketRow.c.reported_at, down=True), By(TicketRow.c.ticket_id, down=True)),
}
"""What tickets can be sorted by as they are stored."""


def ticket_page(
    connection: Connection,
    region: str,
    *,
    most: int,
    after: Place | None = None,
    ticket: str = "",
    over: bool = False,
    wish: Wish | None = None,
) -> TicketPage:
    """Read tickets in one of their orders.

    Args:
        connection: to read with.
        region: its id.
        most: tickets in the page.
        after: where the last ticket of the page before stands.
        ticket: only this one, where given.
        over: as in `Wish`.
        wish: only those.

    Raises:
        Refusal: ``request.bad_cursor``.
    """
    wanted = wish or Wish(over=over)
    order = TICKET_ORDERS[wanted.sort]
    alike = _alike(wanted) | ({"ticket": ticket} if ticket else {})
    values: dict[str, Any] = {"in_region": region, "most": most + 1}
    values |= {f"of_{name}": word for name, word in alike.items()}
    if after is not None:
        values |= {f"last_{number}": value for number, value in enumerate(values_at(order, after))}
    query = _query(tuple(alike), over=wanted.over, sort=wanted.sort, follows=after is not None)
    if wanted.where is not None:
        query = query.where(wanted.where)
    if wanted.text:
        said = (TicketRow.c.ticket_id, TicketRow.c.symptom, TicketRow.c.text)
        query = query.where(or_(*(column.icontains(wanted.text, autoescape=True) for column in said)))
    found = connection.execute(query, values).all()
    dialect = connection.dialect.name
    read = [_ticket(dialect, tuple(row)) for row in found[:most]]
    tickets = tuple(ticket for ticket, _ in read)
    return TicketPage(
        tickets,
        events_of(connection, region, [one.id for one in tickets]),
        {ticket.id: customer for ticket, customer in read},
        stands(tickets[-1], wanted.sort) if len(found) > most else None,
    )


def stands(ticket: Ticket, sort: str) -> Place:
    """Where a ticket stands in one of `TICKET_ORDERS`."""
    return (ticket.reported_at.isoformat(), ticket.id) if sort == "newest" else (ticket.id,)


def one_ticket(
    connection: Connection, region: str, ticket: str
) -> tuple[Ticket, tuple[TicketEvent, ...], Standing] | None:
    """A ticket with its events in order of time and what stands of its region, asked for in one go; None: there is none."""
    found, happened, come = several(connection, asked_of_one(region, ticket))
    if not found:
        return None
    stands = stands_at(connection, region, next(iter(come), None))
    dialect = connection.dialect.name
    known, _ = _ticket(dialect, found[0])
    return known, tuple(_event(dialect, row) for row in happened), stands


def asked_of_one(region: str, ticket: str) -> tuple[Asked, Asked, Asked]:
    """What `one_ticket` asks."""
    named = {"in_region": region, "of_ticket": ticket}
    return (_ONE, named | {"most": 1}), (_OF_ONE, named), (COME, {"in_region": region})


def _alike(wanted: Wish) -> dict[str, str]:
    """What is asked of single columns, by the names of `_COLUMNS`."""
    return {name: word for name in _COLUMNS if (word := getattr(wanted, name, ""))}


# Built once for each shape: putting a statement together costs more than running it.
_COLUMNS = {
    "site": TicketRow.c.site_id,
    "customer": SiteRow.c.customer_id,
    "asset": TicketRow.c.asset_id,
    "contract": TicketRow.c.contract_id,
    "scheme": TicketRow.c.scheme,
    "ticket": TicketRow.c.ticket_id,
}
_EVENT = [TicketEventRow.c[column.name] for column in ticket_tables.TICKET_EVENTS.columns]
_HAPPENED = Ready(
    select(*as_kept(_EVENT))
    .where(
        TicketEventRow.c.region_id == bindparam("in_region"),
        TicketEventRow.c.ticket_id.in_(bindparam("of_tickets", expanding=True)),
    )
    .order_by(TicketEventRow.c.at, TicketEventRow.c.position)
)


_TICKET = [TicketRow.c[column.name] for column in ticket_tables.TICKETS.columns]


# The same rows are read again and again: who asks for their words gets what they were made into before.
@lru_cache(maxsize=8192)
def _ticket(dialect: str, row: tuple[Any, ...]) -> tuple[Ticket, str]:
    """What a row of `_query` says: the ticket, and whose it is."""
    *words, remote, customer = read_as((*_TICKET, SiteRow.c.remote, SiteRow.c.customer_id), row, dialect)
    made = ticket_tables.TICKETS.make(
        {column.name: word for column, word in zip(_TICKET, words, strict=True)}
    )
    return replace(made, remote=remote), customer


@lru_cache(maxsize=32768)
def _event(dialect: str, row: tuple[Any, ...]) -> TicketEvent:
    words = read_as(_EVENT, row, dialect)
    made: TicketEvent = ticket_tables.TICKET_EVENTS.make(
        {column.name: word for column, word in zip(_EVENT, words, strict=True)}
    )
    return made


@cache
def _query(alike: tuple[str, ...], *, over: bool, sort: str, follows: bool) -> Select[Any]:
    """The statement for a page that asks of these columns, of what is over or not, in this order, from a place or not."""
    query = (
        select(*as_kept((*_TICKET, SiteRow.c.remote, SiteRow.c.customer_id)))
        .join(
            SiteRow,
            (SiteRow.c.region_id == TicketRow.c.region_id) & (SiteRow.c.site_id == TicketRow.c.site_id),
            # Every ticket has its site; said so, SQLite would begin with the sites and sort all tickets for one page.
            isouter=True,
        )
        .where(
            TicketRow.c.region_id == bindparam("in_region"),
            *(_COLUMNS[name] == bindparam(f"of_{name}") for name in alike),
        )
    )
    if not over:
        query = query.where(~is_over())
    order = TICKET_ORDERS[sort]
    if follows:
        last = [bindparam(f"last_{number}", type_=by.what.type) for number, by in enumerate(order)]
        query = query.where(behind(order, last))
    return query.order_by(*in_order(order)).limit(bindparam("most", type_=Integer()))


_ONE = Ready(_query(("ticket",), over=True, sort="number", follows=False))
_OF_ONE = Ready(
    select(*as_kept(_EVENT))
    .where(
        TicketEventRow.c.region_id == bindparam("in_region"),
        TicketEventRow.c.ticket_id == bindparam("of_ticket"),
    )
    .order_by(TicketEventRow.c.at, TicketEventRow.c.position)
)


def check_reached(connection: Connection, region: str, number: str, scope: Scope) -> None:
    """Refuse a ticket or report somebody's rights do not reach, in the words for one that is not there.

    A report that is no ticket yet is reached by the site it names. Who reaches the whole region is not asked: the
    command looks for the ticket itself.

    Raises:
        Refusal: ``desk.unknown_ticket``.
    """
    if not scope.is_narrow:
        return
    ticket = select(TicketRow.c.ticket_id).where(
        TicketRow.c.region_id == region, TicketRow.c.ticket_id == number
    )
    report = select(ReportRow.c.report_id).where(
        ReportRow.c.region_id == region,
        ReportRow.c.report_id == number,
        scope.tickets_where(
            region=ReportRow.c.region_id, ticket=ReportRow.c.report_id, site=ReportRow.c.site
        ),
    )
    opened = connection.execute(ticket).first() is not None
    if connection.execute(ticket.where(reached_by(scope)) if opened else report).first() is None:
        raise Refusal("desk.unknown_ticket", ticket=number[:64])


def reached_by(scope: Scope) -> ColumnElement[bool]:
    """The condition on tickets that somebody's rights reach."""
    return scope.tickets_where(
        region=TicketRow.c.region_id, ticket=TicketRow.c.ticket_id, site=TicketRow.c.site_id
    )


def is_over() -> ColumnElement[bool]:
    """The last of a ticket's events that end it or open it again is one that ends it."""
    end, again = TicketEventRow.alias("ended"), TicketEventRow.alias("reopened")
    here = (end.c.region_id == TicketRow.c.region_id) & (end.c.ticket_id == TicketRow.c.ticket_id)
    # Said as one range of `at`: told as two cases, SQLite looks for the second among all events of the region.
    later = (again.c.at >= end.c.at) & or_(again.c.at > end.c.at, again.c.position > end.c.position)
    opened = select(again.c.position).where(
        again.c.region_id == end.c.region_id,
        again.c.ticket_id == end.c.ticket_id,
        again.c.kind == EventKind.REOPENED,
        later,
    )
    ends = (EventKind.CLOSED, EventKind.CANCELLED)
    return select(end.c.position).where(here, end.c.kind.in_(ends), ~opened.exists()).exists()


def events_of(
    connection: Connection, region: str, tickets: Sequence[str]
) -> dict[str, tuple[TicketEvent, ...]]:
    """The events of some tickets, each ticket's in order of time; a ticket without any is left out."""
    found: dict[str, list[TicketEvent]] = {}
    dialect = connection.dialect.name
    for row in _HAPPENED.rows(connection, {"in_region": region, "of_tickets": list(tickets)}):
        event = _event(dialect, row)
        found.setdefault(event.ticket, []).append(event)
    return {name: tuple(of_one) for name, of_one in found.items()}


def ticket_events(connection: Connection, region: str, ticket: str) -> tuple[TicketEvent, ...]:
    """The events of one ticket in order of time."""
    return events_of(connection, region, [ticket]).get(ticket, ())
