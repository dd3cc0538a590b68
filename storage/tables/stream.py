"""Table of the live stream: that something changed, in an order in which no reader misses anything."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Table, text

from storage.tables import metadata
from storage.tables.columns import COUNTER_TYPE, id_column, moment_column, text_column

StreamRow = Table(
    "stream",
    metadata,
    Column("seq", COUNTER_TYPE, primary_key=True, autoincrement=True),
    Column("transaction", BigInteger, nullable=False, server_default=text("0")),
    id_column("region_id"),
    text_column("action", most=64),
    text_column("about", most=80),
    moment_column("at"),
    Index("ix_stream_order", "transaction", "seq"),
    Index("ix_stream_at", "at"),
    sqlite_autoincrement=True,  # what was removed as old gives its number to nobody
)
"""`transaction` is PostgreSQL's number of the writing transaction, 0 on SQLite, where numbers rise with the commits.
Rows are added by commands and removed when they are old; none is ever changed by a command."""
