"""What stands usable on a shelf, and the rules of promising it and of taking it.

Never more is promised than is usable, whoever asks; what is promised to one is not taken by another; forward stock
serves its own customer only. Giving the same request again changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from inventory.catalogue.place import SHELVES, Place
from inventory.stock.lot import Lot, Pick, pick
from inventory.stock.move import Cell, Condition, Move, SerialKey
from inventory.stock.reservation import Reservation, consume, found
from kernel.errors import Refusal
from kernel.ids import checked_id, natural_key


@dataclass(frozen=True, slots=True)
class Shelf:
    """One part's usable units at one place: what promises are judged against.

    Args:
        part: part id.
        place: where.
        lots: usable units by lot, units of no lot under the empty text; lots out of date left out.
        serials: usable units known one by one, with their lot; contained in `lots`.
    """

    part: str
    place: Place
    lots: Mapping[str, int]
    serials: Mapping[str, str]

    @property
    def usable(self) -> int:
        """All usable units."""
        return sum(self.lots.values())


def shelf(
    part: str,
    place: Place,
    totals: Mapping[Cell, int],
    *,
    serials: Mapping[SerialKey, Cell] | None = None,
    barred: frozenset[tuple[str, str]] = frozenset(),
) -> Shelf:
    """Read balances as one part's usable units at one place.

    Args:
        part: part id.
        place: where; a place that is no shelf holds nothing usable.
        totals: balances; others may be among them.
        serials: where units stand; others may be among them.
        barred: lots not to be used, as (part, lot), see `lot.out_of_date`.
    """
    if place.kind not in SHELVES:
        return Shelf(part, place, {}, {})
    lots = {
        cell.lot: quantity
        for cell, quantity in totals.items()
        if (cell.part, cell.place, cell.condition) == (part, place.id, Condition.USABLE)
        and (part, cell.lot) not in barred
    }
    standing = {
        serial: cell.lot
        for (of, serial), cell in (serials or {}).items()
        if of == part and cell.place == place.id and cell.condition is Condition.USABLE and cell.lot in lots
    }
    return Shelf(part, place, lots, standing)


def free(on: Shelf, reservations: Iterable[Reservation], *, now: datetime, lot: str = "") -> int:
    """Units of `on` (of one `lot`, where given) that are promised to nobody; never less than 0."""
    rows = _kept(on, reservations, now)
    left = on.usable - sum(row.left for row in rows)
    if lot:
        left = min(left, on.lots.get(lot, 0) - sum(row.left for row in rows if _lot(on, row) == lot))
    return max(0, left)


def reserve(
    on: Shelf,
    reservations: Iterable[Reservation],
    request: Reservation,
    *,
    now: datetime,
    customer: str = "",
) -> tuple[Reservation, ...]:
    """Keep units for a demand, never more than are usable and not promised yet.

    Args:
        on: what is usable there.
        reservations: all that are known, other parts and places included.
        request: what is wanted; its `id` makes it one reservation however often it arrives.
        now: the moment, aware.
        customer: whom the demand serves; forward stock asks for it.

    Returns:
        The reservations with the new one at the end; unchanged when it was there already.

    Raises:
        Refusal: ``id.malformed`` without an id; ``stock.reservation_differs`` when the id has other content;
            ``stock.reservation_over`` when it would end before it starts; ``stock.not_a_shelf``,
            ``stock.kept_for_customer``; ``stock.not_enough_free``; ``stock.serial_reserved``,
            ``stock.serial_not_usable``.
    """
    rows = tuple(reservations)
    checked_id(request.id)
    for row in rows:
        if row.id == request.id:
            if not _same(row, request) or (row.is_active(now) and row.expires_at != request.expires_at):
                raise Refusal("stock.reservation_differs", reservation=row.id)
            if row.left and not row.is_active(now):
                raise Refusal("stock.reservation_over", reservation=row.id)
            return rows
    if not request.is_active(now):
        raise Refusal("stock.reservation_over", reservation=request.id)
    _check_place(on, request, customer)
    wanted_lot = request.lot
    if request.serial:
        _check_serial(on, rows, request, now)
        wanted_lot = on.serials[request.serial]
    there = free(on, rows, now=now, lot=wanted_lot)
    if there < request.quantity:
        raise Refusal(
            "stock.not_enough_free",
            part=request.part,
            place=request.place,
            free=there,
            wanted=request.quantity,
        )
    return (*rows, request)


def take(
    on: Shelf,
    reservations: Iterable[Reservation],
    move: Move,
    *,
    now: datetime,
    reservation: str = "",
    customer: str = "",
) -> tuple[Reservation, ...]:
    """Judge a move that takes usable units off a shelf, and give the reservations after it.

    Losses (a count difference, goods found damaged) are facts and are not judged: they can leave more promised
    than there is, and the position says so. Who then takes what was kept for him is judged against what stands
    there: first come, first served. Else all who were promised something would wait for one another.

    Args:
        on: what is usable there before the move.
        reservations: all that are known.
        move: takes usable units of that part from that place.
        now: the moment, aware.
        reservation: id of the reservation the units were kept under; empty: none.
        customer: whom they are for; forward stock asks for it.

    Raises:
        Refusal: ``stock.kept_for_customer``; those of `consume`; ``stock.reservation_differs`` when the
            reservation keeps other goods than the move takes; ``stock.not_enough_free`` and
            ``stock.serial_reserved`` when units promised to somebody else would go.
    """
    before = rows = tuple(reservations)
    if not on.place.serves(customer):
        raise Refusal("stock.kept_for_customer", place=on.place.id, customer=on.place.customer)
    if reservation:
        kept = found(rows, reservation)
        if (
            (kept.part, kept.place) != (move.part, move.from_place)
            or kept.lot not in {"", move.lot}
            or kept.serial not in {"", move.serial}
        ):
            raise Refusal("stock.reservation_differs", reservation=reservation)
        rows = consume(rows, reservation, move.quantity, now=now)
    if move.serial:
        _check_serial(on, rows, move, now)
    there = free(on, rows, now=now, lot=move.lot)
    if reservation:
        there = _left_to_holder(on, before, rows, now=now, lot=move.lot)
    if there < move.quantity:
        raise Refusal(
            "stock.not_enough_free", part=move.part, place=on.place.id, free=there, wanted=move.quantity
        )
    return rows


def first_out(
    on: Shelf,
    reservations: Iterable[Reservation],
    quantity: int,
    *,
    lots: Iterable[Lot],
    now: datetime,
    day: date,
    reservation: str = "",
    originals_only: bool = False,
) -> tuple[Pick, ...]:
    """Choose the lots of a shelf to take units from: what runs out first goes first, as `lot.pick` chooses.

    Units kept for somebody else by lot or by unit are left to him; a reservation of one lot is served from that one.

    Args:
        on: what is usable there.
        reservations: all that are known.
        quantity: units wanted.
        lots: what is known of the lots.
        now: the moment, aware.
        day: the day of use, in the place's own calendar.
        reservation: id of the reservation the units were kept under; empty: none.
        originals_only: whether the work asks for original parts.

    Raises:
        Refusal: those of `lot.pick`; ``stock.reservation_unknown``.
    """
    rows = tuple(reservations)
    named = {lot: held for lot, held in on.lots.items() if held > 0}
    own = found(rows, reservation) if reservation else None
    if own is not None and (of := _lot(on, own)):
        named = {of: named.get(of, 0)}
    for row in _kept(on, rows, now):
        lot = _lot(on, row)
        if row != own and lot in named:
            named[lot] = max(0, named[lot] - row.left)
    totals = {
        Cell(on.part, on.place.id, Condition.USABLE, lot=lot): held for lot, held in named.items() if held
    }
    return pick(
        on.part, on.place.id, quantity, totals=totals, lots=lots, on=day, originals_only=originals_only
    )


def one_by_one(
    on: Shelf,
    reservations: Iterable[Reservation],
    picks: Iterable[Pick],
    *,
    now: datetime,
    reservation: str = "",
) -> tuple[Pick, ...]:
    """Name the units of chosen lots where those of a shelf are known one by one; else the picks as they are.

    Units promised by their number are left to whom they are promised; the number his own reservation names is his.

    Args:
        on: what is usable there.
        reservations: all that are known.
        picks: see `first_out`.
        now: the moment, aware.
        reservation: id of the reservation the units were kept under; empty: none.

    Raises:
        Refusal: ``stock.not_enough_free`` where too few units can be named; ``stock.reservation_unknown``.
    """
    chosen = tuple(picks)
    if not on.serials:
        return chosen
    rows = tuple(reservations)
    own = found(rows, reservation) if reservation else None
    promised = {row.serial for row in _kept(on, rows, now) if row.serial and row != own}
    left = sorted(on.serials.keys() - promised, key=natural_key)
    if own is not None and own.serial:
        left = [serial for serial in left if serial == own.serial]
    named: list[Pick] = []
    for one in chosen:
        units = [serial for serial in left if on.serials[serial] == one.lot][: one.quantity]
        if len(units) < one.quantity:
            raise Refusal(
                "stock.not_enough_free", part=on.part, place=on.place.id, free=len(units), wanted=one.quantity
            )
        named.extend(Pick(one.lot, 1, serial) for serial in units)
    return tuple(named)


def _left_to_holder(
    on: Shelf, before: tuple[Reservation, ...], after: tuple[Reservation, ...], *, now: datetime, lot: str
) -> int:
    """Units of `on` (of one `lot`, where given) for who holds a reservation; `after` is without what he takes.

    Where all promises can be kept, theirs are left to the others; where they cannot, all that stands there is his
    to take. Shelf and lot are judged each for itself: a loss in one lot opens no other.
    """

    def left(standing: int, of: str) -> int:
        promised, others = (
            sum(row.left for row in _kept(on, rows, now) if not of or _lot(on, row) == of)
            for rows in (before, after)
        )
        return standing if promised > standing else standing - others

    there = left(on.usable, "")
    return min(there, left(on.lots.get(lot, 0), lot)) if lot else there


def _kept(on: Shelf, reservations: Iterable[Reservation], now: datetime) -> list[Reservation]:
    return [
        row for row in reservations if row.part == on.part and row.place == on.place.id and row.is_active(now)
    ]


def _lot(on: Shelf, row: Reservation) -> str:
    """The lot a reservation draws on: its own, or that of its unit."""
    return on.serials.get(row.serial, row.lot) if row.serial else row.lot


def _same(row: Reservation, request: Reservation) -> bool:
    # What has become of it since (taken, released) does not make it another reservation.
    return replace(row, consumed=0, expires_at=None) == replace(request, consumed=0, expires_at=None)


def _check_place(on: Shelf, request: Reservation, customer: str) -> None:
    if on.place.kind not in SHELVES:
        raise Refusal("stock.not_a_shelf", place=on.place.id, kind=on.place.kind.value)
    if not on.place.serves(customer):
        raise Refusal("stock.kept_for_customer", place=on.place.id, customer=on.place.customer)
    if (request.part, request.place) != (on.part, on.place.id):
        raise Refusal("stock.reservation_differs", reservation=request.id)


def _check_serial(
    on: Shelf, rows: tuple[Reservation, ...], wanted: Reservation | Move, now: datetime
) -> None:
    # Promised where it stood before is promised still; who takes it from here is told only of promises here.
    anywhere = isinstance(wanted, Reservation)
    for row in rows:
        if (
            (row.part, row.serial) == (wanted.part, wanted.serial)
            and row.is_active(now)
            and (anywhere or row.place == on.place.id)
        ):
            raise Refusal("stock.serial_reserved", serial=wanted.serial, reservation=row.id)
    if wanted.serial not in on.serials or wanted.lot not in {"", on.serials[wanted.serial]}:
        raise Refusal("stock.serial_not_usable", part=wanted.part, serial=wanted.serial, place=on.place.id)
