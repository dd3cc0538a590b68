"""Facts of the stockroom in and out of their tables, by the same `make` and `rows` as their files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, or_, select
from sqlalchemy import Table as Rows

from dispatch.region import Fieldwork, Region, Settings
from inventory.stockroom import Stockroom
from storage.appended import append_rows
from storage.dataset.schema import STOCK
from storage.dataset.table import Table
from storage.unit_of_work import UnitOfWork

_FIELD = {table.name: name for name, table in STOCK.items()}
_NOWHERE = Settings("none", "", datetime(1970, 1, 1, tzinfo=UTC), "UTC", "CNY", 1)


def told(connection: Connection, region: str, file: Table, rows: Rows, **wanted: Any) -> tuple[Any, ...]:
    """Values of a file in their order: all of a region, or those whose columns hold what is wanted.

    A collection asks for one of several; None among them for a row that names nobody.
    """
    names = [column.name for column in file.columns]
    query = select(*(rows.c[name] for name in names)).where(rows.c.region_id == region)
    for name, value in wanted.items():
        column = rows.c[name]
        if isinstance(value, tuple):
            named = column.in_([one for one in value if one])
            query = query.where(or_(named, column.is_(None)) if None in value else named)
        else:
            query = query.where(column == value)
    found = connection.execute(query.order_by(rows.c.position))
    return tuple(file.make(dict(zip(names, row, strict=True))) for row in found)


def keep(work: UnitOfWork, file: Table, rows: Rows, values: Sequence[Any]) -> None:
    """Write values behind those that are there; `storage.appended.queue` comes before.

    Raises:
        Refusal: ``dataset.cannot_write`` for what the file could not hold; as `storage.texts.check_fits`.
    """
    # A file knows how to write the values of a region: one that holds nothing else.
    only = Region(_NOWHERE, Fieldwork(), Stockroom(**{_FIELD[file.name]: tuple(values)}))
    made = list(file.rows(only))
    for row in made:
        for column in file.columns:
            # Taken in now and refused by the export would be a region nobody can take along.
            column.write(row[column.name])
    append_rows(work, rows, made)
