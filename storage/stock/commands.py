"""What a storekeeper, a planner or a scanner can do to stock: each command once, in one transaction.

Every function expects an open unit of work, takes effect once for its key (see `storage.idempotency`), leaves a
row in the audit chain, and answers in plain JSON values.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal

from sqlalchemy import select

from inventory.catalogue.place import SHELVES, PlaceKind
from inventory.stock.counting import CountedCell, adjustments, differences
from inventory.stock.document import Line, moves
from inventory.stock.move import Condition, Move, reversal
from inventory.stock.position import PartPlace
from inventory.stock.reservation import Reservation
from inventory.stock.reservation import release as released
from inventory.stock.shelf import reserve as reserved
from inventory.stock.shelf import take
from inventory.stock.transfer import Goods, under_way
from inventory.stock.transfer import receive as received
from inventory.stock.transfer import send as sent_off
from kernel.errors import Refusal
from storage.idempotency import Reply, once
from storage.stock.locks import known_places, lock_seats
from storage.stock.lots import barred as out_of_date
from storage.stock.orders import count_arrivals
from storage.stock.post import Prepared, prepare, write
from storage.stock.queries import moves_of_document, moves_of_seats, prices
from storage.stock.rows import move_of
from storage.stock.seats import Seat, open_seats, write_promises
from storage.tables.ledger import MoveRow
from storage.tables.reservation import ReservationRow
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Taking:
    """A line of a document and on whose account it goes.

    Args:
        line: what goes where.
        reservation: id of the reservation the units were kept under; empty: none.
        customer: whom they are for; forward stock asks for it.
    """

    line: Line
    reservation: str = ""
    customer: str = ""


def reserve(work: UnitOfWork, request: Reservation, *, customer: str = "") -> Reply:
    """Keep units for a demand: ``{"reservation": id}``. Lots out of date on the day serve nobody.

    Args:
        work: the unit of work.
        request: what is wanted, with its id.
        customer: whom the demand serves.

    Raises:
        Refusal: as `inventory.stock.shelf.reserve`; ``stock.unknown_part``, ``stock.unknown_place``.
    """

    def act() -> Reply:
        refused = _reserved(work, (request,), customer=customer)
        if refused:
            raise refused[0][1]
        return {"reservation": request.id}

    return once(work, "stock.reserve", {"request": _plain(request), "customer": customer}, act)


def reserve_all(work: UnitOfWork, requests: Sequence[Reservation], *, customer: str = "") -> Reply:
    """Keep what can be kept of many wishes, as for tomorrow's plan; one that fails does not stop the others.

    Args:
        work: the unit of work.
        requests: in their order, each with its id.
        customer: whom they all serve.

    Returns:
        ``{"reserved": [ids], "refused": [{"reservation": id, "code": …, "values": {…}}]}``.

    Raises:
        Refusal: ``stock.unknown_part``, ``stock.unknown_place``.
    """

    def act() -> Reply:
        refused = _reserved(work, requests, customer=customer)
        failed = {id for id, _ in refused}  # noqa: A001 the field's name
        told = [
            {"reservation": id, "code": refusal.code, "values": dict(refusal.message.params)}
            for id, refusal in refused  # noqa: A001 the field's name
        ]
        return {"reserved": [row.id for row in requests if row.id not in failed], "refused": told}

    content = {"requests": [_plain(row) for row in requests], "customer": customer}
    return once(work, "stock.reserve_all", content, act)


def _reserved(
    work: UnitOfWork, requests: Sequence[Reservation], *, customer: str
) -> list[tuple[str, Refusal]]:
    keys = {(row.part, row.place) for row in requests}
    barred = out_of_date(work.connection, work.region, {part for part, _ in keys}, now=work.now)
    before = open_seats(work, keys, barred=barred, ids=[row.id for row in requests])
    after = dict(before)
    refused: list[tuple[str, Refusal]] = []
    for request in requests:
        seat = after[request.part, request.place]
        try:
            kept = reserved(seat.shelf, seat.reservations, request, now=work.now, customer=customer)
        except Refusal as refusal:
            refused.append((request.id, refusal))
            continue
        after[request.part, request.place] = Seat(seat.shelf, kept)
        if kept is not seat.reservations:
            facts = {"part": request.part, "place": request.place, "quantity": request.quantity}
            work.record("stock.reserve", request.id, **facts, demand=request.demand_ref)
    for key in sorted(before):
        write_promises(work, before[key], after[key].reservations)
    return refused


def release(work: UnitOfWork, reservation: str) -> Reply:
    """Give a reservation up: ``{"reservation": id, "released": units}``; one that has ended stays as it is.

    Raises:
        Refusal: ``stock.reservation_unknown``.
    """

    def act() -> Reply:
        part, at = _seat_of(work, reservation)
        seat = open_seats(work, ((part, at),), ids=(reservation,))[part, at]
        after = released(seat.reservations, reservation, now=work.now)
        kept = sum(row.left for row in seat.reservations if row.id == reservation and row.is_active(work.now))
        write_promises(work, seat, after)
        work.record("stock.release", reservation, part=part, place=at, quantity=kept)
        return {"reservation": reservation, "released": kept}

    return once(work, "stock.release", {"reservation": reservation}, act)


def issue(work: UnitOfWork, document: str, takings: Sequence[Taking]) -> Reply:
    """Hand goods out, or put them anywhere else, by the lines of a document: ``{"moves": [ids]}``.

    Usable goods leave a shelf only when they were kept for this very demand or are promised to nobody. A lot out
    of date on the day goes to no customer; anywhere else it may always go, for nobody can be served from it.

    Raises:
        Refusal: as `inventory.stock.shelf.take` and `inventory.stock.ledger.apply`.
    """

    def act() -> Reply:
        made = moves(work.envelope, document, (taking.line for taking in takings), reason="issued")
        return _posted(work, "stock.issue", document, _judged(work, made, takings))

    told = [_plain(one.line) | {"kept": one.reservation, "for": one.customer} for one in takings]
    return once(work, "stock.issue", {"document": document, "lines": told}, act)


def receive(work: UnitOfWork, document: str, lines: Sequence[Line]) -> Reply:
    """Take goods in from outside, each line for itself accepted, quarantined or damaged: ``{"moves": [ids]}``.

    Where `document` is a purchase order, its lines count what arrived (see `storage.stock.orders`).

    Raises:
        Refusal: as `inventory.stock.ledger.apply`; ``stock.not_enough_free`` when a line takes from a shelf.
    """

    def act() -> Reply:
        made = moves(work.envelope, document, lines, reason="received")
        judged = _judged(work, made, [Taking(line) for line in lines])
        return _posted(work, "stock.receive", document, judged)

    return once(work, "stock.receive", {"document": document, "lines": [_plain(line) for line in lines]}, act)


def send(
    work: UnitOfWork,
    document: str,
    goods: Mapping[Goods, int],
    *,
    from_place: str,
    to_place: str,
    transit: str,
    customer: str = "",
) -> Reply:
    """Send goods to another place of ours; they are on the road until received: ``{"moves": [ids]}``.

    Raises:
        Refusal: as `inventory.stock.transfer.send` and `issue`.
    """

    def act() -> Reply:
        made = sent_off(
            work.envelope, document, goods, from_place=from_place, to_place=to_place, transit=transit
        )
        takings = [
            Taking(Line(m.part, m.quantity, m.from_place, m.to_place), customer=customer) for m in made
        ]
        return _posted(work, "stock.send", document, _judged(work, made, takings))

    told = {"document": document, "goods": _listed(goods), "from": from_place, "to": to_place, "via": transit}
    return once(work, "stock.send", told | {"for": customer}, act)


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
    """Receive a transfer as counted at the door; a difference becomes an adjustment: ``{"moves": [ids]}``.

    Raises:
        Refusal: as `inventory.stock.transfer.receive`.
    """

    def act() -> Reply:
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
        return _posted(work, "stock.receive_transfer", document, prepare(work, made))

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
) -> Reply:
    """Bring the ledger to what was counted: ``{"moves": [ids]}``, empty when nothing differs.

    Raises:
        Refusal: as `inventory.stock.counting`.
    """

    def act() -> Reply:
        seats: list[PartPlace] = [(row.part, row.place) for row in counts]
        lock_seats(work, seats)
        ledger = moves_of_seats(work.connection, work.region, seats)
        found = differences(counts, ledger, _kinds(work, ledger, *(row.place for row in counts)))
        made = adjustments(
            work.envelope,
            document,
            found,
            adjustment=adjustment,
            price=prices(work.connection, work.region, (row.part for row in counts)),
            approval_above=approval_above,
            approved_by=approved_by,
        )
        return _posted(work, "stock.count", document, prepare(work, made))

    told = [
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
        for row in counts
    ]
    content = {"document": document, "counts": told, "adjustment": adjustment, "approved_by": approved_by}
    return once(work, "stock.count", content, act)


def cancel(work: UnitOfWork, move: str, *, reason: str) -> Reply:
    """Take a move back by its mirror image: ``{"moves": [id]}``. A correction is a fact: promises do not stop it.

    Raises:
        Refusal: ``stock.reverses_unknown``; as `inventory.stock.ledger.apply`.
    """

    def act() -> Reply:
        id = f"{work.key}/1"  # noqa: A001 the field's name
        query = select(MoveRow).where(MoveRow.c.region_id == work.region, MoveRow.c.id == move)
        row = work.connection.execute(query).mappings().one_or_none()
        if row is None:
            raise Refusal("stock.reverses_unknown", move=id, reverses=move[:80])
        back = reversal(
            move_of(row), id=id, at=work.now, by=work.actor, device=work.device, reason=reason, key=id
        )
        return _posted(work, "stock.cancel", move, prepare(work, (back,)))

    return once(work, "stock.cancel", {"move": move, "reason": reason}, act)


def _judged(work: UnitOfWork, made: Sequence[Move], takings: Sequence[Taking]) -> Prepared:
    """Lock what the moves touch, and let the rules judge each that takes usable goods off a shelf."""
    prepared = prepare(work, made)
    barred = out_of_date(work.connection, work.region, {move.part for move in made}, now=work.now)
    shelves = [
        prepared.places[move.from_place].kind in SHELVES
        and move.condition is Condition.USABLE
        and ((move.part, move.lot) not in barred or prepared.places[move.to_place].kind is PlaceKind.CUSTOMER)
        for move in made
    ]
    keys = {(move.part, move.from_place) for move, judge in zip(made, shelves, strict=True) if judge}
    ids = [taking.reservation for taking in takings if taking.reservation]
    before = open_seats(work, keys, barred=barred, ids=ids) if keys else {}
    after = dict(before)
    for move, taking, judge in zip(made, takings, shelves, strict=True):
        if not judge:
            if taking.reservation:
                raise Refusal("stock.reservation_differs", reservation=taking.reservation)
            continue
        seat = after[move.part, move.from_place]
        account = {"reservation": taking.reservation, "customer": taking.customer}
        kept = take(seat.shelf, seat.reservations, move, now=work.now, **account)
        after[move.part, move.from_place] = Seat(seat.shelf, kept).without(move)
    for key in sorted(before):
        write_promises(work, before[key], after[key].reservations)
    return prepared


def _posted(work: UnitOfWork, action: str, about: str, prepared: Prepared) -> Reply:
    written = write(work, prepared)
    count_arrivals(work, written, prepared.places)
    new = [move.id for move in written]
    work.record(action, about, moves=new)
    return {"moves": new}


def _seat_of(work: UnitOfWork, reservation: str) -> PartPlace:
    query = select(ReservationRow.c.part_id, ReservationRow.c.place_id).where(
        ReservationRow.c.region_id == work.region, ReservationRow.c.id == reservation
    )
    found = work.connection.execute(query).one_or_none()
    if found is None:
        raise Refusal("stock.reservation_unknown", reservation=reservation[:80])
    return found.part_id, found.place_id


def _kinds(work: UnitOfWork, ledger: Iterable[Move], *places: str) -> dict[str, PlaceKind]:
    named = {place for move in ledger for place in (move.from_place, move.to_place)} | set(places)
    return {place.id: place.kind for place in known_places(work.connection, work.region, named).values()}


def _plain(value: Line | Reservation) -> dict[str, object]:
    return {name: str(field) if field is not None else None for name, field in asdict(value).items()}


def _listed(goods: Mapping[Goods, int]) -> list[list[object]]:
    return sorted([*map(str, what), quantity] for what, quantity in goods.items())
