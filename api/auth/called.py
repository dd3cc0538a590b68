"""Who did something, by name: ids stand in every record, because they name nobody.

What somebody signs in with is half of his way in: it is shown to who reads accounts, and to himself. Others see the
name people call him by, where he has another, or what he is in the company.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from typing import TypeVar

from pydantic import BaseModel
from sqlalchemy import Connection

from api.auth.action import Action
from api.auth.door import Asked
from api.text import label
from storage.people.accounts import Named, named_accounts

Row = TypeVar("Row", bound=BaseModel)

_SUFFIX = "_name"


def names_of(asked: Asked, connection: Connection, ids: Iterable[str]) -> dict[str, str]:
    """What the holders of accounts are called before who asks, by id; empty where it was erased, no word on other ids."""
    who = asked.principal
    whole = who.may(Action.USER_ADMIN)
    return {
        name: _called(one, asked, whole=whole or name == who.user)
        for name, one in named_accounts(connection, ids).items()
    }


def with_names(asked: Asked, rows: Sequence[Row], connection: Connection | None = None) -> list[Row]:
    """Rows with the names beside the ids: `by_name` of `by`, and so on for every field that has one with `_name` behind it.

    Args:
        asked: by whom.
        rows: all of one kind.
        connection: of whoever is reading already: a second beside it may be one more than there are.
    """
    pairs = [
        (field.removesuffix(_SUFFIX), field)
        for field in (type(rows[0]).model_fields if rows else ())
        if field.endswith("by" + _SUFFIX)
    ]
    ids = {getattr(row, of) for row in rows for of, _ in pairs} - {""}
    if not ids:
        return list(rows)
    with nullcontext(connection) if connection is not None else asked.database.reading() as reading:
        names = names_of(asked, reading, ids)
    return [
        row.model_copy(update={name: names.get(getattr(row, of), "") for of, name in pairs}) for row in rows
    ]


def _called(one: Named, asked: Asked, *, whole: bool) -> str:
    if one.erased:
        return ""
    whole = whole or one.demo  # everybody knows those
    if one.shown and (whole or one.shown.casefold() != one.name.casefold()):
        return one.shown
    return one.name if whole else label(f"user.role_{one.role.value}", asked.lang)
