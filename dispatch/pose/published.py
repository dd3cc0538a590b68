"""What was published, as a problem sees it: locks, the price of change, what is frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from dispatch import problem as posed
from dispatch.board import Board
from dispatch.desk.visit import Lock, PublishedStop
from dispatch.eligibility import failures
from dispatch.pose.crew import number_of
from dispatch.pose.index import Index
from kernel.money import cents


def promised(board: Board, index: Index, visit: posed.Visit) -> posed.Visit:
    """The visit with the locks and the price of change of its published stop, if it has one."""
    stop = board.published.get(visit.id)
    if stop is None:
        return visit
    engineer = number_of(board, index, stop)
    return replace(
        visit,
        engineer_lock=engineer if stop.lock in {Lock.ENGINEER, Lock.BOTH} else visit.engineer_lock,
        start_lock_s=_locked_start(board, stop) if stop.lock in {Lock.TIME, Lock.BOTH} else None,
        published=_price(board, stop, engineer=engineer),
    )


def _locked_start(board: Board, stop: PublishedStop) -> int | None:
    """The tick of a locked start; one that has passed can no longer be kept and holds nothing but its engineer."""
    start_s = board.tick(stop.starts_at)
    return start_s if start_s >= 0 else None


def _price(board: Board, stop: PublishedStop, *, engineer: int) -> posed.Published:
    """The price of changing it; nothing for its start once that cannot be kept any more."""
    policy, told = board.region.settings.policy, stop.told_at is not None
    start_s, tolerance_s = board.tick(stop.starts_at), policy.tolerance_min * 60
    moved = policy.moved_told if told else policy.moved
    return posed.Published(
        engineer=engineer,
        start_s=start_s,
        tolerance_s=tolerance_s,
        engineer_cents=cents(policy.changed_engineer_told if told else policy.changed_engineer),
        moved_cents=cents(moved) if start_s + tolerance_s >= 0 else 0,
        partner=stop.partner,
    )


def frozen(board: Board, problem: posed.PlanningProblem) -> posed.PlanningProblem:
    """The problem with every published visit that starts within the freeze locked, where that is still possible.

    Possible is what no rule rules out for this visit alone on one of its engineer's shifts, and of a partner what he
    still offers.
    """
    freeze_s = board.region.settings.policy.freeze_min * 60
    if not freeze_s:
        return problem
    by_engineer: dict[int, list[posed.Shift]] = {}
    for shift in problem.shifts:
        by_engineer.setdefault(shift.engineer, []).append(shift)
    return replace(
        problem,
        visits=tuple(_held(problem, visit, by_engineer, freeze_s=freeze_s) for visit in problem.visits),
    )


def _held(
    problem: posed.PlanningProblem,
    visit: posed.Visit,
    by_engineer: Mapping[int, list[posed.Shift]],
    *,
    freeze_s: int,
) -> posed.Visit:
    before = visit.published
    if before is None or not 0 <= before.start_s < freeze_s:
        return visit
    if visit.engineer_lock not in {-1, before.engineer} or visit.start_lock_s not in {None, before.start_s}:
        return visit
    locked = replace(visit, engineer_lock=before.engineer, start_lock_s=before.start_s)
    if before.partner:
        his = tuple(o for o in visit.outside if (o.partner, o.start_s) == (before.partner, before.start_s))
        return replace(locked, outside=his) if his else visit
    possible = any(not failures(problem, locked, shift) for shift in by_engineer.get(before.engineer, ()))
    return locked if possible else visit
