"""A row on its way to a region, and what rules find wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dispatch.desk.own_scheme import schemes_with
from dispatch.desk.practice import Practice
from dispatch.desk.practice_file import practice_with
from kernel.calendars import BusinessCalendar
from kernel.errors import Refusal
from storage.dataset.table import Row, Schemes


@dataclass(slots=True)
class Draft:
    """A row that could be read: its line, its cells as values, what it makes."""

    line: int
    row: Row
    value: Any


Accepted = Mapping[str, Sequence[Draft]]
"""Drafts by table, in the order of the file."""

SCHEMES = "schemes"
"""Where rules find the region's own schemes among the accepted."""

PRACTICE = "practice"
"""Where rules find the region's own practice, when it has one."""

CALENDARS = "calendars"
"""Where rules find the business calendars of the head, with their single dates."""

ZONE = "zone"
"""Where rules find the name of the region's zone; nothing: the head could not be read."""

Found = tuple[str, Draft, str, Refusal]
"""Table, row, column and what is wrong with it."""


def schemes_among(accepted: Accepted, /) -> Schemes:
    """Every scheme version rows may name: those that ship and the region's own."""
    return schemes_with(draft.value for draft in accepted.get(SCHEMES, ()))


def practice_among(accepted: Accepted, /) -> Practice:
    """How the region's desk works: its own practice, else the one that ships."""
    return practice_with(draft.value for draft in accepted.get(PRACTICE, ()))


def calendars_among(accepted: Accepted, /) -> dict[str, BusinessCalendar]:
    """The region's business calendars by id."""
    return {draft.value.id: draft.value for draft in accepted.get(CALENDARS, ())}


def last_read(
    table: str,
    drafts: Iterable[Draft],
    check: Callable[[Iterable[Any]], Iterable[Refusal]],
    *,
    column: str,
) -> Iterator[Found]:
    """Judge values in their order by a rule that reads them one by one: what it says is about the last it has read.

    Args:
        table: of the drafts.
        drafts: in order.
        check: values to what is wrong with them, in order.
        column: to point at.
    """
    at: list[Draft] = []

    def values() -> Iterator[Any]:
        for draft in drafts:
            at[:] = [draft]
            yield draft.value

    refused: set[int] = set()
    for refusal in check(values()):
        if at[-1].line not in refused:
            refused.add(at[-1].line)
            yield table, at[-1], column, refusal
