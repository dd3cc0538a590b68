"""Read stock: every query has a pure fold that says the same, and a test that compares them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import ColumnElement, Connection, func, or_, select, tuple_

from inventory.catalogue.part import Part
from inventory.catalogue.place import SHELVES, PlaceKind
from inventory.stock.move import Cell, Condition, Move, SerialKey
from inventory.stock.position import PartPlace, Position
from inventory.stock.reservation import Reservation
from inventory.supply.to_come import on_order as coming
from storage.dataset.supply_tables import PURCHASE_ORDERS
from storage.order import By, Orders, Place, page_of, place_of
from storage.stock.agreed import agreements
from storage.stock.facts import told
from storage.stock.lots import barred
from storage.stock.rows import cell_of, move_of, reservation_of
from storage.tables.catalogue import PartRow, PlaceRow, PurchaseOrderLineRow
from storage.tables.ledger import BalanceRow, MoveRow, SerialRow, StandingRow
from storage.tables.reservation import Fate, ReservationRow

AT_ONCE = 300


def totals(connection: Connection, region: str, *, parts: Iterable[str] | None = None) -> dict[Cell, int]:
    """Every balance that is not zero; as `inventory.stock.ledger.tally` of all moves gives them."""
    query = select(BalanceRow).where(BalanceRow.c.region_id == region, BalanceRow.c.quantity != 0)
    if parts is not None:
        query = query.where(BalanceRow.c.part_id.in_(sorted(set(parts))))
    return {cell_of(row): row["quantity"] for row in connection.execute(query).mappings()}


def serials(connection: Connection, region: str, *, part: str = "") -> dict[SerialKey, Cell]:
    """Where every unit known one by one stands, of one `part` where given; as `inventory.stock.ledger.traced`.

    Where in its life a unit is follows from its moves and marks (`inventory.stock.serials`) and is kept nowhere.
    """
    query = select(SerialRow).where(SerialRow.c.region_id == region)
    if part:
        query = query.where(SerialRow.c.part_id == part)
    return {(row["part_id"], row["serial"]): cell_of(row) for row in connection.execute(query).mappings()}


def moves(connection: Connection, region: str) -> tuple[Move, ...]:
    """Every move in the order of posting."""
    query = select(MoveRow).where(MoveRow.c.region_id == region).order_by(MoveRow.c.seq)
    return tuple(move_of(row) for row in connection.execute(query).mappings())


def moves_of_part(
    connection: Connection, region: str, part: str, *, most: int = 100, before: int | None = None
) -> tuple[tuple[int, Move], ...]:
    """The newest moves of a part with their sequence numbers, newest first; `before` pages on."""
    query = select(MoveRow).where(MoveRow.c.region_id == region, MoveRow.c.part_id == part)
    if before is not None:
        query = query.where(MoveRow.c.seq < before)
    rows = connection.execute(query.order_by(MoveRow.c.seq.desc()).limit(most)).mappings()
    return tuple((row["seq"], move_of(row)) for row in rows)


def moves_of_document(connection: Connection, region: str, document: str) -> tuple[Move, ...]:
    """The moves that stand on one document, in the order of posting; none for an empty one."""
    query = (
        select(MoveRow)
        .where(MoveRow.c.region_id == region, MoveRow.c.source_document == document)
        .where(MoveRow.c.source_document != "")
        .order_by(MoveRow.c.seq)
    )
    return tuple(move_of(row) for row in connection.execute(query).mappings())


def moves_of_seats(connection: Connection, region: str, seats: Iterable[PartPlace]) -> tuple[Move, ...]:
    """The moves that touched parts at places, in the order of posting."""
    found: dict[int, Move] = {}
    for part, place in sorted(set(seats)):
        query = select(MoveRow).where(
            MoveRow.c.region_id == region,
            MoveRow.c.part_id == part,
            or_(MoveRow.c.from_place_id == place, MoveRow.c.to_place_id == place),
        )
        for row in connection.execute(query).mappings():
            found[row["seq"]] = move_of(row)
    return tuple(found[seq] for seq in sorted(found))


def reservations(
    connection: Connection, region: str, *, now: datetime, part: str = ""
) -> tuple[Reservation, ...]:
    """What is kept for whom at `now`, of one `part` where given, by id; as `inventory.stock.reservation.active`."""
    query = select(ReservationRow).where(ReservationRow.c.region_id == region, _keeps(now))
    if part:
        query = query.where(ReservationRow.c.part_id == part)
    rows = connection.execute(query.order_by(ReservationRow.c.id)).mappings()
    return tuple(reservation_of(row) for row in rows)


def prices(connection: Connection, region: str, parts: Iterable[str]) -> dict[str, Decimal]:
    """The price of one unit, by part."""
    query = select(PartRow.c.part_id, PartRow.c.price).where(
        PartRow.c.region_id == region, PartRow.c.part_id.in_(sorted(set(parts)))
    )
    return {part: price for part, price in connection.execute(query)}  # noqa: C416 rows are no pairs to mypy


def catalogued(connection: Connection, region: str, parts: Iterable[str]) -> dict[str, Part]:
    """Those of `parts` that exist, whole, by id."""
    column = PartRow.c
    query = select(
        column.part_id,
        column.name,
        column.kind,
        column.price,
        column.criticality,
        column.tracking,
        column.served_until,
    ).where(column.region_id == region, column.part_id.in_(sorted(set(parts))))
    return {row.part_id: Part(*row) for row in connection.execute(query)}


@dataclass(frozen=True, slots=True)
class Page:
    """Some positions in order, and where the next page starts; None: that was all."""

    rows: tuple[Position, ...]
    next_after: Place | None


def position(connection: Connection, region: str, part: str, place: str, *, now: datetime) -> Position:
    """One part at one place, nothing on order; as `inventory.stock.position.positions` gives it."""
    here = (StandingRow.c.part_id == part) & (StandingRow.c.place_id == place)
    found = _page(connection, region, here, now=now, most=1).rows
    return found[0] if found else Position(part, place)


def positions_of_part(
    connection: Connection, region: str, part: str, *, now: datetime
) -> tuple[Position, ...]:
    """One part at every place that has or awaits any, by place."""
    return _page(connection, region, StandingRow.c.part_id == part, now=now, most=100_000).rows


def on_order(connection: Connection, region: str, part: str, *, now: datetime) -> dict[str, int]:
    """Units of a part ordered by `now` and still to come, by place; as `inventory.supply.to_come.on_order`."""
    lines = told(connection, region, PURCHASE_ORDERS, PurchaseOrderLineRow, part_id=part)
    agreed = {row for line in lines for row in agreements(connection, region, line.supplier)}
    found = coming(lines, now=now, agreements=agreed)
    return {place: units for (_, place), units in found.items()}


def stock_page(
    connection: Connection,
    region: str,
    *,
    now: datetime,
    most: int = 50,
    sort: str = "part",
    after: Place | None = None,
    place: str = "",
    where: ColumnElement[bool] | None = None,
) -> Page:
    """A page of the stock list in one of `STOCK_ORDERS`; of one `place` only, where given; `where`: how far rights reach.

    Raises:
        Refusal: ``request.bad_cursor``.
    """
    wanted = [] if where is None else [where]
    if place:
        wanted.append(StandingRow.c.place_id == place)
    return _page(connection, region, *wanted, now=now, most=most, sort=sort, after=after)


def _page(
    connection: Connection,
    region: str,
    *wanted: ColumnElement[bool],
    now: datetime,
    most: int,
    sort: str = "part",
    after: Place | None = None,
) -> Page:
    order = STOCK_ORDERS[sort]
    query = _STANDS.where(StandingRow.c.region_id == region, *wanted)
    found = connection.execute(page_of(query, order, after=after, most=most)).all()
    rows = [tuple(row)[:6] for row in found[:most]]
    over = _out_of_date(connection, region, {part for part, *_ in rows}, now=now)
    promised = [(part, place) for part, place, *_, reserved, _ in rows if reserved]
    kept = _reserved(connection, region, promised, now=now)
    made = [
        Position(
            part,
            place,
            on_hand=on_hand,
            usable=usable - over.get((part, place, False), 0),
            reserved=kept.get((part, place), 0),
            in_transit=in_transit - over.get((part, place, True), 0),
        )
        for part, place, on_hand, usable, _, in_transit in rows
    ]
    # A row kept alive by an expired promise alone has nothing to say; the page is then one row shorter.
    shown = tuple(row for row in made if row.on_hand or row.reserved or row.in_transit)
    return Page(shown, place_of(found[most - 1], order) if len(found) > most else None)


_part, _place, _on_hand = StandingRow.c.part_id, StandingRow.c.place_id, StandingRow.c.on_hand
STOCK_ORDERS: Orders = {
    "part": (By(_part), By(_place)),
    "place": (By(_place), By(_part)),
    "most": (By(_on_hand, down=True), By(_part), By(_place)),
    "least": (By(_on_hand), By(_part), By(_place)),
}
"""What stock can be sorted by; `most` and `least` by the units on hand."""

# Built once as far as it goes: putting a statement together costs more than running it.
_STANDS = select(
    StandingRow.c.part_id,
    StandingRow.c.place_id,
    StandingRow.c.on_hand,
    StandingRow.c.usable,
    StandingRow.c.reserved,
    StandingRow.c.in_transit,
).where(or_(StandingRow.c.on_hand != 0, StandingRow.c.reserved != 0, StandingRow.c.in_transit != 0))


def _reserved(
    connection: Connection, region: str, seats: list[PartPlace], *, now: datetime
) -> dict[PartPlace, int]:
    """What is kept at `now`: the standing's own figure still contains what expired since it was last touched."""
    found: dict[PartPlace, int] = {}
    key = (ReservationRow.c.part_id, ReservationRow.c.place_id)
    for start in range(0, len(seats), AT_ONCE):
        query = (
            select(*key, func.sum(ReservationRow.c.quantity - ReservationRow.c.consumed))
            .where(ReservationRow.c.region_id == region, _keeps(now))
            .where(tuple_(*key).in_(seats[start : start + AT_ONCE]))
            .group_by(*key)
        )
        for part, place, kept in connection.execute(query):
            found[part, place] = int(kept)
    return found


