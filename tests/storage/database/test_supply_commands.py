"""What is laid down for a supplier's part takes effect on both databases: skipped lots, surplus, readings, returns, 8D."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import insert, select

from inventory.stock.document import Line
from inventory.supply.corrective import Discipline, reports
from inventory.supply.disposition import Disposition, SupplierRemedy
from inventory.supply.inspection import Arrival, Check, InspectionRule, Reading
from inventory.supply.limits import Agreement, InspectionLimit, PartClass
from inventory.supply.measured import LotReading, measured
from inventory.supply.returned import duties
from kernel.errors import Refusal
from storage.check import untrue
from storage.database import Database
from storage.dataset.agreed_tables import SHIPMENTS, SUPPLIER_AGREEMENTS
from storage.dataset.claim_tables import CORRECTIVE_STEPS, DISPOSITIONS, NONCONFORMANCES
from storage.dataset.inspection_tables import (
    INSPECTION_LIMITS,
    LOT_READINGS,
    LOTS_SKIPPED,
    PART_CHECKS,
    PART_CLASSES,
    STOCK_INSPECTIONS,
)
from storage.dataset.supply_tables import PURCHASE_ORDERS
from storage.dataset.table import Table
from storage.idempotency import Reply
from storage.rows.pairs import PAIRS
from storage.stock import queries
from storage.stock.claims import open_report, take_report_step
from storage.stock.disposing import dispose
from storage.stock.facts import keep, told
from storage.stock.inspecting import inspect, look_again
from storage.stock.receiving import take_in
from storage.stock.shipping import ship
from storage.stock.ways import Ways
from storage.tables.catalogue import PurchaseOrderLineRow, SupplierRow
from storage.unit_of_work import UnitOfWork
from tests.database_builders import envelope, filled
from tests.stock_builders import NOW, PLACES
from tests.storage.database.test_stock_commands import snapshot

Command = Callable[[UnitOfWork], Reply]
WAYS = Ways("SUPPLIER", "FUZHOU", "QUARANTINE", "ADJUSTMENT", "SCRAP", "XIAMEN")
DAY = timedelta(days=1)
ROWS = {pair.file.name: pair.rows for pair in PAIRS}
LIMIT = InspectionLimit("S", "P-1", "", Decimal("1.5"))
KINDS = {place.id: place.kind for place in PLACES}


def there(database: Database, file: Table) -> tuple[Any, ...]:
    """Every value of a file."""
    with database.reading() as connection:
        return told(connection, "R-1", file, ROWS[file.name])


@pytest.fixture
def supplied(database: Database) -> Database:
    """Suppliers S and T; S has an order PO-1 for a hundred pumps P-1."""
    days = {"lead_time_days": 7.0, "lead_time_sd_days": 0.0}
    with database.writing(envelope()) as work:
        for supplier in ("S", "T"):
            row = filled(SupplierRow, region_id="R-1", supplier_id=supplier, **days)
            work.connection.execute(insert(SupplierRow).values(**row))
        order = {"order_id": "PO-1", "supplier_id": "S", "part_id": "P-1", "quantity": 100}
        line = filled(
            PurchaseOrderLineRow,
            region_id="R-1",
            to_place="FUZHOU",
            ordered_at=NOW - 10 * DAY,
            **order,
        )
        work.connection.execute(insert(PurchaseOrderLineRow).values(**line))
    return database


def lays_down(database: Database, file: Table, *values: Any) -> None:
    """Rows of a file that say how it is done here."""

    def command(work: UnitOfWork) -> None:
        keep(work, file, ROWS[file.name], values)

    database.run(envelope(), command)


def delivery(*arrivals: Arrival, document: str = "PO-1", **words: Any) -> Command:
    """A delivery on the order."""
    return lambda work: take_in(work, document, arrivals, WAYS, **words)


def judged(units: int, looked_at: int, *bad: str, **words: Any) -> Command:
    """A lot of pumps by what is laid down."""
    goods = Arrival("P-1", units)
    return lambda work: inspect(
        work, "PO-1", goods, WAYS, supplier="S", looked_at=looked_at, bad=bad, **words
    )


def code(database: Database, command: Command, **words: Any) -> str:
    """The code a command is refused with; nothing may be left of it."""
    before = snapshot(database)
    with pytest.raises(Refusal) as caught:
        database.run(envelope(**words), command)
    assert snapshot(database) == before
    return caught.value.code


def test_after_enough_good_lots_one_is_passed_over_and_it_is_said_why(supplied: Database) -> None:
    """Two lots clear it; then one in ten thousand is drawn: the third goes to the shelf, once however often it is told."""
    skipping = replace(LIMIT, clearance=2, fraction=0.0001, seed="only we know")
    lays_down(supplied, INSPECTION_LIMITS, skipping)
    for _ in range(2):
        held = supplied.run(envelope(), delivery(Arrival("P-1", 5)))["lines"][0]
        assert (held["quarantined"], held["skipped"]) == (5, None)
        supplied.run(envelope(), judged(5, 5))

    first = supplied.run(envelope("third"), delivery(Arrival("P-1", 7, rejected=1)))
    again = supplied.run(envelope("third"), delivery(Arrival("P-1", 7, rejected=1)))
    forced = supplied.run(envelope(), delivery(Arrival("P-1", 3), inspected=["P-1"]))

    assert first == again
    line = first["lines"][0]
    assert (line["accepted"], line["quarantined"]) == (6, 0)
    assert line["skipped"] == {"in_a_row": 2, "share": 0.0001}
    (skipped,) = there(supplied, LOTS_SKIPPED)
    assert (skipped.units, skipped.in_a_row, skipped.document, skipped.by) == (6, 2, "PO-1", "keeper")
    assert forced["lines"][0]["quarantined"] == 3
    assert untrue(supplied) == []


def test_a_lot_that_fails_ends_the_passing_over(supplied: Database) -> None:
    """The lot after it is looked at, and so is one of another supplier from the start."""
    lays_down(
        supplied,
        INSPECTION_LIMITS,
        replace(LIMIT, supplier="", clearance=1, fraction=0.0001, seed="only we know"),
    )
    supplied.run(envelope(), delivery(Arrival("P-1", 5)))
    supplied.run(envelope(), judged(5, 5))
    assert supplied.run(envelope(), delivery(Arrival("P-1", 5)))["lines"][0]["skipped"]
    supplied.run(envelope(), delivery(Arrival("P-1", 5), inspected=["P-1"]))
    supplied.run(envelope(), judged(5, 5, "1", "2"))

    after = supplied.run(envelope(), delivery(Arrival("P-1", 5)))
    other = supplied.run(envelope(), delivery(Arrival("P-1", 5), document="D-9", supplier="T"))

    for reply in (after, other):
        assert (reply["lines"][0]["quarantined"], reply["lines"][0]["skipped"]) == (5, None)


def test_what_is_laid_down_says_who_waits_and_by_which_plan(supplied: Database) -> None:
    """The part before its class before any; an option goes before all of it; nothing laid down is said."""
    assert code(supplied, judged(1, 1)) == "stock.not_enough"
    supplied.run(envelope(), delivery(Arrival("P-1", 50)))
    supplied.run(envelope(), delivery(Arrival("P-1", 50), inspected=["P-1"]))
    assert code(supplied, judged(50, 8)) == "supply.no_inspection_limit"
    lays_down(supplied, PART_CLASSES, PartClass("P-1", "pumps"))
    lays_down(
        supplied,
        INSPECTION_LIMITS,
        InspectionLimit("", "", "", Decimal("0.65")),
        InspectionLimit("", "", "pumps", Decimal(4)),
        InspectionLimit("T", "P-1", "", Decimal("0.01")),
    )

    found = supplied.run(envelope(), judged(50, 13, "1"))

    assert (found["size"], found["accept"], found["accepted"]) == (13, 1, True)
    line = supplied.run(envelope(), delivery(Arrival("P-2", 5)))["lines"][0]
    assert line["quarantined"] == 5


@pytest.mark.parametrize(("wanted", "following"), [(True, "reduced"), (False, "normal")])
def test_another_limit_does_not_bring_reduced_inspection_back(
    supplied: Database, *, wanted: bool, following: str
) -> None:
    """Ten good lots judged by a limit said with the command: whether that earns anything is laid down."""
    lays_down(supplied, INSPECTION_LIMITS, replace(LIMIT, may_reduce=wanted))
    said = InspectionRule("P-1", Decimal(4))
    for _ in range(10):
        supplied.run(envelope(), delivery(Arrival("P-1", 100)))
        found = supplied.run(envelope(), judged(100, 20, rule=said))

    assert found["next"] == following


def test_more_than_ordered_and_tolerated_is_turned_away(supplied: Database) -> None:
    """A hundred ordered, five tolerated: of seventy and forty-one six go back with the driver; without an agreement none."""
    lays_down(supplied, SUPPLIER_AGREEMENTS, Agreement("S", over_share=Decimal("0.05")))

    supplied.run(envelope(), delivery(Arrival("P-1", 70)))
    (line,) = supplied.run(envelope(), delivery(Arrival("P-1", 41)))["lines"]
    (other,) = supplied.run(envelope(), delivery(Arrival("P-1", 41), document="D-2", supplier="T"))["lines"]

    assert (line["accepted"], line["rejected"], line["surplus"]) == (35, 6, 6)
    assert (other["accepted"], other["surplus"]) == (41, 0)
    (order,) = there(supplied, PURCHASE_ORDERS)
    assert (order.received, order.outstanding) == (105, 0)
    assert code(supplied, delivery(Arrival("P-1", 1), supplier="T")) == "supply.order_of_another"
    assert code(supplied, delivery(Arrival("P-1", 1), supplier="X")) == "stock.unknown_supplier"


CHECKS = (
    Check("length", "P-1", Decimal("19.8"), Decimal("20.2"), "mm", "Length"),
    Check("marked", "P-1", name="Marked"),
)


def readings(*lengths: str, marked: bool = True) -> list[Reading]:
    """One unit for each length, all marked or none."""
    return [
        reading
        for unit, length in enumerate(lengths, start=1)
        for reading in (
            Reading("length", str(unit), value=Decimal(length)),
            Reading("marked", str(unit), right=marked),
        )
    ]


def test_a_unit_out_of_tolerance_is_bad_and_its_readings_stay(supplied: Database) -> None:
    """Eight of fifty measured, one too long: not accepted; mean and limits are there afterwards, also when they change."""
    lays_down(supplied, INSPECTION_LIMITS, LIMIT)
    lays_down(supplied, PART_CHECKS, *CHECKS)
    supplied.run(envelope(), delivery(Arrival("P-1", 50)))
    read = readings("20", "20.2", "19.8", "20", "20", "20", "20", "20.21")

    assert code(supplied, judged(50, 8)) == "supply.readings_missing"
    assert code(supplied, judged(50, 8, "1", readings=read)) == "supply.bad_and_readings"
    assert code(supplied, judged(50, 8, readings=read[:-1])) == "supply.reading_missing"
    assert code(supplied, judged(50, 7, readings=read)) == "supply.looked_at_other"
    strange = [*read, Reading("colour", "1", right=True)]
    assert code(supplied, judged(50, 8, readings=strange)) == "supply.check_unknown"
    found = supplied.run(envelope("ins-1"), judged(50, 8, readings=read))
    assert supplied.run(envelope("ins-1"), judged(50, 8, readings=read)) == found

    assert (found["accepted"], found["bad"], found["held"]) == (False, 1, 50)
    kept = there(supplied, LOT_READINGS)
    length, marked = measured(kept)
    assert (length.wrong, length.mean, length.highest) == (1, Decimal("20.0262"), Decimal("20.21"))
    assert (marked.units, marked.wrong, marked.mean) == (8, 0, None)
    assert kept[0] == LotReading(
        "ins-1", "length", "1", value=Decimal(20), lower=Decimal("19.8"), upper=Decimal("20.2")
    )


def looks(**words: Any) -> Command:
    """Look again at the pumps on the shelf."""
    places = {"quarantine": "QUARANTINE", "adjustment": "ADJUSTMENT"}
    return lambda work: look_again(work, "RE-1", "P-1", "FUZHOU", **(places | words))


def test_what_fails_on_the_shelf_is_held_back(supplied: Database) -> None:
    """Ten lie there, two have gone brittle; told twice it is done once, and what cannot be is refused whole."""
    assert code(supplied, looks()) == "stock.not_enough"
    supplied.run(envelope(), delivery(Arrival("P-1", 10)))

    found = supplied.run(envelope("re-1"), looks(bad=2))
    assert supplied.run(envelope("re-1"), looks(bad=2)) == found

    assert (found["units"], found["bad"]) == (10, 2)
    (fact,) = there(supplied, STOCK_INSPECTIONS)
    assert (fact.part, fact.place, fact.units, fact.bad, fact.by) == ("P-1", "FUZHOU", 10, 2, "keeper")
    with supplied.reading() as connection:
        held = queries.totals(connection, "R-1", parts=("P-1",))
    ours = {"FUZHOU", "QUARANTINE"}
    lying = {(cell.place, cell.condition.value): n for cell, n in held.items() if cell.place in ours}
    assert lying == {("FUZHOU", "usable"): 8, ("QUARANTINE", "quarantined"): 2}
    assert code(supplied, looks(bad=9)) == "supply.bad_more_than_looked_at"
    assert code(supplied, looks(quarantine="FUZHOU")) == "supply.place_kind"
    outside: Command = lambda work: look_again(  # noqa: E731 a word for the test
        work, "RE", "P-1", "SCRAP", quarantine="QUARANTINE", adjustment="ADJUSTMENT"
    )
    assert code(supplied, outside) == "stock.not_a_shelf"
    assert untrue(supplied) == []


def sends_back(units: int, document: str = "DSP-1", **words: Any) -> Command:
    """Goods in quarantine go back for others."""
    goods = Line("P-1", units, "", "")
    way = {"way": Disposition.RETURN, "remedy": SupplierRemedy.REPLACE}
    return lambda work: dispose(work, document, goods, WAYS, **(way | words))


def owed(database: Database, days: int) -> list[tuple[str, int, bool]]:
    """What is owed so many days from now: document, units, late."""
    facts = there(database, DISPOSITIONS)
    with database.reading() as connection:
        ledger = queries.moves(connection, "R-1")
    return [
        (duty.about.document, duty.left, duty.late)
        for duty in duties(facts, ledger, KINDS, now=NOW + days * DAY)
    ]


def test_what_was_sent_back_is_owed_until_it_comes(supplied: Database) -> None:
    """Due as agreed, or as said; what comes by the return's document settles it, the rest is late."""
    lays_down(supplied, SUPPLIER_AGREEMENTS, Agreement("S", remedy_days=14))
    supplied.run(envelope(), delivery(Arrival("P-1", 30), inspected=["P-1"]))
    assert code(supplied, sends_back(5)) == "supply.supplier_missing"
    assert code(supplied, sends_back(5, supplier="X")) == "stock.unknown_supplier"
    assert code(supplied, sends_back(5, supplier="S", due_at=NOW - DAY)) == "supply.due_before_return"

    found = supplied.run(envelope("dsp-1"), sends_back(5, supplier="S", delivery="PO-1"))
    supplied.run(envelope(), sends_back(3, "DSP-2", supplier="T", due_at=NOW + 3 * DAY))

    assert (found["supplier"], found["due_at"]) == ("S", (NOW + 14 * DAY).isoformat())
    assert owed(supplied, 0) == [("DSP-2", 3, False), ("DSP-1", 5, False)]
    assert owed(supplied, 10) == [("DSP-2", 3, True), ("DSP-1", 5, False)]
    for document, units in (("DSP-1", 4), ("DSP-2", 3)):
        supplied.run(envelope(), delivery(Arrival("P-1", units), document=document))
    assert owed(supplied, 15) == [("DSP-1", 1, True)]
    assert there(supplied, DISPOSITIONS)[0].delivery == "PO-1"
    assert untrue(supplied) == []


