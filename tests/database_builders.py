"""Databases for tests: a migrated copy for each, a region with the stock builders' parts and places in it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from itertools import count
from typing import Any

from sqlalchemy import Table, insert
from sqlalchemy.types import (
    JSON,
    Boolean,
    Date,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    Numeric,
    TypeDecorator,
)

from inventory.catalogue.part import PartKind, Tracking
from inventory.catalogue.place import Place
from kernel.envelope import Envelope
from storage.database import Database
from storage.tables.catalogue import PartRow, PlaceRow
from storage.tables.region import RegionRow
from storage.tables.scope import Amount, OneOf
from storage.unit_of_work import UnitOfWork
from tests.stock_builders import NOW, PLACES

NUMBERS = count(1)


def envelope(key: str = "", *, region: str = "R-1", now: datetime = NOW, actor: str = "keeper") -> Envelope:
    """An envelope with a key nobody used before, or with this one."""
    return Envelope(actor, "desk", now, key or f"key-{next(NUMBERS)}", region)


def seed(
    database: Database,
    *,
    region: str = "R-1",
    parts: Iterable[str] = ("P-1", "P-2"),
    tracking: Tracking = Tracking.NONE,
    kind: PartKind = PartKind.CONSUMABLE,
    places: Iterable[Place] = PLACES,
) -> None:
    """A region with parts, all of one kind and tracked alike, and places."""

    def command(work: UnitOfWork) -> None:
        work.connection.execute(
            insert(RegionRow).values(**filled(RegionRow, id=region, zone="Asia/Shanghai", horizon_days=7))
        )
        for at, part in enumerate(parts):
            row = filled(
                PartRow,
                region_id=region,
                position=at,
                part_id=part,
                kind=kind,
                tracking=tracking,
                criticality=1,
            )
            work.connection.execute(insert(PartRow).values(**row))
        for at, place in enumerate(place for place in places if not place.customer):
            row = filled(
                PlaceRow, region_id=region, position=at, place_id=place.id, kind=place.kind, name=place.name
            )
            work.connection.execute(insert(PlaceRow).values(**row))

    database.run(envelope(region=region), command)


def filled(table: Table, **values: Any) -> dict[str, Any]:
    """A row with something plain in every column that must have a value."""
    row: dict[str, Any] = {}
    for column in table.columns:
        if column.name in values:
            row[column.name] = values[column.name]
        elif not column.nullable:
            row[column.name] = _plain(column.type)
    return row


def _plain(kind: Any) -> Any:
    if isinstance(kind, Amount):
        return Decimal(100)
    if isinstance(kind, OneOf):
        return next(iter(kind.words))
    inner = kind.impl if isinstance(kind, TypeDecorator) else kind
    if isinstance(inner, DateTime):
        return NOW
    if isinstance(inner, Date):
        return NOW.date()
    if isinstance(inner, Boolean):
        return False
    if isinstance(inner, Integer | Numeric | Float):
        return 0
    if isinstance(inner, JSON):
        return {}
    if isinstance(inner, LargeBinary):
        return b""
    return "x"
