"""What a published route takes along and when it rests, found again without a search.

A published stop says who goes where and when, nothing of parts and rests. Where the engineer's own van has all his visits
need there is nothing to decide: his breaks follow from the order. Every other route is left as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from dispatch.cost import travel_between
from dispatch.eligibility import within
from dispatch.plan import Plan, Route, Source, Stop, StopKind, Supply
from dispatch.problem import UNREACHABLE, Break, PartLine, PlanningProblem, Visit

Van = dict[int, int]
"""Units left in a van, by part index."""


def provided(problem: PlanningProblem, plan: Plan) -> Plan:
    """The plan with parts from the vans and with breaks, on every route where that needs no decision.

    A route is left as it is where a loaner could be granted, where a line is not in the van, and where it cannot be driven
    in this order. A plan that says of anybody what he takes or when he rests is given back as it is: it knows more.

    Args:
        problem: what is true now.
        plan: its routes, visits and shifts all known to the problem.
    """
    if any(stop.kind is not StopKind.VISIT or stop.supply or stop.loaner for stop in _stops(plan)):
        return plan
    bare = [route for route in plan.routes if not _may_be_lent(problem, route)]
    taken = _from_vans(problem, bare)
    made: dict[str, Route] = {}
    for route in bare:
        if all(stop.ref in taken for stop in route.stops):
            stocked = tuple(replace(stop, supply=taken[stop.ref]) for stop in route.stops)
            rested = _rested(problem, replace(route, stops=stocked))
            if rested is not None:
                made[route.shift] = rested
    return replace(plan, routes=tuple(made.get(route.shift, route) for route in plan.routes))


def _stops(plan: Plan) -> Iterator[Stop]:
    return (stop for route in plan.routes for stop in route.stops)


def _may_be_lent(problem: PlanningProblem, route: Route) -> bool:
    """Whether there is a loaner to decide about."""
    return any(visit.loaner is not None for _, visit in _served(problem, route))


def _from_vans(problem: PlanningProblem, bare: Sequence[Route]) -> dict[str, tuple[Supply, ...]]:
    """What each visit of the bare routes takes from its engineer's van, by visit; one whose van lacks a line is not there.

    What is needed for sure is taken first, in order of work; what may not be needed has what is left.
    """
    vans = [dict(engineer.van) for engineer in problem.engineers]
    asked = [
        (engineer, visit, number, line)
        for route in sorted(bare, key=lambda one: (one.stops[0].start_s, one.shift))
        for engineer, visit in _served(problem, route)
        for number, line in enumerate(visit.parts)
    ]
    found: dict[tuple[str, int], Supply] = {}
    for engineer, visit, number, line in sorted(asked, key=lambda one: one[3].without_cents is not None):
        supply = _taken(problem, vans[engineer], line)
        if supply is not None:
            found[visit.id, number] = supply
    visits = [visit for route in bare for _, visit in _served(problem, route)]
    return {
        visit.id: tuple(found[visit.id, number] for number in range(len(visit.parts)))
        for visit in visits
        if all((visit.id, number) in found for number in range(len(visit.parts)))
    }


def _served(problem: PlanningProblem, route: Route) -> Iterator[tuple[int, Visit]]:
    engineer = problem.shifts[problem.shift_index[route.shift]].engineer
    return ((engineer, problem.visits[problem.visit_index[stop.ref]]) for stop in route.stops)


def _taken(problem: PlanningProblem, van: Van, line: PartLine) -> Supply | None:
    """The line from the van: the part itself before an alternate; it is taken off."""
    for part in (line.part, *line.alternates):
        if van.get(part, 0) >= line.quantity:
            van[part] -= line.quantity
            return Supply(problem.parts[line.part], problem.parts[part], line.quantity, Source.VAN)
    return None


@dataclass
class _Drive:
    """Somebody on his way through a shift: where he is, when he is free, which breaks he is still owed."""

    problem: PlanningProblem
    here: int
    free_s: int
    owed: list[Break]

    def to(self, stop: Stop) -> list[Stop] | None:
        """The stop as early as it can be but no sooner than planned, with the breaks on the way to it; None: not possible.

        As the search times a route: a break is taken as soon as waiting covers it, and no later than the last moment it
        can begin; on site if he is there in time, else before driving.
        """
        visit = self.problem.visits[self.problem.visit_index[stop.ref]]
        if self.problem.travel_s[self.here, visit.place] == UNREACHABLE:
            return None
        way_s = travel_between(self.problem, self.here, visit.place)
        now_s = arrive_s = self.problem.arrival(self.free_s, way_s)
        start_s = _start(visit, stop.start_s, now_s)
        before: list[Stop] = []
        on_site: list[Stop] = []
        while self.owed and start_s is not None:
            due = self.owed[0]
            here_s = max(now_s, due.from_s)
            in_time = here_s < due.until_s
            waits = in_time and _start(visit, stop.start_s, here_s + due.duration_s) == start_s
            if not waits and start_s + visit.service_s < due.until_s:
                break
            if in_time:
                on_site.append(_rest(due, here_s))
                now_s = on_site[-1].end_s
            elif not on_site and max(self.free_s, due.from_s) < due.until_s:
                before.append(_rest(due, max(self.free_s, due.from_s)))
                self.free_s = before[-1].end_s
                now_s = arrive_s = self.problem.arrival(self.free_s, way_s)
            else:
                return None
            del self.owed[0]
            start_s = _start(visit, stop.start_s, now_s)
        if start_s is None:
            return None
        self.here, self.free_s = visit.place, start_s + visit.service_s
        return [*before, *on_site, replace(stop, arrive_s=arrive_s, start_s=start_s, end_s=self.free_s)]

    def home(self, place: int) -> list[Stop] | None:
        """The breaks before the way home that are owed when he is back; None: not possible."""
        if self.problem.travel_s[self.here, place] == UNREACHABLE:
            return None
        way_s, rests = travel_between(self.problem, self.here, place), list[Stop]()
        while self.owed and self.problem.arrival(self.free_s, way_s) > self.owed[0].until_s:
            due = self.owed.pop(0)
            start_s = max(self.free_s, due.from_s)
            if start_s >= due.until_s:
                return None
            rests.append(_rest(due, start_s))
            self.free_s = rests[-1].end_s
        self.free_s = self.problem.arrival(self.free_s, way_s)
        return rests


def _rested(problem: PlanningProblem, route: Route) -> Route | None:
    """The route no sooner than planned, with the breaks it owes; None: it cannot be driven in this order."""
    shift = problem.shifts[problem.shift_index[route.shift]]
    drive = _Drive(problem, shift.start_place, shift.start_s, list(shift.breaks))
    stops: list[Stop] = []
    for stop in route.stops:
        reached = drive.to(stop)
        if reached is None:
            return None
        stops += reached
    rests = drive.home(shift.end_place)
    if rests is None:
        return None
    return replace(route, depart_s=shift.start_s, end_s=drive.free_s, stops=(*stops, *rests))


def _start(visit: Visit, planned_s: int, ready_s: int) -> int | None:
    """When work begins of who is ready at `ready_s`: no sooner than planned, in a window, at the time it is held to."""
    ready_s = max(ready_s, visit.earliest_s)
    if visit.start_lock_s is not None:
        return visit.start_lock_s if ready_s <= visit.start_lock_s else None
    return within(visit.windows, max(ready_s, planned_s))


def _rest(due: Break, start_s: int) -> Stop:
    return Stop(StopKind.BREAK, "", start_s, start_s, start_s + due.duration_s)
