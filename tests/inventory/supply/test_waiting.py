"""What lies in quarantine is listed once, with the decision it waits for, until it is gone."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from inventory.stock.ledger import tally
from inventory.stock.move import Condition, Move, reversal
from inventory.supply.disposition import Disposition, SupplierRemedy
from inventory.supply.inspected import LotInspection
from inventory.supply.returned import Disposed, RemedyPromise, duties
from inventory.supply.sampling import InspectionSeverity, Level
from inventory.supply.waiting import Awaited, Waiting, waiting
from tests.stock_builders import NOW, PLACES, move

KINDS = {place.id: place.kind for place in PLACES}
HELD = Condition.QUARANTINED
DAY = timedelta(days=1)


def came(number: int, units: int, document: str = "PO-1", *, days: int = 5) -> Move:
    """Units of a delivery taken into quarantine."""
    held = {"condition": HELD, "source_document": document, "at": NOW - days * DAY}
    return move(number, units, "SUPPLIER", "QUARANTINE", **held)


def gone(number: int, units: int, document: str, to_place: str = "SUPPLIER") -> Move:
    """Units that left quarantine yesterday."""
    held = {"condition": HELD, "source_document": document, "at": NOW - DAY}
    return move(number, units, "QUARANTINE", to_place, **held)


def failed(units: int, document: str = "PO-1", *, days: int = 3) -> LotInspection:
    """A lot of which more was bad than is accepted."""
    return LotInspection(
        f"I-{document}-{days}", NOW - days * DAY, "S-1", "P-1", document, units, Decimal("1.5"), Level.II,
        InspectionSeverity.NORMAL, 1,
    )  # fmt: skip


def back(units: int, delivery: str = "PO-1") -> Disposed:
    """Units sent back yesterday, others owed in a month."""
    return Disposed(
        "D-1", NOW - DAY, "DSP-1", "P-1", units, Disposition.RETURN, "head", supplier="S-1", delivery=delivery,
        remedy=SupplierRemedy.REPLACE, due_at=NOW + 30 * DAY,
    )  # fmt: skip


def listed(
    *moves: Move,
    inspections: tuple[LotInspection, ...] = (),
    disposed: tuple[Disposed, ...] = (),
    promises: tuple[RemedyPromise, ...] = (),
) -> tuple[Waiting, ...]:
    """What waits now; PO-1 is S-1's."""
    return waiting(
        moves,
        KINDS,
        inspections=inspections,
        disposed=disposed,
        owed=duties(disposed, moves, KINDS, promises, now=NOW),
        suppliers={("PO-1", "P-1", ""): "S-1"},
        now=NOW,
    )


def short(rows: tuple[Waiting, ...]) -> list[tuple[str, int, str]]:
    """Document, units, what they wait for."""
    return [(row.document, row.quantity, row.awaited.value) for row in rows]


def test_a_lot_waits_for_its_inspection_then_for_a_decision_then_for_the_supplier() -> None:
    """Each time since the day it came to that, and only what is owed has a date."""
    arrived = came(1, 50)
    (fresh,) = listed(arrived)
    (judged,) = listed(arrived, inspections=(failed(50),))
    (owed,) = listed(arrived, gone(2, 50, "DSP-1"), inspections=(failed(50),), disposed=(back(50),))

    assert fresh == Waiting(
        "P-1", "QUARANTINE", "", 50, "PO-1", "S-1", Awaited.INSPECTION, NOW - 5 * DAY, None
    )
    assert judged == replace(fresh, awaited=Awaited.DISPOSITION, since=NOW - 3 * DAY)
    assert owed == Waiting(
        "P-1", "QUARANTINE", "", 50, "DSP-1", "S-1", Awaited.REMEDY, NOW - DAY, NOW + 30 * DAY
    )


def test_a_second_delivery_waits_for_itself() -> None:
    """One failed, one was not looked at, of one some went back: a decision takes of the delivery it names."""
    found = listed(
        came(1, 10, days=6), came(2, 20, "PO-2"), gone(3, 4, "DSP-1"), inspections=(failed(20, "PO-2"),),
        disposed=(back(4, "PO-2"),),
    )  # fmt: skip

    assert short(found) == [("PO-1", 10, "inspect"), ("PO-2", 16, "disposition"), ("DSP-1", 4, "remedy")]


