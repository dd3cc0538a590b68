"""Where each engineer stands and what is under way, folded from ticket events and positions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from dispatch.crew import Position
from dispatch.desk.ticket import EventKind, TicketEvent
from dispatch.desk.visit import Visit
from dispatch.region import Fieldwork
from kernel.clock import moment
from kernel.ids import natural_key
from kernel.place import LatLon

DONE = frozenset({EventKind.REPAIRED, EventKind.DELIVERED, EventKind.CLOSED, EventKind.CANCELLED})
"""After one of these a ticket's visits are no longer planned."""

STOPS = DONE | {EventKind.WAITING, EventKind.LEFT}
"""Kinds after which nobody is at work on the visit."""

MOVES_SOMEBODY = STOPS | {EventKind.TRAVELLING, EventKind.ON_SITE, EventKind.FORECAST_FINISH}
"""Kinds that say where an engineer is or what he is doing."""

SPOT = "at:"
"""Begins the location id of a spot that is neither site nor place nor home."""

LEAST_LEFT = timedelta(minutes=1)
"""What a visit under way has left when its time is over and nobody has said anything."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The last that is known of an engineer.

    Args:
        at: when it was known.
        place: location id where he is, or where he is going: ``site:…``, ``at:…``.
        visit: the visit under way; empty: none.
        travelling: he is on the way there, having left `origin` (location id; empty: from his shift's start) at `at`.
        finish: when work there is forecast to be finished, or he is free to go on; None: free since `at`. While
            travelling: when he goes on from `origin`.
        rested_at: when he was last heard to have his break; None: never.
    """

    engineer: str
    at: datetime
    place: str
    visit: str = ""
    travelling: bool = False
    origin: str = ""
    finish: datetime | None = None
    rested_at: datetime | None = None

    def free_at(self, now: datetime) -> datetime:
        """When he can go on from `place`, as known at `now`; of no meaning while he travels."""
        if self.finish is None:
            return now
        if self.finish > now:
            return self.finish
        return now + LEAST_LEFT if self.visit else now


def place_at(spot: LatLon) -> str:
    """Location id of a spot that is neither site nor place nor home."""
    return f"{SPOT}{spot.lat!r},{spot.lon!r}"


def spot_at(place: str) -> LatLon:
    """The spot of such a location id."""
    lat, lon = place.removeprefix(SPOT).split(",")
    return LatLon(float(lat), float(lon))


def finished(field: Fieldwork) -> set[str]:
    """Visits that are no longer planned: their ticket is done, or the engineer left and said so."""
    done = {event.ticket for event in field.ticket_events if event.kind in DONE}
    over = {visit.id for visit in field.visits if visit.ticket in done}
    if any(event.kind is EventKind.LEFT for event in field.ticket_events):
        of_tickets = _by_ticket(field.visits)
        left = (event for event in field.ticket_events if event.kind is EventKind.LEFT)
        for event in sorted(left, key=lambda event: event.at):
            over.add(visit_of(event, of_tickets.get(event.ticket, ()), over))
    return over - {""}


def visit_of(event: TicketEvent, visits: Iterable[str], over: Collection[str]) -> str:
    """The visit an event is about: the one it names, else the first of its ticket's that is not over; empty: none."""
    return event.visit or next((visit for visit in visits if visit not in over), "")


def standings(field: Fieldwork) -> dict[str, Standing]:
    """The last that is known of every engineer somebody has heard of, by engineer."""
    engineers = {engineer.id for engineer in field.engineers}
    site_of = {ticket.id: f"site:{ticket.site}" for ticket in field.tickets}
    of_tickets = _by_ticket(field.visits)
    lasts = {visit.id: timedelta(minutes=visit.duration_min) for visit in field.visits}
    facts: list[TicketEvent | Position] = [e for e in field.ticket_events if e.kind in MOVES_SOMEBODY]
    facts += field.positions
    found: dict[str, Standing] = {}
    over: set[str] = set()
    rested: dict[str, datetime] = {}
    for fact in sorted(facts, key=lambda fact: fact.at):
        if isinstance(fact, Position):
            found[fact.engineer] = _seen(fact, found.get(fact.engineer))
            rested |= {fact.engineer: fact.at} if fact.rested else {}
            continue
        mine = of_tickets.get(fact.ticket, ())
        visit = visit_of(fact, mine, over)
        if fact.kind in STOPS:
            stopped = {visit} if fact.kind is EventKind.LEFT else set(mine)
            over |= {visit} if fact.kind is EventKind.LEFT else set()
            for name, now in found.items():
                if now.visit and now.visit in stopped:
                    found[name] = Standing(name, fact.at, now.place if not now.travelling else now.origin)
        elif fact.by in engineers:
            before = found.get(fact.by)
            after = _went(fact, before, site_of[fact.ticket], visit, lasts.get(visit, timedelta()))
            found[fact.by] = after
    return {name: replace(one, rested_at=rested.get(name)) for name, one in found.items() if one.place}


def _by_ticket(visits: Iterable[Visit]) -> Mapping[str, tuple[str, ...]]:
    by_ticket: dict[str, list[str]] = {}
    for visit in sorted(visits, key=lambda visit: natural_key(visit.id)):
        by_ticket.setdefault(visit.ticket, []).append(visit.id)
    return {ticket: tuple(of_one) for ticket, of_one in by_ticket.items()}


def _seen(seen: Position, before: Standing | None) -> Standing:
    """A position says where he is; what is under way goes on."""
    if before is not None and before.visit:
        if not before.travelling:
            return before
        return replace(before, origin=place_at(seen.spot), at=seen.at, finish=seen.free_at)
    return Standing(seen.engineer, seen.at, place_at(seen.spot), finish=seen.free_at)


def _went(event: TicketEvent, before: Standing | None, site: str, visit: str, lasts: timedelta) -> Standing:
    """What an engineer's own event makes of his standing; a ticket without a visit moves him all the same."""
    here = "" if before is None else before.origin if before.travelling else before.place
    if event.kind is EventKind.TRAVELLING:
        return Standing(event.by, event.at, site, visit, travelling=True, origin=here)
    if event.kind is EventKind.ON_SITE:
        return Standing(event.by, event.at, site, visit, finish=event.at + lasts)
    # A revised finish counts from whoever is at work there.
    if before is not None and before.visit and before.visit == visit and not before.travelling:
        return replace(before, finish=moment(event.value))
    return before if before is not None else Standing(event.by, event.at, "")
