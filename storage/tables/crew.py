"""Tables of the crew: engineers, what they can and carry, when they work; and measured roads."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, Date, Double, Integer

from storage.tables.columns import id_column, moment_column
from storage.tables.scope import (
    Amount,
    Listed,
    amount,
    at_least,
    index,
    maybe_id,
    region_table,
    span,
    text,
    to,
)

EngineerRow = region_table(
    "engineer",
    id_column("engineer_id"),
    id_column("depot"),
    Column("home_lat", Double, nullable=False),
    Column("home_lon", Double, nullable=False),
    maybe_id("van"),
    Column("territories", Listed(), nullable=False),
    Column("away_price", Amount()),
    at_least("away_price", 0),
    CheckConstraint("home_lat BETWEEN -90 AND 90", name="home_lat_on_earth"),
    CheckConstraint("home_lon BETWEEN -180 AND 180", name="home_lon_on_earth"),
    to("place", "depot", "place_id"),
    to("place", "van", "place_id"),
    key=("engineer_id",),
)

SkillRow = region_table("skill", id_column("skill_id"), text("name"), key=("skill_id",))

EngineerSkillRow = region_table(
    "engineer_skill",
    id_column("engineer_id"),
    id_column("skill"),
    Column("level", Integer, nullable=False),
    CheckConstraint("level BETWEEN 1 AND 5", name="level_known"),
    to("engineer", "engineer_id", "engineer_id"),
    to("skill", "skill", "skill_id"),
    key=("engineer_id", "skill"),
)

CertificateRow = region_table(
    "certificate",
    id_column("engineer_id"),
    id_column("certificate"),
    Column("valid_from", Date, nullable=False),
    Column("valid_until", Date),
    CheckConstraint("valid_until >= valid_from", name="last_day_not_before_first"),
    to("engineer", "engineer_id", "engineer_id"),
    key=("engineer_id", "certificate", "valid_from"),
)

ToolRow = region_table(
    "tool",
    id_column("serial"),
    id_column("tool"),
    id_column("holder"),  # an engineer or a place: no single table to point at
    Column("calibrated_until", Date),
    index("ix_tool_holder", "holder"),
    key=("serial",),
)

ShiftRow = region_table(
    "shift",
    id_column("shift_id"),
    id_column("engineer_id"),
    moment_column("starts_at"),
    moment_column("ends_at"),
    maybe_id("start_place"),
    maybe_id("end_place"),
    Column("overtime_min", Integer, nullable=False),
    moment_column("break_from", nullable=True),
    moment_column("break_until", nullable=True),
    Column("break_min", Integer, nullable=False),
    span("starts_at", "ends_at"),
    span("break_from", "break_until"),
    at_least("overtime_min", 0),
    at_least("break_min", 0),
    to("engineer", "engineer_id", "engineer_id"),
    to("place", "start_place", "place_id"),
    to("place", "end_place", "place_id"),
    index("ix_shift_starts", "starts_at"),
    key=("shift_id",),
)

AbsenceRow = region_table(
    "absence",
    id_column("absence_id"),
    id_column("engineer_id"),
    moment_column("starts_at"),
    moment_column("ends_at"),
    text("reason"),
    span("starts_at", "ends_at"),
    to("engineer", "engineer_id", "engineer_id"),
    key=("absence_id",),
)

OnCallRow = region_table(
    "on_call",
    id_column("duty_id"),
    id_column("engineer_id"),
    moment_column("starts_at"),
    moment_column("ends_at"),
    amount("call_out"),
    at_least("call_out", 0),
    span("starts_at", "ends_at"),
    to("engineer", "engineer_id", "engineer_id"),
    key=("duty_id",),
)

PartnerRow = region_table(
    "partner",
    id_column("partner_id"),
    text("name"),
    Column("territories", Listed(), nullable=False),
    Column("skills", Listed(), nullable=False),
    Column("certificates", Listed(), nullable=False),
    amount("price"),
    Column("lead_min", Integer, nullable=False),
    Column("original_parts", Boolean, nullable=False),
    at_least("price", 0),
    at_least("lead_min", 0),
    key=("partner_id",),
)

PositionRow = region_table(
    "engineer_position",
    id_column("engineer_id"),
    moment_column("at"),
    Column("lat", Double, nullable=False),
    Column("lon", Double, nullable=False),
    moment_column("free_at", nullable=True),
    Column("rested", Boolean, nullable=False),
    CheckConstraint("lat BETWEEN -90 AND 90", name="lat_on_earth"),
    CheckConstraint("lon BETWEEN -180 AND 180", name="lon_on_earth"),
    to("engineer", "engineer_id", "engineer_id"),
    key=("engineer_id", "at"),
)

TravelPairRow = region_table(
    "travel_pair",
    id_column("origin"),
    id_column("destination"),
    Column("seconds", Integer),
    Column("metres", Integer, nullable=False),
    at_least("seconds", 0),
    at_least("metres", 0),
    key=("origin", "destination"),
)
"""Without seconds: unreachable. Ends are sites, places or engineers."""
