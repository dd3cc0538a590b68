"""Rows as the driver gives them: what they say is made once, and found again by the row itself.

SQLAlchemy makes every word of every row into its value. Where the same rows are read again and again that is most of
what reading them costs, so they are read as they are kept and made into values only when nobody has done so before.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Column, ColumnElement, type_coerce
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.types import NULLTYPE

_DIALECTS: dict[str, Dialect] = {
    "sqlite": sqlite.dialect(),
    "postgresql": postgresql.psycopg.dialect(),  # type: ignore[no-untyped-call]
}


def as_kept(columns: Sequence[Column[Any]], /) -> list[ColumnElement[Any]]:
    """What to select so that the words of `columns` come as the driver gives them."""
    return [type_coerce(column, NULLTYPE).label(column.name) for column in columns]


def read_as(columns: Sequence[Column[Any]], row: Sequence[Any], dialect: str, /) -> list[Any]:
    """The values of a row that was selected `as_kept`."""
    made = _makers(tuple(columns), dialect)
    return [word if make is None else make(word) for make, word in zip(made, row, strict=True)]


@lru_cache(maxsize=64)
def _makers(columns: tuple[Column[Any], ...], dialect: str) -> tuple[Callable[[Any], Any] | None, ...]:
    known = _DIALECTS[dialect]
    return tuple(column.type.dialect_impl(known).result_processor(known, None) for column in columns)
