"""A seat is one part at one place with everything promised there, read under its lock.

The rules of `inventory.stock.shelf` decide; this module reads what they need and writes what they gave.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from sqlalchemy import Table, bindparam, or_, select, tuple_, update

from inventory.catalogue.part import Tracking
from inventory.stock.move import Condition, Move, SerialKey
from inventory.stock.position import PartPlace
from inventory.stock.reservation import Reservation
from inventory.stock.shelf import Shelf, shelf
from kernel.errors import Refusal
from storage.missing import insert_missing
from storage.ready import Asked, Ready, foresee, write
from storage.stock.locks import AT_ONCE, asked_seat, lock_seats
from storage.stock.rows import cell_of, reservation_of
from storage.tables.ledger import BalanceRow, SerialRow, StandingRow
from storage.tables.reservation import Fate, ReservationRow
from storage.texts import check_fits
from storage.unit_of_work import UnitOfWork

Barred = frozenset[tuple[str, str]]
"""Lots not to be used, as (part, lot)."""


@dataclass(frozen=True, slots=True)
class Seat:
    """What is usable at one place of one part, and what is promised of it.

    Args:
        shelf: usable units by lot and serial.
        reservations: those still active, and those asked for by id whatever became of them.
    """

    shelf: Shelf
    reservations: tuple[Reservation, ...]

    def without(self, move: Move) -> Seat:
        """The seat after `move` took its goods, for the next line of the same document."""
        lots = dict(self.shelf.lots)
        lots[move.lot] = lots.get(move.lot, 0) - move.quantity
        serials = {serial: lot for serial, lot in self.shelf.serials.items() if serial != move.serial}
        return replace(self, shelf=replace(self.shelf, lots=lots, serials=serials))


def open_seats(
    work: UnitOfWork,
    keys: Iterable[PartPlace],
    *,
    barred: Barred = frozenset(),
    ids: Iterable[str] = (),
    units: Iterable[SerialKey] = (),
) -> dict[PartPlace, Seat]:
    """Lock seats and read them; what has expired by now is closed on the way.

    A unit that is wanted may still be promised where it stood before: such seats are opened with the others, and
    the promise is read into every seat, for the rules to find.

    Args:
        work: the unit of work.
        keys: parts and places; locked already, or nothing else is.
        barred: lots not to be used.
        ids: reservations to read as well, whatever became of them.
        units: units that are wanted, as (part, serial).

    Raises:
        Refusal: ``stock.unknown_part``, ``stock.unknown_place``.
    """
    wanted_units, keys, ids = frozenset(units), set(keys), sorted(set(ids))
    if not wanted_units:
        foresee(work.connection, asked_seats(work, keys, ids))
    locked = lock_seats(work, {*keys, *_promised_at(work, wanted_units)})
    wanted = sorted(locked)
    totals = {cell_of(row): row["quantity"] for row in _read(work, BalanceRow, wanted)}
    one_by_one = [key for key in wanted if locked[key][1] is Tracking.SERIAL]
    serials = {(row["part_id"], row["serial"]): cell_of(row) for row in _read(work, SerialRow, one_by_one)}
    promised = _promised(work, wanted, ids, wanted_units)
    seats: dict[PartPlace, Seat] = {}
    for part, place in wanted:
        on = shelf(part, locked[part, place][0], totals, serials=serials, barred=barred)
        seats[part, place] = Seat(on, tuple(promised[part, place]))
    return seats


def asked_seats(work: UnitOfWork, keys: Collection[PartPlace], ids: Iterable[str]) -> list[Asked]:
    """What `open_seats` asks of one seat, to be foreseen (`storage.ready.foresee`): the lock first, what is read behind it."""
    if len(keys) != 1:
        return []
    (key,) = keys
    here = {"in_region": work.region, "keys": [key]}
    return [asked_seat(work, key), (_usable(BalanceRow), here), _asked_promised(here, sorted(set(ids)))]


def _asked_promised(here: dict[str, Any], ids: list[str]) -> Asked:
    return (_ACTIVE_OR_NAMED, here | {"ids": ids}) if ids else (_ACTIVE, here)


def _read(work: UnitOfWork, table: Table, keys: list[PartPlace]) -> Iterator[dict[str, Any]]:
    for start in range(0, len(keys), AT_ONCE):
        some = {"in_region": work.region, "keys": keys[start : start + AT_ONCE]}
        for row in _usable(table).rows(work.connection, some):
            yield dict(zip(table.c.keys(), row, strict=True))


# Built once: putting a statement together costs more than running it.
@cache
def _usable(table: Table) -> Ready:
    return Ready(
        select(table).where(
            table.c.region_id == bindparam("in_region"),
            tuple_(table.c.part_id, table.c.place_id).in_(bindparam("keys", expanding=True)),
            table.c.condition == Condition.USABLE.value,
        )
    )


def _promised_at(work: UnitOfWork, units: frozenset[SerialKey]) -> set[PartPlace]:
    """Where units are promised by rows not closed yet."""
    found: set[PartPlace] = set()
    named = sorted(units)
    for start in range(0, len(named), AT_ONCE):
        query = select(ReservationRow.c.part_id, ReservationRow.c.place_id).where(
            ReservationRow.c.region_id == work.region,
            ReservationRow.c.fate == Fate.ACTIVE.value,
            ReservationRow.c.serial != "",
            tuple_(ReservationRow.c.part_id, ReservationRow.c.serial).in_(named[start : start + AT_ONCE]),
        )
        found.update((part, place) for part, place in work.connection.execute(query))
    return found


def _promised(
    work: UnitOfWork, keys: list[PartPlace], ids: list[str], units: frozenset[SerialKey]
) -> dict[PartPlace, list[Reservation]]:
    """Active reservations of each seat; those of wanted ids and units in every seat: the rules look for them there."""
    found: dict[PartPlace, list[Reservation]] = {key: [] for key in keys}
    over: dict[PartPlace, int] = {}
    named: dict[str, Reservation] = {}
    for start in range(0, len(keys), AT_ONCE):
        some: dict[str, Any] = {"in_region": work.region, "keys": keys[start : start + AT_ONCE]}
        asked, values = _asked_promised(some, ids)
        for found_row in asked.rows(work.connection, values):
            row = dict(zip(ReservationRow.c.keys(), found_row, strict=True))
            read = reservation_of(row)
            key = (read.part, read.place)
            if read.id in ids:
                # What was closed stays closed, also for a command whose moment lies before that.
                closed = row["fate"] != Fate.ACTIVE.value
                named[read.id] = replace(read, expires_at=work.now) if closed else read
            if row["fate"] == Fate.ACTIVE.value and key in found:
                if read.is_active(work.now):
                    found[key].append(read)
                    if (read.part, read.serial) in units:
                        named.setdefault(read.id, read)
                else:
                    over[key] = over.get(key, 0) + read.left
                    _close(work, read.id, Fate.EXPIRED)
    for (part, place), ended in sorted(over.items()):
        _promise(work, part, place, -ended)
    for rows in found.values():
        known = {row.id for row in rows}
        rows.extend(row for row in named.values() if row.id not in known)
    return found


_IS_ACTIVE = (ReservationRow.c.fate == Fate.ACTIVE.value) & tuple_(
    ReservationRow.c.part_id, ReservationRow.c.place_id
).in_(bindparam("keys", expanding=True))
_HERE = select(ReservationRow).where(ReservationRow.c.region_id == bindparam("in_region"))
_ACTIVE = Ready(_HERE.where(_IS_ACTIVE).order_by(ReservationRow.c.id))
_ACTIVE_OR_NAMED = Ready(
    _HERE.where(or_(_IS_ACTIVE, ReservationRow.c.id.in_(bindparam("ids", expanding=True)))).order_by(
        ReservationRow.c.id
    )
)


def write_promises(work: UnitOfWork, before: Seat, after: tuple[Reservation, ...]) -> dict[str, Refusal]:
    """Write what the rules made of a seat's reservations.

    Returns:
        New reservations that another command stood in the way of meanwhile, by id: ``stock.reservation_differs``
        when it took the id for another shelf, ``stock.serial_reserved`` when it promised the unit elsewhere.
        Nothing of them is written.

    Raises:
        Refusal: as `storage.texts.check_fits`.
    """
    known = {row.id: row for row in before.reservations}
    crossed: dict[str, Refusal] = {}
    more = 0
    for row in after:
        was = known.get(row.id)
        if was == row:
            continue
        if was is None:
            refusal = _insert(work, row)
            if refusal is None:
                more += row.left
            else:
                crossed[row.id] = refusal
            continue
        if row.consumed != was.consumed:
            change: dict[str, Any] = {"its_consumed": row.consumed}
            if not row.left:
                change |= {"its_fate": Fate.ISSUED.value, "its_closed_at": work.now}
            _change(work, row.id, change)
            more -= row.consumed - was.consumed
        elif not row.is_active(work.now) and was.is_active(work.now):
            _close(work, row.id, Fate.RELEASED, its_expires_at=row.expires_at)
            more -= was.left
    if more:
        _promise(work, before.shelf.part, before.shelf.place.id, more)
    return crossed


# The row is locked and the rule has agreed: a row that refuses is a defect, and nothing is written.
_PROMISE = Ready(
    update(StandingRow)
    .where(
        StandingRow.c.region_id == bindparam("in_region"),
        StandingRow.c.part_id == bindparam("of_part"),
        StandingRow.c.place_id == bindparam("at_place"),
        or_(bindparam("more") <= 0, StandingRow.c.usable >= StandingRow.c.reserved + bindparam("more")),
    )
    .values(reserved=StandingRow.c.reserved + bindparam("more")),
    changes_one=True,
)


def _promise(work: UnitOfWork, part: str, place: str, more: int) -> None:
    """Add to what is promised; the row itself refuses to promise more than is usable."""
    named = {"in_region": work.region, "of_part": part, "at_place": place, "more": more}
    write(work.connection, [(_PROMISE, named)])


def _insert(work: UnitOfWork, row: Reservation) -> Refusal | None:
    """Insert a new reservation, waiting for whoever is at the same id or unit; gives what stands in the way."""
    values = {
        "region_id": work.region,
        "id": row.id,
        "part_id": row.part,
        "place_id": row.place,
        "quantity": row.quantity,
        "consumed": row.consumed,
        "demand_ref": row.demand_ref,
        "lot": row.lot,
        "serial": row.serial,
        "fate": Fate.ACTIVE.value,
        "made_at": work.now,
        "expires_at": row.expires_at,
        "closed_at": None,
        "by": work.actor,
    }
    check_fits(ReservationRow, values)
    if insert_missing(work.connection, ReservationRow, [values]):
        return None
    of_region = ReservationRow.c.region_id == work.region
    holder = select(ReservationRow.c.id).where(
        of_region,
        ReservationRow.c.part_id == row.part,
        ReservationRow.c.serial == row.serial,
        ReservationRow.c.serial != "",
        ReservationRow.c.fate == Fate.ACTIVE.value,
    )
    held_by = work.connection.execute(holder).scalar()
    if held_by is not None and held_by != row.id:
        return Refusal("stock.serial_reserved", serial=row.serial, reservation=held_by)
    return Refusal("stock.reservation_differs", reservation=row.id)


def _close(work: UnitOfWork, id: str, fate: Fate, **more: Any) -> None:  # noqa: A002 the column's name
    _change(work, id, {"its_fate": fate.value, "its_closed_at": work.now} | more)


def _change(work: UnitOfWork, id: str, values: dict[str, Any]) -> None:  # noqa: A002 the column's name
    write(work.connection, [(_changing(tuple(values)), values | {"in_region": work.region, "of_id": id})])


@cache
def _changing(names: tuple[str, ...]) -> Ready:
    here = (ReservationRow.c.region_id == bindparam("in_region")) & (
        ReservationRow.c.id == bindparam("of_id")
    )
    return Ready(
        update(ReservationRow)
        .where(here)
        .values({name.removeprefix("its_"): bindparam(name) for name in names})
    )
