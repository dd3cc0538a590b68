"""Lock rows in sorted order and read them: every command on stock goes through here before it decides.

The order is: standings by part and place, then balances by their whole key, then serials. Rows that are not there
yet are made first, in the same order, so that two commands meet at a row and never cross. On SQLite the write lock
has been taken already and the same statements only read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import (
    Connection,
    Integer,
    RowMapping,
    Select,
    String,
    Table,
    bindparam,
    literal_column,
    select,
    tuple_,
    union_all,
)

from inventory.catalogue.part import Tracking
from inventory.catalogue.place import PHYSICAL, SHELVES, Place, PlaceKind
from inventory.stock.move import Cell, Condition, SerialKey
from inventory.stock.position import PartPlace
from kernel.errors import Refusal
from storage.missing import insert_missing
from storage.ready import Asked, Ready, send_what_waits
from storage.stock.rows import cell_of, cell_row
from storage.tables.catalogue import PartRow, PlaceRow
from storage.tables.ledger import BalanceRow, SerialRow, StandingRow
from storage.unit_of_work import UnitOfWork

AT_ONCE = 300
"""Keys in one statement: each takes several parameters, and SQLite allows some ten thousands."""

COUNTED = SHELVES | {PlaceKind.QUARANTINE}
"""Places that have a standing."""


# Built once: putting a statement together costs as much as running it.
_PARTS = select(PartRow.c.part_id, PartRow.c.tracking).where(
    PartRow.c.region_id == bindparam("in_region"), PartRow.c.part_id.in_(bindparam("named", expanding=True))
)
_PLACES = select(PlaceRow.c.place_id, PlaceRow.c.kind, PlaceRow.c.name, PlaceRow.c.customer_id).where(
    PlaceRow.c.region_id == bindparam("in_region"),
    PlaceRow.c.place_id.in_(bindparam("named", expanding=True)),
)


def known_parts(connection: Connection, region: str, parts: Iterable[str]) -> dict[str, Tracking]:
    """How those of `parts` that exist are tracked."""
    found: dict[str, Tracking] = {}
    for some in _batches(sorted(set(parts))):
        rows = connection.execute(_PARTS, {"in_region": region, "named": some})
        found.update((part, Tracking(tracking)) for part, tracking in rows)
    return found


def known_places(connection: Connection, region: str, places: Iterable[str]) -> dict[str, Place]:
    """Those of `places` that exist, with what the ledger needs to know of them."""
    found: dict[str, Place] = {}
    for some in _batches(sorted(set(places))):
        rows = connection.execute(_PLACES, {"in_region": region, "named": some})
        for place, kind, name, customer in rows:
            found[place] = Place(place, PlaceKind(kind), name, customer=customer)
    return found


def place_of(work: UnitOfWork, place: str) -> Place:
    """One place.

    Raises:
        Refusal: ``stock.unknown_place``.
    """
    found = known_places(work.connection, work.region, (place,))
    if place not in found:
        raise Refusal("stock.unknown_place", place=place[:64])
    return found[place]


def check_parts(work: UnitOfWork, parts: Iterable[str]) -> None:
    """Refuse parts that are not in the catalogue.

    Raises:
        Refusal: ``stock.unknown_part``.
    """
    asked = set(parts)
    missing = sorted(asked - known_parts(work.connection, work.region, asked).keys())
    if missing:
        raise Refusal("stock.unknown_part", part=missing[0][:64])


def counted(work: UnitOfWork, keys: Iterable[PartPlace]) -> frozenset[PartPlace]:
    """Those of `keys` whose place has a standing, unknown places among them: to be locked together before anything else.

    A command that takes goods from one seat to another locks both at once; first the one and then the other crosses with
    a command that goes the other way.
    """
    wanted = frozenset(keys)
    places = known_places(work.connection, work.region, (place for _, place in wanted))
    return frozenset(key for key in wanted if key[1] not in places or places[key[1]].kind in COUNTED)


def lock_seats(work: UnitOfWork, wanted: Iterable[PartPlace]) -> dict[PartPlace, tuple[Place, Tracking]]:
    """Lock what reservations and moves of parts at places pass through; gives each place and how the part is tracked.

    Raises:
        Refusal: ``stock.unknown_part``, ``stock.unknown_place``.
    """
    keys = sorted(set(wanted))
    # One row cannot cross anybody; several are locked only when all of them are there, in sorted order.
    found = _seats(work, keys, lock=len(keys) == 1)
    missing = [key for key in keys if key not in found]
    if missing:
        send_what_waits(
            work.connection
        )  # what was asked ahead of a seat that is not there was read without its lock
        check_parts(work, (part for part, _ in missing))
        for place in sorted({place for _, place in missing}):
            place_of(work, place)
        blank = {"region_id": work.region, "on_hand": 0, "usable": 0, "reserved": 0, "in_transit": 0}
        rows = [blank | {"part_id": part, "place_id": place} for part, place in missing]
        insert_missing(work.connection, StandingRow, rows)
    return found if len(keys) == 1 and not missing else _seats(work, keys, lock=True)


_SEAT = (StandingRow.c.part_id, StandingRow.c.place_id)
_SEATS = (
    select(*_SEAT, PlaceRow.c.kind, PlaceRow.c.name, PlaceRow.c.customer_id, PartRow.c.tracking)
    .join_from(
        StandingRow,
        PlaceRow,
        (PlaceRow.c.region_id == StandingRow.c.region_id) & (PlaceRow.c.place_id == StandingRow.c.place_id),
    )
    .join(
        PartRow,
        (PartRow.c.region_id == StandingRow.c.region_id) & (PartRow.c.part_id == StandingRow.c.part_id),
    )
    .where(StandingRow.c.region_id == bindparam("in_region"))
    .where(tuple_(*_SEAT).in_(bindparam("named", expanding=True)))
    .order_by(*_SEAT)
)
_LOCKED_SEATS = Ready(_SEATS.with_for_update(of=StandingRow))
_SEEN_SEATS = Ready(_SEATS)


def asked_seat(work: UnitOfWork, key: PartPlace) -> Asked:
    """What `lock_seats` asks for one seat, to be foreseen (`storage.ready.foresee`)."""
    return _LOCKED_SEATS, {"in_region": work.region, "named": [key]}


def _seats(work: UnitOfWork, keys: list[PartPlace], *, lock: bool) -> dict[PartPlace, tuple[Place, Tracking]]:
    found: dict[PartPlace, tuple[Place, Tracking]] = {}
    query = _LOCKED_SEATS if lock else _SEEN_SEATS
    for some in _batches(keys):
        rows = query.rows(work.connection, {"in_region": work.region, "named": some})
        for part, at, kind, name, customer, tracking in rows:
            found[part, at] = (Place(at, PlaceKind(kind), name, customer=customer), Tracking(tracking))
    return found


def lock_rows(
    work: UnitOfWork, seats: Iterable[PartPlace], cells: Iterable[Cell], places: dict[str, Place]
) -> dict[Cell, int]:
    """Lock standings, then balances, and give the balances; those that are new hold nothing. Places and parts exist.

    Rows that are there are locked in one statement, in order. Rows that are not are made after that: two commands
    may cross there once in the life of a row, and the database gives one of them up, to be run again.
    """
    standings, keys = sorted(set(seats)), sorted(set(cells))
    there, found = _rows(work, standings, keys)
    new = [seat for seat in standings if seat not in there]
    missing = [cell for cell in keys if cell not in found]
    if new or missing:
        blank = {"region_id": work.region, "on_hand": 0, "usable": 0, "reserved": 0, "in_transit": 0}
        rows = [blank | {"part_id": part, "place_id": place} for part, place in new]
        insert_missing(work.connection, StandingRow, rows)
        nothing = {"region_id": work.region, "quantity": 0}
        made = [
            nothing | cell_row(cell) | {"physical": places[cell.place].kind in PHYSICAL} for cell in missing
        ]
        insert_missing(work.connection, BalanceRow, made)
        _, found = _rows(work, standings, keys)
    return found


_CELL = tuple(BalanceRow.c[name] for name in ("part_id", "place_id", "condition", "bound_for", "lot"))
_NONE = literal_column("''", String)
_STANDINGS = (
    select(*_SEAT, *(_NONE.label(name) for name in ("condition", "bound_for", "lot")), StandingRow.c.on_hand)
    .where(StandingRow.c.region_id == bindparam("in_region"))
    .where(tuple_(*_SEAT).in_(bindparam("seats", expanding=True)))
    .order_by(*_SEAT)
    .with_for_update()
    .cte("standings")
)
_BALANCES = (
    select(*_CELL, BalanceRow.c.quantity)
    .where(BalanceRow.c.region_id == bindparam("in_region"))
    .where(tuple_(*_CELL).in_(bindparam("cells", expanding=True)))
    .order_by(*_CELL)
    .with_for_update()
    .cte("balances")
)
# The server works through the halves of a UNION ALL one after the other: standings are locked before balances.
_ROWS = Ready(
    union_all(
        select(literal_column("1", Integer).label("is_seat"), _STANDINGS),
        select(literal_column("0"), _BALANCES),
    )
)


def asked_rows(work: UnitOfWork, seats: Iterable[PartPlace], cells: Iterable[Cell]) -> list[Asked]:
    """What `lock_rows` asks, to be foreseen (`storage.ready.foresee`)."""
    sorted_seats = sorted(set(seats))
    named = [
        (cell.part, cell.place, cell.condition.value, cell.bound_for, cell.lot) for cell in sorted(set(cells))
    ]
    return [
        (
            _ROWS,
            {
                "seats": sorted_seats[start : start + AT_ONCE],
                "cells": named[start : start + AT_ONCE],
                "in_region": work.region,
            },
        )
        for start in range(0, max(len(sorted_seats), len(named)), AT_ONCE)
    ]


def _rows(
    work: UnitOfWork, seats: list[PartPlace], cells: list[Cell]
) -> tuple[set[PartPlace], dict[Cell, int]]:
    there: set[PartPlace] = set()
    found: dict[Cell, int] = {}
    for asked, values in asked_rows(work, seats, cells):
        for is_seat, part, place, condition, bound_for, lot, quantity in asked.rows(work.connection, values):
            if is_seat:
                there.add((part, place))
            else:
                found[Cell(part, place, Condition(condition), bound_for, lot)] = quantity
    return there, found


def lock_serials(work: UnitOfWork, wanted: Iterable[SerialKey]) -> dict[SerialKey, Cell]:
    """Lock the rows of units that were seen before, and give where they stand."""
    found: dict[SerialKey, Cell] = {}
    for some in _batches(sorted(set(wanted))):
        for row in _locked(work, _SERIALS, some):
            found[row["part_id"], row["serial"]] = cell_of(row)
    return found


def _locking(table: Table, *names: str) -> Select[Any]:
    key = [table.c[name] for name in names]
    return (
        select(table)
        .where(table.c.region_id == bindparam("in_region"))
        .where(tuple_(*key).in_(bindparam("named", expanding=True)))
        .order_by(*key)
        .with_for_update()
    )


_SERIALS = _locking(SerialRow, "part_id", "serial")


def _locked(work: UnitOfWork, query: Select[Any], wanted: list[Any]) -> Sequence[RowMapping]:
    return work.connection.execute(query, {"in_region": work.region, "named": wanted}).mappings().all()


def _batches(keys: list[Any]) -> Iterable[list[Any]]:
    return (keys[start : start + AT_ONCE] for start in range(0, len(keys), AT_ONCE))
