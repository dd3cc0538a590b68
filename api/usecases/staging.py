"""Tomorrow's vans: what a plan has them leave with, and what is missing."""

from __future__ import annotations

from datetime import date, datetime

from api.usecases.planning import needs_for
from dispatch.board import Board
from dispatch.desk.visit import part_of_trip
from dispatch.plan import Plan, StopKind
from dispatch.problem import PlanningProblem
from inventory.picking import picking
from inventory.stock.staging import Staging
from inventory.stockroom import Stockroom
from kernel.clock import zone
from kernel.errors import Refusal
from storage.desk.staging import Picked, Short


def staged_by(on: date) -> str:
    """The document by which units are staged for the vans of a day."""
    return f"PICK-{on.isoformat()}"


def staged_on(
    board: Board, problem: PlanningProblem, plan: Plan, stock: Stockroom, *, day: date | None, now: datetime
) -> tuple[date, Staging]:
    """Make ready the vans that leave on `day`, in the region's own calendar; None: the next day any leaves.

    Args:
        board: what the plan was made of.
        problem: as the solver had it.
        plan: the plan.
        stock: what there is now to pick from.
        day: of leaving.
        now: when it is picked, aware.

    Raises:
        Refusal: ``pick.no_departure``, ``pick.no_later_departure``.
    """
    region = board.region
    where = zone(region.settings.zone)
    today = now.astimezone(where).date()
    leaves = {route.shift: board.moment(route.depart_s) for route in plan.routes}
    days = sorted({at.astimezone(where).date() for at in leaves.values()})
    on = day if day is not None else next((one for one in days if one > today), None)
    if on is None:
        raise Refusal("pick.no_later_departure", day=str(today), days=" ".join(map(str, days)))
    if on not in days:
        raise Refusal("pick.no_departure", day=str(on), days=" ".join(map(str, days)))
    engineers = {shift.id: problem.engineers[shift.engineer].id for shift in problem.shifts}
    vans = {row.id: row.van for row in region.field.engineers if row.van}
    homes = {row.van: row.depot for row in region.field.engineers if row.van}
    carriers: dict[str, str] = {}
    departs_at: dict[str, datetime] = {}
    leaves_on: dict[str, date] = {}
    for route in plan.routes:
        at = leaves[route.shift]
        who = vans.get(engineers[route.shift], engineers[route.shift])
        for stop in route.stops:
            # A visit of several engineers is supplied where its parts are named; the first to leave fetches them.
            if stop.kind is StopKind.VISIT and (stop.supply or stop.ref not in leaves_on):
                leaves_on[stop.ref] = at.astimezone(where).date()
                carriers[stop.ref] = who
        if at.astimezone(where).date() == on:
            departs_at[who] = min(at, departs_at.get(who, at))
    needs = needs_for(board, problem, plan)
    staged = picking(
        stock,
        (need for need in needs if leaves_on[need.demand_ref] == on),
        # What was due by now has been taken, and the stock says so.
        before=(need for need in needs if leaves_on[need.demand_ref] < on and need.at >= now),
        carriers=carriers,
        homes=homes,
        departs_at=departs_at,
        now=now,
        zone_name=region.settings.zone,
        document=staged_by(on),
    )
    return on, staged


def to_move(staged: Staging, board: Board) -> tuple[list[Picked], list[Short]]:
    """What a pick list that was picked moves into the vans, and what of it has to be raised.

    What somebody without a van fetches stays on its shelf until he takes it.
    """
    vans = {row.van for row in board.region.field.engineers if row.van}
    picked = [
        Picked(line.part, line.quantity, each.depot, each.van, tuple(map(visit_of, line.demands)))
        for each in staged.lists
        for line in each.lines
        if each.van in vans
    ]
    short = [Short(visit_of(row.demand_ref), row.part, row.quantity) for row in staged.shortages]
    return picked, short


def visit_of(planned: str) -> str:
    """The visit a stop of the plan belongs to: a part of a long one is named after it."""
    return part_of_trip(planned)[0]
