"""Who could take a visit, what fills a gap, one engineer's day: each a whole plan that holds, with its true price."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.board import Board
from dispatch.candidates import candidate, candidates, day_of, fillers, without
from dispatch.carry import carried
from dispatch.cost import cost, difference, visit_stops
from dispatch.crew import Partner
from dispatch.desk.visit import PublishedStop
from dispatch.plan import Plan
from dispatch.pose import problem_of
from dispatch.problem import PlanningProblem
from dispatch.rescue.placed import MOVED_S, where
from dispatch.solve import Budget, solve
from dispatch.verify import violations
from kernel.errors import Refusal
from tests import builders
from tests import regions as build
from tests.dispatch.oracle.worlds import tiny
from tests.dispatch.solve.worlds import Size, world

SMALL = Size(visits=7, engineers=3, days=1, stores=1)


def planned(seed: int) -> tuple[PlanningProblem, Plan]:
    """A small random world and a short search's plan."""
    problem = world(seed, SMALL)
    return problem, solve(problem, Budget(seed=1, work=60))


def holds(problem: PlanningProblem, plan: Plan) -> bool:
    """No rule broken, and the claimed price is the true one."""
    return violations(problem, plan) == () and plan.claimed == cost(problem, plan)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 6))
def test_every_candidate_is_a_plan_that_holds_with_its_engineer_and_its_price(seed: int, number: int) -> None:
    """What the dispatcher is shown is what he gets."""
    problem, plan = planned(seed)
    visit = problem.visits[number].id
    rest = without(problem, plan, visit)

    found = candidates(problem, plan, visit)

    assert holds(problem, rest)
    assert [way.cents for way in found] == sorted(way.cents for way in found)
    assert len({way.engineer for way in found}) == len(found)
    for way in found:
        assert way.plan is not None
        assert holds(problem, way.plan)
        assert way.cents == way.plan.claimed.total - rest.claimed.total
        served = {stop.ref: route.shift for route in way.plan.routes for stop in route.stops}
        shift = problem.shifts[problem.shift_index[served[visit]]]
        assert problem.engineers[shift.engineer].id == way.engineer
        lost = {stop.ref for stop in visit_stops(rest)} - served.keys()
        assert set(way.effect.displaced) == lost


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 6))
def test_places_found_for_everybody_at_once_are_those_found_for_each(seed: int, number: int) -> None:
    """A list of candidates looks at the whole plan once; one engineer asked for by himself gives the same."""
    problem, plan = planned(seed)
    visit = problem.visits[number].id

    found = candidates(problem, plan, visit)

    for way in found:
        alone = candidate(problem, plan, visit, way.engineer)
        assert alone is not None
        assert alone.plan is not None
        assert way.plan is not None
        assert (alone.plan.routes, alone.cents, alone.effect) == (way.plan.routes, way.cents, way.effect)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 1_000_000))
