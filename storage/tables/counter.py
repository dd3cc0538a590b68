"""Tables of what was found at the counter and on the shelf; facts, append-only by trigger as the ledger is."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Date, Integer

from inventory.stock.loan import CheckStep
from inventory.stock.move import Condition
from storage.tables.columns import id_column, moment_column
from storage.tables.scope import at_least, index, region_table, text, to, word

LoanCheckRow = region_table(
    "loan_check",
    id_column("loan_id"),
    moment_column("at"),
    *word("step", CheckStep),
    id_column("checked_by"),
    text("reason"),
    to("loan", "loan_id", "loan_id"),
    index("ix_loan_check_loan", "loan_id", "at"),
)

StockCountRow = region_table(
    "stock_count",
    text("document"),
    id_column("part_id"),
    id_column("place_id"),
    *word("condition", Condition),
    text("lot"),
    moment_column("at"),
    Column("counted", Integer, nullable=False),
    Column("expected", Integer, nullable=False),
    id_column("counted_by"),
    at_least("counted", 0),
    at_least("expected", 0),
    to("part", "part_id", "part_id"),
    to("place", "place_id", "place_id"),
    index("ix_stock_count_part", "part_id", "place_id", "at"),
)

SnoozeRow = region_table(
    "snooze",
    id_column("part_id"),
    id_column("place_id"),
    moment_column("at"),
    Column("until_on", Date),
    text("reason"),
    id_column("said_by"),
    CheckConstraint("until_on IS NULL OR reason <> ''", name="says_why"),
    to("part", "part_id", "part_id"),
    to("place", "place_id", "place_id"),
    index("ix_snooze_part", "part_id", "place_id"),
)
