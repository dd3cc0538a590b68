"""A route driven later: the same stops in the same order, each as early as it can be. Plain Python.

With the order fixed, as early as possible is best: nobody who leaves later arrives sooner.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from dispatch.cost import place_of, travel_between
from dispatch.eligibility import within
from dispatch.plan import LoanerBy, Route, Source, Stop, StopKind
from dispatch.problem import UNREACHABLE, Break, PlanningProblem, Shift


@dataclass(frozen=True)
class Delay:
    """What begins later than planned.

    Args:
        from_s: the way to stop number `stop` (breaks not counted) begins no sooner.
        stop: None: nothing on the route waits for that.
        floor: earliest starts by visit.
        arrives: when an offer now is at the site, by its id; others as offered.
    """

    from_s: int = 0
    stop: int | None = None
    floor: Mapping[str, int] = field(default_factory=dict)
    arrives: Mapping[str, int] = field(default_factory=dict)


def retimed(problem: PlanningProblem, route: Route, delay: Delay) -> Route | None:
    """Drive `route` as early as it can be under `delay`; None: a rule no longer holds with the stops in this order.

    Breaks stay where they are between the stops.
    """
    shift = problem.shifts[problem.shift_index[route.shift]]
    dues = _dues(shift, route)
    here, left_s, number = shift.start_place, shift.start_s, 0
    done: list[Stop] = []
    rests: list[tuple[Stop, Break]] = []
    for stop in route.stops:
        if stop.kind is StopKind.BREAK:
            if stop.start_s not in dues:  # the shift begins later now, and its break has another window
                return None
            rests.append((stop, dues[stop.start_s]))
            continue
        there = place_of(problem, stop)
        hold_s = delay.from_s if number == delay.stop else 0
        reached = _driven(problem, (here, there), (left_s, hold_s), rests, stop.arrive_s)
        start = None if reached is None else _start(problem, stop, reached.ready_s, delay)
        if reached is None or start is None:
            return None
        length = stop.end_s - stop.start_s
        later = replace(stop, arrive_s=reached.arrive_s, start_s=start, end_s=start + length)
        if stop.loaner is not None and stop.loaner.by is LoanerBy.VISIT:
            later = replace(later, loaner=replace(stop.loaner, stands_s=start))
        done += [*reached.rests, later]
        here, left_s, number, rests = there, start + length, number + 1, []
    home = _driven(problem, (here, shift.end_place), (left_s, 0), rests, route.end_s + 1)
    if home is None or home.arrive_s > shift.latest_s:
        return None
    if any(due not in dues.values() and home.arrive_s > due.until_s for due in shift.breaks):
        return None
    return replace(route, depart_s=shift.start_s, end_s=home.arrive_s, stops=(*done, *home.rests))


@dataclass(frozen=True)
class _Reached:
    arrive_s: int
    ready_s: int
    rests: list[Stop]


def _driven(
    problem: PlanningProblem,
    leg: tuple[int, int],
    left_s: tuple[int, int],
    rests: Sequence[tuple[Stop, Break]],
    arrived_s: int,
) -> _Reached | None:
    """Rest and drive as planned: breaks that began before the planned arrival come before the way.

    `left_s` is when he is free, and when the way may begin.
    """
    if problem.travel_s[leg] == UNREACHABLE:
        return None
    taken: list[Stop] = []
    arrive_s: int | None = None
    here_s, hold_s = left_s
    for rest, due in rests:
        if arrive_s is None and rest.start_s >= arrived_s:
            arrive_s = here_s = problem.arrival(max(here_s, hold_s), travel_between(problem, *leg))
        start_s = max(here_s, due.from_s)
        if start_s >= due.until_s:
            return None
        here_s = start_s + due.duration_s
        taken.append(replace(rest, arrive_s=start_s, start_s=start_s, end_s=here_s))
    if arrive_s is None:
        arrive_s = here_s = problem.arrival(max(here_s, hold_s), travel_between(problem, *leg))
    return _Reached(arrive_s, here_s, taken)


def _start(problem: PlanningProblem, stop: Stop, ready_s: int, delay: Delay) -> int | None:
    if stop.kind is StopKind.PICK_UP:
        return within(problem.stores[problem.store_index[stop.ref]].opens, ready_s)
    visit = problem.visits[problem.visit_index[stop.ref]]
    offers = [supply.from_id for supply in stop.supply if supply.source is Source.OFFER]
    there = [delay.arrives.get(one, problem.offers[problem.offer_index[one]].arrives_s) for one in offers]
    ready_s = max(ready_s, visit.earliest_s, delay.floor.get(visit.id, 0), *there)
    if visit.start_lock_s is not None:
        return visit.start_lock_s if ready_s <= visit.start_lock_s else None
    return within(visit.windows, ready_s)


def _dues(shift: Shift, route: Route) -> dict[int, Break]:
    """The break each rest of the route stands for, by the rest's planned start."""
    rests = [stop for stop in route.stops if stop.kind is StopKind.BREAK]
    found: dict[int, Break] = {}
    for due in shift.breaks:
        for rest in rests:
            fits = due.from_s <= rest.start_s < due.until_s and rest.end_s - rest.start_s == due.duration_s
            if fits and rest.start_s not in found:
                found[rest.start_s] = due
                break
    return found
