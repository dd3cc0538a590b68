"""What a position says about moves, promises and orders."""

from __future__ import annotations

from datetime import timedelta

from inventory.stock.ledger import Condition
from inventory.stock.position import Position
from inventory.stock.reservation import Reservation, unreserved
from inventory.stockroom import position
from inventory.supply.purchasing import PurchaseOrderLine
from tests.stock_builders import NOW, move, need, stockroom


def test_a_position_adds_up_all_that_is_known() -> None:
    """On hand in any condition, usable, reserved, under way and on order, each from its own facts."""
    room = stockroom(
        move(1, 10, "ADJUSTMENT", "FUZHOU"),
        move(2, 2, "SUPPLIER", "FUZHOU", condition=Condition.QUARANTINED),
        move(3, 1, "CUSTOMER", "FUZHOU", condition=Condition.DAMAGED),
        move(4, 3, "FUZHOU", "TRANSIT", bound_for="XIAMEN"),
        reservations=(Reservation("P-1", "FUZHOU", 4, "V-1"),),
        purchase_orders=(
            PurchaseOrderLine("PO-1", "S-1", "P-1", 6, "FUZHOU", NOW - timedelta(days=3), received=2),
            PurchaseOrderLine("PO-2", "S-1", "P-1", 9, "FUZHOU", NOW + timedelta(days=3)),
        ),
    )

    found = position(room, NOW)

    assert found == {
        ("P-1", "FUZHOU"): Position("P-1", "FUZHOU", on_hand=10, usable=7, reserved=4, on_order=4),
        ("P-1", "XIAMEN"): Position("P-1", "XIAMEN", in_transit=3),
    }
    assert found["P-1", "FUZHOU"].available == 3


def test_quarantined_goods_are_on_hand_and_never_available() -> None:
    """Quarantined stock stayed available elsewhere: neither its condition nor its place lets it count here."""
    room = stockroom(
        move(1, 5, "SUPPLIER", "FUZHOU", condition=Condition.QUARANTINED),
        move(2, 4, "ADJUSTMENT", "QUARANTINE"),
    )

    found = position(room, NOW)

    assert found["P-1", "FUZHOU"].on_hand == 5
    assert found["P-1", "FUZHOU"].available == 0
    assert found["P-1", "QUARANTINE"].on_hand == 4
    assert found["P-1", "QUARANTINE"].available == 0


def test_two_promises_of_the_same_goods_show() -> None:
    """Five and five of five were both promised elsewhere: every kind of demand counts in one figure."""
    room = stockroom(
        move(1, 5, "ADJUSTMENT", "FUZHOU"),
        reservations=(Reservation("P-1", "FUZHOU", 5, "V-1"), Reservation("P-1", "FUZHOU", 5, "V-2")),
    )

    assert position(room, NOW)["P-1", "FUZHOU"].available == -5


def test_moves_to_come_do_not_count_yet() -> None:
    """A position is as of a moment."""
    room = stockroom(move(1, 5, "ADJUSTMENT", "FUZHOU", at=NOW + timedelta(hours=1)))

    assert position(room, NOW) == {}
    assert position(room, NOW + timedelta(hours=1))["P-1", "FUZHOU"].available == 5


def test_a_place_left_empty_has_no_position() -> None:
    """What came and went leaves nothing to say."""
    room = stockroom(move(1, 5, "ADJUSTMENT", "FUZHOU"), move(2, 5, "FUZHOU", "CUSTOMER"))

    assert position(room, NOW) == {}


def test_a_reserved_need_is_not_counted_twice() -> None:
    """A reservation serves the need it names, first the earliest; the rest of the need stays open."""
    early, late = need(2, hours=1), need(3, hours=2)
    other = need(1, demand_ref="V-2")

    left = unreserved((late, other, early), (Reservation("P-1", "FUZHOU", 3, "V-1"),))

    assert left == (need(2, hours=2), other)
