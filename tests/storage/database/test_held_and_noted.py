"""What is held says what it waits for, a delivery note keeps its supplier, a late remedy gets another date: on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from inventory.stock.document import Line
from inventory.supplied import held, open_duties
from inventory.supply.disposition import Disposition, SupplierRemedy
from inventory.supply.inspection import Arrival
from inventory.supply.receipt import DeliveryNote
from inventory.supply.returned import RemedyPromise
from inventory.supply.undone import Undoable
from storage.check import untrue
from storage.database import Database
from storage.dataset.claim_tables import DELIVERY_NOTES, DISPOSITIONS, REMEDY_PROMISES
from storage.dataset.inspection_tables import INSPECTION_LIMITS
from storage.dataset.quality_tables import LOT_INSPECTIONS
from storage.stock.claims import promise_remedy
from storage.stock.disposing import dispose
from storage.stock.inspecting import inspect
from storage.stock.undoing import undo
from tests.database_builders import envelope
from tests.stock_builders import NOW
from tests.storage.database.test_goods_in_guarded import room
from tests.storage.database.test_supply_commands import (  # noqa: F401 a fixture is known where it is imported
    LIMIT,
    WAYS,
    Command,
    code,
    delivery,
    lays_down,
    supplied,
    there,
)

DAY = timedelta(days=1)


def waits(database: Database) -> list[tuple[str, str, int, str]]:
    """Document, supplier, units, what they wait for."""
    stock = replace(
        room(database),
        lot_inspections=there(database, LOT_INSPECTIONS),
        delivery_notes=there(database, DELIVERY_NOTES),
        remedy_promises=there(database, REMEDY_PROMISES),
    )
    rows = held(stock, now=NOW + DAY)
    return [(row.document, row.supplier, row.quantity, row.awaited.value) for row in rows]


def looks(document: str, units: int, *bad: str, supplier: str = "") -> Command:
    """All of a lot of pumps are looked at, by whoever is at the bench."""
    goods = Arrival("P-1", units)
    return lambda work: inspect(work, document, goods, WAYS, supplier=supplier, looked_at=units, bad=bad)


def sends_back(units: int, delivery: str) -> Command:
    """Pumps go back, others are owed."""
    goods = Line("P-1", units, "", "")
    return lambda work: dispose(
        work,
        "DSP-1",
        goods,
        WAYS,
        way=Disposition.RETURN,
        remedy=SupplierRemedy.REPLACE,
        delivery=delivery,
        due_at=NOW + 2 * DAY,
    )


def test_goods_of_a_note_are_its_suppliers_from_the_door_to_the_remedy(supplied: Database) -> None:  # noqa: F811
    """It was said once, at the door: neither the bench nor the office is asked again."""
    lays_down(supplied, INSPECTION_LIMITS, LIMIT, replace(LIMIT, supplier="T"))
    supplied.run(envelope(), delivery(Arrival("P-1", 5), document="DN-1", supplier="T"))
    came = waits(supplied)

    judged = supplied.run(envelope("look"), looks("DN-1", 5, "1", "2"))
    failed = waits(supplied)
    back = supplied.run(envelope("back"), sends_back(5, "DN-1"))

    assert there(supplied, DELIVERY_NOTES) == (DeliveryNote("DN-1", "T", NOW, "keeper"),)
    assert came == [("DN-1", "T", 5, "inspect")]
    assert (judged["supplier"], judged["accepted"]) == ("T", False)
    assert failed == [("DN-1", "T", 5, "disposition")]
    assert back["supplier"] == "T"
    assert waits(supplied) == [("DSP-1", "T", 5, "remedy")]
    assert not untrue(supplied)


def test_what_was_not_looked_at_goes_back_to_who_sent_it(supplied: Database) -> None:  # noqa: F811
    """A crushed box needs no inspection: the note says whose it is."""
    supplied.run(envelope(), delivery(Arrival("P-1", 5), document="DN-1", supplier="T", inspected=["P-1"]))

    back = supplied.run(envelope("back"), sends_back(2, "DN-1"))

    assert back["supplier"] == "T"
    assert waits(supplied) == [("DN-1", "T", 3, "inspect"), ("DSP-1", "T", 2, "remedy")]


def test_a_note_is_one_suppliers_until_its_delivery_is_taken_back(supplied: Database) -> None:  # noqa: F811
    """More of it needs no supplier, another is refused; taken back whole, the right one can be said."""
    supplied.run(envelope(), delivery(Arrival("P-1", 5), document="DN-1", supplier="T", inspected=["P-1"]))
    other = delivery(Arrival("P-1", 1), document="DN-1", supplier="S", inspected=["P-1"])
    assert code(supplied, other) == "supply.order_of_another"
    assert code(supplied, looks("DN-1", 5, supplier="S")) == "supply.order_of_another"
    supplied.run(envelope("more"), delivery(Arrival("P-1", 2), document="DN-1", inspected=["P-1"]))
    assert waits(supplied) == [("DN-1", "T", 7, "inspect")]

    for key in ("one", "two"):
        supplied.run(envelope(key), lambda work: undo(work, Undoable.RECEIPT, "DN-1", reason="S sent it"))
    assert code(supplied, delivery(Arrival("P-1", 1), document="DN-1")) == "supply.sender_unknown"
    supplied.run(envelope("right"), other)

    assert waits(supplied) == [("DN-1", "S", 1, "inspect")]
    assert [note.supplier for note in there(supplied, DELIVERY_NOTES)] == ["T", "S"]


def test_nobody_judges_goods_of_nobody(supplied: Database) -> None:  # noqa: F811
    """A lot counts for its supplier's next table: without one there is none."""
    supplied.run(envelope(), delivery(Arrival("P-1", 5), document="PO-1", inspected=["P-1"]))
    lays_down(supplied, INSPECTION_LIMITS, LIMIT)

    assert code(supplied, looks("DN-9", 5)) == "supply.seller_unknown"
    assert supplied.run(envelope("look"), looks("PO-1", 5))["supplier"] == "S"


def test_another_date_is_written_down_once_and_the_first_stays(supplied: Database) -> None:  # noqa: F811
    """What is settled, was never owed or lies in the past gets none."""
    supplied.run(envelope(), delivery(Arrival("P-1", 5), document="DN-1", supplier="T", inspected=["P-1"]))
    supplied.run(envelope("back"), sends_back(2, "DN-1"))

    def named(at: timedelta, disposition: str = "back") -> Command:
        return lambda work: promise_remedy(work, disposition, NOW + at)

    first = supplied.run(envelope("word"), named(9 * DAY))
    again = supplied.run(envelope("word"), named(9 * DAY))
    stock = replace(
        room(supplied),
        dispositions=there(supplied, DISPOSITIONS),
        remedy_promises=there(supplied, REMEDY_PROMISES),
    )
    (owed,) = open_duties(stock, now=NOW + 5 * DAY)

    assert first == again
    assert there(supplied, REMEDY_PROMISES) == (RemedyPromise("back", NOW, NOW + 9 * DAY, "keeper"),)
    assert (owed.due_at, owed.expected_at, owed.late) == (NOW + 2 * DAY, NOW + 9 * DAY, False)
    assert code(supplied, named(-DAY)) == "supply.remedy_date_past"
    assert code(supplied, named(DAY, "nothing")) == "supply.nothing_owed_for"
    supplied.run(envelope("all"), delivery(Arrival("P-1", 2), document="DSP-1", inspected=["P-1"]))
    assert code(supplied, named(9 * DAY)) == "supply.nothing_owed_for"
