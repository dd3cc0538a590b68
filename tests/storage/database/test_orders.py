"""What arrives against a purchase order is counted on its line, in the transaction of the receipt."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import insert, select

from inventory.stock.document import Line
from inventory.stock.ledger import Condition
from kernel.errors import Refusal
from storage.database import Database
from storage.idempotency import Reply
from storage.stock import commands
from storage.tables.catalogue import PurchaseOrderLineRow, SupplierRow
from storage.unit_of_work import UnitOfWork
from tests.database_builders import envelope, filled
from tests.storage.database.stock_worlds import check_world

ORDER = "PO-7"


@pytest.fixture
def ordered(database: Database) -> Database:
    """An order for ten pumps P-1 and four P-2."""
    with database.writing(envelope()) as work:
        supplier = filled(SupplierRow, region_id="R-1", supplier_id="S", **DAYS)
        work.connection.execute(insert(SupplierRow).values(**supplier))
        for at, (part, quantity) in enumerate((("P-1", 10), ("P-2", 4))):
            row = filled(
                PurchaseOrderLineRow,
                region_id="R-1",
                position=at,
                order_id=ORDER,
                supplier_id="S",
                part_id=part,
                quantity=quantity,
                to_place="FUZHOU",
            )
            work.connection.execute(insert(PurchaseOrderLineRow).values(**row))
    return database


DAYS = {"lead_time_days": 7.0, "lead_time_sd_days": 0.0}


def arrive(work: UnitOfWork, *quantities: int, document: str = ORDER) -> Reply:
    """Pumps P-1 from the supplier, a line for each quantity, every second one damaged."""
    conditions = (Condition.USABLE, Condition.DAMAGED)
    lines = [
        Line("P-1", quantity, "SUPPLIER", "FUZHOU", conditions[at % 2])
        for at, quantity in enumerate(quantities)
    ]
    return commands.receive(work, document, lines)


def received(database: Database) -> dict[str, int]:
    """Units received by part."""
    line = PurchaseOrderLineRow.c
    with database.reading() as connection:
        return {row.part_id: row.received for row in connection.execute(select(line.part_id, line.received))}


def test_an_order_counts_everything_that_came_usable_or_not(ordered: Database) -> None:
    """The supplier has sent it; what is damaged is a claim, not a unit still to come."""
    ordered.run(envelope(), lambda work: arrive(work, 3, 2))

    assert received(ordered) == {"P-1": 5, "P-2": 0}
    check_world(ordered)


def test_a_receipt_that_arrives_twice_counts_once(ordered: Database) -> None:
    """The scanner sends again; the order must not look fuller than the shelf."""
    asked = envelope()

    for _ in range(2):
        ordered.run(asked, lambda work: arrive(work, 3))

    assert received(ordered)["P-1"] == 3


def test_an_order_counts_what_came_beyond_it(ordered: Database) -> None:
    """Too many came: they stand on the shelf, and the supplier owes nothing."""
    ordered.run(envelope(), lambda work: arrive(work, 12))

    assert received(ordered)["P-1"] == 12


def test_a_receipt_taken_back_is_still_to_come(ordered: Database) -> None:
    """A wrong receipt that stayed on the order would hide that goods are missing."""
    reply = ordered.run(envelope(), lambda work: arrive(work, 6, 1))

    ordered.run(envelope(), lambda work: commands.cancel(work, reply["moves"][0], reason="other parcel"))

    assert received(ordered)["P-1"] == 1


def test_a_paper_that_is_no_order_changes_none(ordered: Database) -> None:
    """A gift, a first stock, another order."""
    ordered.run(envelope(), lambda work: arrive(work, 6, document="PO-8"))
    ordered.run(envelope(), lambda work: arrive(work, 6, document=""))
    with pytest.raises(Refusal):
        ordered.run(envelope(), lambda work: arrive(work, 6, 0))

    assert received(ordered) == {"P-1": 0, "P-2": 0}


def test_many_receipts_of_one_order_at_once_all_count(ordered: Database) -> None:
    """A figure read and written back would forget all but one."""
    with ThreadPoolExecutor(8) as threads:
        ends = [threads.submit(ordered.run, envelope(), lambda work: arrive(work, 1)) for _ in range(16)]
        moves = [end.result()["moves"] for end in ends]

    assert len(moves) == 16
    assert received(ordered)["P-1"] == 16
