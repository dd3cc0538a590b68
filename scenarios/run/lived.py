"""A recorded day in simulated time: the board, the same turn as live operation, a heap of what will be said.

Whatever is heard changes the board; after it the board is planned again, the plan taken and told (`dispatch.turn`).
Between two things heard everything goes as planned. What is heard is made when its time has come, from the board as
it stands then, because who is at work on a visit is not known before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from heapq import heappop, heappush

from dispatch.board import Board
from dispatch.desk.visit import PublishedStop
from dispatch.event import Event
from dispatch.region import Region
from dispatch.solve import Budget
from dispatch.turn import Round, begun, went_as_planned, went_on
from kernel.errors import Refusal
from kernel.ids import natural_key

Say = Callable[[Board], tuple[Event, ...]]
"""What is heard, once the board of its moment is there; may refuse: then it has not happened."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How the desk plans.

    Args:
        seed: of every search.
        first_work: work of the first plan; `work` of every later one.
        tell_hours: customers are told their time so many hours before it.
    """

    seed: int
    first_work: int
    work: int
    tell_hours: int


@dataclass(frozen=True, slots=True)
class Assigned:
    """One line of the assignment log: at this moment a part of a visit (its id as planned) was given to a shift and a time.

    `shift` empty: it was taken off the plan, or given to the `partner`.
    """

    at: datetime
    visit: str
    shift: str
    partner: str
    starts_at: datetime | None


@dataclass(frozen=True)
class Lived:
    """One thing heard and what came of it.

    Args:
        at: when.
        round: the turn after it; None: what was heard could not have happened (`refused`) and changed nothing.
        assigned: what the turn changed in the published plan, in order of id.
    """

    at: datetime
    round: Round | None
    assigned: tuple[Assigned, ...] = ()
    refused: Refusal | None = None


class Days:
    """A region's days from its own moment on.

    Args:
        region: as it is described.
        pace: how its desk plans.
    """

    def __init__(self, region: Region, pace: Pace) -> None:
        self._board, self._pace = Board.of(region), pace
        self._heap: list[tuple[datetime, int, Say]] = []
        self._sequence = 0

    def hear(self, at: datetime, say: Say) -> None:
        """Let something be heard later; of two at one moment the one told first."""
        self._sequence += 1
        heappush(self._heap, (at, self._sequence, say))

    def go(self) -> Iterator[Lived]:
        """Go through everything that is to be heard, the first plan before all of it.

        Raises:
            Refusal: ``board.now_before_facts`` when the first lies before the region's moment.
        """
        pace = self._pace
        turn = begun(self._board, Budget(seed=pace.seed, work=pace.first_work), tell_hours=pace.tell_hours)
        yield Lived(self._board.now, turn, assigned(self._board.published, turn))
        while self._heap:
            at, _, say = heappop(self._heap)
            board = went_as_planned(turn.going, until=at)
            before = board.published
            try:
                for event in say(board):
                    board = board.apply(event)
            except Refusal as refusal:
                yield Lived(at, None, refused=refusal)
                continue
            turn = went_on(
                board, turn.going, Budget(seed=pace.seed, work=pace.work), tell_hours=pace.tell_hours
            )
            yield Lived(at, turn, assigned(before, turn))


def assigned(before: Mapping[str, PublishedStop], turn: Round) -> tuple[Assigned, ...]:
    """What a turn changed in the published plan.

    Args:
        before: published stops by their id as planned, before it.
        turn: taken.
    """
    board = turn.applied.board
    found = []
    for name in sorted({*before, *board.published}, key=natural_key):
        old, new = before.get(name), board.published.get(name)
        if new is None:
            found.append(Assigned(board.now, name, "", "", None))
        elif old is None or (old.shift, old.partner, old.starts_at) != (
            new.shift,
            new.partner,
            new.starts_at,
        ):
            found.append(Assigned(board.now, name, new.shift, new.partner, new.starts_at))
    return tuple(found)
