"""Tables of what was ordered, step by step, and of how what came was judged."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Integer

from inventory.supply.ordering import OrderStep
from inventory.supply.sampling import Level, Severity
from storage.tables.columns import id_column, moment_column
from storage.tables.scope import amount, at_least, index, maybe_id, region_table, text, to, word

LotInspectionRow = region_table(
    "lot_inspection",
    id_column("inspection_id"),
    moment_column("at"),
    id_column("supplier_id"),
    id_column("part_id"),
    text("document"),
    maybe_id("lot_id"),  # a number on the goods: parts that are not tracked by lot describe none
    Column("units", Integer, nullable=False),
    text("aql"),
    *word("level", Level),
    *word("severity", Severity),
    Column("bad", Integer, nullable=False),
    Column("original", Boolean, nullable=False),
    Column("steady", Boolean, nullable=False),
    Column("put_right", Boolean, nullable=False),
    maybe_id("inspected_by"),
    at_least("units", 1),
    at_least("bad", 0),
    to("supplier", "supplier_id", "supplier_id"),
    to("part", "part_id", "part_id"),
    index("ix_lot_inspection_part", "supplier_id", "part_id"),
    key=("inspection_id",),
)

OrderDraftRow = region_table(
    "order_draft",
    id_column("order_id"),
    id_column("supplier_id"),
    id_column("to_place"),
    id_column("part_id"),
    Column("quantity", Integer, nullable=False),
    amount("price"),
    moment_column("made_at"),
    id_column("made_by"),
    at_least("quantity", 1),
    at_least("price", 0),
    to("supplier", "supplier_id", "supplier_id"),
    to("part", "part_id", "part_id"),
    to("place", "to_place", "place_id"),
    key=("order_id", "part_id"),
)

OrderStepRow = region_table(
    "order_step",
    id_column("order_id"),
    *word("step", OrderStep),
    moment_column("at"),
    id_column("done_by"),
    maybe_id("part_id"),
    moment_column("promised_at", nullable=True),
    to("part", "part_id", "part_id"),
    index("ix_order_step_order", "order_id"),
)
