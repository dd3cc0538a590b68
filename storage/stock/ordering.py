"""Purchase orders in a database: written, approved, sent, confirmed, cancelled; each step once, judged by the fold.

What is sent becomes lines on order (`purchase_order_line`), where receipts count; until then nothing is to come.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Table, delete, func, insert, select, update

from inventory.supply.ordering import (
    NO_LIMIT,
    DraftLine,
    Order,
    OrderFact,
    OrderStanding,
    OrderState,
    OrderStep,
    drafted,
    orders_of,
    standing,
)
from kernel.errors import Refusal
from storage.idempotency import Reply, once
from storage.stock.agreed import approval_limit
from storage.stock.locks import known_places, place_of
from storage.stock.orders import arrivals
from storage.stock.queries import catalogued, moves_of_document
from storage.tables.catalogue import PurchaseOrderLineRow, SupplierRow
from storage.tables.quality import OrderDraftRow, OrderStepRow
from storage.tables.region import RegionRow
from storage.texts import check_fits
from storage.unit_of_work import UnitOfWork


def write_orders(
    work: UnitOfWork,
    make: Callable[[], Sequence[Order]],
    *,
    asked: Mapping[str, Any],
    approval_above: Decimal | None = None,
) -> Reply:
    """Write orders down, all or none; nothing is on order until they are sent.

    Args:
        work: the unit of work.
        make: makes the orders, once, of what is known then.
        asked: what they are made from, in plain JSON values: the content the command's key stands for.
        approval_above: what an order may cost without somebody else's approval; None: as agreed for its supplier.

    Returns:
        ``{"orders": [{"order", "supplier", "place", "lines", "cost", "state"}]}``, cost as text.

    Raises:
        Refusal: ``stock.duplicate`` for an id that is taken; ``stock.unknown_supplier``, ``stock.unknown_part``,
            ``stock.unknown_place``; as `make`.
    """

    def act() -> Reply:
        _queue(work)
        orders = make()
        last = _last(work, OrderDraftRow)
        for order in orders:
            _check(work, order)
            for line in drafted(order):
                last += 1
                _insert(work, OrderDraftRow, last, _draft_row(line))
        limits = {
            order.id: approval_limit(work.connection, work.region, order.supplier, said=approval_above)
            for order in orders
        }
        ids = [order.id for order in orders]
        work.record("stock.write_orders", ids[0] if ids else "", orders=ids)
        return {
            "orders": [
                {
                    "order": order.id,
                    "supplier": order.supplier,
                    "place": order.to_place,
                    "lines": len(order.lines),
                    "cost": str(order.cost),
                    "state": standing(order, (), approval_above=limits[order.id]).state.value,
                }
                for order in orders
            ]
        }

    limit = None if approval_above is None else str(approval_above)
    return once(work, "stock.write_orders", {**asked, "limit": limit}, act)


def take_step(
    work: UnitOfWork,
    order: str,
    step: OrderStep,
    *,
    approval_above: Decimal | None = None,
    part: str = "",
    promised_at: datetime | None = None,
    reason: str = "",
) -> Reply:
    """Take one step of an order, by who acts, now: ``{"order": id, "state": word}``.

    Args:
        work: the unit of work.
        order: order id.
        step: what is done.
        approval_above: what an order may cost without somebody else's approval; None: as agreed for its supplier. Asked
            only before it is sent: what was sent was sent.
        part: the line a confirmation is about; empty: every line.
        promised_at: the date confirmed; for a confirmation only.
        reason: why nothing more comes; for closing only.

    Raises:
        Refusal: ``supply.order_unknown``; as `inventory.supply.ordering.standing`.
    """
    fact = OrderFact(order, step, work.now, work.actor, part, promised_at, reason)

    def act() -> Reply:
        _queue(work)
        found, facts, received = _found(work.connection, work.region, order)
        limit = NO_LIMIT
        if step in {OrderStep.APPROVE, OrderStep.SEND}:
            limit = approval_limit(work.connection, work.region, found.supplier, said=approval_above)
        after = standing(found, (*facts, fact), approval_above=limit, received=received)
        row = {
            "order_id": order,
            "step": step,
            "at": fact.at,
            "done_by": fact.by,
            "part_id": part,
            "promised_at": fact.promised_at,
            "reason": fact.reason,
        }
        _insert(work, OrderStepRow, _last(work, OrderStepRow) + 1, row)
        _told_to_the_ledger(work, after, fact, received)
        work.record(f"stock.order_{step.value}", order, part=part)
        return {"order": order, "state": after.state.value}

    told = {
        "order": order,
        "step": step.value,
        "limit": None if approval_above is None else str(approval_above),
        "part": part,
        "promised_at": fact.promised_at and fact.promised_at.isoformat(),
        "reason": reason,
    }
    return once(work, "stock.order_step", told, act)


def _told_to_the_ledger(
    work: UnitOfWork, after: OrderStanding, fact: OrderFact, received: Mapping[str, int]
) -> None:
    """Keep the lines on order in step with the fold."""
    line, step = PurchaseOrderLineRow.c, fact.step
    mine = (line.region_id == work.region, line.order_id == after.order.id)
    if step is OrderStep.CANCEL or after.state is OrderState.CANCELLED:
        work.connection.execute(delete(PurchaseOrderLineRow).where(*mine))
    elif step is OrderStep.CLOSE:
        left = {sent.part: sent.quantity for sent in after.lines(received)}
        work.connection.execute(delete(PurchaseOrderLineRow).where(*mine, line.part_id.not_in(left)))
        for part, quantity in left.items():
            work.connection.execute(
                update(PurchaseOrderLineRow)
                .where(*mine, line.part_id == part)
                .values(quantity=quantity, **_written(work))
            )
    elif step is OrderStep.SEND:
        last = _last(work, PurchaseOrderLineRow)
        came = _came_before(work, after.order.id)
        for at, sent in enumerate(after.lines({}), start=last + 1):
            row = {
                "order_id": sent.order,
                "supplier_id": sent.supplier,
                "part_id": sent.part,
                "quantity": sent.quantity,
                "to_place": sent.to_place,
                "ordered_at": sent.ordered_at,
                "promised_at": sent.promised_at,
                "received": max(0, came[sent.order, sent.part]),
                "later_promised_at": (),
            }
            _insert(work, PurchaseOrderLineRow, at, row)
    elif step is OrderStep.CONFIRM:
        there = work.connection.execute(
            select(line.part_id, line.promised_at, line.later_promised_at).where(*mine).order_by(line.part_id)
        ).all()
        for known in there:
            if fact.part not in {"", known.part_id}:
                continue
            # The first date stays, it is what the supplier is measured by; the last is expected.
            later = () if known.promised_at is None else (*known.later_promised_at, fact.promised_at)
            work.connection.execute(
                update(PurchaseOrderLineRow)
                .where(*mine, line.part_id == known.part_id)
                .values(
                    promised_at=known.promised_at or fact.promised_at,
                    later_promised_at=later,
                    **_written(work),
                )
            )


def _came_before(work: UnitOfWork, order: str) -> Counter[tuple[str, str]]:
    """What came by an order before it was sent is not still to come."""
    ledger = moves_of_document(work.connection, work.region, order)
    names = {place for move in ledger for place in (move.from_place, move.to_place)}
    return arrivals(ledger, known_places(work.connection, work.region, names))


def _found(
    connection: Connection, region: str, order: str
) -> tuple[Order, tuple[OrderFact, ...], dict[str, int]]:
    draft, step, line = OrderDraftRow.c, OrderStepRow.c, PurchaseOrderLineRow.c
    rows = connection.execute(
        select(OrderDraftRow)
        .where(draft.region_id == region, draft.order_id == order)
        .order_by(draft.position)
    ).mappings()
    found = orders_of(
        DraftLine(
            row["order_id"],
            row["supplier_id"],
            row["to_place"],
            row["part_id"],
            row["quantity"],
            row["price"],
            row["made_at"],
            row["made_by"],
        )
        for row in rows
    )
    if not found:
        raise Refusal("supply.order_unknown", order=order[:64])
    steps = connection.execute(
        select(OrderStepRow).where(step.region_id == region, step.order_id == order).order_by(step.position)
    ).mappings()
    facts = tuple(
        OrderFact(
            row["order_id"],
            row["step"],
            row["at"],
            row["done_by"],
            row["part_id"],
            row["promised_at"],
            row["reason"],
        )
        for row in steps
    )
    arrived = connection.execute(
        select(line.part_id, line.received).where(line.region_id == region, line.order_id == order)
    )
    return found[0], facts, {row.part_id: row.received for row in arrived}


def _queue(work: UnitOfWork) -> None:
    """Wait for whoever writes or steps an order in this region."""
    work.connection.execute(
        select(RegionRow.c.id).where(RegionRow.c.id == work.region).with_for_update(key_share=True)
    )


def _last(work: UnitOfWork, table: Table) -> int:
    last = select(func.max(table.c.position)).where(table.c.region_id == work.region)
    return work.connection.execute(last).scalar() or 0


def _check(work: UnitOfWork, order: Order) -> None:
    for table in (OrderDraftRow, PurchaseOrderLineRow):
        taken = select(table.c.order_id).where(table.c.region_id == work.region, table.c.order_id == order.id)
        if work.connection.execute(taken.limit(1)).scalar():
            raise Refusal("stock.duplicate", id=order.id)
    known = select(SupplierRow.c.supplier_id).where(
        SupplierRow.c.region_id == work.region, SupplierRow.c.supplier_id == order.supplier
    )
    if not work.connection.execute(known).scalar():
        raise Refusal("stock.unknown_supplier", supplier=order.supplier[:64])
    place_of(work, order.to_place)
    parts = catalogued(work.connection, work.region, (line.part for line in order.lines))
    for line in order.lines:
        if line.part not in parts:
            raise Refusal("stock.unknown_part", part=line.part[:64])


def _draft_row(line: DraftLine) -> dict[str, object]:
    return {
        "order_id": line.order,
        "supplier_id": line.supplier,
        "to_place": line.to_place,
        "part_id": line.part,
        "quantity": line.quantity,
        "price": line.price,
        "made_at": line.made_at,
        "made_by": line.made_by,
    }


def _written(work: UnitOfWork) -> dict[str, Any]:
    """Who wrote a row, from where, when, by which command."""
    return {
        "written_by": work.actor,
        "written_from": work.device,
        "written_at": work.now,
        "written_key": work.key,
    }


def _insert(work: UnitOfWork, table: Table, position: int, row: dict[str, object]) -> None:
    whole = row | {"region_id": work.region, "position": position} | _written(work)
    check_fits(table, whole)
    work.connection.execute(insert(table).values(**whole))