def opens(report: str, source: str, **words: Any) -> Command:
    """A report about an inspection or a decision."""
    return lambda work: open_report(work, report, source=source, **words)


def does(report: str, step: int) -> Command:
    """A step of a report."""
    return lambda work: take_report_step(work, report, Discipline(step), note="done")


def test_the_steps_of_a_report_are_due_as_agreed_with_its_supplier(supplied: Database) -> None:
    """Containment in two days as usual, the cause in seven instead of ten, closed in forty."""
    days = (1, 1, 2, 7, 10, 20, 30, 40)
    lays_down(supplied, INSPECTION_LIMITS, LIMIT)
    lays_down(supplied, SUPPLIER_AGREEMENTS, Agreement("S", report_days=days))
    supplied.run(envelope(), delivery(Arrival("P-1", 50)))
    supplied.run(envelope("ins-1"), judged(50, 8, "1"))

    found = supplied.run(envelope(), opens("N-1", "ins-1"))
    for step in (1, 2):
        supplied.run(envelope(), does("N-1", step))
    third = supplied.run(envelope(), does("N-1", 3))

    assert [due for _, due in found["due"]] == [(NOW + count * DAY).isoformat() for count in days]
    assert (third["next"], third["due_at"]) == (4, (NOW + 7 * DAY).isoformat())
    about, done = there(supplied, NONCONFORMANCES), there(supplied, CORRECTIVE_STEPS)
    (now,) = reports(about, done, there(supplied, SUPPLIER_AGREEMENTS), now=NOW + 8 * DAY)
    assert now.steps[3].late


