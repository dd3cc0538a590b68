"""What the stock tests of this folder share: worlds seeded with goods, and what must be true of any of them."""

from __future__ import annotations

from itertools import count as numbers

from inventory.catalogue.place import PHYSICAL
from inventory.stock.document import Line
from inventory.stock.ledger import tally, traced
from inventory.stock.position import Position, positions
from inventory.stock.reservation import Reservation
from storage.database import Database
from storage.idempotency import Reply
from storage.stock import commands, queries
from storage.unit_of_work import UnitOfWork
from tests.database_builders import envelope
from tests.stock_builders import NOW, PLACES

KINDS = {place.id: place.kind for place in PLACES}
RESERVATIONS = numbers(1)


def bring(
    database: Database, quantity: int, *, part: str = "P-1", place: str = "FUZHOU", region: str = "R-1"
) -> Reply:
    """Goods from a supplier."""

    def command(work: UnitOfWork) -> Reply:
        return commands.receive(work, "PO-1", [Line(part, quantity, "SUPPLIER", place)])

    return database.run(envelope(region=region), command)


def wish(quantity: int = 1, *, part: str = "P-1", place: str = "FUZHOU", id: str = "") -> Reservation:  # noqa: A002 the field's name
    """A reservation to ask for."""
    name = id or f"R-{next(RESERVATIONS)}"
    return Reservation(part, place, quantity, demand_ref=f"visit of {name}", id=name)


def check_world(database: Database, *, region: str = "R-1") -> None:
    """Balances, standings, serials and promises are what the moves and reservations add up to; nothing is negative."""
    with database.reading() as connection:
        moves = queries.moves(connection, region)
        kept = queries.reservations(connection, region, now=NOW)
        totals = queries.totals(connection, region)
        pages: list[Position] = []
        page = queries.stock_page(connection, region, now=NOW, most=3)
        pages += page.rows
        while page.next_after is not None:
            page = queries.stock_page(connection, region, now=NOW, most=3, after=page.next_after)
            pages += page.rows
        serials = queries.serials(connection, region)

    folded = {cell: quantity for cell, quantity in tally(KINDS, moves).items() if quantity}
    assert totals == folded
    assert all(quantity > 0 for cell, quantity in totals.items() if KINDS[cell.place] in PHYSICAL)
    expected = positions(folded, PLACES, reservations=kept)
    assert {(row.part, row.place): row for row in pages} == expected
    assert [(row.part, row.place) for row in pages] == sorted(expected)
    assert serials == traced(KINDS, moves)
