"""What happens when everything goes as planned: the events of a plan's stops up to a moment, in order of time.

For previews, simulations and days told as a script: whatever nobody said otherwise went as planned. Parts
known lot by lot or one by one are left to the storekeeper's own moves.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import itemgetter

from dispatch.board import Board
from dispatch.cost import DAY_S, place_of, travel_between, visit_stops
from dispatch.crew import Position
from dispatch.desk.milestone import Milestone
from dispatch.desk.ticket import EventKind, TicketEvent
from dispatch.event import EngineerSeen, Event, LoanerLent, LoanerReturned, StockMoved, TicketHappened
from dispatch.loaners import Loan
from dispatch.parts import Condition, Move, PlaceKind, Tracking
from dispatch.plan import Plan, Route, Source, Stop, StopKind, Supply
from dispatch.problem import PlanningProblem
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

    On the way, on site, done (repaired or delivered where it is the ticket's last visit, else left; of a crew when the
    last of them is), breaks, parts picked up and used, loaners sent, brought and fetched back to the end of the route.

    Raises:
        Refusal: ``day.no_place`` when parts are used and the region has no place of kind customer.
    """
    last: dict[str, Stop] = {}
    for stop in sorted(visit_stops(going.plan), key=lambda stop: (stop.end_s, stop.ref)):
        last[stop.trip or stop.ref] = stop
    ending = {stop.ref for stop in last.values()}
    found = [timed for route in going.plan.routes for timed in _route(going, route, ending)]
    return tuple(sorted((timed for timed in found if timed[0] <= until), key=itemgetter(0)))


def _route(going: InForce, route: Route, ending: set[str]) -> Iterator[Timed]:
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
        leaves_s = max(left_s, stop.arrive_s - travel_between(problem, here, there))
        if stop.kind is StopKind.PICK_UP:
            yield from _at(going, engineer, there, (leaves_s, stop.arrive_s))
            yield from _at(going, engineer, there, (stop.start_s, stop.end_s))
            yield from _picked_up(going, route, stop, engineer)
        else:
            begun = standing is not None and standing.visit == (stop.trip or stop.ref)
            if not begun:
                yield from _said(going, stop, EventKind.TRAVELLING, engineer, leaves_s)
            if standing is None or not begun or standing.travelling:
                yield from _said(going, stop, EventKind.ON_SITE, engineer, stop.start_s)
            yield from _lent(going, stop)
            yield from _used(going, stop, engineer)
            if stop.ref in ending:
                yield from _said(going, stop, _ending(going, stop), engineer, stop.end_s)
        here, left_s, rests = there, stop.end_s, []
    for rest in rests:
        yield from _at(going, engineer, here, (rest.start_s, rest.end_s), rested=True)
    back_at = board.moment(route.end_s)
    out = {loan.unit: loan.id for loan in board.region.stock.loans if loan.back_at is None}
    for unit in (unit for stop in route.stops for unit in stop.fetches if unit in out):
        yield back_at, LoanerReturned(out[unit], back_at)


def _at(
    going: InForce, engineer: str, place: int, ticks: tuple[int, int], *, rested: bool = False
) -> Iterator[Timed]:
    """He is at a place, or on his way there, until the second tick."""
    at, free_at = (going.board.moment(tick) for tick in ticks)
    spot = going.board.locations[going.problem.places[place]]
    yield at, EngineerSeen(Position(engineer, at, spot, free_at, rested))


def _said(going: InForce, stop: Stop, kind: EventKind, by: str, tick: int) -> Iterator[Timed]:
    visit = going.problem.visits[going.problem.visit_index[stop.ref]]
    at = going.board.moment(tick)
    yield at, TicketHappened(TicketEvent(visit.ticket, at, kind, by, visit=visit.desk_visit))


def _ending(going: InForce, stop: Stop) -> EventKind:
    """What the end of a visit is: the end of the ticket's work, if it is its last open visit."""
    ticket = going.problem.visits[going.problem.visit_index[stop.ref]].ticket
    if sum(visit.ticket == ticket for visit in going.board.visits.values()) > 1:
        return EventKind.LEFT
    deliver = going.board.clocks(going.board.ticket(ticket)).get(Milestone.DELIVER)
    return EventKind.DELIVERED if deliver is not None and deliver.is_open else EventKind.REPAIRED


def _used(going: InForce, stop: Stop, engineer: str) -> Iterator[Timed]:
    """The parts leave for the customer when the work is done."""
    for number, supply in enumerate(stop.supply):
        source = _source(going, supply, engineer)
        if source:
            yield from _took(
                going, stop.end_s, supply, (source, _customers(going)), f"{stop.ref}/{number + 1}"
            )


def _source(going: InForce, supply: Supply, engineer: str) -> str:
    """The place a part leaves when it is used; empty: it never stood on a shelf of ours."""
    if supply.source in {Source.VAN, Source.PICK_UP}:
        van = next(one.van for one in going.board.region.field.engineers if one.id == engineer)
        return van or supply.from_id
    if supply.source is Source.OFFER:
        offer = going.problem.offers[going.problem.offer_index[supply.from_id]]
        return going.problem.stores[offer.from_store].id if offer.from_store >= 0 else ""
    return ""


def _customers(going: InForce) -> str:
    for place in going.board.region.stock.places:
        if place.kind is PlaceKind.CUSTOMER:
            return place.id
    raise Refusal("day.no_place", kind=PlaceKind.CUSTOMER.value)


def _picked_up(going: InForce, route: Route, stop: Stop, engineer: str) -> Iterator[Timed]:
    """What the later visits take from the store is in his van."""
    van = next(one.van for one in going.board.region.field.engineers if one.id == engineer)
    for later in route.stops:
        for number, supply in enumerate(later.supply):
            if supply.source is Source.PICK_UP and supply.from_id == stop.ref and van:
                yield from _took(
                    going, stop.start_s, supply, (stop.ref, van), f"{later.ref}/{number + 1}/van"
                )


def _took(going: InForce, tick: int, supply: Supply, way: tuple[str, str], reference: str) -> Iterator[Timed]:
    stock = going.board.region.stock
    if next(part.tracking for part in stock.parts if part.id == supply.part) is not Tracking.NONE:
        return
    at = going.board.moment(tick)
    name = f"{reference}/{supply.part}/{at:%m%dT%H%M}"
    goods = (supply.part, supply.quantity, *way, Condition.USABLE)
    yield at, StockMoved(Move(name, at, *goods, "as planned", "plan", "plan", reference, name))


def _lent(going: InForce, stop: Stop) -> Iterator[Timed]:
    if stop.loaner is None:
        return
    visit = going.problem.visits[going.problem.visit_index[stop.ref]]
    at = going.board.moment(stop.loaner.stands_s)
    back = at + timedelta(seconds=max(DAY_S, stop.end_s - stop.loaner.stands_s))
    yield at, LoanerLent(Loan(f"{stop.loaner.unit}/{at:%m%dT%H%M}", stop.loaner.unit, visit.ticket, at, back))
    yield at, TicketHappened(TicketEvent(visit.ticket, at, EventKind.LOANER_IN_PLACE, "plan"))
