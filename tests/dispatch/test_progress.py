"""A day on which everything goes as planned: carried on at any moment, the plan still holds and costs no more."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.board import Board
from dispatch.carry import carried, shifted
from dispatch.cost import cost, visit_stops
from dispatch.crew import Shift
from dispatch.desk.ticket import EventKind
from dispatch.desk.visit import PartNeed
from dispatch.event import PlanPublished, StockMoved, TicketHappened
from dispatch.pose import problem_of
from dispatch.progress import InForce, as_planned
from dispatch.publish import stops_of
from dispatch.region import Region
from dispatch.replan import replan
from dispatch.solve import Budget
from dispatch.verify import violations
from inventory.catalogue.place import Place, PlaceKind
from kernel.interval import Interval
from tests import regions as build
from tests.dispatch.test_proposal import town


def day_with_breaks_and_parts() -> Region:
    """The town, every engineer with a break at noon and a van, one visit with a part that lies at the depot."""
    region = town()
    names = [engineer.id for engineer in region.field.engineers]
    vans = tuple(Place(f"VAN-{i}", PlaceKind.VAN, "Van", engineer=name) for i, name in enumerate(names))
    places = tuple(p for p in region.stock.places if p.kind is not PlaceKind.VAN)
    customers = Place("CUSTOMERS", PlaceKind.CUSTOMER, "Customers")
    moves = tuple(move for move in region.stock.moves if move.to_place == "D-1")
    return replace(
        region,
        field=replace(
            region.field,
            engineers=tuple(replace(one, van=f"VAN-{i}") for i, one in enumerate(region.field.engineers)),
            shifts=tuple(
                Shift(
                    f"{name}/06",
                    name,
                    Interval(build.at(8), build.at(17)),
                    overtime_min=60,
                    break_between=Interval(build.at(11, 30), build.at(13, 30)),
                    break_min=45,
                )
                for name in names
            ),
            part_needs=(PartNeed("V-3", "P-1", 1),),
        ),
        stock=replace(region.stock, places=(*places, *vans, customers), moves=moves),
    )


def going() -> InForce:
    """The region planned at eight and published."""
    board = Board.of(day_with_breaks_and_parts())
    turned = replan(board, Budget(seed=1, work=100))
    board = board.apply(PlanPublished(stops_of(board, turned.problem, turned.plan)))
    return InForce(board, problem_of(board), turned.plan)


def after(start: InForce, minutes: int) -> Board:
    """The board some minutes later, everything as planned."""
    until = start.board.now + timedelta(minutes=minutes)
    board = start.board
    for at, event in as_planned(start, until=until):
        board = board.at(at).apply(event)
    return board.at(until)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 600))
def test_at_any_moment_the_plan_carried_on_holds_and_costs_no_more(minutes: int) -> None:
    """Nothing has happened but what was planned: nobody falls out, nobody is later, no price goes up."""
    start = going()
    board = after(start, minutes)
    problem = problem_of(board)

    kept = carried(problem, shifted(start.plan, board.tick(start.board.now)))

    assert violations(problem, kept) == ()
    assert kept.unassigned == ()
    assert kept.claimed == cost(problem, kept)
    assert kept.claimed.total <= start.plan.claimed.total
    promised = {stop.ref: start.board.moment(stop.start_s) for stop in visit_stops(start.plan)}
    for stop in visit_stops(kept):
        assert board.moment(stop.start_s) == max(promised[stop.ref], board.now)


def test_at_the_end_of_the_day_everything_is_done_and_its_parts_are_used() -> None:
    """What was planned has become facts."""
    board = after(going(), 24 * 60)

    assert board.visits == {}
    assert {event.kind for events in board.events.values() for event in events} >= {EventKind.REPAIRED}
    assert problem_of(board).stores[0].stock == ()
    last = [move for move in board.region.stock.moves if move.source_document.startswith("V-3")]
    assert [(move.from_place[:3], move.to_place[:3]) for move in last] == [("D-1", "VAN"), ("VAN", "CUS")]


def test_events_come_in_order_of_time_and_no_later_than_asked() -> None:
    """A simulation goes forward."""
    start = going()
    until = start.board.now + timedelta(hours=4)

    timed = as_planned(start, until=until)

    assert [at for at, _ in timed] == sorted(at for at, _ in timed)
    assert all(at <= until for at, _ in timed)
    assert any(isinstance(event, TicketHappened) for _, event in timed)
    assert not any(isinstance(event, StockMoved) for at, event in timed if at < start.board.now)
