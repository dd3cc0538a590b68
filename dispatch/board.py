"""What is true right now, and the one place where the wall clock becomes a problem's ticks.

A board is a value: `Board.of` builds it from a region, `apply` gives the board after one event, `at` the board
a little later. What an event does not touch is kept, so live work, previews and simulations all go
forward the same way. `problem` reads the board as a `PlanningProblem`: a tick is a second after `now`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from dispatch.desk.clock import ClockState, clocks
from dispatch.desk.life import work_ended
from dispatch.desk.milestone import Milestone
from dispatch.desk.scheme import Scheme
from dispatch.desk.ticket import EventKind, Ticket, TicketEvent
from dispatch.desk.told import as_told, tellings, told
from dispatch.desk.visit import Appointment, PartNeed, PublishedStop, Visit
from dispatch.desk.workshop import to_workshop
from dispatch.event import (
    AppointmentAgreed,
    CustomersTold,
    EngineerAway,
    EngineerSeen,
    Event,
    LoanerLent,
    LoanerReturned,
    LoanerTaken,
    PlanPublished,
    StockMoved,
    SupplyOffered,
    TicketHappened,
    TicketOpened,
    VisitRequested,
    WorkshopChosen,
)
from dispatch.event_rules import check_request, check_stops, check_ticket, history_with
from dispatch.heard import heard, needed_parts
from dispatch.loaners import lent, returned, taken
from dispatch.parts import Balances, ledger_of, offered, posted
from dispatch.region import Region, schemes_of
from dispatch.roads import everywhere, roads
from dispatch.short import FREED, freed
from dispatch.travel import Travel
from dispatch.underway import MOVES_SOMEBODY, STOPS, Begun, PartnerThere, Standing, spot_at
from kernel.calendars import BusinessCalendar
from kernel.errors import Refusal
from kernel.ids import natural_key
from kernel.place import LatLon

Item = TypeVar("Item")


@dataclass(frozen=True, eq=False)
class Board:
    """The open work of a region at a moment.

    Args:
        region: the facts, kept up to date by `apply`.
        now: aware UTC; tick 0 of the problem.
        tickets: tickets by id; `events` their events in order of time.
        visits: open visits by id; `appointments` and `part_needs` theirs.
        published: published stops by the id the solver places them under (`PublishedStop.planned`).
        standing: the last that is known of engineers, by engineer.
        begun: what has been done of visits somebody has left, by visit.
        partners: outside partners who are at work, by visit.
        roads: travel between all locations.
        ledger: the moves added up, once one was posted here.
        workshop: visits that were to be done on site when the region was read and go to the workshop since.
        overtaken: stops of these that were published and are no longer work to do, until a plan is published.
    """

    region: Region
    now: datetime
    tickets: Mapping[str, Ticket]
    events: Mapping[str, tuple[TicketEvent, ...]]
    visits: Mapping[str, Visit]
    appointments: Mapping[str, tuple[Appointment, ...]]
    part_needs: Mapping[str, tuple[PartNeed, ...]]
    published: Mapping[str, PublishedStop]
    standing: Mapping[str, Standing]
    begun: Mapping[str, Begun]
    partners: Mapping[str, PartnerThere]
    roads: Travel
    schemes: Mapping[tuple[str, str], Scheme]
    ledger: Balances | None = None
    workshop: tuple[str, ...] = ()
    overtaken: tuple[PublishedStop, ...] = ()

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
        said = heard(work, now=now or region.settings.as_of)
        visits = {visit.id: visit for visit in work.visits if visit.id not in said.over}
        work = replace(
            work, published=freed(_as_told(region, work.published), work.ticket_events, work.visits)
        )
        board = cls(
            region=replace(region, field=work),
            now=now or region.settings.as_of,
            tickets={ticket.id: ticket for ticket in work.tickets},
            events=_grouped(
                (event.ticket, event) for event in sorted(work.ticket_events, key=lambda e: e.at)
            ),
            visits=visits,
            appointments=_grouped((one.visit, one) for one in work.appointments),
            part_needs=_grouped((one.visit, one) for one in needed_parts(work)),
            published={stop.planned: stop for stop in work.published},
            standing=said.standings,
            begun=said.begun,
            partners=said.partners,
            roads=roads(region, visits.values(), said.standings.values()),
            schemes=schemes_of(work),
        )
        for ticket in work.tickets:
            board.scheme(ticket)
        return board

    def apply(self, event: Event) -> Board:
        """Give the board after `event`.

        Raises:
            Refusal: ``board.*`` when the event names something unknown, says again what is known, or lies ahead of
                `now`; ``ticket.*`` when the ticket's events can not have happened like that; ``stock.*`` for moves,
                offers and loans.
        """
        match event:
            case TicketOpened(ticket):
                return self._opened(ticket)
            case TicketHappened(happened):
                return self._happened(happened)
            case VisitRequested():
                return self._requested(event)
            case WorkshopChosen(visit):
                return self._benched(visit)
            case AppointmentAgreed():
                return self._agreed(event)
            case EngineerAway(absence):
                self._engineer(absence.engineer)
                if any(known.id == absence.id for known in self.region.field.absences):
                    raise Refusal("board.absence_known", absence=absence.id)
                after = self._field(absences=(*self.region.field.absences, absence))
                return _restood(_still_open(after)) if absence.away.start <= self.now else after
            case EngineerSeen(position):
                self._engineer(position.engineer)
                self._past(position.at)
                return _restood(self._field(positions=(*self.region.field.positions, position)))
            case StockMoved(move):
                self._past(move.at)
                stock, ledger = posted(self.region.stock, self.ledger or ledger_of(self.region.stock), move)
                return replace(self, region=replace(self.region, stock=stock), ledger=ledger)
            case SupplyOffered(offer):
                self._visit(offer.demand_ref)
                return replace(self, region=replace(self.region, stock=offered(self.region.stock, offer)))
            case LoanerLent(loan):
                self._past(loan.out_at)
                return replace(self, region=replace(self.region, stock=lent(self.region.stock, loan)))
            case LoanerTaken(unit, name, at):
                self._past(at)
                van = self._van(name) if name else ""
                return replace(
                    self, region=replace(self.region, stock=taken(self.region.stock, unit, van=van))
                )
            case LoanerReturned(loan_id, at):
                self._past(at)
                back = returned(self.region.stock, loan_id, at=at)
                return replace(self, region=replace(self.region, stock=back))
            case PlanPublished(stops):
                check_stops(stops, self.region.field, self.visits)
                return replace(_republished(self, _as_told(self.region, stops)), overtaken=())
            case CustomersTold(names, at):
                self._past(at)
                for name in names:
                    if name not in self.published:
                        raise Refusal("board.not_published", visit=name)
                stops = self.region.field.published
                return _republished(
                    self, tuple(replace(s, told_at=at) if s.planned in names else s for s in stops)
                )

    def at(self, now: datetime) -> Board:
        """Give the same board at another moment."""
        later = replace(self, now=now)
        gone = {one.engineer for one in self.region.field.absences if self.now < one.away.start <= now}
        # Who falls ill at work stops there.
        stops = any(one.visit and one.engineer in gone for one in self.standing.values())
        return _restood(later) if stops else later

    def _field(self, **changed: Any) -> Board:
        """The board with tables of the field side replaced."""
        return replace(self, region=replace(self.region, field=replace(self.region.field, **changed)))

    def _opened(self, ticket: Ticket) -> Board:
        self.scheme(ticket)
        self._past(ticket.reported_at)
        check_ticket(ticket, self.region)
        after = self._field(tickets=(*self.region.field.tickets, ticket))
        return replace(after, tickets={**self.tickets, ticket.id: ticket})

    def _happened(self, happened: TicketEvent) -> Board:
        ticket, work = self.ticket(happened.ticket), self.region.field
        self._past(happened.at)
        if happened.visit and all((v.id, v.ticket) != (happened.visit, ticket.id) for v in work.visits):
            raise Refusal("board.visit_of_other_ticket", visit=happened.visit, ticket=ticket.id)
        history = history_with(happened, ticket, self.events.get(ticket.id, ()), self.scheme(ticket))
        after = self._field(ticket_events=(*work.ticket_events, happened))
        after = replace(after, events={**self.events, ticket.id: history})
        match happened.kind:
            case EventKind.TOLD:
                return _informed(after, happened)
            case EventKind.PART_NEEDED:
                self._part(happened.part_needed[0])
                needs = _grouped((one.visit, one) for one in needed_parts(after.region.field))
                return replace(after, part_needs=needs)
            case EventKind.PART_SHORT:
                self._part(happened.part_needed[0])
                return _republished(after, freed(work.published, (happened,), work.visits))
        again = happened.kind is EventKind.REOPENED
        if happened.kind in STOPS or again:
            after = _still_open(after)
        return _restood(after) if happened.kind in MOVES_SOMEBODY or again else after

    def _requested(self, event: VisitRequested) -> Board:
        visit, work = event.visit, self.region.field
        ticket = self.ticket(visit.ticket)
        check_request(event, ticket, work, self.visits)
        for need in event.part_needs:
            self._part(need.part)
        if work_ended(self.events.get(ticket.id, ())):
            raise Refusal("board.ticket_done", ticket=ticket.id, visit=visit.id)
        after = self._field(
            visits=(*work.visits, visit),
            appointments=(*work.appointments, *event.appointments),
            part_needs=(*work.part_needs, *event.part_needs),
            crew_roles=(*work.crew_roles, *event.crew),
            visit_order=(*work.visit_order, *event.order),
        )
        agreed = {visit.id: event.appointments} if event.appointments else {}
        needs = {visit.id: event.part_needs} if event.part_needs else {}
        after = replace(
            after,
            visits={**self.visits, visit.id: visit},
            appointments={**self.appointments, **agreed},
            part_needs={**self.part_needs, **needs},
        )
        return _restood(after)

    def _benched(self, name: str) -> Board:
        self._visit(name)
        visit, work = self.visits[name], self.region.field
        if visit.bench_min is not None:
            raise Refusal("board.at_workshop", visit=name)
        at_work = any(one.visit == name for one in self.standing.values())
        if name in self.begun or name in self.partners or at_work:
            raise Refusal("board.visit_begun", visit=name)
        if any(role.visit == name for role in work.crew_roles):
            raise Refusal("board.crew_at_workshop", visit=name)
        asset = self.ticket(visit.ticket).asset
        model = next((one.model for one in work.assets if one.id == asset), "")
        bench = next((one for one in work.bench_times if model and one.model == model), None)
        if bench is None:
            raise Refusal("board.no_bench_time", visit=name, model=model or "-")
        sent = to_workshop(visit, bench)
        rows = tuple(sent if one.id == name else one for one in work.visits)
        after = self._field(visits=rows)
        after = replace(after, visits={**self.visits, name: sent}, workshop=(*self.workshop, name))
        return _collecting(after, name)

    def _agreed(self, event: AppointmentAgreed) -> Board:
        self._visit(event.visit)
        agreed = tuple(Appointment(event.visit, window) for window in event.windows)
        others = tuple(one for one in self.region.field.appointments if one.visit != event.visit)
        by_visit = {name: ones for name, ones in self.appointments.items() if name != event.visit}
        after = replace(
            self._field(appointments=(*others, *agreed)),
            appointments={**by_visit, **({event.visit: agreed} if agreed else {})},
        )
        stop = self.published.get(event.visit)
        if stop is None or not agreed or any(stop.starts_at in window for window in event.windows):
            return after
        freed = replace(stop, lock=FREED.get(stop.lock, stop.lock))
        return _republished(
            after, tuple(freed if one is stop else one for one in self.region.field.published)
        )

    def _engineer(self, name: str) -> None:
        if all(engineer.id != name for engineer in self.region.field.engineers):
            raise Refusal("board.unknown_engineer", engineer=name)

    def _part(self, name: str) -> None:
        if all(part.id != name for part in self.region.stock.parts):
            raise Refusal("stock.unknown_part", part=name)

    def _van(self, name: str) -> str:
        self._engineer(name)
        van = next(engineer.van for engineer in self.region.field.engineers if engineer.id == name)
        if not van:
            raise Refusal("board.no_van", engineer=name)
        return van

    def _visit(self, name: str) -> None:
        if name not in self.visits:
            raise Refusal("board.unknown_visit", visit=name)

    def _past(self, at: datetime) -> None:
        """What happens has happened: nothing is known ahead of the board's moment."""
        if at > self.now:
            raise Refusal("board.ahead_of_now", at_time=at.isoformat(), now=self.now.isoformat())

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
        known = everywhere(self.region)
        return {place: known[place] if place in known else spot_at(place) for place in self.roads.places}

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


