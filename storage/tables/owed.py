"""Tables of what is owed besides the repair; facts, append-only by trigger as the ledger is."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, Date, Integer

from dispatch.desk.clause import LadderRole, Remedy
from dispatch.desk.complaint import ComplaintStep
from dispatch.desk.loan import LoanStep
from dispatch.desk.maintenance import PreventiveStep
from dispatch.desk.survey import SurveyStep
from storage.tables.columns import id_column, moment_column
from storage.tables.scope import at_least, index, maybe_id, maybe_word, region_table, span, text, to, word

TicketLoanRow = region_table(
    "ticket_loan",
    id_column("loan_id"),
    id_column("ticket_id"),  # an open or a closed ticket
    id_column("unit_id"),
    moment_column("reserved_at"),
    id_column("by"),
    to("loaner_unit", "unit_id", "unit_id"),
    index("ix_ticket_loan_ticket", "ticket_id"),
    key=("loan_id",),
)

LoanEventRow = region_table(
    "loan_event",
    id_column("loan_id"),
    moment_column("at"),
    *word("step", LoanStep),
    id_column("by"),
    text("reason"),
    moment_column("due_back_at", nullable=True),
    CheckConstraint("due_back_at > at", name="due_back_after"),
    to("ticket_loan", "loan_id", "loan_id"),
    index("ix_loan_event_loan", "loan_id", "at"),
)

ReplacementRow = region_table(
    "replacement",
    id_column("asset_id"),
    moment_column("at"),
    id_column("by"),
    id_column("old_serial"),
    id_column("new_serial"),
    id_column("ticket_id"),
    CheckConstraint("old_serial <> new_serial", name="two_units"),
    to("asset", "asset_id", "asset_id"),
    index("ix_replacement_asset", "asset_id"),
)

RosterDutyRow = region_table(
    "roster_duty",
    id_column("duty_id"),
    *word("role", LadderRole),
    id_column("person"),
    moment_column("starts_at"),
    moment_column("ends_at"),
    Column("rank", Integer, nullable=False),
    span("starts_at", "ends_at"),
    at_least("rank", 1),
    index("ix_roster_duty_role", "role", "starts_at"),
    key=("duty_id",),
)

DutyHandedOverRow = region_table(
    "duty_handed_over",
    id_column("duty_id"),
    moment_column("at"),
    id_column("by"),
    text("reason"),
    moment_column("starts_at"),
    moment_column("ends_at"),
    maybe_id("person"),
    span("starts_at", "ends_at"),
    to("roster_duty", "duty_id", "duty_id"),
    index("ix_duty_handed_over_duty", "duty_id"),
)

EscalationRow = region_table(
    "escalation",
    id_column("ticket_id"),
    moment_column("at"),
    id_column("by"),
    *word("role", LadderRole),
    id_column("person"),
    text("outcome"),
    index("ix_escalation_ticket", "ticket_id", "at"),
)

ComplaintRow = region_table(
    "complaint",
    id_column("complaint_id"),
    id_column("customer_id"),
    id_column("scheme"),
    id_column("scheme_version"),
    moment_column("made_at"),
    text("text"),
    id_column("by"),
    maybe_id("ticket_id"),
    to("customer", "customer_id", "customer_id"),
    index("ix_complaint_ticket", "ticket_id"),
    key=("complaint_id",),
)

ComplaintEventRow = region_table(
    "complaint_event",
    id_column("complaint_id"),
    moment_column("at"),
    *word("step", ComplaintStep),
    id_column("by"),
    text("reason"),
    *maybe_word("remedy", Remedy),
    to("complaint", "complaint_id", "complaint_id"),
    index("ix_complaint_event_complaint", "complaint_id", "at"),
)

SurveyEventRow = region_table(
    "survey_event",
    id_column("ticket_id"),
    moment_column("at"),
    *word("step", SurveyStep),
    id_column("by"),
    Column("score", Integer),
    text("remark"),
    at_least("score", 1),
    index("ix_survey_event_ticket", "ticket_id", "at"),
)

PreventiveVisitRow = region_table(
    "preventive_visit",
    id_column("preventive_id"),
    id_column("contract_id"),
    id_column("site_id"),
    Column("period_from", Date, nullable=False),
    Column("period_until", Date, nullable=False),
    Column("on_day", Date, nullable=False),
    Column("overbooked", Boolean, nullable=False),
    span("period_from", "period_until"),
    to("contract", "contract_id", "contract_id"),
    to("site", "site_id", "site_id"),
    index("ix_preventive_visit_on", "on_day"),
    key=("preventive_id",),
)

PreventiveEventRow = region_table(
    "preventive_event",
    id_column("preventive_id"),
    moment_column("at"),
    *word("step", PreventiveStep),
    id_column("by"),
    text("reason"),
    Column("on_day", Date),
    to("preventive_visit", "preventive_id", "preventive_id"),
    index("ix_preventive_event_visit", "preventive_id", "at"),
)

BorrowingRow = region_table(
    "borrowing",
    id_column("borrowing_id"),
    id_column("engineer_id"),
    text("department"),
    Column("first_on", Date, nullable=False),
    Column("last_on", Date, nullable=False),
    id_column("calendar"),
    moment_column("at"),
    id_column("by"),
    text("reason"),
    Column("most_days", Integer),
    CheckConstraint("last_on >= first_on", name="last_day_not_before_first"),
    CheckConstraint("most_days BETWEEN 1 AND 7", name="most_days_of_a_week"),
    to("engineer", "engineer_id", "engineer_id"),
    to("calendar", "calendar", "id"),
    key=("borrowing_id",),
)
