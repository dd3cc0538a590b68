"""Tiny problems, every plan tried: the solver finds the cheapest, priced by `dispatch.cost` alone."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace

import pytest

from dispatch.cost import cost
from dispatch.plan import CostTerms, Known, Plan, Route, Source, Stop, StopKind, Supply, Unassigned
from dispatch.problem import Engineer, Lateness, Offer, PartLine, PlanningProblem, Store, Visit, Window
from dispatch.solve import Budget, solve
from dispatch.verify import violations
from kernel.errors import Message
from tests.dispatch.solve.worlds import HOUR, bare, visit_at


def cheapest(problem: PlanningProblem) -> int:
    """Least cost over all assignments, orders, pick-up places and supply choices; times as early as possible."""
    best: int | None = None
    for orders in _assignments(problem):
        per_shift = [list(_routes(problem, shift, order)) for shift, order in enumerate(orders)]
        for routes in itertools.product(*per_shift):
            used = tuple(route for route in routes if route is not None)
            served = {s.ref for r in used for s in r.stops}
            missing = tuple(
                Unassigned(v.id, Message("unassigned.not_found"), Known.NOT_FOUND)
                for v in problem.visits
                if v.id not in served
            )
            plan = Plan(used, missing, CostTerms())
            terms = cost(problem, plan)
            if (best is None or terms.total < best) and violations(
                problem, replace(plan, claimed=terms)
            ) == ():
                best = terms.total
    assert best is not None
    return best


def _assignments(problem: PlanningProblem) -> Iterator[list[tuple[int, ...]]]:
    shifts = range(-1, len(problem.shifts))
    for given in itertools.product(shifts, repeat=len(problem.visits)):
        groups = [[v for v, h in enumerate(given) if h == shift] for shift in range(len(problem.shifts))]
        for orders in itertools.product(*(itertools.permutations(group) for group in groups)):
            yield list(orders)


def _routes(problem: PlanningProblem, shift: int, order: tuple[int, ...]) -> Iterator[Route | None]:
    if not order:
        yield None
        return
    supplies = itertools.product(*(_supplies(problem, problem.visits[v]) for v in order))
    for chosen in supplies:
        picks = {s.from_id for lines in chosen for s in lines if s.source is Source.PICK_UP}
        if not picks:
            yield _timed(problem, shift, order, chosen, -1, "")
        elif len(picks) == 1:
            for at in range(len(order)):
                yield _timed(problem, shift, order, chosen, at, next(iter(picks)))


def _supplies(problem: PlanningProblem, visit: Visit) -> list[tuple[Supply, ...]]:
    per_line = []
    for line in visit.parts:
        name = problem.parts[line.part]
        ways = [Supply(name, name, line.quantity, Source.VAN)]
        ways += [Supply(name, name, line.quantity, Source.PICK_UP, store.id) for store in problem.stores]
        ways += [
            Supply(name, name, line.quantity, Source.OFFER, problem.offers[offer].id) for offer in line.offers
        ]
        per_line.append(ways)
    return list(itertools.product(*per_line))


def _timed(
    problem: PlanningProblem,
    number: int,
    order: tuple[int, ...],
    supplies: tuple[tuple[Supply, ...], ...],
    pick_at: int,
    store_id: str,
) -> Route:
    shift = problem.shifts[number]
    here, now, stops = shift.start_place, shift.start_s, list[Stop]()
    for at, (v, lines) in enumerate(zip(order, supplies, strict=True)):
        if at == pick_at:
            store = problem.stores[problem.store_index[store_id]]
            now += int(problem.travel_s[here, store.place])
            stops.append(Stop(StopKind.PICK_UP, store.id, now, now, now + store.pick_up_s))
            here, now = store.place, now + store.pick_up_s
        visit = problem.visits[v]
        arrives = now + int(problem.travel_s[here, visit.place])
        ready = [
            problem.offers[problem.offer_index[s.from_id]].arrives_s
            for s in lines
            if s.source is Source.OFFER
        ]
        start = max([arrives, visit.earliest_s, *ready])
        start = next((max(start, w.open_s) for w in visit.windows if start < w.close_s), start)
        now = start + visit.service_s
        stops.append(Stop(StopKind.VISIT, visit.id, arrives, start, now, supply=lines))
        here = visit.place
    end = now + int(problem.travel_s[here, shift.end_place])
    return Route(shift.id, shift.start_s, end, tuple(stops))


def _timely() -> PlanningProblem:
    visits = [
        replace(visit_at(1, service_s=2 * HOUR), arrive=Lateness(HOUR, 900, 600)),
        replace(visit_at(2), windows=(Window(0, 900), Window(3 * HOUR, 4 * HOUR))),
        replace(visit_at(3, repair=Lateness(2 * HOUR, 3000, HOUR)), skills=((0, 2),)),
        replace(visit_at(4, earliest_s=5 * HOUR, left_out=2500), arrive=Lateness(5 * HOUR, 200, 60)),
    ]
    engineers = (Engineer("E0", skills=((0, 1),)), Engineer("E1", skills=((0, 2),)))
    return bare(visits=visits, engineers=engineers)


def _scarce() -> PlanningProblem:
    visits = [
        visit_at(1, parts=(PartLine(0, 1, offers=(0,)),), repair=Lateness(2 * HOUR, 400, HOUR)),
        visit_at(2, parts=(PartLine(0, 1),), repair=Lateness(3 * HOUR, 700, HOUR)),
        visit_at(3, parts=(PartLine(0, 2), PartLine(1, 1)), left_out=30_000),
    ]
    return bare(
        visits=visits,
        engineers=(Engineer("E0", van=((0, 1),)), Engineer("E1")),
        stores=(Store("D0", 5, stock=((0, 2), (1, 1)), pick_up_s=300),),
        offers=(Offer("O0", "courier", 0, 1, HOUR, 150, -1),),
    )


@pytest.mark.parametrize("problem", [_timely(), _scarce()], ids=["timely", "scarce"])
@pytest.mark.parametrize("slant", [0, 1, 2])
def test_no_plan_of_a_tiny_problem_is_cheaper(problem: PlanningProblem, slant: int) -> None:
    """The oracle tries everything and shares no code with the search; legs are made uneven three ways."""
    travel = problem.travel_s.copy()
    for i in range(len(travel)):
        for j in range(len(travel)):
            travel[i, j] += (i != j) * slant * (37 * i + 91 * j)
    problem = replace(problem, travel_s=travel)

    plan = solve(problem, Budget(seed=1, work=1500))

    assert violations(problem, plan) == ()
    assert plan.claimed.total == cheapest(problem)
