"""Table of changes of a region asked for after a simulation; facts, append-only by trigger as the ledger is."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column

from dispatch.desk.change_request import ChangeStep
from storage.tables.columns import DOCUMENT_TYPE, id_column, moment_column
from storage.tables.scope import index, region_table, text, word

ChangeRequestRow = region_table(
    "change_request",
    id_column("request_id"),
    moment_column("at"),
    id_column("said_by"),
    *word("step", ChangeStep),
    Column("rests_on", DOCUMENT_TYPE, nullable=False),  # of the first step: run, patch, figures; else empty
    text("reason"),
    CheckConstraint("step NOT IN ('declined', 'withdrawn') OR reason <> ''", name="says_why"),
    index("ix_change_request_id", "request_id"),
)
