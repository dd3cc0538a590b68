"""The day of one shift: its hours, the roads between its stops, its breaks."""

from __future__ import annotations

from collections.abc import Iterator

from dispatch.cost import legs_of, place_of
from dispatch.plan import Route, Stop, StopKind
from dispatch.problem import UNREACHABLE, PlanningProblem, Shift
from dispatch.rules import Rule
from dispatch.verify.violation import Violation, say


def travel(problem: PlanningProblem, shift: Shift, route: Route) -> Iterator[Violation]:
    """A stop is reached no earlier than the way from the last one allows; a break delays the way it precedes."""
    for origin, destination in legs_of(problem, route):
        if problem.travel_s[origin, destination] == UNREACHABLE:
            names = {"origin": problem.places[origin], "destination": problem.places[destination]}
            yield say(Rule.TRAVEL, "unreachable", shift=shift.id, **names)
    here, left_s, rests = shift.start_place, route.depart_s, list[Stop]()
    for stop in route.stops:
        if stop.start_s < stop.arrive_s or stop.end_s < stop.start_s:
            yield say(Rule.TRAVEL, "runs_backwards", visit=stop.ref, shift=shift.id)
        if stop.kind is StopKind.BREAK:
            rests.append(stop)
            continue
        there = place_of(problem, stop)
        yield from _leg(problem, shift, (here, there), left_s, rests, (stop.arrive_s, stop.start_s))
        here, left_s, rests = there, stop.end_s, []
    yield from _leg(problem, shift, (here, shift.end_place), left_s, rests, (route.end_s, route.end_s))


def _leg(
    problem: PlanningProblem,
    shift: Shift,
    leg: tuple[int, int],
    left_s: int,
    rests: list[Stop],
    reached: tuple[int, int],
) -> Iterator[Violation]:
    arrive_s, start_s = reached
    earliest_s = left_s
    driven = False
    for rest in rests:
        if not driven and rest.start_s >= arrive_s:
            earliest_s, driven = _driven(problem, leg, earliest_s), True
            if arrive_s < earliest_s:
                yield _too_soon(problem, shift, leg, earliest_s - arrive_s)
        if rest.start_s < earliest_s:
            yield say(Rule.BREAK, "break_overlaps", shift=shift.id, by=earliest_s - rest.start_s)
        earliest_s = max(earliest_s, rest.end_s)
    if not driven:
        earliest_s = _driven(problem, leg, earliest_s)
        if arrive_s < earliest_s:
            yield _too_soon(problem, shift, leg, earliest_s - arrive_s)
    elif start_s < earliest_s:
        yield say(Rule.BREAK, "break_overlaps", shift=shift.id, by=earliest_s - start_s)


def _driven(problem: PlanningProblem, leg: tuple[int, int], leave_s: int) -> int:
    return problem.arrival(leave_s, max(0, int(problem.travel_s[leg])))


def _too_soon(problem: PlanningProblem, shift: Shift, leg: tuple[int, int], by: int) -> Violation:
    names = {"origin": problem.places[leg[0]], "destination": problem.places[leg[1]]}
    return say(Rule.TRAVEL, "arrives_too_soon", shift=shift.id, by=by, **names)


def breaks(shift: Shift, route: Route) -> Iterator[Violation]:
    """Every break owed is taken in its time, and no other."""
    rests = [stop for stop in route.stops if stop.kind is StopKind.BREAK]
    for due in shift.breaks:
        taken = next(
            (
                rest
                for rest in rests
                if due.from_s <= rest.start_s < due.until_s and rest.end_s - rest.start_s == due.duration_s
            ),
            None,
        )
        if taken is not None:
            rests.remove(taken)
        elif route.end_s > due.until_s:
            yield say(Rule.BREAK, "break_missing", shift=shift.id, until=due.until_s)
    for rest in rests:
        yield say(Rule.BREAK, "break_unknown", shift=shift.id, at=rest.start_s)
