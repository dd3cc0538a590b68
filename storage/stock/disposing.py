"""Out of quarantine: what goods become that were held back, and what their supplier owes for it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import RowMapping, select

from inventory.stock.document import Line, moves
from inventory.stock.move import Condition
from inventory.supply.disposition import Decision, Disposition, SupplierRemedy, disposed
from inventory.supply.returned import Disposed
from kernel.errors import Refusal
from storage.appended import queue
from storage.dataset.claim_tables import DISPOSITIONS
from storage.idempotency import Reply, once
from storage.stock.agreed import agreement_with
from storage.stock.facts import keep
from storage.stock.judged import posted
from storage.stock.post import prepare
from storage.stock.ways import Ways, check_ways
from storage.tables.catalogue import SupplierRow
from storage.tables.claim import DispositionRow
from storage.tables.quality import LotInspectionRow
from storage.unit_of_work import UnitOfWork


def dispose(
    work: UnitOfWork,
    document: str,
    goods: Line,
    ways: Ways,
    *,
    way: Disposition,
    remedy: SupplierRemedy | None = None,
    supplier: str = "",
    delivery: str = "",
    due_at: datetime | None = None,
) -> Reply:
    """Decide what goods held in quarantine become. Who last inspected them waives nothing.

    Args:
        work: the unit of work; its actor decides.
        document: the record of the decision; what the supplier sends for a return comes by it.
        goods: what lies in quarantine: part, quantity, lot, serial, reason; other fields are not read.
        ways: the places.
        way: what becomes of them.
        remedy: what the supplier owes; for a return only.
        supplier: who sold them; empty: whose lot of this part was inspected last.
        delivery: the order or delivery they came by; empty: that of the same lot.
        due_at: when the remedy is due; None: as agreed with the supplier.

    Returns:
        ``{"disposition": id, "moves": [ids], "supplier", "remedy", "due_at"}``; remedy and due_at empty but for a return.

    Raises:
        Refusal: as `inventory.supply.disposition.Decision` and `inventory.supply.returned.Disposed`;
            ``stock.unknown_supplier``; ``supply.place_missing`` without the place that way needs; as
            `inventory.stock.ledger.apply`.
    """

    def act() -> Reply:
        queue(work)
        check_ways(work, ways)
        needs = {
            Disposition.SCRAP: ways.scrap,
            Disposition.REWORK: ways.workshop,
            Disposition.WAIVER: ways.shelf,
        }
        for needed, place in needs.items():
            if way is needed and not place:
                raise Refusal("supply.place_missing", way=way.value)
        held = Line(
            goods.part,
            goods.quantity,
            ways.quarantine,
            ways.adjustment,
            Condition.QUARANTINED,
            lot=goods.lot,
            serial=goods.serial,
            reason=goods.reason,
        )
        last = _last_inspected(work, goods.part, goods.lot)
        decision = Decision(held, way, work.actor, last["inspected_by"], remedy)
        fact = _fact(work, document, decision, last, supplier=supplier, delivery=delivery, due_at=due_at)
        lines = disposed(
            decision,
            supplier=ways.supplier,
            scrap=ways.scrap,
            workshop=ways.workshop,
            shelf=ways.shelf,
            adjustment=ways.adjustment,
        )
        made = moves(work.envelope, document, lines, reason=way.value)
        reply = posted(work, "stock.dispose", document, prepare(work, made))
        keep(work, DISPOSITIONS, DispositionRow, [fact])
        work.record("stock.disposed", document, way=way.value, owed=remedy.value if remedy else "")
        return reply | {
            "disposition": fact.id,
            "supplier": fact.supplier,
            "remedy": remedy.value if remedy else "",
            "due_at": fact.due_at.isoformat() if fact.due_at else "",
        }

    content = {
        "document": document,
        "goods": [goods.part, goods.quantity, goods.lot, goods.serial, goods.reason],
        "ways": asdict(ways),
        "way": way.value,
        "remedy": remedy.value if remedy else None,
        "about": [supplier, delivery, due_at and due_at.isoformat()],
    }
    return once(work, "stock.dispose", content, act)


def _fact(
    work: UnitOfWork,
    document: str,
    decision: Decision,
    last: RowMapping | dict[str, Any],
    *,
    supplier: str,
    delivery: str,
    due_at: datetime | None,
) -> Disposed:
    """What is kept of a decision; what was not said of the goods is what their last inspection says."""
    if supplier:
        known = select(SupplierRow.c.supplier_id).where(
            SupplierRow.c.region_id == work.region, SupplierRow.c.supplier_id == supplier
        )
        if not work.connection.execute(known).scalar():
            raise Refusal("stock.unknown_supplier", supplier=supplier[:64])
    seller = supplier or last["supplier_id"]
    same = seller == last["supplier_id"]
    if decision.way is Disposition.RETURN and seller and due_at is None:
        days = agreement_with(work.connection, work.region, seller).remedy_days
        due_at = work.now + timedelta(days=days)
    goods = decision.goods
    return Disposed(
        id=work.key,
        at=work.now,
        document=document,
        part=goods.part,
        quantity=goods.quantity,
        way=decision.way,
        by=work.actor,
        supplier=seller,
        delivery=delivery or (last["document"] if same else ""),
        lot=goods.lot,
        serial=goods.serial,
        remedy=decision.remedy,
        due_at=due_at,
    )


def _last_inspected(work: UnitOfWork, part: str, lot: str) -> RowMapping | dict[str, Any]:
    row = LotInspectionRow.c
    query = select(row.inspected_by, row.supplier_id, row.document).where(
        row.region_id == work.region, row.part_id == part
    )
    if lot:
        query = query.where(row.lot_id == lot)
    found = work.connection.execute(query.order_by(row.position.desc()).limit(1)).mappings().first()
    return found or {"inspected_by": "", "supplier_id": "", "document": ""}
