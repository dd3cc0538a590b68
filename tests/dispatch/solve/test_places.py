"""Who can take a visit now: one candidate per shift, priced as the plan would be."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dispatch.cost import cost
from dispatch.plan import CostTerms, Plan, Source, StopKind
from dispatch.problem import Engineer, PartLine, Shift, Store
from dispatch.solve import Budget, laid_out, places_for, solve
from dispatch.solve.encode import encode
from tests.dispatch.oracle.worlds import tiny
from tests.dispatch.solve.worlds import HOUR, Size, bare, visit_at, world

EMPTY = Plan((), (), CostTerms())


def test_each_shift_that_can_has_one_candidate() -> None:
    """A shift without the skill has none; an empty day costs the way there and back."""
    problem = bare(
        visits=[replace(visit_at(1), skills=((0, 1),))],
        engineers=(Engineer("E0", skills=((0, 1),)), Engineer("E1")),
    )

    found = places_for(problem, EMPTY, "V1")

    assert [(c.shift, c.start_s, c.end_s) for c in found] == [("S0", 600, 1200 + HOUR)]
    assert found[0].cents == -(-1200 * 1000 // 3600) + -(-12000 * 10 // 1000)


def test_a_candidate_says_which_store_to_pass_by() -> None:
    """The part is not in the van: the candidate adds a pick-up stop and names it."""
    problem = bare(
        visits=[visit_at(1, parts=(PartLine(0, 1),))],
        engineers=(Engineer("E0"),),
        shifts=(Shift("S0", 0, 0, 0, 0, 8 * HOUR),),
        stores=(Store("D0", 3, stock=((0, 1),), pick_up_s=60),),
    )

    found = places_for(problem, EMPTY, "V1")

    assert [(c.pick_up, c.position, c.supply[0].source) for c in found] == [("D0", 1, Source.PICK_UP)]


@pytest.mark.parametrize("work", [0, 60])
@pytest.mark.parametrize("seed", range(8))
def test_no_visit_is_left_out_that_a_place_is_cheaper_for(seed: int, work: int) -> None:
    """However short the search, "place it now" never finds what the plan did not."""
    problem = world(seed, Size(visits=50, engineers=4, gaps=False))

    plan = solve(problem, Budget(seed=1, work=work))

    encoded = laid_out(problem)
    assert plan.unassigned, "four engineers cannot do fifty visits"
    for missing in plan.unassigned:
        left_out = problem.visits[problem.visit_index[missing.visit]].left_out
        assert all(c.cents >= left_out for c in places_for(problem, plan, missing.visit, encoded=encoded))


@pytest.mark.parametrize("seed", range(6))
def test_a_candidate_costs_what_taking_the_visit_out_saves(seed: int) -> None:
    """Where the plan has a visit, the cheapest place for it costs no more than its own place does."""
    problem = world(seed, Size(visits=10, engineers=3, days=1, gaps=False))
    plan = solve(problem, Budget(seed=1, work=400))
    encoded = laid_out(problem)
    for route in plan.routes:
        visits = [stop.ref for stop in route.stops if stop.kind is StopKind.VISIT]
        if len(visits) != 1:
            continue
        rest = replace(plan, routes=tuple(r for r in plan.routes if r is not route))
        left_out = problem.visits[problem.visit_index[visits[0]]].left_out
        own = cost(problem, plan).total - cost(problem, rest).total + left_out

        found = {c.shift: c.cents for c in places_for(problem, plan, visits[0], encoded=encoded)}

        assert found[route.shift] <= own


def test_asking_twice_gives_the_same_answer() -> None:
    """A question changes nothing."""
    problem = world(2, Size(visits=12, engineers=3))
    plan = solve(problem, Budget(seed=1, work=300))

    first, second = (places_for(problem, plan, "V03") for _ in range(2))

    assert first == second


@pytest.mark.parametrize("seed", range(25))
def test_what_was_asked_before_changes_no_answer(seed: int) -> None:
    """The routes of the last plan are kept in the search's numbers: another plan that has some of them is put in as if anew."""
    problem = tiny(seed)
    plan, other = (solve(problem, Budget(seed=1, work=work)) for work in (60, 20))
    mixed = replace(plan, routes=tuple(one for one in plan.routes if one.shift < "S1"))
    encoded = encode(problem)

    for some in (plan, mixed, other, plan):
        for visit in problem.visits:
            fresh = places_for(problem, some, visit.id, encoded=encode(problem))
            assert places_for(problem, some, visit.id, encoded=encoded) == fresh


def test_a_problem_is_laid_out_once_for_whoever_asks_about_it() -> None:
    """By identity: an equal problem is another one, and one nobody asks about again takes no room."""
    problem = world(2, Size(visits=12, engineers=3))
    other = replace(problem)

    assert laid_out(problem) is laid_out(problem)
    assert laid_out(other).problem is other
    once = replace(problem)
    assert laid_out(once, keep=False) is not laid_out(once, keep=False)


def test_what_is_kept_of_problems_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four small ones; a country that is larger than all that may be kept is laid out anew."""
    problems = [world(seed, Size(visits=6, engineers=2)) for seed in range(5)]
    first = [laid_out(one) for one in problems]

    assert laid_out(problems[0]) is not first[0]
    assert laid_out(problems[4]) is first[4]
    monkeypatch.setattr("dispatch.solve.KEPT_BYTES", 10)
    large = world(9, Size(visits=6, engineers=2))
    assert laid_out(large) is not laid_out(large)
