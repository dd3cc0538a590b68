"""What is kept for whom: one table for every kind of demand, so that two kinds cannot promise the same unit."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import CheckConstraint, Column, Index, PrimaryKeyConstraint, Table, text

from storage.tables import metadata
from storage.tables.columns import (
    KEY_TYPE,
    count_column,
    id_column,
    known_word,
    moment_column,
    text_column,
    whole,
    word_column,
)
from storage.tables.scope import to


class Fate(StrEnum):
    """What became of a reservation."""

    ACTIVE = "active"
    RELEASED = "released"
    ISSUED = "issued"
    EXPIRED = "expired"


ReservationRow = Table(
    "reservation",
    metadata,
    id_column("region_id"),
    Column("id", KEY_TYPE, nullable=False),
    id_column("part_id"),
    id_column("place_id"),
    count_column("quantity"),
    count_column("consumed"),
    text_column("demand_ref", most=80),
    id_column("lot"),
    id_column("serial"),
    word_column("fate"),
    moment_column("made_at"),
    moment_column("expires_at", nullable=True),
    moment_column("closed_at", nullable=True),
    text_column("by", most=64),
    PrimaryKeyConstraint("region_id", "id"),
    CheckConstraint("quantity >= 1 AND consumed >= 0 AND consumed <= quantity", name="consumed_of_quantity"),
    *whole("quantity", "consumed"),
    CheckConstraint("fate <> 'active' OR consumed < quantity", name="active_keeps"),
    CheckConstraint("serial = '' OR quantity = 1", name="serial_is_one"),
    known_word("fate", Fate),
    to("part", "part_id", "part_id"),
    to("place", "place_id", "place_id"),
    Index(
        "ix_reservation_active",
        "region_id",
        "part_id",
        "place_id",
        sqlite_where=text("fate = 'active'"),
        postgresql_where=text("fate = 'active'"),
    ),
    Index("ix_reservation_demand", "region_id", "demand_ref"),
    Index(
        "uq_reservation_serial",
        "region_id",
        "part_id",
        "serial",
        unique=True,
        sqlite_where=text("fate = 'active' AND serial <> ''"),
        postgresql_where=text("fate = 'active' AND serial <> ''"),
    ),
)
"""An active row keeps `quantity` less `consumed` until `expires_at`; a serial has at most one active row."""
