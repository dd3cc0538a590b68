"""Table of how customers and engineers are reached by message."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKeyConstraint, String, Table, UniqueConstraint

from storage.tables import metadata
from storage.tables.columns import COUNTER_TYPE, id_column, moment_column, text_column

ReceiverRow = Table(
    "receiver",
    metadata,
    Column("seq", COUNTER_TYPE, primary_key=True, autoincrement=True),
    id_column("region_id"),
    id_column("customer_id", nullable=True),
    id_column("engineer_id", nullable=True),
    text_column("channel", most=64),
    text_column("address"),
    Column("lang", String(2), nullable=False),
    id_column("by"),
    moment_column("at"),
    CheckConstraint("(customer_id IS NULL) <> (engineer_id IS NULL)", name="customer_or_engineer"),
    CheckConstraint("lang IN ('en', 'zh')", name="lang_known"),
    UniqueConstraint("region_id", "customer_id"),
    UniqueConstraint("region_id", "engineer_id"),
    ForeignKeyConstraint(["region_id", "customer_id"], ["customer.region_id", "customer.customer_id"]),
    ForeignKeyConstraint(["region_id", "engineer_id"], ["engineer.region_id", "engineer.engineer_id"]),
)
"""Personal: the audit says that it was written, never what it holds; `storage.people.personal` removes it."""
