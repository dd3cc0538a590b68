"""What is true right now, and the one place where the wall clock becomes a problem's ticks.

A board is a value: `Board.of` builds it from a region, `apply` gives the board after one event, `at` the board
a little later. What an event does not touch is kept, so live work, previews and simulations all go
forward the same way. `problem` reads the board as a `PlanningProblem`: a tick is a second after `now`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from dispatch.crew import Absence
from dispatch.desk.clock import ClockState, clocks
from dispatch.desk.milestone import Milestone
from dispatch.desk.scheme import Scheme
from dispatch.desk.scheme_file import builtin_schemes
from dispatch.desk.ticket import EventKind, Ticket, TicketEvent
from dispatch.desk.visit import Appointment, PartNeed, PublishedStop, Visit
from dispatch.parts import Move, moved
from dispatch.region import Region
from dispatch.travel import Travel, travel
from kernel.calendars import BusinessCalendar
from kernel.errors import Refusal
from kernel.place import LatLon


@dataclass(frozen=True, slots=True)
class TicketOpened:
    """A customer reported something."""

    ticket: Ticket


@dataclass(frozen=True, slots=True)
class TicketHappened:
    """A step in a ticket's life."""

    event: TicketEvent


@dataclass(frozen=True, slots=True)
class VisitRequested:
    """A trip is needed: the visit with what it needs and what the customer agreed to."""

    visit: Visit
    appointments: tuple[Appointment, ...] = ()
    part_needs: tuple[PartNeed, ...] = ()


@dataclass(frozen=True, slots=True)
class EngineerAway:
    """An engineer will not be there."""

    absence: Absence


@dataclass(frozen=True, slots=True)
class StockMoved:
    """Parts went from one place to another."""

    move: Move


@dataclass(frozen=True, slots=True)
class PlanPublished:
    """These stops are what people were told; they replace what was published before."""

    stops: tuple[PublishedStop, ...]


Item = TypeVar("Item")
Event = TicketOpened | TicketHappened | VisitRequested | EngineerAway | StockMoved | PlanPublished

DONE = frozenset({EventKind.REPAIRED, EventKind.DELIVERED, EventKind.CLOSED, EventKind.CANCELLED})
"""After one of these a ticket's visits are no longer planned."""


