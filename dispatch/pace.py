"""How fast the road goes by time of day, as a problem sees it."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from dispatch.board import Board
from dispatch.problem import Pace, arrival
from kernel.clock import zone

FULL = 1000
"""Per mille of full speed."""


def pace(board: Board) -> tuple[Pace, ...]:
    """The region's pace from now to the day after the planned days; empty: full speed throughout.

    Times of day are local wall clock; one that a change of clocks skips counts from the end of the skipped hour.
    """
    daily = board.region.settings.travel.pace
    here = zone(board.region.settings.zone)
    first = board.now.astimezone(here).date() - timedelta(days=1)
    days = (board.horizon_end.astimezone(here).date() - first).days + 2
    found: list[Pace] = []
    for day in (first + timedelta(days=n) for n in range(days)):
        for minute, per_mille in daily:
            clock = time(minute // 60, minute % 60)
            at_s = max(0, board.tick(datetime.combine(day, clock, tzinfo=here)))
            if found and found[-1].from_s >= at_s:
                found.pop()
            if not found or found[-1].per_mille != per_mille:
                found.append(Pace(at_s, per_mille))
    return () if all(one.per_mille == FULL for one in found) else tuple(found)


def arrives_at(board: Board, leaves_at: datetime, way_s: int) -> datetime:
    """When a way of `way_s` seconds at full speed ends that began at `leaves_at`, before or after the board's now."""
    then = board.at(min(leaves_at, board.now))
    return then.moment(arrival(pace(then), then.tick(leaves_at), way_s))
