"""What every table of a region has: the region, an order, the envelope of the command that wrote the row."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
)
from sqlalchemy import text as sql
from sqlalchemy.engine import Dialect
from sqlalchemy.schema import SchemaItem
from sqlalchemy.types import TypeDecorator

from kernel.hours import Hours, hours
from kernel.money import cents, from_cents
from storage.tables import metadata
from storage.tables.columns import DOCUMENT_TYPE, ID_TYPE, id_column, known_word, moment_column

Word = TypeVar("Word", bound=StrEnum)

NAME = 500
"""Characters in a text, as in a cell of a dataset."""


class Amount(TypeDecorator[Decimal]):
    """Money as whole cents: exact in both databases."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, _dialect: Dialect) -> int | None:
        """Give the cents."""
        return None if value is None else cents(value)

    def process_result_value(self, value: int | None, _dialect: Dialect) -> Decimal | None:
        """Give the amount."""
        return None if value is None else from_cents(value)


class MaybeId(TypeDecorator[str]):
    """An id or, as the domain says it, nothing: an empty text, which no reference is checked for."""

    impl = ID_TYPE
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> str | None:
        """Nothing is NULL."""
        return value or None

    def process_result_value(self, value: str | None, _dialect: Dialect) -> str:
        """NULL is nothing."""
        return value or ""


class Listed(TypeDecorator[tuple[Any, ...]]):
    """A short tuple, of texts or of tuples of texts and numbers, in its order."""

    impl = DOCUMENT_TYPE
    cache_ok = True

    def process_bind_param(self, value: tuple[Any, ...] | None, _dialect: Dialect) -> list[Any] | None:
        """Give the list."""
        return None if value is None else list(value)

    def process_result_value(self, value: list[Any] | None, _dialect: Dialect) -> tuple[Any, ...] | None:
        """Give the tuple, and tuples inside."""
        return None if value is None else tuple(tuple(v) if isinstance(v, list) else v for v in value)


class OpenHours(TypeDecorator[tuple[Hours, ...]]):
    """Hours of a day like ``08:00-12:00,13:00-17:00``; closed is an empty text."""

    impl = String(NAME)
    cache_ok = True

    def process_bind_param(self, value: tuple[Hours, ...] | None, _dialect: Dialect) -> str | None:
        """Give the text."""
        return None if value is None else ",".join(map(str, value))

    def process_result_value(self, value: str | None, _dialect: Dialect) -> tuple[Hours, ...] | None:
        """Give the spans."""
        return None if value is None else hours(value)


class Exact(TypeDecorator[Decimal]):
    """A decimal number, every place it was given with: as text, for SQLite has no such numbers."""

    impl = String(40)
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, _dialect: Dialect) -> str | None:
        """Give the text."""
        return None if value is None else f"{value:f}"

    def process_result_value(self, value: str | None, _dialect: Dialect) -> Decimal | None:
        """Give the number."""
        return None if value is None else Decimal(value)


class Moments(TypeDecorator[tuple[datetime, ...]]):
    """A few moments in their order."""

    impl = DOCUMENT_TYPE
    cache_ok = True

    def process_bind_param(self, value: tuple[datetime, ...] | None, _dialect: Dialect) -> list[str] | None:
        """Give them as texts."""
        return None if value is None else [moment.isoformat() for moment in value]

    def process_result_value(self, value: list[str] | None, _dialect: Dialect) -> tuple[datetime, ...] | None:
        """Give the moments."""
        return None if value is None else tuple(map(datetime.fromisoformat, value))


class OneOf(TypeDecorator[StrEnum]):
    """A member of an enum, kept as its word."""

    impl = String(32)
    cache_ok = True

    def __init__(self, words: type[StrEnum]) -> None:
        """Of which enum."""
        super().__init__()
        self.words = words

    def process_bind_param(self, value: StrEnum | None, _dialect: Dialect) -> str | None:
        """Give the word."""
        return None if value is None else self.words(value).value

    def process_result_value(self, value: str | None, _dialect: Dialect) -> StrEnum | None:
        """Give the member."""
        return None if value is None else self.words(value)


def word(name: str, words: type[StrEnum]) -> tuple[Column[StrEnum], CheckConstraint]:
    """A member of an enum, and the CHECK that keeps other words out; unpack both into the table."""
    return Column(name, OneOf(words), nullable=False), known_word(name, words)


def maybe_word(name: str, words: type[StrEnum]) -> tuple[Column[StrEnum], CheckConstraint]:
    """A member of an enum, or nothing; as `word`."""
    return Column(name, OneOf(words), nullable=True), known_word(name, words)


def text(name: str) -> Column[str]:
    """Text of at most 500 characters; empty for nothing to say."""
    return Column(name, String(NAME), nullable=False)


def maybe_id(name: str) -> Column[str]:
    """An id, or nothing."""
    return Column(name, MaybeId(), nullable=True)


def amount(name: str) -> Column[Decimal]:
    """An amount of money in the region's currency, never below zero (`not_negative` says so)."""
    return Column(name, Amount(), nullable=False)


def at_least(name: str, least: float) -> CheckConstraint:
    """A number is never below `least`; NULL passes."""
    return CheckConstraint(f"{name} >= {least:g}", name=f"{name}_least")


def span(start: str, end: str) -> CheckConstraint:
    """The end lies after the start; NULL passes."""
    return CheckConstraint(f"{end} > {start}", name=f"{end}_after_{start}")


def to(table: str, column: str, target: str) -> ForeignKeyConstraint:
    """Reference to a row of the same region."""
    return ForeignKeyConstraint(["region_id", column], [f"{table}.region_id", f"{table}.{target}"])


def to_region() -> ForeignKeyConstraint:
    """Reference to the region a row belongs to."""
    return ForeignKeyConstraint(["region_id"], ["region.id"])


def index(name: str, *columns: str) -> Index:
    """Index within the region."""
    return Index(name, "region_id", *columns)


def index_lower(name: str, expression: str) -> Index:
    """Index within the region of what a column comes to when capitals do not count, as queries write it."""
    return Index(name, "region_id", sql(f"lower({expression})"))


def region_table(name: str, *items: SchemaItem, key: tuple[str, ...] = ()) -> Table:
    """Make a table of rows that belong to a region.

    Args:
        name: of the table.
        items: its own columns, constraints and indexes.
        key: columns that name a row within the region; empty: the position does.

    Returns:
        The table with `region_id`, `position` (the order of the domain's tuple) and, of the command that last wrote
        the row, `written_by`, `written_from` (device), `written_at` and `written_key`.
    """
    return Table(
        name,
        metadata,
        id_column("region_id"),
        Column("position", Integer, nullable=False),
        *items,
        id_column("written_by"),
        id_column("written_from"),
        moment_column("written_at"),
        id_column("written_key"),
        PrimaryKeyConstraint("region_id", *(key or ("position",))),
        to_region(),
        *((Index(f"ix_{name}_position", "region_id", "position"),) if key else ()),
    )
