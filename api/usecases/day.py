"""A day told event after event: everything else goes as planned, after every event the board is planned again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from api.usecases.day_events import events_of
from dispatch.board import Board
from dispatch.candidates import candidates
from dispatch.carry import as_published, shifted
from dispatch.event import CustomersTold
from dispatch.plan import Plan
from dispatch.pose import problem_of
from dispatch.progress import InForce, as_planned
from dispatch.proposal import Applied, apply_proposal, propose
from dispatch.publish import Change
from dispatch.region import Region
from dispatch.replan import Replanned, replan
from dispatch.rescue.way import Way
from dispatch.solve import Budget
from kernel.errors import Refusal
from storage.day_script import Line, Said, Script

SHOWN_CANDIDATES = 3


@dataclass(frozen=True)
class Turn:
    """What one event did.

    Args:
        line: what was said; None: the first plan of the day.
        before: what was true when it was said.
        board: what was true after it, before anything was planned.
        turned: what planning gave.
        applied: the proposal taken into the plan.
        candidates: for a new visit, who could take it, against going on as before.
        told: customers told their time for the first time.
        refused: what was said could not have happened; nothing else is given then.
    """

    line: Line | None
    before: Board
    board: Board
    turned: Replanned | None = None
    applied: Applied | None = None
    candidates: tuple[Way, ...] = ()
    told: tuple[str, ...] = ()
    refused: Refusal | None = None

    @property
    def calls(self) -> tuple[Change, ...]:
        """Customers who know a time that no longer holds."""
        return tuple(change for change in self.turned.changes if change.told) if self.turned else ()


def day(region: Region, script: Script) -> Iterator[Turn]:
    """Go through a script.

    Args:
        region: as read; the day begins at the moment it is described at.
        script: what happens. What is refused changes nothing and the day goes on.

    Raises:
        Refusal: ``board.now_before_facts`` when the first event lies before the region's moment.
    """
    board = Board.of(region)
    first = _turn(
        None,
        (board, board),
        as_published(board, problem_of(board)),
        Budget(seed=script.seed, work=script.first_work),
        script,
    )
    yield first
    going = _in_force(first)
    for line in script.lines:
        before = board = went_as_planned(going, until=line.at)
        try:
            for event in events_of(line, board):
                board = board.apply(event)
        except Refusal as refusal:
            yield Turn(line, before, before, refused=refusal)
            continue
        in_force = shifted(going.plan, board.tick(going.board.now))
        turn = _turn(line, (before, board), in_force, Budget(seed=script.seed, work=script.work), script)
        yield turn
        going = _in_force(turn)


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


def _turn(
    line: Line | None, boards: tuple[Board, Board], in_force: Plan, budget: Budget, script: Script
) -> Turn:
    before, board = boards
    turned = replan(board, budget, in_force=in_force)
    able: tuple[Way, ...] = ()
    if line is not None and line.said is Said.URGENT and turned.kept is not None:
        able = candidates(turned.problem, turned.kept, line.values["visit"], most=SHOWN_CANDIDATES)
    applied = apply_proposal(board, propose(board, turned))
    called = {change.visit for change in turned.changes if change.told and change.new is not None}
    soon = board.now + timedelta(hours=script.tell_hours)
    news = [
        name
        for name, stop in applied.board.published.items()
        if stop.told_at is None and (stop.starts_at < soon or name in called)
    ]
    told = applied.board.apply(CustomersTold(tuple(news), board.now))
    fresh = tuple(name for name in news if name not in called)
    published = Applied(told, applied.problem, applied.plan, applied.taken, applied.conflicts)
    return Turn(line, before, board, turned, published, able, fresh)


def _in_force(turn: Turn) -> InForce:
    assert turn.applied is not None
    return InForce(turn.applied.board, turn.applied.problem, turn.applied.plan)
