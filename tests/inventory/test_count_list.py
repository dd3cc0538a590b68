"""The blind list of what is due."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from inventory.catalogue.part import Tracking
from inventory.count_list import count_list
from inventory.replenish.demand import DemandMonth
from inventory.stock.count_plan import CountClass
from inventory.stock.counted import StockCount
from inventory.stock.counting import COUNT_DIFFERENCE
from inventory.stock.move import Cell, Condition, Move
from inventory.stockroom import Stockroom
from tests.stock_builders import NOW, move, part, stockroom

DAY = timedelta(days=1)


def room(*moves: Move) -> Stockroom:
    """A dear part that turns over, a cheap one, and one that was asked for only long ago."""
    return stockroom(
        move(1, 5, "SUPPLIER", "FUZHOU"),
        move(2, 1, "SUPPLIER", "FUZHOU", condition=Condition.DAMAGED),
        move(3, 5, "SUPPLIER", "FUZHOU", part="P-2"),
        move(4, 5, "SUPPLIER", "VAN-1", part="P-3"),
        *moves,
        parts=(
            part(price=Decimal(100), criticality=3),
            part("P-2", price=Decimal(1), criticality=2),
            part("P-3", price=Decimal(500), criticality=2),
        ),
        demand_history=(
            DemandMonth("P-1", "FUZHOU", "2025-03", 9),
            DemandMonth("P-2", "FUZHOU", "2026-02", 9),
            DemandMonth("P-3", "FUZHOU", "2025-02", 9),
            DemandMonth("P-3", "FUZHOU", "2026-03", 9),
        ),
    )


def counted(part: str, at: datetime) -> StockCount:
    """Five units counted in Fuzhou where the ledger had five."""
    return StockCount("CC-1", part, "FUZHOU", Condition.USABLE, "", at, 5, 5, "W-1")


def test_a_years_whole_months_make_the_classes() -> None:
    """March of last year counts, February before it and the month under way do not; each condition is a line."""
    rows = count_list(room(), now=NOW)

    found = [(row.due.count_class, row.due.part, row.due.place) for row in rows]
    assert found == [
        (CountClass.A, "P-1", "FUZHOU"),
        (CountClass.C, "P-2", "FUZHOU"),
        (CountClass.C, "P-3", "VAN-1"),
    ]
    damaged, usable = (
        Cell("P-1", "FUZHOU", found, "", "") for found in (Condition.DAMAGED, Condition.USABLE)
    )
    assert rows[0].cells == (damaged, usable)
    assert not any(isinstance(value, int) for row in rows for cell in row.cells for value in cell)


def test_what_was_counted_lately_is_not_due() -> None:
    """A posted difference is a count on record, and so is one that agreed; an older record changes nothing."""
    posted = move(9, 1, "FUZHOU", "ADJUSTMENT", part="P-2", at=NOW - 3 * DAY, reason=COUNT_DIFFERENCE)
    usable = counted("P-1", NOW - 29 * DAY)
    both = (usable, replace(usable, condition=Condition.DAMAGED, counted=1, expected=1))
    agreed = replace(room(posted), stock_counts=(*both, counted("P-2", NOW - 900 * DAY)))

    assert [row.due.part for row in count_list(room(posted), now=NOW)] == ["P-1", "P-3"]
    assert [row.due.part for row in count_list(agreed, now=NOW)] == ["P-3"]
    before = count_list(agreed, now=NOW - 29 * DAY - timedelta(hours=1))
    assert sorted(row.due.part for row in before) == ["P-1", "P-2", "P-3"]
    assert [row.due.part for row in count_list(agreed, now=NOW + DAY)] == ["P-1", "P-3"]


def test_a_list_can_be_of_one_place_and_of_some_lines() -> None:
    """What is moved later is not there yet."""
    later = move(9, 1, "SUPPLIER", "XIAMEN", part="P-2", at=NOW + DAY)

    assert [row.due.part for row in count_list(room(), now=NOW, place="VAN-1")] == ["P-3"]
    assert [row.due.part for row in count_list(room(), now=NOW, most=1)] == ["P-1"]
    assert count_list(room(later), now=NOW, place="XIAMEN") == ()


def test_a_lot_that_was_not_counted_keeps_its_part_on_the_list() -> None:
    """Counting lot A says nothing of lot B, which lay there too; a lot that came in since was counted at the door."""
    lots = [move(1, 5, "SUPPLIER", "FUZHOU", lot="A"), move(2, 7, "SUPPLIER", "FUZHOU", lot="B")]
    later = replace(move(3, 2, "SUPPLIER", "FUZHOU", lot="C"), at=NOW)
    of_a = StockCount("CC-1", "P-1", "FUZHOU", Condition.USABLE, "A", NOW - timedelta(minutes=1), 5, 5, "W-1")
    of_b = replace(of_a, lot="B", counted=7, expected=7)
    lotted = stockroom(*lots, later, parts=(part(tracking=Tracking.LOT),))

    def due(*counts: StockCount) -> int:
        return len(count_list(replace(lotted, stock_counts=counts), now=NOW))

    assert [due(), due(of_a), due(of_a, of_b)] == [1, 1, 0]
