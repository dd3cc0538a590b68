"""What if: a board on which some engineers are away and some visits are moved; computed, nothing kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from api.usecases.in_force import InForce
from api.usecases.moving import moved
from dispatch.carry import carried
from dispatch.crew import Absence
from dispatch.event import EngineerAway
from dispatch.explain import reasons
from dispatch.pose import problem_of
from kernel.interval import Interval


@dataclass(frozen=True, slots=True)
class SupposedMove:
    """A visit supposed to be an engineer's; empty: nobody's. Begun at `not_before` or later; None: when it suits best."""

    visit: str
    engineer: str
    not_before: datetime | None = None


def supposed(going: InForce, *, away: Sequence[str] = (), moves: Sequence[SupposedMove] = ()) -> InForce:
    """The plan in force as it would go on.

    Args:
        going: as it is.
        away: engineers who are not there from now until the end of what is planned; what they had is left out where
            nobody may take it by itself.
        moves: after that, one on the other.

    Raises:
        Refusal: ``board.unknown_engineer``; as `api.usecases.moving.moved`.
    """
    board = going.board
    end = board.now + timedelta(seconds=going.problem.horizon_s)
    for number, engineer in enumerate(away):
        gone = Absence(f"what-if-{number}", engineer, Interval(board.now, end), "")
        board = board.apply(EngineerAway(gone))
    if away:
        problem = problem_of(board)
        going = replace(going, board=board, problem=problem, plan=carried(problem, going.plan))
    for one in moves:
        going = replace(going, plan=moved(going, one.visit, one.engineer, not_before=one.not_before))
    return replace(going, plan=replace(going.plan, unassigned=reasons(going.problem, going.plan)))
