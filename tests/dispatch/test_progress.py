"""A day on which everything goes as planned: carried on at any moment, the plan still holds and costs no more."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.board import Board
from dispatch.carry import carried, shifted
from dispatch.cost import cost, visit_stops
from dispatch.crew import Partner, Shift
from dispatch.desk.ticket import EventKind
from dispatch.desk.visit import CrewRole, PartNeed, Visit, VisitOrder
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


def two_for_one_ticket() -> Region:
    """Two visits of one ticket, an hour each, the second waiting for the first; a crew of two on the first."""
    visits = (Visit("V-1", "T-1", "S-1", 60), Visit("V-2", "T-1", "S-1", 60))
    return build.region(
        visits=visits,
        part_needs=(),
        visit_order=(VisitOrder("V-2", "V-1"),),
        crew_roles=(CrewRole("V-1", "helper", 30),),
    )


def ends(start: InForce, hours: int) -> list[tuple[str, str, EventKind]]:
    """Who says of which visit that it is over, in order."""
    timed = as_planned(start, until=start.board.now + timedelta(hours=hours))
    said = [event.event for _, event in timed if isinstance(event, TicketHappened)]
    over = {EventKind.LEFT, EventKind.REPAIRED, EventKind.DELIVERED}
    return [(one.by, one.visit, one.kind) for one in said if one.kind in over]


def test_the_end_of_the_last_of_a_tickets_visits_is_the_end_of_the_repair() -> None:
    """Both end between two looks at the clock: the ticket is repaired all the same, and everybody has left."""
    board = Board.of(two_for_one_ticket())
    turned = replan(board, Budget(seed=1, work=60))
    assert violations(turned.problem, turned.plan) == ()
    assert turned.plan.claimed == cost(turned.problem, turned.plan)
    board = board.apply(PlanPublished(stops_of(board, turned.problem, turned.plan)))
    start = InForce(board, turned.problem, turned.plan)

    said = ends(start, 10)

    assert [kind for _, _, kind in said] == [EventKind.LEFT, EventKind.LEFT, EventKind.REPAIRED]
    assert [visit for _, visit, _ in said] == ["V-1", "V-1", "V-2"]
    assert len({by for by, visit, _ in said if visit == "V-1"}) == 2
    assert after(start, 10 * 60).visits == {}


def test_a_ticket_of_which_something_is_left_out_is_not_repaired() -> None:
    """Nobody goes to the second visit: when the first ends, he has left and no more."""
    board = Board.of(two_for_one_ticket())
    turned = replan(board, Budget(seed=1, work=60))
    routes = tuple(
        replace(route, stops=tuple(stop for stop in route.stops if stop.ref != "V-2"))
        for route in turned.plan.routes
    )
    start = InForce(board, turned.problem, replace(turned.plan, routes=routes))

    assert {kind for _, _, kind in ends(start, 10)} == {EventKind.LEFT}


def test_a_partner_comes_and_is_done_when_he_said() -> None:
    """What was given away happens, too: else it would stay open for ever."""
    firm = Partner("X-1", "Other firm", Decimal(80), skills=(("HV", 5),), lead_min=60)
    board = Board.of(build.region(partners=(firm,), shifts=(), part_needs=()))
    turned = replan(board, Budget(seed=1, work=20))
    board = board.apply(PlanPublished(stops_of(board, turned.problem, turned.plan)))
    start = InForce(board, turned.problem, turned.plan)

    timed = as_planned(start, until=build.at(12))

    said = [(at, event.event) for at, event in timed if isinstance(event, TicketHappened)]
    assert [(at, one.by, one.kind) for at, one in said] == [
        (build.at(9), "X-1", EventKind.ON_SITE),
        (build.at(10), "X-1", EventKind.REPAIRED),
    ]
    assert after(start, 240).visits == {}


def test_a_partner_at_work_is_not_said_to_have_come_again() -> None:
    """The plan is made anew while he is there."""
    firm = Partner("X-1", "Other firm", Decimal(80), skills=(("HV", 5),), lead_min=60)
    board = Board.of(build.region(partners=(firm,), shifts=(), part_needs=()))
    turned = replan(board, Budget(seed=1, work=20))
    board = board.apply(PlanPublished(stops_of(board, turned.problem, turned.plan)))
    there = after(InForce(board, turned.problem, turned.plan), 90)

    again = replan(there, Budget(seed=1, work=20))

    timed = as_planned(InForce(there, again.problem, again.plan), until=build.at(12))
    assert violations(again.problem, again.plan) == ()
    assert [(at, event.event.kind) for at, event in timed if isinstance(event, TicketHappened)] == [
        (build.at(10), EventKind.REPAIRED)
    ]
