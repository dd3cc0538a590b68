"""The ledger in tables: moves as facts, and the two caches beside them that a test compares with the fold.

`BalanceRow` is one cell of the fold. `StandingRow` is one part at one place as people ask for it, and the row
that every reservation and every issue of that part there must pass: lock and counter in one. Its `usable` and
`in_transit` count lots out of date as well, for no command runs when a day ends: readers subtract them. Its
`reserved` may exceed `usable` only after a loss: goods counted missing or found damaged are facts, whatever was
promised.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Index,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
    text,
)

from inventory.stock.move import Condition
from storage.tables import metadata
from storage.tables.columns import (
    COUNTER_TYPE,
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

MoveRow = Table(
    "stock_move",
    metadata,
    Column("seq", COUNTER_TYPE, primary_key=True, autoincrement=True),
    id_column("region_id"),
    Column("id", KEY_TYPE, nullable=False),
    moment_column("at"),
    id_column("part_id"),
    count_column("quantity"),
    id_column("from_place_id"),
    id_column("to_place_id"),
    word_column("condition"),
    id_column("lot"),
    text_column("reason"),
    text_column("by", most=64),
    text_column("device", most=64),
    text_column("source_document"),
    Column("key", KEY_TYPE, nullable=False),
    Column("reverses", KEY_TYPE, nullable=False),
    id_column("bound_for"),
    id_column("serial"),
    moment_column("posted_at"),
    UniqueConstraint("region_id", "id"),
    UniqueConstraint("region_id", "key"),
    CheckConstraint("quantity >= 1", name="quantity_positive"),
    *whole("quantity"),
    CheckConstraint("from_place_id <> to_place_id", name="two_places"),
    CheckConstraint("serial = '' OR quantity = 1", name="serial_is_one"),
    known_word("condition", Condition),
    Index("ix_stock_move_part", "region_id", "part_id", "seq"),
    Index(
        "uq_stock_move_reverses",
        "region_id",
        "reverses",
        unique=True,
        sqlite_where=text("reverses <> ''"),
        postgresql_where=text("reverses <> ''"),
    ),
    Index(
        "ix_stock_move_source_document",
        "region_id",
        "source_document",
        sqlite_where=text("source_document <> ''"),
        postgresql_where=text("source_document <> ''"),
    ),
)
"""`seq` is the order of posting. Append-only: triggers of the first migration refuse UPDATE, DELETE and TRUNCATE."""

BalanceRow = Table(
    "balance",
    metadata,
    id_column("region_id"),
    id_column("part_id"),
    id_column("place_id"),
    word_column("condition"),
    id_column("lot"),
    id_column("bound_for"),
    count_column("quantity"),
    Column("physical", Boolean(), nullable=False),
    PrimaryKeyConstraint("region_id", "part_id", "place_id", "condition", "lot", "bound_for"),
    CheckConstraint("quantity >= 0 OR NOT physical", name="never_negative"),
    *whole("quantity"),
    to("part", "part_id", "part_id"),
    to("place", "place_id", "place_id"),
    known_word("condition", Condition),
    Index("ix_balance_place", "region_id", "place_id", "part_id"),
    sqlite_with_rowid=False,
)

StandingRow = Table(
    "standing",
    metadata,
    id_column("region_id"),
    id_column("part_id"),
    id_column("place_id"),
    count_column("on_hand"),
    count_column("usable"),
    count_column("reserved"),
    count_column("in_transit"),
    PrimaryKeyConstraint("region_id", "part_id", "place_id"),
    CheckConstraint("usable >= 0 AND usable <= on_hand", name="usable_on_hand"),
    CheckConstraint("reserved >= 0", name="reserved_counted"),
    CheckConstraint("in_transit >= 0", name="in_transit_counted"),
    *whole("on_hand", "usable", "reserved", "in_transit"),
    to("part", "part_id", "part_id"),
    to("place", "place_id", "place_id"),
    Index("ix_standing_place", "region_id", "place_id", "part_id"),
    sqlite_with_rowid=False,
)

SerialRow = Table(
    "serial_unit",
    metadata,
    id_column("region_id"),
    id_column("part_id"),
    id_column("serial"),
    id_column("place_id"),
    word_column("condition"),
    id_column("lot"),
    id_column("bound_for"),
    PrimaryKeyConstraint("region_id", "part_id", "serial"),
    to("part", "part_id", "part_id"),
    to("place", "place_id", "place_id"),
    known_word("condition", Condition),
    Index("ix_serial_unit_place", "region_id", "place_id", "part_id"),
    sqlite_with_rowid=False,
)
"""Where each known unit stands: one row, so one place at a time. A cache of the moves that name it.

Whereabouts are stored, states are folded: whether a unit is available, held or installed is what
`inventory.stock.serials` makes of its moves and marks, and stands in no row that could contradict them.
"""
