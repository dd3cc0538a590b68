"""A plan is offered the ways to bring what no van of who may go carries, and takes the best without giving a unit twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dispatch.pose.index
from dispatch.board import Board
from dispatch.bringing import is_computed, ways_to, with_ways
from dispatch.cost import cost
from dispatch.deliveries import Asked, asking, to_bring, with_asked
from dispatch.desk.visit import PartNeed
from dispatch.parts import BringStage, SupplyOffer, supplies
from dispatch.plan import Plan, Source, Supply
from dispatch.pose import problem_of
from dispatch.problem import PlanningProblem
from dispatch.region import Region
from dispatch.solve import Budget, solve
from dispatch.verify import violations
from inventory.bringing.way import WayKind
from inventory.catalogue.place import Place, PlaceKind
from inventory.stock.move import Move
from inventory.stock.reservation import Reservation
from kernel.errors import Refusal
from kernel.place import LatLon
from tests import regions as build
from tests.dispatch.pose.worlds import stocked

ROW = build.region().field.visits[0]
FAR = LatLon(26.08, 120.80)
"""150 km from the site: fetching costs the morning."""
TOWN = LatLon(26.075, 119.30)


def world(
    units: dict[str, int],
    *,
    skill: int = 3,
    needs: Sequence[int] = (1,),
    depot: LatLon = FAR,
    courier: str = "0",
) -> Region:
    """Visits that need boards, V-1 for E-1 alone, V-2 for whoever has skill 2; so many boards lie at each place."""
    names = [f"V-{number}" for number in range(1, len(needs) + 1)]
    region = build.region(
        tickets=tuple(build.ticket(name.replace("V", "T")) for name in names),
        visits=tuple(
            replace(
                ROW, id=name, ticket=name.replace("V", "T"), skills=(("HV", skill if name == "V-1" else 2),)
            )
            for name in names
        ),
        part_needs=tuple(
            PartNeed(name, "P-1", many) for name, many in zip(names, needs, strict=True) if many
        ),
    )
    policy = replace(region.settings.policy, loaner_courier=Decimal(courier), loaner_courier_km=Decimal(0))
    places = tuple(replace(one, at=depot) if one.id == "D-1" else one for one in region.stock.places)
    transit = Place("ROAD", PlaceKind.IN_TRANSIT, "On the road")
    region = replace(region, settings=replace(region.settings, policy=policy))
    moves = (build.move(f"M-{place}", "P-1", many, place) for place, many in units.items() if many)
    cabinet = Place("CAB", PlaceKind.FORWARD, "Cabinet", at=TOWN, customer=region.field.sites[0].customer)
    cabinets = (cabinet,) if units.get("CAB") else ()
    return stocked(region, moves=tuple(moves), places=(*places, transit, *cabinets))


def solved(board: Board) -> tuple[PlanningProblem, Plan]:
    """The board planned, verified and priced."""
    problem = problem_of(board)
    plan = solve(problem, Budget(seed=1, work=200))
    assert violations(problem, plan) == ()
    assert cost(problem, plan) == plan.claimed
    return problem, plan


def taken(plan: Plan) -> list[Supply]:
    """What the plan's visits are served from."""
    return [supply for route in plan.routes for stop in route.stops for supply in stop.supply]


