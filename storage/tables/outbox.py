"""Table of the outbox: messages written with the command that causes them, sent afterwards."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import CheckConstraint, Column, Index, Integer, String, Table, Text, text

from storage.tables import metadata
from storage.tables.columns import (
    COUNTER_TYPE,
    DOCUMENT_TYPE,
    id_column,
    known_word,
    moment_column,
    text_column,
    word_column,
)


class OutboxState(StrEnum):
    """Where a message stands."""

    WAITING = "waiting"
    """To be sent, not before `next_at`."""
    SENT = "sent"
    DEAD = "dead"
    """Given up; somebody looks at it and sends it again or drops it."""
    DROPPED = "dropped"
    """Somebody decided that it is not sent any more."""


OutboxRow = Table(
    "outbox",
    metadata,
    Column("seq", COUNTER_TYPE, primary_key=True, autoincrement=True),
    id_column("region_id"),
    text_column("topic", most=64),
    text_column("about", most=80),
    Column("body", DOCUMENT_TYPE, nullable=False),
    text_column("actor", most=64),
    id_column("key"),
    moment_column("at"),
    Column("state", word_column("state").type, nullable=False, server_default=OutboxState.WAITING.value),
    moment_column("next_at"),
    Column("attempts", Integer(), nullable=False, server_default="0"),
    moment_column("held_until", nullable=True),
    Column("overtaken", Integer(), nullable=False, server_default="0"),
    Column("error_code", String(80), nullable=False, server_default=""),
    Column("error_detail", Text(), nullable=False, server_default=""),
    moment_column("ended_at", nullable=True),
    known_word("state", OutboxState),
    CheckConstraint("attempts >= 0", name="attempts_counted"),
    CheckConstraint("overtaken IN (0, 1)", name="overtaken_or_not"),
    CheckConstraint("(state = 'waiting') = (ended_at IS NULL)", name="end_has_moment"),
    Index(
        "ix_outbox_waiting",
        "next_at",
        "seq",
        sqlite_where=text("state = 'waiting'"),
        postgresql_where=text("state = 'waiting'"),
    ),
    Index("ix_outbox_region", "region_id", "state", "seq"),
    sqlite_autoincrement=True,  # the number is the id the receiver knows a message by
)
"""While a message is being sent its `next_at` lies ahead: nobody else takes it, and when its sender dies it is due again."""
