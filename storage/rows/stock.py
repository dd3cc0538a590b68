"""Moves and reservations of a region in the ledger's tables, posted together with the sums they amount to.

A command posts one move and changes the sums beside it; an import posts a ledger that has been checked whole,
and computes the sums once, with the same folds the test compares them with.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, insert, select

from inventory.catalogue.place import PHYSICAL
from inventory.stock.ledger import tally, traced
from inventory.stock.position import positions
from inventory.stock.reservation import Reservation
from inventory.stockroom import Stockroom
from kernel.errors import Refusal
from storage.stock.rows import cell_row, move_row, reservation_of
from storage.tables.ledger import BalanceRow, MoveRow, SerialRow, StandingRow
from storage.tables.reservation import Fate, ReservationRow
from storage.texts import check_fits
from storage.unit_of_work import UnitOfWork

AT_ONCE = 2000
"""Rows in one statement."""


def post_ledger(work: UnitOfWork, stock: Stockroom) -> None:
    """Write the moves and reservations of a region that has none yet, and every sum beside them.

    Raises:
        Refusal: ``import.promised_too_much`` when more is reserved somewhere than is usable there.
    """
    region = {"region_id": work.region}
    kinds = {place.id: place.kind for place in stock.places}
    totals = {cell: quantity for cell, quantity in tally(kinds, stock.moves).items() if quantity}
    bulk(
        work.connection, MoveRow, (move_row(move) | region | {"posted_at": work.now} for move in stock.moves)
    )
    bulk(
        work.connection,
        BalanceRow,
        (
            region | cell_row(cell) | {"quantity": quantity, "physical": kinds[cell.place] in PHYSICAL}
            for cell, quantity in totals.items()
        ),
    )
    standing = []
    for at in positions(totals, stock.places, reservations=stock.reservations).values():
        if at.reserved > at.usable:
            raise Refusal(
                "import.promised_too_much",
                part=at.part,
                place=at.place,
                reserved=at.reserved,
                usable=at.usable,
            )
        sums = {name: getattr(at, name) for name in ("on_hand", "usable", "reserved", "in_transit")}
        standing.append(region | {"part_id": at.part, "place_id": at.place} | sums)
    bulk(work.connection, StandingRow, standing)
    bulk(
        work.connection,
        SerialRow,
        (
            region | cell_row(cell) | {"serial": serial}
            for (_, serial), cell in traced(kinds, stock.moves).items()
        ),
    )
    bulk(
        work.connection,
        ReservationRow,
        (
            region | _reservation_row(row, at) | {"made_at": work.now, "by": work.actor}
            for at, row in enumerate(stock.reservations, start=1)
        ),
    )


def bulk(connection: Connection, table: Any, rows: Iterable[dict[str, Any]]) -> int:
    """Insert many rows; gives their number.

    Raises:
        Refusal: as `storage.texts.check_fits`.
    """
    waiting: list[dict[str, Any]] = []
    count = 0
    for row in rows:
        check_fits(table, row)
        waiting.append(row)
        if len(waiting) == AT_ONCE:
            connection.execute(insert(table), waiting)
            count += len(waiting)
            waiting = []
    if waiting:
        connection.execute(insert(table), waiting)
    return count + len(waiting)


NAMELESS = "given/"
"""How ids begin that rows without one get here, in their order."""


def _reservation_row(row: Reservation, at: int) -> dict[str, Any]:
    return {
        "id": row.id or f"{NAMELESS}{at:06d}",
        "part_id": row.part,
        "place_id": row.place,
        "quantity": row.quantity,
        "consumed": row.consumed,
        "demand_ref": row.demand_ref,
        "lot": row.lot,
        "serial": row.serial,
        "fate": (Fate.ACTIVE if row.left else Fate.ISSUED).value,
        "expires_at": row.expires_at,
        "closed_at": None,
    }


def read_reservations(connection: Connection, region: str) -> tuple[Reservation, ...]:
    """What is kept for whom and what was taken whole, in the order it was promised.

    What was released or ran out keeps nothing and is left out: only the audit chain tells of it.
    """
    told = (Fate.ACTIVE.value, Fate.ISSUED.value)
    rows = connection.execute(
        select(ReservationRow)
        .where(ReservationRow.c.region_id == region, ReservationRow.c.fate.in_(told))
        .order_by(ReservationRow.c.made_at, ReservationRow.c.id)
    )
    found = (reservation_of(row) for row in rows.mappings())
    return tuple(replace(row, id="") if row.id.startswith(NAMELESS) else row for row in found)
