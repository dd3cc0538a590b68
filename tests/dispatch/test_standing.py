"""What differs is told from the difference: the same price and the same broken rules as the whole plan gives."""

from __future__ import annotations

import gc
import weakref
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.cost import cost
from dispatch.plan import Known, Plan, Route, StopKind, Unassigned
from dispatch.problem import Objective, PlanningProblem
from dispatch.solve import Budget, solve
from dispatch.standing import KEPT, drawn, standing
from dispatch.verify import broken_rules, violations
from kernel.errors import Message
from tests.dispatch.oracle.worlds import tiny
from tests.dispatch.solve.worlds import Size, world


def _stops_changed(rng: np.random.Generator, problem: PlanningProblem, route: Route) -> Route:
    """One route with something done to it that may break a rule, or none."""
    stops = list(route.stops)
    if not stops:
        return route
    at = int(rng.integers(len(stops)))
    stop, kind = stops[at], int(rng.integers(7))
    if kind == 0:
        by = int(rng.integers(-3000, 3000))
        stops[at] = replace(
            stop, arrive_s=stop.arrive_s + by, start_s=stop.start_s + by, end_s=stop.end_s + by
        )
    if kind == 1:
        del stops[at]
    if kind == 2:
        stops[at] = replace(stop, supply=tuple(replace(s, quantity=s.quantity + 1) for s in stop.supply))
    if kind == 3:
        stops[at] = replace(stop, loaner=None, fetches=(), tools=())
    if kind == 4:
        stops.reverse()
    if kind == 5:
        return replace(route, end_s=route.end_s + int(rng.integers(-2000, 9000)))
    if kind == 6:
        return replace(route, shift=problem.shifts[int(rng.integers(len(problem.shifts)))].id)
    return replace(route, stops=tuple(stops))


def another(rng: np.random.Generator, problem: PlanningProblem, plan: Plan) -> Plan:
    """The plan with one or two things done to it by hand, whether they may be done or not."""
    for _ in range(int(rng.integers(1, 3))):
        routes, kind = list(plan.routes), int(rng.integers(6))
        if routes and kind < 2:
            at = int(rng.integers(len(routes)))
            routes[at] = _stops_changed(rng, problem, routes[at])
        if routes and kind == 2:
            del routes[int(rng.integers(len(routes)))]
        if len(routes) > 1 and kind == 3:
            one, two = (int(n) for n in rng.choice(len(routes), 2, replace=False))
            if not routes[one].stops:
                continue
            moved = routes[one].stops[int(rng.integers(len(routes[one].stops)))]
            routes[one] = replace(routes[one], stops=tuple(s for s in routes[one].stops if s is not moved))
            routes[two] = replace(routes[two], stops=(*routes[two].stops, moved))
        plan = replace(plan, routes=tuple(routes))
        if kind == 4:
            plan = replace(plan, outside=plan.outside[1:], unassigned=plan.unassigned[1:])
        if kind == 5:
            planned = {s.ref for r in plan.routes for s in r.stops if s.kind is StopKind.VISIT}
            left = {one.visit for one in plan.unassigned} | {one.visit for one in plan.outside}
            names = [visit.id for visit in problem.visits if visit.id not in planned | left]
            said = Message("unassigned.not_found")
            listed = tuple(Unassigned(name, said, Known.NOT_FOUND) for name in names)
            plan = replace(plan, unassigned=(*plan.unassigned, *listed))
    return plan


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 1_000_000), st.integers(1, 3))
def test_a_plan_told_from_another_costs_and_breaks_what_it_does_alone(seed: int, steps: int) -> None:
    """Every rule is in the worlds drawn, and the plans are changed as if nobody knew a rule."""
    problem = tiny(seed)
    plan = solve(problem, Budget(seed=1, work=30))
    rng = np.random.default_rng(seed)
    known = standing(problem, plan)

    for _ in range(steps):
        plan = another(rng, problem, plan)
        known = known.after(plan)

        assert known.terms == cost(problem, plan)
        assert known.broken == broken_rules(problem, plan)
        assert known.violations == violations(problem, plan)
        assert known.drawn == drawn(problem, plan.routes)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from(Objective))
def test_every_objective_is_told_from_the_difference(seed: int, objective: Objective) -> None:
    """Of home care only the latest start of all counts: it is no sum of routes."""
    problem = world(seed, Size(visits=7, engineers=3, days=1, stores=1), objective)
    plan = solve(problem, Budget(seed=1, work=30))
    rng = np.random.default_rng(seed)

    other = another(rng, problem, plan)

    assert standing(problem, plan).after(other).terms == cost(problem, other)


def test_a_name_nobody_knows_is_found_in_what_differs() -> None:
    """It has no price, and the verifier says so in words."""
    problem = world(3, Size(visits=7, engineers=3, days=1, stores=1))
    plan = solve(problem, Budget(seed=1, work=30))
    first = plan.routes[0]
    visit = next(stop for stop in first.stops if stop.kind is StopKind.VISIT)
    stops = tuple(replace(stop, ref="V-99") if stop is visit else stop for stop in first.stops)
    other = replace(plan, routes=(replace(first, stops=stops), *plan.routes[1:]))

    found = standing(problem, plan).after(other)

    assert found.broken == broken_rules(problem, other)
    with pytest.raises(KeyError):
        _ = found.terms


def test_a_plan_is_added_up_once_and_forgotten_with_its_problem() -> None:
    """By identity: an equal plan that is another one is added up anew, and what nobody has any more is not kept."""
    problem = world(3, Size(visits=7, engineers=3, days=1, stores=1))
    plans = [solve(problem, Budget(seed=1, work=30)) for _ in range(KEPT + 1)]

    first = [standing(problem, plan) for plan in plans]

    assert all(one is not two for one, two in pairwise(first))
    assert [standing(problem, plan) is one for plan, one in zip(plans[1:], first[1:], strict=True)] == [
        True
    ] * KEPT
    assert standing(problem, plans[0]) is not first[0]
    gone = weakref.ref(problem)
    del problem
    gc.collect()
    assert gone() is None
