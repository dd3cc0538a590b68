"""The built-in region planned: nearly everything placed, nothing broken, and each story happens."""

from __future__ import annotations

from functools import cache

import pytest

from dispatch.board import Board
from dispatch.cost import visit_stops
from dispatch.plan import Known, LoanerBy, Plan, Stop
from dispatch.pose import problem_of
from dispatch.problem import PlanningProblem
from dispatch.solve import Budget, solve
from dispatch.verify import violations
from scenarios.library.fujian import fujian

WORK = 3000
"""Iterations: a few seconds, enough for every story; the demo searches longer."""


@cache
def planned() -> tuple[PlanningProblem, Plan]:
    """The problem and a short search's plan."""
    problem = problem_of(Board.of(fujian()))
    return problem, solve(problem, Budget(seed=1, work=WORK))


def stop_of(visit: str) -> Stop:
    """Where a visit stands in the plan."""
    return next(stop for stop in visit_stops(planned()[1]) if stop.ref == visit)


@pytest.mark.slow  # plans the built-in region
def test_the_plan_keeps_every_rule_and_places_nearly_everything() -> None:
    """The region is tight, not hopeless: locks can be kept, a short search leaves few visits out."""
    problem, plan = planned()

    assert violations(problem, plan) == ()
    assert len(plan.unassigned) <= 6


def test_the_fuzhou_part_is_brought_from_xiamen() -> None:
    """The transfer is sooner and cheaper than the purchase."""
    stop = stop_of("V-FZ-PART")

    assert [supply.from_id for supply in stop.supply] == ["O-FZ-TRANSFER"]


def test_a_loaner_stands_in_quanzhou_before_it_is_due_and_the_repair_is_late() -> None:
    """The part comes after the 24 hours, whatever is planned."""
    problem, _ = planned()
    visit = problem.visits[problem.visit_index["V-QZ-LOANER"]]
    stop = stop_of("V-QZ-LOANER")

    assert visit.repair is not None
    assert visit.substitute is not None
    assert stop.end_s > visit.repair.due_s
    assert stop.loaner is not None
    assert stop.loaner.by is LoanerBy.COURIER
    assert stop.loaner.stands_s <= visit.substitute.due_s


def test_the_longyan_visit_is_left_out_and_that_is_proved() -> None:
    """Nobody's certificate is valid: no search is needed to know."""
    _, plan = planned()

    (left_out,) = [one for one in plan.unassigned if one.visit == "V-LY-CERT"]

    assert left_out.known is Known.PROVED
