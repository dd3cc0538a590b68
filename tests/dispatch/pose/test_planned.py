"""From rows to a plan: each rule of the desk in a region of its own, solved, verified, priced the same twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from dispatch.crew import Partner, Shift
from dispatch.desk.customer import EngineerWish, Wish
from dispatch.desk.visit import CrewRole, Lock, PartNeed, PublishedStop, VisitOrder
from dispatch.plan import Plan, Source
from dispatch.policy import TravelSettings
from dispatch.problem import PlanningProblem
from dispatch.region import Region
from dispatch.solve import Budget, solve
from dispatch.verify import violations
from inventory.catalogue.loaner import LoanerClass, LoanerUnit
from inventory.stock.loan import Loan
from kernel.calendars import weekly
from kernel.interval import Interval
from tests import regions as build
from tests.dispatch.pose.worlds import HOUR_S, posed, stocked, under

ROW = build.region().field.visits[0]
DAYS = tuple(
    Shift(f"{engineer}/{day:02d}", engineer, Interval(build.at(8, day=day), build.at(17, day=day)))
    for day in (6, 7, 8)
    for engineer in ("E-1", "E-2")
)
Stops = dict[str, tuple[str, int, int]]
"""Engineer, start and end by visit."""


def solved(region: Region) -> tuple[PlanningProblem, Plan, Stops]:
    """The region's plan, verified, with who does what when."""
    problem = posed(region)
    plan = solve(problem, Budget(seed=1, work=1000))
    assert violations(problem, plan) == ()
    return (
        problem,
        plan,
        {
            stop.ref: (
                problem.engineers[problem.shifts[problem.shift_index[route.shift]].engineer].id,
                stop.start_s,
                stop.end_s,
            )
            for route in plan.routes
            for stop in route.stops
            if stop.ref in problem.visit_index
        },
    )


def crew() -> Region:
    """Two people together."""
    return build.region(crew_roles=(CrewRole("V-1", "helper", 30),))


def two_engineers_start_together(_: Plan, stops: Stops) -> None:
    """At one door at one time."""
    assert stops["V-1"][1] == stops["V-1@helper"][1]
    assert stops["V-1"][0] != stops["V-1@helper"][0]


def relieved() -> Region:
    """Ten hours of work that must not stop, and a late shift to take over."""
    shifts = (DAYS[0], replace(DAYS[1], worked=Interval(build.at(12), build.at(21))))
    return build.region(
        visits=(replace(ROW, duration_min=600, continuous=True),), shifts=shifts, part_needs=()
    )


def the_second_takes_over(_: Plan, stops: Stops) -> None:
    """Half an hour before the first leaves."""
    assert stops["V-1"][0] != stops["V-1#2"][0]
    assert stops["V-1#2"][1] == stops["V-1"][2] - 30 * 60
    assert stops["V-1#2"][2] - stops["V-1"][1] == 10 * HOUR_S


def two_days() -> Region:
    """Twelve hours of work."""
    return build.region(visits=(replace(ROW, duration_min=720),), shifts=DAYS, part_needs=())


def the_same_engineer_comes_again(_: Plan, stops: Stops) -> None:
    """On another day."""
    assert stops["V-1"][0] == stops["V-1#2"][0]
    assert stops["V-1#2"][1] > stops["V-1"][2]


def workshop() -> Region:
    """Collected today, four hours on the bench."""
    return build.region(visits=(replace(ROW, bench_min=240, return_min=20),), shifts=DAYS)


def it_is_brought_back(_: Plan, stops: Stops) -> None:
    """Not before the workshop is done."""
    assert stops["V-1#2"][1] >= stops["V-1"][2] + 4 * HOUR_S


def order() -> Region:
    """V-1 waits for V-2."""
    return build.region(
        visits=(ROW, replace(ROW, id="V-2")), visit_order=(VisitOrder("V-1", "V-2"),), part_needs=()
    )


def the_other_comes_first(_: Plan, stops: Stops) -> None:
    """And is done."""
    assert stops["V-1"][1] >= stops["V-2"][2]


def partner() -> Region:
    """Nobody of ours holds level five; a firm does."""
    firm = Partner("X-1", "Other firm", Decimal(1500), skills=(("HV", 5),), lead_min=60)
    return build.region(visits=(replace(ROW, skills=(("HV", 5),)),), partners=(firm,))


