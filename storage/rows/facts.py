"""Single values in and out of their tables, by the same `make` and `rows` as whole regions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from dispatch.region import Fieldwork, Region, Settings
from inventory.stockroom import Stockroom
from storage.appended import append_rows
from storage.dataset.schema import FIELD
from storage.dataset.table import Table
from storage.rows.pairs import PAIRS, Pair
from storage.unit_of_work import UnitOfWork

_PAIR = {pair.file.name: pair for pair in PAIRS}
_FIELD = {table.name: name for name, table in FIELD.items()}
_NOWHERE = Settings("none", "", datetime(1970, 1, 1, tzinfo=UTC), "UTC", "CNY", 1)


def pair_of(file: Table) -> Pair:
    """The pair of a file and its table."""
    return _PAIR[file.name]


def rows_of(pair: Pair, values: Sequence[Any]) -> list[dict[str, Any]]:
    """Rows of some values of `dispatch.region.Fieldwork`, as the table names its columns."""
    # A file knows how to write the values of a region: one that holds nothing else.
    only = Region(_NOWHERE, Fieldwork(**{_FIELD[pair.file.name]: tuple(values)}), Stockroom())
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
    names = [column.name for column in pair.file.columns]
    query = (
        select(*(pair.rows.c[pair.column(name)] for name in names))
        .where(pair.rows.c.region_id == region, *wanted)
        .order_by(pair.rows.c.position)
    )
    for found in connection.execute(query):
        yield dict(zip(names, found, strict=True))


def values_in(connection: Connection, file: Table, region: str, **wanted: Any) -> tuple[Any, ...]:
    """Values of a file in their order; all of a region, or those whose columns hold what is wanted."""
    pair = pair_of(file)
    alike = [pair.rows.c[pair.column(name)] == value for name, value in wanted.items()]
    return tuple(file.make(row) for row in rows_in(connection, pair, region, *alike))
