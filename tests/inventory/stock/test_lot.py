"""Lots: provenance, shelf life, and which goes out first."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.stock.ledger import fold
from inventory.stock.lot import Lot, Pick, out_of_date, pick
from inventory.stock.move import Cell, Condition
from kernel.errors import Refusal
from tests.stock_builders import balances, move

TODAY = date(2026, 3, 2)
ORIGINAL = Lot("L-1", "P-1", "S-1", "GR-1", original=True)
COPY = Lot("L-2", "P-1", "S-2", "GR-2", original=False, expires_on=date(2026, 3, 31))
OLD = Lot("L-3", "P-1", expires_on=date(2026, 3, 1))
LAST_DAY = Lot("L-10", "P-1", expires_on=TODAY)
LOTS = (ORIGINAL, COPY, OLD, LAST_DAY)


def there(**held: int) -> dict[Cell, int]:
    """Usable units in Fuzhou by lot number, `none` for units of no lot; some more are broken or elsewhere."""
    moves = [
        move(number, quantity, "SUPPLIER", "FUZHOU", lot="" if lot == "none" else lot.replace("_", "-"))
        for number, (lot, quantity) in enumerate(held.items(), start=1)
    ]
    elsewhere = (
        move(90, 9, "SUPPLIER", "XIAMEN", lot="L-1"),
        move(91, 9, "SUPPLIER", "FUZHOU", lot="L-1", condition=Condition.DAMAGED),
    )
    return fold(balances(), (*moves, *elsewhere)).totals


def test_the_last_day_is_a_good_day() -> None:
    """A date on a label includes itself."""
    assert LAST_DAY.usable_on(TODAY)
    assert not OLD.usable_on(TODAY)
    assert ORIGINAL.usable_on(TODAY)
    assert out_of_date(LOTS, on=TODAY) == {("P-1", "L-3")}


def test_what_runs_out_first_goes_out_first() -> None:
    """By last day, then by number, units of no lot last; what is out of date stays."""
    totals = there(none=4, L_1=2, L_2=2, L_3=5, L_10=1)

    picked = pick("P-1", "FUZHOU", 6, totals=totals, lots=LOTS, on=TODAY)

    assert picked == (Pick("L-10", 1), Pick("L-2", 2), Pick("L-1", 2), Pick("", 1))
    with pytest.raises(Refusal) as caught:
        pick("P-1", "FUZHOU", 10, totals=totals, lots=LOTS, on=TODAY)
    assert caught.value.code == "stock.not_enough"
    assert caught.value.message.params["there"] == 9


def test_only_what_is_known_to_be_original_counts_as_original() -> None:
    """Unknown is not yes: neither an undescribed lot nor units of no lot."""
    totals = there(none=4, L_1=2, L_2=2, L_77=3)

    assert pick("P-1", "FUZHOU", 2, totals=totals, lots=LOTS, on=TODAY, originals_only=True) == (
        Pick("L-1", 2),
    )
    with pytest.raises(Refusal, match=r"stock\.not_enough_originals"):
        pick("P-1", "FUZHOU", 3, totals=totals, lots=LOTS, on=TODAY, originals_only=True)


def test_an_original_can_be_shown_to_be_one() -> None:
    """A customer may ask for the paper."""
    with pytest.raises(Refusal, match=r"stock\.original_unproved"):
        Lot("L-1", "P-1", "S-1", original=True)
    with pytest.raises(Refusal, match=r"id\.malformed"):
        Lot("", "P-1")


def test_nothing_is_picked_by_the_dozen_of_none() -> None:
    """At least one unit."""
    with pytest.raises(Refusal, match=r"stock\.not_positive"):
        pick("P-1", "FUZHOU", 0, totals={}, lots=(), on=TODAY)


@given(st.dictionaries(st.sampled_from(["none", "L_1", "L_2", "L_3", "L_10"]), st.integers(1, 4)), st.data())
def test_a_pick_is_whole_and_possible(held: dict[str, int], data: st.DataObject) -> None:
    """It adds up to what was asked, takes no more than a lot has, and nothing out of date."""
    totals = there(**held)
    usable = sum(quantity for lot, quantity in held.items() if lot != "L_3")
    quantity = data.draw(st.integers(1, max(1, usable)))
    if quantity > usable:
        return

    picked = pick("P-1", "FUZHOU", quantity, totals=totals, lots=LOTS, on=TODAY)

    assert sum(row.quantity for row in picked) == quantity
    assert all(0 < row.quantity <= held[row.lot.replace("-", "_") or "none"] for row in picked)
    assert "L-3" not in {row.lot for row in picked}
