"""How suppliers and orders stand, whole: what a storekeeper asks before ordering, receiving, inspecting or complaining."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from inventory.catalogue.place import PHYSICAL, PlaceKind
from inventory.stock.move import Condition, Move
from inventory.stockroom import Stockroom, looked_again, lots_inspected
from inventory.stockroom import decided as decisions
from inventory.supply.corrective import Report, reports
from inventory.supply.defective import Defective, defectives
from inventory.supply.disposition import Disposition
from inventory.supply.inspected import standing_of
from inventory.supply.limits import InspectionLimit, agreement_for, limit_for
from inventory.supply.ordering import (
    ALWAYS_ASKED,
    NO_LIMIT,
    OrderState,
    OrderStep,
    orders_of,
    standing,
    state_of,
)
from inventory.supply.purchasing import PurchaseOrderLine
from inventory.supply.reinspection import Due, due_for_inspection
from inventory.supply.returned import Duty, duties
from inventory.supply.shipment import OnTheWay, is_complete, on_the_way
from inventory.supply.skipped import SkipState, skip_state
from inventory.supply.switching import Standing
from inventory.supply.waiting import Waiting, waiting
from kernel.errors import Refusal
from kernel.ids import natural_key


@dataclass(frozen=True, slots=True)
class LineStanding:
    """One part of an order at a moment: received = accepted + held + what was decided on.

    Args:
        part: part id.
        ordered: units ordered.
        received: units that have arrived and were not turned away.
        accepted: of these, on the shelf, those taken on waiver too.
        held: in quarantine: they wait for their inspection, or failed and are not decided on.
        decided: units that left quarantine by a decision, by way; those waived are accepted. What was found bad on the shelf
            afterwards and decided on is accepted no longer.
        open: units still to come.
        complete: enough has come, as far as the supplier's agreement tolerates fewer.
        promises: dates confirmed, as they came: the first is judged, the last expected.
        coming: units the supplier says are on their way.
        late: the last date confirmed has passed and the line is not complete.
    """

    part: str
    ordered: int
    received: int
    accepted: int
    held: int
    decided: Mapping[Disposition, int]
    open: int
    complete: bool
    promises: tuple[datetime, ...]
    coming: int
    late: bool


@dataclass(frozen=True, slots=True)
class WholeOrder:
    """An order at a moment.

    Args:
        id: natural key.
        supplier: supplier id.
        place: where it is to arrive.
        state: where it is on its way.
        cost: what all lines cost; None: it was not written here.
        made_by: who wrote it; empty: not known.
        approved_by: who approved it; empty: nobody had to, or nobody has.
        sent_at: when it went out; None: not yet.
        lines: in the order's own order.
    """

    id: str
    supplier: str
    place: str
    state: OrderState
    cost: Decimal | None
    made_by: str
    approved_by: str
    sent_at: datetime | None
    lines: tuple[LineStanding, ...]


def whole_order(stock: Stockroom, order: str, *, now: datetime) -> WholeOrder:
    """Give an order as it stands.

    Raises:
        Refusal: ``supply.order_unknown``.
    """
    lines = [row for row in stock.purchase_orders if row.order == order and row.ordered_at <= now]
    written = orders_of(row for row in stock.order_drafts if row.order == order)
    if not lines and not written:
        raise Refusal("supply.order_unknown", order=order[:64])
    shown = tuple(_line(stock, row, now) for row in lines)
    if not written:
        first = lines[0]
        return WholeOrder(
            order, first.supplier, first.to_place, state_of(lines), None, "", "", first.ordered_at, shown
        )
    (draft,) = written
    facts = [row for row in stock.order_steps if row.order == order and row.at <= now]
    sent = any(row.step is OrderStep.SEND for row in facts)
    agreed = agreement_for(stock.agreements, draft.supplier).approval_above
    limit = NO_LIMIT if sent else ALWAYS_ASKED if agreed is None else agreed
    stands = standing(
        draft,
        facts,
        approval_above=limit,
        received={row.part: row.received for row in lines},
    )
    to_come = tuple(
        LineStanding(line.part, line.quantity, 0, 0, 0, {}, line.quantity, False, (), 0, False)
        for line in draft.lines
    )
    return WholeOrder(
        order,
        draft.supplier,
        draft.to_place,
        stands.state,
        draft.cost,
        draft.made_by,
        stands.approved_by,
        stands.sent_at,
        shown or to_come,
    )


def _line(stock: Stockroom, line: PurchaseOrderLine, now: datetime) -> LineStanding:
    kinds = {place.id: place.kind for place in stock.places}
    net = dict.fromkeys(Condition, 0)
    for move in stock.moves:
        if (move.source_document, move.part) == (line.order, line.part) and move.at <= now:
            net[move.condition] += _gained(move, kinds)
    decided: dict[Disposition, int] = {}
    for row in decisions(stock, now=now):
        if (row.delivery, row.part) == (line.order, line.part):
            decided[row.way] = decided.get(row.way, 0) + row.quantity
    under = agreement_for(stock.agreements, line.supplier).under_share
    complete = is_complete(line, under_share=under)
    under_way = sum(
        row.left
        for row in coming(stock, now=now)
        if (row.shipment.order, row.shipment.part) == (line.order, line.part)
    )
    promises = (*(() if line.promised_at is None else (line.promised_at,)), *line.later)
    held = net[Condition.QUARANTINED] - sum(decided.values())
    return LineStanding(
        line.part,
        line.quantity,
        line.received,
        net[Condition.USABLE] + decided.get(Disposition.WAIVER, 0) + min(held, 0),
        max(held, 0),
        decided,
        line.outstanding,
        complete,
        promises,
        under_way,
        late=not complete and line.expected is not None and line.expected < now,
    )


def _gained(move: Move, kinds: Mapping[str, PlaceKind]) -> int:
    """Units a move brings into our places; below nothing: takes out of them."""
    into, out = (kinds.get(place) in PHYSICAL for place in (move.to_place, move.from_place))
    return move.quantity * (into - out)


@dataclass(frozen=True, slots=True)
class PartStanding:
    """How strictly the next lot of a supplier's part is inspected.

    Args:
        part: part id.
        standing: the switching rules' own account.
        lots: lots inspected so far.
        limit: what is laid down; None: nothing is.
        skip: where skip-lot inspection stands; None: every lot is looked at.
    """

    part: str
    standing: Standing
    lots: int
    limit: InspectionLimit | None
    skip: SkipState | None


def inspection_standings(stock: Stockroom, supplier: str, *, now: datetime) -> tuple[PartStanding, ...]:
    """Every part of a supplier that was inspected or has to be, in natural order.

    Raises:
        Refusal: ``stock.unknown_supplier``.
    """
    if supplier not in {row.id for row in stock.suppliers}:
        raise Refusal("stock.unknown_supplier", supplier=supplier[:64])
    classes = {row.part: row.part_class for row in stock.part_classes}
    seen = [row for row in lots_inspected(stock, now=now) if row.supplier == supplier]
    skipped = [row for row in stock.lots_skipped if row.supplier == supplier and row.at <= now]
    sold = {row.part for row in stock.terms if row.supplier == supplier}
    found: list[PartStanding] = []
    for part in sorted(sold | {row.part for row in seen}, key=natural_key):
        limit = limit_for(stock.inspection_limits, supplier, part, classes=classes)
        own = [row for row in seen if row.part == part]
        if not own and (limit is None or not limit.inspects):
            continue
        may_reduce = limit is None or limit.may_reduce
        stands = standing_of(own, supplier, part, may_reduce=may_reduce)
        lots_passed = limit is not None and limit.skipping is not None
        skip = skip_state(limit, supplier, part, own, skipped) if limit is not None and lots_passed else None
        found.append(PartStanding(part, stands, len(own), limit, skip))
    return tuple(found)


def open_duties(stock: Stockroom, *, now: datetime) -> tuple[Duty, ...]:
    """What suppliers still owe for goods sent back, the earliest due first."""
    kinds = {place.id: place.kind for place in stock.places}
    return duties(decisions(stock, now=now), stock.moves, kinds, stock.remedy_promises, now=now)


def open_reports(stock: Stockroom, *, now: datetime) -> tuple[Report, ...]:
    """8D reports that are not closed, longest due first."""
    done = [row for row in stock.corrective_steps if row.at <= now]
    found = [
        (row.waiting_for, row) for row in reports(stock.nonconformances, done, stock.agreements, now=now)
    ]
    waiting = [(step.due_at, row.about.id, row) for step, row in found if step is not None]
    return tuple(row for _, _, row in sorted(waiting, key=lambda item: item[:2]))


def coming(stock: Stockroom, *, now: datetime) -> tuple[OnTheWay, ...]:
    """Shipments of orders not received, the earliest expected first: those that are late come before all others.

    What was sent on an order that was cancelled afterwards is nobody's goods any more.
    """
    ordered = {(row.order, row.part) for row in stock.purchase_orders}
    told = (row for row in stock.shipments if (row.order, row.part) in ordered)
    return on_the_way(told, stock.purchase_orders, now=now, agreements=stock.agreements)


def held(stock: Stockroom, *, now: datetime) -> tuple[Waiting, ...]:
    """What lies in quarantine or is owed for what lay there, and which decision it waits for; see `inventory.supply.waiting.waiting`."""
    kinds = {place.id: place.kind for place in stock.places}
    inspected, decided_on = lots_inspected(stock, now=now), decisions(stock, now=now)
    sent_back = {row.document: row.supplier for row in decided_on if row.way is Disposition.RETURN}
    noted = {row.document: row.supplier for row in stock.delivery_notes if row.at <= now}
    sold_by = noted | sent_back | {row.order: row.supplier for row in stock.purchase_orders}
    # What no order, return or delivery note says of a delivery, its inspection or its lot does.
    suppliers = {(row.receipt_document, row.part, row.id): row.supplier for row in stock.lots}
    suppliers |= {(row.document, row.part, row.lot): row.supplier for row in inspected}
    suppliers |= {
        (move.source_document, move.part, move.lot): sold_by[move.source_document]
        for move in stock.moves
        if move.source_document in sold_by
    }
    return waiting(
        stock.moves,
        kinds,
        inspections=inspected,
        disposed=decided_on,
        owed=open_duties(stock, now=now),
        suppliers=suppliers,
        now=now,
    )


def defective(stock: Stockroom, homes: Mapping[str, str], *, now: datetime) -> tuple[Defective, ...]:
    """Damaged units on shelves and in vans nobody has decided on; see `inventory.supply.defective.defectives`."""
    return defectives(stock.moves, {place.id: place.kind for place in stock.places}, homes, now=now)


def to_look_at(stock: Stockroom, *, now: datetime, ahead_days: int, zone_name: str) -> tuple[Due, ...]:
    """What has lain too long on a shelf; see `inventory.supply.reinspection.due_for_inspection`."""
    return due_for_inspection(
        stock.moves,
        {place.id: place.kind for place in stock.places},
        classes={row.part: row.part_class for row in stock.part_classes},
        rules=stock.reinspection_rules,
        looked_at=looked_again(stock, now=now),
        now=now,
        ahead_days=ahead_days,
        zone_name=zone_name,
    )
