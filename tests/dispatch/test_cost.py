"""What a plan costs, by hand: every term on both sides of where it begins."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dispatch.cost import cost
from dispatch.plan import LoanerBy, LoanerChoice
from dispatch.problem import Lateness, LoanerCourier, LoanerGrant, Prices, Store
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
