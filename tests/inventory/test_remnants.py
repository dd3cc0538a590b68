"""What lies too long and what nobody sells: counted by hand on small stockrooms."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from inventory.catalogue.part import Alternate, AlternateKind
from inventory.catalogue.supplier import SupplierTerms
from inventory.provision import Provision
from inventory.remnants import COVER_DAYS, Excess, ending, excess
from inventory.replenish.assessment import ReviewSettings
from inventory.replenish.demand import DemandMonth
from inventory.replenish.policy import StockPolicy
from inventory.stockroom import Stockroom
from tests.stock_builders import NOW, move, need, part, stockroom


def judged(room: Stockroom) -> Provision:
    """Rates and levels now."""
    return Provision(room, NOW, ReviewSettings())


def a_month(units: int, place: str = "XIAMEN") -> tuple[DemandMonth, ...]:
    """A year of equal months."""
    months = [f"2025-{month:02}" for month in range(3, 13)] + ["2026-01", "2026-02"]
    return tuple(DemandMonth("P-1", place, month, units) for month in months)


def test_what_nobody_asks_for_is_excess_and_who_is_short_is_named() -> None:
    """Nine lie in Xiamen, two are planned there, nothing was ever asked for; Fuzhou is under its mark."""
    room = stockroom(
        move(1, 9, "ADJUSTMENT", "XIAMEN"),
        stock_policies=(StockPolicy("P-1", "FUZHOU", 0.95, 7, minimum=2, maximum=4),),
    )

    found = excess(judged(room), [need(2, place="XIAMEN")])

    assert found == (Excess("P-1", "XIAMEN", 7, 0, 0.0, Decimal(700), ("FUZHOU",)),)


def test_a_years_demand_and_the_level_kept_stay() -> None:
    """Two a month are 24 a year: of thirty six are too many; a level above the year keeps more."""
    thirty = stockroom(move(1, 30, "ADJUSTMENT", "XIAMEN"), demand_history=a_month(2))
    level = StockPolicy("P-1", "XIAMEN", 0.95, 7, minimum=2, maximum=28)

    (found,) = excess(judged(thirty), ())
    (kept,) = excess(judged(replace(thirty, stock_policies=(level,))), ())

    assert (found.quantity + found.keep, kept.quantity, kept.keep) == (30, 2, 28)
    assert 22 <= found.keep <= 25


def test_a_customers_own_cabinet_has_no_excess() -> None:
    """Forward stock is his: it is not for others."""
    assert excess(judged(stockroom(move(1, 9, "ADJUSTMENT", "ONSITE"))), ()) == ()


@given(st.integers(0, 40), st.integers(0, 4), st.integers(0, 5), st.integers(0, 40))
def test_what_leaves_as_excess_breaks_no_need_and_no_level(
    there: int, monthly: int, planned: int, maximum: int
) -> None:
    """Whatever lies there: after it has left, plans, the level and a year's demand are still covered."""
    history = a_month(monthly) if monthly else ()
    policy = StockPolicy("P-1", "XIAMEN", 0.95, 7, minimum=0, maximum=maximum) if maximum else None
    moves = (move(1, there, "ADJUSTMENT", "XIAMEN"),) if there else ()
    room = stockroom(*moves, demand_history=history, stock_policies=(policy,) if policy else ())
    needs = [need(planned, place="XIAMEN")] if planned else []
    provision = judged(room)

    gone = sum(one.quantity for one in excess(provision, needs))

    stays = there - planned - gone
    a_year = provision.rate(("P-1", "XIAMEN")).per_day * COVER_DAYS
    assert 0 <= gone <= max(0, there - planned)
    assert gone == 0 or (stays >= maximum and stays >= a_year - 1e-6)
    assert gone > 0 or there - planned <= max(maximum, a_year + 1)


def test_a_part_nobody_sells_is_named_with_the_day_it_is_used_up() -> None:
    """Twelve left, two a month: about half a year; a stand-in that is sold stands beside it."""
    room = stockroom(
        move(1, 12, "ADJUSTMENT", "XIAMEN"),
        parts=(part(), part("P-2")),
        alternates=(Alternate("P-1", "P-2", AlternateKind.EQUAL),),
        terms=(SupplierTerms("S-1", "P-2", Decimal(90)),),
        demand_history=a_month(2),
    )

    (found,) = ending(judged(room), [need(2, place="XIAMEN")])

    assert (found.part, found.left, found.planned, found.stand_ins) == ("P-1", 12, 2, ("P-2",))
    assert found.lasts_until is not None
    assert timedelta(days=140) < found.lasts_until - NOW < timedelta(days=170)


def test_a_part_somebody_sells_or_nobody_asks_for_ends_nothing() -> None:
    """Terms for it or for what supersedes it are enough; what nobody needs is missed by nobody."""
    superseded = stockroom(
        parts=(part(), part("P-9")),
        alternates=(Alternate("P-1", "P-9", AlternateKind.SUPERSEDES),),
        terms=(SupplierTerms("S-1", "P-9", Decimal(90)),),
        demand_history=a_month(2),
    )

    assert ending(judged(stockroom(demand_history=a_month(2))), ()) == ()
    assert ending(judged(superseded), ()) == ()
    assert ending(judged(stockroom(terms=())), ()) == ()
