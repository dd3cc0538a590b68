"""Column kinds the tables share: moments in UTC, ids, words of an enum, counters."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import JSON, BigInteger, CheckConstraint, Column, DateTime, Integer, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from kernel.clock import utc


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment. A naive one is refused on its way in; what comes out is always UTC.

    PostgreSQL keeps ``timestamptz``; SQLite forgets zones, so there it is text in UTC that sorts by time.

    Raises:
        Refusal: ``clock.naive_time``, ``clock.out_of_range``.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Check and convert on the way in."""
        if value is None:
            return None
        moment = utc(value)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Give the moment its zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


ID_TYPE = String(64).with_variant(String(64, collation="C"), "postgresql")
"""A text id as `kernel.ids` allows it; sorted by bytes on both databases, so that locks and pages agree."""

KEY_TYPE = String(80).with_variant(String(80, collation="C"), "postgresql")
"""An id with something appended: the keys of the moves of one command."""

COUNTER_TYPE = BigInteger().with_variant(Integer(), "sqlite")
"""A growing number; SQLite only numbers rows by itself when the column is called INTEGER."""

DOCUMENT_TYPE = JSON().with_variant(JSONB(), "postgresql")
"""A small JSON document."""


def id_column(name: str, *, primary_key: bool = False, nullable: bool = False) -> Column[str]:
    """A text id, 1 to 64 characters; empty where the column says that there may be none."""
    return Column(name, ID_TYPE, primary_key=primary_key, nullable=nullable)


def text_column(name: str, *, most: int = 200) -> Column[str]:
    """A short text, empty when there is nothing to say."""
    return Column(name, String(most), nullable=False)


def moment_column(name: str, *, nullable: bool = False) -> Column[datetime]:
    """An aware moment."""
    return Column(name, UtcDateTime(), nullable=nullable)


def count_column(name: str) -> Column[int]:
    """Whole units; 64 bits on both databases."""
    return Column(name, BigInteger(), nullable=False)


def whole(*names: str) -> list[CheckConstraint]:
    """The CHECKs that keep fractions and words out of `count_column`s: SQLite alone would store them as they come."""
    return [
        CheckConstraint(f"typeof({name}) = 'integer'", name=f"{name}_whole").ddl_if(dialect="sqlite")
        for name in names
    ]


def known_word(name: str, words: type[StrEnum]) -> CheckConstraint:
    """The CHECK that keeps words out of column `name` that are no member of the enum."""
    listed = ", ".join(f"'{word.value}'" for word in words)
    return CheckConstraint(f"{name} IN ({listed})", name=f"{name}_known")


def word_column(name: str) -> Column[str]:
    """A member of an enum by its value; stands beside a `known_word`."""
    return Column(name, String(32), nullable=False)
