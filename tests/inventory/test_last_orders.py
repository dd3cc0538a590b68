"""A part somebody stops selling: what the last order has to bring, and that nobody proposes one afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from inventory.catalogue.part import Alternate, AlternateKind
from inventory.catalogue.supplier import SupplierTerms
from inventory.provision import Provision
from inventory.remnants import ending, excess
from inventory.replenish.assessment import ReviewSettings, Urgency
from inventory.replenish.demand import DemandMonth
from inventory.replenish.final_order import enough
from inventory.replenish.lead_time_demand import LeadTimeDemand, chances
from inventory.replenish.policy import StockPolicy
from inventory.replenish.reorder import Proposal, Source
from inventory.replenish.snooze import Snooze
from inventory.review import review
from inventory.stockroom import Stockroom
from tests.stock_builders import NOW, move, need, part, stockroom

TODAY = date(2026, 3, 2)
IN_TWO_WEEKS = TODAY + timedelta(days=14)


def a_year(units: int, name: str = "P-1", place: str = "XIAMEN") -> tuple[DemandMonth, ...]:
    """Twelve equal months."""
    months = [f"2025-{month:02}" for month in range(3, 13)] + ["2026-01", "2026-02"]
    return tuple(DemandMonth(name, place, month, units) for month in months)


def sold_until(last_on: date | None, name: str = "P-1", **changes: int) -> SupplierTerms:
    """What the only supplier asks, until a day."""
    return SupplierTerms("S-1", name, Decimal(90), last_order_on=last_on, **changes)


def ending_soon(*, last_on: date = IN_TWO_WEEKS, there: int = 10, until: date | None = None) -> Stockroom:
    """Two a month asked for at Xiamen, so many there, sold until a day and served until another."""
    return stockroom(
        move(1, there, "ADJUSTMENT", "XIAMEN"),
        parts=(part(served_until=until),),
        terms=(sold_until(last_on),),
        demand_history=a_year(2),
    )


def bought(found: tuple[Proposal, ...]) -> list[tuple[str, int, Urgency]]:
    """Purchases: where to, how many, how urgent."""
    return [(row.place, row.quantity, row.urgency) for row in found if row.source is Source.PURCHASE]


@given(st.floats(0.0, 60.0), st.floats(0.2, 6.0), st.floats(0.5, 0.999))
def test_enough_is_the_fewest_units_that_last(mean: float, spread: float, share: float) -> None:
    """They last with the chance asked for; one unit less does not."""
    demand = LeadTimeDemand(mean, mean * spread)

    level = enough(demand, share=share)

    covered = chances(mean, mean * spread, highest=level).cumsum()
    assert covered[level] >= share - 1e-9
    assert level == 0 or covered[level - 1] < share + 1e-9


def test_before_the_last_day_what_lasts_until_the_end_of_service_is_bought() -> None:
    """Two years at two a month: about 48 and what chance adds, less the ten that lie there; the trace adds up."""
    room = ending_soon(until=TODAY + timedelta(days=730))

    (found,) = review(room, (), NOW)

    values = {step.code: step.params for step in found.why}
    wanted = values["reorder.last_wanted"]
    assert (found.source, found.place, found.urgency) == (Source.PURCHASE, "XIAMEN", Urgency.LAST_ORDER)
    assert wanted["there"] == 10
    assert found.quantity == wanted["wanted"] == wanted["level"] - 10  # type: ignore[operator]
    assert 55 <= int(wanted["level"]) <= 65
    assert values["reorder.last_order"]["last_on"] == IN_TWO_WEEKS.isoformat()
    assert "reorder.served_stated" in values
    assert found.breaks_at is not None
    assert found.breaks_at.date() == IN_TWO_WEEKS + timedelta(days=1)


def test_without_a_stated_end_of_service_five_years_are_taken_and_said() -> None:
    """A figure nobody stated is named as taken."""
    (found,) = review(ending_soon(), (), NOW)

    taken = next(step.params for step in found.why if step.code == "reorder.served_taken")
    assert taken == {"until": (IN_TWO_WEEKS + timedelta(days=1826)).isoformat(), "years": 5.0}


def test_it_is_proposed_a_month_ahead_and_not_before() -> None:
    """What is bought later knows more: 31 days before nothing, 30 days before all of it."""
    early = ending_soon(last_on=TODAY + timedelta(days=31))
    due = ending_soon(last_on=TODAY + timedelta(days=30))

    assert review(early, (), NOW) == ()
    assert len(bought(review(due, (), NOW))) == 1


def test_on_the_last_day_it_is_bought_and_on_the_next_nobody_is_asked() -> None:
    """A short shelf afterwards is named with the day, and buys nothing."""
    policy = StockPolicy("P-1", "XIAMEN", 0.95, 7, minimum=20, maximum=30)
    last = replace(ending_soon(last_on=TODAY), stock_policies=(policy,))
    over = replace(last, terms=(sold_until(TODAY - timedelta(days=1)),))

    assert sum(units for _, units, _ in bought(review(last, (), NOW))) > 100
    (found,) = review(over, (), NOW)
    assert (found.source, found.why[-1].code) == (Source.NONE, "reorder.sold_no_more")
    assert found.why[-1].params["last_on"] == (TODAY - timedelta(days=1)).isoformat()


def test_the_day_is_the_regions() -> None:
    """At 23:30 in Fuzhou it is still the last day; an hour later, in UTC the same day, it is over."""
    room = ending_soon(last_on=TODAY)
    evening, night = NOW.replace(hour=15, minute=30), NOW.replace(hour=16, minute=30)

    assert len(bought(review(room, (), evening, zone_name="Asia/Shanghai"))) == 1
    assert review(room, (), night, zone_name="Asia/Shanghai") == ()


def test_the_ordinary_order_of_the_same_review_counts() -> None:
    """Fuzhou's shelf is filled as always, with the one from Xiamen; the last order brings the rest, so both together are what lasts."""
    policy = StockPolicy("P-1", "FUZHOU", 0.95, 7, minimum=20, maximum=30)
    room = replace(ending_soon(there=1, until=TODAY + timedelta(days=730)), stock_policies=(policy,))

    found = review(room, (), NOW)

    last = next(row for row in found if row.urgency is Urgency.LAST_ORDER)
    values = next(step.params for step in last.why if step.code == "reorder.last_wanted")
    assert sum(units for _, units, _ in bought(found)) == int(values["level"]) - 1
    assert values["bought"] == 29


