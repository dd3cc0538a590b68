"""Lists as HTTP answers them: a page of a register, a page of what was folded, or all of it as a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from fastapi import Response
from sqlalchemy import ColumnElement

from api.shapes.registers import RowsOut, row_out, shape_of
from api.wire.bounds import Out
from api.wire.page import cursor, next_in, place_in, uncursor
from api.wire.table import MOST_ROWS, every, table
from kernel.errors import Refusal
from storage.database import Database
from storage.dataset.table import Table
from storage.order import Orders, Place
from storage.rows.register import WRITTEN, as_written, register_page

CSV: dict[int | str, dict[str, Any]] = {200: {"content": {"text/csv": {}}}}
"""What a route that gives files says of its answer."""

FILE_PAGE = 2_000


def registered(
    database: Database,
    region: str,
    file: Table,
    wanted: Sequence[ColumnElement[bool]],
    *,
    whole: bool,
    limit: int,
    after: str,
    orders: Orders | None = None,
    sort: str = WRITTEN,
) -> Response | RowsOut[Any]:
    """A page of a register, or all of it as a file.

    Args:
        database: open.
        region: id.
        file: one of the dataset's.
        wanted: conditions on its table: filters, and how far the caller's rights reach.
        whole: as a CSV file.
        limit: rows in the page.
        after: cursor of the page before; empty: the first.
        orders: it can be asked for in; None: as it was written only.
        sort: which of them.

    Raises:
        Refusal: ``request.bad_cursor``, ``request.other_order``, ``request.too_many_rows``.
    """
    known = orders or as_written(file)
    start, order = place_in(after, sort, known), known[sort]
    with database.reading() as connection:

        def page(last: Place | None, most: int = FILE_PAGE) -> tuple[list[Out], Place | None]:
            rows, more = register_page(connection, region, file, *wanted, order=order, most=most, after=last)
            return [row_out(file, row) for row in rows], more

        if whole:
            return table(file.name, shape_of(file), every(page))
        rows, last = page(start, limit)
    return RowsOut[Any](region=region, rows=rows, next=next_in(sort, last))


def listed(
    region: str,
    name: str,
    shape: type[Out],
    rows: Sequence[Any],
    /,
    *,
    whole: bool,
    limit: int,
    after: str,
    row: Callable[[Any], Out] | None = None,
) -> Response | RowsOut[Any]:
    """A page of rows that were folded from facts, or all of them as the file `name`.csv.

    Args:
        region: id.
        name: of the file.
        shape: of a row.
        rows: all of them; of that shape, or facts that `row` puts into it: only those of the page are.
        whole: as a CSV file.
        limit: rows in the page.
        after: cursor of the page before; empty: the first.
        row: gives a fact its shape; None: the rows have it.

    Raises:
        Refusal: ``request.bad_cursor``, ``request.too_many_rows``.
    """
    start = number_in(after)
    if whole:
        if len(rows) > MOST_ROWS:
            raise Refusal("request.too_many_rows", most=MOST_ROWS)
        return table(name, shape, rows if row is None else list(map(row, rows)))
    shown = rows[start : start + limit] if row is None else map(row, rows[start : start + limit])
    more = start + limit < len(rows)
    return RowsOut[Any](region=region, rows=list(shown), next=cursor(str(start + limit)) if more else None)


def number_in(after: str, /) -> int:
    """The number a cursor holds: where the page before ended; 0: there was none.

    Raises:
        Refusal: ``request.bad_cursor``.
    """
    started = uncursor(after, parts=1)
    if started is None:
        return 0
    if not (started[0].isascii() and started[0].isdecimal() and len(started[0]) < 16):
        raise Refusal("request.bad_cursor")
    return int(started[0])
