"""What a supplier says is on its way, in a database: told once, told again when it changes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from inventory.supply.shipment import Shipment
from kernel.errors import Refusal
from kernel.ids import checked_id
from storage.appended import queue
from storage.dataset.agreed_tables import SHIPMENTS
from storage.dataset.supply_tables import PURCHASE_ORDERS
from storage.idempotency import Reply, once
from storage.stock.facts import keep, told
from storage.tables.catalogue import PurchaseOrderLineRow
from storage.tables.claim import ShipmentRow
from storage.unit_of_work import UnitOfWork


def ship(
    work: UnitOfWork,
    order: str,
    waybill: str,
    units: Mapping[str, int],
    *,
    sent_at: datetime | None = None,
    expected_at: datetime,
) -> Reply:
    """Write down that units of an order are on their way: ``{"order", "shipment", "lines", "over"}``.

    A waybill told again for the same part replaces what was said of it. `over` names the parts of which more is said to be
    on the way than was ordered; that is told, not refused, for the supplier has sent it.

    Args:
        work: the unit of work.
        order: an order that was sent.
        waybill: the shipment's number.
        units: by part, one or several parts of the order.
        sent_at: when they left, aware; not after now; None: now.
        expected_at: when they are expected, aware.

    Raises:
        Refusal: ``supply.not_sent`` when nothing is on order by that name; ``supply.not_on_order``; ``supply.sent_later``;
            ``supply.shipment_empty``; as `inventory.supply.shipment.Shipment`.
    """

    def act() -> Reply:
        queue(work)
        checked_id(waybill)
        rows = told(work.connection, work.region, PURCHASE_ORDERS, PurchaseOrderLineRow, order_id=order)
        if not rows:
            raise Refusal("supply.not_sent", order=order[:64])
        if not units:
            raise Refusal("supply.shipment_empty", shipment=waybill)
        left_at = work.now if sent_at is None else sent_at
        if left_at > work.now:
            raise Refusal("supply.sent_later", shipment=waybill)
        lines = {row.part: row for row in rows}
        facts: list[Shipment] = []
        for part, quantity in units.items():
            if part not in lines:
                raise Refusal("supply.not_on_order", order=order, part=part[:64])
            facts.append(Shipment(waybill, order, part, quantity, left_at, expected_at, work.actor))
        before = told(work.connection, work.region, SHIPMENTS, ShipmentRow, order_id=order)
        keep(work, SHIPMENTS, ShipmentRow, facts)
        latest = {(row.id, row.part): row for row in (*before, *facts)}
        sent: dict[str, int] = {}
        for row in latest.values():
            sent[row.part] = sent.get(row.part, 0) + row.quantity
        over = [part for part in units if sent[part] > lines[part].quantity]
        work.record("supply.shipped", order, shipment=waybill, units=dict(units))
        return {"order": order, "shipment": waybill, "lines": len(facts), "over": over}

    content = {
        "order": order,
        "shipment": waybill,
        "units": dict(units),
        "sent_at": sent_at and sent_at.isoformat(),
        "expected_at": expected_at.isoformat(),
    }
    return once(work, "supply.ship", content, act)
