"""From the board to the planning problem: text ids to indices, moments to ticks, money to cents.

Every tuple is sorted by id before it is indexed, and only what open visits can use is taken along, so the
same board gives the same problem and a part nobody needs does not change its digest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from dispatch import problem as posed
from dispatch.board import Board
from dispatch.desk.visit import Visit
from dispatch.in_day import Day, Lefts, finishing
from dispatch.pace import pace
from dispatch.pose.crew import PIECE, engineers, shifts
from dispatch.pose.index import Index
from dispatch.pose.partners import alone_there, at_work, outside, until_s
from dispatch.pose.pieces import Bond, Terms
from dispatch.pose.published import frozen, promised
from dispatch.pose.resumed import going, soonest_ready
from dispatch.pose.supply import offers, soonest_had, stores
from dispatch.pose.trips import Trip, parted
from dispatch.pose.visit import finishing_visits, severity_now, whole
from dispatch.problem import Objective, PlanningProblem
from dispatch.stretch import Roads
from dispatch.work_left import Left, work_left
from kernel.ids import natural_key
from kernel.money import cents

__all__ = ["PIECE", "problem_of", "severity_now"]


def problem_of(board: Board) -> PlanningProblem:
    """Pose the board's open visits as a planning problem of money."""
    lefts = work_left(board)
    beyond = finishing(board, lefts)
    open_visits = (visit for visit in board.visits.values() if visit.id not in beyond)
    visits = sorted(open_visits, key=lambda visit: natural_key(visit.id))
    index = Index.of(board, visits)
    crew, days = engineers(board, index), shifts(board, index, Day.of(board, lefts))
    trips = _trips(board, index, visits, crew, days, lefts)
    bonds = (*(bond for trip in trips.values() for bond in trip.bonds), *_order(board, trips, lefts))
    parts = _with_partners(board, index, visits, trips, bonds)
    number = {part.id: i for i, part in enumerate(parts)}
    policy = board.region.settings.policy
    problem = PlanningProblem(
        objective=Objective.MONEY,
        places=board.roads.places,
        travel_s=board.roads.seconds,
        distance_m=board.roads.metres,
        skills=index.skills,
        certificates=index.certificates,
        tools=index.tools,
        parts=index.parts,
        loaner_classes=index.classes,
        engineers=crew,
        shifts=days,
        stores=stores(board, index),
        offers=offers(board, index),
        visits=parts,
        prices=posed.Prices(
            travel_hour=cents(policy.travel_hour),
            distance_km=cents(policy.distance_km),
            overtime_hour=cents(policy.overtime_hour),
        ),
        horizon_s=board.tick(board.horizon_end),
        links=tuple(
            sorted((_link(number, bond) for bond in bonds), key=lambda link: (link.first, link.second))
        ),
        territories=index.territories,
        pace=pace(board),
    )
    return frozen(board, problem)


def _trips(
    board: Board,
    index: Index,
    visits: Sequence[Visit],
    crew: tuple[posed.Engineer, ...],
    days: tuple[posed.Shift, ...],
    lefts: Lefts,
) -> dict[str, Trip]:
    """Every open visit parted among people and days, by visit."""
    held = _held_up(board, lefts)
    terms = Terms(
        policy=board.region.settings.policy,
        engineers=index.engineers,
        skills=tuple(dict(engineer.skills) for engineer in crew),
        shifts=days,
        roads=Roads(board.roads.seconds, pace(board)),
        ready_s=lambda visit, engineer, end_s: soonest_ready(board, visit, engineer, end_s),
        part_s=lambda line: soonest_had(board, index, line),
        horizon_s=board.tick(board.horizon_end),
    )
    fetching = finishing_visits(board, visits)
    found: dict[str, Trip] = {}
    for visit in visits:
        one = whole(board, index, visit)
        one = replace(one, earliest_s=max(one.earliest_s, held.get(visit.id, 0)))
        there = alone_there(board, visit.id, lefts.get(visit.id, {}))
        if there is not None:
            found[visit.id] = Trip(((at_work(board, index, one, there),),))
            continue
        if fetching.get(visit.ticket) == visit.id:
            one = _fetching(board, visit, one, index.pool.standing.get(visit.ticket, ()))
        found[visit.id] = _trip(
            board, index, visit, promised(board, index, one), terms, lefts.get(visit.id, {})
        )
    return found


