"""What people attach, kept once by its digest; who attached it to what is a fact of its own."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, LargeBinary, PrimaryKeyConstraint, String, Table

from storage.tables import metadata
from storage.tables.columns import count_column, id_column, moment_column, whole
from storage.tables.scope import to_region

ContentRow = Table(
    "content",
    metadata,
    id_column("region_id"),
    Column("digest", String(64), nullable=False),
    count_column("size"),
    Column("bytes", LargeBinary(), nullable=False),
    id_column("written_by"),
    id_column("written_from"),
    moment_column("written_at"),
    id_column("written_key"),
    PrimaryKeyConstraint("region_id", "digest"),
    to_region(),
    CheckConstraint("length(digest) = 64", name="digest_whole"),
    CheckConstraint("size >= 0", name="size_least"),
    *whole("size"),
)
"""SHA-256 in hex; append-only: other bytes are another row."""
