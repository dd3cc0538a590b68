"""Promise rescue: the ways out for a ticket of a planned region, and one of them put into the plan."""

from __future__ import annotations

from dataclasses import dataclass, replace

from api.usecases.planning import Planned, proposals_for
from dispatch.board import Board
from dispatch.event import WorkshopChosen
from dispatch.explain import reasons
from dispatch.plan import Plan
from dispatch.problem import PlanningProblem
from dispatch.replan import changes_of
from dispatch.rescue import Rescue, bench, late_visit, refused_parts, ways_out
from kernel.errors import Message, Refusal


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
    at_bench = bench(board, desk_visit) if desk_visit in board.visits else Message("closed.no_workshop")
    return Rescued(board, problem, plan, ways_out(problem, plan, visit, refused=refused, bench=at_bench))


def applied(rescued: Rescued, number: int) -> Planned:
    """The region planned with way `number` (counted from 1, as listed) in it.

    Raises:
        Refusal: ``rescue.no_such_way``, ``rescue.way_closed``.
    """
    ways = rescued.rescue.ways
    if not 1 <= number <= len(ways):
        raise Refusal("rescue.no_such_way", number=number, ways=len(ways))
    way = ways[number - 1]
    chosen = way.plan
    if chosen is None:
        raise Refusal("rescue.way_closed", number=number)
    board, problem = rescued.board, rescued.problem
    if way.problem is not None:  # the workshop: a board of its own
        named = problem.visits[problem.visit_index[rescued.rescue.visit]]
        board, problem = board.apply(WorkshopChosen(named.desk_visit)), way.problem
    plan = replace(chosen, unassigned=reasons(problem, chosen))
    return Planned(
        board, problem, plan, changes_of(board, problem, plan), proposals_for(board, problem, plan)
    )
