"""Pages of what a region has on record: rows of one of its files, in the order they were written."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, or_, select

from storage.dataset.table import Row, Table
from storage.rows.facts import pair_of


def register_page(
    connection: Connection, region: str, file: Table, *wanted: ColumnElement[bool], most: int, after: int = 0
) -> tuple[list[Row], int | None]:
    """Read rows of a file under the names its columns have there.

    Args:
        connection: to read with.
        region: its id.
        file: one of `storage.dataset.schema.FIELD`.
        wanted: conditions on its table: filters, and how far somebody's rights reach.
        most: rows in the page.
        after: place of the last row of the page before.

    Returns:
        The rows, and where the next page starts; None: that was all.
    """
    pair = pair_of(file)
    names = [column.name for column in file.columns]
    query = (
        select(pair.rows.c.position, *(pair.rows.c[pair.column(name)] for name in names))
        .where(pair.rows.c.region_id == region, pair.rows.c.position > after, *wanted)
        .order_by(pair.rows.c.position)
        .limit(most + 1)
    )
    found = connection.execute(query).all()
    rows: list[Row] = [dict(zip(names, row[1:], strict=True)) for row in found[:most]]
    return rows, int(found[most - 1][0]) if len(found) > most else None


def naming(file: Table, words: str, *columns: str) -> list[ColumnElement[bool]]:
    """The condition that one of some columns contains words, in capitals or not; no words want nothing."""
    rows = pair_of(file).rows
    return [or_(*(rows.c[name].icontains(words, autoescape=True) for name in columns))] if words else []


def alike(file: Table, **wanted: Any) -> list[ColumnElement[bool]]:
    """Conditions that columns hold what is wanted; an empty text wants nothing."""
    pair = pair_of(file)
    return [pair.rows.c[pair.column(name)] == value for name, value in wanted.items() if value != ""]