def the_firm_is_asked(plan: Plan, _: Stops) -> None:
    """From when it can come."""
    assert [(one.partner, one.start_s) for one in plan.outside] == [("X-1", HOUR_S)]


def wishes() -> Region:
    """E-2 is barred."""
    return build.region(wishes=(EngineerWish("E-2", Wish.BARRED, site="S-1"),))


def the_other_goes(_: Plan, stops: Stops) -> None:
    """Though E-2 has the part in his van."""
    assert stops["V-1"][0] == "E-1"


def territory() -> Region:
    """E-2 serves the west only; the visit lies in the east."""
    plain = build.region().field
    sites = (replace(plain.sites[0], territory="EAST"), replace(plain.sites[1], territory="WEST"))
    engineers = (plain.engineers[0], replace(plain.engineers[1], territories=("WEST",)))
    return build.region(sites=sites, engineers=engineers)


def opening() -> Region:
    """The one part lies in a depot that opens at one; nobody has it in the van."""
    region = build.region(calendars=(weekly("late", "Asia/Shanghai", {"fri": "13:00-14:00"}),))
    depot = replace(region.stock.places[0], calendar="late")
    return stocked(region, places=(depot, *region.stock.places[1:]), moves=region.stock.moves[:1])


def it_is_picked_up_after_one(_: Plan, stops: Stops) -> None:
    """And carried on from there."""
    assert stops["V-1"][1] >= 5 * HOUR_S


def likely() -> Region:
    """A part nobody has, needed once in ten times."""
    return stocked(build.region(part_needs=(PartNeed("V-1", "P-1", 1, 0.1),)), moves=())


def it_goes_without(plan: Plan, stops: Stops) -> None:
    """Rather than not at all."""
    (supply,) = (s for route in plan.routes for stop in route.stops for s in stop.supply)
    assert supply.source is Source.WITHOUT
    assert plan.claimed.second_visits == 4_000
    assert "V-1" in stops


def paced() -> Region:
    """Half speed until noon."""
    region = build.region()
    settings = replace(region.settings, travel=TravelSettings(pace=((0, 500), (12 * 60, 1000))))
    return replace(region, settings=settings)


def the_road_takes_longer(_: Plan, stops: Stops) -> None:
    """Both engineers live more than ten minutes away at half speed."""
    assert stops["V-1"][1] > 600


def frozen() -> Region:
    """Published with E-1 at ten, told; ours to keep for three hours though E-2 has the part."""
    stop = PublishedStop("V-1", "E-1/06", build.at(10), Lock.NONE, build.at(7))
    return under(build.region(published=(stop,)), freeze_min=180)


def it_stays_as_it_was_told(plan: Plan, stops: Stops) -> None:
    """To the minute."""
    assert stops["V-1"][:2] == ("E-1", 2 * HOUR_S)
    assert plan.claimed.changes == 0


def lent() -> Region:
    """A loaner stands at the customer's."""
    return stocked(
        build.region(),
        loaner_classes=(LoanerClass("UPS", "UPS", (), Decimal(60)),),
        loaner_units=(LoanerUnit("U-1", "UPS", "D-1"),),
        loans=(Loan("L-1", "U-1", "T-1", build.at(9, day=5), build.at(9, day=9)),),
    )


def it_is_fetched_back(plan: Plan, stops: Stops) -> None:
    """In the quarter of an hour that takes."""
    assert [stop.fetches for route in plan.routes for stop in route.stops if stop.fetches] == [("U-1",)]
    assert stops["V-1"][2] - stops["V-1"][1] == 75 * 60


@pytest.mark.parametrize(
    ("region", "expected"),
    [
        (crew, two_engineers_start_together),
        (relieved, the_second_takes_over),
        (two_days, the_same_engineer_comes_again),
        (workshop, it_is_brought_back),
        (order, the_other_comes_first),
        (partner, the_firm_is_asked),
        (wishes, the_other_goes),
        (territory, the_other_goes),
        (opening, it_is_picked_up_after_one),
        (likely, it_goes_without),
        (paced, the_road_takes_longer),
        (frozen, it_stays_as_it_was_told),
        (lent, it_is_fetched_back),
    ],
)
def test_what_the_desk_says_is_what_the_plan_does(
    region: Callable[[], Region], expected: Callable[[Plan, Stops], None]
) -> None:
    """Every rule reaches the plan, everything is placed, and the verifier finds nothing wrong."""
    _, plan, stops = solved(region())

    assert plan.unassigned == ()
    expected(plan, stops)
