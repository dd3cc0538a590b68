"""The oracle and the rest find each other out: on 300 random problems with every rule mixed, all costs are equal."""

from __future__ import annotations

from dataclasses import fields, replace
from functools import cache
from itertools import product

import pytest

from dispatch.cost import cost
from dispatch.plan import CostTerms, LoanerBy, Plan, Source, StopKind
from dispatch.problem import PlanningProblem
from dispatch.solve import Budget, solve
from dispatch.verify import violations
from tests.conftest import seeds
from tests.dispatch.oracle.brute import cheapest, size
from tests.dispatch.oracle.mix import counted, found_in, used_in
from tests.dispatch.oracle.model import Optimum, feasible_alone, optimal_with, optimum
from tests.dispatch.oracle.worlds import SUBJECTS, tiny

PROBLEMS = 300
WORK = 6_000
NO_BREAKS = frozenset(SUBJECTS) - {"breaks"}


def few(seed: int) -> PlanningProblem:
    """Give a problem of two or three visits without breaks."""
    return tiny(seed, subjects=NO_BREAKS, visits=3)


def verified(problem: PlanningProblem, found: Optimum) -> Plan:
    """Have the oracle's plan read by the verifier and priced by `dispatch.cost`, which must find the oracle's sum."""
    terms = cost(problem, found.plan)
    plan = replace(found.plan, claimed=terms)
    assert violations(problem, plan) == ()
    assert terms.total == found.cost
    return plan


@cache
def proved(seed: int) -> Optimum:
    """The best of a problem with every rule mixed; two tests look at it."""
    return optimum(tiny(seed))


@pytest.mark.parametrize("seed", seeds(PROBLEMS, quick=10))  # a proof and a search each: half a second
def test_no_plan_is_cheaper_than_the_solvers(seed: int) -> None:
    """Search, verifier, cost and oracle share no code; a mistake in one shows as a difference of a cent."""
    problem = tiny(seed)

    best = proved(seed)
    plan = solve(problem, Budget(seed=1, work=WORK))

    verified(problem, best)
    assert violations(problem, plan) == ()
    assert plan.claimed == cost(problem, plan)
    assert plan.claimed.total == best.cost


def test_every_rule_is_in_a_good_share_of_the_problems() -> None:
    """A rule that is drawn too seldom is not compared."""
    problems = [tiny(seed) for seed in range(PROBLEMS)]

    found = counted(map(found_in, problems))

    assert {name: number for name, number in found.items() if number < PROBLEMS // 12} == {}
    assert len(found) == 38
    assert all(len(problem.visits) <= 8 and len(problem.engineers) <= 3 for problem in problems)


@pytest.mark.slow  # a hundred proofs of optimality
def test_the_best_plans_make_use_of_every_way_out() -> None:
    """A price nobody ever pays and a source nobody ever takes would agree whatever they were."""
    problems = [tiny(seed) for seed in range(PROBLEMS // 3)]

    plans = [verified(problem, proved(seed)) for seed, problem in enumerate(problems)]

    used = counted(map(used_in, problems, plans))
    prices = {f"pays {term.name}" for term in fields(CostTerms)} - {"pays measure", "pays vehicles"}
    ways = {f"from {source}" for source in Source} | {f"loaner by {by}" for by in LoanerBy} | set(StopKind)
    outcomes = {
        "alternate",
        "partner",
        "loaner from the van",
        "both of a link",
        "linked left out",
        "nothing left out",
        "three routes",
    }
    assert {name for name in prices | ways | outcomes if used[name] < 3} == set()


@pytest.mark.parametrize("seed", [seed for seed in range(90) if size(few(seed)) <= 600])
def test_trying_every_plan_finds_none_cheaper(seed: int) -> None:
    """A model that forbids what the verifier allows would call a dear plan best."""
    problem = few(seed)

    best = optimum(problem)

    assert verified(problem, best).claimed.total == cheapest(problem)


@pytest.mark.parametrize("seed", seeds(25, quick=8))  # many proofs each
def test_what_the_best_plan_does_can_be_done_alone_and_be_asked_for(seed: int) -> None:
    """Fewer stops are never harder to time where no break falls due; to force what is best anyway costs nothing."""
    problem = tiny(seed, subjects=NO_BREAKS, visits=5)
    best = optimum(problem)
    done = {
        (problem.visit_index[stop.ref], problem.shift_index[route.shift])
        for route in best.plan.routes
        for stop in route.stops
        if stop.kind is StopKind.VISIT
    }

    alone = {
        (v, h)
        for v, h in product(range(len(problem.visits)), range(len(problem.shifts)))
        if feasible_alone(problem, v, h)
    }
    forced = {v: optimal_with(problem, v) for v in range(len(problem.visits))}

    assert done <= alone
    assert {v for v, _ in alone} == {v for v, found in forced.items() if found is not None}
    for v, found in forced.items():
        if found is not None:
            verified(problem, found)
            assert (found.cost == best.cost) if v in {v for v, _ in done} else (found.cost >= best.cost)
