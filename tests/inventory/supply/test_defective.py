"""Broken units on shelves and in vans: every one of them is listed, as long as it lies there."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from inventory.catalogue.place import PlaceKind
from inventory.stock.move import Condition, Move
from inventory.supply.defective import NextStep, defectives
from tests.stock_builders import NOW, move

KINDS = {
    "FUZHOU": PlaceKind.DEPOT,
    "VAN-1": PlaceKind.VAN,
    "CUSTOMER": PlaceKind.CUSTOMER,
    "SUPPLIER": PlaceKind.SUPPLIER,
    "QUARANTINE": PlaceKind.QUARANTINE,
    "ADJUSTMENT": PlaceKind.ADJUSTMENT,
}
HOMES = {"VAN-1": "FUZHOU"}


def broken(number: int, units: int, source: str, target: str, *, days: int = 0, serial: str = "") -> Move:
    """Damaged units moved so many days ago."""
    return move(
        number,
        units,
        source,
        target,
        condition=Condition.DAMAGED,
        serial=serial,
        at=NOW - timedelta(days=days),
    )


@given(came=st.lists(st.integers(1, 5), max_size=5), left=st.integers(0, 9))
def test_what_is_listed_is_what_lies_there_and_the_oldest_says_since_when(came: list[int], left: int) -> None:
    """Who takes out takes the oldest, so what is left came last."""
    left = min(left, sum(came))
    days = len(came)
    ledger = [broken(n, units, "CUSTOMER", "VAN-1", days=days - n) for n, units in enumerate(came)]
    ledger += [broken(90, left, "VAN-1", "FUZHOU")] if left else []

    found = defectives(ledger, KINDS, HOMES, now=NOW)

    units = {place: sum(one.quantity for one in found if one.place == place) for place in ("VAN-1", "FUZHOU")}
    assert units == {"VAN-1": sum(came) - left, "FUZHOU": left}
    younger = [days - n for n in range(days) if sum(came[n:]) <= units["VAN-1"] or n == days - 1]
    for one in found:
        assert (one.next, one.to_place) == (
            (NextStep.BRING, "FUZHOU") if one.place == "VAN-1" else (NextStep.QUARANTINE, "")
        )
        if one.place == "VAN-1":
            assert NOW - one.since >= timedelta(days=max(younger))


def test_a_unit_known_by_its_serial_stands_alone() -> None:
    """What has a number is sent back by it."""
    ledger = [
        broken(1, 2, "CUSTOMER", "VAN-1", days=2),
        broken(2, 1, "CUSTOMER", "VAN-1", days=1, serial="SN-7"),
    ]

    found = defectives(ledger, KINDS, HOMES, now=NOW)

    assert [(one.serial, one.quantity, one.since) for one in found] == [
        ("", 2, NOW - timedelta(days=2)),
        ("SN-7", 1, NOW - timedelta(days=1)),
    ]


def test_what_was_decided_on_usable_or_not_yet_there_is_not_listed() -> None:
    """Quarantine has a list of its own; tomorrow's return is not broken today."""
    ledger = [
        broken(1, 1, "CUSTOMER", "FUZHOU", days=1),
        broken(2, 1, "FUZHOU", "ADJUSTMENT"),
        move(3, 1, "ADJUSTMENT", "QUARANTINE", condition=Condition.QUARANTINED, at=NOW),
        move(4, 5, "SUPPLIER", "FUZHOU", at=NOW),
        broken(5, 1, "CUSTOMER", "VAN-1", days=-1),
    ]

    assert defectives(ledger, KINDS, HOMES, now=NOW) == ()
