"""Going on as planned: everybody keeps his engineer, nobody new is placed, what no longer fits is left out."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.carry import carried
from dispatch.cost import cost, visit_stops
from dispatch.plan import Plan, Route
from dispatch.problem import Engineer, PartLine, PlanningProblem
from dispatch.solve import Budget, solve
from dispatch.verify import violations
from tests import builders as build
from tests.dispatch.solve.worlds import Size, world

SMALL = Size(visits=7, engineers=3, days=1, stores=1)


def engineers(problem: PlanningProblem, plan: Plan) -> dict[str, int]:
    """Who does what."""
    return {
        stop.ref: problem.shifts[problem.shift_index[route.shift]].engineer
        for route in plan.routes
        for stop in visit_stops(replace(plan, routes=(route,)))
    }


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000))
def test_a_plan_carried_on_where_nothing_has_changed_is_the_same_plan(seed: int) -> None:
    """Going on costs what it costs, no more."""
    problem = world(seed, SMALL)
    plan = solve(problem, Budget(seed=1, work=60))

    kept = carried(problem, plan)

    assert violations(problem, kept) == ()
    assert kept.claimed == cost(problem, kept)
    assert kept.claimed.total <= plan.claimed.total
    assert engineers(problem, kept) == engineers(problem, plan)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 2), st.integers(0, 6))
def test_whoever_is_gone_takes_only_his_own_visits_with_him(seed: int, gone: int, new: int) -> None:
    """Without a decision nobody jumps in, and a new visit waits."""
    problem = world(seed, SMALL)
    others = replace(problem, visits=tuple(v for i, v in enumerate(problem.visits) if i != new))
    plan = solve(others, Budget(seed=1, work=60))
    left = replace(problem, shifts=tuple(shift for shift in problem.shifts if shift.engineer != gone))

    kept = carried(left, plan)

    before, after = engineers(problem, plan), engineers(left, kept)
    assert violations(left, kept) == ()
    assert kept.claimed == cost(left, kept)
    assert problem.visits[new].id not in after
    assert {visit for visit, who in before.items() if who == gone}.isdisjoint(after)
    assert all(before[visit] == who for visit, who in after.items())


def test_who_was_sent_goes_although_leaving_him_out_would_be_cheaper() -> None:
    """A dispatcher gave it to him by hand: whether it pays is a question for the next plan, not for the clock."""
    needs = PartLine(part=0, quantity=1)
    problem = build.problem(
        visits=(build.visit("V", 4, left_out=1, parts=(needs,)),),
        engineers=(Engineer(id="E1", van=((0, 1),)),),
    )
    # As the published plan has it: who goes when, nothing of the part, so that the route is sought again.
    published = build.plan(Route("S1", 0, 810, (build.at("V", 400),)))

    kept = carried(problem, published)

    assert engineers(problem, kept) == {"V": 0}
    assert violations(problem, kept) == ()
    assert kept.claimed == cost(problem, kept)
    assert kept.claimed.total > 1
