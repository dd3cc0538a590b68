"""Purchase orders on both databases: written, approved by somebody else, sent, confirmed, received, cancelled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from inventory.stockroom import Stockroom
from inventory.supplied import whole_order
from inventory.supply.inspection import Arrival
from inventory.supply.ordering import Order, OrderLine, OrderState, OrderStep
from kernel.errors import Refusal
from storage.check import untrue
from storage.database import Database
from storage.dataset.quality_tables import ORDER_DRAFTS, ORDER_STEPS
from storage.dataset.supply_tables import PURCHASE_ORDERS
from storage.idempotency import Reply
from storage.stock import queries
from storage.stock.facts import told
from storage.stock.ordering import take_step, write_orders
from storage.stock.receiving import take_in
from storage.stock.ways import Ways
from storage.tables.catalogue import PurchaseOrderLineRow, SupplierRow
from storage.tables.quality import OrderDraftRow, OrderStepRow
from storage.unit_of_work import UnitOfWork
from tests.database_builders import envelope, filled
from tests.stock_builders import NOW, PLACES
from tests.storage.database.test_stock_commands import snapshot

LINES = (OrderLine("P-1", 10, Decimal(90)), OrderLine("P-2", 5, Decimal(20)))
ORDER = Order("PO-1", "S", "FUZHOU", LINES, NOW, "keeper")
LIMIT = Decimal(500)
Command = Callable[[UnitOfWork], Reply]


def writes(*orders: Order) -> Command:
    """Orders written down, for a request of their ids."""
    ids = [order.id for order in orders]
    return lambda work: write_orders(work, lambda: orders, asked={"orders": ids}, approval_above=LIMIT)


@pytest.fixture
def written(database: Database) -> Database:
    """The order of 1000.00 written by the keeper."""
    days = {"lead_time_days": 7.0, "lead_time_sd_days": 0.0}
    with database.writing(envelope()) as work:
        supplier = filled(SupplierRow, region_id="R-1", supplier_id="S", **days)
        work.connection.execute(insert(SupplierRow).values(**supplier))
    database.run(envelope("write-1"), writes(ORDER))
    return database


def does(step: OrderStep, **words: Any) -> Command:
    """A step of the order."""
    return lambda work: take_step(work, "PO-1", step, approval_above=LIMIT, **words)


def state(database: Database, command: Command, **words: Any) -> str:
    """The order's state after a step, given twice under one key."""
    head = envelope(**words)
    reply = database.run(head, command)
    assert database.run(head, command) == reply
    return str(reply["state"])


def refused(database: Database, command: Command, **words: Any) -> str:
    """The code a command is refused with; nothing may be left of it."""
    before = snapshot(database)
    with pytest.raises(Refusal) as caught:
        database.run(envelope(**words), command)
    assert snapshot(database) == before
    return caught.value.code


def on_order(database: Database) -> dict[str, tuple[int, int, object]]:
    """Units ordered and received, and the first date, by part."""
    line = PurchaseOrderLineRow.c
    with database.reading() as connection:
        rows = connection.execute(select(line.part_id, line.quantity, line.received, line.promised_at))
        return {row.part_id: (row.quantity, row.received, row.promised_at) for row in rows}


def test_an_order_goes_its_way_to_the_shelf(written: Database) -> None:
    """Not sent without the head's word; the first date stays; what arrives is counted on its lines."""
    assert refused(written, does(OrderStep.SEND)) == "supply.not_approved"
    assert refused(written, does(OrderStep.APPROVE)) == "supply.approved_by_maker"
    assert state(written, does(OrderStep.APPROVE), actor="head") == "to_send"
    assert on_order(written) == {}
    assert state(written, does(OrderStep.SEND)) == "sent"
    for days in (10, 20):
        date = NOW + timedelta(days=days)
        assert state(written, does(OrderStep.CONFIRM, promised_at=date)) == "confirmed"
    first = NOW + timedelta(days=10)
    assert on_order(written) == {"P-1": (10, 0, first), "P-2": (5, 0, first)}

    ways = Ways("SUPPLIER", "FUZHOU", "QUARANTINE", "ADJUSTMENT")
    arrivals = [Arrival("P-1", 10), Arrival("P-2", 2)]
    written.run(envelope(), lambda work: take_in(work, "PO-1", arrivals, ways, inspected=()))

    with written.reading() as connection:
        stock = Stockroom(
            places=PLACES,
            moves=queries.moves(connection, "R-1"),
            purchase_orders=told(connection, "R-1", PURCHASE_ORDERS, PurchaseOrderLineRow),
            order_drafts=told(connection, "R-1", ORDER_DRAFTS, OrderDraftRow),
            order_steps=told(connection, "R-1", ORDER_STEPS, OrderStepRow),
        )
    stands = whole_order(stock, "PO-1", now=NOW + timedelta(days=12))
    assert (stands.state, stands.approved_by) == (OrderState.PARTLY_RECEIVED, "head")
    assert [(row.ordered, row.accepted, row.open) for row in stands.lines] == [(10, 10, 0), (5, 2, 3)]
    assert {row.promises for row in stands.lines} == {(first, NOW + timedelta(days=20))}
    assert on_order(written) == {"P-1": (10, 10, first), "P-2": (5, 2, first)}
    assert refused(written, does(OrderStep.CANCEL)) == "supply.cancel_received"
    assert untrue(written) == []
    with written.writing(envelope()) as work:
        line = PurchaseOrderLineRow.c
        work.connection.execute(update(PurchaseOrderLineRow).where(line.part_id == "P-2").values(received=3))
    (differs,) = untrue(written)
    assert (differs.code, differs.params["received"], differs.params["came"]) == (
        "database.received_differs",
        3,
        2,
    )


