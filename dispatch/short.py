"""A part the storekeeper cannot stage: what that does to a published visit, and whether it is still missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from dispatch.desk.ticket import EventKind, TicketEvent
from dispatch.desk.visit import Lock, PublishedStop, Visit
from dispatch.parts import Supplies
from dispatch.problem import kept_name
from dispatch.region import Fieldwork
from kernel.ids import natural_key

FREED = {Lock.TIME: Lock.NONE, Lock.BOTH: Lock.ENGINEER}
"""What is left of a lock whose start is not wanted any more, or cannot be kept."""


def freed(
    stops: tuple[PublishedStop, ...], events: Iterable[TicketEvent], visits: Iterable[Visit]
) -> tuple[PublishedStop, ...]:
    """Published stops with the start free again where a part was found short after its customer was told.

    The customer still knows his time, so another one is a call; a start he is told after that is locked again.

    Args:
        stops: as published.
        events: of all tickets.
        visits: of all tickets; a shortage that names none is about every one of its ticket.
    """
    short: dict[str, datetime] = {}
    for event in events:
        if event.kind is EventKind.PART_SHORT:
            name = event.visit or event.ticket
            short[name] = max(event.at, short.get(name, event.at))
    if not short:
        return stops
    tickets = {visit.id: visit.ticket for visit in visits}
    found = []
    for stop in stops:
        known = [short[name] for name in (stop.visit, tickets.get(stop.visit, "")) if name in short]
        overtaken = stop.told_at is not None and any(stop.told_at <= at for at in known)
        found.append(replace(stop, lock=FREED.get(stop.lock, stop.lock)) if overtaken else stop)
    return tuple(found)


def still_short(
    field: Fieldwork, open_visits: Mapping[str, Visit], offered: Supplies
) -> Iterator[tuple[str, str, int]]:
    """Visit, part and units of every shortage raised that has not been made good where its engineer would take it.

    That is his van, or his depot; of a visit published with nobody nothing is made good before it is planned.

    Args:
        field: with the events and the published plan.
        open_visits: visits that are not over, by id.
        offered: what there is now.
    """
    asked: dict[tuple[str, str], int] = {}
    for event in field.ticket_events:
        if event.kind is EventKind.PART_SHORT:
            mine = (visit.id for visit in open_visits.values() if visit.ticket == event.ticket)
            visit = event.visit or min(mine, key=natural_key, default="")
            part, units = event.part_needed
            if visit in open_visits:
                asked[visit, part] = units  # the last word counts
    shifts = {shift.id: shift.engineer for shift in field.shifts} if asked else {}
    goes = {stop.visit: shifts.get(stop.shift, "") for stop in field.published}
    depots = {engineer.id: engineer.depot for engineer in field.engineers}
    shelves = {shelf.id: shelf.stock for shelf in offered.shelves}
    for (visit, part), units in asked.items():
        engineer = goes.get(visit, "")
        places = (offered.vans.get(engineer, {}), shelves.get(depots.get(engineer, ""), {}))
        names = (part, kept_name(part, visit))
        if sum(stock.get(name, 0) for stock in places for name in names) < units:
            yield visit, part, units
