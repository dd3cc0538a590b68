"""Tickets in a database: written when nothing is missing, and what happens to them, judged by the desk's rules.

Commands of one region go one after another (`storage.appended.queue`), so that what was read still stands when it is
written; the version of a ticket is the number of its events, and whoever names one is refused when it has moved on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from dispatch.desk.announcement import BY_MESSAGE
from dispatch.desk.knowledge import check_closing
from dispatch.desk.life import check_history, work_ended
from dispatch.desk.ticket import EventKind, Ticket, TicketEvent
from dispatch.desk.visit import Appointment, PartNeed, Visit
from kernel.clock import utc
from kernel.errors import Refusal
from kernel.interval import Interval
from storage.announcing import announce_event, asked_of
from storage.appended import queue
from storage.dataset import desk_tables, paper_tables, stock_tables, ticket_tables, visit_tables
from storage.dataset.draft import Draft
from storage.dataset.rules import contracts_that_hold, tickets_in_one_place
from storage.dataset.table import Table
from storage.desk.known import check_known
from storage.idempotency import Reply, once
from storage.ready import foresee
from storage.regional import asked_zone, zone_of
from storage.rows.facts import add, asked_in, pair_of, plain, rows_of, values_in
from storage.rows.standing import Standing
from storage.rows.tickets import asked_of_one, one_ticket
from storage.unit_of_work import UnitOfWork

OVERTAKEN = timedelta(minutes=1)
"""So much a command may be overtaken by: twice the longest any waits for its turn (`storage.database.WAIT_S`)."""


@dataclass(frozen=True, slots=True)
class Trip:
    """A visit before it has its ids: what `dispatch.desk.visit.Visit` and its parts and appointments say."""

    duration_min: int
    earliest_at: datetime | None = None
    skills: tuple[tuple[str, int], ...] = ()
    certificates: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()
    parts: tuple[tuple[str, int], ...] = ()
    windows: tuple[tuple[datetime, datetime], ...] = ()

    def named(
        self, name: str, ticket: Ticket, /
    ) -> tuple[Visit, tuple[Appointment, ...], tuple[PartNeed, ...]]:
        """The visit of that id for a ticket, its appointments and its parts.

        Raises:
            Refusal: ``interval.*``; those of `dispatch.desk.visit.Visit`.
        """
        return (
            Visit(
                name,
                ticket.id,
                ticket.site,
                self.duration_min,
                self.earliest_at,
                self.skills,
                self.certificates,
                self.tools,
            ),
            tuple(Appointment(name, Interval(start, end)) for start, end in self.windows),
            tuple(PartNeed(name, part, quantity) for part, quantity in self.parts),
        )

    def told(self) -> dict[str, Any]:
        """The trip in plain JSON values."""
        return {
            "duration_min": self.duration_min,
            "earliest_at": self.earliest_at and self.earliest_at.isoformat(),
            "skills": self.skills,
            "certificates": self.certificates,
            "tools": self.tools,
            "parts": self.parts,
            "windows": [[start.isoformat(), end.isoformat()] for start, end in self.windows],
        }


@dataclass(frozen=True, slots=True)
class Known:
    """A ticket as the database has it, and what stands of its region; `version` counts its events."""

    ticket: Ticket
    events: tuple[TicketEvent, ...]
    stands: Standing

    @property
    def version(self) -> int:
        """How often it was written to since it was opened."""
        return len(self.events)


def happened(work: UnitOfWork, event: TicketEvent, *, version: int | None = None) -> Reply:
    """Write down what happened to a ticket: ``{"ticket": id, "version": events}``.

    Args:
        work: of the command.
        event: the next one of the ticket.
        version: what the writer has seen; None: whatever it is.

    Raises:
        Refusal: ``desk.unknown_ticket``, ``desk.ticket_moved_on`` when it has another version, ``desk.ahead_of_now``,
            ``stock.unknown_part`` when it needs one; those of `dispatch.desk.life.check_history` and `dispatch.desk.knowledge.check_closing`.
    """
    row = rows_of(pair_of(ticket_tables.TICKET_EVENTS), (event,))[0]

    def act() -> Reply:
        return {"ticket": event.ticket, "version": write_event(work, event, version=version)}

    told = {"event": plain(row), "version": version}
    ahead = (*asked_of_one(work.region, event.ticket), *asked_of(work.region, event))
    return once(work, "ticket.event", told, act, queued=True, ahead=ahead)


def request_visit(work: UnitOfWork, ticket: str, trip: Trip) -> Reply:
    """Ask for one more trip for a ticket with work to be done: ``{"ticket": id, "visit": id}``.

    Raises:
        Refusal: ``desk.unknown_ticket``, ``desk.unknown_reference``, ``board.ticket_done``.
    """

    def act() -> Reply:
        known = ticket_known(work, ticket)
        if work_ended(known.events):
            raise Refusal("board.ticket_done", ticket=ticket, visit="-")
        return {"ticket": ticket, "visit": write_trip(work, known.ticket, trip)}

    return once(work, "ticket.visit", {"ticket": ticket, "trip": trip.told()}, act, queued=True)


def write_ticket(work: UnitOfWork, ticket: Ticket) -> None:
    """Write a ticket inside a command that has queued already.

    Raises:
        Refusal: ``desk.unknown_reference``, ``desk.ahead_of_now``; those of
            `storage.dataset.rules.tickets_in_one_place` and `contracts_that_hold`.
    """
    check_past(work, (ticket.reported_at,))
    zone = (asked_zone(work.region),) if ticket.contract else ()
    foresee(work.connection, [*(asked_in(file, work.region, **one) for file, one in _names(ticket)), *zone])
    named = _named_by(work, ticket)
    meant = {"sites": ticket.site, "assets": ticket.asset, "contracts": ticket.contract}
    if any(meant[file] and not found for file, found in named.items()):
        check_references(work, ticket_tables.TICKETS, (ticket,))
    _check_together(work, ticket, named)
    add(work, ticket_tables.TICKETS, (ticket,))
    facts = {"site": ticket.site, "asset": ticket.asset, "severity": ticket.severity}
    work.record("ticket.open", ticket.id, **facts)


def write_trip(work: UnitOfWork, ticket: Ticket, trip: Trip) -> str:
    """Write a visit inside a command that has queued already; gives its id, ``T-20260306-0007/1`` and so on.

    Raises:
        Refusal: ``desk.unknown_reference``, ``interval.ends_before_start``.
    """
    before = values_in(work.connection, visit_tables.VISITS, work.region, ticket_id=ticket.id)
    taken, number = {visit.id for visit in before}, len(before) + 1
    while f"{ticket.id}/{number}" in taken:
        number += 1
    name = f"{ticket.id}/{number}"
    visit, windows, needs = trip.named(name, ticket)
    for file, values in (
        (visit_tables.VISITS, (visit,)),
        (visit_tables.PART_REQUIREMENTS, needs),
        (visit_tables.APPOINTMENTS, windows),
    ):
        check_references(work, file, values, new=frozenset({name}))
        add(work, file, values)
    work.record("ticket.visit", ticket.id, visit=name, minutes=trip.duration_min)
    return name


def write_event(work: UnitOfWork, event: TicketEvent, *, version: int | None = None) -> int:
    """Judge and write one event inside a command that has queued already; gives the ticket's new version.

    What is said to happen now happens when its turn has come: not before what was written while it waited, by this server or
    by one whose clock is a little ahead (`OVERTAKEN`).
    """
    known = ticket_known(work, event.ticket)
    if version is not None and version != known.version:
        raise Refusal("desk.ticket_moved_on", ticket=event.ticket, seen=version, version=known.version)
    check_past(work, (event.at,))
    last_at = max((known.ticket.reported_at, *(one.at for one in known.events)))
    if event.at == work.now < last_at <= work.now + OVERTAKEN:
        event = replace(event, at=last_at)
    # The ticket has just been read; a visit of the same name has not.
    read = frozenset({event.ticket} - {event.visit})
    check_references(work, ticket_tables.TICKET_EVENTS, (event,), new=read)
    if event.kind in {EventKind.PART_NEEDED, EventKind.PART_SHORT}:
        part = event.part_needed[0]
        if not values_in(work.connection, stock_tables.PARTS, work.region, part_id=part):
            raise Refusal("stock.unknown_part", part=part)
    if event.visit:
        of = values_in(work.connection, visit_tables.VISITS, work.region, visit_id=event.visit)
        if any(visit.ticket != event.ticket for visit in of):
            raise Refusal("board.visit_of_other_ticket", visit=event.visit, ticket=event.ticket)
    _check_life(work, known, event)
    add(work, ticket_tables.TICKET_EVENTS, (event,))
    work.record("ticket.event", event.ticket, event=event.kind, at=event.at.isoformat(), by=event.by)
    announce_event(work, event)
    return known.version + 1


def told_by_message(work: UnitOfWork, ticket: str, body: Mapping[str, Any]) -> None:
    """Write down that a message told the customer of a ticket the time it says; one that says none is nothing to write.

    Args:
        work: of the sender.
        ticket: what the message is about.
        body: as `storage.announcing` left it.

    Raises:
        Refusal: as `happened`.
    """
    if not body.get("tells"):
        return
    queue(work)
    value = f"{body['tells']} {body['channel']}"
    told = TicketEvent(ticket, work.now, EventKind.TOLD, BY_MESSAGE, value=value, visit=body["visit"])
    write_event(work, told)


def ticket_known(work: UnitOfWork, ticket: str) -> Known:
    """Read a ticket of the command's region with its events.

    Raises:
        Refusal: ``desk.unknown_ticket``.
    """
    found = one_ticket(work.connection, work.region, ticket)
    if found is None:
        raise Refusal("desk.unknown_ticket", ticket=ticket[:64])
    return Known(*found)


def check_past(work: UnitOfWork, moments: Iterable[datetime]) -> None:
    """Refuse what has not happened yet: ``desk.ahead_of_now``."""
    for at in moments:
        if utc(at) > work.now:
            raise Refusal("desk.ahead_of_now", at_time=at.isoformat(), now=work.now.isoformat())


def check_references(
    work: UnitOfWork, file: Table, values: tuple[Any, ...], *, new: frozenset[str] = frozenset()
) -> None:
    """Refuse values that refer to what is neither there nor `new`: ``desk.unknown_reference``."""
    pair = pair_of(file)
    back = {pair.column(column.name): column.name for column in file.columns}
    rows = [{back[name]: value for name, value in row.items()} for row in rows_of(pair, values)]
    check_known(work.connection, work.region, file, rows, new=new)


def _named_by(work: UnitOfWork, ticket: Ticket) -> dict[str, list[Draft]]:
    """What a ticket names, as far as it is there."""
    found: dict[str, list[Draft]] = {"sites": [], "assets": [], "contracts": []}
    for file, wanted in _names(ticket):
        there = values_in(work.connection, file, work.region, **wanted)
        found[file.name] = [Draft(at, {}, value) for at, value in enumerate(there)]
    return found


def _names(ticket: Ticket) -> list[tuple[Table, dict[str, str]]]:
    """Which rows of which files a ticket names."""
    named = (
        (desk_tables.SITES, {"site_id": ticket.site}),
        (desk_tables.ASSETS, {"asset_id": ticket.asset}),
        (desk_tables.CONTRACTS, {"contract_id": ticket.contract}),
    )
    return [(file, wanted) for file, wanted in named if all(wanted.values())]


def _check_together(work: UnitOfWork, ticket: Ticket, named: Mapping[str, list[Draft]]) -> None:
    """What a dataset's rows have to keep together holds for a command too."""
    accepted: Mapping[str, list[Draft]] = {
        **named,
        "tickets": [Draft(0, {}, ticket)],
        "visits": [],
        "ticket_events": [],
    }
    for _, _, _, refusal in tickets_in_one_place(accepted):
        raise refusal
    if not named["contracts"]:
        return
    for _, _, _, refusal in contracts_that_hold(accepted, zone_name=zone_of(work.connection, work.region)):
        raise refusal


def _check_life(work: UnitOfWork, known: Known, event: TicketEvent) -> None:
    """Refuse an event that cannot follow; what already stands is not judged again."""
    ticket, before, after = known.ticket, known.events, (*known.events, event)
    scheme = known.stands.schemes[ticket.scheme, ticket.version]
    # As it mostly can follow, what stands is judged only where something is refused.
    refused = tuple(check_history(ticket, after, scheme))
    if refused:
        _check_new(refused, check_history(ticket, before, scheme))
    if not any(one.kind is EventKind.CLOSED for one in after):
        return
    entries = values_in(work.connection, paper_tables.KNOWLEDGE, work.region, ticket_id=ticket.id)
    refused = tuple(check_closing(ticket, after, scheme, entries))
    if refused:
        _check_new(refused, check_closing(ticket, before, scheme, entries))


def _check_new(now: Sequence[Refusal], stood: Iterable[Refusal]) -> None:
    """Refuse what was not refused before."""
    told = sum(1 for _ in stood)
    if len(now) > told:
        raise now[told]
