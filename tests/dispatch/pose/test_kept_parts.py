"""A unit reserved for a visit is planned for that visit and for no other, however dear the other is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.board import Board
from dispatch.carry import carried
from dispatch.cost import cost, visit_stops
from dispatch.desk.milestone import Severity
from dispatch.desk.visit import PartNeed
from dispatch.expected_needs import expected_needs
from dispatch.parts import OfferKind, SupplyOffer, planned_needs
from dispatch.plan import Plan
from dispatch.pose import problem_of
from dispatch.problem import PlanningProblem, plain_name
from dispatch.region import Region
from dispatch.solve import Budget, solve
from dispatch.summary import summary
from dispatch.verify import violations
from inventory.stock.reservation import Reservation
from tests import regions as build
from tests.dispatch.pose.worlds import named, stocked

ROW = build.region().field.visits[0]
DEPOT_ONLY = (build.move("M-1", "P-1", 1, "D-1"),)


def two(*kept: Reservation, needs: Sequence[int] = (1, 1), there: int = 1, van: int = 0) -> Region:
    """V-1 (dear) and V-2 (cheap) both need boards; so many lie at the depot and in E-1's van."""
    region = build.region(
        tickets=(build.ticket("T-1"), build.ticket("T-2", site="S-2", asset="A-2", severity=Severity.P3)),
        visits=(ROW, replace(ROW, id="V-2", ticket="T-2", site="S-2")),
        part_needs=tuple(
            PartNeed(f"V-{number}", "P-1", quantity) for number, quantity in enumerate(needs, 1) if quantity
        ),
    )
    moves = [build.move("M-1", "P-1", there, "D-1")] if there else []
    moves += [build.move("M-2", "P-1", van, "VAN-1")] if van else []
    return stocked(region, moves=tuple(moves), reservations=kept)


def for_visit(visit: str, quantity: int = 1, place: str = "D-1", name: str = "R-1") -> Reservation:
    """Boards kept for a visit."""
    return Reservation("P-1", place, quantity, visit, id=name)


def solved(region: Region) -> tuple[PlanningProblem, Plan]:
    """The region planned, verified and priced."""
    problem = problem_of(Board.of(region))
    plan = solve(problem, Budget(seed=1, work=200))
    assert violations(problem, plan) == ()
    assert plan.claimed == cost(problem, plan)
    return problem, plan


def served(plan: Plan) -> set[str]:
    """Visits somebody goes to."""
    return {stop.ref for stop in visit_stops(plan)}


@pytest.mark.parametrize(
    ("kept", "goes"), [((), {"V-1"}), ((for_visit("V-1"),), {"V-1"}), ((for_visit("V-2"),), {"V-2"})]
)
def test_the_last_board_goes_to_whom_it_is_kept_for(kept: tuple[Reservation, ...], goes: set[str]) -> None:
    """Without a word the dearer promise gets it; kept for the cheap one it is his alone."""
    problem, plan = solved(two(*kept))

    assert served(plan) == goes
    shown = summary(problem, plan)
    assert [(row.part, row.quantity) for row in shown.pick_ups] == [("P-1", 1)]


def test_needs_are_told_to_the_storekeeper_under_the_parts_own_number() -> None:
    """What is kept is taken from its reservation: part, place and visit agree with it."""
    region = two(for_visit("V-2"))
    problem, plan = solved(region)
    board = Board.of(region)

    (need,) = planned_needs(
        plan,
        engineers={shift.id: problem.engineers[shift.engineer].id for shift in problem.shifts},
        vans={},
        moment={stop.ref: board.moment(stop.start_s) for stop in visit_stops(plan)},
    )

    assert (need.part, need.place, need.quantity, need.demand_ref) == ("P-1", "D-1", 1, "V-2")


def test_a_kept_share_and_a_free_rest_serve_one_visit() -> None:
    """One of two is kept, the other lies in the van: neither place has two, together they do."""
    kept = for_visit("V-1")

    _, plan = solved(two(kept, needs=(2, 0), there=1, van=1))
    _, bare = solved(two(needs=(2, 0), there=1, van=1))

    assert "V-1" in served(plan)
    assert "V-1" not in served(bare)


def test_what_is_kept_in_a_van_goes_with_that_van() -> None:
    """The other engineer cannot bring it."""
    problem, plan = solved(two(for_visit("V-2", place="VAN-1"), there=0, van=1))

    (route,) = (route for route in plan.routes if any(stop.ref == "V-2" for stop in route.stops))
    assert problem.engineers[problem.shifts[problem.shift_index[route.shift]].engineer].id == "E-1"
    assert served(plan) == {"V-2"}


