"""What happens when everything goes as planned: the events of a plan's stops up to a moment, in order of time.

For previews, simulations and days told as a script: whatever nobody said otherwise went as planned. Parts
known lot by lot or one by one are left to the storekeeper's own moves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from dispatch.board import Board
from dispatch.bringing import is_computed
from dispatch.cost import DAY_S, place_of, travel_between, visit_stops
from dispatch.crew import Position
from dispatch.desk.life import ENDS_WORK
from dispatch.desk.milestone import Milestone
from dispatch.desk.ticket import EventKind, TicketEvent
from dispatch.event import (
    EngineerSeen,
    Event,
    LoanerLent,
    LoanerReturned,
    LoanerTaken,
    StockMoved,
    TicketHappened,
)
from dispatch.loaners import Loan, loans_of
from dispatch.parts import Condition, Move, OfferKind, PlaceKind, SupplyOffer, Tracking
from dispatch.plan import LoanerBy, Outsourced, Plan, Route, Source, Stop, StopKind, Supply
from dispatch.problem import PlanningProblem, Visit, departure, plain_name
from kernel.errors import Refusal

Timed = tuple[datetime, Event]


@dataclass(frozen=True)
class InForce:
    """A plan people go by, with the board and problem it was made for: its ticks count from `board.now`."""

    board: Board
    problem: PlanningProblem
    plan: Plan


def as_planned(going: InForce, *, until: datetime) -> tuple[Timed, ...]:
    """Give what a plan has happen from its own moment to `until` (that moment included), in order of time.

    On the way, on site, done (repaired or delivered where it ends last of all the ticket's visits and everything of
    them is planned, else left; each of a crew when his part is), outside partners likewise, breaks, parts and loaners
    picked up, parts used, loaners sent, brought and fetched back to the end of the route.

    Raises:
        Refusal: ``day.no_place`` when parts are used and the region has no place of kind customer.
    """
    ending = _endings(going)
    found = [timed for route in going.plan.routes for timed in _route(going, route, ending)]
    found += [timed for one in going.plan.outside for timed in _partner(going, one, ending)]
    due = [timed for timed in found if timed[0] <= until]
    return tuple(sorted(due, key=lambda timed: (timed[0], _ends_ticket(timed[1]))))


def _endings(going: InForce) -> dict[str, EventKind]:
    """How each part of a visit ends, by its id: somebody leaves, or the ticket's work is done.

    That is the end of what ends last of all the ticket's visits, if everything of those that are open is planned.
    """
    parts: dict[str, list[Stop | Outsourced]] = {}
    all_parts: list[Stop | Outsourced] = [*visit_stops(going.plan), *going.plan.outside]
    for done in sorted(all_parts, key=_ended):
        parts.setdefault(_visit(going, done).ticket, []).append(done)
    planned = {_ref(done) for dones in parts.values() for done in dones}
    missing = {visit.ticket for visit in going.problem.visits if visit.id not in planned}
    posed = {visit.desk_visit for visit in going.problem.visits}
    missing |= {visit.ticket for visit in going.board.visits.values() if visit.id not in posed}
    ends = dict.fromkeys(planned, EventKind.LEFT)
    for ticket, dones in parts.items():
        if ticket not in missing:
            ends[_ref(dones[-1])] = _end_of_work(going, ticket)
    return ends


def _ended(done: Stop | Outsourced) -> tuple[int, str]:
    return done.end_s, _ref(done)


def _ref(done: Stop | Outsourced) -> str:
    return done.ref if isinstance(done, Stop) else done.visit


def _visit(going: InForce, done: Stop | Outsourced) -> Visit:
    return going.problem.visits[going.problem.visit_index[_ref(done)]]


def _ends_ticket(event: Event) -> bool:
    """Whether nothing of a ticket is left to be said after it: of events of one moment it comes last."""
    return isinstance(event, TicketHappened) and event.event.kind in ENDS_WORK


def _end_of_work(going: InForce, ticket: str) -> EventKind:
    deliver = going.board.clocks(going.board.ticket(ticket)).get(Milestone.DELIVER)
    return EventKind.DELIVERED if deliver is not None and deliver.is_open else EventKind.REPAIRED


def _partner(going: InForce, done: Outsourced, ending: Mapping[str, EventKind]) -> Iterator[Timed]:
    """A partner comes when he was asked to and is done when he said."""
    ticket = going.problem.visits[going.problem.visit_index[done.visit]].ticket
    said = going.board.events.get(ticket, ())
    there = any((e.kind, e.by, e.visit) == (EventKind.ON_SITE, done.partner, done.visit) for e in said)
    if not there:
        yield from _told(going, done.visit, EventKind.ON_SITE, done.partner, done.start_s)
    yield from _told(going, done.visit, ending[done.visit], done.partner, done.end_s)


def _route(going: InForce, route: Route, ending: Mapping[str, EventKind]) -> Iterator[Timed]:
    board, problem = going.board, going.problem
    shift = problem.shifts[problem.shift_index[route.shift]]
    engineer = problem.engineers[shift.engineer].id
    standing = board.standing.get(engineer)
    here, left_s, rests = shift.start_place, route.depart_s, list[Stop]()
    for stop in route.stops:
        if stop.kind is StopKind.BREAK:
            rests.append(stop)
            continue
        there = place_of(problem, stop)
        for rest in rests:
            before = rest.start_s < stop.arrive_s
            yield from _at(
                going, engineer, here if before else there, (rest.start_s, rest.end_s), rested=True
            )
            left_s = rest.end_s if before else left_s
        way_s = travel_between(problem, here, there)
        leaves_s = max(left_s, departure(problem.pace, stop.arrive_s, way_s))
        if stop.kind is StopKind.PICK_UP:
            yield from _at(going, engineer, there, (leaves_s, stop.arrive_s))
            yield from _at(going, engineer, there, (stop.start_s, stop.end_s))
            yield from _picked_up(going, route, stop, engineer)
        else:
            begun = standing is not None and bool(standing.visit) and standing.part == stop.ref
            if not begun:
                yield from _told(going, stop.ref, EventKind.TRAVELLING, engineer, leaves_s)
            if standing is None or not begun or standing.travelling:
                yield from _told(going, stop.ref, EventKind.ON_SITE, engineer, stop.start_s)
            yield from _lent(going, stop)
            yield from _used(going, stop, engineer)
            yield from _told(going, stop.ref, ending[stop.ref], engineer, stop.end_s)
        here, left_s, rests = there, stop.end_s, []
    for rest in rests:
        yield from _at(going, engineer, here, (rest.start_s, rest.end_s), rested=True)
    back_at = board.moment(route.end_s)
    out = {loan.unit: loan.id for loan in loans_of(board.region.stock) if loan.back_at is None}
    for unit in (unit for stop in route.stops for unit in stop.fetches if unit in out):
        yield back_at, LoanerReturned(out[unit], back_at)


def _at(
    going: InForce, engineer: str, place: int, ticks: tuple[int, int], *, rested: bool = False
) -> Iterator[Timed]:
    """He is at a place, or on his way there, until the second tick."""
    at, free_at = (going.board.moment(tick) for tick in ticks)
    spot = going.board.locations[going.problem.places[place]]
    yield at, EngineerSeen(Position(engineer, at, spot, free_at, rested))


def _told(going: InForce, name: str, kind: EventKind, by: str, tick: int) -> Iterator[Timed]:
    visit = going.problem.visits[going.problem.visit_index[name]]
    at = going.board.moment(tick)
    yield at, TicketHappened(TicketEvent(visit.ticket, at, kind, by, visit=visit.desk_visit))


def _used(going: InForce, stop: Stop, engineer: str) -> Iterator[Timed]:
    """The parts leave for the customer when the work is done."""
    for number, supply in enumerate(stop.supply):
        source = _source(going, supply, engineer)
        # What was asked for a plan is followed under its own number.
        brought = _asked(going, supply)
        reference = brought.id if brought is not None else f"{stop.ref}/{number + 1}"
        if source:
            yield from _took(going, stop.end_s, supply, (source, _customers(going)), reference)


def _source(going: InForce, supply: Supply, engineer: str) -> str:
    """The place a part leaves when it is used; empty: it never stood on a shelf of ours."""
    if supply.source in {Source.VAN, Source.PICK_UP}:
        van = next(one.van for one in going.board.region.field.engineers if one.id == engineer)
        return van or supply.from_id
    if supply.source is Source.OFFER:
        offer = going.problem.offers[going.problem.offer_index[supply.from_id]]
        brought = _asked(going, supply)
        if offer.from_store < 0 and brought is not None and brought.kind is not OfferKind.PURCHASE:
            return brought.source  # a van, or a cabinet at the customer's
        return going.problem.stores[offer.from_store].id if offer.from_store >= 0 else ""
    return ""


def _asked(going: InForce, supply: Supply) -> SupplyOffer | None:
    """What was asked for because the plan takes it; None: it came otherwise, or was asked for by hand."""
    if supply.source is not Source.OFFER:
        return None
    rows = (one for one in going.board.region.stock.supply_offers if one.id == supply.from_id)
    return next((one for one in rows if is_computed(one)), None)


def _customers(going: InForce) -> str:
    for place in going.board.region.stock.places:
        if place.kind is PlaceKind.CUSTOMER:
            return place.id
    raise Refusal("day.no_place", kind=PlaceKind.CUSTOMER.value)


def _picked_up(going: InForce, route: Route, stop: Stop, engineer: str) -> Iterator[Timed]:
    """What the later visits take from the store is in his van, parts and loaners."""
    van = next(one.van for one in going.board.region.field.engineers if one.id == engineer)
    for later in route.stops:
        for number, supply in enumerate(later.supply):
            if supply.source is Source.PICK_UP and supply.from_id == stop.ref and van:
                yield from _took(
                    going, stop.start_s, supply, (stop.ref, van), f"{later.ref}/{number + 1}/van"
                )
        brought = later.loaner
        if van and brought is not None and (brought.by, brought.store) == (LoanerBy.VISIT, stop.ref):
            at = going.board.moment(stop.start_s)
            yield at, LoanerTaken(brought.unit, engineer, at)


def _took(going: InForce, tick: int, supply: Supply, way: tuple[str, str], reference: str) -> Iterator[Timed]:
    stock, name = going.board.region.stock, plain_name(supply.part)
    if next(part.tracking for part in stock.parts if part.id == name) is not Tracking.NONE:
        return
    at = going.board.moment(tick)
    move = f"{reference}/{name}/{at:%m%dT%H%M}"
    goods = (name, supply.quantity, *way, Condition.USABLE)
    yield at, StockMoved(Move(move, at, *goods, "as planned", "plan", "plan", reference, move))


def _lent(going: InForce, stop: Stop) -> Iterator[Timed]:
    if stop.loaner is None:
        return
    visit = going.problem.visits[going.problem.visit_index[stop.ref]]
    at = going.board.moment(stop.loaner.stands_s)
    back = at + timedelta(seconds=max(DAY_S, stop.end_s - stop.loaner.stands_s))
    yield at, LoanerLent(Loan(f"{stop.loaner.unit}/{at:%m%dT%H%M}", stop.loaner.unit, visit.ticket, at, back))
    yield at, TicketHappened(TicketEvent(visit.ticket, at, EventKind.LOANER_IN_PLACE, "plan"))
