"""Technician routing with requests that come in during the day (Pillac, Gueret and Medaglia 2012), event after event.

At every release the requests known by then and not yet begun are planned anew; between releases the plan is carried
out. The rule of commitment:

- A technician waits where he is (at first: at home) as long as his route's working time allows, and leaves for the
  next stop at the last moment. Once he has left for a customer or the depot he goes there and does the work.
- Only what has been left for is fixed; everything else may change hands and order until then.
- After his last stop he leaves for home at once, and his day is over. Working time counts from leaving home to being
  back, all waiting on the way included.
- Who has been at the depot has every tool and any number of parts from then on, as in the static problem.
- Serving comes before saving time: a request is left out only when no plan that serves it, too, was found.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from benchmarks import trsp
from benchmarks.release import Day
from dispatch.plan import CostTerms, Plan, Route, Stop, StopKind
from dispatch.problem import Engineer, Held, PlanningProblem, Visit
from dispatch.solve import Budget, Progress, solve

LAST = 10**12
"""Ticks; later than any day."""

LONGER = 10
"""How many times the usual work goes into the first plan, and into one that still leaves out what none did before."""

Planner = Callable[[PlanningProblem, Plan], Plan]
"""Plans a problem, starting from a plan."""


@dataclass(frozen=True, slots=True)
class Step:
    """One stop of a technician: node (0: the depot), when he leaves for it and when work starts there, ticks."""

    node: int
    leave_s: int
    start_s: int


@dataclass(frozen=True, slots=True)
class Technician:
    """Where a technician stands.

    Args:
        number: his node, his home.
        at: the node where he is when he is free.
        free_s: when that is, ticks.
        van: parts left in the van, units by part.
        done: stops begun or left for, in order; empty: still at home.
        ahead: stops planned, in order.
        stocked: has been at the depot.
        over: has left for home.
    """

    number: int
    at: int
    free_s: int
    van: tuple[int, ...]
    done: tuple[Step, ...] = ()
    ahead: tuple[Step, ...] = ()
    stocked: bool = False
    over: bool = False


def planner(*, seed: int, work: int) -> Planner:
    """Plan with `work` iterations, `LONGER` times as many where they may help to serve one more."""
    hopeless: set[str] = set()

    def plan_anew(problem: PlanningProblem, hint: Plan) -> Plan:
        given_up = len(hopeless & problem.visit_index.keys())
        least = work if hint.routes else LONGER * work

        def go_on(so_far: Progress) -> bool:
            return so_far.work < least or so_far.left_out > given_up

        plan = solve(problem, Budget(seed=seed, work=LONGER * work), hint, progress=go_on)
        hopeless.update(missing.visit for missing in plan.unassigned)
        return plan

    return plan_anew


def run(day: Day, plan_anew: Planner, /) -> tuple[Technician, ...]:
    """Live the day: plan, carry out until the next release, plan again; gives what everybody did."""
    whole = trsp.problem_of(day.instance)
    crew = tuple(
        Technician(
            shift.start_place, shift.start_place, shift.start_s, day.instance.nodes[shift.start_place].parts
        )
        for shift in whole.shifts
    )
    for now_s in sorted({max(0, math.ceil(moment * trsp.TICKS)) for moment in day.released.values()}):
        crew = tuple(_standing(_carried_out(day, whole, one, until_s=now_s), now_s=now_s) for one in crew)
        plan = plan_anew(_problem_at(day, whole, crew, now_s=now_s), _as_planned(crew))
        orders = _orders(plan)
        crew = tuple(
            one if one.over else replace(one, ahead=_timed(whole, one, orders.get(one.number, [])))
            for one in crew
        )
    return tuple(_carried_out(day, whole, one, until_s=LAST) for one in crew)


def _carried_out(day: Day, whole: PlanningProblem, one: Technician, *, until_s: int) -> Technician:
    """Leave for every stop whose moment comes before `until_s`, and for home after the last."""
    while one.ahead and one.ahead[0].leave_s < until_s:
        step, *rest = one.ahead
        needs = day.instance.nodes[step.node].parts if step.node and not one.stocked else ()
        one = replace(
            one,
            at=step.node,
            free_s=step.start_s + _work(whole, step.node),
            van=tuple(a - b for a, b in zip(one.van, needs, strict=True)) if needs else one.van,
            done=(*one.done, step),
            ahead=tuple(rest),
            stocked=one.stocked or step.node == 0,
        )
    return replace(one, over=one.over or bool(one.done and not one.ahead and one.free_s < until_s))


def _standing(one: Technician, *, now_s: int) -> Technician:
    return one if one.over else replace(one, free_s=max(one.free_s, now_s))


def _problem_at(
    day: Day, whole: PlanningProblem, crew: tuple[Technician, ...], *, now_s: int
) -> PlanningProblem:
    """What is left to plan at `now_s`.

    Shifts begin where the technicians are, when they are free. One who has left home begins with a visit without
    work, there and then: so waiting counts, as it does in his working time, and the plan's measure is the sum of
    working times from here on.
    """
    begun = {step.node for one in crew for step in one.done}
    out = tuple(_presence(whole, one) for one in crew if one.done and not one.over)
    known = tuple(
        visit
        for visit in whole.visits
        if day.released[visit.place] * trsp.TICKS <= now_s < visit.windows[0].close_s
        and visit.place not in begun
    )
    return replace(
        whole,
        engineers=tuple(_equipped(whole, one) for one in crew),
        shifts=tuple(
            replace(shift, start_place=one.at, start_s=one.free_s)
            for shift, one in zip(whole.shifts, crew, strict=True)
            if not one.over
        ),
        visits=(*out, *known),
    )


def _presence(whole: PlanningProblem, one: Technician) -> Visit:
    return Visit(
        id=f"H{one.number:04d}",
        ticket=f"H{one.number:04d}",
        place=one.at,
        service_s=0,
        earliest_s=0,
        left_out=100 * whole.horizon_s,
        engineer_lock=one.number - 1,
        start_lock_s=one.free_s,
    )


def _equipped(whole: PlanningProblem, one: Technician) -> Engineer:
    """The technician with what is in his van now; after the depot, with as much as all requests need."""
    engineer = whole.engineers[one.number - 1]
    if not one.stocked:
        return replace(engineer, van=tuple((part, count) for part, count in enumerate(one.van) if count))
    total = [0] * len(whole.parts)
    for line in (line for visit in whole.visits for line in visit.parts):
        total[line.part] += line.quantity
    return replace(
        engineer,
        tools=tuple(Held(tool, 0, whole.horizon_s + 1) for tool in range(len(whole.tools))),
        van=tuple((part, count) for part, count in enumerate(total) if count),
    )


def _as_planned(crew: Iterable[Technician]) -> Plan:
    """What everybody is about to do, as a plan to start from; its times do not matter."""
    routes = []
    for one in crew:
        refs = [f"H{one.number:04d}"] if one.done else []
        refs += [f"N{step.node:04d}" if step.node else "" for step in one.ahead]
        stops = tuple(
            Stop(StopKind.VISIT if ref else StopKind.PICK_UP, ref or "depot", 0, 0, 0) for ref in refs
        )
        if stops and not one.over:
            routes.append(Route(f"N{one.number:04d}", 0, 0, stops))
    return Plan(tuple(routes), (), CostTerms())


def _orders(plan: Plan) -> dict[int, list[int]]:
    """Nodes to go to by technician, 0 for the depot."""
    return {
        int(route.shift[1:]): [
            0 if stop.kind is StopKind.PICK_UP else int(stop.ref[1:])
            for stop in route.stops
            if not stop.ref.startswith("H")
        ]
        for route in plan.routes
    }


def _timed(whole: PlanningProblem, one: Technician, nodes: list[int]) -> tuple[Step, ...]:
    """Time a route so that it takes as little working time as it can, and everything in it as late as that allows."""
    if not nodes:
        return ()
    shift = whole.shifts[one.number - 1]
    end_s = one.free_s
    for before, node in pairwise([one.at, *nodes]):
        end_s = max(end_s + _way(whole, before, node), _opens(whole, node)) + _work(whole, node)
    end_s += _way(whole, nodes[-1], one.number)
    if not one.done:  # still at home: the whole route may slide as long as that makes it no longer
        least_s = sum(_way(whole, *leg) for leg in pairwise([one.at, *nodes, one.number]))
        least_s += sum(_work(whole, node) for node in nodes)
        end_s = max(end_s, _latest(whole, one, nodes, end_s=shift.end_s)[0].leave_s + least_s)
    return _latest(whole, one, nodes, end_s=end_s)


def _latest(whole: PlanningProblem, one: Technician, nodes: list[int], *, end_s: int) -> tuple[Step, ...]:
    """Every stop at its latest for a route that ends at `end_s`."""

    def backwards() -> Iterator[Step]:
        next_s, after = end_s, one.number
        for before, node in reversed(list(pairwise([one.at, *nodes]))):
            start_s = min(next_s - _way(whole, node, after) - _work(whole, node), _closes(whole, node))
            yield Step(node, start_s - _way(whole, before, node), start_s)
            next_s, after = start_s, node

    return tuple(backwards())[::-1]


def _way(whole: PlanningProblem, origin: int, destination: int) -> int:
    return int(whole.travel_s[origin, destination])


def _visit(whole: PlanningProblem, node: int) -> Visit:
    return whole.visits[node - len(whole.shifts) - 1]


def _work(whole: PlanningProblem, node: int) -> int:
    return _visit(whole, node).service_s if node else 0


def _opens(whole: PlanningProblem, node: int) -> int:
    return _visit(whole, node).windows[0].open_s if node else 0


def _closes(whole: PlanningProblem, node: int) -> int:
    return _visit(whole, node).windows[0].close_s - 1 if node else LAST


def document_of(day: Day, crew: Iterable[Technician], /) -> dict[str, Any]:
    """Write what everybody did for other programs; times are in the file's unit.

    ``engineer`` and ``stops`` (0: the depot) are as in a static result; ``left_at`` is when he set out for a stop,
    ``started_at`` when work began there.
    """
    went = [one for one in crew if one.done]
    served = {step.node for one in went for step in one.done}
    return {
        "routes": [
            {
                "engineer": one.number,
                "stops": [step.node for step in one.done],
                "left_at": [step.leave_s / trsp.TICKS for step in one.done],
                "started_at": [step.start_s / trsp.TICKS for step in one.done],
            }
            for one in went
        ],
        "unserved": sorted(set(day.released) - served),
    }


def working_time(day: Day, crew: Iterable[Technician], /) -> float:
    """Sum of working times as they were, in double: back at home minus left home, all waiting included."""
    total, nodes = 0.0, day.instance.nodes
    for one in crew:
        if one.done:
            last, home = nodes[one.done[-1].node], nodes[one.number]
            total += (one.done[-1].start_s - one.done[0].leave_s) / trsp.TICKS
            total += (last.service if one.done[-1].node else 0.0) + math.dist(
                (last.x, last.y), (home.x, home.y)
            )
    return total
