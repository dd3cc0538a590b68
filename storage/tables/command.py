"""What surrounds commands: idempotency keys, messages to be sent, the audit chain."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    text,
)

from storage.tables import metadata
from storage.tables.columns import (
    COUNTER_TYPE,
    DOCUMENT_TYPE,
    count_column,
    id_column,
    moment_column,
    text_column,
)

KeyRow = Table(
    "idempotency_key",
    metadata,
    id_column("region_id"),
    id_column("key"),
    text_column("command", most=64),
    Column("digest", String(64), nullable=False),
    text_column("actor", most=64),
    moment_column("at"),
    Column("reply", Text(), nullable=True),
    PrimaryKeyConstraint("region_id", "key"),
    Index("ix_idempotency_key_at", "at"),
)
"""A key without a reply is in flight: another transaction is still at it."""

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
    moment_column("delivered_at", nullable=True),
    Column("attempts", Integer(), nullable=False, server_default="0"),
    Index(
        "ix_outbox_waiting",
        "seq",
        sqlite_where=text("delivered_at IS NULL"),
        postgresql_where=text("delivered_at IS NULL"),
    ),
)
"""Messages written with the command that causes them, sent afterwards."""

AuditRow = Table(
    "audit",
    metadata,
    id_column("region_id"),
    Column("lane", Integer(), nullable=False),
    count_column("number"),
    moment_column("at"),
    text_column("actor", most=64),
    text_column("device", most=64),
    id_column("key"),
    text_column("action", most=64),
    text_column("about", most=80),
    Column("facts", Text(), nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    PrimaryKeyConstraint("region_id", "lane", "number"),
    CheckConstraint("number >= 1", name="number_counts"),
    Index("ix_audit_about", "region_id", "about"),
    Index("ix_audit_at", "region_id", "at"),
)
"""Append-only, like the ledger. `facts` is canonical JSON text, because its bytes are hashed."""

AuditHeadRow = Table(
    "audit_head",
    metadata,
    id_column("region_id"),
    Column("lane", Integer(), nullable=False),
    count_column("number"),
    Column("hash", String(64), nullable=False),
    PrimaryKeyConstraint("region_id", "lane"),
)
"""The last row of each lane: the lock to append, and what shows that a tail was cut off."""
