"""Insert rows unless they are there: one statement on both databases, safe against another writer."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Insert, Table
from sqlalchemy.dialects import postgresql, sqlite

from storage.ready import Ready, answers

FEW = 8
"""Up to so many rows go one by one, with a statement that is compiled once for all commands."""

# Without the option SQLAlchemy forgets the count of an INSERT, and -1 reads as "made".
_COUNTED = {"preserve_rowcount": True}


def insert_missing(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> int:
    """Insert those of `rows` whose key is free, in their order; gives how many.

    Rows that other commands may insert too must come sorted by key: on PostgreSQL each waits for the other
    writer's commit.
    """
    dialect = connection.dialect.name
    if len(rows) <= FEW and dialect == "postgresql":
        one_by_one = [(ready_unless_there(table), row) for row in rows]
        return sum(answer.count for answer in answers(connection, one_by_one))
    if len(rows) <= FEW:
        one = unless_there(table, dialect)
        return sum(connection.execute(one, row, execution_options=_COUNTED).rowcount for row in rows)
    made = 0
    for start in range(0, len(rows), 500):
        statement = _insert(table, dialect).values(rows[start : start + 500]).on_conflict_do_nothing()
        made += connection.execute(statement, execution_options=_COUNTED).rowcount
    return made


@lru_cache(maxsize=64)
def unless_there(table: Table, dialect: str) -> Insert:
    """The statement that inserts one row unless its key is taken; built once."""
    statement: Insert = _insert(table, dialect).on_conflict_do_nothing()
    return statement


@lru_cache(maxsize=64)
def ready_unless_there(table: Table) -> Ready:
    """The same for PostgreSQL, made ready."""
    return Ready(unless_there(table, "postgresql").inline())


def _insert(table: Table, dialect: str) -> Any:
    return (sqlite if dialect == "sqlite" else postgresql).insert(table)
