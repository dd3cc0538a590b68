"""A day that has begun, as a problem sees it: shifts start where people stand, visits under way have begun.

Who is on the way to a visit will do it; who works on one finishes it first, or his piece of it (`dispatch.work_left`). A
standing counts for the shift it was heard in, or shortly before: every other shift starts where it says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from dispatch import problem as posed
from dispatch.attendance import Attendance, crews
from dispatch.board import Board
from dispatch.crew import Shift
from dispatch.desk.visit import planned_id
from dispatch.pace import pace
from dispatch.problem import UNREACHABLE, arrival
from dispatch.underway import Standing
from dispatch.work_left import Left, Under, arrival_of, work_left
from kernel.interval import Interval

BREAK_AFTER_S = 30 * 60
"""Who worked through the time for his break has it within half an hour of finishing."""

Lefts = Mapping[str, Mapping[str, Left]]
"""What `work_left` gives: by visit and role."""


def under_way(board: Board) -> frozenset[str]:
    """Parts of open visits (ids as planned) that have begun: somebody is at work on them, on the way, or has left.

    A visit an outside partner is at work on has begun.
    """
    now = {one.part for crew in crews(board).values() for one in crew} | (
        board.partners.keys() & board.visits.keys()
    )
    left = {
        planned_id(visit, role=one.role, piece=one.piece)
        for visit, begun in board.begun.items()
        if visit in board.visits
        for one in begun.stints
    }
    return frozenset(now | left)


def finishing(board: Board, lefts: Lefts) -> frozenset[str]:
    """Visits of which nothing is left to decide: who is at work finishes it after his shift, and nobody else comes."""
    roles: dict[str, set[str]] = {}
    for role in board.region.field.crew_roles:
        roles.setdefault(role.visit, set()).add(role.role)
    return frozenset(
        visit
        for visit, parts in lefts.items()
        if parts.keys() >= roles.get(visit, set()) | {""} and not any(left.posed for left in parts.values())
    )


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


@dataclass(frozen=True)
class Day:
    """A day that has begun: who is there, and what is under way, by engineer."""

    look: Attendance
    under: Mapping[str, Under]

    @classmethod
    def of(cls, board: Board, lefts: Lefts | None = None) -> Day:
        """The board's day; `lefts` as `work_left` gives them."""
        parts = (
            left
            for roles in (work_left(board) if lefts is None else lefts).values()
            for left in roles.values()
        )
        under = {one.standing.engineer: one for left in parts for one in left.under}
        return cls(Attendance.of(board, board.standing.keys()), under)

    def counts(self, standing: Standing, shift: Shift, piece: Interval) -> bool:
        """Whether a piece of a shift begins with what was heard of its engineer."""
        if standing.engineer in self.under:
            return self.look.in_now(standing) == (shift, piece)
        if self.look.board.now in piece and standing.at in shift.worked:
            return True
        early = standing.at not in shift.worked and self.look.begun_in(standing) == (shift, piece)
        return early and self.look.board.now < piece.end


def begin(day: Day, shift: Shift, piece: Interval) -> Beginning:
    """Where and when a piece of a shift begins."""
    board = day.look.board
    home = f"place:{shift.start_place}" if shift.start_place else f"home:{shift.engineer}"
    start_s = max(0, board.tick(piece.start))
    standing = board.standing.get(shift.engineer)
    if standing is None or not day.counts(standing, shift, piece):
        return Beginning(home, start_s)
    rested = standing.rested_at is not None and standing.rested_at in shift.worked
    if standing.travelling:
        there = arrival_of(board, standing if standing.origin else replace(standing, origin=home))
        return Beginning(standing.place, max(0, board.tick(there)), rested=rested)
    under = day.under.get(shift.engineer)
    if under is None:
        free_s = board.tick(standing.free_at(board.now))
        return Beginning(standing.place, max(start_s, free_s), rested=rested)
    end = f"place:{shift.end_place}" if shift.end_place else f"home:{shift.engineer}"
    way_s = int(board.roads.seconds[board.roads.index[standing.place], board.roads.index[end]])
    rest_s = 0 if rested or shift.break_between is None else shift.break_min * 60
    free_s = under.left_s + rest_s
    back_s = free_s if way_s == UNREACHABLE else arrival(pace(board), free_s, way_s)
    overtime_s = max(0, back_s - board.tick(piece.end))
    return Beginning(standing.place, 0, overtime_s, rested, under.left_s + BREAK_AFTER_S)


def begun(visit: posed.Visit, under: Under, *, engineer: int, van: Mapping[int, int]) -> posed.Visit:
    """A part of a visit somebody is at work on: his own, and only what is left of it, from now on.

    What he was chosen by (skills, tools, agreed time) is settled then. Parts that lie in his van are used; a part
    that does not has reached the site some other way and no longer counts.

    Args:
        visit: as posed before it began.
        under: the stretch under way.
        engineer: his index in the problem.
        van: units in his van by part index.
    """
    return replace(
        visit,
        engineer_lock=engineer,
        start_lock_s=0,
        service_s=under.left_s,
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
