"""What a plan costs, by hand: every term on both sides of where it begins."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dispatch.cost import cost
from dispatch.plan import CostTerms, LoanerBy, LoanerChoice, Outsourced, Route, Source, Supply
from dispatch.problem import (
    Engineer,
    Lateness,
    LoanerCourier,
    LoanerGrant,
    Objective,
    Outside,
    Pace,
    PartLine,
    Prices,
    Published,
    Store,
    Visit,
)
from tests import builders as build
from tests.builders import one

GRANT = LoanerGrant((0,), (LoanerCourier(0, 0, 50, 700),), day_cents=100)
LENDING = (Store("D", 0, loaners=((0, ("U1",)),)),)
SENT = LoanerChoice("U1", "L", "D", LoanerBy.COURIER, 50)
LATE = build.visit(
    "V",
    2,
    arrive=Lateness(100, 7, 60),
    repair=Lateness(150, 11, 30),
    substitute=Lateness(150, 13, 10),
    loaner=GRANT,
)


def test_lateness_is_priced_per_started_unit() -> None:
    """100 ticks late by the minute are two started minutes; 60 late by the half minute two started halves."""
    problem, plan = one(LATE, stores=LENDING)

    terms = cost(problem, plan)

    assert (terms.late_arrive, terms.late_repair, terms.late_substitute) == (2 * 7, 2 * 11, 6 * 13)


@pytest.mark.parametrize(("due_s", "late_repair", "late_substitute"), [(210, 0, 0), (209, 11, 6 * 13)])
def test_a_repair_done_on_the_very_tick_it_is_due_owes_nothing(
    due_s: int, late_repair: int, late_substitute: int
) -> None:
    """Due by then means then is in time; and without an overrun no loaner is owed, however late it would be."""
    problem, plan = one(replace(LATE, repair=Lateness(due_s, 11, 30)), stores=LENDING)

    terms = cost(problem, plan)

    assert (terms.late_repair, terms.late_substitute) == (late_repair, late_substitute)


def test_a_standing_loaner_ends_the_substitute_lateness_and_costs_days() -> None:
    """The courier stands it at 50, before the substitute is due; one started day until the repair."""
    problem, plan = one(LATE, stop=build.at("V", 200, loaner=SENT), stores=LENDING)

    terms = cost(problem, plan)

    assert (terms.late_repair, terms.late_substitute) == (22, 0)
    assert (terms.loaner_couriers, terms.loaner_days) == (700, 100)


def test_a_loaner_stops_the_repair_clock_only_where_the_scheme_says_so() -> None:
    """Default: the repair clock runs on."""
    stopping = replace(LATE, loaner=replace(GRANT, stops_repair=True))
    problem, plan = one(stopping, stop=build.at("V", 200, loaner=SENT), stores=LENDING)

    assert cost(problem, plan).late_repair == 0


def test_where_repair_is_not_promised_the_loaner_is_owed_from_its_own_due_time() -> None:
    """One scheme promises nothing but the loaner; its lateness must not vanish with the missing repair promise."""
    problem, plan = one(replace(LATE, repair=None), stores=LENDING)

    assert cost(problem, plan).late_substitute == 6 * 13


def test_travel_distance_and_overtime_are_rounded_up_once_a_route() -> None:
    """400 ticks at 10 cents an hour are 1.1 cents, paid as 2; 4,000 m at 80 cents a kilometre 320."""
    problem, plan = one(
        build.visit("V", 2),
        shifts=(build.shift("S1", 0, end_s=400, overtime_s=60, call_out_cents=500),),
        prices=Prices(travel_hour=10, distance_km=80, overtime_hour=360),
    )

    terms = cost(problem, plan)

    assert (terms.travel_time, terms.distance, terms.overtime, terms.call_outs) == (2, 320, 1, 500)
    assert terms.total == 2 + 320 + 1 + 500


def test_lateness_and_loaner_days_run_until_the_unit_is_back_from_the_workshop() -> None:
    """The engineer leaves at 210; the equipment runs again 86,400 ticks later: two started loaner days."""
    away = replace(LATE, away_s=86_400)
    problem, plan = one(away, stop=build.at("V", 200, loaner=SENT), stores=LENDING)

    terms = cost(problem, plan)

    assert terms.late_repair == 11 * -(-(210 + 86_400 - 150) // 30)
    assert terms.loaner_days == 2 * 100


WITHOUT = Supply("A", "A", 0, Source.WITHOUT)


def test_going_without_a_likely_part_costs_its_share_of_a_second_visit() -> None:
    """A part needed two times in five, a second visit at 1,000: 400."""
    visit = build.visit("V", 2, parts=(PartLine(0, 1, without_cents=400),))

    assert cost(*one(visit, stop=build.at("V", 200, supply=(WITHOUT,)))).second_visits == 400
    assert cost(*one(visit, engineers=(Engineer("E1", van=((0, 1),)),))).second_visits == 0


@pytest.mark.parametrize(("preferred", "paid"), [((), 0), ((0,), 0), ((1,), 77), ((0, 1), 0)])
def test_anybody_but_a_preferred_engineer_costs(preferred: tuple[int, ...], paid: int) -> None:
    """Nobody preferred: nobody is another."""
    visit = build.visit("V", 2, preferred=preferred, other_engineer_cents=77)
    problem, plan = one(visit, engineers=(Engineer("E1"), Engineer("E2")))

    assert cost(problem, plan).other_engineers == paid


@pytest.mark.parametrize(
    ("own", "territory", "paid"), [((0,), 0, 0), ((1,), 0, 55), ((), 0, 0), ((1,), -1, 0)]
)
def test_a_visit_in_anothers_territory_costs(own: tuple[int, ...], territory: int, paid: int) -> None:
    """No territories, of the engineer or of the visit, means everywhere."""
    engineer = Engineer("E1", territories=own, away_cents=55)
    problem, plan = one(
        build.visit("V", 2, territory=territory), engineers=(engineer,), territories=("EAST", "WEST")
    )

    assert cost(problem, plan).territory == paid


@pytest.mark.parametrize(
    ("engineer", "start_s", "paid"), [(0, 200, 0), (0, 170, 0), (0, 169, 9), (1, 200, 5), (1, 231, 14)]
)
def test_a_change_costs_by_what_changed(engineer: int, start_s: int, paid: int) -> None:
    """Another engineer 5, a start moved by more than the tolerance of 30 ticks 9."""
    before = Published(engineer, start_s, tolerance_s=30, engineer_cents=5, moved_cents=9)
    problem, plan = one(build.visit("V", 2, published=before), engineers=(Engineer("E1"), Engineer("E2")))

    assert cost(problem, plan).changes == paid


def outside(visit: Visit, start_s: int) -> CostTerms:
    """What giving `visit` to partner X from `start_s` costs."""
    done = Outsourced("V", "X", start_s, start_s + 10)
    return cost(build.problem(visits=(visit,)), build.plan(outside=(done,)))


def test_a_partner_costs_his_price_and_his_lateness() -> None:
    """Late arrival and repair count from his start; no road of ours is driven."""
    visit = replace(LATE, outside=(Outside("X", 100, 900), Outside("X", 200, 600)))

    early, late = outside(visit, 100), outside(visit, 200)

    assert (early.partners, early.late_arrive, early.late_repair) == (900, 0, 0)
    assert (late.partners, late.late_arrive, late.late_repair) == (600, 14, 22)
    assert (late.left_out, late.travel_time) == (0, 0)


def test_travel_is_priced_by_the_matrix_whatever_the_pace() -> None:
    """A slow hour costs time, which lateness and overtime pay; the kilometres and their fuel stay the same."""
    problem, plan = one(build.visit("V", 2), pace=(Pace(0, 500),))

    assert cost(problem, plan).travel_time == cost(replace(problem, pace=()), plan).travel_time


def test_home_care_counts_travel_every_late_start_and_the_latest_once_more() -> None:
    """400 ticks of road, starts 100 and 30 late: 400 + 130 + 100."""
    visits = (
        build.visit("V", 2, arrive=Lateness(100, 1, 1)),
        build.visit("W", 2, arrive=Lateness(180, 1, 1)),
    )
    problem = build.problem(visits=visits, objective=Objective.HOME_CARE)
    route = Route("S1", 0, 420, (build.at("V", 200), build.at("W", 210)))

    assert cost(problem, build.plan(route)).measure == 400 + 100 + 30 + 100
