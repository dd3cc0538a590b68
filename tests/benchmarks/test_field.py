"""Field days for comparing planners: the same for all, and others' routes are completed, verified and priced like ours."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.field.days import SIZES, Size, day
from benchmarks.field.peers import document
from benchmarks.field.scored import completed, theirs
from dispatch.cost import cost
from dispatch.plan import StopKind
from dispatch.problem import PlanningProblem
from dispatch.solve import Budget, solve
from dispatch.verify import violations

SMALL = Size(24, 4)


def routes_of(problem: PlanningProblem, *, work: int) -> list[list[int]]:
    """Some routes a peer might give: those of a short search of our own."""
    found = {route.shift: route for route in solve(problem, Budget(seed=3, work=work)).routes}
    return [
        [
            problem.visit_index[stop.ref]
            for stop in (found[shift.id].stops if shift.id in found else ())
            if stop.kind is StopKind.VISIT
        ]
        for shift in problem.shifts
    ]


def test_a_day_is_its_size_and_seed() -> None:
    """A row can be measured again, and overloaded days have seven engineers for every ten."""
    first, again, other = (day(SMALL, seed=seed, supply=True).digest for seed in (1, 1, 2))

    assert first == again
    assert first != other
    assert [(one.visits, one.engineers) for one in SIZES[:4]] == [(100, 15), (100, 10), (200, 30), (200, 21)]


def test_a_peer_is_told_who_may_do_what() -> None:
    """Skill sets, allowed engineers and levels say the same; ways are priced as ours are."""
    problem = day(SMALL, seed=1, supply=False)

    told = document(problem, seconds=1)

    for shift in told["shifts"]:
        by_skills = [v for v, one in enumerate(told["visits"]) if set(one["skills"]) <= set(shift["skills"])]
        assert by_skills == shift["may"]
    assert np.array(told["cents"]).shape == problem.travel_s.shape


@pytest.mark.parametrize("supply", [False, True], ids=["bare", "with supply"])
def test_routes_of_others_become_a_plan_that_keeps_every_rule(*, supply: bool) -> None:
    """What they left out is inserted, parts and loaners are given to what they did: nobody is scored on a broken plan."""
    problem = day(SMALL, seed=1, supply=supply)
    bare = day(SMALL, seed=1, supply=False)
    routes = routes_of(bare, work=40)
    nothing: list[list[int]] = [[] for _ in routes]

    scored = theirs(problem, [routes, nothing], supply=supply)

    assert scored.broken == ()
    assert supply or scored.left_out <= scored.left_out_before
    assert scored.cents == min(theirs(problem, [one], supply=supply).cents for one in (routes, nothing))


def test_who_does_what_stays_when_routes_are_completed() -> None:
    """A peer's plan is helped where it left something out, not improved where it was made."""
    problem = day(SMALL, seed=2, supply=False)
    routes = routes_of(problem, work=40)

    plan = completed(problem, routes)

    assert violations(problem, plan) == ()
    assert cost(problem, plan).total == plan.claimed.total
    by_shift = {
        route.shift: [problem.visit_index[stop.ref] for stop in route.stops if stop.kind is StopKind.VISIT]
        for route in plan.routes
    }
    for shift, route in zip(problem.shifts, routes, strict=True):
        assert set(route) <= set(by_shift.get(shift.id, []))