def test_a_failed_lot_is_reported_step_by_step(supplied: Database) -> None:
    """Opened from the inspection or the return; no cause without containment; each thing once."""
    lays_down(supplied, INSPECTION_LIMITS, LIMIT)
    supplied.run(envelope(), delivery(Arrival("P-1", 50)))
    supplied.run(envelope("ins-1"), judged(50, 8, "1"))
    supplied.run(envelope("dsp-1"), sends_back(4))
    waive = {"way": Disposition.WAIVER, "remedy": None}
    taken = Line("P-1", 1, "", "", reason="scratched")
    supplied.run(envelope("dsp-2", actor="head"), lambda work: dispose(work, "W", taken, WAYS, **waive))  # type: ignore[arg-type]

    found = supplied.run(envelope("open-1"), opens("N-1", "ins-1", found="too long"))
    assert supplied.run(envelope("open-1"), opens("N-1", "ins-1", found="too long")) == found
    other = supplied.run(envelope(), opens("N-2", "dsp-1"))

    assert (found["supplier"], found["part"], found["quantity"], len(found["due"])) == ("S", "P-1", 50, 8)
    assert other["quantity"] == 4
    assert code(supplied, opens("N-1", "dsp-1")) == "stock.duplicate"
    assert code(supplied, opens("N-3", "nothing")) == "supply.source_unknown"
    assert code(supplied, opens("N-3", "dsp-2")) == "supply.waived"
    assert code(supplied, opens("N-3", "dsp-1", quantity=5)) == "supply.more_than_concerned"
    assert code(supplied, opens("N-3", "dsp-1", found="a\nb")) == "dataset.cannot_write"
    assert code(supplied, opens("N 3", "dsp-1")) == "id.malformed"
    assert code(supplied, does("N-1", 4)) == "supply.step_out_of_order"
    assert code(supplied, does("N-9", 1)) == "supply.report_unknown"
    said = [supplied.run(envelope(), does("N-1", step)) for step in (3, 1)]
    assert [(row["next"], row["late"]) for row in said] == [(1, False), (2, False)]
    assert code(supplied, does("N-1", 3)) == "supply.step_done"
    late = supplied.run(envelope(now=NOW + 2 * DAY), does("N-1", 2))
    assert (late["late"], late["next"]) == (True, 4)
    assert [row.supplier for row in there(supplied, NONCONFORMANCES)] == ["S", "S"]
    assert [row.step for row in there(supplied, CORRECTIVE_STEPS)] == [3, 1, 2]


