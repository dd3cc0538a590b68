"""When stock has to be looked at again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from inventory.stock.ledger import Condition, Move
from inventory.supply.reinspection import Due, LookedAt, ReinspectionRule, due_for_inspection
from kernel.errors import Refusal
from tests.stock_builders import NOW, PLACES, move

KINDS = {place.id: place.kind for place in PLACES}


def came(number: int, quantity: int, days_ago: int, **changes: object) -> Move:
    """Units from the supplier to Fuzhou so many days ago."""
    return move(number, quantity, "SUPPLIER", "FUZHOU", at=NOW - timedelta(days=days_ago), **changes)


def due(*ledger: Move, looked_at: tuple[LookedAt, ...] = (), ahead: int = 0) -> tuple[Due, ...]:
    """What is due when rubber is looked at every ninety days."""
    return due_for_inspection(
        ledger,
        KINDS,
        classes={"P-1": "rubber"},
        rules=[ReinspectionRule("rubber", 90)],
        looked_at=looked_at,
        now=NOW,
        ahead_days=ahead,
    )


def test_the_oldest_unit_still_there_says_when() -> None:
    """Ten came long ago and ten lately; once ten have left, those there are the late ones."""
    old, new = came(1, 10, 100), came(2, 10, 20)
    gone = move(3, 10, "FUZHOU", "CUSTOMER", at=NOW - timedelta(days=10))

    assert [(row.since, row.late_days) for row in due(old, new)] == [(date(2025, 11, 22), 10)]
    assert due(old, new, gone) == ()
    assert [row.due_on for row in due(old, new, gone, ahead=70)] == [date(2026, 5, 11)]


def test_what_is_moved_about_grows_no_younger() -> None:
    """Between our places, or from usable to held back and back again."""
    ledger = (
        came(1, 10, 100),
        move(2, 4, "FUZHOU", "VAN-1", at=NOW - timedelta(days=5)),
        move(3, 6, "FUZHOU", "ADJUSTMENT", at=NOW - timedelta(days=4)),
        move(4, 6, "ADJUSTMENT", "FUZHOU", at=NOW - timedelta(days=4)),
    )

    found = due(*ledger)

    assert {(row.place, row.quantity, row.late_days) for row in found} == {
        ("FUZHOU", 6, 10),
        ("VAN-1", 4, 10),
    }


def test_opening_stock_is_as_old_as_its_first_move() -> None:
    """No receipt tells its age: the ledger's first word on it does."""
    assert [
        row.late_days for row in due(move(1, 5, "ADJUSTMENT", "FUZHOU", at=NOW - timedelta(days=95)))
    ] == [5]


def test_looking_at_it_starts_the_days_anew_lot_by_lot() -> None:
    """One lot was looked at, the other was not; what is held back waits for no re-inspection."""
    ledger = (
        came(1, 5, 100, lot="L-1"),
        came(2, 5, 100, lot="L-2"),
        came(3, 5, 100, lot="L-3", condition=Condition.QUARANTINED),
    )

    found = due(*ledger, looked_at=(LookedAt("P-1", "L-1", NOW - timedelta(days=3), "FUZHOU", 1),))

    assert [row.lot for row in found] == ["L-2"]


def test_what_is_brought_to_a_place_looked_at_was_not_looked_at() -> None:
    """Five old seals come from Fuzhou to where one was looked at: they are due, that one is not, nor one that came back."""
    ledger = (
        came(1, 5, 100),
        move(2, 3, "SUPPLIER", "XIAMEN", at=NOW - timedelta(days=100)),
        move(3, 5, "FUZHOU", "XIAMEN", at=NOW - timedelta(days=1)),
        move(4, 1, "XIAMEN", "VAN-1", at=NOW - timedelta(days=2)),
        move(5, 1, "VAN-1", "XIAMEN", at=NOW - timedelta(days=1), reverses="M-4"),
    )
    looked = LookedAt("P-1", "", NOW - timedelta(days=10), "XIAMEN", 3)

    found = due(*ledger, looked_at=(looked,))
    later = due(*ledger, looked_at=(looked, replace(looked, at=NOW, units=8)))

    assert [(row.place, row.quantity, row.late_days) for row in found] == [("XIAMEN", 5, 10)]
    assert later == ()


def test_a_class_is_looked_at_in_whole_days() -> None:
    """Never is said by having no rule."""
    with pytest.raises(Refusal, match=r"supply\.days_not_positive"):
        ReinspectionRule("rubber", 0)
    assert due_for_inspection((came(1, 5, 900),), KINDS, classes={}, rules=[], looked_at=(), now=NOW) == ()
