"""Lots that did not pass: named as long as they are held, and no longer."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.review import review
from inventory.stock.move import Condition, Move
from inventory.stockroom import Stockroom
from inventory.supply.disposition import Disposition
from inventory.supply.held_back import held_back
from inventory.supply.inspected import LotInspection
from inventory.supply.purchasing import PurchaseOrderLine
from inventory.supply.returned import Disposed
from inventory.supply.sampling import InspectionSeverity, Level
from tests.stock_builders import NOW, PLACES, move, need, stockroom

KINDS = {place.id: place.kind for place in PLACES}
HELD = Condition.QUARANTINED


def line(order: str = "PO-1", *, place: str = "FUZHOU") -> PurchaseOrderLine:
    """A thousand of P-1 ordered for a depot, all there."""
    return PurchaseOrderLine(order, "S-1", "P-1", 1000, place, NOW - timedelta(days=9), None, 1000)


def inspected(
    *, bad: int, order: str = "PO-1", units: int = 1000, day: int = 1, original: bool = True
) -> LotInspection:
    """A lot of P-1 looked at some days ago: of 80, up to three may be bad."""
    return LotInspection(
        f"I-{order}-{day}", NOW - timedelta(days=day), "S-1", "P-1", order, units, Decimal("1.5"), Level.II,
        InspectionSeverity.NORMAL, bad, original=original,
    )  # fmt: skip


def came(number: int, units: int, *, day: int = 2) -> Move:
    """Units taken into quarantine."""
    return move(number, units, "SUPPLIER", "QUARANTINE", condition=HELD, at=NOW - timedelta(days=day))


def test_a_lot_that_failed_is_held_for_the_place_it_was_ordered_for() -> None:
    """So that the storekeeper there sees why nothing came."""
    (found,) = held_back([came(1, 1000)], KINDS, [inspected(bad=5)], [line()], now=NOW)

    assert (found.place, found.quantity) == ("FUZHOU", 1000)
    assert found.why.params == {"quantity": 1000, "document": "PO-1", "bad": 5, "size": 80, "accept": 3}


def test_what_was_decided_on_is_the_lot_it_was_decided_of() -> None:
    """Of two lots that failed, the one sent back is held no more: the other is, whole."""
    back = Disposed(
        "D-1", NOW, "DSP-1", "P-1", 500, Disposition.SCRAP, "head", supplier="S-1", delivery="PO-2"
    )
    moves = [came(1, 1500), move(2, 500, "QUARANTINE", "SCRAP", condition=HELD, at=NOW)]
    rows = [inspected(bad=5, day=2), inspected(bad=5, order="PO-2", units=500)]

    found = held_back(moves, KINDS, rows, [line(), line("PO-2")], [back], now=NOW)

    assert [(lot.lot.document, lot.quantity) for lot in found] == [("PO-1", 1000)]


@pytest.mark.parametrize(
    ("inspections", "lines"),
    [
        pytest.param([inspected(bad=3)], [line()], id="accepted"),
        pytest.param([], [line()], id="not inspected"),
        pytest.param([inspected(bad=5)], [], id="no order names a place"),
        pytest.param([inspected(bad=5, day=-1)], [line()], id="inspected later"),
        pytest.param(
            [inspected(bad=5), inspected(bad=0, day=0, original=False)],
            [line()],
            id="presented again and accepted",
        ),
    ],
)
def test_what_is_not_a_failed_lot_of_a_place_is_no_reason(
    inspections: list[LotInspection], lines: list[PurchaseOrderLine]
) -> None:
    """A reason that is not true sends somebody looking in the wrong place."""
    assert held_back([came(1, 1000)], KINDS, inspections, lines, now=NOW) == ()


def test_what_of_a_failed_lot_was_not_accepted_afterwards_is_still_held() -> None:
    """Thirty of a thousand pass when presented again, or the next lot of the same order passes: the rest still lies there."""
    failed, some = inspected(bad=5), inspected(bad=0, units=30, day=0, original=False)
    another = inspected(bad=0, day=0)

    for rows, left in (([failed, some], 970), ([failed, another], 1000), ([failed, failed, some], 1970)):
        (found,) = held_back([came(1, 2000)], KINDS, rows, [line()], now=NOW)
        assert (found.quantity, found.lot) == (left, failed)
    again = replace(failed, id="I-2", original=False)
    (found,) = held_back([came(1, 2000)], KINDS, [failed, again], [line()], now=NOW)
    assert found.quantity == 1000


@given(st.lists(st.integers(501, 1200), min_size=1, max_size=3), st.integers(0, 3600))
def test_never_more_is_said_to_be_held_than_lies_there(lots: list[int], gone: int) -> None:
    """What was sent back, scrapped or reworked is taken off the oldest lot first."""
    ledger = [came(at, units, day=9 - at) for at, units in enumerate(lots, start=1)]
    left = max(0, sum(lots) - gone)
    if sum(lots) > left:
        ledger.append(move(9, sum(lots) - left, "QUARANTINE", "SUPPLIER", condition=HELD))
    judged = [
        inspected(bad=5, order=f"PO-{at}", units=units, day=9 - at) for at, units in enumerate(lots, start=1)
    ]

    found = held_back(ledger, KINDS, judged, [line(row.document) for row in judged], now=NOW)

    assert sum(one.quantity for one in found) == left
    assert [one.lot.at for one in found] == sorted((one.lot.at for one in found), reverse=True)
    assert all(0 < one.quantity <= one.lot.units for one in found)


def test_the_review_names_the_lot_after_what_is_there() -> None:
    """Only at the place it was meant for."""
    room: Stockroom = stockroom(came(1, 1000), purchase_orders=(line(),), lot_inspections=(inspected(bad=5),))

    here, there = (review(room, [need(2, place=place)], NOW)[0].why for place in ("FUZHOU", "XIAMEN"))

    codes = [step.code for step in here]
    assert codes[codes.index("reorder.stock") + 1] == "reorder.held_back"
    assert "reorder.held_back" not in [step.code for step in there]
