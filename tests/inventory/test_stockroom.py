"""What the check of a whole stockroom finds."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from inventory.catalogue.loaner import LoanerClass, LoanerUnit
from inventory.catalogue.part import Alternate, AlternateKind, Tracking
from inventory.catalogue.supplier import Supplier, SupplierTerms
from inventory.replenish.demand import DemandMonth
from inventory.replenish.policy import StockPolicy
from inventory.stock.loan import Loan
from inventory.stock.lot import Lot
from inventory.stock.reservation import Reservation
from inventory.stock.sourcing import OfferKind, SupplyOffer
from inventory.stockroom import checked, position
from inventory.supply.purchasing import PurchaseOrderLine, expected_at
from inventory.supply.to_come import on_order
from kernel.errors import Refusal
from tests.stock_builders import NOW, move, part, stockroom

OFFER = SupplyOffer("O-1", "P-1", OfferKind.TRANSFER, "XIAMEN", "V-1", NOW, Decimal(60), 1)
LINE = PurchaseOrderLine("PO-1", "S-1", "P-1", 5, "FUZHOU", NOW - timedelta(days=3))
WHOLE = stockroom(
    move(1, 5, "ADJUSTMENT", "FUZHOU"),
    parts=(part(), part("P-2")),
    alternates=(Alternate("P-1", "P-2", AlternateKind.EQUAL),),
    lots=(Lot("L-1", "P-1", "S-1", "GR-1", original=True), Lot("L-1", "P-2")),
    reservations=(Reservation("P-1", "FUZHOU", 1, "V-1"), Reservation("P-1", "FUZHOU", 1, "V-1")),
    purchase_orders=(LINE,),
    loaner_classes=(LoanerClass("S", "small", ("L",), Decimal(5)), LoanerClass("L", "large", (), Decimal(7))),
    loaner_units=(LoanerUnit("U-1", "S", "FUZHOU"),),
    loans=(Loan("LN-1", "U-1", "T-1", NOW, NOW),),
    demand_history=(DemandMonth("P-1", "FUZHOU", "2026-01", 2),),
    stock_policies=(StockPolicy("P-1", "FUZHOU", 0.95, 7),),
    supply_offers=(OFFER,),
)


def found(**changes: Any) -> list[tuple[str, int, str, str]]:
    """Table, row, column and code of every flaw once these tables are changed."""
    flaws = checked(replace(WHOLE, **changes))
    return [(flaw.table, flaw.row, flaw.column, flaw.refusal.code) for flaw in flaws]


def test_a_whole_stockroom_has_no_flaw() -> None:
    """All references known, nothing twice, every move legal."""
    assert checked(WHOLE) == ()


@pytest.mark.parametrize(
    ("table", "row", "column", "code"),
    [
        ("alternates", Alternate("P-9", "P-1", AlternateKind.EQUAL), "part", "stock.unknown_part"),
        ("alternates", Alternate("P-1", "P-9", AlternateKind.EQUAL), "alternate", "stock.unknown_part"),
        ("lots", Lot("L-1", "P-9"), "part", "stock.unknown_part"),
        ("lots", Lot("L-1", "P-1", "S-9"), "supplier", "stock.unknown_supplier"),
        ("reservations", Reservation("P-1", "NOWHERE", 1, "V-1"), "place", "stock.unknown_place"),
        ("terms", SupplierTerms("S-9", "P-1", Decimal(1)), "supplier", "stock.unknown_supplier"),
        ("purchase_orders", replace(LINE, to_place="NOWHERE"), "to_place", "stock.unknown_place"),
        ("loaner_units", LoanerUnit("U-1", "X", "FUZHOU"), "loaner_class", "stock.unknown_loaner_class"),
        ("loans", Loan("LN-1", "U-9", "T-1", NOW, NOW), "unit", "stock.unknown_loaner_unit"),
        ("demand_history", DemandMonth("P-9", "FUZHOU", "2026-01", 2), "part", "stock.unknown_part"),
        ("stock_policies", StockPolicy("P-1", "NOWHERE", 0.95, 7), "place", "stock.unknown_place"),
        ("supply_offers", replace(OFFER, part="P-9"), "part", "stock.unknown_part"),
        ("supply_offers", replace(OFFER, source="NOWHERE"), "source", "stock.unknown_place"),
        ("supply_offers", replace(OFFER, kind=OfferKind.PURCHASE), "source", "stock.unknown_supplier"),
        ("moves", move(1, 5, "NOWHERE", "FUZHOU"), "from_place", "stock.unknown_place"),
        ("moves", move(1, 5, "FUZHOU", "NOWHERE"), "to_place", "stock.unknown_place"),
        ("moves", move(1, 5, "FUZHOU", "CUSTOMER"), "quantity", "stock.not_enough"),
    ],
)
def test_a_row_that_names_nothing_known_is_found(table: str, row: Any, column: str, code: str) -> None:
    """Where it stands and why, so that the reader can point at file, line and column."""
    flaws = found(**{table: (row,)})

    assert (table, 0, column, code) in flaws


def test_a_part_tracked_by_lot_moves_in_described_lots_only() -> None:
    """A recall that starts from the list of lots must reach every unit; another part's lot is another lot."""
    tracked = (part(tracking=Tracking.LOT), part("P-2"))
    known, strange = (
        move(1, 5, "ADJUSTMENT", "FUZHOU", lot="L-1"),
        move(2, 5, "ADJUSTMENT", "FUZHOU", lot="L-2"),
    )

    assert found(parts=tracked, moves=(known, strange)) == [("moves", 1, "lot", "stock.unknown_lot")]
    assert found(parts=tracked, moves=(known,), lots=(Lot("L-1", "P-2"),)) == [
        ("moves", 0, "lot", "stock.unknown_lot")
    ]
    assert found(moves=(known, strange)) == []


