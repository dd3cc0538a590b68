"""One turn of a day that is lived through: what goes as planned until a moment, then planned, taken and told.

Live operation told as a script and simulated time go round with this same turn; neither decides anything of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from dispatch.board import Board
from dispatch.carry import as_published, shifted
from dispatch.event import CustomersTold
from dispatch.plan import Plan
from dispatch.pose import problem_of
from dispatch.progress import InForce, as_planned
from dispatch.proposal import Applied, apply_proposal, propose
from dispatch.replan import Replanned, replan
from dispatch.solve import Budget
from kernel.errors import Refusal


@dataclass(frozen=True)
class Round:
    """What a turn gave.

    Args:
        turned: what planning gave.
        applied: the proposal taken, customers told.
        told: customers told their time for the first time.
    """

    turned: Replanned
    applied: Applied
    told: tuple[str, ...]

    @property
    def going(self) -> InForce:
        """What people go by from now on."""
        return InForce(self.applied.board, self.applied.problem, self.applied.plan)


def begun(board: Board, budget: Budget, *, tell_hours: int) -> Round:
    """The first turn of a day: the plan published so far is what people go by."""
    return planned(board, as_published(board, problem_of(board)), budget, tell_hours=tell_hours)


def went_on(board: Board, going: InForce, budget: Budget, *, tell_hours: int) -> Round:
    """The turn after something happened: `board` is true now, `going` is what people went by until then."""
    return planned(board, shifted(going.plan, board.tick(going.board.now)), budget, tell_hours=tell_hours)


def planned(board: Board, in_force: Plan, budget: Budget, *, tell_hours: int) -> Round:
    """Plan, take the whole proposal, call who knows another time, tell those whose visit starts within `tell_hours`.

    Args:
        board: what is true now.
        in_force: what people go by, in the ticks of this board.
        budget: of the search.
        tell_hours: customers are told their time so many hours before it.
    """
    turned = replan(board, budget, in_force=in_force)
    applied = apply_proposal(board, propose(board, turned))
    called = {change.visit for change in turned.changes if change.told and change.new is not None}
    soon = board.now + timedelta(hours=tell_hours)
    news = [
        name
        for name, stop in applied.board.published.items()
        if stop.told_at is None and (stop.starts_at < soon or name in called)
    ]
    told = applied.board.apply(CustomersTold(tuple(news), board.now))
    fresh = tuple(name for name in news if name not in called)
    published = Applied(told, applied.problem, applied.plan, applied.taken, applied.conflicts)
    return Round(turned, published, fresh)


def went_as_planned(going: InForce, *, until: datetime) -> Board:
    """The board at a later moment when everything has gone as planned until then.

    Raises:
        Refusal: ``board.now_before_facts`` when `until` lies before the plan's own moment.
    """
    board = going.board
    if until < board.now:
        raise Refusal("board.now_before_facts", now=until.isoformat(), as_of=board.now.isoformat())
    for at, event in as_planned(going, until=until):
        board = board.at(max(at, board.now)).apply(event)
    return board.at(until)
