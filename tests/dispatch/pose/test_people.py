"""Who may come: wishes of customers, territories, outside partners."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from dispatch.crew import Partner
from dispatch.desk.customer import EngineerWish, Wish
from dispatch.desk.visit import Appointment, Lock, PublishedStop, VisitOrder
from dispatch.problem import Outside
from kernel.interval import Interval
from tests import regions as build
from tests.dispatch.pose.worlds import HOUR_S, only, posed, under

ROW = build.region().field.visits[0]
FIRM = Partner("X-1", "Other firm", Decimal(1500), skills=(("HV", 2),), lead_min=90)


def wished(*wishes: EngineerWish, **policy: Any) -> tuple[tuple[int, ...], tuple[int, ...], int]:
    """Preferred and barred engineers of the visit, and the price of another."""
    visit = only(posed(under(build.region(wishes=wishes), **policy)))
    return visit.preferred, visit.barred, visit.other_engineer_cents


def test_a_customers_wishes_hold_at_all_his_sites() -> None:
    """One preferred, one barred; nobody else's wishes count."""
    wishes = (
        EngineerWish("E-2", Wish.PREFERRED, customer="K-1"),
        EngineerWish("E-1", Wish.BARRED, customer="K-1"),
        EngineerWish("E-1", Wish.PREFERRED, site="S-2"),
    )

    assert wished(*wishes, other_engineer=Decimal("12.50")) == ((1,), (0,), 1250)
    assert wished() == ((), (), 0)


def test_a_sites_wish_goes_before_its_customers() -> None:
    """Barred everywhere but here, where they like him."""
    wishes = (
        EngineerWish("E-1", Wish.PREFERRED, site="S-1"),
        EngineerWish("E-1", Wish.BARRED, customer="K-1"),
    )

    assert wished(*wishes)[:2] == ((0,), ())


def zoned(*, site: str, first: tuple[str, ...] = (), away: Decimal | None = None) -> Any:
    """The problem with the first site in `site` and engineer E-1 serving `first`."""
    plain = build.region().field
    return posed(
        sites=(replace(plain.sites[0], territory=site), replace(plain.sites[1], territory="WEST")),
        engineers=(replace(plain.engineers[0], territories=first, away_price=away), plain.engineers[1]),
    )


def test_territories_of_sites_and_engineers_reach_the_problem() -> None:
    """Away from home at a price, or never; without territories everywhere is home."""
    problem = zoned(site="EAST", first=("WEST",), away=Decimal(55))

    first, second = problem.engineers
    assert problem.territories == ("EAST", "WEST")
    assert only(problem).territory == 0
    assert (first.territories, first.away_cents, first.at_home(0)) == ((1,), 5500, False)
    assert (second.territories, second.at_home(0)) == ((), True)
    assert zoned(site="EAST", first=("WEST",)).engineers[0].away_cents is None


def test_where_no_open_visit_lies_in_a_territory_there_is_none() -> None:
    """A site nobody drives to does not change the problem."""
    problem = zoned(site="", first=("WEST",))

    assert problem.territories == ()
    assert only(problem).territory == -1
    assert problem.engineers[0].territories == ()


def offered(firm: Partner = FIRM, **field: Any) -> tuple[Outside, ...]:
    """What partners offer for the first visit."""
    return posed(**{"partners": (firm,), "visits": (ROW,)} | field).visits[0].outside


def test_a_partner_offers_from_when_he_can_come_at_his_price() -> None:
    """An hour and a half after he is asked."""
    assert offered() == (Outside("X-1", 90 * 60, 150_000),)
    assert offered(visits=(replace(ROW, earliest_at=build.at(13)),)) == (Outside("X-1", 5 * HOUR_S, 150_000),)


@pytest.mark.parametrize(("first", "last", "start_s"), [(9, 11, 90 * 60), (11, 12, 3 * HOUR_S), (8, 9, None)])
def test_he_keeps_the_agreed_time_or_does_not_offer(first: int, last: int, start_s: int | None) -> None:
    """In the appointment if he can, at its opening if he is early, not at all after it."""
    agreed = Appointment("V-1", Interval(build.at(first), build.at(last)))

    assert [one.start_s for one in offered(appointments=(agreed,))] == ([] if start_s is None else [start_s])


@pytest.mark.parametrize(
    ("changes", "offers"),
    [
        ({}, 1),
        ({"skills": (("HV", 1),)}, 0),
        ({"skills": ()}, 0),
        ({"territories": ("WEST",)}, 0),
        ({"territories": ("EAST",)}, 1),
    ],
)
def test_a_partner_works_where_and_what_he_can(changes: dict[str, Any], offers: int) -> None:
    """High voltage at level two, in the east."""
    sites = tuple(replace(site, territory="EAST") for site in build.region().field.sites)

    assert len(offered(replace(FIRM, **changes), sites=sites)) == offers


def test_he_needs_the_certificates_of_the_visit() -> None:
    """The law asks for a welder, whoever employs him."""
    visits = (replace(ROW, certificates=("WELD",)),)

    assert offered(visits=visits) == ()
    assert len(offered(replace(FIRM, certificates=("WELD",)), visits=visits)) == 1


def test_where_original_parts_are_promised_only_he_who_fits_them_offers() -> None:
    """A cheaper board would break the promise, whoever screws it in."""
    original: dict[str, Any] = {"tickets": (build.ticket("T-1", scheme="field-2-12"),)}

    assert offered(**original) == ()
    assert len(offered(replace(FIRM, original_parts=True), **original)) == 1


def test_a_visit_bound_to_others_or_to_somebody_is_not_given_away() -> None:
    """A crew, an order, an engineer the customer was promised."""
    pair = (ROW, replace(ROW, id="V-2"))

    assert offered(visits=(replace(ROW, bench_min=60, return_min=10),)) == ()
    assert offered(visits=pair, visit_order=(VisitOrder("V-2", "V-1"),)) == ()
    assert len(offered(visits=pair)) == 1
    assert offered(published=(PublishedStop("V-1", "E-1/06", build.at(10), Lock.ENGINEER),)) == ()
