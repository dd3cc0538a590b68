"""One turn of the dispatch wheel, pure: the board and a budget give a problem, a plan and what it changes.

Around this stand two thin shells: the use case (load, call, save) and the simulation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from dispatch.attendance import crews
from dispatch.board import Board
from dispatch.carry import carried
from dispatch.cost import visit_stops
from dispatch.explain import reasons
from dispatch.in_day import under_way
from dispatch.plan import Plan
from dispatch.pose import problem_of
from dispatch.problem import Engineer, PlanningProblem, Shift
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
    review_s: int = 0,
    explained: bool = True,
    progress: Callable[[Progress], bool] | None = None,
) -> Replanned:
    """Plan the board's open visits.

    Args:
        board: what is true now.
        budget: seed, work or a cap in seconds.
        in_force: the plan people go by, in the ticks of this board (`dispatch.carry.shifted`); the search starts from
            what becomes of it, so the new one is never dearer, and told customers are looked at twice.
        review_s: so long it takes until people go by the plan; see `reviewed`.
        explained: say of every visit left out why; nobody reads it in simulated time, where it is left out.
        progress: called now and then with how far it is; returning False stops the search.
    """
    posed = problem_of(board)
    problem = reviewed(board, posed, in_force, review_s=review_s)
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
        plan = replace(plan, unassigned=reasons(posed, plan))
    # Who may leave sooner than he does breaks no rule: the plan is one of the board as it is.
    return Replanned(posed, plan, changes_of(board, posed, plan), kept)


def reviewed(
    board: Board, problem: PlanningProblem, in_force: Plan | None, *, review_s: int
) -> PlanningProblem:
    """The problem of a plan that is made and looked at for `review_s` before people go by it.

    A plan that sends somebody off at once and fills his overtime to the second no longer holds when it is published: nobody
    who is free to go leaves before then, save who has to in order to go on as planned.
    """
    if not review_s:
        return problem
    busy = {one.engineer for crew in crews(board).values() for one in crew}
    held = {
        shift.id: replace(shift, start_s=max(shift.start_s, review_s))
        for shift in problem.shifts
        if problem.engineers[shift.engineer].id not in busy
        and _may_wait(shift, problem.engineers[shift.engineer], review_s)
    }
    if in_force is not None:
        later = _starts(carried(_with_shifts(problem, held), in_force))
        for shift in {who for who, *_ in _starts(carried(problem, in_force)) - later} & held.keys():
            del held[shift]
    return _with_shifts(problem, held)


def _may_wait(shift: Shift, who: Engineer, until_s: int) -> bool:
    """Whether only the time he leaves at differs: no break of his ends before, and he holds what he held."""
    return (
        until_s < shift.latest_s
        and all(until_s < rest.until_s for rest in shift.breaks)
        and all(
            held.covers(shift.start_s, shift.latest_s)
            or not held.covers(max(shift.start_s, until_s), shift.latest_s)
            for held in (*who.certificates, *who.tools)
        )
    )


def _with_shifts(problem: PlanningProblem, changed: Mapping[str, Shift]) -> PlanningProblem:
    return replace(problem, shifts=tuple(changed.get(one.id, one) for one in problem.shifts))


def _starts(plan: Plan) -> set[tuple[str, str, int]]:
    """Shift, visit and start of every stop at a visit."""
    return {
        (route.shift, stop.ref, stop.start_s)
        for route in plan.routes
        for stop in visit_stops(replace(plan, routes=(route,)))
    }


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
