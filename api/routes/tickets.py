"""Tickets: listed with their clocks, shown with everything beside them, what they are entitled to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from sqlalchemy import Connection

from api.asked import AtAsked, IdAsked, TicketPath, strict
from api.auth.action import Action
from api.auth.called import names_of
from api.auth.door import Asked, may
from api.schemas.tickets import (
    EntitlementOut,
    EventsOut,
    ReportOut,
    TicketOut,
    TicketsOut,
    TriageOut,
    WholeTicketOut,
)
from api.shapes.tickets import events_out, report_out, ticket_out, triage_out, whole_out
from api.text.spoken import tell
from api.usecases.desk import Desk, Seen, Wanted
from api.usecases.entitled import entitlement_of, scheme_of, ticket_named
from api.wire.body import StrictRoute
from api.wire.page import CursorAsked, LimitAsked, OneOf, next_in, page_by, place_in
from api.wire.table import FileWanted, every, table
from api.wire.version import tag
from dispatch.desk.clock import clocks
from dispatch.desk.life import Stage, state_of
from dispatch.desk.milestone import Severity
from dispatch.desk.scheme import Scheme
from dispatch.desk.ticket import Ticket
from dispatch.desk.triage import likely, proposed_severities
from kernel.calendars import BusinessCalendar
from kernel.clock import moment, zone
from kernel.errors import Refusal
from storage.dataset import desk_tables
from storage.order import Place
from storage.rows.around import around, history_of_model
from storage.rows.facts import values_among
from storage.rows.standing import standing
from storage.rows.tickets import (
    TICKET_ORDERS,
    TicketPage,
    Wish,
    check_reached,
    reached_by,
    stands,
    ticket_page,
)

router = APIRouter(
    prefix="/v1/tickets", tags=["tickets"], dependencies=[Depends(strict)], route_class=StrictRoute
)


LOOKED_AT = 2_000
"""Tickets folded for one page at most; a page that is not full by then says where to go on."""
FILE_PAGE = 1_000
DUE = "due"
"""The order by what runs out first: what is due is folded, for each ticket, at the moment asked for."""
TICKET_SORTS = (*TICKET_ORDERS, DUE)
NEVER = 10**15
"""Where a ticket stands by due time that has none."""


@dataclass(frozen=True, slots=True)
class _Folding:
    """What clocks are folded with, read once a request."""

    schemes: Mapping[tuple[str, str], Scheme]
    calendars: Mapping[str, BusinessCalendar]
    now: datetime


@dataclass(frozen=True, slots=True)
class Filters:
    """Which tickets a list is of; what is left out leaves none out."""

    site: IdAsked = ""
    customer: IdAsked = ""
    asset: IdAsked = ""
    contract: IdAsked = ""
    scheme: IdAsked = ""
    stage: Annotated[Stage | None, Query()] = None
    severity: Annotated[Severity | None, Query()] = None
    waiting: Annotated[bool, Query(description="Only those that wait.")] = False
    breached: Annotated[bool, Query(description="Only with an open promise that is broken.")] = False
    within_h: Annotated[float | None, Query(ge=0, le=8784, description="Due within so many hours.")] = None
    over: Annotated[bool, Query(description="Those closed or cancelled as well.")] = False
    text: Annotated[
        str,
        Query(
            max_length=100,
            description="Words in the number, the symptom or what was said; capitals do not count.",
        ),
    ] = ""

    @property
    def wanted(self) -> Wanted:
        """What is asked of the folded ticket."""
        return Wanted(
            stages=frozenset({self.stage} if self.stage else ()),
            severities=frozenset({self.severity} if self.severity else ()),
            waiting=self.waiting,
            breached=self.breached,
            within=None if self.within_h is None else timedelta(hours=self.within_h),
            over=self.over,
        )

    def wish(self, asked: Asked, sort: str) -> Wish:
        """What is asked of the stored ticket, within the caller's rights, and in which of its orders."""
        return Wish(
            self.site,
            self.customer,
            self.asset,
            self.contract,
            self.scheme,
            over=self.over or self.stage is not None,
            where=None if asked.scope.everywhere else reached_by(asked.scope),
            sort=sort,
            text=self.text,
        )


