"""Tables of what was ordered, step by step, and of how what came was judged, read and passed over."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, Double, Integer

from inventory.supply.ordering import OrderStep
from inventory.supply.sampling import InspectionSeverity, Level
from storage.tables.columns import id_column, moment_column
from storage.tables.scope import Exact, amount, at_least, index, maybe_id, region_table, text, to, word

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
    *word("severity", InspectionSeverity),
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
    text("reason"),
    to("part", "part_id", "part_id"),
    index("ix_order_step_order", "order_id"),
)

PartClassRow = region_table(
    "part_class",
    id_column("part_id"),
    id_column("part_class"),
    to("part", "part_id", "part_id"),
    key=("part_id",),
)

InspectionLimitRow = region_table(
    "inspection_limit",
    maybe_id("supplier_id"),
    maybe_id("part_id"),
    maybe_id("part_class"),
    Column("aql", Exact(), nullable=False),
    *word("level", Level),
    Column("inspects", Boolean, nullable=False),
    Column("may_reduce", Boolean, nullable=False),
    Column("skip_after", Integer),
    Column("skip_share", Double, nullable=False),
    text("skip_seed"),
    CheckConstraint("part_id IS NULL OR part_class IS NULL", name="part_or_class"),
    CheckConstraint("skip_after IS NULL OR skip_seed <> ''", name="seeded"),
    CheckConstraint("skip_share > 0 AND skip_share <= 1", name="skip_share_is_share"),
    at_least("skip_after", 1),
    to("supplier", "supplier_id", "supplier_id"),
    to("part", "part_id", "part_id"),
)

PartCheckRow = region_table(
    "part_check",
    id_column("part_id"),
    id_column("check_id"),
    text("name"),
    text("unit"),
    Column("lower", Exact()),
    Column("upper", Exact()),
    to("part", "part_id", "part_id"),
    key=("part_id", "check_id"),
)

ReinspectionRuleRow = region_table(
    "reinspection_rule",
    id_column("part_class"),
    Column("every_days", Integer, nullable=False),
    at_least("every_days", 1),
    key=("part_class",),
)

LotReadingRow = region_table(
    "lot_reading",
    id_column("inspection_id"),
    id_column("check_id"),
    id_column("unit"),
    Column("answer", Boolean),
    Column("value", Exact()),
    Column("lower", Exact()),
    Column("upper", Exact()),
    CheckConstraint("(answer IS NULL) <> (value IS NULL)", name="one_of_both"),
    to("lot_inspection", "inspection_id", "inspection_id"),
    key=("inspection_id", "check_id", "unit"),
)

LotSkippedRow = region_table(
    "lot_skipped",
    moment_column("at"),
    id_column("supplier_id"),
    id_column("part_id"),
    text("document"),
    maybe_id("lot_id"),  # as in lot_inspection
    Column("units", Integer, nullable=False),
    Column("in_a_row", Integer, nullable=False),
    maybe_id("taken_in_by"),
    at_least("units", 1),
    to("supplier", "supplier_id", "supplier_id"),
    to("part", "part_id", "part_id"),
    index("ix_lot_skipped_part", "supplier_id", "part_id"),
)

StockInspectionRow = region_table(
    "stock_inspection",
    id_column("inspection_id"),
    moment_column("at"),
    id_column("part_id"),
    maybe_id("lot_id"),
    id_column("place_id"),
    Column("units", Integer, nullable=False),
    Column("bad", Integer, nullable=False),
    maybe_id("inspected_by"),
    CheckConstraint("bad >= 0 AND bad <= units AND units >= 1", name="bad_of_units"),
    to("part", "part_id", "part_id"),
    to("place", "place_id", "place_id"),
    index("ix_stock_inspection_part", "part_id", "lot_id"),
    key=("inspection_id",),
)
