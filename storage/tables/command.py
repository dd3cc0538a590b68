"""What surrounds commands: idempotency keys, the audit chain."""

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
)

from storage.tables import metadata
from storage.tables.columns import (
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
