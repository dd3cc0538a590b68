"""Single values in and out of their tables, by the same `make` and `rows` as whole regions."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, bindparam, select

from dispatch.region import Fieldwork, Region, Settings
from inventory.stockroom import Stockroom
from storage.appended import append_rows
from storage.dataset.schema import FIELD, STOCK
from storage.dataset.table import Table
from storage.ready import Asked, Ready
from storage.rows.pairs import PAIRS, Pair
from storage.unit_of_work import UnitOfWork

AT_ONCE = 500
"""Ids in one statement."""

IN_REGION = "in_region"
"""Name the region goes into a statement by."""

_PAIR = {pair.file.name: pair for pair in PAIRS}
_FIELD = {table.name: name for name, table in FIELD.items()}
_STOCK = {table.name: name for name, table in STOCK.items()}
_NOWHERE = Settings("none", "", datetime(1970, 1, 1, tzinfo=UTC), "UTC", "CNY", 1)


def pair_of(file: Table) -> Pair:
    """The pair of a file and its table."""
    return _PAIR[file.name]


def rows_of(pair: Pair, values: Sequence[Any]) -> list[dict[str, Any]]:
    """Rows of some values of a region, as the table names its columns."""
    # A file knows how to write the values of a region: one that holds nothing else.
    name = pair.file.name
    field = Fieldwork(**{_FIELD[name]: tuple(values)}) if name in _FIELD else Fieldwork()
    stock = Stockroom(**{_STOCK[name]: tuple(values)}) if name in _STOCK else Stockroom()
    only = Region(_NOWHERE, field, stock)
    return [{pair.column(name): value for name, value in row.items()} for row in pair.file.rows(only)]


def plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row in plain JSON values."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()}


def add(work: UnitOfWork, file: Table, values: Sequence[Any]) -> None:
    """Write values behind those that are there; `storage.appended.queue` comes before.

    Raises:
        Refusal: as `storage.texts.check_fits`.
    """
    pair = pair_of(file)
    append_rows(work, pair.rows, rows_of(pair, values))


def rows_in(
    connection: Connection, pair: Pair, region: str, *wanted: ColumnElement[bool]
) -> Iterator[dict[str, Any]]:
    """Rows of a region in their order, under the names their columns have in the file; all, or those wanted."""
    name = pair.file.name
    query = rows_where(name, *wanted) if wanted else rows_query(name)
    yield from rows_by(connection, pair, query, {IN_REGION: region})


def rows_by(
    connection: Connection, pair: Pair, query: Select[Any] | Ready, values: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    """Rows a statement made of `rows_query` finds, under the names their columns have in the file."""
    names = [column.name for column in pair.file.columns]
    asked = connection.execute(query, values) if isinstance(query, Select) else query.rows(connection, values)
    for row in asked:
        yield dict(zip(names, row, strict=True))


# Built once: putting a statement together costs more than running it.
@cache
def rows_query(file: str) -> Select[Any]:
    """The statement for rows of a file in their order; the region goes in as `IN_REGION`."""
    pair = _PAIR[file]
    return (
        select(*(pair.rows.c[pair.column(column.name)] for column in pair.file.columns))
        .where(pair.rows.c.region_id == bindparam(IN_REGION))
        .order_by(pair.rows.c.position)
    )


def rows_where(file: str, *wanted: ColumnElement[bool]) -> Select[Any]:
    """The same for those that are wanted.

    Their order is sorted: SQLite would rather walk the whole region in it than look for a few rows by their index.
    """
    return rows_query(file).where(*wanted).order_by(None).order_by(_PAIR[file].rows.c.position + 0)


@cache
def _query_by(file: str, names: tuple[str, ...], empty: tuple[str, ...]) -> Ready:
    """The same with columns that hold what goes in under their names in the file, or nothing."""
    pair = _PAIR[file]
    if not names and not empty:
        return Ready(rows_query(file))
    held = (pair.rows.c[pair.column(name)] == bindparam(f"of_{name}") for name in names)
    return Ready(rows_where(file, *held, *(pair.rows.c[pair.column(name)].is_(None) for name in empty)))


def values_in(connection: Connection, file: Table, region: str, **wanted: Any) -> tuple[Any, ...]:
    """Values of a file in their order; all of a region, or those whose columns hold what is wanted."""
    query, values = asked_in(file, region, **wanted)
    return tuple(file.make(row) for row in rows_by(connection, pair_of(file), query, values))


def asked_in(file: Table, region: str, **wanted: Any) -> Asked:
    """What `values_in` asks, to be foreseen (`storage.ready.foresee`)."""
    held = {name: value for name, value in wanted.items() if value is not None}
    empty = tuple(name for name, value in wanted.items() if value is None)
    values = {IN_REGION: region} | {f"of_{name}": value for name, value in held.items()}
    return _query_by(file.name, tuple(held), empty), values


def values_among(
    connection: Connection, file: Table, region: str, column: str, ids: Collection[str]
) -> Iterator[Any]:
    """Values of a file whose `column` is one of `ids`, in their order within each some hundred ids."""
    pair, named = pair_of(file), sorted(ids)
    for start in range(0, len(named), AT_ONCE):
        query, values = asked_among(file, region, column, named[start : start + AT_ONCE])
        for row in rows_by(connection, pair, query, values):
            yield file.make(row)


def asked_among(file: Table, region: str, column: str, ids: Collection[str]) -> Asked:
    """What `values_among` asks for so many ids, to be foreseen (`storage.ready.foresee`)."""
    return _query_among(file.name, column), {IN_REGION: region, "ids": sorted(ids)}


@cache
def _query_among(file: str, column: str) -> Ready:
    pair = _PAIR[file]
    return Ready(rows_where(file, pair.rows.c[pair.column(column)].in_(bindparam("ids", expanding=True))))
