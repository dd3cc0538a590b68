"""Planning apart gets every chance its routes leave it, and all ways are counted on the same problem."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks import joint
from benchmarks.__main__ import main
from benchmarks.apart import supplied, without_supply
from dispatch.cost import cost
from dispatch.plan import Plan, Source, Stop, StopKind
from dispatch.problem import (
    Break,
    Engineer,
    Lateness,
    LoanerCourier,
    LoanerGrant,
    Offer,
    PartLine,
    PlanningProblem,
    Store,
)
from dispatch.solve import Budget, solve
from dispatch.verify import violations
from scenarios.world.spec import Spec
from tests.builders import problem, shift, visit

NEEDS_A = (PartLine(part=0, quantity=1),)


def _apart(world: PlanningProblem) -> Plan:
    """Plan routes first; the outcome keeps every rule of the full problem and is priced on it."""
    routes = solve(without_supply(world), Budget(seed=1, work=200))
    plan = supplied(world, routes)
    assert violations(world, plan) == ()
    assert plan.claimed == cost(world, plan)
    return plan


def _stop(plan: Plan, name: str) -> Stop:
    return next(stop for route in plan.routes for stop in route.stops if stop.ref == name)


def _world(**changes: Any) -> PlanningProblem:
    """One visit at place 2 that needs part A; a store at place 4."""
    plain: dict[str, Any] = {"visits": (visit("V1", 2, parts=NEEDS_A),)}
    return problem(**{**plain, **changes})


def test_the_route_planner_sees_neither_parts_nor_loaners() -> None:
    """Service, windows and promises stay; what a loaner was for goes with it."""
    grant = LoanerGrant(classes=(0,), couriers=(), day_cents=1)
    late = Lateness(due_s=1, cents=1, per_s=1)
    world = _world(visits=(visit("V1", 2, parts=NEEDS_A, loaner=grant, substitute=late, repair=late),))

    (seen,) = without_supply(world).visits

    assert (seen.parts, seen.loaner, seen.substitute) == ((), None, None)
    assert (seen.service_s, seen.repair) == (10, late)


def test_the_van_comes_first() -> None:
    """A part in the van costs no way."""
    plan = _apart(
        _world(engineers=(Engineer("E1", van=((0, 1),)),), stores=(Store("D", 4, stock=((0, 1),)),))
    )

    assert _stop(plan, "V1").supply[0].source is Source.VAN
    assert plan.claimed.total == 400


def test_a_pick_up_is_put_in_where_it_is_cheapest() -> None:
    """Four places out and back by way of the store, the order of visits unchanged."""
    world = _world(
        visits=(visit("V1", 1), visit("V2", 2, parts=NEEDS_A)), stores=(Store("D", 4, stock=((0, 1),)),)
    )

    plan = _apart(world)

    (route,) = plan.routes
    refs = [stop.ref for stop in route.stops]
    assert refs in (["V1", "D", "V2"], ["D", "V2", "V1"])
    assert plan.claimed.total == 800


def test_a_delivery_is_taken_when_it_is_cheaper_than_the_way() -> None:
    """The pick-up costs 400 cents of way, the courier 50."""
    offer = Offer("O1", "courier", part=0, quantity=1, arrives_s=500, cents=50, from_store=0)
    line = PartLine(part=0, quantity=1, offers=(0,))
    world = _world(
        visits=(visit("V1", 2, parts=(line,)),), stores=(Store("D", 4, stock=((0, 1),)),), offers=(offer,)
    )

    plan = _apart(world)

    assert _stop(plan, "V1").supply[0].from_id == "O1"
    assert _stop(plan, "V1").start_s >= 500
    assert plan.claimed.total == 450


def test_the_last_part_is_given_once() -> None:
    """Two routes want it; the one that starts first gets it, the other visit is dropped."""
    world = problem(
        visits=(
            visit("V1", 2, parts=NEEDS_A, engineer_lock=0),
            visit("V2", 3, parts=NEEDS_A, engineer_lock=1),
        ),
        engineers=(Engineer("E1"), Engineer("E2")),
        shifts=(shift("S1", 0, start_s=10), shift("S2", 1)),
        stores=(Store("D", 4, stock=((0, 1),)),),
    )

    plan = _apart(world)

    assert [missing.visit for missing in plan.unassigned] == ["V1"]


def test_a_part_that_cannot_be_had_is_gone_without_where_that_is_allowed() -> None:
    """A likely second visit is priced; a part needed for sure means nobody comes."""
    sure = _apart(_world())
    likely = _apart(_world(visits=(visit("V1", 2, parts=(PartLine(0, 1, without_cents=700),)),)))

    assert [missing.visit for missing in sure.unassigned] == ["V1"]
    assert _stop(likely, "V1").supply[0].source is Source.WITHOUT
    assert likely.claimed.second_visits == 700


@pytest.mark.parametrize(("courier_cents", "by"), [(30, "courier"), (5000, "visit"), (None, "visit")])
def test_a_loaner_goes_the_cheaper_way(courier_cents: int | None, by: str) -> None:
    """By courier, or fetched from the store on the way: 400 cents of way more."""
    late = Lateness(due_s=100, cents=1000, per_s=10_000)
    sent = () if courier_cents is None else (LoanerCourier(0, 0, arrives_s=90, cents=courier_cents),)
    grant = LoanerGrant(classes=(0,), couriers=sent, day_cents=1)
    substitute = Lateness(due_s=700, cents=3000, per_s=10_000)
    slow = visit("V1", 2, service_s=900, repair=late, substitute=substitute, loaner=grant)
    world = _world(visits=(slow,), stores=(Store("D", 4, loaners=((0, ("U1",)),)),))

    loaner = _stop(_apart(world), "V1").loaner

    assert loaner is not None
    assert (loaner.by.value, loaner.unit) == (by, "U1")


def test_a_break_that_becomes_due_is_taken() -> None:
    """The way to the store makes the route long enough for a rest."""
    resting = shift("S1", 0, breaks=(Break(from_s=300, until_s=500, duration_s=50),))
    world = _world(shifts=(resting,), stores=(Store("D", 4, stock=((0, 1),)),))

    plan = _apart(world)

    assert [stop.kind for stop in plan.routes[0].stops].count(StopKind.BREAK) == 1
    assert plan.unassigned == ()


def test_a_dropped_visit_is_booked_again_without_moving_anybody() -> None:
    """The second engineer has the part: planned apart nobody asked, mended he goes."""
    world = problem(
        visits=(visit("V1", 2, parts=NEEDS_A), visit("V2", 1)),
        engineers=(Engineer("E1"), Engineer("E2", van=((0, 1),))),
        shifts=(shift("S1", 0), shift("S2", 1, call_out_cents=100)),
    )
    apart = _apart(world)

    mended = joint.mended(world, apart)

    assert [missing.visit for missing in apart.unassigned] == ["V1"]
    assert violations(world, mended) == ()
    assert mended.unassigned == ()
    assert {route.shift: [stop.ref for stop in route.stops] for route in mended.routes} == {
        "S1": ["V2"],
        "S2": ["V1"],
    }


def test_what_is_left_out_keeps_no_promise() -> None:
    """Shares count all visits, not the ones planned."""
    late = Lateness(due_s=10, cents=1, per_s=1)
    world = _world(
        visits=(visit("V1", 2, parts=NEEDS_A, arrive=late, repair=late), visit("V2", 1, arrive=late))
    )

    found = joint.figures(world, _apart(world))

    assert (found.visits, found.fixed, found.left_out) == (2, 1, 1)
    assert (found.arrivals, found.repairs) == ((0, 2), (0, 1))
    assert found.left_out_cents == 10_000


def test_a_generated_region_is_compared(capsys: pytest.CaptureFixture[str]) -> None:
    """Three plans of one region, each keeping every rule; mending never makes it dearer."""
    code = main(["joint", "--work", "200", "--seeds", "3", "--engineers", "6", "--visits", "24"])

    compared = joint.compare(3, spec=Spec(engineers=6, visits=24, depots=1), work=200)
    assert code == 0
    assert compared.wrong == ()
    assert compared.ways[2].cents <= compared.ways[1].cents
    assert capsys.readouterr().out.strip() == joint.table([compared])


def test_a_region_that_cannot_be_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """A wrong number gets a sentence, not a traceback."""
    assert main(["joint", "--seeds", "1", "--engineers", "0"]) == 2
    assert main(["joint", "--seeds", "-1"]) == 2
    assert "scenario." in capsys.readouterr().err
