"""Who a delivery is from, and what may still come by it: its document is an order that was sent, or a return."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from sqlalchemy import select

from inventory.catalogue.place import PlaceKind
from inventory.stock.move import Move
from inventory.stock.transfer import Goods
from inventory.supply.disposition import Disposition
from inventory.supply.ordering import OrderStep
from inventory.supply.purchasing import PurchaseOrderLine
from inventory.supply.receipt import brought
from inventory.supply.returned import Disposed, duties
from inventory.supply.shipment import room
from kernel.errors import Refusal
from storage.dataset.claim_tables import DELIVERY_NOTES
from storage.dataset.quality_tables import ORDER_DRAFTS, ORDER_STEPS
from storage.dataset.supply_tables import PURCHASE_ORDERS
from storage.stock.agreed import agreement_with
from storage.stock.facts import told
from storage.stock.locks import known_places
from storage.stock.queries import moves_of_document
from storage.stock.stands import decided
from storage.tables.catalogue import PurchaseOrderLineRow, SupplierRow
from storage.tables.claim import DeliveryNoteRow, DispositionRow
from storage.tables.quality import OrderDraftRow, OrderStepRow
from storage.unit_of_work import UnitOfWork

NEAR = 3
"""Documents of much the same name that a refusal shows at most."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends what comes by a document.

    Args:
        supplier: supplier id; empty: the document says nobody.
        left: units that may still come, by part; a part that is not in it comes as it comes.
        noted: it is a delivery note: neither an order nor a return of ours says who sends it.
    """

    supplier: str
    left: Mapping[str, int]
    noted: bool = False


def sender(work: UnitOfWork, document: str, supplier: str = "") -> Sender:
    """Say who sends a delivery: who the order was sent to, who owes for the return, else who is said to.

    Beyond an order nothing is turned away unless its supplier's agreement says how much may come; beyond what is owed for a
    return everything is.

    Raises:
        Refusal: ``stock.unknown_supplier``; ``supply.order_of_another`` when the document is another's; ``supply.not_sent`` and
            ``supply.order_cancelled`` for an order nobody is to deliver; ``supply.sender_unknown`` and
            ``supply.sender_unknown_near`` when neither document nor command says.
    """
    check_supplier(work, supplier)
    lines = told(work.connection, work.region, PURCHASE_ORDERS, PurchaseOrderLineRow, order_id=document)
    if lines:
        share = agreement_with(work.connection, work.region, lines[0].supplier).over_share
        left = {} if share is None else {line.part: room(line, over_share=share) for line in lines}
        return Sender(_one_of(document, lines, supplier), left)
    returned = returns_by(work, document)
    if returned:
        ledger, kinds = moved_by(work, document)
        owed = dict.fromkeys((row.part for row in returned), 0)
        for duty in duties(returned, ledger, kinds, now=work.now):
            owed[duty.about.part] += duty.left
        return Sender(_one_of(document, returned, supplier), owed)
    if told(work.connection, work.region, ORDER_DRAFTS, OrderDraftRow, order_id=document):
        steps = told(work.connection, work.region, ORDER_STEPS, OrderStepRow, order_id=document)
        over = any(step.step in {OrderStep.CANCEL, OrderStep.CLOSE} for step in steps)
        raise Refusal("supply.order_cancelled" if over else "supply.not_sent", order=document[:64])
    noted = noted_by(work, document)
    if not (supplier or noted):
        raise _unknown(work, document)
    return Sender(_same(document, noted, supplier), {}, noted=True)


def sold_by(work: UnitOfWork, document: str, supplier: str = "") -> str:
    """Say whose goods came by a document: as it says, else as said; empty: nobody knows.

    Raises:
        Refusal: ``stock.unknown_supplier``, ``supply.order_of_another``.
    """
    check_supplier(work, supplier)
    rows = (
        *told(work.connection, work.region, PURCHASE_ORDERS, PurchaseOrderLineRow, order_id=document),
        *returns_by(work, document),
    )
    return _one_of(document, rows, supplier) if rows else _same(document, noted_by(work, document), supplier)


def noted_by(work: UnitOfWork, document: str) -> str:
    """Who was said to have sent what came by a delivery note, as long as any of it stands; empty: nobody."""
    notes = told(work.connection, work.region, DELIVERY_NOTES, DeliveryNoteRow, document=document)
    # A delivery taken back whole says nothing any more: it may have been the wrong supplier's.
    return notes[-1].supplier if notes and brought(*moved_by(work, document), document) else ""


def check_supplier(work: UnitOfWork, supplier: str) -> None:
    """Refuse a supplier that is none; empty is nobody.

    Raises:
        Refusal: ``stock.unknown_supplier``.
    """
    known = select(SupplierRow.c.supplier_id).where(
        SupplierRow.c.region_id == work.region, SupplierRow.c.supplier_id == supplier
    )
    if supplier and not work.connection.execute(known).scalar():
        raise Refusal("stock.unknown_supplier", supplier=supplier[:64])


def check_record(work: UnitOfWork, document: str, supplier: str) -> None:
    """Refuse the document of an order or delivery as the record of a decision: what came by it would settle what is owed.

    Raises:
        Refusal: ``supply.record_of_delivery``; ``supply.record_of_another`` when goods of another supplier went back by it.
    """
    orders = (
        *told(work.connection, work.region, PURCHASE_ORDERS, PurchaseOrderLineRow, order_id=document),
        *told(work.connection, work.region, ORDER_DRAFTS, OrderDraftRow, order_id=document),
    )
    returned = returns_by(work, document)
    if orders or (not returned and brought(*moved_by(work, document), document)):
        raise Refusal("supply.record_of_delivery", document=document[:64])
    for row in returned:
        if supplier and row.supplier != supplier:
            raise Refusal(
                "supply.record_of_another", document=document, supplier=row.supplier, other=supplier
            )


def check_delivered(work: UnitOfWork, document: str, goods: Goods, quantity: int) -> int:
    """Refuse more goods of a delivery than came by it less what left the house of it: what was reworked or waived is still here.

    Returns:
        Units that came by it with that lot.

    Raises:
        Refusal: ``supply.more_than_delivered``.
    """
    came = brought(*moved_by(work, document), document)[goods.part, goods.lot]
    rows = decided(work.connection, work.region, part_id=goods.part)
    gone = sum(
        row.quantity
        for row in rows
        if (row.delivery, row.lot) == (document, goods.lot) and row.way in _LEAVES
    )
    if quantity > came - gone:
        raise Refusal(
            "supply.more_than_delivered",
            part=goods.part,
            document=document[:64],
            came=came,
            gone=gone,
            wanted=quantity,
        )
    return came


_LEAVES = frozenset({Disposition.RETURN, Disposition.SCRAP})


def returns_by(work: UnitOfWork, document: str) -> list[Disposed]:
    """What went back to suppliers by a document."""
    rows = decided(work.connection, work.region, document=document)
    return [row for row in rows if row.way is Disposition.RETURN]


def moved_by(work: UnitOfWork, document: str) -> tuple[tuple[Move, ...], dict[str, PlaceKind]]:
    """The moves of a document, and the kinds of the places they name."""
    ledger = moves_of_document(work.connection, work.region, document)
    names = {place for move in ledger for place in (move.from_place, move.to_place)}
    places = known_places(work.connection, work.region, names)
    return ledger, {place.id: place.kind for place in places.values()}


def _same(document: str, noted: str, said: str) -> str:
    if noted and said not in {"", noted}:
        raise Refusal("supply.order_of_another", order=document, supplier=noted, other=said)
    return said or noted


def _one_of(document: str, rows: Iterable[PurchaseOrderLine | Disposed], said: str) -> str:
    suppliers = {row.supplier for row in rows}
    if said and said not in suppliers:
        raise Refusal("supply.order_of_another", order=document, supplier=min(suppliers), other=said)
    return said or min(suppliers)


def _unknown(work: UnitOfWork, document: str) -> Refusal:
    line, row = PurchaseOrderLineRow.c, DispositionRow.c
    back = row.way == Disposition.RETURN
    names: Iterable[str] = {
        *work.connection.execute(
            select(line.order_id).where(line.region_id == work.region, line.received < line.quantity)
        ).scalars(),
        *work.connection.execute(select(row.document).where(row.region_id == work.region, back)).scalars(),
    }
    near = get_close_matches(document, sorted(names), n=NEAR)
    if near:
        return Refusal("supply.sender_unknown_near", document=document[:64], near=", ".join(near))
    return Refusal("supply.sender_unknown", document=document[:64])
