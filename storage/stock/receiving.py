"""From the supplier's van into the house: take a delivery in, line by line.

As `storage.stock.commands` in all else. What the region has laid down says which lines wait for an inspection, which of
those are passed over this time, and what beyond an order is turned away; deliveries of a region are taken in one after
the other, so that two at once cannot both count as the next.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import accumulate

from inventory.stock.document import moves
from inventory.supply.inspection import Arrival, Split, split
from inventory.supply.receipt import DeliveryNote
from inventory.supply.shipment import turned_away
from inventory.supply.skipped import LotSkipped, is_skipped
from kernel.errors import Refusal
from storage.appended import queue
from storage.dataset.claim_tables import DELIVERY_NOTES
from storage.dataset.inspection_tables import LOTS_SKIPPED
from storage.idempotency import Reply, once
from storage.stock.agreed import limit_of, skip_state_of
from storage.stock.facts import keep
from storage.stock.orders import count_arrivals
from storage.stock.post import prepare, write
from storage.stock.queries import catalogued
from storage.stock.senders import Sender, sender
from storage.stock.ways import Ways, check_ways
from storage.tables.claim import DeliveryNoteRow
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

    Each line of the answer says part, accepted, quarantined, rejected, surplus (of the rejected: beyond the order, or beyond what is owed),
    skipped (empty, or why it is not looked at: in_a_row, share), and refused: empty, or code and values.

    Args:
        work: the unit of work.
        document: the purchase order it came by, whose lines count what arrived; the record of a return it is sent for; or, where
            `supplier` is said, the delivery note.
        arrivals: as counted at the door.
        ways: the places.
        inspected: parts that wait in quarantine for their inspection whatever is laid down.
        supplier: who sends it, kept for a delivery note; empty: who the order was sent to, or owes for the return, or sent what
            came by the note before.

    Raises:
        Refusal: ``stock.unknown_place``, ``supply.place_kind``; as `storage.stock.senders.sender`; what concerns one line is
            in the answer.
    """

    def act() -> Reply:
        queue(work)
        check_ways(work, ways)
        source = sender(work, document, supplier)
        delivery = _Delivery(work, document, source, ways, frozenset(inspected))
        numbers = list(accumulate((len(row.serials) or 1 for row in arrivals), initial=1))
        answers: dict[int, dict[str, object]] = {}
        # Locks are taken in the order of parts, as everywhere: two deliveries at once cannot wait for each other.
        for at in sorted(range(len(arrivals)), key=lambda at: (arrivals[at].part, at)):
            answers[at] = delivery.take(arrivals[at], number=numbers[at])
        keep(work, LOTS_SKIPPED, LotSkippedRow, delivery.passed)
        if source.noted and supplier and delivery.moves:
            note = DeliveryNote(document, supplier, work.now, work.actor)
            keep(work, DELIVERY_NOTES, DeliveryNoteRow, [note])
        work.record("stock.take_in", document, moves=delivery.moves)
        return {"lines": [answers[at] for at in range(len(arrivals))], "moves": delivery.moves}

    content = {
        "document": document,
        "arrivals": [[r.part, r.quantity, r.rejected, r.lot, list(r.serials)] for r in arrivals],
        "ways": asdict(ways),
        "inspected": sorted(inspected),
        "supplier": supplier,
    }
    return once(work, "stock.take_in", content, act)


@dataclass(frozen=True, slots=True)
class _Skipped:
    """A lot that is not looked at: the fact, and what is said of it."""

    fact: LotSkipped
    said: dict[str, object]


class _Delivery:
    """One delivery, line after line: only a line that stands takes of what may still come, and counts as a lot that came."""

    def __init__(
        self, work: UnitOfWork, document: str, source: Sender, ways: Ways, always: frozenset[str]
    ) -> None:
        self.work = work
        self.document = document
        self.supplier = source.supplier
        self.left = dict(source.left)
        self.ways = ways
        self.always = always
        self.passed: list[LotSkipped] = []
        self.moves: list[str] = []

    def take(self, arrival: Arrival, *, number: int) -> dict[str, object]:
        """Take one line in, or say why it cannot be; its moves are numbered from `number`."""
        try:
            kept, surplus = turned_away(arrival, self.left.get(arrival.part))
            held, skipped = self._waits(kept)
            parts = catalogued(self.work.connection, self.work.region, (kept.part,))
            (done,) = split(
                [kept],
                {kept.part} if held else (),
                parts=parts,
                supplier=self.ways.supplier,
                shelf=self.ways.shelf,
                quarantine=self.ways.quarantine,
            )
            if done.refusal is not None:
                raise done.refusal
            self.moves += self._posted(done, number)
        except Refusal as refusal:
            return _answer(arrival.part, Split(arrival), refusal=refusal)
        if arrival.part in self.left:
            self.left[arrival.part] -= kept.quantity - kept.rejected
        self.passed += [skipped.fact] if skipped else []
        return _answer(arrival.part, done, surplus=surplus, skipped=skipped.said if skipped else None)

    def _waits(self, arrival: Arrival) -> tuple[bool, _Skipped | None]:
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
        state = replace(state, seen=state.seen + sum(row.part == part for row in self.passed))
        if not is_skipped(limit, state, document=self.document, part=part, lot=arrival.lot):
            return True, None
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

    def _posted(self, done: Split, number: int) -> list[str]:
        """Post one line for itself: what the ledger refuses of it leaves the others alone."""
        work = self.work
        made = moves(work.envelope, self.document, done.lines, reason="received", first=number)
        if not made:
            return []
        # A line may be refused after part of it was written (a serial that came in elsewhere at this very
        # moment): the savepoint takes that back.
        with work.connection.begin_nested():
            prepared = prepare(work, made)
            written = write(work, prepared)
            count_arrivals(work, written, prepared.known.places, prepared.known.ordered)
        return [move.id for move in written]


def _answer(
    part: str,
    done: Split,
    *,
    surplus: int = 0,
    skipped: dict[str, object] | None = None,
    refusal: Refusal | None = None,
) -> dict[str, object]:
    return {
        "part": part,
        "accepted": done.accepted,
        "quarantined": done.quarantined,
        "rejected": done.rejected,
        "refused": refusal and {"code": refusal.code, "values": dict(refusal.message.params)},
        "surplus": surplus,
        "skipped": skipped,
    }
