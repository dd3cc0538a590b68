"""A question about a few routes is answered from them alone, as from the whole region."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.plan import CostTerms, Known, Plan, Unassigned
from dispatch.rescue.part_of import by_itself, part_of
from dispatch.solve import Budget, laid_out, places_for, solve
from dispatch.verify import violations
from kernel.errors import Message
from tests.dispatch.oracle.worlds import tiny
from tests.dispatch.solve.worlds import Size, world

SMALL = Size(visits=8, engineers=3, days=2, stores=1)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 7), st.booleans())
def test_an_engineers_places_for_a_visit_are_found_on_his_days_alone(
    seed: int, number: int, empty: bool
) -> None:
    """What the others take is off the shelves, and nothing else of theirs counts."""
    problem = world(seed, SMALL)
    left = tuple(
        Unassigned(one.id, Message("unassigned.not_found"), Known.NOT_FOUND) for one in problem.visits
    )
    plan = Plan((), left, CostTerms()) if empty else solve(problem, Budget(seed=1, work=60))
    visit = problem.visits[number]
    served = {stop.ref for route in plan.routes for stop in route.stops}
    if visit.id in served:
        return
    whole = laid_out(problem)

    for engineer in range(len(problem.engineers)):
        his = {shift.id for shift in problem.shifts if shift.engineer == engineer}
        part = part_of(problem, plan, his, {visit.id})
        found = places_for(by_itself(part.problem), part.plan, visit.id)

        everywhere = places_for(problem, plan, visit.id, encoded=whole)
        assert [(one.shift, one.cents) for one in found] == [
            (one.shift, one.cents) for one in everywhere if one.shift in his
        ]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 1_000_000))
def test_a_part_is_planned_the_same_without_whom_and_what_it_has_nothing_to_do_with(seed: int) -> None:
    """Who is promised, preferred or barred keeps his name, whatever his number is among those who are left."""
    problem = tiny(seed)
    plan = solve(problem, Budget(seed=1, work=30))
    part = part_of(problem, plan, {route.shift for route in plan.routes[:1]}, ())

    narrow = by_itself(part.problem)

    found = solve(narrow, Budget(seed=1, work=60), part.plan)
    assert found == solve(part.problem, Budget(seed=1, work=60), part.plan)
    assert violations(narrow, found) == ()


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000))
def test_a_part_is_planned_the_same_with_only_its_own_roads(seed: int) -> None:
    """Roads nobody in it can drive change nothing."""
    problem = world(seed, SMALL)
    plan = solve(problem, Budget(seed=1, work=60))
    part = part_of(problem, plan, {route.shift for route in plan.routes[:2]}, ())

    narrow = by_itself(part.problem)

    found = solve(narrow, Budget(seed=1, work=60), part.plan)
    assert found == solve(part.problem, Budget(seed=1, work=60), part.plan)
    assert violations(narrow, found) == ()
    assert len(narrow.places) < len(problem.places)