def _still_open(board: Board) -> Board:
    """The board once visits may be over, or open again."""
    over = heard(board.region.field, now=board.now).over
    return replace(board, visits={v.id: v for v in board.region.field.visits if v.id not in over})


def _restood(board: Board) -> Board:
    """The board once engineers or open visits are elsewhere."""
    said = heard(board.region.field, now=board.now)
    ways = roads(board.region, board.visits.values(), said.standings.values(), made=board.roads)
    return replace(board, standing=said.standings, begun=said.begun, partners=said.partners, roads=ways)


def _republished(board: Board, stops: tuple[PublishedStop, ...]) -> Board:
    region = replace(board.region, field=replace(board.region.field, published=stops))
    # Whose part of a begun visit is whose is read off the published plan.
    return _restood(replace(board, region=region, published={stop.planned: stop for stop in stops}))


def _collecting(board: Board, visit: str) -> Board:
    """The board once a visit published as a repair on site collects the unit instead.

    Another job comes at another time: its start is free, and its later days are no days to bring the unit back.
    """
    stops = board.region.field.published
    if all(stop.visit != visit for stop in stops):
        return board
    gone = tuple(stop for stop in stops if stop.visit == visit and stop.piece > 1)
    left = tuple(
        replace(stop, lock=FREED.get(stop.lock, stop.lock)) if stop.visit == visit else stop
        for stop in stops
        if stop not in gone
    )
    return replace(_republished(board, left), overtaken=(*board.overtaken, *gone))