def test_the_courier_is_taken_exactly_when_he_costs_less_than_being_late(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Fetching it makes the visit late: a cent under what that costs more the courier drives, a cent over he does not."""
    free = solved(Board.of(world({"D-1": 1})))[1]
    with monkeypatch.context() as patched:
        patched.setattr(dispatch.pose.index, "with_ways", lambda _board, _visits, offered: offered)
        fetched = solved(Board.of(world({"D-1": 1})))[1]
    worth = cost(problem_of(Board.of(world({"D-1": 1}))), fetched).total - free.claimed.total
    assert [one.source for one in taken(free)] == [Source.OFFER]
    assert [one.source for one in taken(fetched)] == [Source.PICK_UP]
    assert worth > 0

    cheap = solved(Board.of(world({"D-1": 1}, courier=str(Decimal(worth - 1) / 100))))[1]
    dear = solved(Board.of(world({"D-1": 1}, courier=str(Decimal(worth + 1) / 100))))[1]

    assert [one.source for one in taken(cheap)] == [Source.OFFER]
    assert cheap.claimed.total == fetched.claimed.total - 1
    assert [one.source for one in taken(dear)] == [Source.PICK_UP]
    assert dear.claimed.total == fetched.claimed.total


def test_a_unit_no_visit_of_its_own_van_can_use_comes_by_courier() -> None:
    """E-2 carries the only board and cannot do the visit: it is taken out of his van for who can."""
    board = Board.of(world({"VAN-2": 1}))

    problem, plan = solved(board)

    assert [(one.id, one.quantity, one.from_store) for one in problem.offers] == [
        ("V-1/P-1/courier/VAN-2", 1, -1)
    ]
    assert problem.engineers[1].van == ()
    assert [one.from_id for one in taken(plan)] == ["V-1/P-1/courier/VAN-2"]


def test_what_the_own_work_of_a_van_may_need_stays_in_it() -> None:
    """E-2 may do V-2 with his one board: nobody else is offered it; with two, one is to spare."""
    one = problem_of(Board.of(world({"VAN-2": 1}, needs=(1, 1))))
    two = problem_of(Board.of(world({"VAN-2": 2}, needs=(1, 1))))

    assert (one.offers, one.engineers[1].van) == ((), ((0, 1),))
    assert [offer.id for offer in two.offers] == ["V-1/P-1/courier/VAN-2"]
    assert two.engineers[1].van == ((0, 1),)


def test_a_part_in_the_van_of_who_may_go_needs_no_way() -> None:
    """What is at hand is not brought: the plan has what it had before."""
    assert problem_of(Board.of(world({"VAN-1": 1, "D-1": 5}))).offers == ()


def test_publishing_asks_for_what_the_plan_takes_and_withdraws_what_it_no_longer_takes() -> None:
    """What was asked for stands with its promise, from its van, once; a plan without it strikes it."""
    board = Board.of(world({"VAN-2": 1}))
    problem, plan = solved(board)

    found = asking(board, problem, plan)
    after = with_asked(board, found)
    again = problem_of(after)

    (offer,) = found.new
    assert (offer.source, offer.demand_ref, offer.quantity, is_computed(offer)) == ("VAN-2", "V-1", 1, True)
    assert [(one.id, one.arrives_s, one.cents) for one in again.offers] == [
        (one.id, one.arrives_s, one.cents) for one in problem.offers
    ]
    assert again.engineers[1].van == ()
    assert [(one.offer.id, one.stage) for one in to_bring(after, plan)] == [(offer.id, BringStage.TO_SEND)]
    assert asking(after, again, plan) == Asked()
    nobody = replace(plan, routes=())
    assert asking(after, again, nobody) == Asked(withdrawn=(offer.id,))


@pytest.mark.parametrize("place", ["VAN-2", "CAB"])
def test_a_unit_asked_for_is_not_offered_to_the_next_visit(place: str) -> None:
    """The one board out of a van or a cabinet goes to V-1; V-2, which turns out to need one, is told that there is none."""
    plain = world({place: 1}, needs=(1, 0))
    both = tuple(replace(one, skills=(("HV", 3),)) for one in plain.field.visits)
    board = Board.of(replace(plain, field=replace(plain.field, visits=both)))
    after = _also_needed(with_asked(board, asking(board, *solved(board))), "V-2")

    problem, plan = solved(after)

    assert [one.id for one in problem.offers] == [f"V-1/P-1/courier/{place}"]
    assert asking(after, problem, plan) == Asked()
    assert ways_to(after, "V-2", "P-1", 1).ways == ()


def sent(offer: SupplyOffer, origin: str, end: str) -> Move:
    """A unit moved on the document of what was asked for."""
    road = "VAN-1" if "ROAD" in {origin, end} else ""
    plain = build.move(f"{offer.id}/{end}", "P-1", 1, end)
    return replace(plain, at=build.AS_OF, from_place=origin, source_document=offer.id, bound_for=road)


def test_what_was_sent_is_on_the_way_until_it_is_received_in_the_van() -> None:
    """Sent, it is on no shelf and still planned with; received, it lies in the van and nothing is left to bring."""
    board = Board.of(world({"D-1": 1}))
    problem, plan = solved(board)
    asked = asking(board, problem, plan)
    (offer,) = asked.new
    waiting = with_asked(board, asked)

    left = _moved(waiting, sent(offer, "D-1", "ROAD"))
    there = _moved(left, sent(offer, "ROAD", "VAN-1"))

    assert [one.stage for one in to_bring(left, plan)] == [BringStage.ON_THE_WAY]
    assert [(one.id, one.from_store) for one in problem_of(left).offers] == [(offer.id, -1)]
    assert asking(left, problem_of(left), replace(plan, routes=())) == Asked(), (
        "what has left is not called back"
    )
    assert to_bring(there, plan) == ()
    posed = problem_of(there)
    assert (posed.offers, posed.engineers[0].van) == ((), ((0, 1),))
    solved(there)


def _moved(board: Board, move: Move) -> Board:
    stock = replace(board.region.stock, moves=(*board.region.stock.moves, move))
    return Board.of(replace(board.region, stock=stock))


def test_who_asks_hears_of_every_place() -> None:
    """Van, stop, courier: each with its price or its reason; a visit or part nobody knows is refused."""
    board = Board.of(world({"D-1": 1, "VAN-2": 1}))

    found = ways_to(board, "V-1", "P-1", 1)

    # Both couriers are free of charge here; the van is in town, the store 150 km away.
    assert [(one.kind, one.source) for one in found.ways] == [
        (WayKind.OTHER_VAN, "VAN-2"),
        (WayKind.COURIER, "D-1"),
        (WayKind.PICK_UP, "D-1"),
    ]
    assert [one.source for one in found.closed] == ["VAN-1"]
    with pytest.raises(Refusal, match=r"explain\.unknown_visit"):
        ways_to(board, "V-9", "P-1", 1)
    with pytest.raises(Refusal, match=r"stock\.unknown_part"):
        ways_to(board, "V-1", "P-9", 1)


@settings(max_examples=25)
@given(
    st.fixed_dictionaries({place: st.integers(0, 2) for place in ("D-1", "VAN-1", "VAN-2", "CAB")}),
    st.lists(st.integers(0, 2), min_size=2, max_size=3),
    st.booleans(),
    st.sampled_from(("0", "40")),
)
def test_no_unit_is_given_twice_whatever_the_plan_takes(
    units: dict[str, int], needs: list[int], kept: bool, courier: str
) -> None:
    """By van, stop and courier together never more leaves a place than lies there."""
    region = world(units, needs=needs, depot=LatLon(26.07, 119.31), courier=courier)
    if kept and units["D-1"]:
        region = stocked(region, reservations=(Reservation("P-1", "D-1", 1, "V-2", id="R-1"),))
    board = Board.of(region)
    problem, plan = solved(board)
    assert_given_once(board, problem, plan, units)

    after = _also_needed(with_asked(board, asking(board, problem, plan)), "V-2")

    assert_given_once(after, *solved(after), units)


def assert_given_once(board: Board, problem: PlanningProblem, plan: Plan, units: dict[str, int]) -> None:
    """What a plan takes from each place, and what has been asked for from it by then, lies there."""
    gone: Counter[str] = Counter()
    offered = with_ways(board, tuple(board.visits.values()), supplies(board.region.stock, now=board.now))
    sources = {one.id: one.source for rows in offered.deliveries.values() for one in rows}
    for route in plan.routes:
        engineer = problem.engineers[problem.shifts[problem.shift_index[route.shift]].engineer].id
        for supply in (supply for stop in route.stops for supply in stop.supply):
            if supply.source is Source.VAN:
                gone[engineer.replace("E", "VAN")] += supply.quantity
            elif supply.source is Source.PICK_UP:
                gone[supply.from_id] += supply.quantity
            elif supply.source is Source.OFFER:
                gone[sources[supply.from_id]] += supply.quantity
    assert all(many <= units.get(place, 0) for place, many in gone.items())
    published = with_asked(board, asking(board, problem, plan)).region.stock.supply_offers
    asked: Counter[str] = Counter()
    for offer in published:
        asked[offer.source] += offer.quantity
    assert all(many <= units.get(place, 0) for place, many in asked.items())


def _also_needed(board: Board, visit: str) -> Board:
    """The board with one more unit needed for a visit."""
    field = board.region.field
    needs = {(one.visit, one.part): one for one in field.part_needs}
    known = needs.get((visit, "P-1"))
    needs[visit, "P-1"] = PartNeed(visit, "P-1", 1 if known is None else known.quantity + 1)
    return Board.of(replace(board.region, field=replace(field, part_needs=tuple(needs.values()))))