@dataclass(frozen=True, eq=False)
class Board:
    """The open work of a region at a moment.

    Args:
        region: the facts, kept up to date by `apply`.
        now: aware UTC; tick 0 of the problem.
        tickets: tickets by id; `events` their events in order of time.
        visits: open visits by id; `appointments` and `part_needs` theirs.
        published: published stops by visit.
        roads: travel between all locations.
    """

    region: Region
    now: datetime
    tickets: Mapping[str, Ticket]
    events: Mapping[str, tuple[TicketEvent, ...]]
    visits: Mapping[str, Visit]
    appointments: Mapping[str, tuple[Appointment, ...]]
    part_needs: Mapping[str, tuple[PartNeed, ...]]
    published: Mapping[str, PublishedStop]
    roads: Travel
    schemes: Mapping[tuple[str, str], Scheme] = field(default_factory=builtin_schemes)

    @classmethod
    def of(cls, region: Region, *, now: datetime | None = None) -> Board:
        """Build the board of `region` at `now`; None: the moment the region is described at.

        Raises:
            Refusal: ``travel.unknown_location``, ``board.unknown_scheme``; ``board.now_before_facts`` when `now`
                lies before the moment the region is described at.
        """
        work = region.field
        if now is not None and now < region.settings.as_of:
            raise Refusal(
                "board.now_before_facts", now=now.isoformat(), as_of=region.settings.as_of.isoformat()
            )
        done = {event.ticket for event in work.ticket_events if event.kind in DONE}
        visits = {visit.id: visit for visit in work.visits if visit.ticket not in done}
        board = cls(
            region=region,
            now=now or region.settings.as_of,
            tickets={ticket.id: ticket for ticket in work.tickets},
            events=_grouped(
                (event.ticket, event) for event in sorted(work.ticket_events, key=lambda e: e.at)
            ),
            visits=visits,
            appointments=_grouped((one.visit, one) for one in work.appointments),
            part_needs=_grouped((one.visit, one) for one in work.part_needs),
            published={stop.visit: stop for stop in work.published},
            roads=roads(region, visits.values()),
        )
        for ticket in work.tickets:
            board.scheme(ticket)
        return board

    def apply(self, event: Event) -> Board:
        """Give the board after `event`.

        Raises:
            Refusal: ``board.unknown_ticket``, ``board.unknown_site``, ``board.unknown_scheme``,
                ``board.unknown_engineer``; stock refusals of the ledger come from inventory.
        """
        match event:
            case TicketOpened(ticket):
                self.scheme(ticket)
                return self._with(tickets={**self.tickets, ticket.id: ticket}, tickets_row=ticket)
            case TicketHappened(happened):
                return self._happened(happened)
            case VisitRequested(visit, appointments, part_needs):
                self.ticket(visit.ticket)
                if all(site.id != visit.site for site in self.region.field.sites):
                    raise Refusal("board.unknown_site", visit=visit.id, site=visit.site)
                visits = {**self.visits, visit.id: visit}
                facts = replace(
                    self.region.field,
                    visits=(*self.region.field.visits, visit),
                    appointments=(*self.region.field.appointments, *appointments),
                    part_needs=(*self.region.field.part_needs, *part_needs),
                )
                return replace(
                    self,
                    region=replace(self.region, field=facts),
                    visits=visits,
                    roads=roads(self.region, visits.values(), made=self.roads),
                    appointments={**self.appointments, visit.id: appointments}
                    if appointments
                    else self.appointments,
                    part_needs={**self.part_needs, visit.id: part_needs} if part_needs else self.part_needs,
                )
            case EngineerAway(absence):
                if all(engineer.id != absence.engineer for engineer in self.region.field.engineers):
                    raise Refusal("board.unknown_engineer", engineer=absence.engineer)
                facts = replace(self.region.field, absences=(*self.region.field.absences, absence))
                return replace(self, region=replace(self.region, field=facts))
            case StockMoved(move):
                return replace(self, region=replace(self.region, stock=moved(self.region.stock, move)))
            case PlanPublished(stops):
                facts = replace(self.region.field, published=stops)
                return replace(
                    self,
                    region=replace(self.region, field=facts),
                    published={stop.visit: stop for stop in stops},
                )

    def at(self, now: datetime) -> Board:
        """Give the same board at another moment."""
        return replace(self, now=now)

    def _with(self, *, tickets: Mapping[str, Ticket], tickets_row: Ticket) -> Board:
        facts = replace(self.region.field, tickets=(*self.region.field.tickets, tickets_row))
        return replace(self, region=replace(self.region, field=facts), tickets=tickets)

    def _happened(self, happened: TicketEvent) -> Board:
        ticket = self.ticket(happened.ticket)
        facts = replace(self.region.field, ticket_events=(*self.region.field.ticket_events, happened))
        history = tuple(sorted((*self.events.get(ticket.id, ()), happened), key=lambda event: event.at))
        visits = self.visits
        if happened.kind in DONE:
            visits = {name: visit for name, visit in visits.items() if visit.ticket != ticket.id}
        return replace(
            self,
            region=replace(self.region, field=facts),
            events={**self.events, ticket.id: history},
            visits=visits,
        )

    def ticket(self, name: str) -> Ticket:
        """Find a ticket.

        Raises:
            Refusal: ``board.unknown_ticket``.
        """
        if name not in self.tickets:
            raise Refusal("board.unknown_ticket", ticket=name)
        return self.tickets[name]

    def scheme(self, ticket: Ticket) -> Scheme:
        """The scheme version a ticket was opened under.

        Raises:
            Refusal: ``board.unknown_scheme``.
        """
        found = self.schemes.get((ticket.scheme, ticket.version))
        if found is None:
            raise Refusal(
                "board.unknown_scheme", ticket=ticket.id, scheme=ticket.scheme, version=ticket.version
            )
        return found

    def clocks(self, ticket: Ticket) -> dict[Milestone, ClockState]:
        """The ticket's clocks now."""
        return clocks(ticket, self.events.get(ticket.id, ()), self.scheme(ticket), self.calendars, self.now)

    @property
    def calendars(self) -> dict[str, BusinessCalendar]:
        """The region's business calendars by id."""
        return {calendar.id: calendar for calendar in self.region.field.calendars}

    @property
    def locations(self) -> dict[str, LatLon]:
        """Coordinates by location id: ``site:…``, ``place:…``, ``home:…``."""
        return {place: spot for place, spot in everywhere(self.region).items() if place in self.roads.index}

    @property
    def horizon_end(self) -> datetime:
        """The end of the planned days."""
        return self.now + timedelta(days=self.region.settings.horizon_days)

    def tick(self, moment: datetime) -> int:
        """Whole seconds after now, rounded down; negative before now."""
        return (moment - self.now) // timedelta(seconds=1)

    def moment(self, tick: int) -> datetime:
        """The moment of a tick, aware UTC."""
        return (self.now + timedelta(seconds=tick)).astimezone(UTC)


def everywhere(region: Region) -> dict[str, LatLon]:
    """Coordinates of everywhere somebody may be, by location id."""
    return {
        **{f"site:{site.id}": site.at for site in region.field.sites},
        **{f"place:{place.id}": place.at for place in region.stock.places if place.at is not None},
        **{f"home:{engineer.id}": engineer.home for engineer in region.field.engineers},
    }


def roads(region: Region, visits: Iterable[Visit], *, made: Travel | None = None) -> Travel:
    """Travel between the sites of `visits`, all places and all homes; `made` is kept when it covers them.

    Raises:
        Refusal: ``travel.unknown_location``.
    """
    known = everywhere(region)
    sites = {f"site:{visit.site}" for visit in visits}
    needed = {place: spot for place, spot in known.items() if place in sites or not place.startswith("site:")}
    if made is not None and needed.keys() <= made.index.keys():
        return made
    located = {place.partition(":")[2]: place for place in known}
    pairs = []
    for pair in region.field.travel:
        for end in (pair.origin, pair.destination):
            if end not in located:
                raise Refusal("travel.unknown_location", value=end)
        ends = located[pair.origin], located[pair.destination]
        if needed.keys() >= set(ends):
            pairs.append(replace(pair, origin=ends[0], destination=ends[1]))
    return travel(needed, region.settings.travel, pairs)


def _grouped(pairs: Iterable[tuple[str, Item]]) -> dict[str, tuple[Item, ...]]:
    found: dict[str, list[Item]] = {}
    for name, item in pairs:
        found.setdefault(name, []).append(item)
    return {name: tuple(items) for name, items in found.items()}
