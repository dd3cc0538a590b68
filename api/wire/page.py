"""Pages: how many rows, in which order, where the next one starts, as an opaque word."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from fastapi import Query
from pydantic_core import CoreSchema, core_schema

from kernel.errors import Refusal
from storage.order import Mark, Place

Row = TypeVar("Row")

LimitAsked = Annotated[int, Query(ge=1, le=200, description="Rows in the page.")]
CursorAsked = Annotated[str, Query(max_length=400, description="`next` of the page before.")]


SortTold = Query(description="The order; `next` goes on in the order it was given in.")
_NEVER_SAID = re.compile("[\x00\ud800-\udfff]")
"""What no text of ours holds: databases keep no NUL, UTF-8 no half of a pair."""


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of some words, as a parameter takes it: any other is refused with those there are."""

    words: Iterable[str]

    def __get_pydantic_core_schema__(self, _source: Any, _handler: Any) -> CoreSchema:
        """As a `Literal` of the words."""
        return core_schema.literal_schema(list(self.words))


def cursor(*marks: Mark) -> str:
    """Where the next page starts, as one opaque word; of a list that can be sorted, the order comes first."""
    text = json.dumps(marks, ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def uncursor(text: str, *, parts: int) -> tuple[str, ...] | None:
    """Read a cursor of texts; None for the first page.

    Raises:
        Refusal: ``request.bad_cursor``.
    """
    if not text:
        return None
    values = _marks(text)
    if len(values) != parts or not all(isinstance(value, str) and value.isprintable() for value in values):
        raise Refusal("request.bad_cursor")
    return tuple(map(str, values))


def next_in(sort: str, place: Place | None) -> str | None:
    """The cursor of the page behind a place in an order; None: there is none."""
    return None if place is None else cursor(sort, *place)


def place_in(text: str, sort: str, orders: Collection[str]) -> Place | None:
    """Where the page before ended, in the order it is gone on in; None for the first page.

    Args:
        text: the cursor.
        sort: the order of this page.
        orders: all this list has.

    Raises:
        Refusal: ``request.bad_cursor``; ``request.other_order``: it ended in another order.
    """
    if not text:
        return None
    was, *place = _marks(text) or [None]
    if was not in orders:
        raise Refusal("request.bad_cursor")
    if was != sort:
        raise Refusal("request.other_order", was=was, sort=sort)
    return tuple(place)


def page_by(
    rows: Iterable[Row], key: Callable[[Row], tuple[str | int, ...]], *, after: Place | None, limit: int
) -> tuple[list[Row], Place | None]:
    """A page of rows that were folded from facts, and where the next one starts; None: that was all.

    Args:
        rows: all of them.
        key: where a row stands: no two stand in one place.
        after: where the last row of the page before stands, wherever that row is by now.
        limit: rows in the page.

    Raises:
        Refusal: ``request.bad_cursor``.
    """
    stand = sorted(((key(row), row) for row in rows), key=lambda one: one[0])
    if after is not None and stand:
        if [type(mark) for mark in after] != [type(mark) for mark in stand[0][0]]:
            raise Refusal("request.bad_cursor")
        stand = [one for one in stand if one[0] > after]
    shown = stand[:limit]
    return [row for _, row in shown], shown[-1][0] if len(stand) > limit else None


def _marks(text: str) -> Sequence[Any]:
    """What a cursor holds.

    Raises:
        Refusal: ``request.bad_cursor``.
    """
    try:
        values = json.loads(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True))
    except (ValueError, binascii.Error, RecursionError):
        values = None
    if not isinstance(values, list) or not all(map(_is_mark, values)):
        raise Refusal("request.bad_cursor")
    return values


def _is_mark(value: Any) -> bool:
    if isinstance(value, str):
        return len(value) < 100 and not _NEVER_SAID.search(value)
    return value is None or (type(value) is int and abs(value) < 2**53)