@router.get("", response_model=TicketsOut, responses={200: {"content": {"text/csv": {}}}})
def list_tickets(
    asked: Annotated[Asked, may(Action.TICKET_READ)],
    file: FileWanted,
    filters: Annotated[Filters, Depends()],
    at: AtAsked = "",
    sort: Annotated[
        str,
        OneOf(TICKET_SORTS),
        Query(
            description="`due`: what runs out first, first; of at most 2000 tickets that the filters leave."
        ),
    ] = "number",
    limit: LimitAsked = 50,
    after: CursorAsked = "",
) -> Response | TicketsOut:
    """List tickets with their clocks at the moment asked for; those that are over only where asked for."""
    now = moment(at) if at else asked.now
    wanted, wish = filters.wanted, filters.wish(asked, "number" if sort == DUE else sort)
    started = place_in(after, sort, TICKET_SORTS)
    with asked.database.reading() as connection:
        known = standing(connection, asked.region)
        folding = _Folding(known.schemes, known.by_id, now)
        due = _wanted(connection, asked.region, (wish, wanted), folding) if sort == DUE else ()

        def look(last: Place | None, most: int = FILE_PAGE) -> tuple[Sequence[TicketOut], Place | None]:
            if sort != DUE:
                return _looked(connection, asked.region, (wish, wanted), folding, last, limit=most)
            first, more = page_by(due, _due, after=last, limit=most)
            return [ticket_out(seen) for seen in first], more

        if file:
            return table("tickets", TicketOut, every(look))
        shown, last = look(started, limit)
        return _page(connection, asked.region, now, shown, next_in(sort, last))


def _page(
    connection: Connection, region: str, now: datetime, shown: Sequence[TicketOut], following: str | None
) -> TicketsOut:
    """A page with the names of the customers and sites its tickets are of."""
    customers = values_among(
        connection, desk_tables.CUSTOMERS, region, "customer_id", {one.customer for one in shown}
    )
    sites = values_among(connection, desk_tables.SITES, region, "site_id", {one.site for one in shown})
    return TicketsOut(
        region=region,
        at=now,
        tickets=list(shown),
        customers={one.id: one.name for one in customers},
        sites={one.id: one.name for one in sites},
        next=following,
    )


def _looked(
    connection: Connection,
    region: str,
    asked: tuple[Wish, Wanted],
    folding: _Folding,
    after: Place | None,
    *,
    limit: int,
) -> tuple[Sequence[TicketOut], Place | None]:
    """Fold tickets until the page is full; gives where to go on, None: that was all."""
    wish, wanted = asked
    found: list[TicketOut] = []
    looked_at = 0
    # What only the folded ticket says leaves many out: more of them are read at once then.
    least = 1 if wanted == Wanted(over=wanted.over) else 50
    while True:
        most = limit - len(found)
        page = ticket_page(connection, region, most=max(most, least), after=after, wish=wish)
        for ticket in page.tickets:
            seen = _folded(page, ticket, folding)
            after = stands(ticket, wish.sort)
            looked_at += 1
            if wanted.takes(seen, folding.now):
                found.append(ticket_out(seen))
            if len(found) == limit:
                # The last of a page that was not read to its end, or of one that has another behind it.
                more = ticket is not page.tickets[-1] or page.next_after is not None
                return found, after if more else None
        if page.next_after is None:
            return found, None
        if looked_at >= LOOKED_AT:
            return found, after


def _folded(page: TicketPage, ticket: Ticket, folding: _Folding) -> Seen:
    happened = page.events.get(ticket.id, ())
    scheme = folding.schemes[ticket.scheme, ticket.version]
    return Seen(
        ticket,
        happened,
        scheme,
        state_of(ticket, happened, folding.now),
        clocks(ticket, happened, scheme, folding.calendars, folding.now),
        page.customers[ticket.id],
    )


