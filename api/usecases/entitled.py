"""What a region's tickets are entitled to, cost the customer and cost us: the rules of the desk over what is known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from dispatch.desk.charge import ChargeEvent, ChargeLine, ChargeState, charges
from dispatch.desk.clause import FeeKind
from dispatch.desk.entitlement import Entitlement, entitlement
from dispatch.desk.life import state_of
from dispatch.desk.quote import PartPrice, quote
from dispatch.desk.request import all_requests
from dispatch.desk.scheme import Scheme
from dispatch.desk.ticket import Ticket
from dispatch.region import Region, schemes_of
from kernel.errors import Refusal
from kernel.money import cents


def ticket_named(region: Region, number: str, /) -> Ticket:
    """Find a ticket.

    Raises:
        Refusal: ``desk.unknown_ticket``.
    """
    for ticket in region.field.tickets:
        if ticket.id == number:
            return ticket
    raise Refusal("desk.unknown_ticket", ticket=number[:64])


def entitlement_of(region: Region, ticket: Ticket, /, *, now: datetime) -> Entitlement:
    """Judge a ticket by everything the region knows at `now`."""
    work = region.field
    customer = next((site.customer for site in work.sites if site.id == ticket.site), "")
    return entitlement(
        ticket,
        scheme_of(region, ticket),
        now=now,
        customer=customer,
        contract=next((one for one in work.contracts if one.id == ticket.contract), None),
        asset=next((one for one in work.assets if one.id == ticket.asset), None),
        standing=work.standing_changes,
        findings=work.findings,
        requests=all_requests(
            work.tickets,
            work.closed_tickets,
            work.assets,
            work.sites,
            work.contracts,
            schemes_of(work),
        ),
    )


def quote_of(
    region: Region,
    ticket: Ticket,
    /,
    *,
    now: datetime,
    parts: Mapping[str, tuple[int, int | None]],
    asked_for: Iterable[FeeKind] = (),
    amounts: Mapping[FeeKind, int] | None = None,
) -> tuple[Entitlement, tuple[ChargeLine, ...]]:
    """Quote a ticket.

    Args:
        region: as read.
        ticket: one of its tickets.
        now: aware; its present severity and what was found up to now count.
        parts: units and list price in cents by part; without a list price a part is offered at what it costs us.
        asked_for: prices the customer asked for by name.
        amounts: what to quote where a price is a bound.

    Raises:
        Refusal: ``charge.*``, ``charge.unknown_part``.
    """
    known = {part.id: part for part in region.stock.parts}
    priced = []
    for name, (quantity, listed) in parts.items():
        if name not in known:
            raise Refusal("charge.unknown_part", part=name[:64])
        cost = cents(known[name].price)
        priced.append(PartPrice(name, quantity, cost, cost if listed is None else listed))
    events = [event for event in region.field.ticket_events if event.ticket == ticket.id]
    found = entitlement_of(region, ticket, now=now)
    lines = quote(
        scheme_of(region, ticket),
        found,
        state_of(ticket, events, now).severity,
        ticket.reported_at,
        {calendar.id: calendar for calendar in region.field.calendars},
        parts=priced,
        asked_for=asked_for,
        amounts=amounts,
    )
    return found, lines


def charges_of(region: Region, /, *, now: datetime) -> tuple[list[ChargeEvent], dict[str, ChargeState]]:
    """Give the steps of every charge up to `now`, in order of time, and how each charge stands."""
    events = sorted((one for one in region.field.charge_events if one.at <= now), key=lambda one: one.at)
    return events, charges(events, schemes_by_ticket(region))


def schemes_by_ticket(region: Region, /) -> dict[str, Scheme]:
    """The scheme version each ticket keeps."""
    return {ticket.id: scheme_of(region, ticket) for ticket in region.field.tickets}


def scheme_of(region: Region, ticket: Ticket, /) -> Scheme:
    """The scheme version a ticket keeps."""
    return schemes_of(region.field)[ticket.scheme, ticket.version]
