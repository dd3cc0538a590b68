"""A day told event after event: everything else goes as planned, after every event the board is planned again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from api.usecases.day_events import events_of
from dispatch.board import Board
from dispatch.candidates import candidates
from dispatch.proposal import Applied
from dispatch.publish import Change
from dispatch.region import Region
from dispatch.replan import Replanned
from dispatch.rescue.way import Way
from dispatch.solve import Budget
from dispatch.turn import Round, begun, went_as_planned, went_on
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
    first = begun(board, Budget(seed=script.seed, work=script.first_work), tell_hours=script.tell_hours)
    yield Turn(None, board, board, first.turned, first.applied, told=first.told)
    going = first.going
    for line in script.lines:
        before = board = went_as_planned(going, until=line.at)
        try:
            for event in events_of(line, board):
                board = board.apply(event)
        except Refusal as refusal:
            yield Turn(line, before, before, refused=refusal)
            continue
        budget = Budget(seed=script.seed, work=script.work)
        turn = went_on(board, going, budget, tell_hours=script.tell_hours)
        yield Turn(line, before, board, turn.turned, turn.applied, _able(line, turn), turn.told)
        going = turn.going


def _able(line: Line, turn: Round) -> tuple[Way, ...]:
    """Who could take a new visit, against going on as before."""
    turned = turn.turned
    if line.said is not Said.URGENT or turned.kept is None:
        return ()
    return candidates(turned.problem, turned.kept, line.values["visit"], most=SHOWN_CANDIDATES)
