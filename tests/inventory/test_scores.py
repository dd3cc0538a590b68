"""From ledger, orders and inspections to scorecards, and from there to what is ordered."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from inventory.catalogue.supplier import Supplier, SupplierTerms
from inventory.review import review
from inventory.scores import as_delivered, scorecards
from inventory.stock.ledger import Condition, Move
from inventory.stock.move import reversal
from inventory.stockroom import Stockroom
from inventory.supply.disposition import Disposition, SupplierRemedy
from inventory.supply.inspected import LotInspection
from inventory.supply.purchasing import PurchaseOrderLine
from inventory.supply.returned import Disposed
from inventory.supply.sampling import InspectionSeverity, Level
from kernel.errors import Refusal
from tests.stock_builders import NOW, move, need, part, stockroom

DAY = timedelta(days=1)
ORDERED = NOW - 40 * DAY


def ordered(order: str) -> PurchaseOrderLine:
    """A hundred ordered forty days ago, first promised for the tenth day."""
    return PurchaseOrderLine(order, "S-1", "P-1", 100, "FUZHOU", ORDERED, ORDERED + 10 * DAY, 100)


def receipt(number: int, order: str, days: float, quantity: int = 100, **changes: Any) -> Move:
    """Units that came on an order after so many days."""
    plain: dict[str, Any] = {"at": ORDERED + days * DAY, "source_document": order}
    return move(number, quantity, "SUPPLIER", "FUZHOU", **(plain | changes))


def inspected(order: str, days: float, units: int, bad: int, **changes: Any) -> LotInspection:
    """A lot of an order judged at 1.5 after so many days."""
    return LotInspection(
        f"I-{order}-{days}",
        ORDERED + days * DAY,
        "S-1",
        "P-1",
        order,
        units,
        Decimal("1.5"),
        Level.II,
        InspectionSeverity.NORMAL,
        bad,
        **changes,
    )


def room(*moves: Move, orders: tuple[str, ...] = ("PO-1",), **changes: Any) -> Stockroom:
    """A stockroom with these receipts."""
    return stockroom(*moves, purchase_orders=tuple(map(ordered, orders)), **changes)


def test_what_came_when_is_read_from_the_ledger() -> None:
    """Two lines of one moment are one delivery; what names no order, or was taken back, is none."""
    wrong = receipt(5, "PO-1", 12, 7)
    back = reversal(wrong, id="M-6", at=wrong.at, by="k", device="d", reason="wrong", key="K-6")
    stock = room(
        receipt(1, "PO-1", 8, 30),
        receipt(2, "PO-1", 8, 30, condition=Condition.DAMAGED),
        receipt(3, "PO-1", 14, 40),
        receipt(4, "", 9, 5),
        wrong,
        back,
    )

    (card,) = scorecards(stock, NOW)

    assert (card.deliveries, card.units, card.promised, card.in_time) == (2, 100, 2, 1)
    assert card.lead_time_days == pytest.approx(11)
    assert scorecards(stock, ORDERED + 10 * DAY)[0].deliveries == 1
    assert scorecards(stock, NOW, since=ORDERED + 10 * DAY)[0].deliveries == 1


def decided(number: int, units: int, way: Disposition, *, days: float = 20, order: str = "PO-1") -> Disposed:
    """Units of an order decided on after so many days."""
    at = ORDERED + days * DAY
    owed: dict[str, Any] = (
        {"remedy": SupplierRemedy.REPLACE, "due_at": at + DAY} if way is Disposition.RETURN else {}
    )
    return Disposed(
        f"D-{number}", at, f"DSP-{number}", "P-1", units, way, "head", supplier="S-1", delivery=order, **owed
    )


@pytest.mark.parametrize(
    ("lots", "decisions", "bad"),
    [
        ([], [decided(1, 40, Disposition.RETURN)], 40),
        ([], [decided(1, 3, Disposition.SCRAP), decided(2, 4, Disposition.REWORK)], 7),
        ([], [decided(1, 40, Disposition.WAIVER)], 0),
        ([inspected("PO-1", 9, 100, 1)], [decided(1, 1, Disposition.RETURN)], 1),
        ([inspected("PO-1", 9, 100, 1)], [decided(1, 5, Disposition.RETURN)], 5),
        ([inspected("PO-1", 9, 60, 8)], [decided(1, 60, Disposition.RETURN)], 60),
        ([], [decided(1, 40, Disposition.RETURN, days=39.9)], 40),
        ([], [decided(1, 40, Disposition.RETURN, days=41)], 0),
        ([], [decided(1, 40, Disposition.RETURN, order="PO-9")], 0),
    ],
)
def test_what_was_found_bad_later_is_on_the_card(
    lots: list[LotInspection], decisions: list[Disposed], bad: int
) -> None:
    """Sent back off the shelf counts as much as a bad sample does, and neither counts twice; a waiver takes goods as they are."""
    stock = room(receipt(1, "PO-1", 8), lot_inspections=tuple(lots), dispositions=tuple(decisions))

    (card,) = scorecards(stock, NOW)

    assert (card.units, card.bad, card.bad_per_million) == (100, bad, bad * 10_000)


def test_a_lot_counts_bad_as_it_was_judged() -> None:
    """Of an accepted one the units of its sample, of the other all; presented again it says nothing new."""
    lots = (
        inspected("PO-1", 9, 100, 1),
        inspected("PO-2", 9, 100, 2),
        inspected("PO-2", 10, 100, 0, original=False),
        inspected("PO-9", 9, 100, 5),
    )
    stock = room(receipt(1, "PO-1", 8), receipt(2, "PO-2", 8), orders=("PO-1", "PO-2"), lot_inspections=lots)

    (card,) = scorecards(stock, NOW)

    assert (lots[0].judged.accepted, lots[1].judged.accepted) == (True, False)
    assert (card.units, card.bad) == (200, 101)


def test_bad_units_belong_to_the_delivery_last_before_they_were_found() -> None:
    """What comes later is not to blame, and no delivery has more bad units than units."""
    stock = room(
        receipt(1, "PO-1", 5, 10),
        receipt(2, "PO-1", 8, 20),
        receipt(3, "PO-1", 20, 70),
        lot_inspections=(inspected("PO-1", 9, 25, 5),),
    )

    early = scorecards(stock, NOW, since=ORDERED + 7 * DAY)[0]
    late = scorecards(stock, NOW, since=ORDERED + 15 * DAY)[0]

    assert (early.units, early.bad) == (90, 20)
    assert (late.units, late.bad) == (70, 0)
    assert scorecards(stock, NOW)[0].bad == 25


def test_reorder_goes_by_what_was_shown_when_it_is_asked_to() -> None:
    """Promised in two days, delivered in twenty, half of it bad: more is ordered, and it is said when it comes."""
    orders = tuple(f"PO-{number}" for number in range(1, 6))
    stock = room(
        *(receipt(number, f"PO-{number}", 20) for number in range(1, 6)),
        *(
            move(number + 10, 100, "FUZHOU", "CUSTOMER", at=NOW - DAY, source_document="used")
            for number in range(1, 6)
        ),
        orders=orders,
        lot_inspections=tuple(inspected(f"PO-{n}", 21, 50, 8) for n in range(1, 6)),
        suppliers=(Supplier("S-1", "maker", 2, 0),),
        terms=(SupplierTerms("S-1", "P-1", Decimal(90)),),
    )

    shown = as_delivered(stock, NOW)
    (promised,) = review(stock, [need(10)], NOW)
    (measured,) = review(stock, [need(10)], NOW, delivered=shown)

    assert shown["S-1", "P-1"].lead_time_days == pytest.approx(20)
    assert shown["S-1", "P-1"].accepted == pytest.approx(0.5)
    assert promised.arrives_at == NOW + 2 * DAY
    assert measured.arrives_at == NOW + 20 * DAY
    assert measured.quantity == 20
    few = room(receipt(1, "PO-1", 20))
    assert as_delivered(few, NOW) == {}


def test_a_part_nobody_knows_has_no_scorecard() -> None:
    """A typing mistake is not a supplier without deliveries."""
    with pytest.raises(Refusal, match=r"stock\.unknown_part"):
        scorecards(stockroom(), NOW, part="P-9")


def test_one_large_lot_that_failed_is_one_failure_of_its_part() -> None:
    """A thousand bad of P-2 leave P-1, which always came good, as it is; of P-3, which never came, one in eleven is thought bad."""
    small = tuple(f"PO-{number}" for number in range(1, 6))
    large = PurchaseOrderLine("PO-9", "S-1", "P-2", 1000, "FUZHOU", ORDERED, None, 1000)
    more = tuple(
        PurchaseOrderLine(f"PO-2{n}", "S-1", "P-2", 10, "FUZHOU", ORDERED, None, 10) for n in range(5)
    )
    moves = (
        *(receipt(number, order, 20) for number, order in enumerate(small, 1)),
        receipt(9, "PO-9", 20, 1000, part="P-2"),
        *(receipt(20 + n, f"PO-2{n}", 20, 10, part="P-2") for n in range(5)),
    )
    bad = replace(inspected("PO-9", 21, 1000, 9), part="P-2")
    stock = stockroom(
        *moves,
        parts=tuple(part(name) for name in ("P-1", "P-2", "P-3")),
        purchase_orders=(*map(ordered, small), large, *more),
        lot_inspections=(bad,),
        terms=tuple(SupplierTerms("S-1", name, Decimal(90)) for name in ("P-1", "P-2", "P-3")),
    )

    shown = as_delivered(stock, NOW)

    assert shown["S-1", "P-1"].accepted == 1
    assert shown["S-1", "P-2"].accepted == pytest.approx(5 / 6)
    assert shown["S-1", "P-3"].accepted == pytest.approx(10 / 11)
