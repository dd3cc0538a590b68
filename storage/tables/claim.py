"""Tables of what is agreed with suppliers, what is on its way, and what they owe for goods that were not right."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Integer

from inventory.supply.disposition import Disposition, SupplierRemedy
from inventory.supply.undone import Undoable
from storage.tables.columns import id_column, moment_column
from storage.tables.scope import (
    Amount,
    Exact,
    Listed,
    at_least,
    index,
    maybe_id,
    maybe_word,
    region_table,
    text,
    to,
    word,
)

SupplierAgreementRow = region_table(
    "supplier_agreement",
    maybe_id("supplier_id"),
    Column("approval_above", Amount()),
    Column("over_share", Exact()),
    Column("under_share", Exact(), nullable=False),
    Column("remedy_days", Integer, nullable=False),
    Column("report_days", Listed(), nullable=False),
    at_least("approval_above", 0),
    at_least("remedy_days", 1),
    to("supplier", "supplier_id", "supplier_id"),
)

ShipmentRow = region_table(
    "shipment",
    id_column("shipment_id"),
    id_column("order_id"),
    id_column("part_id"),
    Column("quantity", Integer, nullable=False),
    moment_column("sent_at"),
    moment_column("expected_at"),
    maybe_id("entered_by"),
    at_least("quantity", 1),
    CheckConstraint("expected_at >= sent_at", name="in_order"),
    to("part", "part_id", "part_id"),
    index("ix_shipment_order", "order_id", "part_id"),
)

DispositionRow = region_table(
    "disposition",
    id_column("disposition_id"),
    moment_column("at"),
    text("document"),
    maybe_id("supplier_id"),
    id_column("part_id"),
    maybe_id("lot_id"),  # a number on the goods: parts that are not tracked by lot describe none
    text("serial"),
    Column("quantity", Integer, nullable=False),
    text("delivery"),
    *word("way", Disposition),
    *maybe_word("remedy", SupplierRemedy),
    moment_column("due_at", nullable=True),
    id_column("decided_by"),
    at_least("quantity", 1),
    CheckConstraint(
        "(way = 'return') = (remedy IS NOT NULL) AND (way = 'return') = (due_at IS NOT NULL)"
        " AND (way <> 'return' OR supplier_id IS NOT NULL)",
        name="return_owes",
    ),
    to("supplier", "supplier_id", "supplier_id"),
    to("part", "part_id", "part_id"),
    index("ix_disposition_document", "document"),
    key=("disposition_id",),
)

NonConformanceRow = region_table(
    "nonconformance",
    id_column("report_id"),
    moment_column("at"),
    id_column("supplier_id"),
    id_column("part_id"),
    Column("quantity", Integer, nullable=False),
    text("document"),
    maybe_id("lot_id"),
    text("found"),
    maybe_id("source"),  # an inspection or a disposition
    maybe_id("opened_by"),
    at_least("quantity", 1),
    to("supplier", "supplier_id", "supplier_id"),
    to("part", "part_id", "part_id"),
    key=("report_id",),
)

CorrectiveStepRow = region_table(
    "corrective_step",
    id_column("report_id"),
    Column("discipline", Integer, nullable=False),
    moment_column("at"),
    id_column("done_by"),
    text("note"),
    CheckConstraint("discipline BETWEEN 1 AND 8", name="discipline_known"),
    to("nonconformance", "report_id", "report_id"),
    index("ix_corrective_step_report", "report_id"),
)

UndoneRow = region_table(
    "taken_back",
    *word("kind", Undoable),
    id_column("fact_id"),
    moment_column("at"),
    id_column("taken_back_by"),
    text("reason"),
    CheckConstraint("kind <> 'receipt' AND reason <> ''", name="fact_with_reason"),
    key=("kind", "fact_id"),
)

RemedyPromiseRow = region_table(
    "remedy_promise",
    id_column("disposition_id"),
    moment_column("at"),
    moment_column("promised_at"),
    maybe_id("said_by"),
    to("disposition", "disposition_id", "disposition_id"),
    index("ix_remedy_promise_disposition", "disposition_id"),
)

DeliveryNoteRow = region_table(
    "delivery_note",
    text("document"),
    id_column("supplier_id"),
    moment_column("at"),
    maybe_id("taken_in_by"),
    to("supplier", "supplier_id", "supplier_id"),
    index("ix_delivery_note_document", "document"),
)