def test_one_who_sells_on_is_enough() -> None:
    """The other's last day only takes him off the list, after it has passed."""
    both = stockroom(
        terms=(sold_until(TODAY - timedelta(days=1)), SupplierTerms("S-2", "P-1", Decimal(120))),
        demand_history=a_year(2),
    )
    room = replace(both, suppliers=(*both.suppliers, replace(both.suppliers[0], id="S-2")))

    assert Provision(room, NOW, ReviewSettings()).last_order_on("P-1") is None
    assert [way.supplier for way in Provision(room, NOW, ReviewSettings()).ways("P-1")] == ["S-2"]
    assert ending(Provision(room, NOW, ReviewSettings()), ()) == ()


def test_what_is_superseded_is_asked_for_as_its_successor() -> None:
    """The successor's last order covers both; old units count for what the old part is asked for and no more."""
    room = stockroom(
        move(1, 500, "ADJUSTMENT", "XIAMEN"),
        parts=(part(), part("P-9", served_until=TODAY + timedelta(days=730))),
        alternates=(Alternate("P-1", "P-9", AlternateKind.SUPERSEDES),),
        terms=(sold_until(IN_TWO_WEEKS, "P-9"),),
        demand_history=(*a_year(2), *a_year(1, "P-9")),
    )

    last = [row for row in review(room, (), NOW) if row.urgency is Urgency.LAST_ORDER]

    assert [row.part for row in last] == ["P-9"]
    values = next(step.params for step in last[0].why if step.code == "reorder.last_wanted")
    assert 44 <= int(values["there"]) <= 52
    assert int(values["level"]) > 72


def test_nothing_that_is_needed_until_the_end_is_excess() -> None:
    """A hundred lie there: far more than a year's demand, but not more than is needed once nobody sells it."""
    room = ending_soon(there=100, until=TODAY + timedelta(days=1826))
    sold_on = replace(room, terms=(sold_until(None),))

    assert excess(Provision(room, NOW, ReviewSettings()), ()) == ()
    (free,) = excess(Provision(sold_on, NOW, ReviewSettings()), ())
    assert free.quantity > 70


def test_a_part_with_a_last_day_is_listed_with_what_is_missing() -> None:
    """Before the day and after it; planned work counts besides."""
    for last_on in (IN_TWO_WEEKS, TODAY - timedelta(days=40)):
        room = ending_soon(last_on=last_on, until=TODAY + timedelta(days=730))

        (found,) = ending(Provision(room, NOW, ReviewSettings()), [need(3, place="XIAMEN")])

        assert found.final is not None
        assert found.final.last_order_on == last_on
        assert (found.left, found.planned) == (10, 3)
        assert found.final.lacking == found.final.level + 3 - 10


def test_a_budget_weighs_the_last_order_by_all_the_time_left() -> None:
    """It is cut to the money, not thrown out for being more than a lead time asks for."""
    found = review(ending_soon(), (), NOW, budget=Decimal(900))

    assert [units for _, units, _ in bought(found)] == [10]
    assert any(step.code == "reorder.over_budget" for row in found for step in row.why)


def test_a_snoozed_last_order_is_left_alone() -> None:
    """Who says so knows why; the line stays listed."""
    word = Snooze("P-1", "XIAMEN", NOW, IN_TWO_WEEKS, "settled by phone", "store")

    (found,) = review(replace(ending_soon(), snoozes=(word,)), (), NOW)

    assert (found.source, found.snoozed_until) == (Source.SNOOZED, IN_TWO_WEEKS)
