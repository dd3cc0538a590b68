"""When the money does not reach: what is bought, what waits, and nothing lost."""

from __future__ import annotations

from decimal import ROUND_DOWN, Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.catalogue.price import PriceBreak
from inventory.catalogue.supplier import SupplierTerms
from inventory.replenish.demand import DemandMonth
from inventory.replenish.policy import StockPolicy
from inventory.replenish.reorder import Proposal, Source
from inventory.review import review
from inventory.stockroom import Stockroom
from kernel.errors import Refusal
from tests.stock_builders import NOW, move, need, part, stockroom


def bought(proposals: tuple[Proposal, ...]) -> dict[str, int]:
    """Units of purchases by part."""
    return {row.part: row.quantity for row in proposals if row.source is Source.PURCHASE}


def shop(*rows: tuple[int, Decimal, int, int, int], cut: int = 0) -> Stockroom:
    """Parts P-0, P-1, ... in Fuzhou, none on hand: criticality, price, order-up-to, minimum, multiple of each.

    From `cut` units on each costs half; 0: never.
    """
    names = [f"P-{row}" for row in range(len(rows))]
    return stockroom(
        parts=tuple(
            part(name, criticality=row[0], price=row[1]) for name, row in zip(names, rows, strict=True)
        ),
        terms=tuple(
            SupplierTerms("S-1", name, row[1], minimum=row[3], multiple=row[4])
            for name, row in zip(names, rows, strict=True)
        ),
        price_breaks=tuple(
            PriceBreak("S-1", name, cut, half(row[1])) for name, row in zip(names, rows, strict=True) if cut
        ),
        stock_policies=tuple(
            StockPolicy(name, "FUZHOU", 0.95, 7, minimum=0, maximum=row[2])
            for name, row in zip(names, rows, strict=True)
        ),
        demand_history=tuple(
            DemandMonth(name, "FUZHOU", f"2025-{month:02}", 2) for name in names for month in range(3, 13)
        ),
    )


def half(price: Decimal) -> Decimal:
    """Half of it, whole cents."""
    return (price / 2).quantize(Decimal("0.01"), rounding=ROUND_DOWN)


ROWS = st.tuples(
    st.integers(1, 3),
    st.integers(1, 5000).map(lambda cents: Decimal(cents) / 100),
    st.integers(1, 9),
    st.integers(1, 4),
    st.integers(1, 3),
)


@settings(max_examples=40)
@given(
    st.lists(ROWS, min_size=1, max_size=4),
    st.integers(0, 20_000).map(lambda cents: Decimal(cents) / 100),
    st.integers(0, 9),
)
def test_the_budget_is_kept_and_every_unit_is_bought_or_named(
    rows: list[tuple[int, Decimal, int, int, int]], budget: Decimal, cut: int
) -> None:
    """To the cent, at the price of what is bought; lots stay whole; what is not bought says why."""
    room = shop(*rows, cut=cut)

    free = review(room, [], NOW)
    held = review(room, [], NOW, budget=budget)

    assert sum((row.cost for row in held if row.source is Source.PURCHASE), Decimal(0)) <= budget
    if sum((row.cost for row in free), Decimal(0)) <= budget:
        assert held == free
    for wish in free:
        mine = [row for row in held if row.part == wish.part]
        assert sum(row.quantity for row in mine) == wish.quantity
        _, price, _, minimum, multiple = rows[int(wish.part[2:])]
        for row in mine:
            if row.source is Source.PURCHASE:
                reached = cut and row.quantity >= cut
                assert row.cost == (half(price) if reached else price) * row.quantity
                assert row.quantity >= minimum
                assert row.quantity % multiple == 0
            else:
                assert row.why[-1].code == "reorder.over_budget"
                assert row.cost == 0


def test_enough_money_changes_nothing() -> None:
    """A budget above the sum is no budget."""
    room = shop((1, Decimal(10), 4, 1, 1), (2, Decimal(30), 4, 1, 1))
    free = review(room, [], NOW)

    assert review(room, [], NOW, budget=sum((row.cost for row in free), Decimal(0))) == free


def test_the_part_that_stops_the_device_is_bought_first() -> None:
    """Same demand, same price, money for three: all to criticality 1, though comfort is listed as well."""
    room = shop((3, Decimal(10), 3, 1, 1), (1, Decimal(10), 3, 1, 1))

    assert bought(review(room, [], NOW, budget=Decimal(30))) == {"P-1": 3}


def test_what_comes_first_is_more_shortage_saved_for_the_money() -> None:
    """A cheap part and one ten times as dear, equal otherwise: the cheap one in full, then the dear one by units."""
    room = shop((2, Decimal(100), 3, 1, 1), (2, Decimal(10), 3, 1, 1))

    found = review(room, [], NOW, budget=Decimal(140))

    assert bought(found) == {"P-0": 1, "P-1": 3}
    assert [(row.part, row.quantity) for row in found if row.source is Source.NONE] == [("P-0", 2)]


def test_a_price_that_falls_with_the_order_is_within_reach_of_the_money() -> None:
    """From four on each costs half: twenty buy four, where three at the full price would cost thirty."""
    room = shop((1, Decimal(10), 9, 1, 1), cut=4)

    assert bought(review(room, [], NOW, budget=Decimal(20))) == {"P-0": 4}
    assert bought(review(room, [], NOW, budget=Decimal(19))) == {"P-0": 1}


@settings(max_examples=40)
@given(
    st.lists(ROWS, min_size=1, max_size=4),
    st.integers(0, 20_000).map(lambda cents: Decimal(cents) / 100),
    st.integers(0, 9),
)
def test_no_larger_order_that_is_still_within_the_money_is_left_out(
    rows: list[tuple[int, Decimal, int, int, int]], budget: Decimal, cut: int
) -> None:
    """Prices and minimums as they are: what is left of the money buys nobody more."""
    room = shop(*rows, cut=cut)
    held = review(room, [], NOW, budget=budget)
    got = {row.part: row for row in held if row.source is Source.PURCHASE}
    left = budget - sum((row.cost for row in got.values()), Decimal(0))

    for wish in review(room, [], NOW):
        _, price, _, minimum, multiple = rows[int(wish.part[2:])]
        have, paid = (got[wish.part].quantity, got[wish.part].cost) if wish.part in got else (0, Decimal(0))
        first = minimum + -minimum % multiple
        for units in range(min(first, wish.quantity), wish.quantity + 1, multiple):
            cost = (half(price) if cut and units >= cut else price) * units
            assert units <= have or cost - paid > left


def test_transfers_cost_no_budget() -> None:
    """What another depot can spare comes whatever the budget is."""
    room = stockroom(move(1, 5, "ADJUSTMENT", "XIAMEN"))

    (found,) = review(room, [need(2)], NOW, budget=Decimal(0))

    assert (found.source, found.quantity) == (Source.TRANSFER, 2)


def test_a_budget_below_zero_is_refused() -> None:
    """Owing money is not a budget."""
    with pytest.raises(Refusal, match=r"replenish\.budget_negative"):
        review(shop((1, Decimal(10), 4, 1, 1)), [], NOW, budget=Decimal(-1))