def _out_of_date(
    connection: Connection, region: str, parts: set[str], *, now: datetime
) -> dict[tuple[str, str, bool], int]:
    """Usable units of lots that may not be used any more, by part, place and whether they are on their way there.

    A standing counts them: no command runs when a day ends.
    """
    lots = sorted(barred(connection, region, parts, now=now))
    found: dict[tuple[str, str, bool], int] = {}
    for start in range(0, len(lots), AT_ONCE):
        query = (
            select(BalanceRow)
            .join(
                PlaceRow,
                (PlaceRow.c.region_id == BalanceRow.c.region_id)
                & (PlaceRow.c.place_id == BalanceRow.c.place_id),
            )
            .where(BalanceRow.c.region_id == region, BalanceRow.c.condition == Condition.USABLE.value)
            .where(PlaceRow.c.kind.in_(sorted({*SHELVES, PlaceKind.IN_TRANSIT})))
            .where(tuple_(BalanceRow.c.part_id, BalanceRow.c.lot).in_(lots[start : start + AT_ONCE]))
        )
        for row in connection.execute(query).mappings():
            key = (row["part_id"], row["bound_for"] or row["place_id"], bool(row["bound_for"]))
            found[key] = found.get(key, 0) + row["quantity"]
    return found


def _keeps(now: datetime) -> ColumnElement[bool]:
    open_ended = ReservationRow.c.expires_at.is_(None)
    return (ReservationRow.c.fate == Fate.ACTIVE.value) & or_(open_ended, ReservationRow.c.expires_at > now)
