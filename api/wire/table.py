"""Lists as CSV, for people who want a file: by `Accept: text/csv` or `?format=csv`, always whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Annotated, Any, Literal, TypeVar

from fastapi import Depends, Query, Request, Response
from pydantic import BaseModel

from api.report.spreadsheet import spreadsheet
from kernel.errors import Refusal

Row = TypeVar("Row")
Last = TypeVar("Last")

MOST_ROWS = 100_000
"""Rows of a file; who has more asks for less of it."""

FormatWanted = Annotated[
    Literal["", "json", "csv"],
    Query(alias="format", description="csv: the whole list as a file; or by `Accept: text/csv`."),
]


async def _wants_file(
    request: Request, wanted: FormatWanted = ""
) -> bool:  # on the loop: it waits for nothing
    if wanted:
        return wanted == "csv"
    return request.headers.get("accept", "").partition(",")[0].partition(";")[0].strip().lower() == "text/csv"


FileWanted = Annotated[bool, Depends(_wants_file)]
"""Whether the list is wanted as a file."""


def every(page: Callable[[Last | None], tuple[Sequence[Row], Last | None]], /) -> Iterator[Row]:
    """Give all rows of a paged list, page after page: no more than one page is held.

    Args:
        page: gives the rows behind a place and the place behind them; None begins and ends.

    Raises:
        Refusal: ``request.too_many_rows``.
    """
    count = 0
    last: Last | None = None
    while True:
        rows, last = page(last)
        count += len(rows)
        if count > MOST_ROWS:
            raise Refusal("request.too_many_rows", most=MOST_ROWS)
        yield from rows
        if last is None:
            return


def table(name: str, shape: type[BaseModel], rows: Iterable[BaseModel], /) -> Response:
    """The rows as a CSV file a spreadsheet reads without harm; what is no plain value of `shape` is left to JSON."""
    columns = [field for field, about in shape.model_fields.items() if not _nested(about.annotation)]
    text = spreadsheet(columns, ([_cell(row, column) for column in columns] for row in rows))
    return Response(
        text,
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"', "Vary": "Accept"},
    )


def _nested(annotation: Any) -> bool:
    said = str(annotation)
    return (
        "list[" in said
        or "dict[" in said
        or (isinstance(annotation, type) and issubclass(annotation, BaseModel))
    )


def _cell(row: BaseModel, column: str) -> str | int:
    value = getattr(row, column)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
