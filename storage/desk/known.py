"""Whether what a new value refers to is there, by the references its file's columns name."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select

from kernel.errors import Refusal
from storage.dataset.draft import CALENDARS
from storage.dataset.schema import TABLES
from storage.dataset.table import Column, Table
from storage.rows.facts import pair_of
from storage.tables.region import CalendarRow

_TABLES = {table.name: table for table in TABLES}


def check_known(
    connection: Connection,
    region: str,
    file: Table,
    rows: Iterable[dict[str, Any]],
    *,
    new: AbstractSet[str] = frozenset(),
) -> None:
    """Refuse a row that refers to what the region does not have, in the words of the dataset.

    Args:
        connection: to look with.
        region: whose.
        file: whose rows they are.
        rows: under the names of the file's columns.
        new: ids that are written by the same command.

    Raises:
        Refusal: ``desk.unknown_reference``.
    """
    for row in rows:
        for column in file.columns:
            value = row[column.name]
            if not column.references or value is None or value == column.default:
                continue
            for name in column.kind.mentions(value):
                if name not in new and not _stands(connection, region, column, name):
                    raise Refusal("desk.unknown_reference", column=column.name, value=name[:64])


def _stands(connection: Connection, region: str, column: Column, name: str) -> bool:
    places = [reference for reference in column.references if not reference.refused]
    for reference in places:
        if reference.table == CALENDARS:
            calendars = select(CalendarRow.c.id).where(CalendarRow.c.region_id == region)
            if connection.execute(calendars.where(CalendarRow.c.id == name)).first() is not None:
                return True
            continue
        query = _named(reference.table, tuple(reference.kinds))
        if connection.execute(query, {"in_region": region, "of_name": name}).first() is not None:
            return True
    return False


# Built once for each file: putting a statement together costs more than running it.
@lru_cache(maxsize=256)
def _named(table: str, kinds: tuple[str, ...]) -> Select[Any]:
    file = _TABLES[table]
    rows = pair_of(file).rows
    key = rows.c[pair_of(file).column(file.key[0])]
    query = select(key).where(
        rows.c.region_id == bindparam("in_region"), key == bindparam("of_name", type_=key.type)
    )
    return (query.where(rows.c.kind.in_(kinds)) if kinds else query).limit(1)