def test_what_does_not_come_any_more_is_given_up_with_a_reason(written: Database) -> None:
    """Eight of ten and none of five came: closed, nothing is to come, what was ordered stays on the order."""
    assert refused(written, does(OrderStep.CLOSE, reason="stopped")) == "supply.order_step"
    state(written, does(OrderStep.APPROVE), actor="head")
    state(written, does(OrderStep.SEND))
    ways = Ways("SUPPLIER", "FUZHOU", "QUARANTINE", "ADJUSTMENT")
    came = [Arrival("P-1", 8)]
    written.run(envelope(), lambda work: take_in(work, "PO-1", came, ways, inspected=()))

    assert state(written, does(OrderStep.CLOSE, reason="the maker has stopped it")) == "closed"

    assert on_order(written) == {"P-1": (8, 8, None)}
    assert refused(written, does(OrderStep.CONFIRM, promised_at=NOW)) == "supply.order_step"
    with written.reading() as connection:
        assert queries.position(connection, "R-1", "P-1", "FUZHOU", now=NOW).on_order == 0
        (*_, last) = told(connection, "R-1", ORDER_STEPS, OrderStepRow)
        drafts = told(connection, "R-1", ORDER_DRAFTS, OrderDraftRow)
    assert (last.step, last.reason, last.by) == (OrderStep.CLOSE, "the maker has stopped it", "keeper")
    assert [row.quantity for row in drafts] == [10, 5]
    assert untrue(written) == []


def test_an_order_closed_before_anything_came_lets_nothing_in(written: Database) -> None:
    """What comes all the same is turned away with a word, not taken in on an order that is over."""
    state(written, does(OrderStep.APPROVE), actor="head")
    state(written, does(OrderStep.SEND))
    assert state(written, does(OrderStep.CLOSE, reason="stopped")) == "closed"
    ways = Ways("SUPPLIER", "FUZHOU", "QUARANTINE", "ADJUSTMENT")

    assert on_order(written) == {}
    assert refused(written, lambda work: take_in(work, "PO-1", [Arrival("P-1", 1)], ways)) == (
        "supply.order_cancelled"
    )


def test_a_cancelled_order_is_no_longer_to_come(written: Database) -> None:
    """Nothing of it had arrived; nothing can follow."""
    state(written, does(OrderStep.APPROVE), actor="head")
    state(written, does(OrderStep.SEND))
    assert on_order(written).keys() == {"P-1", "P-2"}

    assert state(written, does(OrderStep.CANCEL)) == "cancelled"

    assert on_order(written) == {}
    assert refused(written, does(OrderStep.SEND)) == "supply.order_step"


def test_what_is_written_must_be_known_and_new(written: Database) -> None:
    """All orders of a command or none."""

    def write(**changes: Any) -> Command:
        other = replace(ORDER, **({"id": "PO-2"} | changes))
        return writes(replace(ORDER, id="PO-3"), other)

    assert refused(written, write(id="PO-1")) == "stock.duplicate"
    assert refused(written, write(id="PO-3")) == "stock.duplicate"
    assert refused(written, write(supplier="X")) == "stock.unknown_supplier"
    assert refused(written, write(to_place="NOWHERE")) == "stock.unknown_place"
    assert refused(written, write(lines=(OrderLine("P-9", 1, Decimal(1)),))) == "stock.unknown_part"
    unknown: Command = lambda work: take_step(work, "PO-9", OrderStep.SEND, approval_above=LIMIT)  # noqa: E731 a word for the test
    assert refused(written, unknown) == "supply.order_unknown"
    (again,) = written.run(envelope("write-1"), writes(ORDER))["orders"]
    assert again == {
        "order": "PO-1",
        "supplier": "S",
        "place": "FUZHOU",
        "lines": 2,
        "cost": "1000",
        "state": "awaiting_approval",
    }
