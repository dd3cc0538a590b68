"""One row for every ticket that measures look at: what is open or done at the desk, and what the archive keeps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from dispatch.desk.archived import archived_tickets
from dispatch.desk.history import ClosedTicket
from dispatch.desk.knowledge import current
from dispatch.desk.milestone import Milestone
from dispatch.desk.scheme import Scheme
from dispatch.desk.ticket import EventKind, Ticket, TicketEvent
from dispatch.parts import PlaceKind
from dispatch.region import Region
from kernel.clock import utc
from kernel.ids import natural_key
from kernel.place import LatLon, nearest

RECORDED_IN_ARCHIVE = frozenset({Milestone.ARRIVE, Milestone.REPAIR})
"""Milestones a closed ticket of the repair history knows about."""
_OVER = frozenset({EventKind.CLOSED, EventKind.CANCELLED})
_DONE = frozenset({EventKind.REPAIRED, EventKind.DELIVERED})


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """One ticket as measures see it, at one moment.

    Args:
        ticket: the ticket; one of the archive is told as a ticket too.
        events: what had happened by then, in order of time.
        scheme: the version it was opened under; None: no contract, or more than one, held on that day.
        model: of its asset; empty: none.
        area: the territory of its site, else the depot nearest to it.
        cause: what it turned out to be; empty: not known.
        restored_at: when the equipment ran again (or the work was handed over) for good so far; None: not yet.
        over_at: when it was closed, cancelled or, in the archive, repaired; None: still open.
        cancelled: the customer needed it no more.
        archived: it comes from the repair history, which keeps report, arrival and repair only.
    """

    ticket: Ticket
    events: tuple[TicketEvent, ...]
    scheme: Scheme | None
    model: str
    area: str
    cause: str
    restored_at: datetime | None
    over_at: datetime | None
    cancelled: bool = False
    archived: bool = False


def cases(
    region: Region,
    schemes: Mapping[tuple[str, str], Scheme],
    *,
    now: datetime,
) -> tuple[Case, ...]:
    """Give every ticket of a region as it stood at a moment, in the order of their reports.

    Args:
        region: the facts; tickets reported after `now` are left out, and so are events after it.
        schemes: by id and version.
        now: aware.
    """
    field = region.field
    assets = {asset.id: asset for asset in field.assets}
    areas = areas_of(region)
    found_out = {entry.ticket: entry.cause for entry in current(e for e in field.knowledge if e.at <= now)}
    happened: dict[str, list[TicketEvent]] = defaultdict(list)
    for event in field.ticket_events:
        if event.at <= now:
            happened[event.ticket].append(event)
    at_the_desk = (
        _of_ticket(
            ticket,
            sorted(happened[ticket.id], key=lambda event: event.at),
            schemes.get((ticket.scheme, ticket.version)),
            model=assets[ticket.asset].model if ticket.asset in assets else "",
            area=areas.get(ticket.site, ""),
            cause=found_out.get(ticket.id, ""),
        )
        for ticket in field.tickets
        if ticket.reported_at <= now
    )
    kept = {closed.ticket: closed for closed in field.closed_tickets if closed.reported_at <= now}
    archive = (
        _of_archive(kept[ticket.id], ticket, scheme, areas, now)
        for ticket, scheme in archived_tickets(
            kept.values(), field.assets, field.sites, field.contracts, schemes
        )
    )
    found = [*at_the_desk, *archive]
    return tuple(sorted(found, key=lambda case: (case.ticket.reported_at, natural_key(case.ticket.id))))


def _of_ticket(
    ticket: Ticket,
    events: list[TicketEvent],
    scheme: Scheme | None,
    *,
    model: str,
    area: str,
    cause: str,
) -> Case:
    restored_at = over_at = None
    cancelled = False
    for event in events:
        if event.kind in _DONE:
            restored_at = restored_at or event.at
        elif event.kind in _OVER:
            over_at, cancelled = event.at, event.kind is EventKind.CANCELLED
        elif event.kind is EventKind.REOPENED:
            restored_at = over_at = None
            cancelled = False
    return Case(ticket, tuple(events), scheme, model, area, cause, restored_at, over_at, cancelled)


def _of_archive(
    closed: ClosedTicket,
    ticket: Ticket,
    scheme: Scheme | None,
    areas: Mapping[str, str],
    now: datetime,
) -> Case:
    repaired_at = utc(closed.repaired_at)
    by = closed.engineer or "archive"
    events = [TicketEvent(closed.ticket, repaired_at, EventKind.REPAIRED, by)]
    if closed.arrived_at is not None:
        events.insert(0, TicketEvent(closed.ticket, utc(closed.arrived_at), EventKind.ON_SITE, by))
    done = repaired_at <= now
    return Case(
        ticket=ticket,
        events=tuple(event for event in events if event.at <= now),
        scheme=scheme,
        model=closed.model,
        area=areas.get(ticket.site, ""),
        cause=closed.cause if done else "",
        restored_at=repaired_at if done else None,
        over_at=repaired_at if done else None,
        archived=True,
    )


def areas_of(region: Region, /) -> dict[str, str]:
    """Say where each site belongs: its territory, else the nearest depot; empty where there is none."""
    depots: list[tuple[str, LatLon]] = [
        (place.id, place.at)
        for place in sorted(region.stock.places, key=lambda place: natural_key(place.id))
        if place.kind is PlaceKind.DEPOT and place.at is not None
    ]
    spots = [at for _, at in depots]
    return {
        site.id: site.territory or (depots[nearest(site.at, spots)][0] if depots else "")
        for site in region.field.sites
    }
