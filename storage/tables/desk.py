"""Tables of the desk: whom we serve, what they reported, the trips it takes, what was published."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Double,
    Integer,
    PrimaryKeyConstraint,
    Table,
)

from dispatch.desk.customer import Wish
from dispatch.desk.milestone import Severity, TicketKind
from dispatch.desk.ticket import EventKind
from dispatch.desk.visit import Lock
from storage.tables import metadata
from storage.tables.columns import count_column, id_column, moment_column, whole
from storage.tables.scope import (
    Listed,
    at_least,
    index,
    index_lower,
    maybe_id,
    region_table,
    span,
    text,
    to,
    to_region,
    word,
)

CustomerRow = region_table("customer", id_column("customer_id"), text("name"), key=("customer_id",))

SiteRow = region_table(
    "site",
    id_column("site_id"),
    id_column("customer_id"),
    text("name"),
    Column("lat", Double, nullable=False),
    Column("lon", Double, nullable=False),
    Column("remote", Boolean, nullable=False),
    maybe_id("territory"),
    CheckConstraint("lat BETWEEN -90 AND 90", name="lat_on_earth"),
    CheckConstraint("lon BETWEEN -180 AND 180", name="lon_on_earth"),
    to("customer", "customer_id", "customer_id"),
    index("ix_site_customer", "customer_id"),
    key=("site_id",),
)

EngineerWishRow = region_table(
    "engineer_wish",
    maybe_id("customer_id"),
    maybe_id("site_id"),
    id_column("engineer_id"),
    *word("wish", Wish),
    CheckConstraint("(customer_id IS NULL) <> (site_id IS NULL)", name="of_one"),
    to("customer", "customer_id", "customer_id"),
    to("site", "site_id", "site_id"),
    to("engineer", "engineer_id", "engineer_id"),
)

ContractRow = region_table(
    "contract",
    id_column("contract_id"),
    id_column("customer_id"),
    id_column("scheme"),
    id_column("scheme_version"),
    Column("valid_from", Date, nullable=False),
    Column("valid_until", Date),
    Column("plan_from", Date),
    CheckConstraint("valid_until >= valid_from", name="last_day_not_before_first"),
    to("customer", "customer_id", "customer_id"),
    index("ix_contract_customer", "customer_id"),
    key=("contract_id",),
)

AssetRow = region_table(
    "asset",
    id_column("asset_id"),
    id_column("site_id"),
    text("model"),
    text("serial"),
    maybe_id("loaner_class"),
    Column("invoiced_on", Date),
    Column("made_on", Date),
    Column("warranty_months", Integer),
    CheckConstraint("warranty_months BETWEEN 0 AND 600", name="warranty_months_known"),
    to("site", "site_id", "site_id"),
    to("loaner_class", "loaner_class", "loaner_class"),
    index("ix_asset_site", "site_id"),
    index_lower("ix_asset_word", "asset_id"),
    index_lower("ix_asset_serial", "serial"),
    key=("asset_id",),
)

TicketRow = region_table(
    "ticket",
    id_column("ticket_id"),
    id_column("site_id"),
    maybe_id("asset_id"),
    maybe_id("contract_id"),
    id_column("scheme"),
    id_column("scheme_version"),
    *word("severity", Severity),
    *word("kind", TicketKind),
    moment_column("reported_at"),
    text("symptom"),
    text("text"),
    to("site", "site_id", "site_id"),
    to("asset", "asset_id", "asset_id"),
    to("contract", "contract_id", "contract_id"),
    index("ix_ticket_site", "site_id"),
    index("ix_ticket_asset", "asset_id"),
    index("ix_ticket_reported", "reported_at", "ticket_id"),
    key=("ticket_id",),
)

NumberRow = Table(
    "number",
    metadata,
    id_column("region_id"),
    id_column("series"),
    count_column("last"),
    PrimaryKeyConstraint("region_id", "series"),
    to_region(),
    *whole("last"),
)
"""The last number given in a series of a region; the series begins behind the highest that was imported."""

TicketEventRow = region_table(
    "ticket_event",
    id_column("ticket_id"),
    moment_column("at"),
    *word("kind", EventKind),
    id_column("by"),
    text("reason"),
    text("value"),
    maybe_id("visit_id"),
    to("ticket", "ticket_id", "ticket_id"),
    index("ix_ticket_event_ticket", "ticket_id", "at"),
)
"""Append-only, by trigger as the ledger is: a correction is another event."""

ClosedTicketRow = region_table(
    "closed_ticket",
    id_column("ticket_id"),
    id_column("asset_id"),
    text("model"),
    *word("severity", Severity),
    moment_column("reported_at"),
    moment_column("arrived_at", nullable=True),
    moment_column("repaired_at"),
    maybe_id("engineer_id"),
    text("symptom"),
    text("cause"),
    text("solution"),
    CheckConstraint("repaired_at >= reported_at", name="in_order"),
    to("asset", "asset_id", "asset_id"),
    index("ix_closed_ticket_model", "model"),
    index("ix_closed_ticket_asset", "asset_id"),
    key=("ticket_id",),
)

ClosedTicketPartRow = region_table(
    "closed_ticket_part",
    id_column("ticket_id"),
    id_column("part_id"),
    Column("quantity", Integer, nullable=False),
    at_least("quantity", 1),
    to("closed_ticket", "ticket_id", "ticket_id"),
    to("part", "part_id", "part_id"),
    key=("ticket_id", "part_id"),
)

VisitRow = region_table(
    "visit",
    id_column("visit_id"),
    id_column("ticket_id"),
    id_column("site_id"),
    Column("duration_min", Integer, nullable=False),
    moment_column("earliest_at", nullable=True),
    Column("skills", Listed(), nullable=False),
    Column("certificates", Listed(), nullable=False),
    Column("tools", Listed(), nullable=False),
    maybe_id("role"),
    Column("continuous", Boolean),
    Column("bench_min", Integer),
    Column("return_min", Integer, nullable=False),
    at_least("duration_min", 1),
    CheckConstraint("(bench_min IS NULL) = (return_min = 0)", name="whole_workshop"),
    to("ticket", "ticket_id", "ticket_id"),
    to("site", "site_id", "site_id"),
    index("ix_visit_ticket", "ticket_id"),
    key=("visit_id",),
)

CrewRoleRow = region_table(
    "crew_role",
    id_column("visit_id"),
    id_column("role"),
    Column("duration_min", Integer, nullable=False),
    Column("within_min", Integer, nullable=False),
    Column("skills", Listed(), nullable=False),
    Column("certificates", Listed(), nullable=False),
    Column("tools", Listed(), nullable=False),
    at_least("duration_min", 1),
    at_least("within_min", 0),
    to("visit", "visit_id", "visit_id"),
    key=("visit_id", "role"),
)

VisitOrderRow = region_table(
    "visit_order",
    id_column("visit_id"),
    id_column("after_visit_id"),
    CheckConstraint("visit_id <> after_visit_id", name="not_itself"),
    to("visit", "visit_id", "visit_id"),
    to("visit", "after_visit_id", "visit_id"),
    key=("visit_id", "after_visit_id"),
)

AppointmentRow = region_table(
    "appointment",
    id_column("visit_id"),
    moment_column("from_at"),
    moment_column("until_at"),
    span("from_at", "until_at"),
    to("visit", "visit_id", "visit_id"),
    key=("visit_id", "from_at"),
)

PartNeedRow = region_table(
    "part_need",
    id_column("visit_id"),
    id_column("part_id"),
    Column("quantity", Integer, nullable=False),
    Column("likely", Double),
    at_least("quantity", 1),
    CheckConstraint("likely BETWEEN 0 AND 1", name="likely_is_share"),
    to("visit", "visit_id", "visit_id"),
    to("part", "part_id", "part_id"),
    key=("visit_id", "part_id"),
)

PublishedStopRow = region_table(
    "published_stop",
    id_column("visit_id"),
    maybe_id("shift_id"),
    moment_column("starts_at"),
    *word("lock", Lock),
    moment_column("told_at", nullable=True),
    text("role"),  # empty: the first engineer's; part of the key, so never NULL
    Column("piece", Integer, nullable=False),
    at_least("piece", 1),
    maybe_id("partner_id"),
    CheckConstraint("(shift_id IS NULL) <> (partner_id IS NULL)", name="one_does_it"),
    to("visit", "visit_id", "visit_id"),
    to("partner", "partner_id", "partner_id"),
    key=("visit_id", "role", "piece"),
)

BenchTimeRow = region_table(
    "bench_time",
    text("model"),
    Column("collect_min", Integer, nullable=False),
    Column("bench_min", Integer, nullable=False),
    Column("return_min", Integer, nullable=False),
    at_least("collect_min", 1),
    at_least("bench_min", 1),
    at_least("return_min", 1),
    key=("model",),
)
