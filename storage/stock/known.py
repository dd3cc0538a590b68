"""What a document names, looked up in one statement before anything is locked: the part of a command that only reads."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Select,
    String,
    bindparam,
    cast,
    literal_column,
    null,
    or_,
    select,
    tuple_,
    type_coerce,
    union_all,
)

from inventory.catalogue.part import Tracking
from inventory.catalogue.place import Place, PlaceKind
from inventory.stock.ledger import LotKey
from inventory.stock.lot import Lot, day_of, out_of_date
from inventory.stock.move import Move
from inventory.stock.position import PartPlace
from storage.ready import Asked, Ready
from storage.stock.locks import AT_ONCE
from storage.tables.catalogue import LotRow, PartRow, PlaceRow, PurchaseOrderLineRow
from storage.tables.ledger import MoveRow
from storage.tables.region import RegionRow
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the things some moves name.

    Args:
        parts: how each part is tracked.
        places: the places.
        described: the described ones among the lots they name, as (part, lot).
        barred: lots of the parts out of date on the region's own day, see `inventory.stock.lot.out_of_date`.
        posted: ids and keys of theirs that stand in the ledger.
        ordered: order lines their documents name, as (order, part).
    """

    parts: dict[str, Tracking]
    places: dict[str, Place]
    described: frozenset[LotKey]
    barred: frozenset[LotKey]
    posted: frozenset[str]
    ordered: frozenset[PartPlace]


def look_up(work: UnitOfWork, moves: Sequence[Move]) -> Known:
    """Look up the parts, places, lots, ids and order lines that `moves` name."""
    found: dict[str, list[Any]] = {what: [] for what in ("part", "place", "lot", "move", "order")}
    for query, values in asked_known(work, moves):
        for row in query.rows(work.connection, values):
            found[row[0]].append(row)
    return Known(
        parts={part: Tracking(tracking) for _, part, tracking, *_ in found["part"]},
        places={
            place: Place(place, PlaceKind(kind), name, customer=customer or "")
            for _, place, kind, name, customer, _ in found["place"]
        },
        described=frozenset((part, lot) for _, part, lot, *_ in found["lot"]),
        barred=_barred(found["lot"], now=work.now),
        posted=frozenset(name for _, name, key, *_ in found["move"] for name in (name, key)),
        ordered=frozenset((order, part) for _, order, part, *_ in found["order"]),
    )


def asked_known(work: UnitOfWork, moves: Sequence[Move]) -> list[Asked]:
    """What `look_up` asks, to be foreseen (`storage.ready.foresee`)."""
    names = _names(moves)
    most = max((len(values) for values in names.values()), default=0)
    asked: list[Asked] = []
    for start in range(0, most, AT_ONCE):
        some = {what: values[start : start + AT_ONCE] for what, values in names.items()}
        named = {what: values for what, values in some.items() if values or what not in {"lots", "orders"}}
        # No zone is a whole day ahead of UTC: nothing later can be over anywhere.
        here = {"in_region": work.region, "any_day": day_of(work.now) + timedelta(days=1)}
        asked.append((_query(lots=bool(some["lots"]), orders=bool(some["orders"])), named | here))
    return asked


def _names(moves: Sequence[Move]) -> dict[str, list[Any]]:
    places = {place for move in moves for place in (move.from_place, move.to_place, move.bound_for) if place}
    return {
        "parts": sorted({move.part for move in moves}),
        "places": sorted(places),
        "moves": sorted({name for move in moves for name in (move.id, move.key)}),
        "lots": sorted({(move.part, move.lot) for move in moves if move.lot}),
        "orders": sorted({(m.source_document, m.part) for m in moves if m.source_document}),
    }


def _barred(rows: list[Any], *, now: datetime) -> frozenset[LotKey]:
    found: set[LotKey] = set()
    for _, part, lot, zone, _, expires_on in rows:
        found |= out_of_date((Lot(lot, part, expires_on=expires_on),), on=day_of(now, zone_name=zone))
    return frozenset(found)


def _in(column: Any, name: str) -> ColumnElement[bool]:
    inside: ColumnElement[bool] = column.in_(bindparam(name, expanding=True))
    return inside


def _select(what: str, *columns: Any, day: Any = None) -> Select[Any]:
    """One kind of thing in the shape of all: its word, four texts, a day."""
    # Told as plain text: the columns of one kind would read those of another as their own words.
    texts: list[Any] = [type_coerce(column, String) for column in columns]
    texts += [literal_column("''", String)] * (4 - len(columns))
    last = cast(null(), Date) if day is None else day
    made: Select[Any] = select(literal_column(f"'{what}'", String), *texts, last)
    return made


@lru_cache(maxsize=8)
def _query(*, lots: bool, orders: bool) -> Ready:
    """The statement; built once for each shape, because putting it together costs as much as running it."""
    here: Any = bindparam("in_region")
    line = PurchaseOrderLineRow.c
    of_lot: Collection[ColumnElement[bool]] = (
        _in(LotRow.c.part_id, "parts") & (LotRow.c.expires_on < bindparam("any_day")),
        *((_in(tuple_(LotRow.c.part_id, LotRow.c.lot_id), "lots"),) if lots else ()),
    )
    kinds = [
        _select("part", PartRow.c.part_id, PartRow.c.tracking).where(
            PartRow.c.region_id == here, _in(PartRow.c.part_id, "parts")
        ),
        _select("place", PlaceRow.c.place_id, PlaceRow.c.kind, PlaceRow.c.name, PlaceRow.c.customer_id).where(
            PlaceRow.c.region_id == here, _in(PlaceRow.c.place_id, "places")
        ),
        _select("lot", LotRow.c.part_id, LotRow.c.lot_id, RegionRow.c.zone, day=LotRow.c.expires_on)
        .join_from(LotRow, RegionRow, RegionRow.c.id == LotRow.c.region_id)
        .where(LotRow.c.region_id == here, or_(*of_lot)),
        _select("move", MoveRow.c.id, MoveRow.c.key).where(
            MoveRow.c.region_id == here, or_(_in(MoveRow.c.id, "moves"), _in(MoveRow.c.key, "moves"))
        ),
    ]
    if orders:
        kinds.append(
            _select("order", line.order_id, line.part_id).where(
                line.region_id == here, _in(tuple_(line.order_id, line.part_id), "orders")
            )
        )
    return Ready(union_all(*kinds))
