"""Promise stock and take promises back: commands that move nothing. As `storage.stock.commands` in all else."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, select

from inventory.stock.move import SerialKey
from inventory.stock.position import PartPlace
from inventory.stock.reservation import Reservation
from inventory.stock.reservation import release as released
from inventory.stock.shelf import reserve as reserved
from kernel.errors import Refusal
from storage.idempotency import Reply, once
from storage.ready import Ready
from storage.stock.lots import asked_barred
from storage.stock.lots import barred as out_of_date
from storage.stock.rows import plain
from storage.stock.seats import Seat, asked_seats, open_seats, write_promises
from storage.tables.reservation import ReservationRow
from storage.texts import check_fits
from storage.unit_of_work import UnitOfWork


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
            raise refused[0]
        return {"reservation": request.id}

    key = (request.part, request.place)
    ahead = asked_barred(work.region, {request.part}, now=work.now)
    if not request.serial:
        ahead += asked_seats(work, {key}, (request.id,))
    told = {"request": plain(request), "customer": customer}
    return once(work, "stock.reserve", told, act, ahead=ahead)


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
        told = [
            {"reservation": requests[at].id, "code": refusal.code, "values": dict(refusal.message.params)}
            for at, refusal in sorted(refused.items())
        ]
        return {"reserved": [row.id for at, row in enumerate(requests) if at not in refused], "refused": told}

    content = {"requests": [plain(row) for row in requests], "customer": customer}
    return once(work, "stock.reserve_all", content, act)


def _reserved(work: UnitOfWork, requests: Sequence[Reservation], *, customer: str) -> dict[int, Refusal]:
    """Judge requests in their order and write what can be kept; gives what was refused, by place in the order."""
    keys = {(row.part, row.place) for row in requests}
    barred = out_of_date(work.connection, work.region, {part for part, _ in keys}, now=work.now)
    ids, units = {row.id for row in requests}, {(row.part, row.serial) for row in requests if row.serial}
    before = open_seats(work, keys, barred=barred, ids=ids, units=units)
    after = dict(before)
    made: dict[str, Reservation] = {}
    taken: dict[SerialKey, Reservation] = {}
    refused: dict[int, Refusal] = {}
    for at, request in enumerate(requests):
        key, unit = (request.part, request.place), (request.part, request.serial)
        seat = after[key]
        # What this command has just promised elsewhere counts too: one id is one reservation, one unit one promise.
        same = (made.get(request.id), taken.get(unit))
        elsewhere = (row for row in same if row is not None and (row.part, row.place) != key)
        rows = (*seat.reservations, *elsewhere)
        try:
            check_fits(ReservationRow, {"id": request.id, "demand_ref": request.demand_ref})
            kept = reserved(seat.shelf, rows, request, now=work.now, customer=customer)
        except Refusal as refusal:
            refused[at] = refusal
            continue
        if len(kept) > len(rows):
            made[request.id] = request
            after[key] = Seat(seat.shelf, (*seat.reservations, request))
            if request.serial:
                taken[unit] = request
    crossed: dict[str, Refusal] = {}
    for key in sorted(before):
        crossed |= write_promises(work, before[key], after[key].reservations)
    for row in made.values():
        if row.id not in crossed:
            facts = {"part": row.part, "place": row.place, "quantity": row.quantity}
            work.record("stock.reserve", row.id, **facts, demand=row.demand_ref)
    return {at: crossed[row.id] for at, row in enumerate(requests) if row.id in crossed} | refused


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

    ahead = [(_SEAT_OF, _of(work, reservation))]
    return once(work, "stock.release", {"reservation": reservation}, act, ahead=ahead)


def _seat_of(work: UnitOfWork, reservation: str) -> PartPlace:
    found = _SEAT_OF.row(work.connection, _of(work, reservation))
    if found is None:
        raise Refusal("stock.reservation_unknown", reservation=reservation[:80])
    return found[0], found[1]


def _of(work: UnitOfWork, reservation: str) -> dict[str, str]:
    return {"in_region": work.region, "of_id": reservation}


_SEAT_OF = Ready(
    select(ReservationRow.c.part_id, ReservationRow.c.place_id).where(
        ReservationRow.c.region_id == bindparam("in_region"), ReservationRow.c.id == bindparam("of_id")
    )
)
