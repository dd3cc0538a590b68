"""Promise rescue: the ways out for a ticket of a planned region, and one of them put into the plan."""

from __future__ import annotations

from dataclasses import dataclass, replace

from api.usecases.planning import Planned, proposals_for
from dispatch.board import Board
from dispatch.explain import reasons
from dispatch.plan import Plan
from dispatch.problem import PlanningProblem
from dispatch.replan import changes_of
from dispatch.rescue import Rescue, late_visit, refused_parts, ways_out
from kernel.errors import Refusal


@dataclass(frozen=True)
class Rescued:
    """A region with its plan, and the ways out for one of its tickets."""

    board: Board
    problem: PlanningProblem
    plan: Plan
    rescue: Rescue


def rescue_ticket(board: Board, problem: PlanningProblem, plan: Plan, name: str) -> Rescued:
    """Compare the ways out for a ticket, or for one visit of it.

    Raises:
        Refusal: ``rescue.nothing_open``.
    """
    visit = late_visit(problem, plan, name)
    desk_visit = problem.visits[problem.visit_index[visit]].desk_visit
    refused = refused_parts(board, desk_visit) if desk_visit in board.visits else ()
    return Rescued(board, problem, plan, ways_out(problem, plan, visit, refused=refused))


def applied(rescued: Rescued, number: int) -> Planned:
    """The region planned with way `number` (counted from 1, as listed) in it.

    Raises:
        Refusal: ``rescue.no_such_way``, ``rescue.way_closed``.
    """
    ways = rescued.rescue.ways
    if not 1 <= number <= len(ways):
        raise Refusal("rescue.no_such_way", number=number, ways=len(ways))
    chosen = ways[number - 1].plan
    if chosen is None:
        raise Refusal("rescue.way_closed", number=number)
    board, problem = rescued.board, rescued.problem
    plan = replace(chosen, unassigned=reasons(problem, chosen))
    return Planned(
        board, problem, plan, changes_of(board, problem, plan), proposals_for(board, problem, plan)
    )
