"""Pages of the ledger as people look at it: moves, reservations, what is on the road."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, case, func, select

from inventory.catalogue.place import PlaceKind
from inventory.stock.move import Condition, Move
from inventory.stock.reservation import Reservation
from inventory.stock.transfer import Courier, courier_of
from storage.scope import Scope
from storage.stock.rows import move_of, reservation_of
from storage.tables.catalogue import PlaceRow
from storage.tables.ledger import MoveRow
from storage.tables.reservation import Fate, ReservationRow

_MOVE = MoveRow.c


@dataclass(frozen=True, slots=True)
class OnTheRoad:
    """Units of a transfer that were sent and not received: alike, bound for one place.

    `since`: the first was sent; `courier`: who carries them, None: our own people.
    """

    document: str
    to_place: str
    part: str
    condition: Condition
    lot: str
    serial: str
    quantity: int
    since: datetime
    courier: Courier | None


def move_page(
    connection: Connection,
    region: str,
    *wanted: ColumnElement[bool],
    scope: Scope,
    most: int,
    before: int | None = None,
) -> tuple[list[tuple[int, Move]], int | None]:
    """Moves with their place in the ledger, the newest first.

    Args:
        connection: to read with.
        region: its id.
        wanted: conditions on `MoveRow`.
        scope: moves of which neither end is reached are left out.
        most: in the page.
        before: place of the last one of the page before.

    Returns:
        The moves, and where the next page starts; None: that was all.
    """
    query = select(MoveRow).where(_MOVE.region_id == region, _touched(scope), *wanted)
    if before is not None:
        query = query.where(_MOVE.seq < before)
    rows = connection.execute(query.order_by(_MOVE.seq.desc()).limit(most + 1)).mappings().all()
    found = [(int(row["seq"]), move_of(row)) for row in rows[:most]]
    return found, found[-1][0] if len(rows) > most else None


def reservation_page(
    connection: Connection,
    region: str,
    *wanted: ColumnElement[bool],
    scope: Scope,
    now: datetime,
    most: int,
    after: str = "",
) -> tuple[list[Reservation], str | None]:
    """What is kept for somebody at `now`, by id; arguments as `move_page`, conditions on `ReservationRow`."""
    row = ReservationRow.c
    query = (
        select(ReservationRow)
        .where(row.region_id == region, row.fate == Fate.ACTIVE.value, row.id > after, *wanted)
        .where(row.expires_at.is_(None) | (row.expires_at > now))
        .where(scope.places_where(region=row.region_id, place=row.place_id))
    )
    rows = connection.execute(query.order_by(row.id).limit(most + 1)).mappings().all()
    found = [reservation_of(one) for one in rows[:most]]
    return found, found[-1].id if len(rows) > most else None


def move_ends(connection: Connection, region: str, move: str) -> tuple[str, ...]:
    """Where a move went from and to; empty: there is none of this id."""
    query = select(_MOVE.from_place_id, _MOVE.to_place_id).where(_MOVE.region_id == region, _MOVE.id == move)
    return tuple(connection.execute(query).one_or_none() or ())


def seat_of(connection: Connection, region: str, reservation: str, *, scope: Scope) -> str | None:
    """The place of a reservation; None: there is none, or rights do not reach it."""
    row = ReservationRow.c
    query = select(row.place_id).where(
        row.region_id == region,
        row.id == reservation,
        scope.places_where(region=row.region_id, place=row.place_id),
    )
    found: str | None = connection.execute(query).scalar()
    return found


def on_the_road(
    connection: Connection, region: str, *, scope: Scope, document: str = "", to_place: str = ""
) -> Sequence[OnTheRoad]:
    """What was sent and not received, by document; as `inventory.stock.transfer.under_way` says of each."""
    arriving = PlaceRow.alias("arriving")
    goods = (_MOVE.source_document, _MOVE.bound_for, _MOVE.part_id, _MOVE.condition, _MOVE.lot, _MOVE.serial)
    sign = case((arriving.c.kind == PlaceKind.IN_TRANSIT.value, 1), else_=-1)
    left = func.sum(sign * _MOVE.quantity)
    carried = func.max(case((arriving.c.kind == PlaceKind.IN_TRANSIT.value, _MOVE.reason), else_=""))
    query = (
        select(*goods, left.label("left"), func.min(_MOVE.at).label("since"), carried.label("reason"))
        .join(
            arriving,
            (arriving.c.region_id == _MOVE.region_id) & (arriving.c.place_id == _MOVE.to_place_id),
        )
        .where(_MOVE.region_id == region, _MOVE.bound_for != "", _MOVE.source_document != "")
        .group_by(*goods)
        .having(left != 0)
        .order_by(*goods)
    )
    if document:
        query = query.where(_MOVE.source_document == document)
    if to_place:
        query = query.where(_MOVE.bound_for == to_place)
    if scope.is_narrow:
        # All moves of a transfer count or none: what was sent less what was received.
        mine = select(_MOVE.source_document).where(_MOVE.region_id == region, _MOVE.bound_for != "")
        query = query.where(_MOVE.source_document.in_(mine.where(_touched(scope))))
    return [
        OnTheRoad(
            row.source_document,
            row.bound_for,
            row.part_id,
            Condition(row.condition),
            row.lot,
            row.serial,
            int(row.left),
            row.since,
            courier_of(row.reason),
        )
        for row in connection.execute(query)
    ]


def _touched(scope: Scope) -> ColumnElement[bool]:
    """The condition on moves of which an end, or what they are bound for, is reached."""
    sent, put, bound = (
        scope.places_where(region=_MOVE.region_id, place=place)
        for place in (_MOVE.from_place_id, _MOVE.to_place_id, _MOVE.bound_for)
    )
    return sent | put | bound
