"""From the supplier's van into the house: take a delivery in, line by line.

As `storage.stock.commands` in all else. What the region has laid down says which lines wait for an inspection, which of
those are passed over this time, and what beyond an order is turned away; deliveries of a region are taken in one after
the other, so that two at once cannot both count as the next.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, replace

from sqlalchemy import select

from inventory.stock.document import moves
from inventory.supply.inspection import Arrival, Split, split
from inventory.supply.purchasing import PurchaseOrderLine
from inventory.supply.shipment import turned_away
from inventory.supply.skipped import LotSkipped, is_skipped
from kernel.errors import Refusal
from storage.appended import queue
from storage.dataset.inspection_tables import LOTS_SKIPPED
from storage.dataset.supply_tables import PURCHASE_ORDERS
from storage.idempotency import Reply, once
from storage.stock.agreed import agreement_with, limit_of, skip_state_of
from storage.stock.facts import keep, told
from storage.stock.orders import count_arrivals
from storage.stock.post import prepare, write
from storage.stock.queries import catalogued
from storage.stock.ways import Ways, check_ways
from storage.tables.catalogue import PurchaseOrderLineRow, SupplierRow
from storage.tables.quality import LotSkippedRow
from storage.unit_of_work import UnitOfWork


def take_in(
    work: UnitOfWork,
    document: str,
    arrivals: Sequence[Arrival],
    ways: Ways,
    *,
    inspected: Collection[str] = (),
    supplier: str = "",
) -> Reply:
    """Take a delivery in: ``{"lines": [...], "moves": [ids]}``; a line that cannot be holds up no other.

    Each line of the answer says part, accepted, quarantined, rejected, surplus (of the rejected: beyond the order),
    skipped (empty, or why it is not looked at: in_a_row, share), and refused: empty, or code and values.

    Args:
        work: the unit of work.
        document: the delivery; where it is a purchase order its lines count what arrived.
        arrivals: as counted at the door.
        ways: the places.
        inspected: parts that wait in quarantine for their inspection whatever is laid down.
        supplier: who sends it; empty: who the order was sent to, else nobody known.

    Raises:
        Refusal: ``stock.unknown_place``, ``supply.place_kind``, ``stock.unknown_supplier``, ``supply.order_of_another``;
            what concerns one line is in the answer.
    """

    def act() -> Reply:
        queue(work)
        check_ways(work, ways)
        ordered = _ordered(work, document)
        sender = _sender(work, document, ordered, supplier)
        share = agreement_with(work.connection, work.region, sender).over_share
        at_the_door = turned_away(arrivals, ordered, over_share=share)
        waits = _Waits(work, document, sender, frozenset(inspected))
        judged = [waits.decide(arrival) for arrival, _ in at_the_door]
        parts = catalogued(work.connection, work.region, {row.part for row in arrivals})
        done = [
            split(
                [arrival],
                {arrival.part} if held else (),
                parts=parts,
                supplier=ways.supplier,
                shelf=ways.shelf,
                quarantine=ways.quarantine,
            )[0]
            for (arrival, _), (held, _) in zip(at_the_door, judged, strict=True)
        ]
        answers, new = _posted_each(work, document, done)
        passed: list[LotSkipped] = []
        for answer, (_, surplus), (_, skipped) in zip(answers, at_the_door, judged, strict=True):
            stands = answer["refused"] is None
            answer["surplus"] = surplus if stands else 0
            answer["skipped"] = skipped.said if skipped and stands else None
            passed += [skipped.fact] if skipped and stands else []
        keep(work, LOTS_SKIPPED, LotSkippedRow, passed)
        work.record("stock.take_in", document, moves=new)
        return {"lines": answers, "moves": new}

    content = {
        "document": document,
        "arrivals": [[r.part, r.quantity, r.rejected, r.lot, list(r.serials)] for r in arrivals],
        "ways": asdict(ways),
        "inspected": sorted(inspected),
        "supplier": supplier,
    }
    return once(work, "stock.take_in", content, act)


def _ordered(work: UnitOfWork, document: str) -> dict[str, PurchaseOrderLine]:
    """The lines of the order a delivery comes by, by part; none when it comes by no order."""
    rows = told(work.connection, work.region, PURCHASE_ORDERS, PurchaseOrderLineRow, order_id=document)
    return {row.part: row for row in rows}


def _sender(work: UnitOfWork, document: str, ordered: dict[str, PurchaseOrderLine], supplier: str) -> str:
    senders = {row.supplier for row in ordered.values()}
    if not supplier:
        return next(iter(senders), "")
    known = select(SupplierRow.c.supplier_id).where(
        SupplierRow.c.region_id == work.region, SupplierRow.c.supplier_id == supplier
    )
    if not work.connection.execute(known).scalar():
        raise Refusal("stock.unknown_supplier", supplier=supplier[:64])
    if senders and supplier not in senders:
        raise Refusal("supply.order_of_another", order=document, supplier=min(senders), other=supplier)
    return supplier


@dataclass(frozen=True, slots=True)
class _Skipped:
    """A lot that is not looked at: the fact, and what is said of it."""

    fact: LotSkipped
    said: dict[str, object]


class _Waits:
    """Which lines of one delivery wait for their inspection; lines of one part count one after another."""

    def __init__(self, work: UnitOfWork, document: str, supplier: str, always: frozenset[str]) -> None:
        self.work = work
        self.document = document
        self.supplier = supplier
        self.always = always
        self.passed: dict[str, int] = {}

    def decide(self, arrival: Arrival) -> tuple[bool, _Skipped | None]:
        """Whether a line waits, and why it does not where its part is inspected."""
        work, part = self.work, arrival.part
        if part in self.always:
            return True, None
        limit = limit_of(work.connection, work.region, self.supplier, part)
        if limit is None or not limit.inspects:
            return False, None
        taken = arrival.quantity - arrival.rejected
        if limit.skipping is None or not self.supplier or taken < 1:
            return True, None
        state = skip_state_of(work.connection, work.region, limit, self.supplier, part)
        state = replace(state, seen=state.seen + self.passed.get(part, 0))
        if not is_skipped(limit, state, document=self.document, part=part, lot=arrival.lot):
            return True, None
        self.passed[part] = self.passed.get(part, 0) + 1
        fact = LotSkipped(
            work.now,
            self.supplier,
            part,
            self.document,
            taken,
            state.in_a_row,
            lot=arrival.lot,
            by=work.actor,
        )
        return False, _Skipped(fact, {"in_a_row": state.in_a_row, "share": limit.skipping.fraction})


def _posted_each(
    work: UnitOfWork, document: str, done: Sequence[Split]
) -> tuple[list[dict[str, object]], list[str]]:
    """Post each line for itself; what the ledger refuses of one is told and leaves the others alone."""
    made = iter(
        moves(work.envelope, document, (line for row in done for line in row.lines), reason="received")
    )
    of_line = [[next(made) for _ in row.lines] for row in done]
    answers: dict[int, dict[str, object]] = {}
    new: list[str] = []
    # Locks are taken in the order of parts, as everywhere: two deliveries at once cannot wait for each other.
    for at in sorted(range(len(done)), key=lambda at: (done[at].arrival.part, at)):
        row = done[at]
        refusal = row.refusal
        if refusal is None and of_line[at]:
            waiting = len(work.later)
            try:
                # A line may be refused after part of it was written (a serial that came in elsewhere at this very
                # moment): the savepoint takes that back, and so do the writes that wait for the end.
                with work.connection.begin_nested():
                    prepared = prepare(work, of_line[at])
                    written = write(work, prepared)
                    count_arrivals(work, written, prepared.known.places, prepared.known.ordered)
            except Refusal as caught:
                refusal = caught
                del work.later[waiting:]
            else:
                new += [move.id for move in written]
        taken = (0, 0, 0) if refusal else (row.accepted, row.quarantined, row.rejected)
        answers[at] = {
            "part": row.arrival.part,
            "accepted": taken[0],
            "quarantined": taken[1],
            "rejected": taken[2],
            "refused": {"code": refusal.code, "values": dict(refusal.message.params)} if refusal else None,
        }
    return [answers[at] for at in range(len(done))], new
