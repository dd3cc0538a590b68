"""The oracle: the whole planning problem as one CP-SAT interval model, solved to its proved optimum.

It reads `dispatch.problem` and writes `dispatch.plan`; it knows neither the search nor its timing, nor the
verifier or the cost, so each can be wrong alone and be found out by the others. For tiny problems only: up to
about eight visits on half a dozen shifts.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from ortools.sat.python import cp_model

from dispatch.plan import Plan
from dispatch.problem import Objective, PlanningProblem
from tests.dispatch.oracle.prices import write_prices
from tests.dispatch.oracle.reading import read_plan
from tests.dispatch.oracle.sheet import Sheet, new_sheet
from tests.dispatch.oracle.takings import write_takings
from tests.dispatch.oracle.ways import write_ways

EFFORT = 300.0
"""Deterministic time after which a problem is called too large for the oracle."""


@dataclass(frozen=True)
class Optimum:
    """The least cost of any plan, in cents, and one plan that costs it (its claim left empty)."""

    cost: int
    plan: Plan


def optimum(problem: PlanningProblem) -> Optimum:
    """Find the least cost any plan can have; there always is one, leaving out everything."""
    found = _solved(_written(problem))
    assert found is not None
    return found


def optimal_with(problem: PlanningProblem, visit: int) -> Optimum | None:
    """Find the least cost of the plans that have `visit` on a route; None: no plan has."""
    sheet = _written(problem)
    sheet.model.add(sheet.routed(visit) == 1)
    return _solved(sheet)


def feasible_alone(problem: PlanningProblem, visit: int, shift: int) -> bool:
    """Say whether `shift` could do `visit` were nothing else to do, all stock being free.

    Visits linked to it, directly or through others, may be done by anyone, as far as the links ask for them.
    """
    mates = _mates(problem, visit)
    number = {old: new for new, old in enumerate(mates)}
    alone = replace(
        problem,
        visits=tuple(problem.visits[v] for v in mates),
        links=tuple(
            replace(link, first=number[link.first], second=number[link.second])
            for link in problem.links
            if link.first in number
        ),
    )
    sheet = _written(alone)
    if (number[visit], shift) not in sheet.on:
        return False
    sheet.model.add(sheet.on[number[visit], shift] == 1)
    sheet.model.clear_objective()
    return _solved(sheet) is not None


def _mates(problem: PlanningProblem, visit: int) -> list[int]:
    mates = {visit}
    for _ in problem.links:
        for link in problem.links:
            if mates & {link.first, link.second}:
                mates |= {link.first, link.second}
    return sorted(mates)


def _written(problem: PlanningProblem) -> Sheet:
    assert problem.objective is Objective.MONEY
    sheet = new_sheet(problem)
    write_ways(sheet)
    write_takings(sheet)
    write_prices(sheet)
    return sheet


def _solved(sheet: Sheet) -> Optimum | None:
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.linearization_level = 0  # measured on 200 problems: a fifth of the time of the default
    solver.parameters.max_deterministic_time = EFFORT
    status = solver.solve(sheet.model)
    if status == cp_model.INFEASIBLE:
        return None
    assert status == cp_model.OPTIMAL, "too large for the oracle"
    return Optimum(round(solver.objective_value), read_plan(sheet, solver))
