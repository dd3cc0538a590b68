"""Add everything up again: the caches beside the moves must say what the moves say, on any database, at any size.

Each comparison is one query in which facts count up and caches count down; what is left over is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, literal, select, union_all

from inventory.catalogue.place import SHELVES, PlaceKind
from inventory.stock.move import Cell, Condition, cells
from inventory.supply.ordering import OrderStep
from kernel.errors import Message
from storage.stock.locks import COUNTED
from storage.stock.rows import CELL_COLUMNS, cell_of, move_of
from storage.tables.catalogue import PlaceRow, PurchaseOrderLineRow
from storage.tables.ledger import BalanceRow, MoveRow, SerialRow, StandingRow
from storage.tables.quality import OrderStepRow
from storage.tables.region import RegionRow
from storage.tables.reservation import Fate, ReservationRow


def wrong_sums(connection: Connection) -> Iterator[Message]:
    """Everything in which a cache differs from its facts; nothing when all is well."""
    yield from _wrong_balances(connection)
    yield from _wrong_standings(connection)
    yield from _wrong_serials(connection)
    yield from _wrong_arrivals(connection)


def broken_promises(connection: Connection) -> Iterator[Message]:
    """Where more is promised than is usable: possible after a loss, and somebody has to be told."""
    query = (
        select(StandingRow)
        .where(StandingRow.c.reserved > StandingRow.c.usable)
        .order_by(StandingRow.c.region_id, StandingRow.c.part_id, StandingRow.c.place_id)
    )
    for row in connection.execute(query).mappings():
        yield Message(
            "database.promised_beyond_usable",
            {
                "region": row["region_id"],
                "part": row["part_id"],
                "place": row["place_id"],
                "reserved": row["reserved"],
                "usable": row["usable"],
            },
        )


def _kind(place: ColumnElement[str]) -> Any:
    """The kind of a place named in a row, as a subquery."""
    return (
        select(PlaceRow.c.kind)
        .where(PlaceRow.c.region_id == MoveRow.c.region_id, PlaceRow.c.place_id == place)
        .scalar_subquery()
    )


def _side(place: ColumnElement[str], sign: int) -> Select[Any]:
    """What the moves do to the balances at one of their ends; as `inventory.stock.move.cells` names them."""
    on_the_road = and_(MoveRow.c.bound_for != "", _kind(place) == PlaceKind.IN_TRANSIT.value)
    return select(
        MoveRow.c.region_id.label("region_id"),
        MoveRow.c.part_id.label("part_id"),
        place.label("place_id"),
        MoveRow.c.condition.label("condition"),
        MoveRow.c.lot.label("lot"),
        case((on_the_road, MoveRow.c.bound_for), else_="").label("bound_for"),
        (MoveRow.c.quantity * sign).label("units"),
    )


def _wrong_balances(connection: Connection) -> Iterator[Message]:
    names = ("region_id", *CELL_COLUMNS)
    facts = (_side(MoveRow.c.from_place_id, -1), _side(MoveRow.c.to_place_id, 1))
    cache = select(*(BalanceRow.c[name] for name in names), (-BalanceRow.c.quantity).label("units"))
    every = union_all(*facts, cache).subquery()
    key = [every.c[name] for name in names]
    query = select(*key, func.sum(every.c.units).label("units")).group_by(*key)
    for row in connection.execute(query.having(func.sum(every.c.units) != 0).order_by(*key)).mappings():
        yield Message(
            "database.balance_differs",
            {
                "region": row["region_id"],
                "part": row["part_id"],
                "place": row["place_id"],
                "condition": row["condition"],
                "units": int(row["units"]),
            },
        )


def _wrong_standings(connection: Connection) -> Iterator[Message]:
    figures = ("on_hand", "usable", "in_transit", "reserved")
    kind = (
        select(PlaceRow.c.kind)
        .where(PlaceRow.c.region_id == BalanceRow.c.region_id, PlaceRow.c.place_id == BalanceRow.c.place_id)
        .scalar_subquery()
    )
    fit = BalanceRow.c.condition == Condition.USABLE.value
    nothing = literal(0)
    units = BalanceRow.c.quantity
    here = (BalanceRow.c.region_id.label("region_id"), BalanceRow.c.part_id.label("part_id"))
    lying = select(
        *here,
        BalanceRow.c.place_id.label("place_id"),
        units.label("on_hand"),
        case((and_(fit, kind.in_(sorted(SHELVES))), units), else_=0).label("usable"),
        nothing.label("in_transit"),
        nothing.label("reserved"),
    ).where(kind.in_(sorted(COUNTED)))
    coming = select(
        *here,
        BalanceRow.c.bound_for,
        nothing,
        nothing,
        case((fit, units), else_=0),
        nothing,
    ).where(BalanceRow.c.bound_for != "")
    kept = select(
        ReservationRow.c.region_id,
        ReservationRow.c.part_id,
        ReservationRow.c.place_id,
        nothing,
        nothing,
        nothing,
        ReservationRow.c.quantity - ReservationRow.c.consumed,
    ).where(ReservationRow.c.fate == Fate.ACTIVE.value)
    names = ("region_id", "part_id", "place_id")
    cache = select(*(StandingRow.c[name] for name in names), *(-StandingRow.c[name] for name in figures))
    every = union_all(lying, coming, kept, cache).subquery()
    key = [every.c[name] for name in names]
    sums = [func.sum(every.c[name]).label(name) for name in figures]
    query = select(*key, *sums).group_by(*key).order_by(*key)
    wrong = select(query.subquery())
    left = wrong.selected_columns
    wrong = wrong.where(
        (left.on_hand != 0) | (left.usable != 0) | (left.in_transit != 0) | (left.reserved != 0)
    )
    for row in connection.execute(wrong).mappings():
        differing = ", ".join(f"{name} {int(row[name]):+d}" for name in figures if row[name])
        yield Message(
            "database.standing_differs",
            {
                "region": row["region_id"],
                "part": row["part_id"],
                "place": row["place_id"],
                "units": differing,
            },
        )


def _wrong_arrivals(connection: Connection) -> Iterator[Message]:
    """Order lines that count other than what the ledger says came by them.

    Of orders sent here: what an import brought along may have arrived before its ledger begins.
    """
    line, move = PurchaseOrderLineRow.c, MoveRow.c
    step, region = OrderStepRow.c, RegionRow.c
    sent_here = (
        select(step.order_id)
        .join(RegionRow, region.id == step.region_id)
        .where(
            step.region_id == line.region_id,
            step.order_id == line.order_id,
            step.step == OrderStep.SEND,
            step.written_key != region.written_key,
        )
        .exists()
    )
    outside = PlaceKind.SUPPLIER.value
    units = case(
        (and_(move.reverses == "", _kind(move.from_place_id) == outside), move.quantity),
        (and_(move.reverses != "", _kind(move.to_place_id) == outside), -move.quantity),
        else_=0,
    )
    came = (
        select(func.coalesce(func.sum(units), 0))
        .where(
            move.region_id == line.region_id,
            move.source_document == line.order_id,
            move.part_id == line.part_id,
        )
        .correlate(PurchaseOrderLineRow)
        .scalar_subquery()
    )
    query = select(line.region_id, line.order_id, line.part_id, line.received, came.label("came"))
    for row in connection.execute(query.where(sent_here).order_by(line.region_id, line.position)).mappings():
        if row["received"] != max(0, row["came"]):
            values = {"region": row["region_id"], "order": row["order_id"], "part": row["part_id"]}
            counts = {"received": row["received"], "came": int(row["came"])}
            yield Message("database.received_differs", {**values, **counts})


def _wrong_serials(connection: Connection) -> Iterator[Message]:
    kinds = {
        (row.region_id, row.place_id): PlaceKind(row.kind)
        for row in connection.execute(select(PlaceRow.c.region_id, PlaceRow.c.place_id, PlaceRow.c.kind))
    }
    stands: dict[tuple[str, str, str], Cell] = {}
    named = select(MoveRow).where(MoveRow.c.serial != "").order_by(MoveRow.c.seq)
    for row in connection.execute(named).mappings():
        move, region = move_of(row), row["region_id"]
        mine = {place: kinds[region, place] for place in (move.from_place, move.to_place)}
        stands[region, move.part, move.serial] = cells(move, mine)[1]
    for row in connection.execute(select(SerialRow)).mappings():
        key = (row["region_id"], row["part_id"], row["serial"])
        if stands.pop(key, None) != cell_of(row):
            yield _serial(key)
    for key in sorted(stands):
        yield _serial(key)


def _serial(key: tuple[str, str, str]) -> Message:
    region, part, serial = key
    return Message("database.serial_differs", {"region": region, "part": part, "serial": serial})