def _informed(board: Board, event: TicketEvent) -> Board:
    """The board once a customer knows his time: the published start is locked.

    Raises:
        Refusal: ``board.not_published``, ``told.other_time``.
    """
    mine = [visit.id for visit in board.visits.values() if visit.ticket == event.ticket]
    about = event.visit or min(mine, key=natural_key, default="")
    if about not in board.published:
        raise Refusal("board.not_published", visit=about or event.ticket)
    (telling,) = tellings((event,))
    known = told(board.published[about], telling, tolerance=_tolerance(board.region))
    stops = board.region.field.published
    return _republished(board, tuple(known if stop.planned == about else stop for stop in stops))


def _tolerance(region: Region) -> timedelta:
    return timedelta(minutes=region.settings.policy.tolerance_min)


def _as_told(region: Region, stops: tuple[PublishedStop, ...]) -> tuple[PublishedStop, ...]:
    """Published stops with what their customers were told before; who asked for another time since knows nothing."""
    work = region.field
    if not (history := tellings(work.ticket_events)):
        return freed(stops, work.ticket_events, work.visits)
    starts = {stop.visit: stop.starts_at for stop in stops if stop.planned == stop.visit}
    agreed: dict[str, bool] = {}
    for one in work.appointments:
        inside = one.visit in starts and starts[one.visit] in one.window
        agreed[one.visit] = agreed.get(one.visit, False) or inside
    tickets = {visit.id: visit.ticket for visit in work.visits if agreed.get(visit.id, True)}
    stops = as_told(stops, tickets, history, tolerance=_tolerance(region))
    return freed(stops, work.ticket_events, work.visits)


def _grouped(pairs: Iterable[tuple[str, Item]]) -> dict[str, tuple[Item, ...]]:
    found: dict[str, list[Item]] = {}
    for name, item in pairs:
        found.setdefault(name, []).append(item)
    return {name: tuple(items) for name, items in found.items()}
