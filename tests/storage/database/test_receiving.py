"""From the supplier's van to the shelf on both databases: line by line, by sample, and out of quarantine."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import insert, select

from inventory.catalogue.part import Tracking
from inventory.stock.document import Line
from inventory.stock.move import Condition
from inventory.supply.disposition import Disposition, SupplierRemedy
from inventory.supply.inspection import Arrival, InspectionRule
from kernel.errors import Refusal
from storage.check import untrue
from storage.database import Database
from storage.idempotency import Reply
from storage.stock import queries
from storage.stock.agreed import inspections
from storage.stock.commands import receive
from storage.stock.disposing import dispose
from storage.stock.inspecting import inspect
from storage.stock.receiving import take_in
from storage.stock.ways import Ways
from storage.tables.catalogue import PurchaseOrderLineRow, SupplierRow
from storage.tables.command import AuditRow
from storage.tables.quality import LotInspectionRow
from storage.unit_of_work import UnitOfWork
from tests.database_builders import envelope, filled, seed
from tests.storage.database.test_runs import until_somebody_waits
from tests.storage.database.test_stock_commands import snapshot

WAYS = Ways("SUPPLIER", "FUZHOU", "QUARANTINE", "ADJUSTMENT", "SCRAP", "XIAMEN")
RULE = InspectionRule("P-1", Decimal("1.5"))
Command = Callable[[UnitOfWork], Reply]


def disposal(
    goods: Line, way: Disposition, *, ways: Ways = WAYS, remedy: SupplierRemedy | None = None
) -> Command:
    """Somebody decides what goods in quarantine become."""
    return lambda work: dispose(work, "DSP-1", goods, ways, way=way, remedy=remedy)


@pytest.fixture
def supplied(database: Database) -> Database:
    """A supplier S and its order PO-1 for a thousand pumps."""
    days = {"lead_time_days": 7.0, "lead_time_sd_days": 0.0}
    with database.writing(envelope()) as work:
        supplier = filled(SupplierRow, region_id="R-1", supplier_id="S", **days)
        work.connection.execute(insert(SupplierRow).values(**supplier))
        order = filled(
            PurchaseOrderLineRow,
            region_id="R-1",
            order_id="PO-1",
            supplier_id="S",
            part_id="P-1",
            quantity=1000,
            to_place="FUZHOU",
        )
        work.connection.execute(insert(PurchaseOrderLineRow).values(**order))
    return database


def delivery(*arrivals: Arrival) -> Command:
    """A delivery of which pumps P-1 are inspected."""
    return lambda work: take_in(work, "PO-1", arrivals, WAYS, inspected={"P-1"})


def sample(units: int, looked_at: int, bad: int = 0, **words: Any) -> Command:
    """So many pumps that wait, judged by so many looked at, the first of them bad."""
    return lambda work: inspect(
        work,
        "PO-1",
        Arrival("P-1", units),
        WAYS,
        supplier="S",
        rule=RULE,
        looked_at=looked_at,
        bad=[str(unit) for unit in range(bad)],
        **words,
    )


def lying(database: Database) -> dict[tuple[str, str], int]:
    """Pumps P-1 by place and condition, where there are any; nothing outside the count."""
    with database.reading() as connection:
        held = queries.totals(connection, "R-1", parts=("P-1",))
    ours = {"FUZHOU", "QUARANTINE", "XIAMEN", "SCRAP"}
    return {(cell.place, cell.condition.value): n for cell, n in held.items() if cell.place in ours}


def code(database: Database, command: Command, **words: Any) -> str:
    """The code a command is refused with; nothing may be left of it."""
    before = snapshot(database)
    with pytest.raises(Refusal) as caught:
        database.run(envelope(**words), command)
    assert snapshot(database) == before
    return caught.value.code


def test_the_lot_that_fails_its_sample_stays_in_quarantine_and_goes_back(supplied: Database) -> None:
    """Eighty looked at, three may be bad, five are: a thousand held back, two ways out, every step once."""
    head = envelope("rcv-1")
    assert supplied.run(head, delivery(Arrival("P-1", 1000)))["lines"][0]["quarantined"] == 1000
    supplied.run(head, delivery(Arrival("P-1", 1000)))

    found = supplied.run(envelope("ins-1"), sample(1000, 80, bad=5))
    again = supplied.run(envelope("ins-1"), sample(1000, 80, bad=5))

    assert found == again
    assert (found["accepted"], found["accept"], found["bad"], found["held"]) == (False, 3, 5, 1000)
    assert lying(supplied) == {("QUARANTINE", "quarantined"): 1000}
    goods = Line("P-1", 900, "", "", reason="failed its sample")
    supplied.run(envelope(actor="head"), disposal(goods, Disposition.RETURN, remedy=SupplierRemedy.REPLACE))
    waive = disposal(replace(goods, quantity=60), Disposition.WAIVER)
    assert code(supplied, waive) == "supply.waiver_by_inspector"
    supplied.run(envelope(actor="head"), waive)
    for way in (Disposition.SCRAP, Disposition.REWORK):
        supplied.run(envelope(), disposal(replace(goods, quantity=20), way))
    assert lying(supplied) == {
        ("FUZHOU", "usable"): 60,
        ("SCRAP", "quarantined"): 20,
        ("XIAMEN", "damaged"): 20,
    }
    assert untrue(supplied) == []
    with supplied.reading() as connection:
        received = connection.execute(select(PurchaseOrderLineRow.c.received)).scalar()
        actions = [row.action for row in connection.execute(select(AuditRow.c.action))]
    assert received == 1000
    assert actions.count("stock.inspect") == actions.count("stock.take_in") == 1


def test_a_good_lot_reaches_the_shelf_without_its_bad_units(supplied: Database) -> None:
    """Three of eighty may be bad and are: 997 usable."""
    supplied.run(envelope(), delivery(Arrival("P-1", 1000)))

    found = supplied.run(envelope(), sample(1000, 80, bad=3))

    assert (found["accepted"], found["shelf"], found["held"], found["next"]) == (True, 997, 3, "normal")
    assert lying(supplied) == {("FUZHOU", "usable"): 997, ("QUARANTINE", "quarantined"): 3}
    assert untrue(supplied) == []


def test_a_line_that_cannot_be_holds_up_no_other(supplied: Database) -> None:
    """An unknown part and a lot nobody described stand between two good lines."""
    arrivals = (
        Arrival("P-2", 5, rejected=2),
        Arrival("P-9", 1),
        Arrival("P-2", 1, serials=("A",)),
        Arrival("P-1", 4),
    )

    found = supplied.run(envelope(), delivery(*arrivals))

    said = [
        (row["accepted"], row["quarantined"], row["rejected"], row["refused"] and row["refused"]["code"])
        for row in found["lines"]
    ]
    assert said == [
        (3, 0, 2, None),
        (0, 0, 0, "stock.unknown_part"),
        (0, 0, 0, "stock.serial_not_tracked"),
        (0, 4, 0, None),
    ]
    assert len(found["moves"]) == 2
    assert untrue(supplied) == []


def test_how_strictly_is_remembered(supplied: Database) -> None:
    """Two lots fail: tightened, which wants another sample; five more fail: discontinued until something was put right."""
    supplied.run(envelope(), delivery(Arrival("P-1", 9000)))

    first = supplied.run(envelope(), sample(1000, 80, bad=4))
    second = supplied.run(envelope(), sample(1000, 80, bad=4))
    assert (first["next"], second["next"]) == ("normal", "tightened")
    third = supplied.run(envelope(), sample(1000, 80, bad=3))
    assert (third["severity"], third["accept"], third["accepted"]) == ("tightened", 2, False)
    for _ in range(4):
        last = supplied.run(envelope(), sample(1000, 80, bad=3))
    assert last["next"] == "discontinued"
    assert code(supplied, sample(1000, 80)) == "sampling.discontinued"
    again = supplied.run(envelope(), sample(1000, 80, put_right=True))

    assert (again["accepted"], again["next"]) == (True, "tightened")
    assert code(supplied, sample(10, 10, put_right=True)) == "sampling.not_discontinued"
    with supplied.reading() as connection:
        known = inspections(connection, "R-1", "S", "P-1")
    assert [row.bad for row in known] == [4, 4, 3, 3, 3, 3, 3, 0]
    assert (known[0].by, known[0].plan.size, known[-1].put_right) == ("keeper", 80, True)


def test_what_cannot_be_is_refused_and_leaves_nothing(supplied: Database) -> None:
    """Another sample, more than waits, a supplier or place that is none, a way without its place."""
    supplied.run(envelope(), delivery(Arrival("P-1", 1000)))

    assert code(supplied, sample(1000, 79)) == "supply.looked_at_other"
    assert code(supplied, sample(1001, 80)) == "stock.not_enough"
    goods = Line("P-1", 1, "", "", reason="scratched")
    bare = replace(WAYS, scrap="", workshop="")
    for way in (Disposition.SCRAP, Disposition.REWORK):
        assert code(supplied, disposal(goods, way, ways=bare), actor="head") == "supply.place_missing"
    wrong = replace(WAYS, quarantine="FUZHOU")
    assert code(supplied, lambda work: take_in(work, "D", [], wrong, inspected=())) == "supply.place_kind"
    other = replace(WAYS, shelf="NOWHERE")
    assert code(supplied, lambda work: take_in(work, "D", [], other, inspected=())) == "stock.unknown_place"
    stranger: Command = lambda work: inspect(  # noqa: E731 a word for the test
        work, "D", Arrival("P-1", 1000), WAYS, supplier="X", rule=RULE, looked_at=80
    )
    assert code(supplied, stranger) == "stock.unknown_supplier"
    too_many = disposal(replace(goods, quantity=1001), Disposition.SCRAP)
    assert code(supplied, too_many, actor="head") == "stock.not_enough"


def test_two_lots_judged_at_once_are_judged_one_after_the_other(supplied: Database) -> None:
    """Both fail: the second to be written knows of the first, so the next is tightened, whichever it was."""
    supplied.run(envelope(), delivery(Arrival("P-1", 2000)))

    with ThreadPoolExecutor(2) as pool:
        found = list(
            pool.map(lambda key: supplied.run(envelope(key), sample(1000, 80, bad=4)), ("a-1", "a-2"))
        )

    assert sorted(row["next"] for row in found) == ["normal", "tightened"]
    with supplied.reading() as connection:
        rows = connection.execute(select(LotInspectionRow.c.position)).scalars().all()
    assert sorted(rows) == [1, 2]
    assert lying(supplied) == {("QUARANTINE", Condition.QUARANTINED.value): 2000}


def test_a_serial_that_comes_in_twice_at_once_leaves_nothing_of_the_second(database: Database) -> None:
    """Another command brings the same number in from elsewhere: that line is refused whole, the next one stands."""
    seed(database, region="R-9", tracking=Tracking.SERIAL)
    days = {"lead_time_days": 7.0, "lead_time_sd_days": 0.0}
    with database.writing(envelope(region="R-9")) as work:
        seller = filled(SupplierRow, region_id="R-9", supplier_id="S", **days)
        work.connection.execute(insert(SupplierRow).values(**seller))
    found = Line("P-1", 1, "ADJUSTMENT", "XIAMEN", serial="A")
    arrivals = (Arrival("P-1", 1, serials=("A",)), Arrival("P-2", 1, serials=("B",)))

    with ThreadPoolExecutor(1) as pool:
        with database.writing(envelope(region="R-9")) as work:
            receive(work, "CNT-1", [found])
            delivered = pool.submit(
                database.run,
                envelope(region="R-9"),
                lambda other: take_in(other, "DN-1", arrivals, WAYS, inspected=(), supplier="S"),
            )
            until_somebody_waits(database, work)
        first, second = delivered.result()["lines"]

    # SQLite lets the second in when the first is done; PostgreSQL lets it write first and notices then.
    late = "stock.serial_seen_twice" if database.kind == "postgresql" else "stock.serial_elsewhere"
    assert (first["accepted"], first["refused"]["code"]) == (0, late)
    assert (second["accepted"], second["refused"]) == (1, None)
    with database.reading() as connection:
        held = queries.totals(connection, "R-9")
        assert len(queries.moves(connection, "R-9")) == 2
    ours = {(cell.part, cell.place): n for cell, n in held.items() if cell.place in {"FUZHOU", "XIAMEN"}}
    assert ours == {("P-1", "XIAMEN"): 1, ("P-2", "FUZHOU"): 1}
    assert untrue(database) == []