def test_a_preview_says_of_everybody_what_the_two_whole_plans_say(seed: int) -> None:
    """It is told from the routes that differ; crews, links, partners and shared stock are in the worlds drawn."""
    problem = tiny(seed)
    plan = solve(problem, Budget(seed=1, work=60))
    visit = problem.visits[seed % len(problem.visits)].id
    rest = without(problem, plan, visit)
    found = [candidate(problem, plan, visit, one.id) for one in problem.engineers]

    for way in (one for one in found if one is not None):
        assert way.plan is not None
        assert holds(problem, way.plan)
        assert way.terms == difference(cost(problem, way.plan), cost(problem, rest))
        old, new = where(rest), where(way.plan)
        others = [one.id for one in problem.visits if one.id != visit]
        assert set(way.effect.displaced) == {one for one in others if one in old and one not in new}
        moved = {
            one
            for one in others
            if one in old
            and one in new
            and (
                abs(old[one].done.start_s - new[one].done.start_s) >= MOVED_S
                or old[one].who(problem) != new[one].who(problem)
            )
        }
        assert set(way.effect.moved) == moved
        assert way.start_s == new[visit].done.start_s


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 2))
def test_one_engineers_day_again_is_never_dearer_and_touches_nobody_else(seed: int, number: int) -> None:
    """The others were told their day; it stays."""
    problem, plan = planned(seed)
    engineer = problem.engineers[number]
    own = {shift.id for shift in problem.shifts if shift.engineer == number}

    again = day_of(problem, plan, engineer.id, budget=Budget(seed=1, work=100))

    assert holds(problem, again)
    assert again.claimed.total <= plan.claimed.total
    assert [route for route in again.routes if route.shift not in own] == [
        route for route in plan.routes if route.shift not in own
    ]


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000))
def test_a_gap_filler_saves_what_it_says(seed: int) -> None:
    """For a visit nobody does: the price of leaving it out less what it takes."""
    problem, plan = planned(seed)
    left = plan.unassigned[0].visit if plan.unassigned else problem.visits[0].id
    plan = without(problem, plan, left)

    for engineer in problem.engineers:
        for one in fillers(problem, plan, engineer.id):
            shift = problem.shifts[problem.shift_index[one.place.shift]]
            assert problem.engineers[shift.engineer] == engineer
            assert one.engineer != engineer.id
            assert one.saves > 0
            if one.visit == left:
                assert one.engineer == ""
                visit = problem.visits[problem.visit_index[left]]
                assert one.saves == visit.left_out - one.place.cents


def test_a_visit_nobody_has_time_for_pushes_out_a_cheaper_one() -> None:
    """Urgent work goes first, and the dispatcher sees whom it costs."""
    small = builders.visit("V1", 2, service_s=300)
    urgent = builders.visit("V2", 2, service_s=300, left_out=50_000)
    problem = builders.problem(visits=(small,), shifts=(builders.shift("S1", 0, end_s=800),))
    plan = solve(problem, Budget(seed=1, work=20))
    both = replace(problem, visits=(small, urgent))
    kept = carried(both, plan)

    (way,) = candidates(both, kept, "V2")

    assert [stop.ref for stop in visit_stops(kept)] == ["V1"]
    assert way.effect.displaced == ("V1",)
    assert way.plan is not None
    assert holds(both, way.plan)


def test_a_visit_or_engineer_that_is_not_there_is_refused() -> None:
    """A misspelt id gets a sentence."""
    problem, plan = planned(1)

    with pytest.raises(Refusal) as no_visit:
        candidates(problem, plan, "V-99")
    with pytest.raises(Refusal) as no_engineer:
        fillers(problem, plan, "E-99")

    assert (no_visit.value.code, no_engineer.value.code) == (
        "explain.unknown_visit",
        "candidates.unknown_engineer",
    )


def test_a_shift_that_is_not_the_engineers_is_refused() -> None:
    """An answer of nothing would read as: no visit fits there."""
    problem, plan = planned(0)
    engineer = problem.engineers[0].id

    with pytest.raises(Refusal) as refused:
        fillers(problem, plan, engineer, shift="NOSHIFT")

    assert refused.value.code == "candidates.not_his_shift"


def test_a_partner_has_no_day_to_fill_or_to_put_in_order() -> None:
    """His offer is all we know of him: no answer would look like a full day."""
    firm = Partner("X-1", "Other firm", Decimal(80), skills=(("HV", 5),))
    asked = PublishedStop("V-1", "", build.at(9), partner="X-1")
    board = Board.of(build.region(part_needs=(), partners=(firm,), published=(asked,)))
    problem = problem_of(board)
    plan = solve(problem, Budget(seed=1, work=20))

    for ask in (
        lambda: fillers(problem, plan, "X-1"),
        lambda: day_of(problem, plan, "X-1", budget=Budget(seed=1, work=20)),
    ):
        with pytest.raises(Refusal) as refused:
            ask()

        assert refused.value.code == "candidates.partner"
