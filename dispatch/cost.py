"""What a plan costs, term by term, in plain Python, from the plan's own times. Knows no solver.

Money is whole cents. Travel time, distance and overtime are rounded up to a cent once per route, so every
term of a plan is a sum of whole cents and the solver can claim exactly the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from operator import attrgetter, sub

from dispatch.plan import CostTerms, LoanerBy, LoanerChoice, Outsourced, Plan, Route, Source, Stop, StopKind
from dispatch.problem import UNREACHABLE, LoanerGrant, Objective, PlanningProblem, Visit

DAY_S = 86_400


def cost(problem: PlanningProblem, plan: Plan) -> CostTerms:
    """Price `plan` under `problem`'s objective.

    Returns:
        Cents per term for money; for benchmark objectives `measure` in ticks, `left_out` and `vehicles`.

    Raises:
        KeyError: the plan names a visit, shift or store the problem does not have; `dispatch.verify` says
            so in words instead.
    """
    pieces = [
        *(route_piece(problem, one) for one in plan.routes),
        *(partner_piece(problem, one) for one in plan.outside),
    ]
    planned = {stop.ref for stop in visit_stops(plan)} | {one.visit for one in plan.outside}
    left_out = sum(visit.left_out for visit in problem.visits if visit.id not in planned)
    return whole(added(one.terms for one in pieces), left_out, pieces)


@dataclass(frozen=True, slots=True)
class Piece:
    """What one route, or one visit with a partner, adds to a plan's cost.

    Args:
        terms: all but what leaving visits out costs.
        late_s: home care: the latest start's ticks after its due time; of a plan only the latest of all counts.
    """

    terms: CostTerms
    late_s: int = 0


_VALUES = attrgetter(*(term.name for term in fields(CostTerms)))


def added(terms: Iterable[CostTerms]) -> CostTerms:
    """The sum, term by term.

    >>> added([CostTerms(distance=1), CostTerms(distance=2, overtime=3)]) == CostTerms(distance=3, overtime=3)
    True
    """
    return CostTerms(*map(sum, zip(*map(_VALUES, terms), strict=True)))


def difference(new: CostTerms, old: CostTerms) -> CostTerms:
    """What `new` is more than `old`, term by term."""
    return CostTerms(*map(sub, _VALUES(new), _VALUES(old)))


def whole(routes: CostTerms, left_out: int, pieces: Iterable[Piece]) -> CostTerms:
    """A plan's cost: the sum of its pieces' terms, what leaving visits out costs, and the latest start of all."""
    measure = routes.measure + max((one.late_s for one in pieces), default=0)
    return replace(routes, left_out=left_out, measure=measure)


def route_piece(problem: PlanningProblem, route: Route) -> Piece:
    """What one route adds to the cost of a plan, whatever else is in it."""
    if problem.objective is Objective.MONEY:
        return Piece(_route_money(problem, route))
    measure, latest = _measure(problem, route), 0
    if problem.objective is Objective.HOME_CARE:
        late = [_late_start(problem, stop) for stop in route.stops if stop.kind is StopKind.VISIT]
        measure, latest = measure + sum(late), max(late, default=0)
    vehicles = int(problem.objective is Objective.VEHICLES_THEN_DISTANCE)
    return Piece(CostTerms(measure=measure, vehicles=vehicles), latest)


def partner_piece(problem: PlanningProblem, done: Outsourced) -> Piece:
    """What one visit with a partner adds to the cost of a plan."""
    if problem.objective is not Objective.MONEY:
        return Piece(CostTerms())
    visit = problem.visits[problem.visit_index[done.visit]]
    return Piece(
        CostTerms(
            late_arrive=visit.arrive.price(done.start_s) if visit.arrive else 0,
            late_repair=_late_repair(visit, done),
            late_substitute=_late_substitute(visit, done),
            partners=_partner(visit, done),
            changes=_to_partner(visit, done),
        )
    )


def _route_money(problem: PlanningProblem, route: Route) -> CostTerms:
    prices, hour = problem.prices, 3600 * problem.ticks_per_unit
    shift = problem.shifts[problem.shift_index[route.shift]]
    stops = [
        (problem.visits[problem.visit_index[stop.ref]], stop)
        for stop in route.stops
        if stop.kind is StopKind.VISIT
    ]
    legs = list(legs_of(problem, route))
    return CostTerms(
        late_arrive=sum(visit.arrive.price(stop.start_s) for visit, stop in stops if visit.arrive),
        late_repair=sum(_late_repair(visit, stop) for visit, stop in stops),
        late_substitute=sum(_late_substitute(visit, stop) for visit, stop in stops),
        travel_time=_up(sum(travel_between(problem, a, b) for a, b in legs) * prices.travel_hour, hour),
        distance=_up(sum(int(problem.distance_m[a, b]) for a, b in legs) * prices.distance_km, 1000),
        overtime=_up(max(0, route.end_s - shift.end_s) * prices.overtime_hour, hour),
        call_outs=shift.call_out_cents,
        deliveries=sum(_deliveries(problem, stop) for _, stop in stops),
        loaner_couriers=sum(_courier(problem, visit, stop.loaner) for visit, stop in stops),
        loaner_days=sum(_loaner_days(problem, visit, stop) for visit, stop in stops),
        second_visits=sum(_second_visits(problem, visit, stop) for visit, stop in stops),
        other_engineers=sum(_other_engineer(visit, shift.engineer) for visit, _ in stops),
        territory=sum(_away(problem, visit, shift.engineer) for visit, _ in stops),
        changes=sum(
            visit.published.price(shift.engineer, stop.start_s) for visit, stop in stops if visit.published
        ),
    )


def _to_partner(visit: Visit, done: Outsourced) -> int:
    """Price of the change where a visit was promised with somebody else, or at another time."""
    return visit.published.outside_price(done.partner, done.start_s) if visit.published else 0


def _measure(problem: PlanningProblem, route: Route) -> int:
    if problem.objective is Objective.WORKING_TIME:
        return route.end_s - route.depart_s
    return sum(travel_between(problem, a, b) for a, b in legs_of(problem, route))


def _late_start(problem: PlanningProblem, stop: Stop) -> int:
    due = problem.visits[problem.visit_index[stop.ref]].arrive
    return max(0, stop.start_s - due.due_s) if due else 0


def _finish(visit: Visit, done: Stop | Outsourced) -> int:
    """When the equipment runs again."""
    return done.end_s + visit.away_s


def _stands(visit: Visit, done: Stop | Outsourced) -> int:
    """When the customer is helped: the equipment runs, or a loaner stands."""
    finish_s = _finish(visit, done)
    return min(finish_s, done.loaner.stands_s) if isinstance(done, Stop) and done.loaner else finish_s


def _late_repair(visit: Visit, done: Stop | Outsourced) -> int:
    if visit.repair is None:
        return 0
    stops_clock = visit.loaner is not None and visit.loaner.stops_repair
    return visit.repair.price(_stands(visit, done) if stops_clock else _finish(visit, done))


def _late_substitute(visit: Visit, done: Stop | Outsourced) -> int:
    if visit.substitute is None or (visit.repair is not None and _finish(visit, done) <= visit.repair.due_s):
        return 0
    return visit.substitute.price(_stands(visit, done))


def _second_visits(problem: PlanningProblem, visit: Visit, stop: Stop) -> int:
    without = {supply.needed for supply in stop.supply if supply.source is Source.WITHOUT}
    return sum(line.without_cents or 0 for line in visit.parts if problem.parts[line.part] in without)


def _partner(visit: Visit, done: Outsourced) -> int:
    return min(
        one.cents for one in visit.outside if (one.partner, one.start_s) == (done.partner, done.start_s)
    )


def _other_engineer(visit: Visit, engineer: int) -> int:
    return visit.other_engineer_cents if visit.preferred and engineer not in visit.preferred else 0


def _away(problem: PlanningProblem, visit: Visit, engineer: int) -> int:
    person = problem.engineers[engineer]
    return 0 if person.at_home(visit.territory) else person.away_cents or 0


def _deliveries(problem: PlanningProblem, stop: Stop) -> int:
    taken = {supply.from_id for supply in stop.supply if supply.source is Source.OFFER}
    return sum(problem.offers[problem.offer_index[offer]].cents for offer in taken)


def _courier(problem: PlanningProblem, visit: Visit, loaner: LoanerChoice | None) -> int:
    if loaner is None or loaner.by is not LoanerBy.COURIER:
        return 0
    grant = visit.loaner or LoanerGrant((), (), 0)
    return min(
        courier.cents
        for courier in grant.couriers
        if problem.loaner_classes[courier.loaner_class] == loaner.loaner_class
        and problem.stores[courier.store].id == loaner.store
        and courier.arrives_s == loaner.stands_s
    )


def _loaner_days(problem: PlanningProblem, visit: Visit, stop: Stop) -> int:
    if stop.loaner is None or visit.loaner is None:
        return 0
    return visit.loaner.day_cents * _up(
        max(0, _finish(visit, stop) - stop.loaner.stands_s), DAY_S * problem.ticks_per_unit
    )


def visit_stops(plan: Plan) -> Iterator[Stop]:
    """All stops of all routes that serve a visit."""
    return (stop for route in plan.routes for stop in route.stops if stop.kind is StopKind.VISIT)


def place_of(problem: PlanningProblem, stop: Stop) -> int:
    """Index of the place of a visit or pick-up stop."""
    if stop.kind is StopKind.VISIT:
        return problem.visits[problem.visit_index[stop.ref]].place
    return problem.stores[problem.store_index[stop.ref]].place


def legs_of(problem: PlanningProblem, route: Route) -> Iterator[tuple[int, int]]:
    """Pairs of place indices driven, start place to end place; a break moves nobody."""
    shift = problem.shifts[problem.shift_index[route.shift]]
    here = shift.start_place
    for stop in route.stops:
        if stop.kind is not StopKind.BREAK:
            there = place_of(problem, stop)
            yield here, there
            here = there
    yield here, shift.end_place


def travel_between(problem: PlanningProblem, origin: int, destination: int) -> int:
    """Ticks on the road; an unreachable leg costs nothing here, it is a violation."""
    ticks = int(problem.travel_s[origin, destination])
    return 0 if ticks == UNREACHABLE else ticks


def _up(amount: int, per: int) -> int:
    return -(-amount // per)
