"""Tables of who pays, and of what is kept with a ticket; facts, append-only by trigger as the ledger is."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Integer, String

from dispatch.desk.approval import ApprovalStep
from dispatch.desk.charge import ChargeItem, ChargeStep
from dispatch.desk.clause import Evidence, Exclusion
from dispatch.desk.customer import Standing
from dispatch.desk.intake import Asked, Channel
from dispatch.desk.practice import ApprovalKind, DeskRole
from storage.tables.columns import id_column, moment_column
from storage.tables.scope import (
    at_least,
    index,
    index_lower,
    maybe_id,
    maybe_word,
    region_table,
    text,
    to,
    word,
)

StandingChangeRow = region_table(
    "standing_change",
    id_column("customer_id"),
    moment_column("at"),
    id_column("by"),
    *word("standing", Standing),
    text("reason"),
    to("customer", "customer_id", "customer_id"),
    index("ix_standing_change_customer", "customer_id", "at"),
)

FindingRow = region_table(
    "finding",
    id_column("ticket_id"),  # an open or a closed ticket, here and below
    moment_column("at"),
    id_column("by"),
    *word("exclusion", Exclusion),
    text("reason"),
    index("ix_finding_ticket", "ticket_id"),
)

ChargeEventRow = region_table(
    "charge_event",
    id_column("charge_id"),
    id_column("ticket_id"),
    moment_column("at"),
    id_column("by"),
    *word("step", ChargeStep),
    *maybe_word("item", ChargeItem),
    Column("cents", BigInteger, nullable=False),
    maybe_id("part_id"),
    Column("quantity", Integer, nullable=False),
    text("reason"),
    at_least("cents", 0),
    at_least("quantity", 0),
    to("part", "part_id", "part_id"),
    index("ix_charge_event_charge", "charge_id", "at"),
    index("ix_charge_event_ticket", "ticket_id"),
)

ReportRow = region_table(
    "report",
    id_column("report_id"),
    moment_column("at"),
    *word("channel", Channel),
    id_column("by"),
    *(
        text(name)
        for name in (
            "asset",
            "serial",
            "qr",
            "site",
            "contract",
            "scheme",
            "kind",
            "severity",
            "symptom",
            "text",
            "contact",
            "reference",
        )
    ),
    index("ix_report_reference", "reference"),
    index("ix_report_asset", "asset", "qr"),
    index_lower("ix_report_serial", "trim(serial)"),
    key=("report_id",),
)
"""As it was said: nothing of it need exist."""

AnswerRow = region_table(
    "answer",
    id_column("report_id"),
    moment_column("at"),
    id_column("by"),
    *word("asked", Asked),
    text("value"),
    to("report", "report_id", "report_id"),
    index("ix_answer_report", "report_id"),
    index("ix_answer_asked", "asked", "value"),
)

AttachmentRow = region_table(
    "attachment",
    id_column("ticket_id"),
    moment_column("at"),
    id_column("by"),
    *word("kind", Evidence),
    Column("digest", String(64), nullable=False),
    text("media_type"),
    Column("size", BigInteger, nullable=False),
    text("name"),
    at_least("size", 1),
    index("ix_attachment_ticket", "ticket_id"),
    index("ix_attachment_digest", "digest"),
)
"""Its bytes stand in `content`, unless the region came from files without them."""

KnowledgeRow = region_table(
    "knowledge",
    id_column("ticket_id"),
    moment_column("at"),
    id_column("by"),
    text("cause"),
    text("solution"),
    text("asset"),
    text("serial"),
    text("model"),
    text("symptom"),
    text("problem"),
    Column("customer_caused", Boolean, nullable=False),
    Column("public", Boolean, nullable=False),
    index("ix_knowledge_ticket", "ticket_id", "at"),
)

ChecklistAnswerRow = region_table(
    "checklist_answer",
    id_column("ticket_id"),
    moment_column("at"),
    id_column("by"),
    id_column("item"),
    text("value"),
    index("ix_checklist_answer_ticket", "ticket_id"),
)

SignatureRow = region_table(
    "signature",
    id_column("ticket_id"),
    moment_column("at"),
    id_column("by"),
    text("name"),
    Column("digest", String(64), nullable=False),
    text("remark"),
    index("ix_signature_ticket", "ticket_id"),
)

ApprovalEventRow = region_table(
    "approval_event",
    id_column("approval_id"),
    id_column("ticket_id"),
    moment_column("at"),
    id_column("by"),
    *word("step", ApprovalStep),
    *maybe_word("kind", ApprovalKind),
    Column("cents", BigInteger),
    *maybe_word("role", DeskRole),
    text("reason"),
    at_least("cents", 0),
    index("ix_approval_event_ticket", "ticket_id"),
)