def test_what_was_found_bad_on_the_shelf_waits_for_a_decision_wherever_it_lies() -> None:
    """Nobody inspects again what was just looked at; what is quarantined on its shelf is listed too."""
    held = {"condition": HELD, "source_document": "RE-1"}
    found = listed(move(1, 2, "ADJUSTMENT", "QUARANTINE", **held), move(2, 1, "ADJUSTMENT", "FUZHOU", **held))

    assert [(row.place, row.quantity, row.awaited) for row in found] == [
        ("QUARANTINE", 2, Awaited.DISPOSITION),
        ("FUZHOU", 1, Awaited.DISPOSITION),
    ]


def test_a_receipt_taken_back_waits_for_nothing() -> None:
    """What did not come is not held, and the other delivery of the part is."""
    first, second = came(1, 10), came(2, 3, "PO-2", days=4)
    mirror = reversal(first, id="R", at=NOW - DAY, by="keeper", device="desk", reason="wrong", key="R")

    assert short(listed(first, second, mirror)) == [("PO-2", 3, "inspect")]


def test_a_later_date_is_expected_and_the_first_is_judged() -> None:
    """As with orders: what was agreed stays what it was."""
    passed = replace(back(4), due_at=NOW - DAY / 2)
    moves, word = (came(1, 4), gone(2, 4, "DSP-1")), RemedyPromise("D-1", NOW - DAY / 4, NOW + 9 * DAY)

    (late,) = duties([passed], moves, KINDS, now=NOW)
    (named,) = duties([passed], moves, KINDS, [word], now=NOW)
    (before,) = duties([passed], moves, KINDS, [word], now=NOW - DAY / 3)
    (row,) = listed(*moves, disposed=(passed,), promises=(word,))

    assert (late.late, named.late, before.promised) == (True, False, ())
    assert (named.due_at, named.expected_at) == (passed.due_at, NOW + 9 * DAY)
    assert row.due_at == NOW + 9 * DAY


STEPS = st.lists(
    st.tuples(st.sampled_from(["in", "other", "out", "scrap", "found", "back"]), st.integers(1, 9)),
    max_size=12,
)


@given(STEPS, st.integers(0, 12))
def test_everything_that_lies_there_is_listed_once(steps: list[tuple[str, int]], judged: int) -> None:
    """Whatever came and went: the units of the list are those of the ledger, and what waits for a look came from outside."""
    moves: list[Move] = []
    there: Counter[str] = Counter()
    for number, (what, units) in enumerate(steps, start=1):
        at = NOW - 9 * DAY + timedelta(hours=number)
        if what in {"in", "other", "found"}:
            document, source = {"in": ("PO-1", "SUPPLIER"), "other": ("PO-2", "SUPPLIER")}.get(
                what, ("RE-1", "ADJUSTMENT")
            )
            moves.append(replace(came(number, units, document), at=at, from_place=source))
            there["units"] += units
        elif what == "back" and moves and not moves[-1].reverses and moves[-1].to_place == "QUARANTINE":
            mirror = {"by": "keeper", "device": "desk", "reason": "wrong", "key": f"R-{number}"}
            there["units"] -= moves[-1].quantity
            moves.append(reversal(moves[-1], id=f"R-{number}", at=at, **mirror))
        elif what in {"out", "scrap"} and there["units"] >= units:
            to_place = "SUPPLIER" if what == "out" else "SCRAP"
            moves.append(replace(gone(number, units, "DSP-9", to_place), at=at))
            there["units"] -= units

    found = listed(*moves, inspections=(failed(judged),) if judged else ())

    lying = sum(
        units for cell, units in tally(KINDS, moves).items() if cell.place == "QUARANTINE" and units > 0
    )
    assert sum(row.quantity for row in found) == lying
    assert all(row.quantity > 0 for row in found)
    assert {row.document for row in found if row.awaited is Awaited.INSPECTION} <= {"PO-1", "PO-2"}
    assert len({(row.place, row.document, row.awaited) for row in found}) == len(found)