def _wanted(connection: Connection, region: str, asked: tuple[Wish, Wanted], folding: _Folding) -> list[Seen]:
    """Every ticket wanted.

    Raises:
        Refusal: ``request.too_many_to_sort``.
    """
    wish, wanted = asked
    found: list[Seen] = []
    looked_at = 0
    after: Place | None = None
    while True:
        page = ticket_page(connection, region, most=FILE_PAGE, after=after, wish=wish)
        looked_at += len(page.tickets)
        if looked_at > LOOKED_AT:
            raise Refusal("request.too_many_to_sort", most=LOOKED_AT)
        seen = (_folded(page, ticket, folding) for ticket in page.tickets)
        found += [one for one in seen if wanted.takes(one, folding.now)]
        if page.next_after is None:
            return found
        after = page.next_after


def _due(seen: Seen) -> tuple[int, str]:
    """Where a ticket stands by what runs out first, one without a due time last: seconds since 1970, and its number."""
    due = seen.next_due
    return NEVER if due is None or due.due_s is None else due.due_s, seen.ticket.id


def _desk(asked: Asked, ticket: str, at: str, *, alone: bool = True) -> Desk:
    """The desk with only what this ticket needs, at the moment asked for.

    Raises:
        Refusal: ``desk.unknown_ticket``, also for one the caller's rights do not reach.
    """
    with asked.database.reading() as connection:
        check_reached(connection, asked.region, ticket, asked.scope)
        region = around(connection, asked.region, ticket, scope=asked.scope, alone=alone)
    return Desk(region, moment(at) if at else asked.now)


@router.get("/{ticket:path}/entitlement")
def entitlement(
    ticket: TicketPath, asked: Annotated[Asked, may(Action.TICKET_READ)], at: AtAsked = ""
) -> EntitlementOut:
    """Say whether a ticket is covered, chargeable, suspended or unknown, and why."""
    desk = _desk(asked, ticket, at, alone=False)
    found = entitlement_of(desk.region, ticket_named(desk.region, ticket), now=desk.now)
    return EntitlementOut(
        ticket=ticket,
        verdict=found.verdict,
        reason=tell(found.reason, asked.lang, zone=zone(desk.region.settings.zone)),
        code=found.reason.code,
        params=dict(found.reason.params),
        missing=list(found.missing),
    )


@router.get("/{ticket:path}/triage")
def triage(ticket: TicketPath, asked: Annotated[Asked, may(Action.TICKET_READ)]) -> TriageOut:
    """Propose how bad it is by the scheme's words, and say what earlier tickets of the model took."""
    with asked.database.reading() as connection:
        check_reached(connection, asked.region, ticket, asked.scope)
        region = around(connection, asked.region, ticket, scope=asked.scope)
        known = ticket_named(region, ticket)
        model = next((one.model for one in region.field.assets if one.id == known.asset), "")
        history = history_of_model(connection, asked.region, model)
    severities = proposed_severities(scheme_of(region, known), known.symptom, known.text)
    return triage_out(ticket, severities, likely(history, model=model, symptom=known.symptom))


@router.get("/{ticket:path}/events")
def list_events(
    ticket: TicketPath, response: Response, asked: Annotated[Asked, may(Action.TICKET_READ)]
) -> EventsOut:
    """Give everything that happened to a ticket; the ETag is the version a write can be held to."""
    desk = _desk(asked, ticket, "")
    ticket_named(desk.region, ticket)
    events = desk.region.field.ticket_events
    made = events_out(ticket, events, names=_names(asked, (one.by for one in events)))
    response.headers["ETag"] = tag(made.version)
    return made


@router.get("/{ticket:path}")
def show_ticket(
    ticket: TicketPath,
    response: Response,
    asked: Annotated[Asked, may(Action.TICKET_READ)],
    at: AtAsked = "",
) -> WholeTicketOut | ReportOut:
    """Show a ticket with clocks and their arithmetic, events, visits, files, what may follow; or a report with its questions."""
    desk = _desk(asked, ticket, at)
    found = desk.shown(ticket)
    if not isinstance(found, Seen):
        return report_out(found)
    response.headers["ETag"] = tag(len(desk.region.field.ticket_events))
    ids = {*(one.by for one in found.events), *(one.by for one in found.attachments)}
    names = _names(asked, ids)
    return whole_out(desk, found, lang=asked.lang, names=names)


def _names(asked: Asked, ids: Iterable[str]) -> dict[str, str]:
    with asked.database.reading() as connection:
        return names_of(asked, connection, ids)