def test_a_courier_brings_what_is_kept_on_the_shelf_he_leaves() -> None:
    """The unit is set aside for the visit and sent: it may leave the shelf for that visit."""
    offer = SupplyOffer("F-1", "P-1", OfferKind.COURIER, "D-1", "V-2", build.at(9), Decimal(1), 1)

    problem = problem_of(Board.of(stocked(two(for_visit("V-2")), supply_offers=(offer,))))

    assert [problem.parts[one.part] for one in problem.offers] == ["P-1@V-2"]
    assert named(problem, "V-2").parts[0].offers == (0,)


def test_a_reservation_that_ran_out_or_lost_its_unit_keeps_nothing() -> None:
    """Units that are not there can be taken by nobody."""
    over = replace(for_visit("V-2"), expires_at=build.AS_OF - timedelta(hours=1))
    first, second = for_visit("V-1"), for_visit("V-2", name="R-2")

    assert served(solved(two(over))[1]) == {"V-1"}
    assert served(solved(two(first, second))[1]) == {"V-1"}


def test_before_a_plan_a_kept_unit_is_needed_where_it_is_kept() -> None:
    """Else the review would bring another one to the depot nearest to the site."""
    region = two(for_visit("V-2", place="VAN-1"), there=1, van=1)
    at_depot = two(for_visit("V-2"))

    assert {(need.demand_ref, need.place) for need in expected_needs(at_depot, now=build.AS_OF)} == {
        ("V-1", "D-1"),
        ("V-2", "D-1"),
    }
    assert ("V-2", "VAN-1") in {
        (need.demand_ref, need.place) for need in expected_needs(region, now=build.AS_OF)
    }


@settings(max_examples=15, deadline=None)
@given(
    st.integers(0, 3),
    st.integers(0, 2),
    st.integers(1, 2),
    st.integers(1, 2),
    st.integers(0, 2),
    st.integers(0, 2),
)
def test_who_can_be_served_is_what_counting_by_hand_says(
    there: int, van: int, first: int, second: int, kept_first: int, kept_second: int
) -> None:
    """Every split of free and kept units over two visits, tried one by one, never serves more than the plan does.

    The two go one after the other, so only boards bind; a visit is served from its own and from free ones.
    """
    kept = tuple(
        for_visit(f"V-{number}", units, name=f"R-{number}")
        for number, units in ((1, kept_first), (2, kept_second))
        if units
    )
    region = two(*kept, needs=(first, second), there=there, van=van)

    _, plan = solved(region)

    own_first = min(kept_first, there)
    own_second = min(kept_second, there - own_first)
    free = there - own_first - own_second
    need = {"V-1": (first, own_first), "V-2": (second, own_second)}
    assert all(
        fits(need, chosen, free=free, van=van) <= max(len(served(plan)), 0)
        for chosen in ({"V-1", "V-2"}, {"V-1"}, {"V-2"})
    )
    taken = {
        line.part
        for stop in visit_stops(plan)
        for line in stop.supply
        if line.part != plain_name(line.part) and not line.part.endswith(f"@{stop.ref}")
    }
    assert taken == set()


def fits(need: dict[str, tuple[int, int]], chosen: set[str], *, free: int, van: int) -> int:
    """How many visits are served when the chosen are, 0 where there are not enough boards for them.

    A line comes from one place as a whole, in one share, or in two where less than needed is kept.
    """
    ways = []
    for name in sorted(chosen):
        wanted, own = need[name]
        shares = [own, wanted - own] if 0 < own < wanted else [wanted]
        ways.append(
            [tuple(zip(shares, sources, strict=True)) for sources in product("ofv", repeat=len(shares))]
        )
    for way in product(*ways):
        used = {"f": 0, "v": 0}
        good = True
        for name, shares_of in zip(sorted(chosen), way, strict=True):
            own = need[name][1]
            for units, source in shares_of:
                if source == "o":
                    own -= units
                    good &= own >= 0
                else:
                    used[source] += units
        if good and used["f"] <= free and used["v"] <= van:
            return len(chosen)
    return 0


def test_a_plan_stands_when_its_parts_are_reserved_afterwards() -> None:
    """The storekeeper keeps what the plan takes: nothing moves, and nothing does when he lets it go again."""
    free = two(needs=(1, 0), there=2)
    kept = two(for_visit("V-1"), needs=(1, 0), there=2)
    problem, plan = solved(free)
    own = problem_of(Board.of(kept))

    reserved = carried(own, plan)
    released = carried(problem, reserved)

    assert violations(own, reserved) == () == violations(problem, released)
    assert {line.part for stop in visit_stops(reserved) for line in stop.supply} == {"P-1@V-1"}
    assert released == carried(problem, plan)
    assert reserved.claimed == released.claimed
