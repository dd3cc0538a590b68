"""One turn of the dispatch wheel, pure: the board and a budget give a problem, a plan and what it changes.

Around this stand two thin shells: the use case (load, call, save) and the simulation.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from dispatch.board import Board
from dispatch.carry import carried
from dispatch.cost import visit_stops
from dispatch.explain import reasons
from dispatch.in_day import under_way
from dispatch.plan import Plan
from dispatch.pose import problem_of
from dispatch.problem import PlanningProblem
from dispatch.publish import Change, changes, tolerance
from dispatch.solve import Budget, Progress, solve
from dispatch.word_kept import word_kept

SECOND_LOOK = Budget(seed=1, work=3000)
"""For every told customer a new plan moves against the one in force."""


@dataclass(frozen=True)
class Replanned:
    """What a turn gives: the problem posed, the plan, the changes against the published plan.

    `kept` is what becomes of the plan in force when nobody decides anything; None: there was none.
    """

    problem: PlanningProblem
    plan: Plan
    changes: tuple[Change, ...]
    kept: Plan | None = None


def replan(
    board: Board,
    budget: Budget,
    *,
    in_force: Plan | None = None,
    explained: bool = True,
    progress: Callable[[Progress], bool] | None = None,
) -> Replanned:
    """Plan the board's open visits.

    Args:
        board: what is true now.
        budget: seed, work or a cap in seconds.
        in_force: the plan people go by, in the ticks of this board (`dispatch.carry.shifted`); the search starts from
            what becomes of it, so the new one is never dearer, and told customers are looked at twice.
        explained: say of every visit left out why; nobody reads it in simulated time, where it is left out.
        progress: called now and then with how far it is; returning False stops the search.
    """
    problem = problem_of(board)
    kept = carried(problem, in_force) if in_force is not None else None
    plan = solve(problem, budget, kept, progress=progress)
    if kept is not None:
        # Its order may be one the search cannot start from word for word.
        plan = replace(kept, manifest=plan.manifest) if kept.claimed.total < plan.claimed.total else plan

        def moved(made: Plan) -> list[str]:
            told = [change.visit for change in changes_of(board, problem, made) if change.told]
            # A later day of a repair that is now done in the workshop has no word left to keep.
            return [visit for visit in told if visit in board.published]

        plan = word_kept(problem, plan, moved, budget=SECOND_LOOK)
    if explained:
        plan = replace(plan, unassigned=reasons(problem, plan))
    return Replanned(problem, plan, changes_of(board, problem, plan), kept)


def changes_of(board: Board, problem: PlanningProblem, plan: Plan) -> tuple[Change, ...]:
    """What a plan of the board changes against the published one."""
    planned = [(stop.ref, stop.start_s) for stop in visit_stops(plan)]
    planned += [(one.visit, one.start_s) for one in plan.outside]
    return changes(
        board.published,
        plan,
        moment={visit: board.moment(start_s) for visit, start_s in planned},
        tolerance={visit: tolerance(problem, visit) for visit, _ in planned},
        under_way=under_way(board),
        overtaken=board.overtaken,
    )
