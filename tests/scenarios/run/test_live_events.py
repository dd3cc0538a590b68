"""Under the policy `live` every board the desk plans with is the one that events, applied one by one, lead to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from hypothesis import Phase, given, settings

from dispatch.board import Board
from dispatch.desk.visit import Visit
from dispatch.event import Event, PlanPublished, StockMoved, TicketHappened, TicketOpened, VisitRequested
from dispatch.pose import problem_of
from scenarios.library.worlds import three_server_city
from scenarios.run.desk import Desk, Spell, Stands, Waits
from scenarios.run.layout import Layout, laid_out
from scenarios.run.live import Live
from scenarios.run.world import World
from tests.scenarios.run.test_loop import worlds


class Remembering(Desk):
    """A desk that keeps every board it planned with."""

    def __init__(self, laid: Layout) -> None:
        super().__init__(laid)
        self.boards: list[Board] = []

    def board(
        self,
        now_s: int,
        waits: list[tuple[Waits, int, int, int]],
        stands: list[Stands],
        spells: list[Spell],
        vans: dict[tuple[str, str], int],  # type: ignore[override]
    ) -> Board:
        """The board, kept."""
        self.boards.append(super().board(now_s, waits, stands, spells, vans))
        return self.boards[-1]


def looks(world: World) -> list[Board]:
    """Every board of one replication."""
    laid = laid_out(world)
    loop = Live(laid, seed=3, replication=0)
    desk = Remembering(laid)
    loop.desk = desk
    loop.run()
    return desk.boards


def before(seen: Board) -> Board:
    """The same people and places at the same moment, before anything was heard."""
    region = seen.region
    field = replace(region.field, tickets=(), ticket_events=(), visits=(), part_needs=(), published=())
    empty = replace(region, field=field, stock=replace(region.stock, moves=()))
    return replace(
        seen,
        region=empty,
        tickets={},
        events={},
        visits={},
        part_needs={},
        published={},
        ledger=None,
    )


def heard(seen: Board) -> Iterable[Event]:
    """What was heard to make it so, one thing after another."""
    for move in seen.region.stock.moves:
        yield StockMoved(move)
    of = {visit.ticket: visit for visit in seen.visits.values()}
    for ticket in seen.tickets.values():
        yield TicketOpened(ticket)
        visit: Visit = of[ticket.id]
        yield VisitRequested(visit, part_needs=seen.part_needs.get(visit.id, ()))
        for happened in seen.events[ticket.id]:
            yield TicketHappened(happened)
    if seen.published:
        yield PlanPublished(tuple(seen.published.values()))


@settings(deadline=None, max_examples=4, phases=[Phase.generate])
@given(worlds())
def test_every_look_poses_what_events_one_by_one_lead_to(world: World) -> None:
    """The simulated desk knows no way of its own of taking a fact in: `Board.apply` gives the same problem."""
    for seen in looks(world):
        board = before(seen)

        for event in heard(seen):
            board = board.apply(event)
        board = replace(board, standing=seen.standing, roads=seen.roads)

        assert board.tickets == seen.tickets
        assert problem_of(board).digest == problem_of(seen).digest


def test_the_law_is_not_empty() -> None:
    """A day of a busy city: many looks, most of them with something waiting."""
    boards = looks(replace(three_server_city(), days=1, warm_up_days=0))

    assert len(boards) > 10
    assert sum(len(seen.tickets) for seen in boards) > len(boards)
