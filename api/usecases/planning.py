"""Plan a region: the shell around `dispatch.replan` that knows the stock review and the plan's files."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from dispatch.board import Board
from dispatch.candidates import day_of
from dispatch.carry import as_published, carried, shifted
from dispatch.event import WorkshopChosen
from dispatch.explain import reasons
from dispatch.parts import PlannedNeed, planned_needs
from dispatch.plan import Plan, StopKind
from dispatch.pose import problem_of
from dispatch.problem import PlanningProblem
from dispatch.publish import Change
from dispatch.region import Region
from dispatch.replan import changes_of, replan, reviewed
from dispatch.solve import Budget, Progress
from inventory.replenish.reorder import Proposal
from inventory.review import review
from kernel.errors import Refusal


@dataclass(frozen=True)
class Planned:
    """A region planned: what was posed, what came out, what it changes, what to reorder.

    `kept`: the plan in force carried on, nothing of it decided anew; None: there was none.
    """

    board: Board
    problem: PlanningProblem
    plan: Plan
    changes: tuple[Change, ...]
    proposals: tuple[Proposal, ...]
    kept: Plan | None = None


def plan_region(
    region: Region,
    *,
    now: datetime | None,
    budget: Budget,
    in_force: tuple[Plan, datetime] | None = None,
    workshop: tuple[str, ...] = (),
    as_now_published: bool = False,
    review_s: int = 0,
    progress: Callable[[Progress], bool] | None = None,
) -> Planned:
    """Plan the open visits of a region and review its stock against the plan's needs.

    Args:
        region: as read.
        now: plan from this moment; None: the moment the region is described at.
        budget: how long to search.
        in_force: the plan people go by and the moment it was made for; see `dispatch.replan`.
        workshop: visits the plan in force sends to the workshop.
        as_now_published: where no plan is given, people go by what the region has published.
        review_s: see `dispatch.replan`.
        progress: see `dispatch.replan`.
    """
    board = as_in_plan(Board.of(region, now=now), workshop)
    going = shifted(in_force[0], board.tick(in_force[1])) if in_force is not None else None
    if going is None and as_now_published and board.published:
        going = as_published(board, problem_of(board))
    turned = replan(board, budget, in_force=going, review_s=review_s, progress=progress)
    problem, plan = turned.problem, turned.plan
    return Planned(board, problem, plan, turned.changes, proposals_for(board, problem, plan), turned.kept)


def plan_day(
    region: Region, *, now: datetime | None, budget: Budget, engineer: str, review_s: int = 0
) -> Planned:
    """Put one engineer's days in a better order, everybody else going on as published.

    Raises:
        Refusal: ``candidates.unknown_engineer``, ``candidates.partner``.
    """
    board = Board.of(region, now=now)
    problem = problem_of(board)
    published = as_published(board, problem)
    held = reviewed(board, problem, published, review_s=review_s)
    kept = carried(held, published)
    plan = day_of(held, kept, engineer, budget=budget)
    plan = replace(plan, unassigned=reasons(problem, plan))
    changed = changes_of(board, problem, plan)
    return Planned(board, problem, plan, changed, proposals_for(board, problem, plan), kept)


def as_in_plan(board: Board, workshop: Iterable[str]) -> Board:
    """The board with what a plan decided: visits that go to the workshop, as far as they are still open.

    Raises:
        Refusal: ``board.no_bench_time``; ``plan_file.workshop_begun`` when work on one has begun and the region still has
            it as a repair on site.
    """
    for visit in workshop:
        if visit in board.visits and board.visits[visit].bench_min is None:
            if visit in board.begun or any(one.visit == visit for one in board.standing.values()):
                raise Refusal("plan_file.workshop_begun", visit=visit)
            board = board.apply(WorkshopChosen(visit))
    return board


def needs_for(board: Board, problem: PlanningProblem, plan: Plan) -> tuple[PlannedNeed, ...]:
    """What the plan takes off vans and shelves, and when: what is to be reserved for it."""
    engineers = {shift.id: problem.engineers[shift.engineer].id for shift in problem.shifts}
    starts = {
        stop.ref: board.moment(stop.start_s)
        for route in plan.routes
        for stop in route.stops
        if stop.kind is StopKind.VISIT
    }
    vans = {engineer.id: engineer.van for engineer in board.region.field.engineers if engineer.van}
    return planned_needs(plan, engineers=engineers, vans=vans, moment=starts)


def proposals_for(board: Board, problem: PlanningProblem, plan: Plan) -> tuple[Proposal, ...]:
    """Reorder proposals once the plan's own needs count as demand."""
    needs = needs_for(board, problem, plan)
    depots = {engineer.van: engineer.depot for engineer in board.region.field.engineers if engineer.van}
    region = board.region
    return review(region.stock, needs, board.now, homes=depots, zone_name=region.settings.zone)
