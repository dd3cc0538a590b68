"""One turn of the dispatch wheel, pure: the board and a budget give a problem, a plan and what it changes.

Around this stand two thin shells: the use case (load, call, save) and the simulation.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from dispatch.board import Board
from dispatch.cost import visit_stops
from dispatch.explain import reasons
from dispatch.plan import Plan
from dispatch.pose import problem_of
from dispatch.problem import PlanningProblem
from dispatch.publish import Change, changes
from dispatch.solve import Budget, Progress, solve


@dataclass(frozen=True)
class Replanned:
    """What a turn gives: the problem posed, the plan, the changes against the published plan."""

    problem: PlanningProblem
    plan: Plan
    changes: tuple[Change, ...]


def replan(
    board: Board,
    budget: Budget,
    *,
    hint: Plan | None = None,
    progress: Callable[[Progress], bool] | None = None,
) -> Replanned:
    """Plan the board's open visits.

    Args:
        board: what is true now.
        budget: seed, work or a cap in seconds.
        hint: a plan to start from.
        progress: called now and then with how far it is; returning False stops the search.
    """
    problem = problem_of(board)
    plan = solve(problem, budget, hint, progress=progress)
    plan = replace(plan, unassigned=reasons(problem, plan))
    starts = {stop.ref: board.moment(stop.start_s) for stop in visit_stops(plan)}
    return Replanned(problem, plan, changes(board.published, plan, moment=starts))
