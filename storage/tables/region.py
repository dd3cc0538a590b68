"""Tables of the head of a region: itself, its business calendars, what is worth seeing in it."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Date, Integer, String, Table, Text

from storage.tables import metadata
from storage.tables.columns import DOCUMENT_TYPE, id_column, moment_column
from storage.tables.scope import Listed, OpenHours, region_table, text, to

RegionRow = Table(
    "region",
    metadata,
    id_column("id", primary_key=True),
    text("name"),
    moment_column("as_of"),
    Column("zone", String(64), nullable=False),
    Column("currency", String(3), nullable=False),
    Column("horizon_days", Integer, nullable=False),
    # Prices and speeds keep their digits: they are texts inside.
    Column("policy", DOCUMENT_TYPE, nullable=False),
    Column("travel", DOCUMENT_TYPE, nullable=False),
    # What was imported, and what it reads as written out again: equal contents keep the first digest.
    Column("imported_digest", String(64), nullable=False),
    Column("written_digest", String(64), nullable=False),
    id_column("written_by"),
    id_column("written_from"),
    moment_column("written_at"),
    id_column("written_key"),
    CheckConstraint("horizon_days BETWEEN 1 AND 31", name="horizon_days_known"),
)

StoryRow = region_table("story", id_column("kind"), Column("ids", Listed(), nullable=False))

CalendarRow = region_table(
    "calendar",
    id_column("id"),
    Column("zone", String(64), nullable=False),
    text("country"),
    text("subdivision"),
    # Seven lists of hours like 08:00-12:00, Monday first.
    Column("week", Listed(), nullable=False),
    Column("makeup", Listed(), nullable=False),
    key=("id",),
)

CalendarDayRow = region_table(
    "calendar_day",
    id_column("calendar_id"),
    Column("on_day", Date, nullable=False),
    Column("hours", OpenHours(), nullable=False),
    to("calendar", "calendar_id", "id"),
    key=("calendar_id", "on_day"),
)

SchemeRow = region_table(
    "service_scheme",
    id_column("scheme_id"),
    id_column("version"),
    text("file"),
    Column("content", Text, nullable=False),  # the file word for word: what it says is read from it
    key=("scheme_id", "version"),
)

PracticeRow = region_table(
    "desk_practice",
    Column(
        "content", Text, nullable=False
    ),  # the file word for word; a region without a row works as it ships
)
