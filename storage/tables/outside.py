"""Tables of what services outside said: addresses found, ways measured; kept, so that nobody is asked twice."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Double, Index, Integer, PrimaryKeyConstraint, String, Table

from storage.tables import metadata
from storage.tables.columns import id_column, moment_column, text_column

AddressRow = Table(
    "address",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("address", String(500), nullable=False),
    text_column("source", most=32),
    Column("lat", Double, nullable=True),
    Column("lon", Double, nullable=True),
    text_column("label", most=500),
    id_column("by"),
    moment_column("at"),
    CheckConstraint("lat BETWEEN -90 AND 90", name="lat_on_earth"),
    CheckConstraint("lon BETWEEN -180 AND 180", name="lon_on_earth"),
    CheckConstraint("(lat IS NULL) = (lon IS NULL)", name="both_or_none"),
)
"""An address and where it is; without coordinates: the service knew no such place. `source` is ``manual`` when a person
put it right, which no service overwrites."""

WayRow = Table(
    "way",
    metadata,
    Column("source", String(200), nullable=False),
    Column("origin", String(24), nullable=False),
    Column("destination", String(24), nullable=False),
    Column("seconds", Integer, nullable=True),
    Column("metres", Integer, nullable=True),
    moment_column("at"),
    PrimaryKeyConstraint("source", "origin", "destination"),
    CheckConstraint("(seconds IS NULL) = (metres IS NULL)", name="both_or_none"),
    CheckConstraint("seconds >= 0 AND metres >= 0", name="not_negative"),
    Index("ix_way_at", "at"),
)
"""Time and length of a way between two spots (`lat,lon` to five decimals, about a metre) by a source; nothing: no road."""
