"""Explanations against the oracle: nothing is called proved that is not so, on hundreds of small problems."""

from __future__ import annotations

import pytest

from dispatch.explain import explain, reasons, remedied
from dispatch.explain.alone import earliest_alone
from dispatch.explain.asked import nobody_planned
from dispatch.explain.together import Mates
from dispatch.plan import Known
from dispatch.problem import PlanningProblem
from dispatch.solve import places_for
from tests.conftest import seeds
from tests.dispatch.oracle.model import feasible_alone, optimal_with
from tests.dispatch.oracle.worlds import tiny

BLOCK, BLOCKS = 25, 8
"""Problems in one test, and tests: two hundred problems."""


def block(number: int) -> list[PlanningProblem]:
    """The problems of one test."""
    return [tiny(seed, visits=4) for seed in range(number * BLOCK, (number + 1) * BLOCK)]


@pytest.mark.parametrize("number", seeds(BLOCKS, quick=2))  # the oracle is asked about every pair
def test_alone_is_exact(number: int) -> None:
    """Whether a shift can do a visit on an empty day: we say what the oracle says, both ways."""
    for problem in block(number):
        for v, visit in enumerate(problem.visits):
            for h, shift in enumerate(problem.shifts):
                if v not in problem.linked:
                    alone = earliest_alone(problem, visit, shift) is not None

                    assert alone == feasible_alone(problem, v, h)


@pytest.mark.parametrize("number", seeds(BLOCKS, quick=2))  # the oracle is asked about every pair
def test_what_rules_a_shift_out_for_linked_visits_is_so(number: int) -> None:
    """A proof holds for the group: with all its mates, and anybody to do them, the oracle finds no way either."""
    for problem in block(number):
        mates = Mates(problem)
        for v in sorted(problem.linked):
            for h, shift in enumerate(problem.shifts):
                alone = earliest_alone(problem, problem.visits[v], shift)
                if alone is None or mates.blocking(v, h) is not None:
                    assert not feasible_alone(problem, v, h)


@pytest.mark.parametrize("number", seeds(BLOCKS, quick=2))  # the oracle is asked about every pair
def test_no_wrong_proved(number: int) -> None:
    """A visit nobody is proved able to do is in no plan of the oracle's, whatever else is planned."""
    for problem in block(number):
        for reason in reasons(problem, nobody_planned(problem)):
            if reason.known is Known.PROVED:
                assert optimal_with(problem, problem.visit_index[reason.visit]) is None


@pytest.mark.slow  # counts over all worlds of the blocks above
def test_most_of_what_is_impossible_is_proved() -> None:
    """`not found` is honest, but a proof is worth more: eight of ten impossible visits get one.

    A visit a partner offers to do is told so instead.
    """
    impossible = proved = 0

    for problem in block(0) + block(1):
        known = {one.visit: one.known for one in reasons(problem, nobody_planned(problem))}
        for v, visit in enumerate(problem.visits):
            if not visit.outside and optimal_with(problem, v) is None:
                impossible += 1
                proved += known[visit.id] is Known.PROVED

    assert impossible > 30
    assert proved >= 0.8 * impossible


@pytest.mark.parametrize("number", seeds(BLOCKS // 2, quick=1))  # as above
def test_every_smallest_change_is_enough_and_one_less_is_not(number: int) -> None:
    """Applied, the visit fits on that shift, and the oracle agrees; made one unit smaller, it does not."""
    for problem in block(number):
        plan = nobody_planned(problem)
        for visit in problem.visits:
            for remedy in explain(problem, plan, visit.id).remedies:
                enough = remedied(problem, visit.id, remedy)
                short = remedied(problem, visit.id, remedy, less=1)
                v, h = problem.visit_index[visit.id], problem.shift_index[remedy.shift]

                assert remedy.shift in {one.shift for one in places_for(enough, plan, visit.id)}
                assert feasible_alone(enough, v, h)
                assert remedy.shift not in {one.shift for one in places_for(short, plan, visit.id)}
