"""A delivery, an inspection or a decision on held goods that was wrong, taken back whole: every move of it, and the fact.

As `storage.stock.commands` in all else. Nothing is deleted: each move gets its mirror image, the fact a second one that
says it does not count, so that the next lot is inspected and the supplier judged as if it had never been.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from sqlalchemy import select

from inventory.stock.move import Move, reversal
from inventory.supply.inspected import LotInspection
from inventory.supply.receipt import brought, receipts
from inventory.supply.reinspection import LookedAt
from inventory.supply.returned import Disposed
from inventory.supply.undone import (
    Fact,
    Undoable,
    Undone,
    check_disposition,
    check_inspection,
    check_receipt,
    check_reinspection,
)
from kernel.errors import Refusal
from storage.appended import queue
from storage.dataset.claim_tables import UNDONE
from storage.idempotency import Reply, once
from storage.stock.facts import keep
from storage.stock.judged import posted
from storage.stock.post import prepare
from storage.stock.rows import move_of
from storage.stock.senders import moved_by
from storage.stock.stands import decided, looked_again, lots_inspected
from storage.tables.claim import UndoneRow
from storage.tables.ledger import MoveRow
from storage.unit_of_work import UnitOfWork

_GONE = frozenset(
    {"stock.not_enough", "stock.lot_not_enough", "stock.serial_elsewhere", "stock.serial_unknown"}
)
"""What the ledger says when goods are no longer where a mirror image would take them from."""


def undo(work: UnitOfWork, what: Undoable, named: str, *, reason: str) -> Reply:
    """Take back the last delivery by a document, or an inspection or decision by its id: ``{"undone": id, "moves": [ids]}``.

    Goods go back where they were; what they were reserved for meanwhile does not stop a correction.

    Args:
        work: the unit of work.
        what: what was wrong.
        named: the document of a delivery; the id of a fact, or the document of the only one by it.
        reason: why it was wrong.

    Raises:
        Refusal: ``supply.undo_unknown`` for what is not there or was taken back, ``supply.undo_which`` where a document has several;
            ``supply.undo_gone`` when goods of it have
            gone on; ``supply.undo_imported`` for a fact that moved goods by moves nobody knows;
            ``supply.undo_without_reason``; as `inventory.supply.undone`'s checks.
    """

    def act() -> Reply:
        queue(work)
        if not reason.strip():
            raise Refusal("supply.undo_without_reason", fact=named[:64])
        if what is Undoable.RECEIPT:
            fact, back = named, _delivery(work, named)
        else:
            fact, back = _of_fact(work, what, named)
            keep(work, UNDONE, UndoneRow, [Undone(what, fact, work.now, work.actor, reason)])
        # The last move is taken back first: what came out of the count goes back into it last.
        made = [
            reversal(
                move,
                id=f"{work.key}/{number}",
                at=work.now,
                by=work.actor,
                device=work.device,
                reason=reason,
                key=f"{work.key}/{number}",
            )
            for number, move in enumerate(reversed(back), start=1)
        ]
        try:
            reply = posted(work, "stock.undo", f"{what.value} {fact}", prepare(work, made))
        except Refusal as refusal:
            if refusal.code not in _GONE:
                raise
            part = str(refusal.message.params.get("part", ""))
            raise Refusal("supply.undo_gone", fact=fact, part=part, why=refusal.code) from refusal
        return reply | {"undone": fact}

    return once(work, "stock.undo", {"what": what.value, "named": named, "reason": reason}, act)


def _of_fact(work: UnitOfWork, what: Undoable, named: str) -> tuple[str, Sequence[Move]]:
    """Check that nothing rests on a fact, and give its id with the moves that carried it out."""
    at = (work.connection, work.region)
    fact: LotInspection | Disposed | LookedAt
    document = ""
    if what is Undoable.INSPECTION:
        lot = _one(lots_inspected(*at, inspection_id=named), lots_inspected(*at, document=named), what, named)
        alike = lots_inspected(*at, supplier_id=lot.supplier, part_id=lot.part)
        check_inspection(lot, alike, decided(*at, part_id=lot.part))
        fact, document, moved = lot, lot.document, lot.judged.accepted and lot.units > lot.bad
    elif what is Undoable.DISPOSITION:
        taken = _one(decided(*at, disposition_id=named), decided(*at, document=named), what, named)
        ledger, kinds = moved_by(work, taken.document)
        since = [row for row in receipts(ledger, kinds) if row.part == taken.part and row.at >= taken.at]
        check_disposition(taken, came=sum(row.quantity for row in since))
        fact, document, moved = taken, taken.document, True
    else:
        seen = _one(looked_again(*at, inspection_id=named), (), what, named)
        check_reinspection(seen, looked_again(*at, part_id=seen.part))
        fact, moved = seen, seen.bad > 0
    back = [
        move
        for move in _moves(work, fact.id)
        if move.part == fact.part
        and document in {"", move.source_document}  # another command may have used that key
    ]
    if moved and not back:
        raise Refusal("supply.undo_imported", kind=what.value, fact=fact.id, part=fact.part)
    return fact.id, back


F = TypeVar("F", bound=Fact)


def _one(by_id: Sequence[F], by_document: Sequence[F], what: Undoable, named: str) -> F:
    """The fact of an id, else the only one of a document."""
    found = by_id or by_document
    if not found:
        raise Refusal("supply.undo_unknown", kind=what.value, fact=named[:64])
    if len(found) > 1:
        ids = ", ".join(row.id for row in found)
        raise Refusal("supply.undo_which", kind=what.value, document=named[:64], facts=ids[:300])
    return found[0]


def _delivery(work: UnitOfWork, document: str) -> Sequence[Move]:
    """Check that nothing rests on the last delivery by a document, and give its moves."""
    ledger, kinds = moved_by(work, document)
    came = receipts(ledger, kinds)
    if not came:
        raise Refusal("supply.undo_unknown", kind=Undoable.RECEIPT.value, fact=document[:64])
    command = _command(came[-1])
    last = [move for move in came if _command(move) == command]
    left = brought(ledger, kinds, document)
    for move in last:
        left[move.part, move.lot] -= move.quantity
    for part, lot in sorted({(move.part, move.lot) for move in last}):
        check_receipt(
            document,
            part,
            lot,
            left=left[part, lot],
            inspections=lots_inspected(work.connection, work.region, part_id=part, document=document),
            decided=decided(work.connection, work.region, part_id=part),
        )
    return last


def _command(move: Move) -> str:
    """The key of the command a move was posted by."""
    return move.key.rpartition("/")[0] or move.key


def _moves(work: UnitOfWork, command: str) -> list[Move]:
    """The moves a command posted, in their order."""
    query = select(MoveRow).where(
        MoveRow.c.region_id == work.region, MoveRow.c.key.startswith(f"{command}/", autoescape=True)
    )
    rows = work.connection.execute(query.order_by(MoveRow.c.seq)).mappings()
    return [move for row in rows if _command(move := move_of(row)) == command]
