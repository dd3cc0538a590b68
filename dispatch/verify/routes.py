"""One route, stop by stop: every rule that can be read off it alone."""

from __future__ import annotations

from collections.abc import Iterator

from dispatch.plan import Route, StopKind
from dispatch.problem import PlanningProblem
from dispatch.rules import Rule
from dispatch.verify import lent, roads, stops, supplies
from dispatch.verify.violation import Violation, say


def of_route(problem: PlanningProblem, route: Route) -> Iterator[Violation]:
    """What is wrong on one route."""
    shift = problem.shifts[problem.shift_index[route.shift]]
    engineer = problem.engineers[shift.engineer]
    if not any(stop.kind is StopKind.VISIT for stop in route.stops):
        yield say(Rule.SHIFT, "empty_route", shift=route.shift)
    if route.depart_s < shift.start_s:
        yield say(Rule.SHIFT, "leaves_early", shift=route.shift, by=shift.start_s - route.depart_s)
    if route.end_s > shift.latest_s:
        yield say(
            Rule.OVERTIME,
            "overtime_exceeded",
            shift=route.shift,
            by=route.end_s - shift.latest_s,
        )
    yield from roads.travel(problem, shift, route)
    yield from roads.breaks(shift, route)
    if sum(stop.kind is StopKind.PICK_UP for stop in route.stops) > 1:
        yield say(Rule.PARTS, "pick_ups", shift=route.shift)
    for at, stop in enumerate(route.stops):
        if stop.kind is StopKind.PICK_UP:
            yield from supplies.pick_up(problem, shift, stop)
        if stop.kind is StopKind.VISIT:
            visit = problem.visits[problem.visit_index[stop.ref]]
            yield from stops.times(visit, shift, stop)
            yield from stops.engineer(problem, visit, shift, engineer)
            before = [earlier for earlier in route.stops[:at] if earlier.kind is StopKind.PICK_UP]
            yield from stops.tools(problem, visit, shift, engineer, before)
            yield from supplies.parts(problem, visit, shift, stop, before)
            yield from lent.loaner(problem, visit, shift, stop, before)
