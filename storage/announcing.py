"""Leaving messages: what a command changed for customers and engineers, put into the outbox of its own transaction.

Only who has an address hears of it (`storage.receivers`); everybody else stays on the call list.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from dispatch.desk.announcement import (
    BY_MESSAGE,
    Announcement,
    AnnouncementKind,
    moved_stops,
    of_event,
    to_customers,
    to_engineers,
)
from dispatch.desk.life import ENDS_WORK
from dispatch.desk.ticket import EventKind, TicketEvent
from dispatch.desk.visit import PublishedStop
from storage.dataset import crew_tables, ticket_tables, visit_tables
from storage.outbox import not_any_more, untried
from storage.ready import Asked
from storage.receivers import Receiver, Who, are_any, asked_any, receivers_of
from storage.regional import zone_of
from storage.rows.facts import values_among, values_in
from storage.rows.head import read_settings
from storage.rows.visits import told_in
from storage.tables.desk import SiteRow, TicketRow
from storage.unit_of_work import UnitOfWork

TOPIC = "message"
"""Topic of the outbox rows that are messages to people."""

SAYS_TIME = (AnnouncementKind.VISIT_TIME, AnnouncementKind.VISIT_MOVED, AnnouncementKind.VISIT_CANCELLED)

_OF_A_VISIT = (*SAYS_TIME, AnnouncementKind.ON_THE_WAY, AnnouncementKind.SET_OFF)
"""What is true no longer once nobody is sent any more."""

_SAID = frozenset({EventKind.TRAVELLING, EventKind.TOLD})


def announce_published(
    work: UnitOfWork, before: Mapping[str, PublishedStop], after: Mapping[str, PublishedStop]
) -> int:
    """Leave what people have to hear of a publication; gives how many messages were left.

    Args:
        work: of the command that publishes.
        before: stops by planned id, of the visits decided about.
        after: the same as they are from now on.
    """
    connection, region = work.connection, work.region
    moved = moved_stops(before, after)
    if not moved or not are_any(connection, region):
        return 0
    # A customer is told when the first of a crew comes: who else comes, or that another comes then, leaves what waits true.
    timed = {name: (old, new) for name, (old, new) in moved.items() if _says_another_time(name, old, new)}
    tickets = _tickets_of(connection, region, timed)
    found = (
        *to_customers(
            timed,
            tickets=tickets,
            history=told_in(connection, region, set(tickets.values())),
            tolerance=_tolerance(connection, region),
            now=work.now,
        ),
        *to_engineers(
            moved,
            worked=_worked(connection, region, [stop for stops in moved.values() for stop in stops if stop]),
            now=work.now,
            zone_name=zone_of(connection, region),
        ),
    )
    not_any_more(work, timed.keys(), kinds=SAYS_TIME)
    return _leave(work, found)


def announce_event(work: UnitOfWork, event: TicketEvent) -> int:
    """Leave what the customer has to hear of a step of his ticket; gives how many messages were left."""
    connection, region = work.connection, work.region
    if event.kind not in _SAID | ENDS_WORK or event.by == BY_MESSAGE or not are_any(connection, region):
        return 0
    if event.kind in ENDS_WORK:
        visits = {
            one.id for one in values_in(connection, visit_tables.VISITS, region, ticket_id=event.ticket)
        }
        not_any_more(work, visits, kinds=_OF_A_VISIT)
        return 0
    stop = None
    if event.visit:
        stops = values_in(connection, visit_tables.PUBLISHED_PLAN, region, visit_id=event.visit)
        stop = next((one for one in stops if one.planned == one.visit), None)
    # The event itself is written already: the last one of its moment.
    before = [one for one in told_in(connection, region, {event.ticket}) if one.at < event.at]
    others: Sequence[TicketEvent] = ()
    if event.kind is EventKind.TRAVELLING:
        others = values_in(connection, ticket_tables.TICKET_EVENTS, region, ticket_id=event.ticket)
    tolerance = _tolerance(connection, region)
    found = of_event(event, stop=stop, history=before, tolerance=tolerance, others=others)
    if found is None:
        return 0
    if found.kind in SAYS_TIME and found.visit:
        not_any_more(work, {found.visit}, kinds=SAYS_TIME)
    return _leave(work, (found,))


def asked_of(region: str, event: TicketEvent) -> tuple[Asked, ...]:
    """What `announce_event` asks first."""
    said = event.kind in _SAID | ENDS_WORK and event.by != BY_MESSAGE
    return (asked_any(region),) if said else ()


def _says_another_time(name: str, old: PublishedStop | None, new: PublishedStop | None) -> bool:
    """Whether a change is one of the time a customer is told."""
    stop = new or old
    if stop is None or name != stop.visit:
        return False
    return old is None or new is None or old.starts_at != new.starts_at


def _leave(work: UnitOfWork, found: Sequence[Announcement]) -> int:
    engineers = [one.about for one in found if one.kind is AnnouncementKind.DAY_CHANGED]
    owners = _customers_of(
        work.connection,
        work.region,
        {one.about for one in found if one.kind is not AnnouncementKind.DAY_CHANGED},
    )
    customers = receivers_of(work.connection, work.region, Who.CUSTOMER, set(owners.values()))
    crew = receivers_of(work.connection, work.region, Who.ENGINEER, engineers)
    waits = _days_waiting(work, engineers)
    left = 0
    for one in found:
        if (one.about, one.values.get("day", "")) in waits:
            continue  # what he is told to look at is there when he looks
        of_crew = one.kind is AnnouncementKind.DAY_CHANGED
        receiver = crew.get(one.about) if of_crew else customers.get(owners.get(one.about, ""))
        if receiver is not None:
            work.send(TOPIC, one.about, _body(one, receiver))
            work.record("message.left", one.about, kind=one.kind.value, channel=receiver.channel)
            left += 1
    return left


def _days_waiting(work: UnitOfWork, engineers: Collection[str]) -> set[tuple[str, str]]:
    """Engineers and days of whose change a message waits that nobody has taken up; nobody does before the commit."""
    return {
        (about, str(body["values"].get("day", "")))
        for about, body in untried(work, engineers)
        if body.get("kind") == AnnouncementKind.DAY_CHANGED
    }


def _body(one: Announcement, receiver: Receiver) -> dict[str, Any]:
    """As `api.outbound.message.Message` reads it, with the visit and the time it tells beside."""
    return {
        "channel": receiver.channel,
        "to": receiver.address,
        "kind": one.kind.value,
        "lang": receiver.lang,
        "values": dict(one.values),
        "visit": one.visit,
        "tells": "" if one.starts_at is None else one.starts_at.isoformat(),
    }


def _tolerance(connection: Connection, region: str) -> timedelta:
    return timedelta(minutes=read_settings(connection, region).policy.tolerance_min)


def _tickets_of(connection: Connection, region: str, visits: Collection[str]) -> dict[str, str]:
    found = values_among(connection, visit_tables.VISITS, region, "visit_id", visits)
    return {visit.id: visit.ticket for visit in found}


def _customers_of(connection: Connection, region: str, tickets: Collection[str]) -> dict[str, str]:
    at_site = (SiteRow.c.region_id == TicketRow.c.region_id) & (SiteRow.c.site_id == TicketRow.c.site_id)
    query = select(TicketRow.c.ticket_id, SiteRow.c.customer_id).join(SiteRow, at_site)
    here = (TicketRow.c.region_id == region) & TicketRow.c.ticket_id.in_(sorted(tickets))
    return {row.ticket_id: row.customer_id for row in connection.execute(query.where(here))}


def _worked(
    connection: Connection, region: str, stops: Sequence[PublishedStop]
) -> dict[str, tuple[str, datetime]]:
    wanted = {stop.shift for stop in stops if stop.shift}
    shifts = values_among(connection, crew_tables.SHIFTS, region, "shift_id", wanted)
    found = {one.id: (one.engineer, one.worked.start) for one in shifts}
    on_call = values_among(connection, crew_tables.ON_CALL, region, "duty_id", wanted - found.keys())
    return found | {one.id: (one.engineer, one.duty.start) for one in on_call}
