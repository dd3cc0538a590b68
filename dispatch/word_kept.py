"""A second look at every customer who was told a time and would get another: is there really no way to keep it?"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from dispatch.cost import cost, visit_stops
from dispatch.plan import Plan
from dispatch.problem import Outside, PlanningProblem, Visit, Window
from dispatch.solve import Budget, solve

ROUNDS = 4


def held(visit: Visit) -> Visit:
    """The visit as it was published: that engineer, a start within the tolerance; unchanged when never published."""
    told = visit.published
    if told is None:
        return visit
    if visit.start_lock_s is not None:
        return replace(visit, engineer_lock=told.engineer, outside=_same_partner(visit))
    near = Window(told.start_s - told.tolerance_s, told.start_s + told.tolerance_s + 1)
    agreed = visit.windows or (near,)
    both = (Window(max(w.open_s, near.open_s), min(w.close_s, near.close_s)) for w in agreed)
    windows = tuple(window for window in both if window.open_s < window.close_s)
    # Without a common time the published start is no longer possible: a window that has passed says so.
    locked = replace(visit, engineer_lock=told.engineer, outside=_same_partner(visit))
    return replace(locked, windows=windows or (Window(-2, -1),))


def _same_partner(visit: Visit) -> tuple[Outside, ...]:
    """What the partner offers who was asked: nobody where our own engineer was told."""
    partner = visit.published.partner if visit.published is not None else ""
    return tuple(one for one in visit.outside if one.partner == partner)


def holding(problem: PlanningProblem, visit: str) -> PlanningProblem:
    """The problem with one visit held to what was published."""
    at = problem.visit_index[visit]
    visits = (*problem.visits[:at], held(problem.visits[at]), *problem.visits[at + 1 :])
    return replace(problem, visits=visits)


def word_kept(
    problem: PlanningProblem, plan: Plan, moved: Callable[[Plan], Iterable[str]], *, budget: Budget
) -> Plan:
    """Keep the published engineer and time of every told customer where that costs no more than moving him.

    Each one the plan moves is searched again with the visit held, starting from the plan; what is cheaper, or costs
    the same and keeps the promise, is taken, and everybody it moves is looked at in turn, at most `ROUNDS` times.

    Args:
        problem: what is planned.
        plan: its plan.
        moved: visits a plan has elsewhere than their customers were told.
        budget: for each look.
    """
    for _ in range(ROUNDS):
        before = plan
        for visit in moved(before):
            kept = solve(holding(problem, visit), budget, plan)
            total = cost(problem, kept)
            if total.total <= plan.claimed.total and _keeps(problem, kept, visit):
                plan = replace(kept, claimed=total, manifest=plan.manifest)
        if plan is before:
            break
    return plan


def _keeps(problem: PlanningProblem, plan: Plan, visit: str) -> bool:
    told = problem.visits[problem.visit_index[visit]].published
    if told is None:
        return False
    if told.partner:
        return any((one.visit, one.partner) == (visit, told.partner) for one in plan.outside)
    return any(stop.ref == visit for stop in visit_stops(plan))
