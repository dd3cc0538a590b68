"""The last safe moment: how long a way out can still be decided for.

Decided for later by `d`, everything in which the way differs from the plan as it is begins later: what is ordered
(parts, a loaner, a partner) comes `d` later, and nobody sets out on a changed part of his route before `d`. Of the
plan as it is, that goes for all it orders and for setting out to the visit. Every route is driven again with its stops in the same order. The last safe moment is the largest whole minute `d` at which every rule
still holds and every promise the way keeps is still kept.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from dispatch.plan import LoanerBy, LoanerChoice, Outsourced, Plan, Route, Source, Stop, StopKind
from dispatch.problem import PlanningProblem
from dispatch.rescue.retime import Delay, retimed
from dispatch.summary import forecasts

MINUTE_S = 60


@dataclass(frozen=True)
class Decision:
    """A way as decided for now.

    Args:
        base: the plan as it is.
        plan: the plan with the way in it.
        visits: the ticket's visits, whose promises count.
        leaves: the way is the plan as it is: what it orders and setting out to the visits wait for the decision.
    """

    problem: PlanningProblem
    base: Plan
    plan: Plan
    visits: frozenset[str]
    leaves: bool = False


def safe_until(way: Decision) -> int | None:
    """The latest tick, a whole number of minutes from now, to decide for the way; None: it keeps no promise."""
    kept = _kept(way, way.plan)
    if not kept:
        return None
    minute_s = MINUTE_S * way.problem.ticks_per_unit
    good, bad = 0, way.problem.horizon_s // minute_s + 1
    while good + 1 < bad:
        middle = (good + bad) // 2
        later = decided_at(way, middle * minute_s)
        if later is not None and kept <= _kept(way, later):
            good = middle
        else:
            bad = middle
    return good * minute_s


def decided_at(way: Decision, at_s: int) -> Plan | None:
    """The plan when the way is decided for at `at_s`, stops in the same order; None: a rule no longer holds.

    The cost is not claimed anew.
    """
    problem, plan = way.problem, way.plan
    ordered = {(stop.ref, supply) for stop in _stops(way.base) for supply in stop.supply}
    arrives = {
        supply.from_id: problem.offers[problem.offer_index[supply.from_id]].arrives_s + at_s
        for stop in _stops(plan)
        if stop.ref in way.visits
        for supply in stop.supply
        if supply.source is Source.OFFER and (way.leaves or (stop.ref, supply) not in ordered)
    }
    before = {route.shift: _sequence(route) for route in way.base.routes}
    holds = {
        route.shift: hold
        for route in plan.routes
        if (hold := _hold(way, before.get(route.shift, ()), route)) is not None
    }
    touched = set(holds) | {route.shift for route in plan.routes if way.visits & _served(route)}
    routes = _driven(problem, plan, touched, at_s, holds, arrives)
    if routes is None:
        return None
    return replace(
        plan,
        routes=tuple(_with_loaner(way, route, at_s) for route in routes),
        outside=tuple(_partner(way, one, at_s) for one in plan.outside),
    )


def _driven(
    problem: PlanningProblem,
    plan: Plan,
    touched: set[str],
    at_s: int,
    holds: dict[str, int],
    arrives: dict[str, int],
) -> tuple[Route, ...] | None:
    """All routes, the touched ones driven again until linked visits stand right; None: it cannot be."""
    floor: dict[str, int] = {}
    while True:
        routes: list[Route] = []
        for route in plan.routes:
            if route.shift not in touched:
                routes.append(route)
                continue
            again = retimed(problem, route, Delay(at_s, holds.get(route.shift), floor, arrives))
            if again is None:
                return None
            routes.append(again)
        pushed = _pushed(problem, routes)
        if not pushed:
            return tuple(routes)
        floor |= pushed
        touched |= {route.shift for route in plan.routes if pushed.keys() & _served(route)}


def _pushed(problem: PlanningProblem, routes: list[Route]) -> dict[str, int]:
    """Visits that have to start later for a link to hold, with the start they need."""
    starts = {
        stop.ref: stop.start_s for route in routes for stop in route.stops if stop.kind is StopKind.VISIT
    }
    found: dict[str, int] = {}
    for link in problem.links:
        first, second = problem.visits[link.first].id, problem.visits[link.second].id
        if first not in starts or second not in starts:
            continue
        if starts[second] < starts[first] + link.least_s:
            found[second] = max(found.get(second, 0), starts[first] + link.least_s)
        if link.most_s is not None and starts[second] > starts[first] + link.most_s:
            found[first] = max(found.get(first, 0), starts[second] - link.most_s)
    return found


def _hold(way: Decision, before: tuple[tuple[StopKind, str], ...], route: Route) -> int | None:
    """The number of the stop whose way waits for the decision: the first that differs from the plan as it is."""
    now = _sequence(route)
    same = next((at for at, pair in enumerate(zip(before, now, strict=False)) if pair[0] != pair[1]), None)
    if same is not None:
        return same
    if len(now) > len(before):
        return len(before)
    if way.leaves and len(now) == len(before):
        return next((at for at, (_, ref) in enumerate(now) if ref in way.visits), None)
    return None


def _sequence(route: Route) -> tuple[tuple[StopKind, str], ...]:
    return tuple((stop.kind, stop.ref) for stop in route.stops if stop.kind is not StopKind.BREAK)


def _with_loaner(way: Decision, route: Route, at_s: int) -> Route:
    stops = tuple(_loaner(way, stop, at_s) for stop in route.stops)
    return route if stops == route.stops else replace(route, stops=stops)


def _loaner(way: Decision, stop: Stop, at_s: int) -> Stop:
    if stop.loaner is None:
        return stop
    if stop.loaner.by is LoanerBy.VISIT:
        return replace(stop, loaner=replace(stop.loaner, stands_s=stop.start_s))
    if stop.ref not in way.visits or (not way.leaves and stop.loaner in _loaners(way.base)):
        return stop
    return replace(stop, loaner=replace(stop.loaner, stands_s=stop.loaner.stands_s + at_s))


def _loaners(plan: Plan) -> list[LoanerChoice]:
    return [stop.loaner for stop in _stops(plan) if stop.loaner is not None]


def _partner(way: Decision, one: Outsourced, at_s: int) -> Outsourced:
    if one.visit not in way.visits or (not way.leaves and one in way.base.outside):
        return one
    return replace(one, start_s=one.start_s + at_s, end_s=one.end_s + at_s)


def _kept(way: Decision, plan: Plan) -> set[tuple[str, str]]:
    """Promises of the ticket's visits that a plan keeps, as (visit, milestone)."""
    done: dict[str, Stop | Outsourced] = {stop.ref: stop for stop in _stops(plan)}
    done |= {one.visit: one for one in plan.outside}
    return {
        (visit.id, promise.milestone.value)
        for visit in way.problem.visits
        if visit.id in way.visits
        for promise in forecasts(visit, done.get(visit.id))
        if promise.spare_s is not None and promise.spare_s >= 0
    }


def _served(route: Route) -> set[str]:
    return {stop.ref for stop in route.stops if stop.kind is StopKind.VISIT}


def _stops(plan: Plan) -> list[Stop]:
    return [stop for route in plan.routes for stop in route.stops if stop.kind is StopKind.VISIT]
