"""Out of quarantine: what goods become that were held back, and what their supplier owes for it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from inventory.stock.document import Line, moves
from inventory.stock.move import Condition
from inventory.stock.transfer import Goods
from inventory.supply.disposition import Decision, Disposition, SupplierRemedy, disposed
from inventory.supply.receipt import brought
from inventory.supply.returned import Disposed
from kernel.errors import Refusal
from storage.appended import queue
from storage.dataset.claim_tables import DISPOSITIONS
from storage.idempotency import Reply, once
from storage.stock.agreed import agreement_with
from storage.stock.facts import keep
from storage.stock.judged import posted
from storage.stock.post import prepare
from storage.stock.senders import check_delivered, check_record, moved_by, sold_by
from storage.stock.stands import lots_inspected
from storage.stock.ways import Ways, check_ways
from storage.tables.claim import DispositionRow
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
    """Decide what goods held in quarantine become. Whoever inspected them waives nothing.

    Args:
        work: the unit of work; its actor decides.
        document: the record of the decision, not of an order or delivery; what the supplier sends for a return comes by it.
        goods: what lies in quarantine: part, quantity, lot, serial, reason; other fields are not read.
        ways: the places.
        way: what becomes of them.
        remedy: what the supplier owes; for a return only.
        supplier: who sold them; empty: who sent the delivery, else whose lot with that number was inspected last.
        delivery: the order or delivery they came by; empty: that of the same lot, as far as goods came by it.
        due_at: when the remedy is due; None: as agreed with the supplier.

    Returns:
        ``{"disposition": id, "moves": [ids], "supplier", "remedy", "due_at"}``; remedy and due_at empty but for a return.

    Raises:
        Refusal: as `inventory.supply.disposition.Decision` and `inventory.supply.returned.Disposed`;
            ``supply.place_missing`` without the place that way needs; ``supply.more_than_delivered`` beyond what came by the
            delivery less what left the house of it; as `storage.stock.senders.sold_by` and `check_record`, and as
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
        origin = _origin(work, goods, supplier=supplier, delivery=delivery)
        check_record(work, document, origin.supplier if way is Disposition.RETURN else "")
        decision = Decision(held, way, work.actor, origin.inspected_by, remedy)
        fact = _fact(work, document, decision, origin, due_at=due_at)
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


@dataclass(frozen=True, slots=True)
class _Origin:
    """Where goods in quarantine are from, as far as it is said or known, and everybody who inspected them."""

    supplier: str
    delivery: str
    inspected_by: frozenset[str]


def _origin(work: UnitOfWork, goods: Line, *, supplier: str, delivery: str) -> _Origin:
    """What was not said of the goods is what the last inspection of their lot says."""
    seller = sold_by(work, delivery, supplier)
    found = lots_inspected(work.connection, work.region, part_id=goods.part)
    of_lot = [row for row in found if row.lot == goods.lot and delivery in {"", row.document}]
    if not delivery and of_lot and supplier in {"", of_lot[-1].supplier}:
        last = of_lot[-1].document
        delivery = last if brought(*moved_by(work, last), last)[goods.part, goods.lot] else ""
        of_lot = [row for row in of_lot if row.document == last]
    if delivery:
        check_delivered(work, delivery, Goods(goods.part, lot=goods.lot), goods.quantity)
    if of_lot:
        seller = seller or of_lot[-1].supplier
    return _Origin(seller, delivery, frozenset(row.by for row in of_lot if row.by))


def _fact(
    work: UnitOfWork, document: str, decision: Decision, origin: _Origin, *, due_at: datetime | None
) -> Disposed:
    if decision.way is Disposition.RETURN and origin.supplier and due_at is None:
        days = agreement_with(work.connection, work.region, origin.supplier).remedy_days
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
        supplier=origin.supplier,
        delivery=origin.delivery,
        lot=goods.lot,
        serial=goods.serial,
        remedy=decision.remedy,
        due_at=due_at,
    )
