"""What a storekeeper, a planner or a scanner can do to stock: each command once, in one transaction.

Every function expects an open unit of work, takes effect once for its key (see `storage.idempotency`), leaves a
row in the audit chain, and answers in plain JSON values. Promises are in `storage.stock.promises`, commands on single
units and lots in `storage.stock.units`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from functools import cache

from sqlalchemy import select

from inventory.catalogue.place import PlaceKind
from inventory.stock.counted import records
from inventory.stock.counting import CountedCell, adjustments, believed
from inventory.stock.document import Line, moves, other_half
from inventory.stock.move import Move, reversal
from inventory.stock.position import PartPlace
from inventory.stock.transfer import Courier, Goods, under_way
from inventory.stock.transfer import receive as received
from inventory.stock.transfer import send as sent_off
from kernel.errors import Refusal
from storage.appended import queue
from storage.dataset.claim_tables import DISPOSITIONS
from storage.dataset.counter_tables import STOCK_COUNTS
from storage.idempotency import Reply, once
from storage.ready import Asked
from storage.stock.facts import keep, told
from storage.stock.judged import Taking, judged, posted
from storage.stock.known import asked_known
from storage.stock.locks import known_places, lock_seats
from storage.stock.post import prepare
from storage.stock.queries import moves_of_document, moves_of_seats, prices
from storage.stock.rows import move_of, plain
from storage.stock.ways import check_kind
from storage.tables.claim import DispositionRow
from storage.tables.counter import StockCountRow
from storage.tables.ledger import MoveRow
from storage.unit_of_work import UnitOfWork


def issue(work: UnitOfWork, document: str, takings: Sequence[Taking]) -> Reply:
    """Hand goods out, or put them anywhere else, by the lines of a document: ``{"moves": [ids]}``.

    Usable goods leave a shelf only when they were kept for this very demand or are promised to nobody. A lot out
    of date on the day goes to no customer; anywhere else it may always go, for nobody can be served from it.

    Raises:
        Refusal: as `inventory.stock.shelf.take` and `inventory.stock.ledger.apply`.
    """

    @cache
    def made() -> tuple[Move, ...]:
        return moves(work.envelope, document, (taking.line for taking in takings), reason="issued")

    def act() -> Reply:
        return posted(work, "stock.issue", document, judged(work, made(), takings))

    told = [plain(one.line) | {"kept": one.reservation, "for": one.customer} for one in takings]
    ahead: Sequence[Asked] = ()
    with suppress(Refusal):  # said where the command is done
        ahead = asked_known(work, made())
    return once(work, "stock.issue", {"document": document, "lines": told}, act, ahead=ahead)


def receive(work: UnitOfWork, document: str, lines: Sequence[Line]) -> Reply:
    """Take goods in from outside, each line for itself accepted, quarantined or damaged: ``{"moves": [ids]}``.

    Where `document` is a purchase order, its lines count what arrived (see `storage.stock.orders`).

    Raises:
        Refusal: as `inventory.stock.ledger.apply`; ``stock.not_enough_free`` when a line takes from a shelf.
    """

    def act() -> Reply:
        made = moves(work.envelope, document, lines, reason="received")
        return posted(work, "stock.receive", document, judged(work, made, [Taking(line) for line in lines]))

    return once(work, "stock.receive", {"document": document, "lines": [plain(line) for line in lines]}, act)


def send(
    work: UnitOfWork,
    document: str,
    goods: Mapping[Goods, int],
    *,
    from_place: str,
    to_place: str,
    transit: str,
    customer: str = "",
    courier: Courier | None = None,
) -> Reply:
    """Send goods to another place of ours; they are on the road until received: ``{"moves": [ids]}``.

    Raises:
        Refusal: as `inventory.stock.transfer.send` and `issue`.
    """

    def act() -> Reply:
        made = sent_off(
            work.envelope,
            document,
            goods,
            from_place=from_place,
            to_place=to_place,
            transit=transit,
            courier=courier,
        )
        takings = [
            Taking(Line(m.part, m.quantity, m.from_place, m.to_place), customer=customer) for m in made
        ]
        return posted(work, "stock.send", document, judged(work, made, takings))

    told = {"document": document, "goods": _listed(goods), "from": from_place, "to": to_place, "via": transit}
    by = {"courier": courier.reason} if courier else {}
    return once(work, "stock.send", told | {"for": customer} | by, act)


def receive_transfer(
    work: UnitOfWork,
    document: str,
    counted: Mapping[Goods, int],
    *,
    to_place: str,
    transit: str,
    adjustment: str,
    more_follows: bool = False,
) -> Reply:
    """Receive a transfer as counted at the door; a difference becomes an adjustment.

    Returns:
        ``{"moves": [ids], "differences": [{"part", "units"}]}``, below zero for what did not come.

    Raises:
        Refusal: ``supply.place_kind``, as `storage.stock.ways.check_kind`; as `inventory.stock.transfer.receive`.
    """

    def act() -> Reply:
        check_kind(work, adjustment, PlaceKind.ADJUSTMENT)
        parts = {move.part for move in moves_of_document(work.connection, work.region, document)}
        lock_seats(work, ((part, to_place) for part in parts | {what.part for what in counted}))
        # Read again under the lock: another receipt of the same transfer may have just been committed.
        ledger = moves_of_document(work.connection, work.region, document)
        kinds = _kinds(work, ledger)
        under = under_way(document, ledger, kinds)
        made = received(
            work.envelope,
            document,
            sent={what: quantity for (bound, what), quantity in under.items() if bound == to_place},
            counted=counted,
            to_place=to_place,
            transit=transit,
            adjustment=adjustment,
            more_follows=more_follows,
        )
        differences = [
            {"part": move.part, "units": move.quantity if move.from_place == adjustment else -move.quantity}
            for move in made
            if adjustment in {move.from_place, move.to_place}
        ]
        reply = posted(work, "stock.receive_transfer", document, prepare(work, made))
        return reply | {"differences": differences}

    told = {
        "document": document,
        "counted": _listed(counted),
        "to": to_place,
        "via": transit,
        "more": more_follows,
    }
    return once(work, "stock.receive_transfer", told | {"adjustment": adjustment}, act)


def count(
    work: UnitOfWork,
    document: str,
    counts: Sequence[CountedCell],
    *,
    adjustment: str,
    approval_above: Decimal,
    approved_by: str = "",
    again: Sequence[CountedCell] = (),
    recount_above: Decimal | None = None,
) -> Reply:
    """Bring the ledger to what was counted: ``{"moves": [ids]}``, empty when nothing differs; every count is kept.

    A difference worth more than `recount_above` (None: none is) needs its second count, by somebody else, in `again`.

    Raises:
        Refusal: ``supply.place_kind``, as `storage.stock.ways.check_kind`; as `inventory.stock.counting`.
    """

    def act() -> Reply:
        queue(work)
        check_kind(work, adjustment, PlaceKind.ADJUSTMENT)
        seats: list[PartPlace] = [(row.part, row.place) for row in counts]
        lock_seats(work, seats)
        ledger = moves_of_seats(work.connection, work.region, seats)
        price = prices(work.connection, work.region, (row.part for row in counts))
        kinds = _kinds(work, ledger, *(row.place for row in counts))
        found = believed(
            counts,
            again,
            ledger,
            kinds,
            price=price,
            recount_above=Decimal("Infinity") if recount_above is None else recount_above,
        )
        made = adjustments(
            work.envelope,
            document,
            found,
            adjustment=adjustment,
            price=price,
            approval_above=approval_above,
            approved_by=approved_by,
            counters=(row.by for row in (*counts, *again)),
        )
        kept = records(document, (*counts, *again), ledger, kinds)
        reply = posted(work, "stock.count", document, prepare(work, made))
        keep(work, STOCK_COUNTS, StockCountRow, kept)
        return reply

    told, told_again = (
        [
            [
                row.part,
                row.place,
                row.condition.value,
                row.lot,
                row.counted,
                row.at.isoformat(),
                row.by,
                row.serials,
            ]
            for row in rows
        ]
        for rows in (counts, again)
    )
    content = {
        "document": document,
        "counts": told,
        "again": told_again,
        "adjustment": adjustment,
        "approved_by": approved_by,
    }
    return once(work, "stock.count", content, act)


def cancel(work: UnitOfWork, move: str, *, reason: str) -> Reply:
    """Take a move back by its mirror image: ``{"moves": [id]}``. A correction is a fact: promises do not stop it.

    One half of a change of condition is not taken back without the other, nor a move that carries out a decision on goods in
    quarantine: the decision stays a fact, and the ledger would say otherwise.

    Raises:
        Refusal: ``stock.reverses_unknown``, ``stock.reverses_half``, ``stock.reverses_decision``; as
            `inventory.stock.ledger.apply`.
    """

    def act() -> Reply:
        id = f"{work.key}/1"  # noqa: A001 the field's name
        query = select(MoveRow).where(MoveRow.c.region_id == work.region, MoveRow.c.id == move)
        row = work.connection.execute(query).mappings().one_or_none()
        if row is None:
            raise Refusal("stock.reverses_unknown", move=id, reverses=move[:80])
        taken = move_of(row)
        _check_alone(work, taken)
        back = reversal(taken, id=id, at=work.now, by=work.actor, device=work.device, reason=reason, key=id)
        return posted(work, "stock.cancel", move, prepare(work, (back,)))

    return once(work, "stock.cancel", {"move": move, "reason": reason}, act)


def _check_alone(work: UnitOfWork, move: Move) -> None:
    """Refuse to take back one half of a change of condition, or what a decision on goods in quarantine did."""
    kinds = _kinds(work, (move,))
    if PlaceKind.ADJUSTMENT in kinds.values():
        seats = ((move.part, move.from_place), (move.part, move.to_place))
        ledger = moves_of_document(work.connection, work.region, move.source_document) or moves_of_seats(
            work.connection, work.region, seats
        )
        if other := other_half(move, ledger, kinds):
            raise Refusal("stock.reverses_half", move=move.id, other=other.id)
    document = move.source_document
    did = (move.at, move.part, move.quantity, move.lot, move.serial)
    for one in told(work.connection, work.region, DISPOSITIONS, DispositionRow, document=document):
        if (one.at, one.part, one.quantity, one.lot, one.serial) == did:
            raise Refusal("stock.reverses_decision", move=move.id, decision=one.id, document=document)


def _kinds(work: UnitOfWork, ledger: Iterable[Move], *places: str) -> dict[str, PlaceKind]:
    named = {place for move in ledger for place in (move.from_place, move.to_place)} | set(places)
    return {place.id: place.kind for place in known_places(work.connection, work.region, named).values()}


def _listed(goods: Mapping[Goods, int]) -> list[list[object]]:
    return sorted([*map(str, what), quantity] for what, quantity in goods.items())
