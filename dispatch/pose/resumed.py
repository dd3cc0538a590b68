"""Visits somebody is on already, or has been on: what is left of them, and who keeps his part."""

from __future__ import annotations

from collections.abc import Mapping

from dispatch import problem as posed
from dispatch.board import Board
from dispatch.desk.visit import Visit
from dispatch.in_day import begun
from dispatch.pose.crew import van
from dispatch.pose.index import Index
from dispatch.pose.pieces import Going, Terms
from dispatch.underway import Standing
from dispatch.work_left import Left, Under, ready


def going(board: Board, index: Index, terms: Terms, left: Mapping[str, Left], *, continuous: bool) -> Going:
    """How a visit goes on of which so much is left, by role; nothing: it has not begun."""

    def at_work(part: posed.Visit, under: Under) -> posed.Visit:
        name = under.standing.engineer
        return begun(part, under, engineer=index.engineers.index(name), van=dict(van(index, name)))

    def free_s(standing: Standing) -> int:
        return board.tick(standing.free_at(board.now))

    return Going(terms, continuous, left, at_work, free_s)


def soonest_ready(board: Board, visit: Visit, engineer: str, end_s: int) -> int:
    """When a unit collected by a tick is repaired: by an engineer's depot, or (empty) by that of whoever is soonest."""
    by_depot = {one.depot: one.id for one in board.region.field.engineers}
    names = (engineer,) if engineer else tuple(by_depot.values())
    collected_at = board.moment(end_s)
    return min((ready(board, visit, name, collected_at) for name in names), default=0)
