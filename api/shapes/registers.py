"""What a region has on record, as HTTP answers it: the shapes follow the columns of the dataset's files."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, Generic, TypeVar

from pydantic import Field, create_model

from api.wire.bounds import Out
from storage.dataset.table import Column, Row, Table
from storage.desk.registers import KEPT

Line = TypeVar("Line", bound=Out)


class RowsOut(Out, Generic[Line]):
    """A page of rows, in the order they were written."""

    region: str
    rows: list[Line]
    next: str | None


@cache
def shape_of(file: Table) -> type[Out]:
    """The shape of a file's rows: its columns with their meaning and unit; decimals as text."""
    columns: dict[str, Any] = {
        column.name: (_type_of(column), Field(description=meaning(column))) for column in _shown(file)
    }
    name = "".join(word.capitalize() for word in file.name.split("_"))
    made: type[Out] = create_model(f"{name}RowOut", __base__=Out, __doc__=file.text, **columns)
    return made


def row_out(file: Table, row: Row, /) -> Out:
    """A row in its shape."""
    return shape_of(file)(**{column.name: _plain(column, row[column.name]) for column in _shown(file)})


def _shown(file: Table, hidden: Collection[str] = KEPT) -> list[Column]:
    return [column for column in file.columns if column.name not in hidden]


def _is_list(column: Column) -> bool:
    return column.kind.name.startswith("list of")


def _type_of(column: Column) -> Any:
    kind = column.kind.name
    plain: Any = str
    if _is_list(column):
        return list[str]
    if kind.startswith("whole number"):
        plain = int
    elif kind.startswith(("`yes`", "latitude", "longitude", "number")) or "degrees" in column.unit:
        plain = bool if kind.startswith("`yes`") else float
    elif "moment" in kind:
        plain = datetime
    elif kind in {"date", "day"}:
        plain = date
    return plain if column.required else plain | None


def _plain(column: Column, value: Any) -> Any:
    if _is_list(column):
        return column.kind.write(value).split(";") if value else []
    if value is not None and column.kind.name.startswith("number"):
        return float(value)
    return f"{value:f}" if isinstance(value, Decimal) else value


def meaning(column: Column, /) -> str:
    """What a column means, with its unit and what an empty one says."""
    unit = f" Unit: {column.unit}." if column.unit else ""
    empty = f" Null or empty: {column.empty}." if column.empty else ""
    return f"{column.text}{unit}{empty}"
