"""What is neither usable nor on order and is expected all the same is not bought twice; what is not expected is bought."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.replenish.assessment import Delivered
from inventory.replenish.reorder import Source
from inventory.review import review
from inventory.stock.move import Condition, Move, reversal
from inventory.stockroom import Stockroom, position
from inventory.supply.disposition import Disposition, SupplierRemedy
from inventory.supply.inspected import LotInspection
from inventory.supply.limits import Agreement
from inventory.supply.purchasing import PurchaseOrderLine
from inventory.supply.returned import Disposed
from inventory.supply.sampling import InspectionSeverity, Level
from inventory.supply.to_come import expected, on_order
from tests.stock_builders import NOW, PLACES, move, need, stockroom

DAY = timedelta(days=1)
KINDS = {place.id: place.kind for place in PLACES}
HELD = Condition.QUARANTINED
LINE = PurchaseOrderLine("PO-1", "S-1", "P-1", 100, "FUZHOU", NOW - 9 * DAY, None, 100)


def came(number: int, units: int, document: str = "PO-1") -> Move:
    """Units taken into quarantine two days ago."""
    at = NOW - 2 * DAY
    return move(number, units, "SUPPLIER", "QUARANTINE", condition=HELD, at=at, source_document=document)


def failed(units: int = 100, *, bad: int = 9) -> LotInspection:
    """A lot of the order judged yesterday."""
    limit = Decimal("1.5")
    return LotInspection(
        "I-1", NOW - DAY, "S-1", "P-1", "PO-1", units, limit, Level.II, InspectionSeverity.NORMAL, bad
    )


SENT_BACK = Disposed(
    "D-1",
    NOW - timedelta(hours=1),
    "DSP-1",
    "P-1",
    100,
    Disposition.RETURN,
    "keeper",
    supplier="S-1",
    delivery="PO-1",
    remedy=SupplierRemedy.REPLACE,
    due_at=NOW + 5 * DAY,
)
GONE = move(
    2, 100, "QUARANTINE", "SUPPLIER", condition=HELD, at=SENT_BACK.at, source_document=SENT_BACK.document
)


def bought(room: Stockroom, quantity: int = 40, *, hours: float = 24 * 8) -> list[tuple[int, str]]:
    """What the review asks for a need of the week after."""
    return [(row.quantity, row.supplier) for row in review(room, [need(quantity, hours=hours)], NOW)]


def test_goods_that_wait_for_inspection_are_not_bought_again() -> None:
    """A hundred stand at the door of the shelf: forty needed next week are among them, until the lot fails."""
    waiting = stockroom(came(1, 100), purchase_orders=(LINE,))
    judged = stockroom(came(1, 100), purchase_orders=(LINE,), lot_inspections=(failed(),))

    assert bought(waiting) == []
    assert bought(judged) == [(40, "S-1")]
    (short,) = review(waiting, [need(140, hours=24 * 8)], NOW)
    assert short.quantity == 40
    (said,) = (step for step in short.why if step.code == "reorder.waits_inspection")
    assert said.params == {"quantity": 100, "units": 100, "document": "PO-1"}
    assert "reorder.projected_expected" in [step.code for step in short.why]


def test_of_what_waits_the_share_that_usually_passes_is_counted() -> None:
    """Nine of ten passed so far: ninety of a hundred are expected, and what is missing to a hundred is bought."""
    room = stockroom(came(1, 100), purchase_orders=(LINE,))
    shown = {("S-1", "P-1"): Delivered(accepted=0.9)}

    (found,) = review(room, [need(100, hours=24 * 8)], NOW, delivered=shown)

    assert found.quantity == 12  # ten wanted, of nine in ten accepted


def test_what_a_supplier_owes_for_a_return_is_expected_on_its_day() -> None:
    """Sent back against replacement: needed after that day it is not bought, needed before it is said to come too late."""
    room = stockroom(
        came(1, 100), GONE, purchase_orders=(LINE,), lot_inspections=(failed(),), dispositions=(SENT_BACK,)
    )

    assert bought(room) == []
    (late,) = review(room, [need(40, hours=48)], NOW)
    assert late.why[-1].code == "reorder.comes_too_late"
    (said,) = (step for step in late.why if step.code == "reorder.owed")
    assert said.params["quantity"] == 100


def test_what_is_owed_past_its_day_is_told_and_counted_on_by_nobody() -> None:
    """It did not come when it was due and nobody has said when it will: what is needed is bought, with the reason beside it."""
    overdue = replace(SENT_BACK, due_at=NOW - timedelta(minutes=30))
    room = stockroom(
        came(1, 100), GONE, purchase_orders=(LINE,), lot_inspections=(failed(),), dispositions=(overdue,)
    )

    (found,) = review(room, [need(40, hours=24 * 8)], NOW)

    assert (found.source, found.quantity) == (Source.PURCHASE, 40)
    (said,) = (step for step in found.why if step.code == "reorder.owed_late")
    assert said.params["units"] == 100
    assert "reorder.projected" in [step.code for step in found.why]


def test_what_came_for_a_return_waits_for_its_own_inspection() -> None:
    """The replacement stands in quarantine: no longer owed, not yet inspected, counted once."""
    replaced = replace(came(3, 100, "DSP-1"), at=NOW - timedelta(minutes=5))
    room = stockroom(
        came(1, 100),
        GONE,
        replaced,
        purchase_orders=(LINE,),
        lot_inspections=(failed(),),
        dispositions=(SENT_BACK,),
    )

    (short,) = review(room, [need(140, hours=24 * 8)], NOW)

    assert short.quantity == 40
    assert [step.code for step in short.why if step.code in {"reorder.owed", "reorder.waits_inspection"}] == [
        "reorder.waits_inspection"
    ]


def test_a_receipt_taken_back_waits_for_nothing() -> None:
    """What was posted by mistake is not there to be inspected."""
    wrong = came(1, 100)
    back = reversal(wrong, id="M-9", at=NOW - DAY, by="k", device="d", reason="wrong", key="K-9")

    assert bought(stockroom(wrong, back, purchase_orders=(LINE,))) == [(40, "S-1")]


@given(
    came_units=st.lists(st.integers(1, 60), max_size=4),
    looked_at=st.integers(0, 120),
    scrapped=st.integers(0, 60),
    share=st.floats(0.1, 1),
)
def test_never_more_is_expected_than_lies_in_quarantine(
    came_units: list[int], looked_at: int, scrapped: int, share: float
) -> None:
    """Whatever was looked at or thrown away: what waits lies there, and what nobody looked at is not counted twice."""
    moves = [came(number, units) for number, units in enumerate(came_units, 1)]
    lying = sum(came_units)
    if gone := min(scrapped, lying):
        moves.append(move(9, gone, "QUARANTINE", "SCRAP", condition=HELD, at=NOW - DAY))
    lots = [failed(looked_at, bad=0)] if looked_at > 1 else []

    found = expected(moves, KINDS, [LINE], lots, (), accepted=lambda *_: share, now=NOW)

    total = sum(row.quantity for row in found)
    assert total <= lying - gone
    assert total <= max(0, lying - (looked_at if looked_at > 1 else 0))
    if not lots and not gone:
        assert total == int(lying * share + 1e-9)


@pytest.mark.parametrize(("received", "left"), [(94, 6), (95, 0), (100, 0)])
def test_a_line_complete_within_its_tolerance_is_not_on_order(received: int, left: int) -> None:
    """Five in a hundred may stay away: the last five are not waited for, and where they are needed they are bought."""
    line = PurchaseOrderLine("PO-1", "S-1", "P-1", 100, "FUZHOU", NOW - 9 * DAY, None, received)
    agreed = (Agreement("S-1", under_share=Decimal("0.05")),)
    room = stockroom(purchase_orders=(line,), agreements=agreed)

    assert on_order([line], now=NOW, agreements=agreed) == ({("P-1", "FUZHOU"): left} if left else {})
    assert {key: row.on_order for key, row in position(room, NOW).items()} == (
        {("P-1", "FUZHOU"): left} if left else {}
    )
    assert bought(room, 5) == ([] if left else [(5, "S-1")])