def test_a_lot_is_described_once() -> None:
    """Its number and part name it; two descriptions could not both be true."""
    assert found(lots=(Lot("L-1", "P-1"), Lot("L-1", "P-2"), Lot("L-1", "P-1", "S-1"))) == [
        ("lots", 2, "part", "stock.duplicate")
    ]


def test_a_lot_out_of_date_lies_there_and_is_not_usable() -> None:
    """Its last day is a day of the place's own calendar; of UTC where no zone is given."""
    room = stockroom(
        move(1, 3, "SUPPLIER", "FUZHOU", lot="L-1"),
        move(2, 4, "SUPPLIER", "FUZHOU", lot="L-2"),
        move(3, 1, "FUZHOU", "TRANSIT", lot="L-1", bound_for="XIAMEN"),
        lots=(Lot("L-1", "P-1", expires_on=NOW.date()), Lot("L-2", "P-1")),
    )
    evening = NOW.replace(hour=17)

    def usable(at: datetime, zone_name: str = "UTC") -> tuple[int, int, int]:
        there = position(room, at, zone_name=zone_name)
        on_the_road = there.get(("P-1", "XIAMEN"))
        here = there["P-1", "FUZHOU"]
        return here.on_hand, here.usable, on_the_road.in_transit if on_the_road else 0

    assert usable(evening) == (6, 6, 1)
    assert usable(evening, "Asia/Shanghai") == (6, 4, 0)
    assert usable(NOW + timedelta(days=1)) == (6, 4, 0)


def test_an_unknown_substitute_class_is_found() -> None:
    """Every name of a list is looked up."""
    classes = (LoanerClass("S", "small", ("X",), Decimal(5)),)

    assert ("loaner_classes", 0, "substitutes", "stock.unknown_loaner_class") in found(loaner_classes=classes)


def test_a_row_that_stands_twice_is_found_once() -> None:
    """The second is the flaw; a repeated move is not posted again. Reservations may repeat."""
    twice = (move(1, 5, "ADJUSTMENT", "FUZHOU"), move(1, 5, "ADJUSTMENT", "FUZHOU"))

    assert found(moves=twice) == [("moves", 1, "id", "stock.duplicate")]
    assert found(suppliers=(Supplier("S-1", "a", 1, 0), Supplier("S-1", "b", 2, 0))) == [
        ("suppliers", 1, "id", "stock.duplicate")
    ]
    unnamed, named = Reservation("P-1", "FUZHOU", 1, "V-1"), Reservation("P-1", "FUZHOU", 1, "V-1", id="R-1")
    assert found(reservations=(unnamed, unnamed, named, named)) == [
        ("reservations", 3, "id", "stock.duplicate")
    ]


def test_a_unit_is_with_one_customer_at_a_time() -> None:
    """A serial is in one place: two open loans of one unit cannot both be true."""
    loans = (Loan("LN-1", "U-1", "T-1", NOW, NOW), Loan("LN-2", "U-1", "T-2", NOW, NOW))

    assert found(loans=loans) == [("loans", 1, "unit", "stock.lent_twice")]
    assert found(loans=(replace(loans[0], back_at=NOW), loans[1])) == []


def test_a_refused_move_does_not_count_for_those_after_it() -> None:
    """Each row is judged on what stands: one bad row is one message where it can be."""
    moves = (
        move(1, 5, "ADJUSTMENT", "FUZHOU"),
        move(2, 9, "FUZHOU", "CUSTOMER"),
        move(3, 5, "FUZHOU", "CUSTOMER"),
    )

    assert found(moves=moves) == [("moves", 1, "quantity", "stock.not_enough")]


def test_an_order_is_owed_what_has_not_come() -> None:
    """Too much delivered owes nothing back; what is ordered later does not count yet."""
    over = replace(LINE, order="PO-2", received=7)
    later = replace(LINE, order="PO-3", ordered_at=NOW + timedelta(days=1))

    assert on_order([replace(LINE, received=2), over, later], now=NOW, agreements=()) == {
        ("P-1", "FUZHOU"): 3
    }
    with pytest.raises(Refusal, match=r"stock\.received_negative"):
        replace(LINE, received=-1)


def test_a_late_order_may_come_any_day() -> None:
    """Confirmed date first, else order date plus lead time; a date that has passed tells nothing."""
    supplier = Supplier("S-1", "maker", 10, 2)
    confirmed = replace(LINE, promised_at=NOW + timedelta(days=2))
    late = replace(LINE, promised_at=NOW - timedelta(days=2))

    assert expected_at(confirmed, supplier, now=NOW) == NOW + timedelta(days=2)
    assert expected_at(LINE, supplier, now=NOW) == NOW + timedelta(days=7)
    assert expected_at(late, supplier, now=NOW) == NOW + timedelta(days=1)
