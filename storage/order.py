"""Orders a list can be asked for in: by columns, ties broken by what tells rows apart; a page begins behind the last row of another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Date, Integer, Select, String, and_, false, or_
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from kernel.clock import moment
from kernel.errors import Refusal
from kernel.money import cents, from_cents
from storage.tables.columns import UtcDateTime
from storage.tables.scope import Amount, MaybeId, OneOf

Mark = str | int | None
"""What a row holds in one of the columns of an order, as a cursor carries it: moments and days as text, money in cents."""

Place = tuple[Mark, ...]
"""Where a row stands in an order: one mark a column."""

MOST_LETTERS = 50
"""Letters of a text that rows are ordered by; those that begin alike go by their ids."""

MOST = {False: 2**31, True: 10**15}
"""What no number in a column reaches, of 32 bits or of 64."""


@dataclass(frozen=True, slots=True)
class By:
    """One thing rows are ordered by.

    Args:
        what: a column, or an expression over some.
        down: the greatest first.
        empty: it may be null; those rows come last, whichever way.
    """

    what: ColumnElement[Any]
    down: bool = False
    empty: bool = False


Order = Sequence[By]
"""The first counts most; all together tell any two rows apart."""

Orders = Mapping[str, Order]
"""The orders of a list by the word they are asked for with."""


class letters(FunctionElement[str]):  # noqa: N801 named as SQL's functions are
    """The first letters of a text, capitals or not, compared byte by byte: the same order on both databases."""

    type = String()
    inherit_cache = True


@compiles(letters)
def _letters(element: Any, compiler: Any, **options: Any) -> str:
    (column,) = element.clauses
    return f"lower(substr({compiler.process(column, **options)}, 1, {MOST_LETTERS}))"


@compiles(letters, "postgresql")
def _letters_in_bytes(element: Any, compiler: Any, **options: Any) -> str:
    (column,) = element.clauses
    return f'lower(substr({compiler.process(column, **options)}, 1, {MOST_LETTERS}) COLLATE "C")'


def in_order(order: Order) -> list[ColumnElement[Any]]:
    """What a statement is ordered by."""
    found: list[ColumnElement[Any]] = []
    for by in order:
        way = by.what.desc() if by.down else by.what.asc()
        found.append(way.nulls_last() if by.empty else way)
    return found


def behind(order: Order, values: Sequence[Any]) -> ColumnElement[bool]:
    """The condition that a row stands behind one of these values, a value for each of the order.

    The first column bounds it by itself, so that an index on it is read from there on.
    """
    (by, *others), (value, *rest) = order, values
    if value is None:
        return false() if not others else and_(by.what.is_(None), behind(others, rest))
    further = by.what < value if by.down else by.what > value
    if not others:
        return or_(further, by.what.is_(None)) if by.empty else further
    if by.empty:
        return or_(further, by.what.is_(None), and_(by.what == value, behind(others, rest)))
    return and_(by.what <= value if by.down else by.what >= value, or_(further, behind(others, rest)))


def page_of(query: Select[Any], order: Order, *, after: Place | None, most: int) -> Select[Any]:
    """The statement of a page and one row more, with where each row stands, for `place_of`.

    Args:
        query: of the list, in no order yet.
        order: wanted.
        after: where the last row of the page before stands; None: the first page.
        most: rows in the page.

    Raises:
        Refusal: ``request.bad_cursor``: no row of this list stands there.
    """
    if after is not None:
        query = query.where(behind(order, values_at(order, after)))
    stands = [by.what.label(_name(number)) for number, by in enumerate(order)]
    return query.add_columns(*stands).order_by(*in_order(order)).limit(most + 1)


def place_of(row: Any, order: Order) -> Place:
    """Where a row of `page_of` stands."""
    return tuple(_mark(by, row._mapping[_name(number)]) for number, by in enumerate(order))  # noqa: SLF001 SQLAlchemy's public name


def values_at(order: Order, place: Place) -> list[Any]:
    """The values of a place, as the columns hold them.

    Raises:
        Refusal: ``request.bad_cursor``.
    """
    if len(place) != len(order):
        raise Refusal("request.bad_cursor")
    return [_value(by, mark) for by, mark in zip(order, place, strict=True)]


def _name(number: int) -> str:
    return f"by_{number}"


def _mark(by: By, value: Any) -> Mark:
    if value is None or (value == "" and isinstance(by.what.type, MaybeId)):
        return None
    if type(value) in {int, str}:
        return value  # type: ignore[no-any-return]  # told by its type
    if isinstance(value, Decimal):
        return cents(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def _value(by: By, mark: Mark) -> Any:
    kind: Any = by.what.type
    if mark is None:
        if by.empty:
            return None
    elif isinstance(kind, Integer | Amount):
        if isinstance(mark, int) and abs(mark) < MOST[isinstance(kind, BigInteger | Amount)]:
            return from_cents(mark) if isinstance(kind, Amount) else mark
    elif isinstance(mark, str):
        with suppress(Refusal, ValueError):
            if isinstance(kind, UtcDateTime):
                return moment(mark)
            if isinstance(kind, Date):
                return date.fromisoformat(mark)
            return kind.words(mark) if isinstance(kind, OneOf) else mark
    raise Refusal("request.bad_cursor")