def ships(waybill: str, units: dict[str, int], *, order: str = "PO-1", days: int = 3) -> Command:
    """The supplier says that units have left."""
    return lambda work: ship(work, order, waybill, units, sent_at=NOW, expected_at=NOW + days * DAY)


def test_what_is_on_the_way_is_told_once_and_corrected_by_telling_again(supplied: Database) -> None:
    """More than was ordered is said, not refused: the supplier has sent it."""
    found = supplied.run(envelope("ship-1"), ships("WB-1", {"P-1": 60}))
    assert supplied.run(envelope("ship-1"), ships("WB-1", {"P-1": 60})) == found
    over = supplied.run(envelope(), ships("WB-2", {"P-1": 60}))
    right = supplied.run(envelope(), ships("WB-2", {"P-1": 40}))

    assert (found["over"], over["over"], right["over"]) == ([], ["P-1"], [])
    assert [(row.id, row.quantity) for row in there(supplied, SHIPMENTS)] == [
        ("WB-1", 60),
        ("WB-2", 60),
        ("WB-2", 40),
    ]
    assert code(supplied, ships("WB-3", {"P-2": 1})) == "supply.not_on_order"
    assert code(supplied, ships("WB-3", {"P-1": 1}, order="PO-9")) == "supply.not_sent"
    assert code(supplied, ships("WB-3", {})) == "supply.shipment_empty"
    assert code(supplied, ships("WB-3", {"P-1": 1}), now=NOW - DAY) == "supply.sent_later"
    assert code(supplied, ships("WB-3", {"P-1": 1}, days=-1)) == "supply.expected_before_sent"


def test_what_happened_stays_in_the_audit_chain(supplied: Database) -> None:
    """Each of these commands leaves its word there."""
    from storage.tables.command import AuditRow

    supplied.run(envelope(), delivery(Arrival("P-1", 10)))
    supplied.run(envelope(), looks(bad=1))
    supplied.run(envelope("d-1"), sends_back(1, supplier="S"))
    supplied.run(envelope(), opens("N-1", "d-1"))
    supplied.run(envelope(), does("N-1", 1))
    supplied.run(envelope(), ships("WB-1", {"P-1": 1}))

    with supplied.reading() as connection:
        actions = {row.action for row in connection.execute(select(AuditRow.c.action))}
    words = {"take_in", "look_again", "dispose"}
    assert {f"stock.{word}" for word in words} | {
        "supply.report_opened",
        "supply.report_step",
        "supply.shipped",
    } <= actions
