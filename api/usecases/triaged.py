"""What triage proposes for a ticket: where to begin, and what it took the last times, each with its counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from api.usecases.fitted import fitted, parts_of
from dispatch.desk.history import ClosedTicket, as_closed
from dispatch.desk.milestone import TicketKind
from dispatch.desk.scheme import Scheme
from dispatch.desk.ticket import Ticket, TicketEvent
from dispatch.desk.triage import FirstWay, Likely, first_way, likely
from dispatch.region import Region, practice_of


@dataclass(frozen=True, slots=True)
class Triaged:
    """A proposal; the desk decides.

    Args:
        first: where to begin, and why.
        found: what earlier faults of the same model took.
        usual_min: minutes of work this kind takes that way, by the practice; None: it does not say.
    """

    first: FirstWay
    found: Likely
    usual_min: int | None


def triage_of(
    region: Region,
    ticket: Ticket,
    scheme: Scheme,
    /,
    *,
    now: datetime,
    events: Mapping[str, tuple[TicketEvent, ...]],
) -> Triaged | None:
    """Propose where to begin with a ticket; None: the desk's practice knows no such work.

    Args:
        region: with its history.
        ticket: as reported.
        scheme: the version it keeps.
        now: what happened later is not yet known.
        events: of every ticket, in order of time.
    """
    practice = practice_of(region.field)
    if not practice.ways(ticket.kind):
        return None
    model = next((one.model for one in region.field.assets if one.id == ticket.asset), "")
    held: dict[str, list[str]] = {one.id: [] for one in region.field.engineers}
    for one in region.field.skills:
        held.setdefault(one.engineer, []).append(one.skill)
    earlier = history_of(region, model, now=now, events=events) if ticket.kind is TicketKind.FAULT else ()
    others = (one for one in earlier if one.ticket != ticket.id)
    found = likely(others, model=model, symptom=ticket.symptom, held=held)
    first = first_way(ticket, scheme, practice, found)
    work = practice.works.get((ticket.kind, first.way))
    return Triaged(first, found, None if work is None else work.usual_min)


def history_of(
    region: Region, model: str, /, *, now: datetime, events: Mapping[str, tuple[TicketEvent, ...]]
) -> tuple[ClosedTicket, ...]:
    """Faults of a model that were repaired: those the repair history came with, and those closed at the desk since."""
    work = region.field
    before = tuple(one for one in work.closed_tickets if one.model == model and one.repaired_at <= now)
    known = {one.ticket for one in before}
    assets = {one.id for one in work.assets if model and one.model == model}
    kinds = {place.id: place.kind for place in region.stock.places}
    parts = fitted(region.stock.moves, kinds, now=now)
    visits: dict[str, list[str]] = {}
    for visit in work.visits:
        visits.setdefault(visit.ticket, []).append(visit.id)
    learnt = {one.ticket: one for one in sorted(work.knowledge, key=lambda one: one.at) if one.at <= now}
    since = []
    for ticket in work.tickets:
        if ticket.asset not in assets or ticket.kind is not TicketKind.FAULT or ticket.id in known:
            continue
        entry = learnt.get(ticket.id)
        closed = as_closed(
            ticket,
            events.get(ticket.id, ()),
            now,
            model=model,
            cause=entry.cause if entry else "",
            solution=entry.solution if entry else "",
            parts=parts_of(parts, ticket.id, *visits.get(ticket.id, ())),
        )
        since += [closed] if closed is not None else []
    return (*before, *since)
