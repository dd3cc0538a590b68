"""Parts that may be needed, opening hours of depots, loaners to fetch back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest

from dispatch.desk.visit import PartNeed, VisitOrder
from dispatch.problem import Window
from dispatch.region import Region
from inventory.catalogue.loaner import LoanerClass, LoanerUnit
from inventory.stock.loan import Loan
from kernel.calendars import BusinessCalendar, every_hour, weekly
from kernel.errors import Refusal
from tests import regions as build
from tests.dispatch.pose.worlds import HOUR_S, only, posed, stocked, under

ROW = build.region().field.visits[0]


@pytest.mark.parametrize(
    ("likely", "cents"),
    [([None], None), ([0.4], 20_000), ([0.0], 0), ([1.0], None), ([0.2, 0.4], 20_000), ([0.4, None], None)],
)
def test_a_part_that_may_be_needed_can_be_left_behind_at_its_share_of_a_second_visit(
    likely: list[float | None], cents: int | None
) -> None:
    """Two in five times 500; of two reasons to take it the stronger counts, and sure is sure."""
    needs = tuple(PartNeed("V-1", "P-1", 1, share) for share in likely)

    (line,) = only(posed(under(build.region(part_needs=needs), second_visit=Decimal(500)))).parts

    assert line.without_cents == cents


def opened(calendar: BusinessCalendar | None) -> tuple[Window, ...]:
    """When a pick-up may begin at the depot."""
    region = build.region(calendars=(calendar,) if calendar else ())
    depot = replace(region.stock.places[0], calendar=calendar.id if calendar else "")
    (store,) = posed(stocked(region, places=(depot, *region.stock.places[1:]))).stores
    return store.opens


def test_a_depot_is_open_in_its_calendars_hours() -> None:
    """Friday from now till noon, Saturday morning, Monday: single dates count too."""
    office = weekly(
        "office",
        "Asia/Shanghai",
        {"mon-fri": "07:00-12:00"},
        exceptions={date(2026, 3, 7): "09:00-10:00"},
    )

    assert opened(office)[:3] == (
        Window(0, 4 * HOUR_S),
        Window(25 * HOUR_S, 26 * HOUR_S),
        Window(71 * HOUR_S, 76 * HOUR_S),
    )
    assert opened(None) == ()


def test_a_depot_closed_throughout_is_not_one_without_hours() -> None:
    """Empty means any time: a closed week has to say something else."""
    never = weekly("never", "Asia/Shanghai", {"sun": "01:00-01:30"}, exceptions={date(2026, 3, 8): ""})

    closed = opened(never)

    assert closed
    assert all(window.close_s <= 0 for window in closed)
    assert opened(every_hour("always", "Asia/Shanghai"))[0].open_s == 0


def standing(back_at: datetime | None = None, **field: object) -> Region:
    """A region where unit U-1 was lent for ticket T-1."""
    region = build.region(**field)
    return stocked(
        region,
        loaner_classes=(LoanerClass("UPS", "UPS", (), Decimal(60)),),
        loaner_units=(LoanerUnit("U-1", "UPS", "D-1"),),
        loans=(Loan("L-1", "U-1", "T-1", build.at(9, day=5), build.at(9, day=9), back_at),),
    )


def test_the_visit_that_ends_the_ticket_fetches_its_loaner_back() -> None:
    """An hour of work and a quarter to carry it out."""
    visit = only(posed(under(standing(), fetch_min=15)))

    assert (visit.fetches, visit.service_s) == (("U-1",), 75 * 60)


def test_a_loaner_that_is_back_is_not_fetched() -> None:
    """Nor one of another ticket."""
    assert only(posed(standing(build.at(7)))).fetches == ()
    assert (
        only(posed(standing(tickets=(build.ticket("T-2"),), visits=(replace(ROW, ticket="T-2"),)))).fetches
        == ()
    )


def test_of_several_visits_the_last_one_fetches() -> None:
    """The one nobody comes after; of equals the last by id."""
    visits = (ROW, replace(ROW, id="V-2"))
    fetched = [v.fetches for v in posed(standing(visits=visits)).visits]
    ordered = [
        v.fetches for v in posed(standing(visits=visits, visit_order=(VisitOrder("V-1", "V-2"),))).visits
    ]

    assert fetched == [(), ("U-1",)]
    assert ordered == [("U-1",), ()]


def test_it_is_fetched_when_the_unit_is_back_from_the_workshop() -> None:
    """The customer keeps the loaner while his own is on the bench."""
    visits = (replace(ROW, bench_min=240, return_min=20),)

    collect, back = posed(under(standing(visits=visits), fetch_min=15)).visits

    assert (collect.fetches, collect.service_s) == ((), HOUR_S)
    assert (back.fetches, back.service_s) == (("U-1",), 35 * 60)


def test_equipment_of_a_class_the_stock_does_not_list_is_refused_by_name() -> None:
    """A board put together by hand can say so; read from a folder it would have been refused there."""
    ups = replace(build.region().field.assets[0], loaner_class="UPS")
    assets = (ups, *build.region().field.assets[1:])

    with pytest.raises(Refusal) as refused:
        posed(assets=assets)

    assert refused.value.code == "stock.unknown_loaner_class"
    assert dict(refused.value.message.params) == {"loaner_class": "UPS"}