def _held_up(board: Board, lefts: Lefts) -> dict[str, int]:
    """When a visit may start that waits for one that is being finished after a shift, or by a partner, by visit."""
    held: dict[str, int] = {}
    for order in board.region.field.visit_order:
        for left in lefts.get(order.after, {}).values():
            free_s = (board.tick(one.free_at(board.now)) for one in left.finishing)
            held[order.visit] = max(held.get(order.visit, 0), *free_s, 0)
        there = alone_there(board, order.after, lefts.get(order.after, {}))
        if there is not None and order.after in board.visits:
            done_s = until_s(board, there, board.visits[order.after].duration_min * 60)
            held[order.visit] = max(held.get(order.visit, 0), done_s)
    return held


def _fetching(board: Board, visit: Visit, one: posed.Visit, units: tuple[str, ...]) -> posed.Visit:
    """The visit with the loaners it fetches; what comes from a workshop fetches them when it is brought back."""
    if not units:
        return one
    more_s = board.region.settings.policy.fetch_min * 60 if visit.bench_min is None else 0
    return replace(one, fetches=units, service_s=one.service_s + more_s)


def _trip(
    board: Board, index: Index, visit: Visit, one: posed.Visit, terms: Terms, left: Mapping[str, Left]
) -> Trip:
    """One visit in its parts, each with what was published of it and who is on it already."""
    scheme = board.scheme(board.ticket(visit.ticket))
    continuous = scheme.continuous if visit.continuous is None else visit.continuous
    trip = parted(visit, index, one, going(board, index, terms, left, continuous=continuous))
    settled = trip.under_way | {visit.id}
    chains = tuple(
        tuple(part if part.id in settled else promised(board, index, part) for part in chain)
        for chain in trip.chains
    )
    return replace(trip, chains=chains)


def _order(board: Board, trips: Mapping[str, Trip], lefts: Lefts) -> Iterable[Bond]:
    """A visit that waits for another starts when each of the other's people is done; one that has begun waits no more."""
    for order in board.region.field.visit_order:
        if order.visit not in trips or order.after not in trips:
            continue
        if order.visit in lefts or any(_given(trips[name]) for name in (order.visit, order.after)):
            continue
        second = trips[order.visit].parts[0]
        for chain in filter(None, trips[order.after].chains):
            yield Bond(chain[-1].id, second.id, chain[-1].service_s)


def _given(trip: Trip) -> bool:
    """Whether an outside partner is at work on it."""
    return any(part.outside for part in trip.parts)


def _with_partners(
    board: Board, index: Index, visits: Iterable[Visit], trips: Mapping[str, Trip], bonds: Iterable[Bond]
) -> tuple[posed.Visit, ...]:
    """All parts in order of id; a visit that stands alone with what outside partners offer for it."""
    bound = {end for bond in bonds for end in (bond.first, bond.second)}
    found: list[posed.Visit] = []
    for visit in visits:
        original_only = board.scheme(board.ticket(visit.ticket)).original_only
        if _given(trips[visit.id]):
            found += trips[visit.id].parts
            continue
        for part in trips[visit.id].parts:
            offered = (
                outside(board, index, visit, part, original_only=original_only)
                if part.id not in bound
                else ()
            )
            found.append(replace(part, outside=offered))
    return tuple(sorted(found, key=lambda part: natural_key(part.id)))


def _link(number: Mapping[str, int], bond: Bond) -> posed.Link:
    return posed.Link(
        number[bond.first], number[bond.second], bond.least_s, bond.most_s, bond.engineers, bond.both
    )
