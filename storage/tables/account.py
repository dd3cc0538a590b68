"""Who may sign in; filled by the issue that brings rights."""

from __future__ import annotations

from sqlalchemy import PrimaryKeyConstraint, Table, UniqueConstraint

from storage.tables import metadata
from storage.tables.columns import id_column, moment_column, text_column

AccountRow = Table(
    "account",
    metadata,
    id_column("id"),
    text_column("sign_in_name"),
    text_column("shown_name"),
    moment_column("made_at"),
    moment_column("closed_at", nullable=True),
    PrimaryKeyConstraint("id"),
    UniqueConstraint("sign_in_name"),
)
