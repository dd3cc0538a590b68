"""Texts a database can keep: no longer than their column, and without what UTF-8 or PostgreSQL has no place for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import Table

from kernel.errors import Refusal


def check_writable(value: object) -> None:
    """Refuse a text, anywhere in lists and mappings, with a NUL or half of a surrogate pair.

    Raises:
        Refusal: ``database.unwritable_text``.
    """
    if isinstance(value, str):
        if "\0" in value or not (value.isascii() or _encodes(value)):
            raise Refusal("database.unwritable_text", value=_shown(value))
    elif isinstance(value, Mapping):
        for name, inside in value.items():
            check_writable(name)
            check_writable(inside)
    elif isinstance(value, list | tuple):
        for inside in value:
            check_writable(inside)


def check_fits(table: Table, row: Mapping[str, Any]) -> None:
    """Refuse a row with a text that is too long for its column, which SQLite would not notice, or cannot be written.

    Raises:
        Refusal: ``database.text_too_long``, ``database.unwritable_text``.
    """
    for name, most in _lengths(table):
        value = row.get(name)
        if isinstance(value, str):
            if len(value) > most:
                raise Refusal(
                    "database.text_too_long",
                    table=table.name,
                    column=name,
                    value=_shown(value),
                    most=most,
                )
            check_writable(value)


@lru_cache(maxsize=64)
def _lengths(table: Table) -> tuple[tuple[str, int], ...]:
    return tuple(
        (column.name, length)
        for column in table.columns
        if (length := getattr(getattr(column.type, "impl", column.type), "length", None))
    )


def _shown(value: str) -> str:
    """The beginning of a text, as something that can be printed."""
    start = value[:40].replace("\0", "\\0")
    return start if _encodes(start) else ascii(start)[1:-1]


def _encodes(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
