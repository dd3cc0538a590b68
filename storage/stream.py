"""The live stream: a row for everything a command did, read in one order, the same for every reader.

Numbers are given out before commits, so a transaction with a smaller number may become visible after one with a
greater. On PostgreSQL a row is therefore read only when every transaction that began no later has ended
(``pg_snapshot_xmin``), in the order of transactions: nothing can appear behind a reader any more. On SQLite writers
commit one after another, so numbers do not overtake each other.

A row says that something happened, never what: who may see it reads it over its own route.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Connection, Text, cast, delete, func, insert, select, tuple_, update

from kernel.envelope import Envelope
from storage.audit import Entry
from storage.ready import Ready, Write, write
from storage.tables.stream import StreamRow

BEGUN = "stream.begun"
"""What the first row of a stream says."""


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in the order of the stream."""

    transaction: int
    seq: int


@dataclass(frozen=True, slots=True)
class StreamEvent:
    """Something that was done; `about` is the id of what it was done to."""

    position: Position
    region: str
    action: str
    about: str
    at: datetime


_INSERT = Ready(insert(StreamRow).inline())
_INSERT_POSTGRESQL = Ready(
    insert(StreamRow).inline().values(transaction=cast(cast(func.pg_current_xact_id(), Text), BigInteger))
)
_SETTLED_BEFORE = cast(cast(func.pg_snapshot_xmin(func.pg_current_snapshot()), Text), BigInteger)
_ORDER = (StreamRow.c.transaction, StreamRow.c.seq)


def heard(connection: Connection, envelope: Envelope, entries: Sequence[Entry]) -> list[Write]:
    """The write that tells the stream what a command did; the same thing done to the same twice is told once."""
    told = dict.fromkeys((entry.action, entry.about[:80]) for entry in entries)
    if not told:
        return []
    rows: list[dict[str, Any]] = [
        {"region_id": envelope.region, "action": action, "about": about, "at": envelope.now}
        for action, about in told
    ]
    return [(_INSERT if connection.dialect.name == "sqlite" else _INSERT_POSTGRESQL, rows)]


def after(connection: Connection, position: Position, *, most: int) -> tuple[StreamEvent, ...]:
    """The events that follow `position`, at most `most` of them, in the order of the stream."""
    query = select(StreamRow).where(tuple_(*_ORDER) > (position.transaction, position.seq))
    rows = connection.execute(_settled(connection, query).order_by(*_ORDER).limit(most)).mappings()
    return tuple(
        StreamEvent(
            Position(row["transaction"], row["seq"]),
            row["region_id"],
            row["action"],
            row["about"],
            row["at"],
        )
        for row in rows
    )


def end_of(connection: Connection) -> Position:
    """Where the stream ends at this moment; before the first row of a stream that was never begun."""
    query = select(*_ORDER).order_by(StreamRow.c.transaction.desc(), StreamRow.c.seq.desc()).limit(1)
    last = connection.execute(_settled(connection, query)).one_or_none()
    return Position(*last) if last is not None else Position(0, 0)


def place_of(connection: Connection, seq: int) -> Position | None:
    """The place of the event with this number; None when it is no longer kept, or never was."""
    query = select(*_ORDER).where(StreamRow.c.seq == seq)
    found = connection.execute(_settled(connection, query)).one_or_none()
    return Position(*found) if found is not None else None


def begin(connection: Connection, envelope: Envelope) -> None:
    """Make the stream ready for readers; called at each start of a server, inside a write transaction.

    A stream without a row gets its first, so that there is always a place to go on from. Rows that come from another
    server's count of transactions (a restored backup) are put before all of this one.
    """
    if connection.dialect.name == "postgresql":
        ahead = cast(cast(func.pg_snapshot_xmax(func.pg_current_snapshot()), Text), BigInteger)
        strange = select(StreamRow.c.seq).where(StreamRow.c.transaction >= ahead).limit(1)
        if connection.execute(strange).first() is not None:
            connection.execute(update(StreamRow).values(transaction=0))
    if connection.execute(select(StreamRow.c.seq).limit(1)).first() is None:
        write(connection, heard(connection, envelope, [Entry(BEGUN, "", {})]))


def forget(connection: Connection, *, before: datetime) -> int:
    """Remove events older than `before`, never the last one; gives how many went."""
    last = end_of(connection)
    old = (StreamRow.c.at < before) & (tuple_(*_ORDER) < (last.transaction, last.seq))
    return connection.execute(delete(StreamRow).where(old)).rowcount


def _settled(connection: Connection, query: Any) -> Any:
    """Only rows no open transaction can come before."""
    return (
        query
        if connection.dialect.name == "sqlite"
        else query.where(StreamRow.c.transaction < _SETTLED_BEFORE)
    )
