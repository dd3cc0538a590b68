"""The workshop as a way out: the repair on site becomes two trips, one to collect the unit and one to bring it back.

That is another problem, posed like any other from the board on which the visit is a workshop trip. Around the visit
it is solved and priced like every other way.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from dispatch.board import Board
from dispatch.cost import cost
from dispatch.desk.visit import part_of_trip
from dispatch.event import WorkshopChosen
from dispatch.in_day import under_way
from dispatch.plan import Known, Plan, StopKind, Unassigned
from dispatch.pose import problem_of
from dispatch.problem import PlanningProblem
from dispatch.rescue import narrow
from dispatch.rescue.placed import Case, no_place, placed, priced, where
from dispatch.rescue.way import Way, WayKind
from kernel.errors import Message

NAME = Message("rescue.way_workshop")


@dataclass(frozen=True)
class Bench:
    """The problem in which the visit is collected for the workshop and brought back."""

    problem: PlanningProblem


def bench(board: Board, visit: str) -> Bench | Message:
    """Pose the workshop for a visit (the desk's id), or say why that cannot be: codes under ``closed.``.

    Raises:
        KeyError: the board has no such open visit.
    """
    wanted = board.visits[visit]
    if wanted.bench_min is not None:
        return Message("closed.is_workshop")
    if any(part_of_trip(part)[0] == visit for part in under_way(board)):
        return Message("closed.begun")
    work = board.region.field
    if any(role.visit == visit for role in work.crew_roles):
        return Message("closed.crew")
    if not work.bench_times:
        return Message("closed.no_workshop")
    asset = board.ticket(wanted.ticket).asset
    model = next((one.model for one in work.assets if one.id == asset), "")
    if not model:
        return Message("closed.no_model", {"ticket": wanted.ticket})
    if all(one.model != model for one in work.bench_times):
        return Message("closed.no_bench", {"model": model})
    return Bench(problem_of(board.apply(WorkshopChosen(visit))))


def workshop(case: Case, found: Bench | Message) -> Way:
    """The way, placed and priced against the plan as it is."""
    if isinstance(found, Message):
        return Way(WayKind.WORKSHOP, NAME, found)
    problem, desk = found.problem, case.problem.visits[case.problem.visit_index[case.visit]].desk_visit
    first = replace(
        case,
        problem=problem,
        plan=_without(problem, case.plan, desk),
        visit=desk,
        visits=tuple(one.id for one in problem.visits if one.ticket == _ticket(problem, desk)),
    )
    parts = [one.id for one in problem.visits if one.desk_visit == desk]
    way = narrow.forced(problem, desk, also=parts)
    plan = placed(first, way)
    # A unit that is collected and not brought back is no way out.
    if plan is None or not set(parts) <= where(plan).keys():
        return Way(WayKind.WORKSHOP, NAME, no_place(way))
    before = cost(case.problem, case.plan)
    judged = replace(first, plan=case.plan, before=before)
    return replace(priced(judged, WayKind.WORKSHOP, NAME, plan), problem=problem)


def _ticket(problem: PlanningProblem, desk: str) -> str:
    return problem.visits[problem.visit_index[desk]].ticket


def _without(problem: PlanningProblem, plan: Plan, desk: str) -> Plan:
    """The plan as it is in the new problem, nobody yet on the visit."""

    def gone(ref: str) -> bool:
        known = problem.visit_index.get(ref)
        return known is None or problem.visits[known].desk_visit == desk

    routes = tuple(
        replace(route, stops=tuple(s for s in route.stops if s.kind is not StopKind.VISIT or not gone(s.ref)))
        for route in plan.routes
    )
    left = Message("unassigned.not_found", {"visit": desk})
    mine = [one.id for one in problem.visits if one.desk_visit == desk]
    return replace(
        plan,
        routes=tuple(route for route in routes if any(s.kind is StopKind.VISIT for s in route.stops)),
        unassigned=(
            *(one for one in plan.unassigned if not gone(one.visit)),
            *(Unassigned(visit, left, Known.NOT_FOUND) for visit in mine),
        ),
        outside=tuple(one for one in plan.outside if not gone(one.visit)),
    )
