"""A day that has begun, as a problem sees it: shifts start where people stand, visits under way have begun.

Who is on the way to a visit will do it; who works on one finishes it first, whatever the overtime allows. A
standing counts for the shift it was heard in: every other shift starts where it says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from dispatch import problem as posed
from dispatch.board import Board
from dispatch.crew import Shift, on_call_shift, present
from dispatch.problem import UNREACHABLE
from dispatch.underway import Standing
from kernel.interval import Interval

BREAK_AFTER_S = 30 * 60
"""Who worked through the time for his break has it within half an hour of finishing."""


def under_way(board: Board) -> Mapping[str, Standing]:
    """Open visits somebody is at work on or on the way to, and is there to do so, by visit."""
    away = {gone.engineer for gone in board.region.field.absences if board.now in gone.away}
    return {
        standing.visit: standing
        for standing in board.standing.values()
        if standing.visit in board.visits and standing.engineer not in away
    }


def finishing(board: Board) -> frozenset[str]:
    """Visits being finished after the shift they were begun in: nothing of them is left to decide."""
    at_work = {visit: one for visit, one in under_way(board).items() if not one.travelling}
    rows = [*board.region.field.shifts, *map(on_call_shift, board.region.field.on_call)] if at_work else []
    there = {
        row.engineer
        for row in rows
        if board.now in row.worked
        and any(board.now in piece for piece in present(row, board.region.field.absences))
    }
    return frozenset(visit for visit, one in at_work.items() if one.engineer not in there)


@dataclass(frozen=True, slots=True)
class Beginning:
    """How a piece of a shift begins.

    Args:
        place: location id.
        start_s: tick.
        overtime_s: ticks of overtime it needs to finish what is under way.
        rested: the break has been had.
        break_until_s: a break may begin until this tick at least: work under way goes on past the time for it.
    """

    place: str
    start_s: int
    overtime_s: int = 0
    rested: bool = False
    break_until_s: int = 0


def begin(board: Board, shift: Shift, piece: Interval) -> Beginning:
    """Where and when a piece of a shift begins."""
    home = f"place:{shift.start_place}" if shift.start_place else f"home:{shift.engineer}"
    start_s = max(0, board.tick(piece.start))
    standing = board.standing.get(shift.engineer)
    if standing is None or board.now not in piece or standing.at not in shift.worked:
        return Beginning(home, start_s)
    rested = standing.rested_at is not None and standing.rested_at in shift.worked
    if standing.travelling:
        origin = board.roads.index[standing.origin or home]
        way_s = int(board.roads.seconds[origin, board.roads.index[standing.place]])
        arrives_at = (standing.finish or standing.at) + timedelta(seconds=max(0, way_s))
        return Beginning(standing.place, max(start_s, board.tick(arrives_at)), rested=rested)
    free_s = board.tick(standing.free_at(board.now))
    if standing.visit not in under_way(board):
        return Beginning(standing.place, max(start_s, free_s), rested=rested)
    end = f"place:{shift.end_place}" if shift.end_place else f"home:{shift.engineer}"
    home_s = int(board.roads.seconds[board.roads.index[standing.place], board.roads.index[end]])
    rest_s = 0 if rested or shift.break_between is None else shift.break_min * 60
    needed_s = free_s + rest_s + (0 if home_s == UNREACHABLE else home_s) - board.tick(piece.end)
    return Beginning(standing.place, start_s, max(0, needed_s), rested, free_s + BREAK_AFTER_S)


def begun(
    board: Board, visit: posed.Visit, standing: Standing, *, engineer: int, van: Mapping[int, int]
) -> posed.Visit:
    """A visit under way: the engineer's own; once he is at work only what is left of it, from now on.

    What he was chosen by (skills, tools, agreed time) is settled then. Parts that lie in his van are used; a part
    that does not has reached the site some other way and no longer counts.

    Args:
        board: what is true now.
        visit: as posed before it began.
        standing: of the engineer.
        engineer: his index in the problem.
        van: units in his van by part index.
    """
    if standing.travelling:
        return replace(visit, engineer_lock=engineer, start_lock_s=None)
    return replace(
        visit,
        engineer_lock=engineer,
        start_lock_s=0,
        service_s=board.tick(standing.free_at(board.now)),
        earliest_s=0,
        windows=(),
        skills=(),
        certificates=(),
        tools=(),
        parts=tuple(
            replace(line, alternates=(), offers=())
            for line in visit.parts
            if van.get(line.part, 0) >= line.quantity
        ),
        barred=(),
        preferred=(),
        territory=-1,
        published=None,
    )
